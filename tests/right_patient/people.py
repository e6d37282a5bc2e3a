"""Lists of random patients, made to be mixed up: namesakes, twins, numbers within numbers, names of many scripts."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import permutations

from handouts.model import Flag
from tests.layout.names import NAMES
from tests.run.making import Row

PROCEDURES: dict[str, dict[str, int]] = {
    "spinal-decompression": {"price_per_session": 145},
    "lumbar-epidural-steroid-injection": {"price_per_session": 915, "usual_sessions": 3},
    "dry-needling": {},
}
"""What clinic.yaml says about prices."""

_ASKED = {
    "spinal-decompression": ("Spinal decompression", "Decompression table"),
    "lumbar-epidural-steroid-injection": ("Lumbar ESI",),
    "dry-needling": ("Dry needling", "TDN"),
}
_LANGUAGES = {"": "en", "English": "en", "es": "es", "Spanish": "es", "français": "en", "Polish": "en"}
_FOREIGN = {"français", "Polish"}
PRACTITIONERS = ("Dr. Ada Fernhill", "Jonas Whitlock")
_EAST_ASIAN = {"Chinese (simplified)", "Chinese (traditional)", "Japanese", "Korean"}
_RIGHT_TO_LEFT = {"Arabic", "Persian", "Urdu", "Pashto", "Hebrew", "Yiddish"}
_FIRST_DAY = datetime(2026, 12, 1, 7)
_LONGEST = 200

MARK = "Xq"
"""Begins a word that stands in the list once; no form and no packet's id has these letters."""


def words(text: str) -> set[str]:
    """The words of a text, as they stand between spaces, without punctuation around them."""
    return {word for each in text.split() if (word := each.strip(".,;:()«»“”\"'·"))}


@dataclass(frozen=True)
class Visit:
    """One row of the list, and what must come of it. name: as printed. total: in the clinic's currency."""

    row: Row
    name: str
    born: date
    record: str
    start: datetime
    procedure: str
    language: str
    flags: frozenset[Flag]
    total: int | None
    printed: bool = True

    @property
    def identifier(self) -> str:
        """The appointment's id."""
        return self.row["appointment_id"]

    @property
    def values(self) -> tuple[str, ...]:
        """All texts of the row that a page may print."""
        row = self.row
        return self.name, self.record, row["representative"], row["payer"], row["clinician"]

    @property
    def words(self) -> set[str]:
        """The words of these."""
        return {word for value in self.values for word in words(value)}

    @property
    def names_as_read(self) -> set[str]:
        """The name in every order in which a reader may tell it: words that run both ways have no certain one."""
        parts = self.name.split()
        runs = {any("\u0590" <= letter < "\u0900" for letter in part) for part in parts}
        return {self.name} if len(runs) == 1 else {" ".join(each) for each in permutations(parts)}


class _Marks:
    """Words that nobody else has, in no order that would let a page's neighbour pass for it."""

    _LETTERS = "0123456789abcdefghijklmnopqrstuvwxyz"

    def __init__(self) -> None:
        self._count = 0

    def next(self) -> str:
        self._count += 1
        number, spelled = self._count * 22695477 % 36**5, ""
        for _ in range(5):
            number, digit = divmod(number, 36)
            spelled += self._LETTERS[digit]
        return MARK + spelled


def visits(printed: int, seed: int, kinds: int, *, east_asian: bool = False) -> list[Visit]:
    """Rows in the order of a list, of which so many get a packet.

    kinds: of appointment, each of which takes a while to lay out. east_asian: whether the machine can print such names.
    """
    return _Crowd(random.Random(seed), kinds, east_asian).visits(printed)  # noqa: S311 - no secret


@dataclass(frozen=True, slots=True)
class _Kind:
    """What decides the text of a packet, but for the patient's age. language: as the list has it."""

    procedure: str
    language: str
    payer: Flag | None
    sessions: bool
    interpreter: bool
    large_print: bool
    represented: bool


class _Crowd:
    """People, each made in view of those before."""

    def __init__(self, chance: random.Random, kinds: int, east_asian: bool) -> None:
        self._chance = chance
        self._names = [(language, name) for language, name in NAMES if east_asian or language not in _EAST_ASIAN]
        self._marks = _Marks()
        self._people: list[Visit] = []
        self._plain_names = [name for language, name in NAMES if language in {"Polish", "Greek", "Russian"}]
        self._kinds: list[_Kind] = []
        self._most_kinds = kinds
        self._count = 0
        self._number = 4_000_000

    def visits(self, printed: int) -> list[Visit]:
        listed: list[Visit] = []
        count = 0
        while count < printed:
            for each in self._some():
                listed.append(each)
                count += each.printed
        self._chance.shuffle(listed)
        return listed

    def _some(self) -> Iterator[Visit]:
        """The rows of one more person."""
        chance = self._chance
        visit = self._visit()
        fate = chance.random()
        if fate < 0.02:  # the same row twice: one packet
            yield visit
            yield replace(visit, printed=False)
        elif fate < 0.03:  # one appointment for two people: no packet
            yield replace(visit, printed=False)
            yield self._told(replace(self._visit(), printed=False), appointment_id=visit.identifier)
        elif fate < 0.04 and visit.record:  # one number for two people: no packet
            yield replace(visit, printed=False)
            other = self._visit()
            name = {"full_name": f"{self._marks.next()} Otherwise", "given_name": "", "family_name": ""}
            yield self._told(replace(other, printed=False), patient_id=visit.record, **name)
        elif fate < 0.06:
            yield self._told(replace(visit, printed=False), status=chance.choice(("cancelled", "no-show", "declined")))
        elif fate < 0.07:
            lacks = {"birth_date": "unknown"} if not visit.record or chance.random() < 0.5 else {"patient_id": " "}
            yield self._told(replace(visit, printed=False), **lacks)
        elif fate < 0.10:  # comes twice
            yield visit
            again = self._visit()
            same = {
                key: visit.row[key] for key in ("patient_id", "given_name", "family_name", "full_name", "birth_date")
            }
            flags = (again.flags - _BY_AGE) | _age_flags(visit.born, again.start, again.row["representative"])
            more = replace(again, name=visit.name, born=visit.born, record=visit.record, flags=flags)
            yield self._told(more, **same)
        else:
            self._people.append(visit)
            yield visit

    def _told(self, visit: Visit, **changed: str) -> Visit:
        return replace(visit, row=visit.row | changed)

    def _kind(self) -> _Kind:
        chance = self._chance
        if len(self._kinds) == self._most_kinds:
            return chance.choice(self._kinds)
        kind = _Kind(
            procedure=chance.choice(list(PROCEDURES)),
            language=chance.choice(list(_LANGUAGES)),
            payer=chance.choice((None, Flag.SELF_PAY, Flag.MEDICARE, Flag.INSURED, Flag.INSURED)),
            sessions=chance.random() < 0.5,
            interpreter=chance.random() < 0.1,
            large_print=chance.random() < 0.1,
            represented=chance.random() < 0.15,
        )
        self._kinds.append(kind)
        return kind

    def _visit(self) -> Visit:
        chance, kind = self._chance, self._kind()
        start = _FIRST_DAY + timedelta(days=chance.randrange(20), minutes=chance.randrange(12 * 60))
        name, columns, born = self._who()
        record = self._record()
        representative = self._marked_name() if kind.represented else ""
        price, usual = (PROCEDURES[kind.procedure].get(each) for each in ("price_per_session", "usual_sessions"))
        sessions = chance.randint(1, 200) if kind.sessions else None
        count = sessions or usual
        held = {
            kind.payer: kind.payer is not None,
            Flag.LARGE_PRINT: kind.large_print,
            Flag.INTERPRETER: kind.interpreter or kind.language in _FOREIGN,
            Flag.PRICED: price is not None,
            Flag.SESSIONS_PLANNED: count is not None,
        }
        flags = {flag for flag in held if flag and held[flag]} | _age_flags(born, start, representative)
        self._count += 1
        row = {
            "appointment_id": f"A{self._count}",
            "start": f"{start:%Y-%m-%d %H:%M}",
            "patient_id": record,
            **columns,
            "birth_date": born.isoformat(),
            "language": kind.language,
            "procedure": chance.choice(_ASKED[kind.procedure]),
            "interpreter": "yes" if kind.interpreter else chance.choice(("", "no")),
            "large_print": "yes" if kind.large_print else "",
            "payer": self._payer(kind.payer),
            "sessions": str(sessions or ""),
            "representative": representative,
            "clinician": chance.choice(("", *PRACTITIONERS, self._marked_name())),
            "room": chance.choice(("", "1", "2")),
            "booked_on": chance.choice(("", "2026-11-02")),
            "status": chance.choice(("", "booked")),
        }
        total = price * count if price and count else None
        return Visit(row, name, born, record, start, kind.procedure, _LANGUAGES[kind.language], frozenset(flags), total)

    # -- who -----------------------------------------------------------------------------------

    def _who(self) -> tuple[str, Row, date]:
        """Name, its columns, and birth date."""
        chance = self._chance
        born = date(1926, 1, 1) + timedelta(days=chance.randrange(365 * 100))
        fate = chance.random()
        if self._people and fate < 0.25:
            other = chance.choice(self._people)
            columns = {key: other.row[key] for key in ("given_name", "family_name", "full_name")}
            if fate < 0.12:  # a namesake, born on the same day
                return other.name, columns, other.born
            if fate < 0.16:  # a namesake, born a day later
                return other.name, columns, min(other.born + timedelta(days=1), date(2026, 11, 1))
            if columns["family_name"]:  # a twin
                given, family = f"{self._marks.next()} Twin", columns["family_name"]
                while len(f"{given} {family}") > _LONGEST:
                    family = family.rpartition(" ")[0]
                return f"{given} {family}", columns | {"given_name": given, "family_name": family}, other.born
        return (*self._name(), born)

    def _name(self) -> tuple[str, Row]:
        chance = self._chance
        language, name = chance.choice(self._names)
        parts = name.replace(",", " ").split()
        if language in _RIGHT_TO_LEFT:
            if chance.random() < 0.3:
                parts = [parts[0], self._marks.next()]
        elif chance.random() < 0.7:
            parts.insert(chance.randint(0, len(parts)), self._marks.next())
        fate = chance.random()
        if fate < 0.04 and language not in _RIGHT_TO_LEFT:
            parts = _as_long_as_may_be([*parts, *(self._marked_name() for _ in range(_LONGEST // 8))])
        elif fate < 0.06 and language not in _RIGHT_TO_LEFT:
            parts = [*parts[:1], "Lang" * 30]
        printed = " ".join(parts)
        split = chance.randint(1, len(parts)) if len(parts) > 1 else 1
        given, family = " ".join(parts[:split]), " ".join(parts[split:])
        blank = {"given_name": "", "family_name": "", "full_name": ""}
        how = chance.randrange(3)
        if how == 0 or not family:
            return printed, blank | {"full_name": printed}
        if how == 1:
            return printed, blank | {"full_name": f"{family}, {given}"}
        return printed, blank | {"given_name": given, "family_name": family}

    def _plain_name(self) -> str:
        return self._chance.choice(self._plain_names)

    def _marked_name(self) -> str:
        return f"{self._marks.next()} {self._plain_name()}"

    def _record(self) -> str:
        """A record number: often part of somebody else's, sometimes none."""
        chance = self._chance
        fate = chance.random()
        self._number += chance.randint(1, 9)
        if fate < 0.07:
            return ""
        if fate < 0.3 and self._people:
            other = chance.choice(self._people).record
            longer = chance.choice((f"{other}{self._number}", f"{self._number}{other}", f"{other}-{self._number}"))
            return longer if other and len(longer) < 40 else self._marks.next()
        return str(self._number) if fate < 0.6 else self._marks.next()

    def _payer(self, kind: Flag | None) -> str:
        if kind is Flag.INSURED:
            return f"{self._marks.next()} {self._chance.choice(('Mutual', 'Health'))}"
        return {Flag.SELF_PAY: "Self-pay", Flag.MEDICARE: "Medicare"}[kind] if kind else ""


def _as_long_as_may_be(parts: Sequence[str]) -> list[str]:
    return " ".join(parts)[:_LONGEST].rpartition(" ")[0].split()


_BY_AGE = {Flag.MINOR, Flag.REPRESENTATIVE, Flag.LACKS_CAPACITY}


def _age_flags(born: date, start: datetime, representative: str) -> set[Flag]:
    minor = start.year - born.year - ((start.month, start.day) < (born.month, born.day)) < 18
    if minor:
        return {Flag.MINOR, Flag.REPRESENTATIVE}
    return {Flag.REPRESENTATIVE, Flag.LACKS_CAPACITY} if representative else set()


def vocabulary(listed: Sequence[Visit], said: set[str]) -> set[str]:
    """The words by which somebody of the list is told. said: those that forms use as well, and tell nobody."""
    return {word for each in listed for word in each.words if len(word) > 3 and word not in said}
