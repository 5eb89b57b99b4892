"""The notebook: what customers write down for themselves."""
