"""The end of an order: the time to give things back is over."""
