"""Recommendations: what goes together, what is like it, and what somebody may want."""
