"""The command itself: how soon it begins, how it grows, what a second worker gains."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from benchmarks.work import CLINIC_FILE, write_list

ROOT = Path(__file__).parents[1]
_IMPORT = re.compile(r"import time:\s+(\d+) \|\s+(\d+) \| (\s*)(\S+)")


@dataclass(frozen=True)
class Ran:
    """A run of `handouts generate`: seconds by the clock, seconds of processor, the most memory it had in bytes.

    processor, memory: of the main process; workers are not its children, so with several neither is the whole. Linux
    counts the memory of the process that started it as well, so memory is never less than this process had then.
    print_run: size in bytes, of all its files.
    """

    packets: int
    workers: int
    elapsed: float
    processor: float
    memory: int
    print_run: int


def generate(count: int, workers: int, folder: Path) -> Ran:
    """Print `count` packets into files and a print run, all that is safe on disk at the end."""
    out, listed = folder / "out", folder / f"{count}.csv"
    write_list(listed, count)
    words = [sys.executable, str(ROOT / "cli.py"), "generate", str(listed), "--clinic", str(CLINIC_FILE)]
    words += ["--out", str(out), "--jobs", str(workers), "--simplex", "--quiet", "--issued-at", "2026-11-30T18:00"]
    start = perf_counter()
    with subprocess.Popen(words, cwd=ROOT) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    elapsed = perf_counter() - start
    if process.returncode:
        raise RuntimeError(f"`handouts generate` ended with {process.returncode}")
    size = sum(file.stat().st_size for file in out.glob("print-run*.pdf"))
    shutil.rmtree(out)
    return Ran(count, workers, elapsed, used.ru_utime + used.ru_stime, used.ru_maxrss * 1024, size)


def imports(folder: Path, most: int = 15) -> list[tuple[str, float, float]]:
    """The modules whose import costs a run of one packet most: name, own milliseconds, with all that they import."""
    listed = folder / "one.csv"
    write_list(listed, 1)
    words = [sys.executable, "-X", "importtime", str(ROOT / "cli.py"), "generate", str(listed)]
    words += ["--clinic", str(CLINIC_FILE), "--out", str(folder / "imported"), "--quiet"]
    told = subprocess.run(words, cwd=ROOT, capture_output=True, encoding="utf-8", check=True).stderr
    shutil.rmtree(folder / "imported")
    found = [(each[4], int(each[1]) / 1000, int(each[2]) / 1000) for each in _IMPORT.finditer(told)]
    return sorted(found, key=lambda each: -each[1])[:most]
