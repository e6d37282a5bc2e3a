"""Signed paper that comes back through a scanner."""
