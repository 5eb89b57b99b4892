"""All that is kept of a customer, to take along: asked for, gathered, packed and fetched."""
