"""The history of a customer's money."""
