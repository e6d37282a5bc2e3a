"""The process in which foreign files are opened: with limits on memory and time, and without a way to write files.

It answers with JSON and PDFs through a pipe, never with pickles: what reads a hostile file is not believed.
"""

from __future__ import annotations

import ctypes
import signal
import sys
from collections.abc import Iterator
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from handouts.model import Frozen
from handouts.run.dumps import no_core_dumps
from handouts.scan.model import Doubt, PageReading

MEMORY = 3 * 1024**3
"""Bytes of address space, of which libraries take a third."""
MOST_PAGES = 5_000
"""In a file."""


class Leaf(Frozen):
    """A page of a file. number: from 1. turned: how it lies, in degrees clockwise."""

    file: Path
    number: int
    turned: int = 0


class Read(Frozen):
    """Asks what the pages of a file are, from number `first` on."""

    what: Literal["read"] = "read"
    file: Path
    first: int = 1


class Tell(Frozen):
    """Asks what is written on a page of which a person said whose it is. page: from 1 within the packet."""

    what: Literal["tell"] = "tell"
    leaf: Leaf
    packet_id: str
    page: int


class Bind(Frozen):
    """Asks for pages as one PDF."""

    what: Literal["bind"] = "bind"
    leaves: tuple[Leaf, ...]


Request = Annotated[Read | Tell | Bind, Field(discriminator="what")]
REQUEST: TypeAdapter[Read | Tell | Bind] = TypeAdapter(Request)


class Answer(Frozen):
    """What is answered first: how many pages the file has, or why none can be had."""

    pages: int = 0
    unreadable: str = ""


def serve(pipe: Connection, run: Path) -> None:
    """Answer requests until the pipe is closed."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)  # the parent's to handle
    _limit()
    _keep_memory()
    from handouts.scan.answering import Answering  # after the limits, which hold for what is imported too

    with suppress(EOFError, OSError), Answering(run) as answering:
        while True:
            request = REQUEST.validate_json(pipe.recv_bytes())
            for each in _each_in_time(answering.answers(request)):
                pipe.send_bytes(each)


def _keep_memory() -> None:
    """Dozens of arrays come and go for each page: glibc keeps their memory, or it would get each anew from the system.

    https://man7.org/linux/man-pages/man3/mallopt.3.html
    """
    if sys.platform == "linux":
        mallopt = getattr(ctypes.CDLL(None), "mallopt", lambda setting, value: 0)  # other C libraries have none
        mallopt(_TRIM_THRESHOLD, 1 << 30)
        mallopt(_MMAP_THRESHOLD, 32 << 20)


_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
"""The names of glibc's settings, as malloc.h has them: bytes that are kept, and from which an array is got alone."""


def _each_in_time(answers: Iterator[bytes]) -> Iterator[bytes]:
    """The same answers. A process that nobody waits for any more ends even where it hangs."""
    alarm = getattr(signal, "alarm", lambda seconds: 0)
    while True:
        alarm(_LONGEST)
        answer = next(answers, None)
        alarm(0)
        if answer is None:
            return
        yield answer


_LONGEST = 3600
"""Seconds that an answer may take where the asking process is gone; otherwise that one is less patient."""


def _limit() -> None:
    no_core_dumps()
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def broken(number: int, why: str) -> PageReading:
    """A page of which nothing is known but that it is there."""
    return PageReading(number=number, doubt=Doubt.BROKEN, note=f"{why}; scan it again")
