"""How goods get to their buyer, by when and for how much."""
