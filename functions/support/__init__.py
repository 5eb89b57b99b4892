"""Support: tickets between customers and agents."""
