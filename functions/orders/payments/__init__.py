"""Payments through a provider: asked for, settled, captured and given back."""
