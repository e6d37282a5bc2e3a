"""How the pages look: sizes in points, colours that a gray laser printer keeps apart.

The floor of 12 pt, left alignment, bold as the only stress and lines of some 70 characters follow the
RNIB's clear print guidance.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from handouts.layout.bidi import Direction, direction_of

MM = 72 / 25.4
"""Points per millimetre."""


@dataclass(frozen=True, slots=True)
class Style:
    """A kind of text. size and leading in points; colour as PDF operators, empty for black.

    direction: in which paragraphs are read; `align` of what is painted stays a side of the page.
    language: as in BCP 47; it decides whose ideographs are printed where the text itself does not.
    """

    size: float
    leading: float
    bold: bool = False
    colour: bytes = b""
    direction: Direction = "ltr"
    language: str = ""


INK = b".04 .27 .42"
"""A deep blue: 9:1 against white, and near black on a gray printer."""


@dataclass(frozen=True, slots=True)
class Typography:
    """Every kind of text on a page. In points: the side of a box to tick, and how far lists are set in."""

    body: Style
    strong: Style
    cell: Style
    head_cell: Style
    title: Style
    section: Style
    subsection: Style
    box_title: Style
    label: Style
    furniture: Style
    furniture_strong: Style
    tick: float
    bullet: float
    number: float

    def of(self, language: str) -> Typography:
        """The same text in a language: which way it is read, and whose ideographs it is written in."""
        direction = direction_of(language)

        def read(style: Style) -> Style:
            return replace(style, direction=direction, language=language)

        return replace(
            self,
            body=read(self.body),
            strong=read(self.strong),
            cell=read(self.cell),
            head_cell=read(self.head_cell),
            title=read(self.title),
            section=read(self.section),
            subsection=read(self.subsection),
            box_title=read(self.box_title),
            label=read(self.label),
            furniture=read(self.furniture),
            furniture_strong=read(self.furniture_strong),
        )

    @property
    def rtl(self) -> bool:
        """Whether it is read from right to left, and pages are mirrored."""
        return self.body.direction == "rtl"

    def heading(self, level: int) -> Style:
        """A heading of level 1 to 3."""
        return (self.title, self.section, self.subsection)[level - 1]


_COLOUR = INK + b" rg"

NORMAL = Typography(
    body=Style(12, 16.5),
    strong=Style(12, 16.5, bold=True),
    cell=Style(12, 15.5),
    head_cell=Style(12, 15.5, bold=True),
    title=Style(19, 24, bold=True, colour=_COLOUR),
    section=Style(14.5, 19, bold=True, colour=_COLOUR),
    subsection=Style(12.5, 17, bold=True),
    box_title=Style(13.5, 18, bold=True, colour=_COLOUR),
    label=Style(12, 15),
    furniture=Style(12, 15),
    furniture_strong=Style(12, 15, bold=True),
    tick=11.5,
    bullet=16.0,
    number=24.0,
)

LARGE = Typography(
    body=Style(18, 24.5),
    strong=Style(18, 24.5, bold=True),
    cell=Style(18, 23),
    head_cell=Style(18, 23, bold=True),
    title=Style(25, 31, bold=True, colour=_COLOUR),
    section=Style(21, 27, bold=True, colour=_COLOUR),
    subsection=Style(18.5, 25, bold=True),
    box_title=Style(19.5, 26, bold=True, colour=_COLOUR),
    label=Style(18, 22),
    furniture=Style(16, 19),
    furniture_strong=Style(16, 19, bold=True),
    tick=16.0,
    bullet=22.0,
    number=34.0,
)
"""Large print: 18 pt, the RNIB's advice; what stands at the edge of every page has the least that counts as large."""

SMALL_PRINT = Style(8, 9.5)
"""For the packet's id beside the code: it is there for staff whose scanner cannot read the code."""

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
