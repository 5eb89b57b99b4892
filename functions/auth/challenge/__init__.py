"""Challenges: codes that reach somebody, and prove one thing once."""
