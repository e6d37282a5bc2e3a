"""Runs of the command killed at random moments, from when their folder is there, with workers and without.

    python -m tests.crash.killing SEED COUNT FOLDER -- ARGUMENTS

Runs go into FOLDER/0001, FOLDER/0002 …, with one, two and three jobs in turn. FOLDER/0001.code keeps how each ended.
"""

from __future__ import annotations

import io
import os
import random
import signal
import sys
import time
from collections.abc import Sequence
from contextlib import redirect_stdout, suppress
from pathlib import Path

import cli
import handouts.run.printing

_JOBS = ("1", "2", "3")


def _begun(folder: Path, jobs: str, arguments: Sequence[str]) -> int:
    """The process of a run into `folder`."""
    child = os.fork()
    if child == 0:
        code = 70
        try:
            quiet = os.open(os.devnull, os.O_WRONLY)
            os.dup2(quiet, 1)
            os.dup2(quiet, 2)  # a worker that is being started when all is killed complains there
            handouts.run.printing.CHECKPOINT = 8
            cli.main([*arguments, "--jobs", jobs, "--out", str(folder)], prog_name="handouts")
        except SystemExit as ended:
            code = int(ended.code or 0)
        finally:
            os._exit(code)
    return child


def _writing(folder: Path) -> float:
    """The moment at which the folder is there."""
    while not folder.exists():
        time.sleep(0.001)
    return time.monotonic()


def main() -> None:
    """See the top of the file."""
    seed, count, folder, arguments = int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]), sys.argv[5:]
    with suppress(SystemExit), redirect_stdout(io.StringIO()):
        cli.main([*arguments, "--dry-run"], prog_name="handouts")  # what is loaded now is loaded for all runs
    chance, lasts = random.Random(seed), dict[str, float]()  # noqa: S311
    for jobs in _JOBS:
        child = _begun(folder / f"whole-{jobs}", jobs, arguments)
        began = _writing(folder / f"whole-{jobs}")
        os.waitpid(child, 0)
        lasts[jobs] = time.monotonic() - began
    for number in range(1, count + 1):
        jobs, into = _JOBS[number % len(_JOBS)], folder / f"{number:04}"
        child = _begun(into, jobs, arguments)
        _writing(into)
        time.sleep(chance.uniform(0, lasts[jobs]))
        os.kill(child, signal.SIGKILL)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        into.with_suffix(".code").write_text(str(code))


if __name__ == "__main__":
    main()
