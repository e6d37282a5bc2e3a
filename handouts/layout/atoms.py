"""The unit of page making: a piece of a block that never breaks across pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from handouts.layout.measures import Written
from handouts.layout.pen import number
from handouts.layout.tags import ARTIFACT, Path, Tag
from handouts.layout.xobject import XObject
from handouts.model import FieldKind


@dataclass(frozen=True, slots=True)
class Area:
    """What a pen fills in: the room above a line, or a box. Points; x from the atom's left, y downwards from its top.

    name: the role of who signs, or the answer that a box stands for; empty where the box is the only one of its line.
    """

    kind: FieldKind
    name: str
    x: float
    y: float
    width: float
    height: float
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Piece:
    """What is painted of one structure element; nothing for an element that is empty, lines for a text with fields.

    `paint` has its origin at (x, y) in points from the atom's top left; y grows upwards. It goes from there `width`
    points to the right.
    """

    path: Path
    paint: bytes | Written
    width: float
    x: float = 0.0
    y: float = 0.0


@dataclass(frozen=True, slots=True)
class Atom:
    """What is painted together, in reading order.

    height and gap in points; the gap stands above the atom unless it is first on its page. keep: the next
    atom belongs on the same page. header: painted again above this atom where it starts a page.
    picture: what a piece calls by its name.
    """

    height: float
    pieces: tuple[Piece, ...]
    gap: float = 0.0
    keep: bool = False
    header: Atom | None = None
    areas: tuple[Area, ...] = ()
    picture: XObject | None = None


def artifact(paint: bytes, width: float, x: float = 0.0, y: float = 0.0) -> Piece:
    """Paint that has no meaning of its own."""
    return Piece(ARTIFACT, paint, width, x, y)


def moved(pieces: Iterable[Piece], x: float, y: float) -> list[Piece]:
    """The same pieces, further right and up by so many points."""
    return [replace(piece, x=piece.x + x, y=piece.y + y) for piece in pieces]


def within(parent: Path, number: int, pieces: Iterable[Piece]) -> list[Piece]:
    """The same pieces as part `number` of the element at `parent`."""
    return [
        replace(piece, path=(*parent, Tag(piece.path[0].kind, number, piece.path[0].entries), *piece.path[1:]))
        if piece.path
        else piece
        for piece in pieces
    ]


def shifted(areas: Iterable[Area], right: float, down: float) -> list[Area]:
    """The same areas, further right and down by so many points."""
    return [replace(area, x=area.x + right, y=area.y + down) for area in areas]


@dataclass(frozen=True, slots=True)
class Stack:
    """Atoms one below the other inside a larger one. height in points."""

    pieces: tuple[Piece, ...]
    height: float
    areas: tuple[Area, ...]


def stack(atoms: Sequence[Atom], x: float, top: float) -> Stack:
    """`atoms` from `top` downwards, `x` points to the right."""
    pieces: list[Piece] = []
    areas: list[Area] = []
    used = 0.0
    for index, atom in enumerate(atoms):
        used += atom.gap if index else 0.0
        pieces += moved(atom.pieces, x, top - used)
        areas += shifted(atom.areas, x, used - top)
        used += atom.height
    return Stack(tuple(pieces), used, tuple(areas))


def placing(x: float, y: float) -> tuple[bytes, bytes]:
    """What is written before and after a piece's paint, for its origin to be at (x, y)."""
    return b"q 1 0 0 1 %s %s cm\n" % (number(x), number(y)), b"\nQ\n"


def mirrored(atom: Atom, width: float) -> Atom:
    """The same atom in a column `width` points wide that is read from right to left."""
    pieces = tuple(replace(piece, x=width - piece.x - piece.width) for piece in atom.pieces)
    areas = tuple(replace(area, x=width - area.x - area.width) for area in atom.areas)
    header = mirrored(atom.header, width) if atom.header else None
    return replace(atom, pieces=pieces, areas=areas, header=header)


def kept_together(atoms: list[Atom]) -> list[Atom]:
    """The same atoms, all on one page."""
    return [replace(atom, keep=True) for atom in atoms[:-1]] + atoms[-1:]
