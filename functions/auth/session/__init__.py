"""Sessions: begun by a sign-in, renewed by refreshing, ended once."""
