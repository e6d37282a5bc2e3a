"""How many scanned pages `handouts scan` reads in a second: python -m benchmarks.scanning.

Prints the packets of the example list, simulates what an office scanner makes of them at 200 dots per inch, and times
the whole command on one core, with start, keeping, binding and files for the record system. No blank backs: every page
that is counted is read.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

import click

from benchmarks.growth import ROOT
from benchmarks.measure import pin_to_one_core
from handouts.scan.printed import PrintedRun
from tests.scan.figures import packets_of
from tests.scan.simulator.batch import scanned, stacked, written_files
from tests.scan.simulator.machines import Mode
from tests.scan.simulator.sheet import Wanted

DPI, SEED = 200, 1
MODES: tuple[Mode, ...] = ("gray", "bitonal")


def _handouts(*words: str | Path) -> None:
    done = subprocess.run([sys.executable, ROOT / "cli.py", *words], capture_output=True, encoding="utf-8", check=False)
    if done.returncode not in {0, 3}:  # 3: done, and something is to be looked at
        raise RuntimeError(done.stderr)


def main() -> None:
    """Print a line for each kind of scan."""
    examples = ROOT / "examples"
    with tempfile.TemporaryDirectory() as name:
        pin_to_one_core()
        for mode in MODES:
            run = Path(name) / mode
            _handouts("generate", examples / "appointments.csv", "--clinic", examples / "clinic.yaml", "--out", run)
            packets = packets_of(PrintedRun.of(run))
            scans = [scanned(side, Wanted(dpi=DPI, mode=mode)) for side in stacked(packets, SEED, "shuffled")]
            (file,) = written_files(scans, Path(name), f"stack-{mode}", "pdf")
            before, began = sum(os.times()[2:4]), perf_counter()
            _handouts("scan", file, "--run", run)
            elapsed, used = perf_counter() - began, sum(os.times()[2:4]) - before
            rates = f"{len(scans) / elapsed:.1f} a second, {len(scans) / used:.1f} a second of a processor"
            click.echo(f"{mode}: {len(scans)} pages, {rates}")


if __name__ == "__main__":
    main()
