"""A patient's name from its parts, from one column, or from both if they agree."""

from __future__ import annotations

from dataclasses import dataclass

from handouts.intake.fields import normalised
from handouts.intake.record import Refused
from handouts.intake.text import LONGEST

# "Smith, Jr." is no family name with a given name behind it.
_SUFFIXES = frozenset({"jr", "sr", "i", "ii", "iii", "iv", "v", "md", "phd", "do", "dds", "rn", "esq"})


@dataclass(frozen=True, slots=True)
class Name:
    """A name as printed, and its parts where the list tells them apart."""

    printed: str
    given: str | None = None
    family: str | None = None


def name_of(given: str | None, family: str | None, full: str | None) -> Name:
    """The patient's name. One word is enough.

    Raises:
        Refused: there is no name, it is too long, or the columns contradict each other.

    """
    found = _agreed(given, family, _split(full)) if full else _from_parts(given, family)
    if not normalised(found.printed):
        raise Refused("missing-value", "the patient's name is missing; fill it in")
    if len(found.printed) > LONGEST:
        raise Refused("too-long", f"the name is longer than {LONGEST} characters; shorten it")
    return found


def same_person(text: str, name: Name) -> bool:
    """Whether `text` is the same name, in either order of its parts."""
    return sorted(map(normalised, text.replace(",", " ").split())) == sorted(map(normalised, name.printed.split()))


def _from_parts(given: str | None, family: str | None) -> Name:
    return Name(" ".join(part for part in (given, family) if part), given, family)


def _split(full: str) -> Name:
    family, comma, given = (part.strip() for part in full.partition(","))
    if not comma or "," in given or normalised(given) in _SUFFIXES:
        return Name(full)
    return _from_parts(given or None, family or None)


def _agreed(given: str | None, family: str | None, full: Name) -> Name:
    if not (given or family):
        return full
    parts = _from_parts(given, family)
    if full.given and full.family and given and family:
        # "Lee, Kim" and Kim Lee in separate columns agree word by word only if each part does.
        agree = _fits(_words(given), _words(full.given)) and _words(family) == _words(full.family)
    else:
        agree = _words(family or "") <= _words(full.printed) and _fits(_words(parts.printed), _words(full.printed))
    if not agree:
        raise Refused(
            "conflicting-name", "the columns with the patient's name contradict each other; correct one of them"
        )
    longer = full.printed if len(_words(full.printed)) > len(_words(parts.printed)) else parts.printed
    return Name(longer, given or full.given, family or full.family)


def _fits(one: set[str], other: set[str]) -> bool:
    return one <= other or other <= one


def _words(name: str) -> set[str]:
    return {word for word in map(normalised, name.split()) if word}
