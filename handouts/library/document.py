"""What a template becomes: a tree of blocks whose leaves are text and fields. Knows nothing of pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from handouts.errors import Place
from handouts.library.fields import Field


@dataclass(frozen=True, slots=True)
class Text:
    """Words that are the same for every patient of the variant."""

    text: str
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Slot:
    """A place where one patient's value is printed."""

    field: Field
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Blank:
    """A rule to write on, within a line."""


@dataclass(frozen=True, slots=True)
class Break:
    """A new line within a paragraph."""


Inline = Text | Slot | Blank | Break
Inlines = tuple[Inline, ...]
Align = Literal["left", "center", "right"]
Marker = Literal["bullet", "number", "tick", "initial"]
Icon = Literal["people", "times"]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 is the form's title."""

    level: int
    content: Inlines


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text."""

    content: Inlines


@dataclass(frozen=True, slots=True)
class Items:
    """A list. `marker` tells what stands before each item: a bullet, its number, a box to tick, a line to initial."""

    marker: Marker
    items: tuple[Inlines, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a header; every row has as many cells as `aligns`."""

    aligns: tuple[Align, ...]
    header: tuple[Inlines, ...]
    rows: tuple[tuple[Inlines, ...], ...]


@dataclass(frozen=True, slots=True)
class Details:
    """Labels and their values, side by side."""

    entries: tuple[tuple[Inlines, Inlines], ...]


@dataclass(frozen=True, slots=True)
class Screening:
    """Questions, each answered by ticking yes or no."""

    questions: tuple[Inlines, ...]


@dataclass(frozen=True, slots=True)
class Callout:
    """A box that stands out. `kind` is summary, note or emergency."""

    kind: Literal["summary", "note", "emergency"]
    title: Inlines
    blocks: tuple[Paragraph | Items, ...]


@dataclass(frozen=True, slots=True)
class Passage:
    """Text in another language than the form's. language: its tag (BCP 47)."""

    language: str
    blocks: tuple[Paragraph | Items, ...]


@dataclass(frozen=True, slots=True)
class WriteLines:
    """Empty lines over the whole width, to write on."""

    count: int


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing, `height` millimetres tall. The caption says what it shows, for readers who do not see it too."""

    name: str
    file: Path
    height: int
    caption: Inlines


@dataclass(frozen=True, slots=True)
class IconArray:
    """A risk as a picture: `of` marks, of which the first `affected` stand out.

    icon: what each mark stands for, a person or one time that something is done. The caption tells the same in words.
    """

    icon: Icon
    affected: int
    of: int
    caption: Inlines


@dataclass(frozen=True, slots=True)
class Signature:
    """A block to sign: statements, then a line to sign with date and time, then labelled lines.

    optional: the form is whole without it, such as a witness who was not needed.
    """

    role: str
    statements: tuple[Paragraph, ...]
    lines: tuple[tuple[Inlines, Inlines], ...]
    optional: bool = False


Block = (
    Heading
    | Paragraph
    | Items
    | Table
    | Details
    | Screening
    | Callout
    | Passage
    | WriteLines
    | Picture
    | IconArray
    | Signature
)


@dataclass(frozen=True, slots=True)
class Form:
    """One document of a packet. `kind` is its file's name without ending; form_id and version stand on each page.

    places: where in the templates each block begins. lines: each line of the rendered Markdown, and where it came from.
    files: all templates and pictures that the form is made of.
    """

    kind: str
    title: str
    form_id: str
    version: str
    blocks: tuple[Block, ...]
    places: tuple[Place, ...]
    lines: tuple[tuple[Place, str], ...]
    files: tuple[Path, ...]


def contents(block: Block) -> Iterator[Inlines]:
    """All text of a block, in reading order."""
    match block:
        case Heading(content=content) | Paragraph(content=content):
            yield content
        case Picture(caption=caption) | IconArray(caption=caption):
            yield caption
        case Items(items=items) | Screening(questions=items):
            yield from items
        case Table(header=header, rows=rows):
            yield from header
            for row in rows:
                yield from row
        case Details(entries=entries):
            for label, value in entries:
                yield from (label, value)
        case Callout(title=title, blocks=blocks):
            yield title
            for inner in blocks:
                yield from contents(inner)
        case Passage(blocks=blocks):
            for inner in blocks:
                yield from contents(inner)
        case Signature(statements=statements, lines=lines):
            for statement in statements:
                yield statement.content
            for label, value in lines:
                yield from (label, value)
        case WriteLines():
            return
