"""What staff do to the catalogue."""
