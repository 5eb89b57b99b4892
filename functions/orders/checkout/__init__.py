"""From cart to order, in one transaction."""
