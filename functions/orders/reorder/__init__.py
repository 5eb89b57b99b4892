"""Buying once more what an order held."""
