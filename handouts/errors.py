"""The one family of errors; it alone owns how a failure is worded and which exit code it has.

A message says what happened, where, and what to do. It never holds a value taken from a patient's
row: the row's place (`appointments.csv:12`, column) is said instead.
"""

from __future__ import annotations

import json
import traceback
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path


class ExitCode(IntEnum):
    """What the `handouts` command returns to the shell."""

    OK = 0
    UNEXPECTED = 1
    USAGE = 2
    SOME_NOT_PRINTED = 3
    UNUSABLE_INPUT = 4
    NOT_WRITTEN = 5
    INTERRUPTED = 130


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a file a person can open. Lines and columns count from 1; 0 means not known."""

    file: Path
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        """`file:line:column`, as far as it is known."""
        parts = [str(self.file), *(str(number) for number in (self.line, self.column) if number)]
        return ":".join(parts)


class HandoutsError(Exception):
    """Something the person at the desk can mend.

    what: what happened. where: the place, if there is one. hint: what to do about it.
    faults: where one file has several faults, each with its place; `what` tells them all.
    """

    exit_code: ExitCode = ExitCode.UNUSABLE_INPUT

    def __init__(
        self,
        what: str,
        *,
        where: Place | Path | str | None = None,
        hint: str = "",
        faults: tuple[tuple[Place, str], ...] = (),
    ) -> None:
        self.what = what
        self.where = str(where) if where else ""
        self.place = where if isinstance(where, Place) else Place(where) if isinstance(where, Path) else None
        self.hint = hint
        self.faults = faults
        super().__init__(what, where, hint)

    def __reduce__(self) -> tuple[object, ...]:
        """Errors cross from worker processes; Exception's own way back would call __init__ without keywords."""
        return _rebuilt, (type(self), self.__dict__)

    def to_json(self) -> str:
        """For machines: what happened, where, the remedy, and the exit code."""
        told = {"what": self.what, "where": self.where, "hint": self.hint}
        return json.dumps({"error": told, "exit_code": int(self.exit_code)}, indent=1)

    def __str__(self) -> str:
        """The whole message: place, what happened, and the remedy on a line of its own."""
        place = f"{self.where}: " if self.where else ""
        remedy = f"\n  {self.hint}" if self.hint else ""
        return f"{place}{self.what}{remedy}"


def _rebuilt(kind: type[HandoutsError], state: dict[str, object]) -> HandoutsError:
    error = kind.__new__(kind)
    error.__dict__.update(state)
    return error


class UnexpectedError(HandoutsError):
    """A fault of the program itself. Only the kind of the fault and its place are told: its text may hold values."""

    exit_code = ExitCode.UNEXPECTED

    def __init__(self, fault: BaseException) -> None:
        places = [frame for frame in traceback.extract_tb(fault.__traceback__) if "handouts" in frame.filename]
        place = f" at {Path(places[-1].filename).name}:{places[-1].lineno}" if places else ""
        super().__init__(
            f"the program failed ({type(fault).__name__}{place})",
            hint="This is our fault, not yours. Report this line and the version; keep the list to yourself.",
        )


class UsageError(HandoutsError):
    """The options given do not fit together, or do not fit the run folder."""

    exit_code = ExitCode.USAGE


class ClinicError(HandoutsError):
    """clinic.yaml, or a file that it names, cannot be used."""


class ListError(HandoutsError):
    """An appointment list as a whole cannot be read."""


class TemplateError(HandoutsError):
    """A procedure's facts or templates cannot be used."""


class LayoutError(HandoutsError):
    """A packet's text cannot be set on its pages."""


class MissingGlyphError(LayoutError):
    """No font has a character that must be printed.

    characters: the missing code points, as `U+0041`. missing: the characters themselves.
    """

    def __init__(self, characters: str, hint: str = "", missing: tuple[str, ...] = ()) -> None:
        self.characters = characters
        self.missing = missing
        super().__init__(f"no font here can print {characters}", hint=hint or _WRITE_OTHERWISE)

    @classmethod
    def of(cls, missing: Iterable[str]) -> MissingGlyphError:
        """The error for these characters: it says what each is, and what to do about the first kind of them."""
        each = tuple(sorted(missing))
        kinds: dict[str, list[str]] = {}
        for one in each:
            kinds.setdefault(_kind(one), []).append(f"U+{ord(one):04X}")
        named = "; ".join(_named(kind, codes) for kind, codes in kinds.items())
        hint = next((hint for found, hint in _REMEDIES if any(found(one) for one in each)), "")
        return cls(named, hint, each)


def _named(kind: str, codes: list[str]) -> str:
    if len(codes) > 1:
        kind = f"{kind.partition(' ')[2]}s" if kind else ""
    return ", ".join([kind, *codes] if kind else codes)


def _kind(character: str) -> str:
    if is_emoji(character):
        return "an emoji"
    if is_east_asian(character):
        return "a Chinese, Japanese or Korean character"
    return {"Co": "a private-use character", "Cn": "an unassigned character"}.get(unicodedata.category(character), "")


def is_emoji(character: str) -> bool:
    """Whether a character without a glyph is an emoji, or one of the signs that change how an emoji looks."""
    code = ord(character)
    return 0x1F000 <= code < 0x1FB00 or 0x2300 <= code < 0x2C00 or code in (0x20E3, 0xFE0E, 0xFE0F)


def is_east_asian(character: str) -> bool:
    """Whether a character is one of the scripts that East Asian fonts print."""
    code = ord(character)
    return any(first <= code <= last for first, last in _EAST_ASIAN)


_EAST_ASIAN = (
    (0x1100, 0x11FF), (0x2E80, 0x312F), (0x3130, 0x9FFF), (0xA960, 0xA97F), (0xAC00, 0xD7FF), (0xF900, 0xFAFF),
    (0xFE30, 0xFE4F), (0xFF00, 0xFFEF), (0x1AFF0, 0x1B16F), (0x20000, 0x3FFFF),
)  # fmt: skip
EAST_ASIAN_REMEDY = (
    "Install the fonts Noto Sans CJK (Debian and Ubuntu: fonts-noto-cjk; Fedora: google-noto-sans-cjk-fonts) "
    "and the extra `handouts[cjk]`."
)
_WRITE_OTHERWISE = "Correct its spelling, or write it in letters that the fonts have, such as Latin ones."
_REMEDIES: tuple[tuple[Callable[[str], bool], str], ...] = (
    (is_emoji, "Leave it out."),
    (is_east_asian, EAST_ASIAN_REMEDY),
)


class OutputError(HandoutsError):
    """A file of the run could not be written."""

    exit_code = ExitCode.NOT_WRITTEN


class Interrupted(HandoutsError):
    """The person pressed Ctrl-C; what is finished stays, and the run can be resumed."""

    exit_code = ExitCode.INTERRUPTED
