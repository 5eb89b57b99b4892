"""The customer's balance, and the history of all their money."""
