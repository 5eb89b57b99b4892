"""Disowning: a customer says that a sign-in was not theirs, and the account closes."""
