"""Social: signing in by an account somewhere else, and linking such accounts to one's own."""
