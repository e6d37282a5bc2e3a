"""How a run stands as a sheet of paper for the morning huddle: who has not signed, in the order of the day."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import TYPE_CHECKING

from handouts.layout.families import BOLD, REGULAR, REPLACEMENT
from handouts.model import Paper
from handouts.scan.model import AppointmentStatus, RunStatus
from handouts.scan.telling import (
    clock,
    counted,
    day,
    days,
    needs_someone,
    not_printed,
    page_ranges,
    times,
    totals,
    unsigned,
)

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas
    from reportlab.platypus import Paragraph

_SIZES: dict[Paper, tuple[float, float]] = {"letter": (612.0, 792.0), "a4": (595.28, 841.89)}
_MARGIN = 40.0
_HEAD = 58.0
_FOOT = 20.0
_TYPE_SIZES = (9.5, 9.0, 8.5, 8.0, 7.5, 7.0)
"""Points: the first at which the day fits on one page; where it does not, the first of all."""
_LEADING = 1.2
_PADDING = 1.5
_GAP = 5.0
_BAR = 3.5
"""Points: how wide the bar is beside an appointment that someone must see to."""
_GREY = 0.35
_COLUMNS = {
    "Done": 0.065,
    "Time": 0.115,
    "Appointment": 0.135,
    "Came back": 0.15,
    "Not signed, notes": 0.395,
    "Pages missing": 0.14,
}
"""Shares of the page's width."""
_LEGEND = "Bar and box: someone must see to it. Empty: no ink was found. To look at: it could not be told."


@dataclass(frozen=True, slots=True)
class _Row:
    """A line of the table, set. height: in points. open: whether someone must see to it."""

    cells: tuple[Paragraph, ...]
    height: float
    open: bool = False


def huddle(status: RunStatus, paper: Paper, moment: datetime) -> bytes:
    """The sheet as a PDF, the same bytes for the same arguments.

    One page for a day of forty appointments; a longer day goes on on further pages. paper: as the run was printed on.
    moment: when the run stood so, in the clinic's time zone.
    """
    from reportlab.pdfgen.canvas import Canvas

    _register_fonts()
    width, height = _SIZES[paper]
    inner = width - 2 * _MARGIN
    pages = _pages(status, inner, height - 2 * _MARGIN - _HEAD - _FOOT)
    out = io.BytesIO()
    font = REGULAR.name
    canvas = Canvas(out, (width, height), invariant=1, lang="en-US", initialFontName=font)  # type: ignore[arg-type]  # the stubs know fonts of 1985 only
    canvas.setTitle(f"Signed forms, {days(status)}, run {status.run_id}")
    canvas.setSubject("Which forms of the day came back on paper, and which are signed")
    canvas.setAuthor("handouts")
    canvas.setCreator("handouts")
    canvas.setDateFormatter(lambda *_: _pdf_date(moment))
    for number, rows in enumerate(pages, 1):
        canvas.translate(_MARGIN, 0)
        _draw_head(canvas, status, moment, inner, height - _MARGIN)
        _draw_rows(canvas, rows, inner, height - _MARGIN - _HEAD)
        canvas.setFont(REGULAR.name, 8)
        canvas.drawString(0, _MARGIN, _LEGEND)
        canvas.drawRightString(inner, _MARGIN, f"Page {number} of {len(pages)}")
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _pdf_date(moment: datetime) -> str:
    offset = moment.strftime("%z")
    return f"{moment:D:%Y%m%d%H%M%S}" + (f"{offset[:3]}'{offset[3:5]}'" if offset else "")


def _register_fonts() -> None:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    for face in (REGULAR, BOLD):
        if face.name not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont(face.name, str(face.path)))


# -- rows ------------------------------------------------------------------------------------------


def _pages(status: RunStatus, width: float, room: float) -> list[list[_Row]]:
    """The rows page by page, each page with the headings. width, room: of the table, in points."""
    largest, *smaller = _TYPE_SIZES
    rows = list(_rows(status, largest, width))
    if len(rows) * _height(_TYPE_SIZES[-1]) <= room:
        for size in smaller:
            if sum(row.height for row in rows) <= room:
                break
            rows = list(_rows(status, size, width))
        if sum(row.height for row in rows) <= room:
            return [rows]
        rows = list(_rows(status, largest, width))
    headings, *waiting = rows
    pages = [[headings]]
    left = room - headings.height
    for row in waiting:
        if row.height > left:
            pages.append([headings])
            left = room - headings.height
        pages[-1].append(row)
        left -= row.height
    return pages


def _height(size: float) -> float:
    """Of a row of one line of type, in points."""
    return size * _LEADING + 2 * _PADDING


def _rows(status: RunStatus, size: float, width: float) -> Iterator[_Row]:
    """The headings, then each appointment."""
    yield _set(list(_COLUMNS), size, width, bold=True)
    for time, each in zip(times(status), status.appointments, strict=True):
        told = "; ".join([*(f"{roles}: {why}" for roles, why in unsigned(each)), *each.notes])
        cells = ("", time, each.appointment_id, _came_back(each), told, page_ranges(each.pages_missing))
        waiting = needs_someone(each)
        row = _set(cells, size, width, bold=waiting)
        yield _Row(row.cells, row.height, open=waiting)
    if told := not_printed(status):
        row = _set(("", "", "", "not printed", told, ""), size, width, bold=True)
        yield _Row(row.cells, row.height, open=True)


def _came_back(each: AppointmentStatus) -> str:
    returned = len(each.pages_returned)
    if each.state == "returned":
        return f"{returned} of {counted(returned + len(each.pages_missing), 'page')}"
    return "nothing" if each.state == "printed" else "complete"


def _set(cells: Sequence[str], size: float, width: float, *, bold: bool) -> _Row:
    """A row, in bold black or in plain grey."""
    from reportlab.lib.colors import Color
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Paragraph

    style = ParagraphStyle(
        "bold" if bold else "regular",
        fontName=(BOLD if bold else REGULAR).name,
        fontSize=size,
        leading=size * _LEADING,
        textColor=Color() if bold else Color(_GREY, _GREY, _GREY),
        splitLongWords=1,
    )
    made = tuple(Paragraph(_printable(text), style) for text in cells)
    heights = [each.wrap(width * share - _GAP, 10_000)[1] for each, share in zip(made, _COLUMNS.values(), strict=True)]
    return _Row(made, max(*heights, size * _LEADING) + 2 * _PADDING)


def _printable(text: str) -> str:
    """Text as reportlab reads it, with a mark in place of each letter that Noto Sans lacks."""
    known = (each if REGULAR.font.get_nominal_glyph(ord(each)) else REPLACEMENT for each in text)
    return escape("".join(known), quote=False)


# -- drawing ---------------------------------------------------------------------------------------


def _draw_head(canvas: Canvas, status: RunStatus, moment: datetime, width: float, top: float) -> None:
    counts = totals(status)
    title = f"Signed forms: {days(status) or 'no appointments'}"
    size = min(15.0, 15.0 * width / canvas.stringWidth(title, BOLD.name, 15))
    canvas.setFont(BOLD.name, size)
    canvas.drawString(0, top - 13, title)
    canvas.setFont(REGULAR.name, 9)
    canvas.drawString(0, top - 27, f"Run {status.run_id}, as it stood on {day(moment)}, {clock(moment)}")
    canvas.setFont(BOLD.name, 10)
    told = [f"{counts['complete']} complete", f"{counts['returned']} came back in part or unsigned"]
    told += [f"{counts['printed']} printed, nothing came back"]
    canvas.drawString(0, top - 42, "   ".join(told))
    if status.queued:
        canvas.drawRightString(width, top - 27, f"{counted(status.queued, 'page')} in the queue: handouts scan assign")


def _draw_rows(canvas: Canvas, rows: Sequence[_Row], width: float, top: float) -> None:
    for number, row in enumerate(rows):
        left = 0.0
        for cell, share in zip(row.cells, _COLUMNS.values(), strict=True):
            cell.drawOn(canvas, left + _BAR + 2, top - _PADDING - cell.height)
            left += width * share
        if row.open:
            canvas.rect(0, top - row.height + 0.5, _BAR, row.height - 1, stroke=0, fill=1)
            _draw_box(canvas, _BAR + 8, top, row)
        top -= row.height
        canvas.setLineWidth(0.9 if number == 0 else 0.25)
        canvas.line(0, top, width, top)


def _draw_box(canvas: Canvas, left: float, top: float, row: _Row) -> None:
    """A box to tick, beside the row's first line."""
    side = row.cells[0].style.leading - 1
    canvas.setLineWidth(0.8)
    canvas.rect(left, top - _PADDING - side - 0.5, side, side)
