"""Where a customer's parcels go, and who receives them."""
