"""Whose page it is: what its codes and its text say, held against the run. Never guessed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from handouts.layout.codes import PageCode
from handouts.run.manifest import PacketRecord
from handouts.scan.model import Doubt
from handouts.scan.printed import PrintedRun

_LETTER = "[0-9A-HJKMNP-TV-Z]"
_PRINTED_ID = re.compile(rf"(?<![0-9A-Z-])({_LETTER}{{5}}(?:-{_LETTER}{{5}}){{3}})(?![0-9A-Z-])")
_COUNTED = re.compile(r"(?<!\d)(\d{1,3})\D{1,12}(\d{1,3})(?!\d)")
"""`14 of 15`, in whatever language."""


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
    printed = {each.replace("-", "") for each in _PRINTED_ID.findall(text)}
    if not said:
        return _by_text(printed & run.packets.keys(), text, run)
    (code,) = said
    if printed - {code.packet_id}:
        return Doubtful(Doubt.CONFLICT, "its text names another packet than its code")
    return _by_code(code, run)


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


def _by_text(named: set[str], text: str, run: PrintedRun) -> Identity | Doubtful:
    nothing = Doubtful(Doubt.UNREAD, "no code can be read on it")
    if len(named) != 1:
        return nothing
    packet = run.packets[named.pop()]
    pages = {int(page) for page, of in _COUNTED.findall(text) if int(of) == packet.pages}
    pages &= set(range(1, packet.pages + 1))
    return Identity(packet, pages.pop()) if len(pages) == 1 else nothing
