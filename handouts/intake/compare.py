"""Rows compared with each other: the same appointment twice, and one patient number for two people."""

from __future__ import annotations

import hashlib
from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from itertools import pairwise

from handouts.intake.appointments import Outcome
from handouts.intake.fields import normalised
from handouts.intake.record import Refused, problem
from handouts.model import Appointment, Effect, Intake, Problem, Row
from handouts.packed import Packed

_NAMED = 5


class _Repeated:
    """Finds rows that have a key in common. Of each row only a number is kept until it is known which these are."""

    def __init__(self, key: Callable[[Outcome], str | bytes | None]) -> None:
        self._key = key
        self._hashes = array("q")

    def note(self, row: Outcome) -> None:
        """The next row."""
        self._hashes.append(hash(self._key(row)))

    def groups(self, rows: Sequence[Outcome]) -> Iterable[list[int]]:
        """The indexes of rows that share a key, for every key that several have."""
        several = {one for one, next_one in pairwise(sorted(self._hashes)) if one == next_one} - {hash(None)}
        groups: dict[str | bytes | None, list[int]] = defaultdict(list)
        for index, one in enumerate(self._hashes):
            if one in several:
                groups[self._key(rows[index])].append(index)
        return [indexes for indexes in groups.values() if len(indexes) > 1]


def _patient(row: Outcome) -> str | None:
    return None if row.left_out else row.patient_id or None


def _visit(row: Outcome) -> str | bytes | None:
    if row.has_own_id:
        return row.appointment_id or None
    return _content(row.appointment) if row.appointment else None


def _id(row: Outcome) -> str | None:
    return row.appointment_id or None


def compared(rows: Iterable[Outcome]) -> Intake:
    """The appointments to print, and the problems of every row in the order of the rows."""
    outcomes: Packed[Outcome] = Packed()
    patients, visits, ids = _Repeated(_patient), _Repeated(_visit), _Repeated(_id)
    for each in rows:
        outcomes.append(each)
        patients.note(each)
        visits.note(each)
        ids.note(each)
    added: dict[int, list[Problem]] = defaultdict(list)
    stopped: set[int] = set()
    for indexes in patients.groups(outcomes):
        _stop_mixed_up(outcomes, indexes, stopped, added)
    for indexes in visits.groups(outcomes):
        _settle(outcomes, indexes, stopped, added)
    for indexes in ids.groups(outcomes):
        # the id by which a row without one goes may be another's own
        if not all(outcomes[index].has_own_id for index in indexes):
            _settle(outcomes, indexes, stopped, added)
    return _intake(outcomes, stopped, added)


def _intake(outcomes: Iterable[Outcome], stopped: Set[int], added: Mapping[int, Sequence[Problem]]) -> Intake:
    appointments: Packed[Appointment] = Packed()
    problems: Packed[Problem] = Packed()
    rows: Packed[Row] = Packed()
    for index, each in enumerate(outcomes):
        if each.appointment and index not in stopped:
            appointments.append(each.appointment)
        problems.extend((*each.problems, *added.get(index, ())))
        rows.append(Row(each.source, each.appointment_id, each.start.date() if each.start else None))
    return Intake(appointments, problems, rows)


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
    """A digest over all that is printed, and the password: two rows with the same one are the same appointment."""
    same = appointment.model_copy(update={"source": "", "appointment_id": ""})
    return hashlib.blake2b(repr((same, same.start.utcoffset(), same.password)).encode(), digest_size=16).digest()


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
