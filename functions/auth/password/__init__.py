"""Passwords: which ones are taken, how they are kept and changed."""
