"""How the pages look: sizes in points, colours that a gray laser printer keeps apart.

The floor of 12 pt, left alignment, bold as the only stress and lines of some 70 characters follow the
RNIB's clear print guidance.
"""

from __future__ import annotations

from dataclasses import dataclass

MM = 72 / 25.4
"""Points per millimetre."""


@dataclass(frozen=True, slots=True)
class Style:
    """A kind of text. size and leading in points; colour as PDF operators, empty for black."""

    size: float
    leading: float
    bold: bool = False
    colour: bytes = b""


INK = b".04 .27 .42"
"""A deep blue: 9:1 against white, and near black on a gray printer."""

BODY = Style(12, 16.5)
STRONG = Style(12, 16.5, bold=True)
CELL = Style(12, 15.5)
HEAD_CELL = Style(12, 15.5, bold=True)
TITLE = Style(19, 24, bold=True, colour=INK + b" rg")
SECTION = Style(14.5, 19, bold=True, colour=INK + b" rg")
SUBSECTION = Style(12.5, 17, bold=True)
BOX_TITLE = Style(13.5, 18, bold=True, colour=INK + b" rg")
LABEL = Style(12, 15)
FURNITURE = Style(12, 15)
FURNITURE_STRONG = Style(12, 15, bold=True)
SMALL_PRINT = Style(8, 9.5)

HEADINGS = {1: TITLE, 2: SECTION, 3: SUBSECTION}

TINT = b".925 .949 .965 rg"
HAIRLINE = b".6 w .55 G"
WRITING_LINE = b".9 w 0 G"
BOX_LINE = b"1 w 0 G"

BLANK_WIDTH = 42 * MM
"""A rule to write on within a line."""

LEAST_BLANK_WIDTH = 18 * MM
"""What a table's column keeps free for such a rule."""

SIGNATURE_HEIGHT = 11 * MM
"""Free height above a signature line; 8 mm is the least that an adult's signature needs."""

SIGNATURE_WIDTH = 84 * MM
DATE_WIDTH = 42 * MM
WRITING_HEIGHT = 9.5 * MM
TICK = 11.5
"""The side of a box to tick."""

INITIAL_WIDTH, INITIAL_HEIGHT = 17 * MM, 9 * MM


@dataclass(frozen=True, slots=True)
class Geometry:
    """A page: its size, the frame that forms fill, and where the two codes stand.

    `top` and `bottom` are the heights kept for header and footer; a footer whose values wrap takes more.
    """

    width: float
    height: float
    side: float = 22 * MM
    edge: float = 10 * MM
    code: float = 15 * MM
    top: float = 30 * MM
    bottom: float = 29 * MM

    @property
    def frame_width(self) -> float:
        """The width of running text."""
        return self.width - 2 * self.side


PAPERS = {"letter": Geometry(612, 792), "a4": Geometry(595.276, 841.89)}
