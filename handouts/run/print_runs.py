"""The print run of a run: one file, or several where it is too long for one."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Self

from handouts.press.attachment import Attachment
from handouts.press.print_run import Pages, PrintRun, Sink
from handouts.run.folder import Digesting, RunFolder
from handouts.run.making import Setup
from handouts.run.manifest import FurtherFile, PrintRunRecord
from handouts.run.names import print_run_file

Begin = Callable[[Sink], PrintRun]

MOST_PACKETS = 10_000
"""In one file: what printers' spoolers and readers of PDF still open. PDF/A-2 allows 8,388,607 objects besides."""


@dataclass(frozen=True, slots=True)
class _File:
    name: str
    sha256: str
    pages: int
    first_position: int


class PrintRuns:
    """Files of at most `MOST_PACKETS` packets each; a new one is begun for the packet that has no room in the last."""

    def __init__(self, folder: RunFolder, begin: Begin) -> None:
        self._folder = folder
        self._begin = begin
        self._open = ExitStack()
        self._current: tuple[str, Digesting, PrintRun] | None = None
        self._packets = 0
        self._first_position = 0
        self._files: list[_File] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self._open.close()

    def for_packet(self, position: int, packet: Pages, attachment: Attachment | None) -> PrintRun:
        """Where the packet at this place in the day goes, with what is attached to it."""
        if self._current and (self._packets >= MOST_PACKETS or not self._current[2].has_room(packet, attachment)):
            self._end()
        if self._current is None:
            name = print_run_file(len(self._files) + 1)
            out = self._open.enter_context(self._folder.writing(name))
            self._current, self._packets, self._first_position = (name, out, self._begin(out)), 0, position
        self._packets += 1
        return self._current[2]

    def finish(self) -> None:
        """End the last file. All stand under their names after the next checkpoint."""
        self._end()

    def _end(self) -> None:
        if self._current:
            name, out, run = self._current
            run.finish()
            self._open.close()
            self._files.append(_File(name, out.sha256, run.pages, self._first_position))
            self._current = None

    @property
    def names(self) -> tuple[str, ...]:
        """The finished files, in order."""
        return tuple(file.name for file in self._files)

    def record(self, setup: Setup) -> PrintRunRecord | None:
        """For the manifest; None where nothing was printed."""
        if not self._files:
            return None
        first, *others = self._files
        further = tuple(
            FurtherFile(file=each.name, sha256=each.sha256, pages=each.pages, first_position=each.first_position)
            for each in others
        )
        return PrintRunRecord(
            file=first.name,
            sha256=first.sha256,
            pages=first.pages,
            paper=setup.paper,
            duplex=setup.duplex,
            further_files=further,
        )
