"""The access log: which members of staff saw what of a customer's."""
