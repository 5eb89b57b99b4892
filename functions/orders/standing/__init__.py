"""Customers' tiers, and how far the next one is, as loyalty tells."""
