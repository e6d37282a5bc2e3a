"""Appointment lists as people really have them."""
