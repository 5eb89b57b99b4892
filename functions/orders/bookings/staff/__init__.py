"""What staff do with bookings: say what can be booked when, and look after what is booked."""
