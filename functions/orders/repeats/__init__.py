"""Repeat deliveries: the same goods again, every few weeks."""
