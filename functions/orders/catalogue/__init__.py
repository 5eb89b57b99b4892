"""What the shop sells, at which price, and how much of it is left."""
