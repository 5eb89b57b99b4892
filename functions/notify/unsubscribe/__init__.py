"""One click in a letter that ends letters like it."""
