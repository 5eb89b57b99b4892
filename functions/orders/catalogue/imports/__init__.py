"""Products by the file: read once into rows of one form, then written part by part."""
