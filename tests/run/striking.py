"""Runs of the command struck by a signal at one chosen moment, or at one moment after another.

A moment is a step that the program takes in its run folder: a file opened, renamed, removed … as Python's audit
events tell. They are the same in every run, so a test needs no waiting and no luck.

    python -m tests.run.striking once SIGNAL MOMENT FOLDER -- ARGUMENTS      into FOLDER
    python -m tests.run.striking each SIGNAL EVERY FOLDER -- ARGUMENTS       into FOLDER/0001, FOLDER/0002 …

`each` takes every so many moments, and goes on until a run ends by itself before its moment comes. A folder of that
name is there already where a test put it there. FOLDER/0001.told and FOLDER/0001.code keep what each run told and how
it ended.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

_STEPS = ("open", "sqlite3.connect", "os.")


def _strike_at(moment: int, number: int, folder: Path) -> None:
    """From now on, send the signal to this process at the given step in `folder`."""
    here, place, steps = os.getpid(), str(folder), 0
    if number == signal.SIGINT:
        signal.signal(number, signal.default_int_handler)  # shells let what they start in the background ignore it

    def on_event(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal steps
        if not event.startswith(_STEPS) or os.getpid() != here:
            return
        if any(isinstance(each, str | os.PathLike) and os.fspath(each).startswith(place) for each in arguments):
            steps += 1
            if steps == moment:
                os.kill(here, number)

    sys.addaudithook(on_event)


def _run(arguments: list[str], folder: Path) -> None:
    import cli
    import handouts.run.printing

    handouts.run.printing.CHECKPOINT = 2  # so that a small run has several checkpoints
    cli.main([*arguments, "--out", str(folder)], prog_name="handouts")


def _told(folder: Path, ending: str) -> Path:
    return folder.with_name(folder.name + ending)


def _child(moment: int, number: int, folder: Path, arguments: list[str]) -> int:
    """One struck run in a process of its own; its exit code, or less than zero where the signal ended it."""
    child = os.fork()
    if child == 0:
        told = os.open(_told(folder, ".told"), os.O_WRONLY | os.O_CREAT, 0o600)
        os.dup2(told, 1)
        os.dup2(told, 2)
        code = 70
        try:
            _strike_at(moment, number, folder)
            _run(arguments, folder)
        except SystemExit as ended:
            code = int(ended.code or 0)
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def main() -> None:
    """See the top of the file."""
    how, name, which, place = sys.argv[1:5]
    number, arguments, folder = signal.Signals[name], sys.argv[6:], Path(place)
    if how == "once":
        _strike_at(int(which), number, folder)
        _run(arguments, folder)
    import handouts.run.generate  # noqa: F401  loaded once for all runs

    for moment in range(1, 10_000, int(which)):
        into = folder / f"{moment:04}"
        code = _child(moment, number, into, arguments)
        _told(into, ".code").write_text(str(code))
        if code not in {-number, 128 + number}:
            return


if __name__ == "__main__":
    main()
