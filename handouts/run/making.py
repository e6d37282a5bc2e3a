"""One process's share of a run: a packet pressed, its file written, and what the print run needs of it handed on."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime

from handouts.layout.xobject import XObject
from handouts.library.shelf import Shelf
from handouts.model import Clinic, Paper
from handouts.press.attachment import Attachment
from handouts.press.locking import locked
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
    encrypt: bool = False

    def pressroom(self) -> Pressroom:
        """A press for this process."""
        return Pressroom(
            self.clinic, self.shelf, self.logo, self.notice, self.paper, self.duplex, self.issued_at, self.encrypt
        )


@dataclass(frozen=True, slots=True)
class Task:
    """A packet to make. file: its name in the run folder. recorded: the SHA-256 that the journal has of it, if any.

    password: to lock the file with, if any.
    """

    job: Job
    file: str
    recorded: str | None = None
    password: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Made:
    """A packet that was made. sha256: of its file, which stands under a passing name unless it was `kept`; else empty.

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
        sha256, kept = self._keep(self._folder, task, printed.file) if self._folder else ("", False)
        padding = Pages.of(printed.padding) if printed.padding else None
        return Made(sha256, kept, Pages.of(printed.pressed), padding, printed.noticed)

    @staticmethod
    def _keep(folder: RunFolder, task: Task, file: bytes) -> tuple[str, bool]:
        """The SHA-256 of the packet's file, which is written unless it is safe already.

        An encrypted file is never the same twice, so the one that the journal knows is the one to keep.
        """
        recorded = task.recorded
        if task.password is None:
            digest = hashlib.sha256(file).hexdigest()
            recorded = digest if recorded == digest else None
        if recorded is not None and folder.holds(task.file, recorded):
            return recorded, True
        data = file if task.password is None else locked(file, task.password)
        folder.put(task.file, data)
        return hashlib.sha256(data).hexdigest(), False
