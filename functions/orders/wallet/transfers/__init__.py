"""Money from one customer to another."""
