"""Rows compared with each other: the same appointment twice, and one patient number for two people."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence, Set
from datetime import date

from handouts.intake.appointments import Outcome
from handouts.intake.fields import normalised
from handouts.intake.record import Refused, problem
from handouts.model import Appointment, Effect, Intake, Problem
from handouts.packed import Packed

_NAMED = 5


class _Groups:
    """Which rows have a key in common."""

    def __init__(self) -> None:
        self._first: dict[Hashable, int] = {}
        self._groups: dict[Hashable, list[int]] = {}

    def add(self, key: Hashable, index: int) -> None:
        """The row at `index` has this key."""
        first = self._first.setdefault(key, index)
        if first != index:
            self._groups.setdefault(key, [first]).append(index)

    def __iter__(self) -> Iterator[list[int]]:
        """The indexes of rows that share a key, for every key that several have."""
        return iter(self._groups.values())


def compared(rows: Iterable[Outcome]) -> Intake:
    """The appointments to print, and the problems of every row in the order of the rows."""
    outcomes: Packed[Outcome] = Packed()
    patients, visits = _Groups(), _Groups()
    for index, each in enumerate(rows):
        outcomes.append(each)
        if each.patient_id and not each.left_out:
            patients.add(each.patient_id, index)
        if each.has_own_id and each.appointment_id:
            visits.add(each.appointment_id, index)
        elif not each.has_own_id and each.appointment:
            visits.add(_content(each.appointment), index)
    added: dict[int, list[Problem]] = defaultdict(list)
    stopped: set[int] = set()
    for indexes in patients:
        _stop_mixed_up(outcomes, indexes, stopped, added)
    for indexes in visits:
        _settle(outcomes, indexes, stopped, added)
    return _intake(outcomes, stopped, added)


def _intake(outcomes: Iterable[Outcome], stopped: Set[int], added: Mapping[int, Sequence[Problem]]) -> Intake:
    appointments: Packed[Appointment] = Packed()
    problems: Packed[Problem] = Packed()
    days: dict[str, date] = {}
    sources: dict[str, tuple[str, ...]] = {}
    same: dict[date, date] = {}
    for index, each in enumerate(outcomes):
        if each.appointment and index not in stopped:
            appointments.append(each.appointment)
        problems.extend((*each.problems, *added.get(index, ())))
        if each.start:
            day = each.start.date()
            days[each.source] = same.setdefault(day, day)
        if each.appointment_id:
            sources[each.appointment_id] = (*sources.get(each.appointment_id, ()), each.source)
    return Intake(appointments, problems, days, sources)


def _settle(
    outcomes: Sequence[Outcome], indexes: list[int], stopped: set[int], added: dict[int, list[Problem]]
) -> None:
    rows = [outcomes[index] for index in indexes]
    if all(row.left_out for row in rows):
        return
    sources = [row.source for row in rows]
    readable = [row.appointment for row in rows if row.appointment]
    alike = len(readable) == len(indexes) and len({_content(each) for each in readable}) == 1
    for position, index in enumerate(indexes):
        each = rows[position]
        if alike:
            if not position or indexes[0] in stopped:
                continue
            found = Refused(
                "duplicate-appointment",
                f"the same appointment stands at {sources[0]} already: one packet is made. Delete one of the two rows",
                Effect.PRINTED,
            )
        else:
            others = _others(sources, position)
            found = Refused(
                "conflicting-appointment",
                f"the same appointment id stands at {others} with other content: none of them is printed. "
                "Correct or delete the wrong row",
            )
        stopped.add(index)
        added[index].append(problem(each.source, each.id_column, found))


def _content(appointment: Appointment) -> bytes:
    """A digest over all that is printed: two rows with the same one are the same appointment."""
    same = appointment.model_copy(update={"source": "", "appointment_id": ""})
    return hashlib.blake2b(repr((same, same.start.utcoffset())).encode(), digest_size=16).digest()


def _stop_mixed_up(
    outcomes: Sequence[Outcome], indexes: list[int], stopped: set[int], added: dict[int, list[Problem]]
) -> None:
    rows = [outcomes[index] for index in indexes]
    if not _different_people(rows):
        return
    sources = [row.source for row in rows]
    for position, index in enumerate(indexes):
        others = _others(sources, position)
        found = Refused(
            "conflicting-patient",
            f"the same patient number stands at {others} with another name or birth date: "
            "none of them is printed. Find out whose number it is and correct the list",
        )
        stopped.add(index)
        added[index].append(problem(rows[position].source, rows[position].patient_id_column, found))


def _different_people(rows: Sequence[Outcome]) -> bool:
    if len({row.birth_date for row in rows if row.birth_date}) > 1:
        return True
    names = [row.name for row in rows if row.name]
    if any(name.family is None or name.given is None for name in names):
        return len({normalised(name.printed) for name in names}) > 1
    # Twins share birth date and family name; a middle name is not written everywhere.
    people = {(normalised(name.family or ""), normalised((name.given or " ").split()[0])) for name in names}
    return len(people) > 1


def _others(sources: Sequence[str], position: int) -> str:
    start = max(0, min(position - 1, len(sources) - _NAMED - 1))
    named = [source for at, source in enumerate(sources[start : start + _NAMED + 1], start) if at != position]
    more = len(sources) - 1 - len(named)
    return ", ".join(named) + (f" and {more} more" if more else "")
