"""The run folder and everything that can happen to it."""
