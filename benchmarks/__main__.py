"""`make bench`: compare what all engines press, time them, and write docs/performance.md and .json."""

from __future__ import annotations

import io
import os
import sys
import tempfile
from pathlib import Path

from benchmarks import growth
from benchmarks.check import check
from benchmarks.engines.fpdf2 import Fpdf2
from benchmarks.engines.ours import Handouts
from benchmarks.engines.overlay import Overlay
from benchmarks.engines.platypus import Platypus
from benchmarks.engines.typst import Typst
from benchmarks.engines.weasyprint import WeasyPrint
from benchmarks.engines.writing import Writing
from benchmarks.judge import judge, printed
from benchmarks.measure import RunEngine, packets, pin_to_one_core, print_runs
from benchmarks.report import Measured, put_into, this_machine
from benchmarks.work import Engine, Patient, work_for

PAGE = Path(__file__).parents[1] / "docs" / "performance.md"
PATIENTS, ROUNDS, SECONDS = 10_000, 5, 3.0
COMPARED = 6
"""Patients whose packets of all engines are compared before anything is timed."""

RUN_OF_OURS, RUN_OF_TYPST = 10_000, 40
GROWTH = (1000, 10_000, 100_000)
TWO_WORKERS = 10_000
JUDGED_RUNS = (40, 1000)
"""Packets in print runs that are judged as well; one of 10,000 would take qpdf 14 GB of memory."""


def main() -> None:
    """Measure; some twenty minutes, on a disk with room for 13 GB."""
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as name:
        measured = _measured(Path(name), load)
    PAGE.with_suffix(".json").write_text(measured.to_json(), encoding="utf-8")
    put_into(PAGE, measured)
    sys.stdout.write(measured.to_markdown())


def _measured(folder: Path, load: float) -> Measured:
    commands = [growth.generate(1, 1, folder), growth.generate(1, 1, folder)][1:]  # the first fills the disk's cache
    commands += [growth.generate(count, 1, folder) for count in GROWTH]
    commands += [growth.generate(TWO_WORKERS, workers, folder) for workers in (1, 2, 1, 2)]
    imported = growth.imports(folder)
    pin_to_one_core()
    work = work_for(PATIENTS, folder)
    patients = work.patients()
    ours, typst = Handouts(work), Typst(work, _folder(folder, "typst"))
    overlay = Overlay(work, _folder(folder, "overlay"))
    layouts: list[Engine] = [
        typst,
        WeasyPrint(work, _folder(folder, "weasyprint")),
        Fpdf2(work, _folder(folder, "fpdf2")),
        Platypus(work, _folder(folder, "platypus")),
    ]
    for engine in (*layouts, overlay):
        check(engine, ours, patients[:COMPARED], in_order=engine is not overlay)
    engines: list[Engine] = [ours, *layouts, overlay, Writing(work)]
    timed = packets(engines, patients, ROUNDS, SECONDS, folder)

    def typst_run(chosen: list[Patient], out: io.BytesIO) -> None:
        out.write(typst.print_run(chosen))

    runs = [RunEngine(ours.name, ours.print_run, RUN_OF_OURS), RunEngine(typst.name, typst_run, RUN_OF_TYPST)]
    run_timings = print_runs(runs, patients, ROUNDS)
    judged = judge(work, patients, sorted((folder / "timed").iterdir()), {
        count: printed(ours, patients[:count], folder) for count in JUDGED_RUNS
    })  # fmt: skip
    return Measured(this_machine(load), work.pages, ROUNDS, timed, run_timings, commands, imported, judged)


def _folder(within: Path, name: str) -> Path:
    folder = within / name
    folder.mkdir()
    return folder


if __name__ == "__main__":
    main()
