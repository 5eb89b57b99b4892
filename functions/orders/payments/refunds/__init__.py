"""Refunds that staff decide on."""
