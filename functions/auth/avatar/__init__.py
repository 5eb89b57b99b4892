"""The customer's picture: uploaded by them or taken from a provider, made anew and kept private."""
