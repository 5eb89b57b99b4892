"""Orders that nobody fetches from their pick-up point."""
