"""Wish lists: what somebody would like to have, for themselves or to be given."""
