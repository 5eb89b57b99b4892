"""Loyalty: points: earned on delivered orders, spent at checkout."""
