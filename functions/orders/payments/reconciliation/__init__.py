"""Whether provider and ledger say the same."""
