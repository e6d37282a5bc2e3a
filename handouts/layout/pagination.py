"""Atoms onto pages. Depends on nothing but their heights, gaps and what must stay together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from handouts.errors import LayoutError
from handouts.layout.atoms import Atom

SPARSE = 0.4
"""A form's last page that is filled less than this, as a part of its height, has little on it: one signature, say."""

CLOSER = 0.7
"""What is left of the gaps between blocks where that spares a page."""


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

    A last page with little on it is spared by closer gaps if that is enough; else it gets company from the page
    before, so that nobody signs on a sheet that holds nothing else. Raises LayoutError for an atom that is taller
    than a page.
    """
    pages = _filled(atoms, height)
    if len(pages) == 1 or _foot(atoms, pages[-1]) >= SPARSE * height:
        return pages
    closer = [replace(atom, gap=atom.gap * CLOSER) for atom in atoms]
    fewer = _filled(closer, height)
    return fewer if len(fewer) < len(pages) else _with_company(atoms, pages, height)


def _with_company(atoms: Sequence[Atom], pages: list[list[Placement]], height: float) -> list[list[Placement]]:
    """The same pages; what ends the last but one moves to the last, if enough stays."""
    first = pages[-2][0].index
    for start in range(pages[-1][0].index - 1, first, -1):
        if atoms[start - 1].keep:
            continue
        moved = _filled(atoms[start:], height)
        left = [placement for placement in pages[-2] if placement.index < start]
        if len(moved) > 1 or _foot(atoms, left) < height / 2:
            break
        if _foot(atoms[start:], moved[0]) >= SPARSE * height:
            return [*pages[:-2], left, [replace(each, index=each.index + start) for each in moved[0]]]
    return pages


def _foot(atoms: Sequence[Atom], page: Sequence[Placement]) -> float:
    """How far down a page is filled, in points."""
    return page[-1].down + atoms[page[-1].index].height


def _filled(atoms: Sequence[Atom], height: float) -> list[list[Placement]]:
    """Each page as full as it gets."""
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
