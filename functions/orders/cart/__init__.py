"""What a customer is about to buy: it lasts until it is bought."""
