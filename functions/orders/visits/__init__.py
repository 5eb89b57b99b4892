"""Visits: what somebody looked at and searched for, where they let the shop remember it."""
