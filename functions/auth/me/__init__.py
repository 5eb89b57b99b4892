"""The customer's own page of the account, a function of its own."""
