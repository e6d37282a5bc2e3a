"""What a YAML file says, and where in it each value stands."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from handouts.errors import HandoutsError, Place
from handouts.intake.text import UNSEEN

Yaml = str | int | float | bool | None | list["Yaml"] | dict[str, "Yaml"]
Path_ = tuple[int | str, ...]
"""Keys and places in lists that lead to a value."""

_LARGEST = 200_000
"""Bytes; a clinic's settings are some kilobytes, a procedure's facts some ten."""
_MOST_VALUES = 100_000


class Position(NamedTuple):
    """Where a key or list item stands; both count from 1."""

    line: int
    column: int


def read_yaml(path: Path, error: type[HandoutsError]) -> dict[str, Yaml]:
    """The keys and values of a YAML file, which know their places. Raises `error`."""
    from ruamel.yaml.error import MarkedYAMLError, YAMLError, YAMLWarning

    try:
        with path.open("rb") as file:
            written = file.read(_LARGEST + 1)
        if len(written) > _LARGEST:
            what = f"this file is larger than {_LARGEST // 1000} kilobytes"
            raise error(what, where=path, hint="Name the YAML file meant for this.")
        text = written.decode("utf-8-sig")
    except FileNotFoundError:
        raise error("there is no such file", where=path, hint="Check the path.") from None
    except UnicodeDecodeError as fault:
        raise error(f"this is not UTF-8 text (byte {fault.start})", where=path, hint="Save it as UTF-8.") from None
    except OSError as fault:
        raise error(f"cannot be read: {fault.strerror}", where=path) from None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", YAMLWarning)
            data = _parsed(text)
    except MarkedYAMLError as fault:
        mark = fault.problem_mark or fault.context_mark
        place = Place(path, mark.line + 1, mark.column + 1) if mark else Place(path)
        hint = "Look at the indentation and colons here; text that holds a colon or # goes in quotes."
        raise error(
            f"not valid YAML: {_unquoted(fault.problem or fault.context or '')}", where=place, hint=hint
        ) from None
    except YAMLWarning:
        hint = "Give each anchor (&) a name of its own, once."
        raise error("an anchor is defined twice", where=path, hint=hint) from None
    except (YAMLError, ValueError, TypeError, RecursionError, NotImplementedError) as fault:
        raise error(f"not valid YAML: {type(fault).__name__}", where=path) from None
    if not isinstance(data, dict):
        raise error("this file must hold `key: value` lines", where=path)
    for number, value in enumerate(_values_in(data)):
        if number > _MOST_VALUES:
            hint = "Look at its anchors and aliases (& and *): each alias counts as all that it stands for."
            raise error("this file holds far more values than it needs", where=path, hint=hint)
        unseen = UNSEEN.search(value) if isinstance(value, str) else None
        if unseen:
            what = f"a text holds the character U+{ord(unseen[0]):04X}, which nobody can see"
            raise error(what, where=path, hint="Type that text anew.")
    return data


def _unquoted(problem: str) -> str:
    """What the parser says, without what the file says: it may be a list of patients that was named by mistake."""
    for start, told in _QUOTING.items():
        if problem.startswith(start):
            return told
    return problem if _QUOTES_SIGNS.fullmatch(problem) else "what stands here cannot be understood"


_QUOTING = {
    "found duplicate key": "a key stands here twice",
    "found undefined alias": "an alias (*) stands here whose anchor (&) stands nowhere",
    "found undefined tag handle": "a tag (!) stands here that means nothing",
}
_QUOTES_SIGNS = re.compile(r"""[^'"]*('(<[a-z ]+>|.)'[^'"]*)*""")
"""A parser's text that quotes no more than single characters and its own names for what it found."""


def _values_in(data: Yaml) -> Iterator[Yaml]:
    waiting: list[Yaml] = [data]
    while waiting:
        value = waiting.pop()
        yield value
        waiting.extend(value.values() if isinstance(value, dict) else value if isinstance(value, list) else ())


def _parsed(text: str) -> Yaml:
    """What the text says. Raises YAMLError, ValueError, RecursionError.

    libyaml reads it in an eighth of the time; what it takes for a mistake is read again, since it does not know all of
    YAML 1.2 and tells less of mistakes.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.cyaml import CParser  # type: ignore[attr-defined]  # no stub has it
    from ruamel.yaml.error import YAMLError

    quick = YAML(typ="rt", pure=True)
    # of libyaml the events only: what it composes itself has no places, and deep nesting would overflow its stack
    quick._parser = CParser(text)  # type: ignore[attr-defined]  # no stub has it
    try:
        data: Yaml = quick.load(text)
    except (YAMLError, ValueError):
        data = YAML(typ="rt", pure=True).load(text)
    return data


def position_of(data: Yaml, location: Path_) -> Position | None:
    """Where the value at `location` (keys and list indexes) stands, or the nearest place above it that exists."""
    found: Position | None = None
    for step in location:
        lc = getattr(data, "lc", None)
        try:
            if lc is None:
                break
            if isinstance(data, dict) and isinstance(step, str):
                line, column = lc.key(step)
                data = data[step]
            elif isinstance(data, list) and isinstance(step, int):
                line, column = lc.item(step)
                data = data[step]
            else:
                break
        except (KeyError, IndexError, TypeError):
            break
        found = Position(line + 1, column + 1)
    return found


def place_of(path: Path, location: Path_) -> Place:
    """Where the value at `location` stands in a YAML file that was read before."""
    position = position_of(read_yaml(path, HandoutsError), location)
    return Place(path, *position) if position else Place(path)
