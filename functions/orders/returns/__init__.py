"""What customers give back, or complain of: asked for, decided, received, refunded."""
