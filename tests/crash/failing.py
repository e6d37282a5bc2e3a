"""Runs of the command in which one step of writing fails, at one step after another.

A step is whatever the program does in its run folder that may fail: a file or folder made, opened, written, synced,
renamed, removed, listed; a statement of the journal. Every failure is the system's own (an error number) or SQLite's.

    python -m tests.crash.failing ERRORS EVERY FOLDER -- ARGUMENTS       ERRORS: such as ENOSPC,EIO, one a run, in turn

Of the steps every so many fails. Runs go into FOLDER/0001 and so on, until one ends before its step comes.
FOLDER/0001.told and FOLDER/0001.code keep what each run told and how it ended; FOLDER/0001.step says which step failed.
"""

from __future__ import annotations

import errno
import io
import os
import sqlite3
import sys
from collections.abc import Callable, Sequence
from contextlib import redirect_stdout, suppress
from pathlib import Path
from typing import Any

import cli
import handouts.run.folder
import handouts.run.journal
import handouts.run.printing

_EVENTS = ("open", "os.", "sqlite3.connect")


class _Failing:
    """Counts steps in `folder`, and lets one fail."""

    def __init__(self, folder: Path, at: int, error: int) -> None:
        self._place = str(folder)
        self._at = at
        self._error = error
        self._steps = 0

    def step(self, what: str, where: object = "") -> None:
        """Another step; raises OSError where its time has come."""
        self._steps += 1
        if self._steps == self._at:
            Path(f"{self._place}.step").write_text(what)
            raise OSError(self._error, os.strerror(self._error), str(where) or self._place)

    def within(self, where: object) -> bool:
        """Whether something is in the run folder."""
        return isinstance(where, str | os.PathLike) and os.fspath(where).startswith(self._place)

    def install(self) -> None:
        """Let this process fail."""
        fail, here, sync, connect = self, os.getpid(), os.fsync, sqlite3.connect

        def on_event(event: str, arguments: tuple[object, ...]) -> None:
            if event.startswith(_EVENTS) and os.getpid() == here:
                where = next((each for each in arguments if fail.within(each)), None)
                if where is not None and not str(where).endswith(".step"):
                    fail.step(event, where)

        class File(io.FileIO):
            def write(self, data: Any) -> int:
                fail.step("write", self.name)
                return super().write(data)

        def opened(path: Path, mode: str, opener: Callable[[str, int], int]) -> io.BufferedWriter:
            return io.BufferedWriter(File(path, mode, opener=opener))

        def synced(handle: int) -> None:
            fail.step("fsync")
            sync(handle)

        class Connection(sqlite3.Connection):
            def execute(self, *arguments: Any) -> sqlite3.Cursor:
                self._step("execute")
                return super().execute(*arguments)

            def executemany(self, *arguments: Any) -> sqlite3.Cursor:
                self._step("executemany")
                return super().executemany(*arguments)

            def executescript(self, *arguments: Any) -> sqlite3.Cursor:
                self._step("executescript")
                return super().executescript(*arguments)

            def __exit__(self, *exception: Any) -> Any:
                try:
                    self._step("commit")
                except sqlite3.Error:
                    self.rollback()
                    raise
                return super().__exit__(*exception)

            def _step(self, what: str) -> None:
                try:
                    fail.step(f"sqlite {what}")
                except OSError:
                    raise sqlite3.OperationalError("disk I/O error") from None

        def connected(path: Any, **others: Any) -> Any:
            own: dict[str, Any] = {"factory": Connection} if fail.within(path) else {}
            return connect(path, **others, **own)

        handouts.run.folder.open = opened  # type: ignore[attr-defined]  # the module calls the built-in
        os.fsync = synced  # type: ignore[assignment]  # the same call, counted
        handouts.run.journal.sqlite3.connect = connected  # type: ignore[attr-defined]  # the same call, counted
        sys.addaudithook(on_event)


def _child(folder: Path, at: int, error: int, arguments: Sequence[str]) -> int:
    child = os.fork()
    if child == 0:
        told = os.open(f"{folder}.told", os.O_WRONLY | os.O_CREAT, 0o600)
        os.dup2(told, 1)
        os.dup2(told, 2)
        code = 70
        try:
            handouts.run.printing.CHECKPOINT = 2  # so that a small run has several checkpoints
            _Failing(folder, at, error).install()
            cli.main([*arguments, "--out", str(folder)], prog_name="handouts")
        except SystemExit as ended:
            code = int(ended.code or 0)
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def main() -> None:
    """See the top of the file."""
    errors, every, folder, arguments = sys.argv[1].split(","), int(sys.argv[2]), Path(sys.argv[3]), sys.argv[5:]
    with suppress(SystemExit), redirect_stdout(io.StringIO()):
        cli.main([*arguments, "--dry-run"], prog_name="handouts")  # what is loaded now is loaded for all runs

    for at in range(1, 10_000, every):
        into = folder / f"{at:04}"
        code = _child(into, at, getattr(errno, errors[at % len(errors)]), arguments)
        into.with_suffix(".code").write_text(str(code))
        if not into.with_suffix(".step").exists():
            return


if __name__ == "__main__":
    main()
