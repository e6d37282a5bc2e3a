"""Printable patient packets: an appointment list in, a packet per patient out."""

__version__ = "0.1.0"
