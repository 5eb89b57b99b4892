"""History: who came in and who tried to, as the account's owner may see it."""
