"""What payment providers tell by themselves."""
