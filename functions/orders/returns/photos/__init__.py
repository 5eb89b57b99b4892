"""Photos of what is complained of: uploaded by the customer, made anew, seen by both sides."""
