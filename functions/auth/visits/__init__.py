"""When a customer was here: their sign-ins, and the day on which to miss them."""
