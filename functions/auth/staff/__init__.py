"""Staff: who is invited, who belongs to it in which role, and the trail of what they did."""
