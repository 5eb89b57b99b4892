"""Bookings: a master's hour, a window at a pick-up point, a meeting with a manager."""
