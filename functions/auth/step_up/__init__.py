"""Step-up: a fresh proof for one act of one session (RFC 9470)."""
