"""What notify has of a customer, and the last letter."""
