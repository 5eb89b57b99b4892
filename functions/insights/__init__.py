"""Insights: what happened, counted from events."""
