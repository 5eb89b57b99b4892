"""Guests' orders, taken into the account of whoever proved the guest's contact."""
