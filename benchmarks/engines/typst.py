"""Typst, by its Python package: one compiler kept for all packets, values by sys_inputs, tags as it writes them.

As good as we can make it: the template is written once, by the code below, with every size given and nothing left to
measure that need not be; each patient's values are touched in as few places as possible, so that Typst's cache of laid
out blocks holds for all others; fonts are searched once; the codes are one-bit pictures of 29 × 29 pixels enlarged
without smoothing, which Typst sets in a third of the time that it takes for paths.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from benchmarks.engines.typst_template import template
from benchmarks.fonts import latin_fonts
from benchmarks.work import (
    LOGO_FILE,
    Patient,
    Work,
    modules,
)
from handouts.library.document import (
    Picture,
)

os.environ.setdefault("RAYON_NUM_THREADS", "1")
import typst  # after its threads are counted


class Typst:
    """Writes the template into `folder` and keeps one compiler."""

    name = "Typst"

    def __init__(self, work: Work, folder: Path) -> None:
        source = folder / "packet.typ"
        pictures = {block.file for form in work.forms for block in form.blocks if isinstance(block, Picture)}
        for file in {LOGO_FILE, *pictures}:
            (folder / file.name).write_bytes(file.read_bytes())
        latin_fonts(folder)
        source.write_text(template(work), encoding="utf-8")
        self._work = work
        self._compiler = typst.Compiler(
            str(source), root=str(folder), font_paths=[str(folder)], ignore_system_fonts=True
        )

    def packet(self, patient: Patient) -> bytes:
        """The file."""
        return self._pressed([patient])

    def print_run(self, patients: Sequence[Patient]) -> bytes:
        """All packets as one document."""
        return self._pressed(patients)

    def _pressed(self, patients: Iterable[Patient]) -> bytes:
        packets = [
            {**patient.values(), "packet": patient.packet_line, "codes": [_bits(code) for code in patient.codes()]}
            for patient in patients
        ]
        pdf = self._compiler.compile(format="pdf", sys_inputs={"packets": json.dumps(packets, ensure_ascii=False)})
        if not isinstance(pdf, bytes):
            raise TypeError("one PDF is expected")
        return pdf


def _bits(code: bytes) -> list[int]:
    """The modules of a code as gray pixels, row by row from the top."""
    return [0 if each == "1" else 255 for each in modules(code)]
