"""Proofs: whether what a waiting message says still is so."""
