"""Registration: from a contact somebody claims to a customer who is signed in."""
