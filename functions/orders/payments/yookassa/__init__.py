"""Payments through YooKassa."""
