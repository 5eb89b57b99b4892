"""What a customer wants to hear of, by which channel, and what they agreed to."""
