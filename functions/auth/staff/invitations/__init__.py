"""Invitations to the staff."""
