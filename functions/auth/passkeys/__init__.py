"""Passkeys: what signs in without a password, kept by its owner's devices (WebAuthn)."""
