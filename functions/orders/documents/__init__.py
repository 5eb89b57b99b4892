"""Accounting documents: numbered without gaps, issued once, kept as files."""
