"""What was timed, judged: sound files, tagged as the standards ask, every glyph where a layout from scratch puts it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pikepdf

from benchmarks.engines.ours import Handouts
from benchmarks.work import Patient, Work
from handouts.layout.furniture import Furniture
from handouts.layout.style import NORMAL, PAPERS
from handouts.library.fields import Facts
from tests.accessibility.judge import Judge
from tests.oracle.test_oracle import assert_pressed_as_from_scratch

_JUDGED, _LAID_OUT = 10, 3
"""Packets that veraPDF judges, and that ReportLab lays out anew."""


class UnsoundError(Exception):
    """What was timed is not what a clinic can print."""


def printed(ours: Handouts, patients: Sequence[Patient], folder: Path) -> Path:
    """A print run of these patients, in a file."""
    path = folder / f"print-run-of-{len(patients)}.pdf"
    with path.open("wb") as out:
        ours.print_run([*patients], out)
    return path


def judge(work: Work, patients: Sequence[Patient], files: Sequence[Path], print_runs: Mapping[int, Path]) -> str:
    """A sentence on what was found good. files: as they were timed. print_runs: by how many packets they hold.

    veraPDF judges the smallest of these alone, as it takes a gigabyte of memory for a hundred packets. Raises
    UnsoundError, AssertionError.
    """
    for file in (*files, *print_runs.values()):
        with pikepdf.open(file) as document:
            if faults := document.check_pdf_syntax():
                raise UnsoundError(f"{file.name}: {faults}")
    sample = [*files[:: max(1, len(files) // _JUDGED)][:_JUDGED], print_runs[min(print_runs)]]
    with Judge() as by:
        for file in sample:
            if broken := by.faults(file):
                raise UnsoundError(f"{file.name} breaks {len(broken)} rules: {broken[0]}")
    _laid_out_anew(work, patients[:: max(1, len(patients) // _LAID_OUT)][:_LAID_OUT])
    runs = " and ".join(f"{count:,}" for count in sorted(print_runs))
    return (
        f"qpdf found nothing wrong in the {len(files):,} files of the last round, nor in print runs of {runs} packets. "
        f"veraPDF judged {len(sample) - 1} of those files and the smallest run: all keep to PDF/UA-1 and PDF/A-2a. The "
        f"packets of {_LAID_OUT} patients stand, glyph by glyph, where ReportLab puts them that lays them out anew."
    )


def _laid_out_anew(work: Work, patients: Sequence[Patient]) -> None:
    copies = [copy for copy, _ in work.lengths]
    text, logo = NORMAL.of(work.locale.language), work.setup.logo
    furniture = Furniture(work.clinic, work.labels, PAPERS[work.setup.paper], text, logo.ratio if logo else None)
    facts = [
        Facts(each.job.appointment, each.job.practitioner, each.job.estimate, each.job.packet_id, work.issued_at)
        for each in patients
    ]
    assert_pressed_as_from_scratch(copies, furniture, facts)
