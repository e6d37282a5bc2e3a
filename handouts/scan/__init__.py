"""Signed paper that comes back: whose it is, whether it is whole, whether it is signed."""
