"""What was timed, judged: sound files, tagged as the standards ask, every glyph where a layout from scratch puts it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pikepdf

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


def judge(work: Work, patients: Sequence[Patient], files: Sequence[Path], print_runs: Sequence[Path]) -> str:
    """A sentence on what was found good. files, print_runs: as they were timed. Raises UnsoundError, AssertionError.

    print_runs: those that veraPDF judges too are the small ones; it takes a gigabyte of memory for a hundred packets.
    """
    for file in (*files, *print_runs):
        with pikepdf.open(file) as document:
            if faults := document.check_pdf_syntax():
                raise UnsoundError(f"{file.name}: {faults}")
    sample = [*files[:: max(1, len(files) // _JUDGED)][:_JUDGED], *print_runs[1:]]
    with Judge() as by:
        for file in sample:
            if broken := by.faults(file):
                raise UnsoundError(f"{file.name} breaks {len(broken)} rules: {broken[0]}")
    _laid_out_anew(work, patients[:: max(1, len(patients) // _LAID_OUT)][:_LAID_OUT])
    return (
        f"Of what was timed, qpdf found nothing wrong in {len(files)} files and {len(print_runs)} print runs; veraPDF "
        f"judged {len(sample)} of them, which all keep to PDF/UA-1 and PDF/A-2a; the packets of {_LAID_OUT} patients "
        "stand, glyph by glyph, where ReportLab puts them that lays them out from scratch."
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
