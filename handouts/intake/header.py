"""Which column holds which field: the clinic's own mapping first, then the common spellings, never a guess."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from difflib import get_close_matches
from pathlib import Path
from typing import NamedTuple

from handouts.errors import ListError, Place
from handouts.intake.fields import BY_NAME, BY_SPELLING, NAMES, STARTS, normalised
from handouts.intake.record import Refused, problem
from handouts.model import Effect, Problem

MOST_COLUMNS = 1000
MOST_ROWS = 200_000
FEWEST_RECOGNISED = 2
_MOST_UNUSED = 12


class WrongMapping(NamedTuple):
    """What is wrong with the entry `name` of `columns` in clinic.yaml, and what to do about it."""

    name: str
    what: str
    hint: str


def wrong_mapping(columns: Mapping[str, str]) -> WrongMapping | None:
    """The first entry of `columns` that names no field, or a header that another entry names too."""
    taken: dict[str, str] = {}
    for name, header in columns.items():
        if name not in BY_NAME:
            near = get_close_matches(name, BY_NAME, n=1, cutoff=0.5)
            hint = f"did you mean {near[0]}?" if near else f"the fields are: {', '.join(BY_NAME)}."
            return WrongMapping(name, f'there is no field "{shown(name)}"', hint)
        other = taken.setdefault(normalised(header), name)
        if other != name:
            what = f'the column "{shown(header)}" is taken for both {other} and {name}'
            return WrongMapping(name, what, "leave one of the two entries out.")
    return None


def check_mapping(columns: Mapping[str, str]) -> None:
    """Check that `columns` of clinic.yaml names fields that exist, and no header twice.

    Raises:
        ListError: a field is unknown, or one header is to be two fields.

    """
    wrong = wrong_mapping(columns)
    if wrong:
        raise ListError(f"columns in clinic.yaml: {wrong.what}", hint=f"{wrong.hint[0].upper()}{wrong.hint[1:]}")


def shown(header: str) -> str:
    """A header fit for a message: one line, nothing invisible, not endless."""
    visible = "".join(character if character.isprintable() else " " for character in header)
    line = " ".join(visible.split())
    return line if len(line) <= 60 else f"{line[:59]}…"


def recognised(headers: Sequence[str], columns: Mapping[str, str]) -> int:
    """How many of the headers mean a field: what tells a header row from a title or a patient."""
    mapped = {normalised(header) for header in columns.values()}
    return sum(1 for header in map(normalised, headers) if header and (header in BY_SPELLING or header in mapped))


def assign(headers: Sequence[str], columns: Mapping[str, str], place: Place) -> dict[str, int]:
    """Which position holds which field.

    Raises:
        ListError: two columns mean the same field.

    """
    keys = [normalised(header) for header in headers]
    wanted = {normalised(header): name for name, header in columns.items()}
    found: dict[str, int] = {}
    for position, key in enumerate(keys):
        name = wanted.get(key) or BY_SPELLING.get(key)
        if not key or name is None or (name in columns and key not in wanted):
            continue
        if name in found:
            first, second = shown(headers[found[name]]), shown(headers[position])
            raise ListError(
                f'two columns mean {name}: column {found[name] + 1} "{first}" and column {position + 1} "{second}"',
                where=place,
                hint=f"Rename or delete one of them, or say which counts: columns: {{{name}: …}} in clinic.yaml.",
            )
        found[name] = position
    return found


def unused(headers: Sequence[str], columns: Mapping[str, str], source: str) -> Problem | None:
    """The columns that mean no field, told once a list: one of them may hold what a packet needs."""
    mapped = {normalised(header) for header in columns.values()}
    left = [each for each in headers if (key := normalised(each)) and key not in BY_SPELLING and key not in mapped]
    if not left:
        return None
    found = {BY_SPELLING[key] for each in headers if (key := normalised(each)) in BY_SPELLING} | set(columns)
    named = ", ".join(_perhaps(each, found) for each in left[:_MOST_UNUSED])
    more = f" and {len(left) - _MOST_UNUSED} more" if len(left) > _MOST_UNUSED else ""
    message = f"not used: {named}{more}. If one holds what a packet needs, name it under columns: in clinic.yaml"
    return problem(source, "", Refused("columns-not-used", message, Effect.PRINTED))


def _perhaps(header: str, found: Set[str]) -> str:
    near = get_close_matches(normalised(header), BY_SPELLING, n=1, cutoff=0.75)
    return (
        f"{shown(header)} (is it {BY_SPELLING[near[0]]}?)"
        if near and BY_SPELLING[near[0]] not in found
        else shown(header)
    )


def check_found(headers: Sequence[str], columns: Mapping[str, str], place: Place) -> None:
    """Check that every header named in clinic.yaml is in the list.

    Raises:
        ListError: one is not; the nearest header is named.

    """
    present = {normalised(header) for header in headers}
    for name, header in columns.items():
        if normalised(header) not in present:
            choices = [shown(each) for each in headers if each.strip()]
            near = get_close_matches(shown(header), choices, n=1, cutoff=0.5)
            nearest = f'The nearest column is "{near[0]}". ' if near else ""
            raise ListError(
                f'the list has no column "{shown(header)}", which columns in clinic.yaml takes for {name}',
                where=place,
                hint=f"{nearest}Correct columns in clinic.yaml, or the header of the list.",
            )


def check_complete(found: Mapping[str, int] | frozenset[str], place: Place) -> None:
    """Check that the columns without which no row can be printed are there.

    Raises:
        ListError: some are not.

    """
    missing = []
    if not any(name in found for name in STARTS):
        missing.append("start (or start_date and start_time)")
    if "birth_date" not in found:
        missing.append("birth_date")
    if not any(name in found for name in NAMES):
        missing.append("full_name (or given_name and family_name)")
    if missing:
        raise ListError(
            f"the list has no column for {' and none for '.join(missing)}",
            where=place,
            hint="Add the column, or name the list's own header under columns: in clinic.yaml.",
        )


def not_recognised(place: Place) -> ListError:
    """The error for a file in which no row looks like column headers."""
    return ListError(
        "no row with column headers was recognised",
        where=place,
        hint="The first row must name the columns, such as appointment_id, start, patient_id, full_name, birth_date "
        "(docs/lists.md lists the spellings understood); other headers can be named under columns: in clinic.yaml.",
    )


def table_columns(headers: Sequence[str], columns: Mapping[str, str], file: Path, line: int) -> dict[str, int]:
    """Where each field stands in a table with this header row.

    Raises:
        ListError: too many columns, two for one field, or a needed one missing.

    """
    place = Place(file, line)
    check_width(len(headers), place)
    check_found(headers, columns, place)
    found = assign(headers, columns, place)
    check_complete(found, place)
    return found


def check_length(rows: int, place: Place) -> None:
    """Refuse a list longer than any clinic's is.

    Raises:
        ListError: more than MOST_ROWS rows.

    """
    if rows > MOST_ROWS:
        raise ListError(
            f"the list has more than {MOST_ROWS:,} rows", where=place, hint="Export one day only, or some days."
        )


def check_width(columns: int, place: Place) -> None:
    """Refuse a list wider than any appointment list is.

    Raises:
        ListError: more than MOST_COLUMNS columns.

    """
    if columns > MOST_COLUMNS:
        raise ListError(
            f"the list has more than {MOST_COLUMNS:,} columns",
            where=place,
            hint="Delete the columns that are not needed, and save it again.",
        )
