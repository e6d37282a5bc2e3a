"""How well scanned pages are read, counted over many simulated ones.

    python -m tests.scan.figures RUN FIRST_SEED PAGES [clean|bad] [gray|bitonal|colour|mixed] [DPI] [PROCESSES]

RUN is the folder of a printed run. Seeds below 1,000,000 are for finding out what goes wrong; what docs/scanning.md
tells was counted once, from 9,000,000 on.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import cast

import click
import cv2
import numpy as np

from handouts.scan.blanks import Blanks
from handouts.scan.model import PageReading
from handouts.scan.pictures import Picture
from handouts.scan.printed import PrintedRun
from handouts.scan.reading import read_page
from tests.scan.simulator.chance import Grade
from tests.scan.simulator.fields import Field
from tests.scan.simulator.machines import Mode
from tests.scan.simulator.sheet import Packet, Scanned, Wanted, scanned_page

_OVERRUN = 12 * 72 / 25.4
"""Points of other people's handwriting in an empty field, from which nobody could say whether it is meant for it."""


@dataclass
class Tally:
    """What was counted. odd: seeds of pages and fields that were not read as they should be."""

    pages: Counter[str] = field(default_factory=Counter)
    fields: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    odd: list[tuple[str, str, int, int, str]] = field(default_factory=list)
    seconds: float = 0.0

    def add(self, other: Tally) -> None:
        """Count the other's as well."""
        self.pages += other.pages
        self.fields += other.fields
        self.odd += other.odd
        self.seconds += other.seconds

    def page(self, scan: Scanned, reading: PageReading, seed: int) -> None:
        """Count one page of a packet."""
        truth = scan.truth
        assert truth.page is not None
        assert truth.packet_id is not None
        place = truth.packet_id, truth.page, seed
        if (reading.packet_id, reading.page) == (truth.packet_id, truth.page):
            found = "found" if reading.agreement is not None else "found, not laid"
        elif reading.packet_id:
            found = "WRONG"
        else:
            found = f"queued: {reading.doubt}" if reading.doubt else "taken for blank"
        self.pages[found] += 1
        if found != "found":
            self.odd.append((found, *place, ", ".join(truth.damages) or truth.scanner.mode))
        for known, told in zip(truth.fields, reading.fields, strict=False):
            kind = "written" if known.written else "overrun" if known.foreign > _OVERRUN else "empty"
            self.fields[known.field.kind, kind, told.state] += 1
            missed = (kind, told.state) == ("written", "look") and known.field.kind != "tick"
            if missed or (kind, told.state) in {("written", "empty"), ("empty", "signed")}:
                what = f"{known.field.kind} {known.style} {told.length} mm {known.field.box}"
                self.odd.append((f"{kind}, told {told.state}", *place, what))

    def lines(self) -> Iterator[str]:
        """For people."""
        count = sum(self.pages.values())
        yield f"{count} pages, {count / max(self.seconds, 0.001):.1f} a second and process"
        for name, number in self.pages.most_common():
            yield f"  {name}: {number}"
        kinds = sorted({kind for kind, _, _ in self.fields})
        for kind in [*kinds, "all"]:
            for truth in ("empty", "overrun", "written"):
                told = Counter[str]()
                for (each, known, state), number in self.fields.items():
                    if known == truth and kind in {each, "all"}:
                        told[state] += number
                total = sum(told.values())
                shares = ", ".join(
                    f"{state} {told[state]} ({told[state] / max(1, total):.2%})" for state in sorted(told)
                )
                yield f"  {kind}, {truth}: {total}: {shares}"


def packets_of(run: PrintedRun) -> list[Packet]:
    """A run's packets, as the simulator wants them."""
    return [
        Packet(
            packet.packet_id,
            run.folder / packet.file,
            tuple(Field(each.kind, each.page, each.box) for each in run.manifest.layouts[packet.layout]),
        )
        for packet in run.manifest.packets
    ]


def gray_of(picture: Picture) -> Picture:
    """As files of scans are read."""
    return picture if picture.ndim == 2 else np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), np.uint8)


def counted(run: PrintedRun, jobs: Sequence[tuple[Packet, int, int]], wanted: Wanted) -> Tally:
    """Packets, pages and seeds of scans to make, each read and counted."""
    tally = Tally()
    cv2.setNumThreads(1)
    with closing(Blanks(run)) as blanks:
        for packet, page, seed in jobs:
            scan = scanned_page(packet, page, seed, wanted)
            picture = gray_of(scan.picture)
            began = time.perf_counter()
            reading = read_page(1, picture, "", run, blanks)
            tally.seconds += time.perf_counter() - began
            tally.page(scan, reading, seed)
    return tally


def jobs_of(run: PrintedRun, first: int, count: int, *, fields_only: bool = False) -> list[tuple[Packet, int, int]]:
    """So many pages, packet by packet, again with other seeds where the run has fewer."""
    packets = packets_of(run)

    def every() -> Iterator[tuple[Packet, int, int]]:
        seed = first
        while True:
            for packet, record in zip(packets, run.manifest.packets, strict=True):
                for page in range(1, record.pages + 1):
                    if not fields_only or any(each.page == page for each in packet.fields):
                        yield packet, page, seed
            seed += 1

    return list(islice(every(), count))


def main() -> None:
    """See the top of the file."""
    folder, first, count, *rest = sys.argv[1:]
    grade, mode, dpi, processes = [*rest, *("clean", "mixed", "0", "1")[len(rest) :]]
    run = PrintedRun.of(Path(folder))
    wanted = replace(
        Wanted(grade=cast(Grade, grade)), mode=None if mode == "mixed" else cast(Mode, mode), dpi=int(dpi) or None
    )
    jobs = jobs_of(run, int(first), int(count), fields_only=True)
    tally = Tally()
    parts = [jobs[start : start + 50] for start in range(0, len(jobs), 50)]
    with ProcessPoolExecutor(int(processes)) as pool:
        for part in pool.map(counted, [run] * len(parts), parts, [wanted] * len(parts)):
            tally.add(part)
    for odd in tally.odd:
        click.echo(" ".join(map(str, odd)))
    for line in tally.lines():
        click.echo(line)


if __name__ == "__main__":
    main()
