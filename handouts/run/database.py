"""A small SQLite file of the run folder that only its owner can read, and whose commits outlive the power."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from handouts.errors import OutputError


class Database:
    """An open file, used with `with`. Raises OutputError where it cannot be used.

    schema: statements that make its tables where they are missing. what: has happened then, and `hint`: what to do.
    """

    def __init__(self, path: Path, schema: str, what: str, hint: str) -> None:
        self._path = path
        self._what = what
        self._hint = hint
        with self._told():
            if path.is_symlink():
                raise OSError(errno.ELOOP, "it is a link; put the file that it leads to in its place")
            path.touch(mode=0o600)
            path.chmod(0o600)
            self._connection = sqlite3.connect(path)
            self._connection.execute("PRAGMA journal_mode=WAL")
            self._connection.execute("PRAGMA synchronous=FULL")  # less may lose the last commits with the power
            self._connection.executescript(schema)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError, ValueError) as fault:  # ValueError: it was edited by hand
            raise OutputError(f"{self._what}: {fault}", where=self._path, hint=self._hint) from None
