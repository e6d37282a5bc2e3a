"""Which of the clinic's practitioners an appointment list means, however it spells the name."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from handouts.library.procedure import normal_name
from handouts.model import Practitioner

_TITLES = frozenset({"dr", "prof", "professor", "doctor", "mr", "mrs", "ms", "miss"})
_CREDENTIALS = frozenset(
    "md do dc dpt mpt pt pta ot otr np fnp aprn dnp pa pac rn lpn ma msn phd dsc facs facp ccsp dacbr lac lmt ms mph "
    "ocs scs fapta faaompt atc cscs jr sr ii iii iv".split()
)


@lru_cache(maxsize=4096)
def comparable(name: str) -> tuple[str, ...]:
    """The words by which two spellings of one person's name agree: given names first, no titles, no credentials.

    `Ruiz, Ana` and `Dr. Ana Ruiz, DPT` are one person; what follows a comma is dropped only if it is a known
    credential, so that two people of one family name never meet.
    """
    first, *rest = (_words(part) for part in name.split(","))
    rest = [words for words in rest if not _CREDENTIALS.issuperset(words)]
    ordered = [word for words in (*rest[:1], first, *rest[1:]) for word in words]
    while len(ordered) > 2 and ordered[-1] in _CREDENTIALS:
        ordered.pop()
    return tuple(ordered)


def _words(part: str) -> tuple[str, ...]:
    # "P.A.-C" and "PA-C" are one credential, but "Mei-Lin" is two words however it is joined
    together = part.replace(".", "").replace("PA-C", "PAC")
    return tuple(word for word in normal_name(together).split() if word not in _TITLES)


def same_name(practitioners: Sequence[Practitioner]) -> int | None:
    """The index of the first practitioner whose name an earlier one has too; None where all can be told apart."""
    seen: set[tuple[str, ...]] = set()
    for index, each in enumerate(practitioners):
        key = comparable(each.name)
        if key in seen:
            return index
        seen.add(key)
    return None


def find(name: str, practitioners: Sequence[Practitioner]) -> Practitioner | None:
    """The practitioner of this name; None for nobody."""
    wanted = comparable(name)
    return next((each for each in practitioners if comparable(each.name) == wanted), None)
