"""No engine at all: files of the same bytes, written. Nothing that keeps a packet in a file can be faster."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.engines.ours import Handouts
from benchmarks.work import Patient, Work


class Writing:
    """Hands out packets that our press made before the clock ran."""

    name = "writing the same bytes"

    def __init__(self, work: Work, patients: Sequence[Patient]) -> None:
        press = Handouts(work)
        self._files = {patient.job.packet_id: press.packet(patient) for patient in patients}

    def packet(self, patient: Patient) -> bytes:
        """The file."""
        return self._files[patient.job.packet_id]
