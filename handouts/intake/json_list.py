"""Lists of plain JSON objects, one an appointment, with the field names of a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path

from handouts.errors import ListError, Place
from handouts.intake.header import (
    FEWEST_RECOGNISED,
    assign,
    check_complete,
    check_found,
    check_width,
    not_recognised,
    recognised,
    shown,
    unused,
)
from handouts.intake.json_text import Json, Object
from handouts.intake.record import Cell, Damage, Record, Value, is_blank
from handouts.model import Problem


def rows_of(documents: Sequence[Json], path: Path) -> list[Object]:
    """The objects of a list: an array, the array under "appointments", or one object a line.

    Raises:
        ListError: it is anything else.

    """
    top: Json = documents[0] if len(documents) == 1 else list(documents)
    if isinstance(top, dict) and isinstance(top.get("appointments"), list):
        top = top["appointments"]
    if isinstance(top, dict):
        top = [top]
    if not isinstance(top, list) or not all(isinstance(row, dict) for row in top):
        raise ListError(
            "the JSON is not a list of appointments",
            where=Place(path),
            hint='Make it a list of objects, {"appointments": [...]}, or a FHIR Bundle.',
        )
    return [row for row in top if isinstance(row, dict)]


def records(
    rows: Sequence[Object], path: Path, columns: Mapping[str, str], label: str, id_prefix: str
) -> Iterator[Record]:
    """One record an object; the source's number counts the objects from 1.

    Raises:
        ListError: keys are not known, one needed is in no object, or two of an object mean one field.

    """
    place = Place(path)
    keys = list(dict.fromkeys(key for row in rows for key in row))
    check_width(len(keys), place)
    if rows:
        if recognised(keys, columns) < FEWEST_RECOGNISED:
            raise not_recognised(place)
        check_found(keys, columns, place)
    shapes: dict[tuple[str, ...], dict[str, str]] = {}
    for row in rows:
        shape = tuple(row)
        if shape not in shapes:
            shapes[shape] = {field: shape[at] for field, at in assign(shape, columns, place).items()}
    found = [shapes[tuple(row)] for row in rows]
    everywhere = {field: key for row in shapes.values() for field, key in row.items()}
    if rows:
        check_complete(frozenset(everywhere), place)
    for number, (row, named) in enumerate(zip(rows, found, strict=True), start=1):
        cells = {
            field: Cell(shown(named.get(field, key)), _value(row.get(named.get(field, key))))
            for field, key in everywhere.items()
        }
        if not all(is_blank(cell.value) for cell in cells.values()):
            yield Record(f"{label}:{number}", cells, f"{id_prefix}row-{number}")


def unused_keys(rows: Sequence[Object], columns: Mapping[str, str], label: str) -> Problem | None:
    """What to tell of the keys that mean no field."""
    return unused(list(dict.fromkeys(key for row in rows for key in row)), columns, label)


def _value(value: Json) -> Value:
    if isinstance(value, str | bool | int | Decimal) or value is None:
        return value
    return Damage.NOT_ONE_VALUE if value else None
