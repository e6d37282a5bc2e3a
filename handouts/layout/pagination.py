"""Atoms onto pages. Depends on nothing but their heights, gaps and what must stay together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from handouts.errors import LayoutError
from handouts.layout.atoms import Atom


@dataclass(frozen=True, slots=True)
class Placement:
    """An atom on a page. index: into the atoms. down: from the frame's top to the atom's, in points.

    repeated: it is the header of that atom, painted again, and not the atom itself.
    """

    index: int
    down: float
    repeated: bool = False


def paginate(atoms: Sequence[Atom], height: float) -> list[list[Placement]]:
    """Pages of placements, in order, each at most `height` points tall.

    Raises LayoutError for an atom that is taller than a page.
    """
    pages: list[list[Placement]] = [[]]
    down = 0.0

    def room_for(first: int, last: int) -> bool:
        return down + _height(atoms, first, last, at_top=not pages[-1]) <= height + 1e-6

    def place(index: int) -> None:
        nonlocal down
        atom = atoms[index]
        if not pages[-1] and atom.header:
            pages[-1].append(Placement(index, 0.0, repeated=True))
            down = atom.header.height
        down += atom.gap if pages[-1] and not pages[-1][-1].repeated else 0.0
        pages[-1].append(Placement(index, down))
        down += atom.height

    first = 0
    while first < len(atoms):
        last = first
        while atoms[last].keep and last + 1 < len(atoms):
            last += 1
        if not room_for(first, last) and pages[-1]:
            pages.append([])
            down = 0.0
        while not room_for(first, last) and last > first:  # too tall to keep together: break where it must
            last -= 1
        if not room_for(first, last):
            raise LayoutError("a block is taller than a page", hint="Split it, or shorten the text.")
        for index in range(first, last + 1):
            place(index)
        first = last + 1
    return pages


def _height(atoms: Sequence[Atom], first: int, last: int, *, at_top: bool) -> float:
    used = 0.0
    for index in range(first, last + 1):
        if index > first or not at_top:
            used += atoms[index].gap
        used += atoms[index].height
    header = atoms[first].header
    return used + (header.height if at_top and header else 0.0)
