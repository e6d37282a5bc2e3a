"""JSON and NDJSON text, with exact numbers and a place for every error."""

from __future__ import annotations

import json
import re
from decimal import Decimal, InvalidOperation
from itertools import chain
from pathlib import Path
from typing import TypeAlias

from handouts.errors import ListError, Place
from handouts.intake.decode import decoded, line_of

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | Decimal | bool | None"
Object: TypeAlias = "dict[str, Json]"

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_DEEPEST = 100
"""Levels; a FHIR resource has some twenty."""
_WEIGHTS = {"{": 250, "[": 90, ",": 80}
"""Bytes of memory that each object, array and further value takes at most, beside its text."""
_HEAVIEST = 120_000_000


class _Repeated(Exception):
    """An object names a key twice."""


def documents(data: bytes, path: Path) -> list[Json]:
    """The one document of a JSON file, or the documents of an NDJSON file, one a line.

    Raises:
        ListError: the text is no JSON; the message has line and column.

    """
    text = decoded(data, path, western=False)
    if sum(text.count(sign) * bytes_ for sign, bytes_ in _WEIGHTS.items()) > _HEAVIEST:
        what = "the JSON holds far more values than an appointment list needs"
        raise ListError(what, where=Place(path), hint="Export one day only, or in several files.")
    lines = ((number, line) for number, found in enumerate(_LINE.finditer(text), start=1) if (line := found[0].strip()))
    first = next(lines, (1, ""))
    second = next(lines, None)
    if second and _is_whole(first[1]):
        return [_parsed(line, path, number) for number, line in chain((first, second), lines)]
    return [_parsed(text, path, 1)]


def _is_whole(line: str) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _parsed(text: str, path: Path, first_line: int) -> Json:
    try:
        parsed: Json = json.loads(
            text,
            parse_float=Decimal,
            parse_constant=_no_constant,
            object_pairs_hook=_without_repeats,
        )
    except json.JSONDecodeError as error:
        line_start = max(text.rfind("\n", 0, error.pos), text.rfind("\r", 0, error.pos)) + 1
        place = Place(path, first_line - 1 + line_of(text, error.pos), error.pos - line_start + 1)
        ended = error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated string")
        what = "the file ends in the middle of the JSON" if ended else "this is not valid JSON"
        raise ListError(what, where=place, hint="Export the list again; the file may be cut short.") from None
    except RecursionError:
        raise _unusable(path, first_line, "the JSON is nested too deeply") from None
    except _Repeated:
        raise _unusable(path, first_line, "an object of the JSON names the same key twice") from None
    except (ValueError, InvalidOperation):
        raise _unusable(path, first_line, "the JSON holds a number that cannot be read") from None
    if _is_deep(parsed):
        raise _unusable(path, first_line, "the JSON is nested too deeply")
    return parsed


def _is_deep(value: Json) -> bool:
    level = [value]
    for _ in range(_DEEPEST):
        if not level:
            return False
        level = [
            inner
            for each in level
            if isinstance(each, dict | list)
            for inner in (each.values() if isinstance(each, dict) else each)
        ]
    return bool(level)


def _unusable(path: Path, line: int, what: str) -> ListError:
    # Line 1 of a whole document says nothing.
    place = Place(path, line if line > 1 else 0)
    return ListError(what, where=place, hint="Correct it, or export the list again.")


def _no_constant(name: str) -> Json:
    raise ValueError(name)


def _without_repeats(pairs: list[tuple[str, Json]]) -> Object:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _Repeated
    return found
