"""Watches: who wants to hear of a lower price, or of what is there again."""
