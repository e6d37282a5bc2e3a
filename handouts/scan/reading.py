"""One scanned page read: its codes, whose page it is, how it lies, and what is written on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from handouts.layout.style import Geometry
from handouts.run.manifest import FieldBox
from handouts.scan.blanks import Blanks
from handouts.scan.codes import Symbol, symbols
from handouts.scan.foot import LEAST, likeness
from handouts.scan.identity import Doubtful, Identity, identify
from handouts.scan.ink import read_field, unread
from handouts.scan.letters import Illegible, letters
from handouts.scan.model import Doubt, FieldReading, PageReading
from handouts.scan.pictures import Picture, is_blank, png, smaller, without
from handouts.scan.printed import PrintedRun
from handouts.scan.registration import Registered, register
from handouts.scan.strokes import Strokes

_NOTHING_TO_COMPARE = "its code cannot be checked: the page is neither in the run's packets nor in its print run"
_LEAST_AGREEMENT = 0.5
"""Share of a page's print that stands where it belongs, of a page that is what its code says."""


def read_page(number: int, picture: Picture, text: str, run: PrintedRun, blanks: Blanks) -> PageReading:
    """What a scanned page is. number: in its file, from 1. text: what the file says of the page's letters."""
    found = symbols(picture)
    told = identify([each.code for each in found], text, run)
    if isinstance(told, Doubtful) and told.doubt is Doubt.UNREAD:
        if is_blank(picture):
            return PageReading(number=number, blank=True, picture=_shown(picture))
        told = _by_letters(told, picture, run)
    if isinstance(told, Doubtful):
        return _doubtful(number, told, picture)
    return _read(number, picture, found, told, run, blanks, believed=False)


def _by_letters(told: Doubtful, picture: Picture, run: PrintedRun) -> Identity | Doubtful:
    """Whose page it is by the letters on its picture. told: what is known without them."""
    try:
        return identify([], letters(picture), run)
    except Illegible:
        return replace(told, note=f"{told.note}, and recognising its letters failed: install handouts[ocr] anew")


def told_page(number: int, picture: Picture, told: Identity, run: PrintedRun, blanks: Blanks) -> PageReading:
    """What is written on a page of which a person said whose it is. A doubt, where a code on it names another page.

    Where its print or its foot does not agree, nothing is said of its fields.
    """
    found = symbols(picture)
    if any(each.code != run.code(told.packet, told.page) for each in found):
        return _doubtful(number, Doubtful(Doubt.CONFLICT, "its code names another page than you do"), picture)
    return _read(number, picture, found, told, run, blanks, believed=True)


def _read(
    number: int,
    picture: Picture,
    found: Sequence[Symbol],
    told: Identity,
    run: PrintedRun,
    blanks: Blanks,
    *,
    believed: bool,
) -> PageReading:
    """believed: whether it is that page although it does not look like it."""
    packet_id = told.packet.packet_id
    if told.page is None:
        return _padding(number, picture, found, told, run, blanks)
    fields = run.fields(told.packet, told.page)
    blank = blanks.picture(told.packet, told.page)
    laid = register(picture, found, blank, run.geometry) if blank is not None else None
    conflict = _conflict(laid, blank, run.geometry) if blank is not None else _NOTHING_TO_COMPARE
    if conflict and not believed:
        return _doubtful(number, Doubtful(Doubt.UNREAD if blank is None else Doubt.CONFLICT, conflict), picture)
    if blank is None or laid is None or conflict:
        hidden = unread(fields, _shown(picture))
        turned = laid.turned if laid is not None else 0
        return PageReading(number=number, packet_id=packet_id, page=told.page, turned=turned, fields=hidden)
    return PageReading(
        number=number,
        packet_id=packet_id,
        page=told.page,
        turned=laid.turned,
        agreement=round(laid.agreement, 3),
        fields=_filled_in(laid, blank, fields) if fields else (),  # which takes as long as all before
    )


def _filled_in(laid: Registered, blank: Picture, fields: Sequence[FieldBox]) -> tuple[FieldReading, ...]:
    strokes = Strokes(laid.picture, blank)
    return tuple(read_field(strokes, number, field) for number, field in enumerate(fields))


def _padding(
    number: int, picture: Picture, found: Sequence[Symbol], told: Identity, run: PrintedRun, blanks: Blanks
) -> PageReading:
    """The page left blank behind a packet; it is dropped, so nothing may be on it but what was printed."""
    blank = blanks.picture(told.packet, None)
    laid = register(picture, found, blank, run.geometry) if blank is not None else None
    if blank is None or laid is None or laid.agreement < _LEAST_AGREEMENT:
        why = "its code names a page left blank on purpose, and it cannot be seen to be that"
    elif not is_blank(without(laid.picture, blank)):
        why = "it was left blank on purpose, and something is written on it"
    else:
        return PageReading(number=number, packet_id=told.packet.packet_id, padding=True)
    return _doubtful(number, Doubtful(Doubt.CONFLICT, why), picture)


def _conflict(laid: Registered | None, blank: Picture, geometry: Geometry) -> str:
    """How a page contradicts its own code; empty where it does not."""
    if laid is None or laid.agreement < _LEAST_AGREEMENT:
        return "what is printed on it is not the page that its code names"
    if likeness(laid, blank, geometry) < LEAST:
        return "what stands at its foot is not the packet that its code names"
    return ""


def _doubtful(number: int, told: Doubtful, picture: Picture) -> PageReading:
    return PageReading(number=number, doubt=told.doubt, note=told.note, picture=_shown(picture))


def _shown(picture: Picture) -> bytes:
    """A page for people to look at, some 100 dots per inch."""
    return png(smaller(picture, max(picture.shape) / 1100))
