"""Whose page it is: what its codes and its text say, held against the run. Never guessed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from handouts.layout.codes import PageCode
from handouts.run.manifest import PacketRecord
from handouts.scan.model import Doubt
from handouts.scan.printed import PrintedRun

_PRINTED_ID = re.compile(r"(?<![0-9A-Z-])([0-9A-Z]{5}(?:-[0-9A-Z]{5}){3})(?![0-9A-Z-])")
ALIKE = str.maketrans("OIL", "011", "-")
"""Letters that ids do not have, read for those that they have: https://www.crockford.com/base32.html"""
_COUNTED = re.compile(r"(?<![\d.])(?=(\d{1,3})(?![\d.])\D{1,12}(\d{1,3})(?!\d))")
"""`14 of 15`, in whatever language; not the 2 of `version 1.2`."""
_ALONE = re.compile(r"^[^\w\n]*[^\W\d]{0,12}[^\w\n]*(\d{1,3})[^\d\n]{1,12}(\d{1,3})[^\w\n]*$", re.MULTILINE)
"""`Page 14 of 15` in a line that says nothing else."""
_MARK = "\0"
_BEFORE, _BEHIND = 60, 30
"""Letters around a printed id among which the page's number stands, where it has no line of its own."""
_MISREAD = 4
"""Letters of a printed id that a scanner's own reading of it may have got wrong. Two ids have some 19 that differ."""


@dataclass(frozen=True, slots=True)
class Identity:
    """A page of the run. page: None for the one left blank behind a packet."""

    packet: PacketRecord
    page: int | None


@dataclass(frozen=True, slots=True)
class Doubtful:
    """Why a page cannot be told. note: for people; no value of a patient."""

    doubt: Doubt
    note: str


def identify(codes: Sequence[PageCode], text: str, run: PrintedRun) -> Identity | Doubtful:
    """What a page's codes and text say. text: what the file tells of the page's letters; empty for a mere picture."""
    said = set(codes)
    if len(said) > 1:
        return Doubtful(Doubt.CONFLICT, "its codes are of different pages")
    text = text.upper()
    printed = {each.translate(ALIKE) for each in _PRINTED_ID.findall(text)}
    if not said:
        return _by_text(printed, text, run)
    (code,) = said
    if any(each in run.packets or not _misread(each, code.packet_id) for each in printed - {code.packet_id}):
        return Doubtful(Doubt.CONFLICT, "its text names another packet than its code")
    return _by_code(code, run)


def _misread(read: str, packet_id: str) -> bool:
    return sum(one != other for one, other in zip(read, packet_id, strict=True)) <= _MISREAD


def _by_code(code: PageCode, run: PrintedRun) -> Identity | Doubtful:
    packet = run.packets.get(code.packet_id)
    if packet is None:
        other = "" if code.form in run.versions else ", and of another version of the form"
        return Doubtful(Doubt.OTHER_RUN, f"it is a page of another run{other}")
    if code.pages != packet.pages or not (code.page is None or 1 <= code.page <= packet.pages):
        return Doubtful(Doubt.CONFLICT, "its code counts other pages than the packet has")
    if code != run.code(packet, code.page):
        return Doubtful(Doubt.OTHER_VERSION, "it is of another version of the form than this run printed")
    return Identity(packet, code.page)


def _by_text(printed: set[str], text: str, run: PrintedRun) -> Identity | Doubtful:
    if len(printed) > 1:
        return Doubtful(Doubt.CONFLICT, "no code can be read on it, and its text names several packets")
    if not printed:
        return Doubtful(Doubt.UNREAD, "no code can be read on it")
    packet = run.packets.get(printed.pop())
    if packet is None:
        return Doubtful(Doubt.OTHER_RUN, "no code can be read on it, and its text names a packet of another run")
    pages = {page for page in _counted(text, packet.pages) if 1 <= page <= packet.pages}
    if len(pages) != 1:
        return Doubtful(Doubt.UNREAD, "no code can be read on it, and its text does not tell which page it is")
    return Identity(packet, pages.pop())


def _counted(text: str, of: int) -> Iterator[int]:
    """The numbers with `of` behind them that have a line of their own; without these, those near a printed id."""
    alone = [int(page) for page, pages in _ALONE.findall(text) if int(pages) == of]
    yield from alone or _near(text, of)


def _near(text: str, of: int) -> Iterator[int]:
    marked = _PRINTED_ID.sub(_MARK, text.replace(_MARK, " "))
    for mark in re.finditer(_MARK, marked):
        around = marked[max(0, mark.start() - _BEFORE) : mark.end() + _BEHIND]
        yield from (int(page) for page, pages in _COUNTED.findall(around) if int(pages) == of)
