"""Paying for an order."""
