"""Sign-in: who somebody is, shown by what the account keeps of them."""
