"""Gift cards: bought like goods, and put on a balance by whoever has the code."""
