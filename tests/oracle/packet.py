"""A whole packet laid out from scratch: every page as its words in reading order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from handouts.layout import style as s
from handouts.layout.codes import grouped
from handouts.layout.composition import Copy
from handouts.layout.furniture import _HEADER_GAP, _QUIET_MODULES, _RULE_GAP, Furniture
from handouts.layout.pagination import CLOSER, SPARSE
from handouts.layout.text import Values
from handouts.library.document import Inline, Text
from handouts.library.fields import Field
from tests.oracle.blocks import TYPE, Row, rows_of
from tests.oracle.measure import Word, natural_width, set_lines

LOGO_HEIGHT, LOGO_WIDTH, LOGO_GAP, CODE_GAP, NUMBER_GAP = 14 * s.MM, 50 * s.MM, 4 * s.MM, 3 * s.MM, 12.0

Page = list[Word]
"""Words in reading order; x from the page's left edge, y from its bottom."""


class TooTallError(Exception):
    """A row is taller than a page."""


def packet(copies: Sequence[Copy], furniture: Furniture, values: Values, packet_id: str) -> list[Page]:
    """The pages of one patient's packet."""
    TYPE.set(furniture.text)
    geometry = furniture.geometry
    quiet = _QUIET_MODULES * furniture.module
    header, header_height = _header(furniture, quiet)
    top = max(header_height + _HEADER_GAP, geometry.top)
    identifiers = _identifiers(furniture, values, quiet)
    pages: list[tuple[Copy, Page]] = []
    for copy in copies:
        lines = len(_footer_lines(furniture, copy, 999, 999, quiet))
        below = s.SMALL_PRINT.leading + lines * furniture.text.furniture.leading
        text_top = geometry.edge + below + len(identifiers) * furniture.text.furniture.leading
        bottom = max(max(text_top, geometry.edge + geometry.code + quiet) + 2 * _RULE_GAP, geometry.bottom)
        rows = rows_of(copy.form, values, geometry.frame_width, furniture.labels)
        for page in paginated(rows, geometry.height - top - bottom):
            words = [_onto(word, geometry.side, geometry.height - top - y) for row, y in page for word in row.words]
            pages.append((copy, words))
    return [
        header + body + _footer(furniture, copy, number, len(pages), identifiers, packet_id, quiet)
        for number, (copy, body) in enumerate(pages, 1)
    ]


def paginated(rows: Sequence[Row], height: float) -> list[list[tuple[Row, float]]]:
    """Rows onto pages, each with how far its top is below the page's; no last page holds little if that can be."""
    pages = _full_pages(rows, height)
    little = SPARSE * height
    if len(pages) == 1 or _foot(pages[-1]) >= little:
        return pages
    closer = _full_pages([replace(row, gap=row.gap * CLOSER) for row in rows], height)
    if len(closer) < len(pages):
        return closer
    for end in range(len(pages[-2]) - 1, _headers(pages[-2]), -1):
        first, moved = pages[-2][:end], [row for row, _ in pages[-2][end:] + pages[-1][_headers(pages[-1]) :]]
        if first[-1][0].keep:
            continue
        last = _full_pages(moved, height)
        if len(last) > 1 or _foot(first) < height / 2:
            break
        if _foot(last[0]) >= little:
            return [*pages[:-2], first, *last]
    return pages


def _headers(page: Sequence[tuple[Row, float]]) -> int:
    """How many rows at a page's top are repeated there."""
    return int(page[1][0].header is page[0][0]) if len(page) > 1 else 0


def _full_pages(rows: Sequence[Row], height: float) -> list[list[tuple[Row, float]]]:
    pages: list[list[tuple[Row, float]]] = [[]]
    waiting = list(rows)
    while waiting:
        chain = 1
        while waiting[chain - 1].keep and chain < len(waiting):
            chain += 1
        placed = _after(pages[-1], waiting[:chain])
        if _foot(placed) > height + 1e-6 and pages[-1]:
            pages.append([])
            continue
        while _foot(placed) > height + 1e-6:  # nothing can keep this together: as much as fits
            chain -= 1
            if not chain:
                raise TooTallError
            placed = _after(pages[-1], waiting[:chain])
        pages[-1] = placed
        del waiting[:chain]
    return pages


def _foot(page: Sequence[tuple[Row, float]]) -> float:
    row, down = page[-1]
    return down + row.height


def _after(page: list[tuple[Row, float]], rows: Sequence[Row]) -> list[tuple[Row, float]]:
    """The page with `rows` below what stands there."""
    placed = list(page)
    for row in rows:
        if not placed and row.header is not None:
            placed = [(row.header, 0.0), (row, row.header.height)]
        else:
            placed.append((row, _foot(placed) + row.gap if placed else 0.0))
    return placed


def _onto(word: Word, x: float, y: float) -> Word:
    """A word on the page: its top left at (x, y), y growing upwards from here on."""
    return tuple(letter.upright(x, y) for letter in word)


# -- furniture -------------------------------------------------------------------------------------


def _header(furniture: Furniture, quiet: float) -> tuple[Page, float]:
    geometry, clinic = furniture.geometry, furniture.clinic
    left = geometry.side
    if furniture.logo is not None:
        left += min(LOGO_HEIGHT * furniture.logo, LOGO_WIDTH) + LOGO_GAP
    width = geometry.width - geometry.edge - geometry.code - quiet - CODE_GAP - left
    words: Page = []
    down = 0.0
    for text, style in (
        (clinic.name, furniture.text.furniture_strong),
        (", ".join(clinic.address), furniture.text.furniture),
        (f"{clinic.phones[0].label} {clinic.phones[0].number}", furniture.text.furniture),
    ):
        for line in set_lines((Text(text),), style, width):
            words += [_onto(word, left, geometry.height - geometry.edge - down) for word in line]
            down += style.leading
    return words, geometry.edge + max(down, geometry.code + quiet)


def _footer_place(furniture: Furniture, quiet: float) -> tuple[float, float]:
    geometry = furniture.geometry
    left = geometry.edge + geometry.code + quiet + CODE_GAP
    return left, geometry.width - geometry.edge - left


def _identifiers(furniture: Furniture, values: Values, quiet: float) -> list[list[Word]]:
    labels = furniture.labels
    content: list[Inline] = [
        Text(values(Field("patient.name")), bold=True),
        Text(f" · {labels.born} "),
        Text(values(Field("patient.birth_date", "date", "short"))),
    ]
    if values(Field("patient.id")):
        content += [Text(f" · {labels.record} "), Text(values(Field("patient.id")))]
    return set_lines(content, furniture.text.furniture, _footer_place(furniture, quiet)[1])


def _footer_lines(furniture: Furniture, copy: Copy, page: int, pages: int, quiet: float) -> list[list[Word]]:
    labels, form = furniture.labels, copy.form
    name = f"{form.title} · {form.form_id}\u00a0{labels.version}\u00a0{form.version}"
    if copy.of > 1:
        name += " · " + labels.copy_of.format(copy=copy.number, copies=copy.of)
    number = Text(labels.page.format(page=page, pages=pages), bold=True)
    width = _footer_place(furniture, quiet)[1] - natural_width((number,), furniture.text.furniture) - NUMBER_GAP
    return set_lines((Text(name),), furniture.text.furniture, width)


def _footer(
    furniture: Furniture,
    copy: Copy,
    page: int,
    pages: int,
    identifiers: Sequence[list[Word]],
    packet_id: str,
    quiet: float,
) -> Page:
    edge = furniture.geometry.edge
    left, width = _footer_place(furniture, quiet)
    number = Text(furniture.labels.page.format(page=page, pages=pages), bold=True)
    lines = _footer_lines(furniture, copy, page, pages, quiet)
    top = edge + s.SMALL_PRINT.leading + len(lines) * furniture.text.furniture.leading
    leading = furniture.text.furniture.leading
    small = set_lines((Text(f"{furniture.labels.packet} {grouped(packet_id)}"),), s.SMALL_PRINT, width)
    return [
        *_down(identifiers, left, top + len(identifiers) * leading, leading),
        *_down(lines, left, top, leading),
        *_down(set_lines((number,), furniture.text.furniture, width, "right"), left, top, leading),
        *_down(small, left, edge + s.SMALL_PRINT.leading, s.SMALL_PRINT.leading),
    ]


def _down(lines: Sequence[list[Word]], x: float, top: float, leading: float) -> Page:
    return [_onto(word, x, top - index * leading) for index, line in enumerate(lines) for word in line]
