"""Structure elements of tagged PDF (ISO 32000-1, 14.7 and 14.8): what a piece of content is to a screen reader."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from handouts.library.document import Inlines, Slot, Text


class Tag(NamedTuple):
    """A structure element. number: tells it from others of its kind under one parent. entries: of its dictionary."""

    kind: str
    number: int = 0
    entries: bytes = b""


Path = tuple[Tag, ...]
"""From the outermost element of a block to the one that holds a piece of content."""

ARTIFACT: Path = ()
"""The path of what readers pass over: rules, tints and whatever else carries no meaning."""

PARAGRAPH: Path = (Tag("P"),)
_COLUMN_HEAD = b"/A<</O/Table/Scope/Column>>"


def text_string(value: str) -> bytes:
    """A PDF text string, in UTF-16 where ASCII cannot hold it."""
    if value.isascii():
        return b"(%s)" % value.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)").encode()
    return b"<FEFF%s>" % value.encode("utf-16-be").hex().upper().encode()


def heading(level: int) -> Path:
    """A heading. Six levels are all that there are."""
    return (Tag(f"H{min(level, 6)}"),)


@cache
def listing(numbering: str) -> Tag:
    """A list. numbering: Disc, Decimal or None."""
    return Tag("L", 0, b"/A<</O/List/ListNumbering/%s>>" % numbering.encode())


def label(parent: Tag, number: int) -> Path:
    """What stands before item `number`, from 0."""
    return parent, Tag("LI", number), Tag("Lbl")


def item(parent: Tag, number: int) -> Path:
    """The text of item `number`, from 0."""
    return parent, Tag("LI", number), Tag("LBody")


def cell(row: int, column: int, *, head: bool) -> Path:
    """A cell of a table; row 0 is its header."""
    within = Tag("Table"), Tag("TR", row)
    return (*within, Tag("TH", column, _COLUMN_HEAD)) if head else (*within, Tag("TD", column))


@cache
def box_to_tick(name: str, number: int = 0) -> Tag:
    """A printed box (14.8.5.6). name: what ticking it says."""
    return Tag("Form", number, b"/A<</O/PrintField/Role/cb/checked/off/Desc%s>>" % text_string(name))


@cache
def line_to_write(name: str, number: int = 0) -> Tag:
    """A printed line, or a box, for the pen (14.8.5.6). name: what is to be written."""
    return Tag("Form", number, b"/A<</O/PrintField/Role/tv/Desc%s>>" % text_string(name))


@cache
def foreign(language: str) -> Tag:
    """A division in another language than the document's. language: a tag (BCP 47)."""
    return Tag("Div", 0, b"/Lang" + text_string(language))


@cache
def figure(alt: str) -> Path:
    """A picture. alt: what it shows."""
    return (Tag("Figure", 0, b"/Alt%s" % text_string(alt)),)


def told(content: Inlines) -> str:
    """The words of `content` without fields and blanks."""
    words = "".join(part.text if isinstance(part, Text) else "" if isinstance(part, Slot) else " " for part in content)
    return " ".join(words.split())
