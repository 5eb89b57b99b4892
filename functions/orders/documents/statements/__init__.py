"""Statements that customers ask for."""
