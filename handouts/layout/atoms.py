"""The unit of page making: a piece of a block that never breaks across pages."""

from __future__ import annotations

from dataclasses import dataclass, replace

from handouts.layout.pen import number
from handouts.layout.xobject import XObject


@dataclass(frozen=True, slots=True)
class Area:
    """Where someone signs. Points; x from the atom's left, y downwards from its top."""

    role: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Atom:
    """What is painted together. `paint` has its origin at the atom's top left; y grows upwards.

    height and gap in points; the gap stands above the atom unless it is first on its page. keep: the next
    atom belongs on the same page. header: painted again above this atom where it starts a page.
    picture: what `paint` calls by its name.
    """

    height: float
    paint: bytes
    gap: float = 0.0
    keep: bool = False
    header: Atom | None = None
    areas: tuple[Area, ...] = ()
    picture: XObject | None = None


def stack(atoms: list[Atom], x: float, top: float) -> tuple[bytes, float, tuple[Area, ...]]:
    """Atoms one below the other inside a larger one: their paint, their height, their areas."""
    painted: list[bytes] = []
    areas: list[Area] = []
    used = 0.0
    for index, atom in enumerate(atoms):
        used += atom.gap if index else 0.0
        painted.append(placed(atom.paint, x, top - used))
        areas.extend(replace(area, x=area.x + x, y=area.y + used - top) for area in atom.areas)
        used += atom.height
    return b"\n".join(painted), used, tuple(areas)


def placed(paint: bytes, x: float, y: float) -> bytes:
    """`paint` with its origin at (x, y)."""
    return b"q 1 0 0 1 %s %s cm\n%s\nQ" % (number(x), number(y), paint)


def kept_together(atoms: list[Atom]) -> list[Atom]:
    """The same atoms, all on one page."""
    return [replace(atom, keep=True) for atom in atoms[:-1]] + atoms[-1:]
