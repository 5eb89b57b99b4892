"""What staff do about delivery: the table of rates, the pick-up points."""
