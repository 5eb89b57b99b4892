"""What carriers tell of parcels."""
