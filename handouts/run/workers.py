"""Packets made by one process or several, always handed back in order.

Each worker gets a chunk of tasks at a time and answers packet by packet, so that it is known which packet a worker
died of. What workers send is small: files are written where they are pressed.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import tempfile
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from multiprocessing.connection import Connection, wait
from typing import TYPE_CHECKING, Self

from handouts.errors import HandoutsError, OutputError, UnexpectedError
from handouts.model import Problem
from handouts.run.folder import RunFolder
from handouts.run.making import Made, Maker, Result, Setup, Task
from handouts.run.parcels import Packing, Shared, Unpacking
from handouts.run.pressroom import NotPrinted
from handouts.run.processes import own_modules

if TYPE_CHECKING:
    from multiprocessing.context import ForkServerContext, SpawnContext

CHUNK = 32
"""Packets handed to a worker at once."""

_AHEAD = 2
"""Chunks a worker may be ahead of the print run; what it made meanwhile waits in this process's memory."""
_MOST_LOST = 8
_PATIENCE = 10.0
"""Seconds to wait for a worker to end."""
_READY = b"ready"
_LONGEST_FOLDER = 70
"""Bytes of the folder for temporary files, in which a fork server has its socket: the path of one has 107 at most."""


@dataclass(slots=True)
class _Chunk:
    """Tasks, and the answers to the first of them. died_at: the task at which a worker ended, if one did."""

    tasks: list[Task]
    answers: list[Result] = field(default_factory=list)
    died_at: int | None = None


class _Worker:
    """A process, the pipe to it, and the chunk that it has in hand."""

    def __init__(self, setup: Setup, folder: RunFolder | None, shared: Shared) -> None:
        context = _context()
        self.pipe, theirs = context.Pipe()
        self._process = context.Process(target=_work, args=(theirs, setup, folder), daemon=True)
        with own_modules():
            self._process.start()
        theirs.close()
        self.unpacking = Unpacking(shared)
        self.ready = False
        self.chunk: _Chunk | None = None

    def give(self, chunk: _Chunk) -> None:
        """Hand over what is left to do of a chunk."""
        self.chunk = chunk
        with suppress(OSError):  # it died; that is noticed where its answers are awaited
            self.pipe.send(chunk.tasks[len(chunk.answers) :])

    def end(self) -> None:
        """Let it finish the packet in hand, and go."""
        self.pipe.close()
        self._process.join(_PATIENCE)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()


class Workers:
    """Processes that make packets. One that dies is replaced, and its packets are made again."""

    def __init__(self, count: int, setup: Setup, folder: RunFolder | None) -> None:
        self._setup = setup
        self._folder = folder
        self._shared: Shared = {}
        self._chunks: Iterator[_Chunk] = iter(())
        self._begun: deque[_Chunk] = deque()
        self._lost = 0
        self._workers = [self._worker() for _ in range(count)]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._workers:
            worker.pipe.close()
        for worker in self._workers:
            worker.end()

    def results(self, tasks: Iterator[Task]) -> Iterator[tuple[Task, Result]]:
        """Every task's packet or problem, in order. Raises OutputError, and whatever a worker raises."""
        self._chunks = (_Chunk(chunk) for chunk in iter(lambda: list(islice(tasks, CHUNK)), []))
        self._hand_out()
        while self._begun:
            chunk = self._begun[0]
            for number, task in enumerate(chunk.tasks):
                self._listen(0)  # also when there is something to hand back, so that no worker waits for its next chunk
                while number == len(chunk.answers):
                    self._listen(None)
                yield task, chunk.answers[number]
            self._begun.popleft()
            self._hand_out()

    def _worker(self) -> _Worker:
        return _Worker(self._setup, self._folder, self._shared)

    def _hand_out(self) -> None:
        for worker in self._workers:
            if worker.chunk is None and len(self._begun) < _AHEAD * len(self._workers):
                for chunk in islice(self._chunks, 1):
                    self._begun.append(chunk)
                    worker.give(chunk)

    def _listen(self, timeout: float | None) -> None:
        """Take what workers have to say, and give those that are done the next chunk."""
        pipes = {worker.pipe: worker for worker in self._workers}
        for pipe in wait(list(pipes), timeout):
            worker = pipes[pipe]  # type: ignore[index]  # of the pipes that were waited for
            try:
                said = worker.pipe.recv_bytes()
            except (EOFError, OSError):
                self._replace(worker)
            else:
                self._hear(worker, said)
        self._hand_out()

    def _hear(self, worker: _Worker, said: bytes) -> None:
        if said == _READY:
            worker.ready = True
            return
        answer = worker.unpacking.unpacked(said)
        if isinstance(answer, HandoutsError):
            raise answer
        chunk = worker.chunk
        if chunk is None or not isinstance(answer, Made | NotPrinted):
            raise TypeError("a worker gave an answer that nobody asked for")
        chunk.answers.append(answer)
        if len(chunk.answers) == len(chunk.tasks):
            worker.chunk = None

    def _replace(self, dead: _Worker) -> None:
        """A packet that two workers died of is given up; all others are made."""
        dead.end()
        if not dead.ready:
            raise _ended("a worker process could not start")
        fresh = self._worker()
        self._workers[self._workers.index(dead)] = fresh
        chunk = dead.chunk
        if chunk is None:
            return
        reached = len(chunk.answers)
        if chunk.died_at == reached:
            self._lost += 1
            if self._lost > _MOST_LOST:
                raise _ended("worker processes keep ending unexpectedly")
            chunk.answers.append(_given_up(chunk.tasks[reached]))
        chunk.died_at = reached
        if len(chunk.answers) < len(chunk.tasks):
            fresh.give(chunk)


def _ended(what: str) -> OutputError:
    return OutputError(what, hint="Run again with the same --out and --resume, perhaps with fewer --jobs.")


def _given_up(task: Task) -> NotPrinted:
    message = (
        "Pressing this packet ended the program's worker process twice. Look for unusual values in the row; "
        "this is our fault, please report it with the version, and keep the list to yourself."
    )
    return NotPrinted((Problem(source=task.job.appointment.source, field="", code="worker-ended", message=message),))


def _context() -> ForkServerContext | SpawnContext:
    """Workers that inherit no threads: the progress bar's may hold a lock at the moment of a fork."""
    hidden = len(os.fsencode(tempfile.gettempdir())) > _LONGEST_FOLDER
    if hidden or "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])  # imported once, not by each worker
    return context


def _work(pipe: Connection, setup: Setup, folder: RunFolder | None) -> None:
    """A worker's life. It ends when the parent closes the pipe, or ends itself, however that comes about."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)  # the parent's to handle
    packing = Packing()
    try:
        _serve(pipe, Maker(setup.pressroom(), folder), packing)
    except (EOFError, OSError):
        pass
    except BaseException as fault:  # multiprocessing would print it, and its text may hold values
        with suppress(Exception):
            pipe.send_bytes(packing.packed(UnexpectedError(fault)))


def _serve(pipe: Connection, maker: Maker, packing: Packing) -> None:
    pipe.send_bytes(_READY)
    while True:
        for task in pipe.recv():
            pipe.send_bytes(packing.packed(_answer(maker, task)))


def _answer(maker: Maker, task: Task) -> Result | HandoutsError:
    try:
        return maker.make(task)
    except HandoutsError as error:
        return error
    except Exception as fault:
        return UnexpectedError(fault)
