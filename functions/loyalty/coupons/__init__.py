"""Promo codes, as the staff keeps them."""
