"""One scanned page read: its codes, whose page it is, how it lies, and what is written on it."""

from __future__ import annotations

from collections.abc import Sequence

from handouts.scan.codes import Symbol, symbols
from handouts.scan.identity import Doubtful, Identity, identify
from handouts.scan.ink import Strokes, unread
from handouts.scan.model import Doubt, PageReading
from handouts.scan.pictures import Picture, is_blank, png, smaller
from handouts.scan.printed import Blanks, PrintedRun
from handouts.scan.registration import register

_LEAST_AGREEMENT = 0.3
"""Share of a page's print that must stand where it belongs, for the page to be what its code says."""


def read_page(number: int, picture: Picture, text: str, run: PrintedRun, blanks: Blanks) -> PageReading:
    """What a scanned page is. number: in its file, from 1. text: what the file says of the page's letters."""
    found = symbols(picture)
    told = identify([each.code for each in found], text, run)
    if isinstance(told, Doubtful):
        if told.doubt is Doubt.UNREAD and is_blank(picture):
            return PageReading(number=number, blank=True, picture=_shown(picture))
        return _doubtful(number, told, picture)
    reading = told_page(number, picture, found, told, run, blanks)
    if found and reading.agreement is not None and reading.agreement < _LEAST_AGREEMENT:
        note = "what is printed on it is not the page that its code names"
        return _doubtful(number, Doubtful(Doubt.CONFLICT, note), picture)
    return reading


def told_page(
    number: int, picture: Picture, found: Sequence[Symbol], told: Identity, run: PrintedRun, blanks: Blanks
) -> PageReading:
    """What is written on a page of which it is known whose it is."""
    packet_id = told.packet.packet_id
    if told.page is None:
        return PageReading(number=number, packet_id=packet_id, padding=True)
    fields = run.fields(told.packet, told.page)
    blank = blanks.picture(told.packet, told.page)
    laid = register(picture, found, blank, run.geometry) if blank is not None else None
    if blank is None or laid is None:
        shown = _shown(picture)
        return PageReading(number=number, packet_id=packet_id, page=told.page, fields=unread(fields), picture=shown)
    strokes = Strokes(laid.picture, blank)
    return PageReading(
        number=number,
        packet_id=packet_id,
        page=told.page,
        turned=laid.turned,
        agreement=round(laid.agreement, 3),
        fields=tuple(strokes.reading(place, field) for place, field in enumerate(fields)),
    )


def _doubtful(number: int, told: Doubtful, picture: Picture) -> PageReading:
    return PageReading(number=number, doubt=told.doubt, note=told.note, picture=_shown(picture))


def _shown(picture: Picture) -> bytes:
    """A page for people to look at, some 100 dots per inch."""
    return png(smaller(picture, max(picture.shape) / 1100))
