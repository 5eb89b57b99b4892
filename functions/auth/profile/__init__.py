"""What a customer tells of themselves, and when to think of them."""
