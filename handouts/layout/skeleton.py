"""What packets share, and the holes for what differs.

Only the heights of a patient's blocks decide where everything falls, so packets whose blocks are equally
tall share one skeleton.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, fields
from functools import cached_property

from handouts.layout.xobject import XObject
from handouts.model import FieldKind

_FONT = re.compile(rb"/([RB][a-z]*\d*) [\d.]+ Tf")


@dataclass(frozen=True, slots=True)
class Static:
    """Content that is the same in every packet of a skeleton."""

    data: bytes


@dataclass(frozen=True, slots=True)
class PacketCodeHole:
    """What the codes of a packet's pages have in common, and other packets' have not."""


@dataclass(frozen=True, slots=True)
class CodeHole:
    """The rest of a page's code. page: from 1; None on a padding page. mark: the short hash of the form's version."""

    page: int | None
    mark: str


@dataclass(frozen=True, slots=True)
class PacketLineHole:
    """The packet's id in small print."""


@dataclass(frozen=True, slots=True)
class IdentifiersHole:
    """The patient's identifiers in the footer, standing on static lines that are `below` points tall."""

    below: float


@dataclass(frozen=True, slots=True)
class Place:
    """Where an atom stands: the copy and the block that it is of, its number there, y of its top in page coordinates.

    repeated: it is the header of that atom, painted again. marks: what is written before each piece of the atom.
    """

    copy: int
    block: int
    number: int
    y: float
    repeated: bool
    marks: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class TextHole:
    """Atoms of blocks with fields that follow one another on a page."""

    places: tuple[Place, ...]


Hole = PacketCodeHole | CodeHole | PacketLineHole | IdentifiersHole | TextHole


@dataclass(frozen=True, slots=True)
class Page:
    """A page of copy number `copy` (from 0): what it paints in reading order; a number stands for that hole.

    marked: which element each piece of marked content belongs to, by its MCID. Empty: the page is all artifact.
    """

    contents: tuple[Static | int, ...]
    copy: int
    marked: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Marked:
    """A piece of marked content: its page, from 0, and its MCID there."""

    page: int
    mcid: int


@dataclass(frozen=True, slots=True)
class Element:
    """A structure element. parent: its number in the skeleton, or -1 for the packet. kids: in reading order."""

    kind: str
    entries: bytes
    parent: int
    kids: tuple[int | Marked, ...]


@dataclass(frozen=True, slots=True)
class PenField:
    """What a pen fills in, as `Area` tells. page: from 1. box: left, bottom, right, top in points from the page's lower
    left; the bottom of a signature's, date's or time's box is the line to write on.
    """

    kind: FieldKind
    name: str
    page: int
    box: tuple[float, float, float, float]
    optional: bool


@dataclass(frozen=True, eq=False)
class Skeleton:
    """The pages of equally tall packets. size: width and height in points. fonts: what the static text needs.

    pictures: what the forms show, each once. elements: the structure tree, one Part for each copy of a form.
    titles: of the copies, each with the page, from 0, on which it begins. language: of the forms, as in BCP 47.
    """

    size: tuple[float, float]
    language: str
    pages: tuple[Page, ...]
    holes: tuple[Hole, ...]
    to_fill_in: tuple[PenField, ...]
    fonts: frozenset[str]
    pictures: tuple[XObject, ...]
    elements: tuple[Element, ...]
    titles: tuple[tuple[str, int], ...]

    @cached_property
    def layout(self) -> str:
        """A digest over what is filled in where."""
        return hashlib.sha256(repr(self.to_fill_in).encode()).hexdigest()[:16]

    @property
    def content(self) -> tuple[Hashable, ...]:
        """What it is made of, in the order of its fields. Skeletons are told apart by identity, which is quick."""
        return tuple(getattr(self, each.name) for each in fields(self))


@dataclass(frozen=True, slots=True)
class Pressed:
    """One packet: its skeleton, what fills each hole, and the fonts that takes."""

    skeleton: Skeleton
    parts: tuple[bytes, ...]
    fonts: frozenset[str]


def fonts_in(painted: Iterable[bytes]) -> frozenset[str]:
    """The font subsets that content streams select."""
    return frozenset(name.decode() for data in painted for name in _FONT.findall(data))
