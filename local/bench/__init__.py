"""What Kabinet costs: round trips, units, instructions, bytes. `make bench` writes it down."""
