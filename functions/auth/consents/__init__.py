"""What customers let the shop do with their data."""
