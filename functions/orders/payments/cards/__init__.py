"""Cards kept for the next time, as the provider's tokens."""
