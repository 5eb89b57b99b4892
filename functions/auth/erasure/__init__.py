"""The end of an account: asked for, awaited, and carried out in every capability."""
