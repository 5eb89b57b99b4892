"""Coupons, as loyalty tells of them: in the cart, at checkout, and given back."""
