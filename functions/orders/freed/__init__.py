"""What orders that came to nothing free for whoever waited for it."""
