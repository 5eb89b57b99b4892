"""Orders: catalogue, cart, checkout and what happens to an order."""
