"""Purchases: what a customer was delivered, once for each order."""
