"""Pushes: the devices that take them, and what goes to each."""
