"""No engine at all: files of the same bytes, written. Nothing that keeps a packet in a file can be faster."""

from __future__ import annotations

from itertools import cycle

from benchmarks.engines.ours import Handouts
from benchmarks.work import Patient, Work

_KEPT = 500
"""Packets that are written again and again."""


class Writing:
    """Hands out packets that our press made before the clock ran, one after the other, whoever is asked for."""

    name = "writing the same bytes"

    def __init__(self, work: Work) -> None:
        press = Handouts(work)
        self._files = cycle([press.packet(patient) for patient in work.patients()[:_KEPT]])

    def packet(self, patient: Patient) -> bytes:
        """A file."""
        return next(self._files)
