"""The one shape in which every format hands its rows on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from typing import TypeAlias

from handouts.model import Effect, Problem


class Damage(Enum):
    """Why a reader knows that a cell holds something, yet cannot say what."""

    SPREADSHEET_ERROR = "spreadsheet-error"
    NO_RESULT = "formula-without-result"
    SHOWN_WITH_ZEROS = "number-shown-with-zeros"
    MERGED = "merged-cells"
    NOT_ONE_VALUE = "not-one-value"


Value: TypeAlias = str | bool | int | float | Decimal | date | datetime | time | timedelta | Damage | None


@dataclass(frozen=True, slots=True)
class Cell:
    """One value as its format gives it, and what the list calls the column it stands in."""

    column: str
    value: Value


@dataclass(frozen=True, slots=True)
class Record:
    """One row of a table or one appointment of an interface.

    source: where it stands. cells: by field name; a field the list does not have is absent.
    fallback_id: the appointment id to use when the list has none. problems: what the reader found already.
    """

    source: str
    cells: Mapping[str, Cell]
    fallback_id: str
    problems: tuple[Problem, ...] = field(default=())


class Refused(Exception):
    """A value that is not used. `message` says why and what to do, without the value."""

    def __init__(self, code: str, message: str, effect: Effect = Effect.NOT_PRINTED) -> None:
        self.code = code
        self.message = message
        self.effect = effect
        super().__init__(code)


def problem(source: str, column: str, refused: Refused) -> Problem:
    """The problem that tells of a refused value."""
    message = f"{refused.message[0].upper()}{refused.message[1:]}."
    return Problem(source=source, field=column, code=refused.code, message=message, effect=refused.effect)


def is_blank(value: Value) -> bool:
    """Whether a cell holds nothing at all."""
    return value is None or (isinstance(value, str) and not value.strip())
