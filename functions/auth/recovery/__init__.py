"""Recovery: back into an account by a code to its e-mail address or phone."""
