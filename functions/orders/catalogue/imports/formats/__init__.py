"""The forms in which files tell of products, each read into rows of one form."""
