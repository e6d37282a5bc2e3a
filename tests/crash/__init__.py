"""Runs that are killed, or whose writes fail: nothing is lost, nothing is half there, and they can be resumed."""
