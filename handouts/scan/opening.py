"""Foreign files, opened in a process of their own that may die of them."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Self

from pydantic import ValidationError

from handouts.run.processes import own_modules
from handouts.scan.child import MOST_PAGES, Answer, Bind, Leaf, Read, Tell, broken, serve
from handouts.scan.model import PageReading
from handouts.scan.printed import PrintedRun

_PATIENCE = 60.0
"""Seconds that a page may take; one of a scanner takes a tenth."""
_MOST_LOST = 5
"""Pages of a file that end the process before those behind them are not tried."""
_MOST_BYTES = 1 << 30


class UnreadableFile(Exception):
    """A file that cannot be opened, or pages that cannot be bound. The text says why."""


@dataclass(frozen=True, slots=True)
class _Child:
    process: BaseProcess
    pipe: Connection


class Opener:
    """Opens files, one after the other. Used with `with`.

    Where the process dies of a page, or that takes too long, the page is called broken and another process goes on
    behind it.
    """

    def __init__(self, run: PrintedRun) -> None:
        self._run = run
        self._child: _Child | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def pages(self, file: Path) -> Iterator[PageReading]:
        """All pages of a file, in order. Raises UnreadableFile."""
        count = min(self._asked(Read(file=file)).pages, MOST_PAGES)
        lost = 0
        for number in range(1, count + 1):
            if lost < _MOST_LOST:
                try:
                    yield self._reading(number)
                    continue
                except _Lost:
                    lost += 1
            yield broken(number, "the page cannot be read: it takes too much time or memory")
            if lost < _MOST_LOST and number < count:
                try:
                    self._asked(Read(file=file, first=number + 1))
                except UnreadableFile:
                    lost = _MOST_LOST

    def page(self, leaf: Leaf, packet_id: str, page: int) -> PageReading:
        """A page of which a person said whose it is. Raises UnreadableFile."""
        self._asked(Tell(leaf=leaf, packet_id=packet_id, page=page))
        try:
            return self._reading(leaf.number)
        except _Lost:
            raise UnreadableFile("it takes too much time or memory") from None

    def bound(self, leaves: Sequence[Leaf]) -> bytes:
        """Pages as one PDF. Raises UnreadableFile."""
        self._asked(Bind(leaves=tuple(leaves)), _PATIENCE * max(1, len(leaves)))
        try:
            return self._answer()
        except _Lost:
            raise UnreadableFile("it takes too much time or memory") from None

    def _reading(self, number: int) -> PageReading:
        """What is told of page `number`; of a process that tells what the run does not know nothing is believed."""
        answer = self._answer()
        with suppress(ValidationError):
            reading = PageReading.model_validate_json(answer)
            if reading.number == number and self._run.knows(reading):
                return reading
        self._end()
        raise _Lost

    def _asked(self, request: Read | Tell | Bind, patience: float | None = None) -> Answer:
        if self._child is not None and not self._child.process.is_alive():
            self._end()  # it ended since it was last asked, not of this file
        try:
            child = self._running()
            child.pipe.send_bytes(request.model_dump_json().encode())
            answer = Answer.model_validate_json(self._answer(patience))
        except (_Lost, OSError, ValidationError):
            self._end()
            why = "it takes too much time or memory, or is made to break programs; scan the paper again"
            raise UnreadableFile(why) from None
        if answer.unreadable:
            raise UnreadableFile(answer.unreadable)
        return answer

    def _answer(self, patience: float | None = None) -> bytes:
        child = self._running()
        try:
            if child.pipe.poll(patience or _PATIENCE):
                return child.pipe.recv_bytes(_MOST_BYTES)
        except (EOFError, OSError):
            pass
        self._end()
        raise _Lost

    def _running(self) -> _Child:
        if self._child is None:
            context = multiprocessing.get_context("spawn")
            ours, theirs = context.Pipe()
            process = context.Process(target=serve, args=(theirs, self._run.folder), daemon=True)
            with own_modules():
                process.start()
            theirs.close()
            self._child = _Child(process, ours)
        return self._child

    def _end(self) -> None:
        if self._child is not None:
            child, self._child = self._child, None
            with suppress(OSError):
                child.pipe.close()
            child.process.kill()
            child.process.join()


class _Lost(Exception):
    """The process died, did not answer, or answered what cannot be."""
