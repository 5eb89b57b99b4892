"""The local stack's pages for people: who to sign in as, the API's docs, the outbox, the clock."""
