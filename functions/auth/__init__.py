"""Auth: who the customer is: identities, credentials, sessions."""
