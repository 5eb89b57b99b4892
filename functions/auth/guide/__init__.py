"""The guide to the account: what to set up first, and where everything is."""
