"""One process's share of a run: a packet pressed, its file written, and what the print run needs of it handed on."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from handouts.layout.xobject import XObject
from handouts.library.shelf import Shelf
from handouts.model import Clinic, Paper
from handouts.press.attachment import Attachment
from handouts.press.print_run import Pages
from handouts.run.folder import RunFolder
from handouts.run.plan import Job
from handouts.run.pressroom import NotPrinted, Pressroom


@dataclass(frozen=True, slots=True)
class Setup:
    """What a process needs to build its own press. Crosses process boundaries."""

    clinic: Clinic
    shelf: Shelf
    logo: XObject | None
    notice: Attachment | None
    paper: Paper
    duplex: bool
    issued_at: datetime

    def pressroom(self) -> Pressroom:
        """A press for this process."""
        return Pressroom(self.clinic, self.shelf, self.logo, self.notice, self.paper, self.duplex, self.issued_at)


@dataclass(frozen=True, slots=True)
class Task:
    """A packet to make. file: its name in the run folder. recorded: the SHA-256 that the journal has of it, if any."""

    job: Job
    file: str
    recorded: str | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """A packet that was made. sha256: of its file, which stands under a passing name unless it was `kept`.

    padding: the page that follows it where its last front side has an empty back. noticed: whether the clinic's
    Medicare notice follows then.
    """

    sha256: str
    kept: bool
    pages: Pages
    padding: Pages | None
    noticed: bool


Result = Made | NotPrinted


class Maker:
    """Makes packets, and writes their files unless there is no folder."""

    def __init__(self, room: Pressroom, folder: RunFolder | None) -> None:
        self._room = room
        self._folder = folder

    def make(self, task: Task) -> Result:
        """One packet, or why there can be none. Raises OutputError where its file cannot be written."""
        printed = self._room.press(task.job)
        if isinstance(printed, NotPrinted):
            return printed
        sha256, kept = hashlib.sha256(printed.file).hexdigest(), False
        if self._folder:
            kept = task.recorded == sha256 and self._folder.holds(task.file, sha256)
            if not kept:
                self._folder.put(task.file, printed.file)
        padding = Pages.of(printed.padding) if printed.padding else None
        return Made(sha256, kept, Pages.of(printed.pressed), padding, printed.noticed)
