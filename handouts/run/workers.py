"""Packets pressed by one process or several, always handed back in order."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from multiprocessing.context import BaseContext
from threading import Thread

from handouts.errors import OutputError
from handouts.layout.xobject import XObject
from handouts.library.shelf import Shelf
from handouts.model import Clinic, Paper
from handouts.press.attachment import Attachment
from handouts.run.plan import Job
from handouts.run.pressroom import NotPrinted, Pressroom, Printed

CHUNK = 32
"""Packets handed to a worker at once; their skeletons cross the process boundary once a chunk."""

Result = Printed | NotPrinted


@dataclass(frozen=True, slots=True)
class Setup:
    """What a worker needs to build its own press. Crosses process boundaries."""

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


def press_all(jobs: Sequence[Job], room: Pressroom, setup: Setup, workers: int) -> Iterator[Result]:
    """Every job's packet or problem, in the order of `jobs`. `room` presses when one process is enough."""
    if workers < 2 or len(jobs) <= CHUNK:
        yield from map(room.press, jobs)
        return
    chunks = (jobs[start : start + CHUNK] for start in range(0, len(jobs), CHUNK))
    with ProcessPoolExecutor(workers, mp_context=_context(), initializer=_start, initargs=(setup,)) as pool:
        # a bounded window, so that results wait in the workers and not in this process's memory
        window: deque[Future[list[Result]]] = deque(pool.submit(_press, chunk) for chunk in islice(chunks, 2 * workers))
        try:
            while window:
                yield from window.popleft().result()
                window.extend(pool.submit(_press, chunk) for chunk in islice(chunks, 1))
        except BrokenProcessPool:
            hint = "Run again with the same --out and --resume, perhaps with fewer --jobs."
            raise OutputError("a worker process ended unexpectedly", hint=hint) from None
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _context() -> BaseContext:
    """Workers that inherit no threads: the progress bar's may hold a lock at the moment of a fork."""
    clean = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
    return multiprocessing.get_context(clean)


_room: list[Pressroom] = []


def _start(setup: Setup) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    Thread(target=_end_with_parent, daemon=True).start()
    _room.append(setup.pressroom())


def _end_with_parent() -> None:
    """A killed run leaves no worker behind, waiting for jobs with patients' data in memory."""
    parent = multiprocessing.parent_process()
    if parent:
        parent.join()
        os._exit(1)


def _press(jobs: Sequence[Job]) -> list[Result]:
    return [_room[0].press(job) for job in jobs]
