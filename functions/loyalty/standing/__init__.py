"""Where customers stand: what they spent in all, and the tier that it brings them."""
