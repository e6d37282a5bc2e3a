"""The program's own press, as `handouts generate` uses it."""

from __future__ import annotations

from typing import BinaryIO

from benchmarks.work import Patient, Work, pressroom
from handouts.press.print_run import Pages, PrintRun
from handouts.run.pressroom import Printed


class Handouts:
    """Compiles the variant once, presses every packet from it. Tagged, PDF/UA-1 and PDF/A-2a."""

    name = "handouts"

    def __init__(self, work: Work) -> None:
        self._room = pressroom(work)

    def packet(self, patient: Patient) -> bytes:
        """The file."""
        return self._printed(patient).file

    def _printed(self, patient: Patient) -> Printed:
        printed = self._room.press(patient.job)
        if not isinstance(printed, Printed):
            raise ValueError("a packet of the benchmark could not be pressed")
        return printed

    def print_run(self, patients: list[Patient], out: BinaryIO) -> None:
        """All packets as one document."""
        run = PrintRun(out, self._room.about("en"), self._room.logo)
        for patient in patients:
            run.append(Pages.of(self._printed(patient).pressed), patient.job.packet_id)
        run.finish()
