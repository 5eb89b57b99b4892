"""Reviews: what customers say of products that they bought."""
