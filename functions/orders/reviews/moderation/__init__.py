"""Staff read reviews, publish or reject them, and answer for the shop."""
