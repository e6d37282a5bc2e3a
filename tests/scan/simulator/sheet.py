"""One page on its way: who wrote what on it, what happened to it, and the scan."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, TypeAlias

import cv2
import numpy as np
from numpy.random import Generator

from tests.scan.simulator import damage, ink, machines, trouble
from tests.scan.simulator.chance import Grade, Hardship, drawn_hardship, drawn_printer, drawn_scanner
from tests.scan.simulator.fields import MM, Field, Picture
from tests.scan.simulator.hands import Hand, hand
from tests.scan.simulator.ink import Stroke
from tests.scan.simulator.machines import Mode, Printer, Scanner
from tests.scan.simulator.other_papers import blank, other_paper
from tests.scan.simulator.pen import write
from tests.scan.simulator.printed import page_count, printed_page

_INTRUDED = 0.3
"""Share of what runs in that lies in the field at most: more of it would be meant for that field."""
_LINED = ("signature", "date", "time")

What: TypeAlias = Literal["page", "blank", "other"]


@dataclass(frozen=True, slots=True)
class Packet:
    """A printed packet. fields: all that is to be filled in, and no other place where ink would count."""

    packet_id: str
    file: Path
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be simulated.

    dpi, mode: of the scans; None is as offices have them. written: share of the fields that are filled in. intruded:
    share of the empty ones that handwriting from next door runs into by up to 5 mm. stray: share of the pages with
    handwriting outside the fields. damages: exactly these of `chance.DAMAGES`; None is what the grade brings.
    """

    grade: Grade = "clean"
    dpi: int | None = None
    mode: Mode | None = None
    written: float = 0.5
    intruded: float = 0.12
    stray: float = 0.2
    damages: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class FieldTruth:
    """Whether a field was filled in.

    style: how, "" if it was not. own: length of the pen's way for it within its box, in points. foreign: of what was
    written elsewhere and runs into its box.
    """

    field: Field
    written: bool
    style: str
    own: float
    foreign: float


@dataclass(frozen=True, slots=True)
class Truth:
    """All about a scanned page. packet_id, page: None unless it is a page of a packet. kind: which other paper."""

    what: What
    packet_id: str | None
    page: int | None
    kind: str
    fields: tuple[FieldTruth, ...]
    strays: tuple[str, ...]
    damages: tuple[str, ...]
    printer: Printer
    scanner: Scanner


@dataclass(frozen=True, slots=True)
class Scanned:
    """A scan, and the truth about it."""

    picture: Picture
    truth: Truth


def scanned_page(packet: Packet, page: int, seed: int, wanted: Wanted = Wanted()) -> Scanned:
    """The scan of a page of a packet. page: from 1. The handwriting depends on seed, packet and page only."""
    key = zlib.crc32(packet.packet_id.encode())
    people = [hand(np.random.default_rng([seed, key, person])) for person in range(3)]
    pens, chance = (np.random.default_rng([seed, key, page, part]) for part in (11, 12))
    scanner = drawn_scanner(wanted.grade, wanted.dpi, wanted.mode, chance)
    dpi = 600 if scanner.dpi > 300 else 300
    sheet = printed_page(packet.file, page, dpi)
    size = (sheet.shape[1] * 72 / dpi, sheet.shape[0] * 72 / dpi)
    fields = [field for field in packet.fields if field.page == page]
    truths, strokes = _filled(fields, people, wanted, pens)
    strays: list[str] = []
    if pens.random() < wanted.stray:
        style, more = trouble.stray(size, fields, pens)
        strokes += more
        strays += [style] if more else []
    hardship = drawn_hardship(wanted.grade, [field.box for field in fields if field.kind == "signature"], size, chance)
    if wanted.damages is not None:
        hardship = replace(hardship, names=wanted.damages)
    other_side = min(page + 1 if page % 2 else page - 1, page_count(packet.file))
    reverse = printed_page(packet.file, other_side) if "show-through" in hardship.names else sheet
    picture, printer, scanner = _through(sheet, strokes, reverse, dpi, hardship, scanner, chance)
    truth = Truth("page", packet.packet_id, page, "", truths, tuple(strays), hardship.names, printer, scanner)
    return Scanned(picture, truth)


def scanned_other(size: tuple[float, float], seed: int, wanted: Wanted = Wanted()) -> Scanned:
    """The scan of a paper that is none of ours. size: of a page, width and height in points."""
    random = np.random.default_rng([seed, 13])
    scanner = drawn_scanner(wanted.grade, wanted.dpi, wanted.mode, random)
    kind, sheet = other_paper(size, 300, random)
    hardship = drawn_hardship(wanted.grade, [], size, random)
    picture, printer, scanner = _through(sheet, [], sheet, 300, hardship, scanner, random)
    return Scanned(picture, Truth("other", None, None, kind, (), (), hardship.names, printer, scanner))


def scanned_back(size: tuple[float, float], front: Picture | None, seed: int, wanted: Wanted = Wanted()) -> Scanned:
    """The scan of a sheet's blank back. front: at 300 dpi, which shines through."""
    random = np.random.default_rng([seed, 14])
    scanner = drawn_scanner(wanted.grade, wanted.dpi, wanted.mode, random)
    sheet = blank(size, 300)
    if front is not None:
        sheet = damage.show_through(sheet, front, random.uniform(0.01, 0.08))
    hardship = Hardship(())
    picture, printer, scanner = _through(sheet, [], sheet, 300, hardship, scanner, random)
    return Scanned(picture, Truth("blank", None, None, "", (), (), (), printer, scanner))


def _filled(
    fields: Sequence[Field], people: Sequence[Hand], wanted: Wanted, random: Generator
) -> tuple[tuple[FieldTruth, ...], list[Stroke]]:
    """What is written into each field, and all strokes on the page."""
    rows = sorted({-round(field.box[1]) for field in fields if field.kind in _LINED})
    styles: list[str] = []
    written: list[tuple[Stroke, ...]] = []
    runs_in: list[tuple[Stroke, ...]] = []
    for field in fields:
        row = rows.index(-round(field.box[1])) if field.kind in _LINED else 0
        writer = people[row % len(people)]
        own: tuple[Stroke, ...] = ()
        style = ""
        if random.random() < wanted.written:
            style, own = (done := write(field.kind, field.box, random, writer)).style, done.strokes
        elif random.random() < wanted.intruded:
            deepest = min(5 * MM, _INTRUDED * min(field.box[2] - field.box[0], field.box[3] - field.box[1]))
            runs_in.append(trouble.intrusion(field, random.uniform(0, deepest), random, writer))
        styles.append(style)
        written.append(own)
    everything = [each for strokes in (*written, *runs_in) for each in strokes]
    for number, field in enumerate(fields):
        # what runs in from next door may be what was written there
        if not styles[number] and any(_mostly_within(strokes, field) for strokes in runs_in):
            styles[number] = "from next door"
    truths = []
    for field, style, strokes in zip(fields, styles, written, strict=True):
        own_ink = ink.ink_within(strokes, field.box)
        foreign = ink.ink_within(everything, field.box) - own_ink
        truths.append(FieldTruth(field, bool(style), style, round(own_ink, 1), round(foreign, 1)))
    return tuple(truths), everything


def _mostly_within(strokes: Sequence[Stroke], field: Field) -> bool:
    left, bottom, right, top = field.box
    beyond = 4 * MM if field.kind in _LINED else 0.0
    around = (left, bottom - beyond, right, top + beyond)
    whole = (-1e4, -1e4, 1e4, 1e4)
    return ink.ink_within(strokes, around) > 0.5 * ink.ink_within(strokes, whole)


def _through(
    sheet: Picture, strokes: Sequence[Stroke], reverse: Picture, dpi: int, hardship: Hardship, scanner: Scanner,
    random: Generator,
) -> tuple[Picture, Printer, Scanner]:  # fmt: skip
    """From a printed sheet to its scan, and the printer and scanner it went through. reverse: its other side."""
    printer = drawn_printer(random)
    picture = hardship.before_pen(sheet, dpi, random)
    if picture is sheet:
        picture = sheet.copy()
    if scanner.mode == "colour":
        picture = cv2.cvtColor(picture, cv2.COLOR_GRAY2BGR).astype(np.uint8)
    ink.draw(picture, strokes, dpi)
    picture = hardship.after_pen(picture, reverse, dpi, random)
    scanner = hardship.while_scanned(scanner, random)
    return machines.scan(picture, dpi, printer, scanner, random), printer, scanner
