"""Runs of the command killed at random moments: a while after a random number of packets, with workers and without.

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


def _made(folder: Path) -> int:
    """How many packets' files were begun."""
    packets = folder / "packets"
    return len([*packets.iterdir()]) if packets.is_dir() else 0


def _killed(child: int, folder: Path, packets: int, later: float) -> int:
    """Kill the run some seconds after it began so many packets, unless it ended before; how it ended."""
    while _made(folder) < packets:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.001)
    time.sleep(later)
    os.kill(child, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def main() -> None:
    """See the top of the file."""
    seed, count, folder, arguments = int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]), sys.argv[5:]
    with suppress(SystemExit), redirect_stdout(io.StringIO()):
        cli.main([*arguments, "--dry-run"], prog_name="handouts")  # what is loaded now is loaded for all runs
    chance = random.Random(seed)  # noqa: S311 - no secret
    for jobs in _JOBS:
        os.waitpid(_begun(folder / f"whole-{jobs}", jobs, arguments), 0)
    most = _made(folder / "whole-1")
    for number in range(1, count + 1):
        jobs, into = _JOBS[number % len(_JOBS)], folder / f"{number:04}"
        code = _killed(_begun(into, jobs, arguments), into, chance.randint(0, most), chance.uniform(0, 0.02))
        into.with_suffix(".code").write_text(str(code))


if __name__ == "__main__":
    main()
