"""What every capability shares: errors, events, the table, the ledger, the API shell."""
