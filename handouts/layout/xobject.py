"""A drawing or a photograph as PDF keeps it: an XObject that pages paint into a unit square."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class XObject:
    """A PDF XObject. ratio: width over height. entries: its dictionary. mask: its transparency."""

    ratio: float
    entries: bytes
    data: bytes
    mask: XObject | None = None

    @property
    def digest(self) -> bytes:
        """A digest over all that is printed of it."""
        return hashlib.blake2b(repr(self).encode(), digest_size=32).digest()

    @property
    def name(self) -> str:
        """Its resource name: the same picture has the same name in every document."""
        return f"P{self.digest.hex()[:16]}"
