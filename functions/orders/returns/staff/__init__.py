"""Returns, as the staff handles them."""
