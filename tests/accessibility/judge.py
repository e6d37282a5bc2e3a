"""The independent judge of PDF/UA-1 and PDF/A-2a: veraPDF."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.accessibility.engine import Engine, Fault


class Judge:
    """veraPDF in a process of its own, started for the first file and used for all.

    A Java virtual machine brings threads and signal handlers along, which must not live where tests fork.
    """

    def __init__(self) -> None:
        self._process = ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn"))

    def faults(self, path: Path) -> list[Fault]:
        """The rules of PDF/UA-1 and PDF/A-2a that a file breaks; none if it conforms. Raises UnreadableError."""
        return self._process.submit(_faults, path).result()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.shutdown()


@cache
def _engine() -> Engine:
    return Engine()


def _faults(path: Path) -> list[Fault]:
    return _engine().faults(path)
