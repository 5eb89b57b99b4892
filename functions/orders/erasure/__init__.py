"""What orders has of a customer, and what stands against erasing it."""
