"""What stands on every page around the forms: clinic, codes, the two patient identifiers, form, page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from handouts.layout import style as s
from handouts.layout.codes import grouped
from handouts.layout.lines import lines_of, natural_width
from handouts.layout.pen import number, paint_lines
from handouts.layout.style import Geometry, Typography
from handouts.layout.symbols import MODULES
from handouts.layout.text import Line, Values, no_values, words_of
from handouts.library.document import Align, Form, Inline, Slot, Text
from handouts.library.fields import Field
from handouts.library.labels import Labels
from handouts.model import Clinic

_RULE_GAP = 8.0
_HEADER_GAP = 10.0
_QUIET_MODULES = 4


@dataclass(frozen=True)
class Furniture:
    """Page furniture for one clinic, language, paper and size of print.

    logo: width over height of the logo, None without one.
    """

    clinic: Clinic
    labels: Labels
    geometry: Geometry
    text: Typography
    logo: float | None

    # -- where things stand ------------------------------------------------------------------------

    @property
    def module(self) -> float:
        """The side of a module of the code, in points."""
        return self.geometry.code / MODULES

    @property
    def _quiet(self) -> float:
        return _QUIET_MODULES * self.module

    @property
    def _footer_left(self) -> float:
        return self.geometry.edge + self.geometry.code + self._quiet + 3 * s.MM

    @property
    def _footer_width(self) -> float:
        return self.geometry.width - self.geometry.edge - self._footer_left

    @property
    def _start(self) -> Align:
        """The side on which lines begin."""
        return "right" if self.text.rtl else "left"

    @property
    def _end(self) -> Align:
        return "left" if self.text.rtl else "right"

    def code_at(self, corner: str) -> bytes:
        """Opens the place of a code, `top right` or `bottom left`; `q` is closed by the `Q` after the code."""
        far = self.geometry.edge + self.geometry.code
        top = corner == "top right"
        x = self.geometry.width - far if top else self.geometry.edge
        y = self.geometry.height - far if top else self.geometry.edge
        return b"q %.5f 0 0 %.5f %s %s cm" % (self.module, self.module, number(x), number(y))

    # -- header ------------------------------------------------------------------------------------

    @cached_property
    def header(self) -> bytes:
        """The header's paint in page coordinates: logo, name, address, telephone."""
        return self._header[0]

    @cached_property
    def frame_top(self) -> float:
        """The top of the frame that forms fill, in page coordinates."""
        return self.geometry.height - max(self._header[1] + _HEADER_GAP, self.geometry.top)

    @cached_property
    def _header(self) -> tuple[bytes, float]:
        """The paint, and the height it needs from the page's top edge."""
        page = self.geometry
        left, top = page.side, page.height - page.edge
        width = page.width - page.edge - page.code - self._quiet - 3 * s.MM - left
        painted: list[bytes] = []
        if self.logo is not None:
            high = 14 * s.MM
            wide = min(high * self.logo, 50 * s.MM)
            high = wide / self.logo
            at = left + width - wide if self.text.rtl else left
            painted.append(
                b"q %s 0 0 %s %s %s cm /Logo Do Q" % (number(wide), number(high), number(at), number(top - high))
            )
            left += 0 if self.text.rtl else wide + 4 * s.MM
            width -= wide + 4 * s.MM
        down = 0.0
        for text, style in self._header_lines():
            lines = lines_of(words_of((Text(text),), style, no_values), style, width)
            painted.append(paint_lines(lines, style, left, top - down, width, self._start))
            down += style.leading * len(lines)
        return b"\n".join(painted), page.edge + max(down, page.code + self._quiet)

    def _header_lines(self) -> list[tuple[str, s.Style]]:
        main_number = self.clinic.phones[0]
        return [
            (self.clinic.name, self.text.furniture_strong),
            (", ".join(self.clinic.address), self.text.furniture),
            (f"{main_number.label} {main_number.number}", self.text.furniture),
        ]

    # -- footer ------------------------------------------------------------------------------------

    def identifiers(self, values: Values) -> list[Line]:
        """The patient's name, birth date and record number, in as many lines as they need."""
        content: list[Inline] = [Slot(Field("patient.name"), bold=True)]
        content += [Text(f" · {self.labels.born} "), Slot(Field("patient.birth_date", "date", "short"))]
        if values(Field("patient.id")):
            content += [Text(f" · {self.labels.record} "), Slot(Field("patient.id"))]
        return lines_of(words_of(tuple(content), self.text.furniture, values), self.text.furniture, self._footer_width)

    def paint_identifiers(self, lines: Sequence[Line], below: float) -> bytes:
        """The identifiers in page coordinates, standing on the static lines, which are `below` points tall."""
        top = self.geometry.edge + below + len(lines) * self.text.furniture.leading
        return paint_lines(lines, self.text.furniture, self._footer_left, top, self._footer_width, self._start)

    def footer(self, form: Form, copy: int, copies: int, page: int, pages: int) -> tuple[bytes, float]:
        """The footer's static lines in page coordinates, and their height: form, version, copy and page."""
        number_of = self.labels.page.format(page=page, pages=pages)
        number_words = words_of((Text(number_of, bold=True),), self.text.furniture, no_values)
        number_width = natural_width(number_words, self.text.furniture)
        name = f"{form.title} · {form.form_id}\u00a0{self.labels.version}\u00a0{form.version}"
        if copies > 1:
            name += " · " + self.labels.copy_of.format(copy=copy, copies=copies)
        width = self._footer_width - number_width - 12
        lines = lines_of(words_of((Text(name),), self.text.furniture, no_values), self.text.furniture, width)
        top = self.geometry.edge + s.SMALL_PRINT.leading + len(lines) * self.text.furniture.leading
        painted = [
            paint_lines(lines, self.text.furniture, self._footer_left, top, self._footer_width, self._start),
            paint_lines(
                [tuple(number_words)], self.text.furniture, self._footer_left, top, self._footer_width, self._end
            ),
        ]
        return b"\n".join(painted), s.SMALL_PRINT.leading + len(lines) * self.text.furniture.leading

    def footer_rule(self, below: float, identifier_lines: int) -> tuple[bytes, float]:
        """The line above the footer, and the height that the whole footer takes from the page's bottom edge."""
        text_top = self.geometry.edge + below + identifier_lines * self.text.furniture.leading
        y = max(text_top, self.geometry.edge + self.geometry.code + self._quiet) + _RULE_GAP
        right = self.geometry.width - self.geometry.edge
        rule = b"%s %s %s m %s %s l S" % (s.HAIRLINE, number(self._footer_left), number(y), number(right), number(y))
        return rule, y + _RULE_GAP

    def frame_height(self, form: Form, copy: int, copies: int, identifier_lines: int) -> float:
        """The height that a form may fill on each page."""
        _, below = self.footer(form, copy, copies, 999, 999)
        _, foot = self.footer_rule(below, identifier_lines)
        return self.frame_top - max(foot, self.geometry.bottom)

    def packet_line(self, packet_id: str) -> bytes:
        """The packet's id in small print, beside the lower code."""
        text = Text(f"{self.labels.packet} {grouped(packet_id)}")
        style = replace(s.SMALL_PRINT, direction=self.text.body.direction)
        lines = lines_of(words_of((text,), style, no_values), style, self._footer_width)
        top = self.geometry.edge + style.leading
        return paint_lines(lines, style, self._footer_left, top, self._footer_width, self._start)

    # -- the page that is left blank ---------------------------------------------------------------

    def blank_page(self) -> bytes:
        """The one line of a padding page, in page coordinates."""
        words = words_of((Text(self.labels.blank_page),), self.text.body, no_values)
        return paint_lines(
            [tuple(words)],
            self.text.body,
            self.geometry.side,
            self.geometry.height / 2,
            self.geometry.frame_width,
            "center",
        )
