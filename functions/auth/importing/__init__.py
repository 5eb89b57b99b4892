"""Customers of another shop, brought by the operator: accounts whose contacts nobody has proven."""
