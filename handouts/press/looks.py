"""How annotations of a finished page look on paper: what stands in fields to fill in, stamps, notes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from pypdf.generic import ArrayObject, DictionaryObject, NameObject, PdfObject, StreamObject

from handouts.press.copying import named, resolved

_HIDDEN, _PRINT = 2, 4
"""Flags of annotations (ISO 32000-1, 12.5.3)."""

_IDENTITY = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
_UNSEEN = ("/Link", "/Popup")

Matrix = tuple[float, float, float, float, float, float]
Box = tuple[float, float, float, float]
"""Left, bottom, right, top."""


class LooklessError(ValueError):
    """Something is to be printed, and only some viewers know how."""


class Look(NamedTuple):
    """A form XObject, and the matrix that puts it in its place on the page."""

    found: PdfObject
    matrix: Matrix


def looks_of(page: DictionaryObject) -> Iterator[Look]:
    """What is printed over a page's content, in order. Raises LooklessError."""
    annotations = resolved(page, "/Annots")
    for each in annotations if isinstance(annotations, ArrayObject) else ():
        annotation = each.get_object()
        if not isinstance(annotation, DictionaryObject) or not _is_printed(annotation):
            continue
        left, bottom, right, top = box_of(annotation["/Rect"])
        if left == right or bottom == top:
            continue
        normal = _normal(annotation)
        if normal is not None:
            yield from _placed(*normal, (left, bottom, right, top))
        elif _says_something(annotation):
            raise LooklessError


def box_of(found: PdfObject) -> Box:
    """A rectangle, whichever two of its corners the file names."""
    x, y, other_x, other_y = _numbers(found)
    return min(x, other_x), min(y, other_y), max(x, other_x), max(y, other_y)


def _numbers(found: PdfObject) -> list[float]:
    values = found.get_object()
    return [float(each.get_object()) for each in values] if isinstance(values, ArrayObject) else []


def _is_printed(annotation: DictionaryObject) -> bool:
    flags = resolved(annotation, "/F")
    shown = isinstance(flags, int) and bool(flags & _PRINT) and not flags & _HIDDEN
    return shown and named(annotation, "/Subtype") not in _UNSEEN


def _says_something(annotation: DictionaryObject) -> bool:
    """Whether paper would show an annotation that brings no look along: all but fields that are empty."""
    is_field = named(annotation, "/Subtype") == "/Widget"
    return not is_field or str(annotation.get_inherited("/V", "")) not in {"", "/Off"}


def _normal(annotation: DictionaryObject) -> tuple[PdfObject, StreamObject] | None:
    """The annotation's look when nobody points at it: the reference to it, and itself (12.5.5)."""
    looks = resolved(annotation, "/AP")
    if not isinstance(looks, DictionaryObject):
        return None
    found, name = looks, "/N"
    normal = resolved(looks, name)
    if isinstance(normal, DictionaryObject) and not isinstance(normal, StreamObject):
        found, name = normal, named(annotation, "/AS")
        normal = resolved(found, name)
    if not isinstance(normal, StreamObject):
        return None
    normal[NameObject("/Subtype")] = NameObject("/Form")  # which some programs leave out here
    return found.raw_get(name), normal


def _placed(found: PdfObject, look: StreamObject, place: Box) -> Iterator[Look]:
    """The look, stretched so that the box around it fills its place (12.5.5, algorithm 8.1)."""
    left, bottom, right, top = box_of(look["/BBox"])
    a, b, c, d, e, f = _numbers(look["/Matrix"]) if "/Matrix" in look else _IDENTITY
    corners = [(a * x + c * y + e, b * x + d * y + f) for x in (left, right) for y in (bottom, top)]
    (left, right), (bottom, top) = ((min(values), max(values)) for values in zip(*corners, strict=True))
    if left == right or bottom == top:
        return
    across, up = (place[2] - place[0]) / (right - left), (place[3] - place[1]) / (top - bottom)
    yield Look(found, (across, 0, 0, up, place[0] - left * across, place[1] - bottom * up))
