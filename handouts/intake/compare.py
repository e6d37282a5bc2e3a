"""Rows compared with each other: the same appointment twice, and one patient number for two people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from handouts.intake.appointments import Outcome
from handouts.intake.fields import normalised
from handouts.intake.record import Refused, problem
from handouts.model import Appointment, Effect, Intake, Problem

_NAMED = 5


def compared(outcomes: Sequence[Outcome]) -> Intake:
    """The appointments to print, and the problems of every row in the order of the rows."""
    added: dict[int, list[Problem]] = defaultdict(list)
    stopped: set[int] = set()
    _stop_mixed_up_patients(outcomes, stopped, added)
    _settle_repeated(outcomes, stopped, added)
    appointments = [
        each.appointment for index, each in enumerate(outcomes) if each.appointment and index not in stopped
    ]
    problems = [found for index, each in enumerate(outcomes) for found in (*each.problems, *added.get(index, ()))]
    sources: dict[str, list[str]] = defaultdict(list)
    for each in outcomes:
        sources[each.appointment_id or ""].append(each.source)
    return Intake(
        appointments=tuple(appointments),
        problems=tuple(problems),
        days={each.source: each.start.date() for each in outcomes if each.start},
        sources={identifier: tuple(found) for identifier, found in sources.items() if identifier},
    )


def _settle_repeated(outcomes: Sequence[Outcome], stopped: set[int], added: dict[int, list[Problem]]) -> None:
    by_id: dict[object, list[int]] = defaultdict(list)
    for index, each in enumerate(outcomes):
        if each.has_own_id and each.appointment_id:
            by_id[each.appointment_id].append(index)
        elif not each.has_own_id and each.appointment:
            by_id[_content(each.appointment)].append(index)
    for indexes in by_id.values():
        if len(indexes) > 1:
            _settle(outcomes, indexes, stopped, added)


def _settle(
    outcomes: Sequence[Outcome], indexes: list[int], stopped: set[int], added: dict[int, list[Problem]]
) -> None:
    if all(outcomes[index].left_out for index in indexes):
        return
    sources = [outcomes[index].source for index in indexes]
    readable = [appointment for index in indexes if (appointment := outcomes[index].appointment)]
    alike = len(readable) == len(indexes) and len({_content(each) for each in readable}) == 1
    for position, index in enumerate(indexes):
        each = outcomes[index]
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


def _content(appointment: Appointment) -> object:
    same = appointment.model_copy(update={"source": "", "appointment_id": ""})
    return same, same.start.utcoffset()


def _stop_mixed_up_patients(outcomes: Sequence[Outcome], stopped: set[int], added: dict[int, list[Problem]]) -> None:
    by_patient: dict[str, list[int]] = defaultdict(list)
    for index, each in enumerate(outcomes):
        if each.patient_id and not each.left_out:
            by_patient[each.patient_id].append(index)
    for indexes in by_patient.values():
        rows = [outcomes[index] for index in indexes]
        if len(rows) < 2 or not _different_people(rows):
            continue
        sources = [row.source for row in rows]
        for position, index in enumerate(indexes):
            each = outcomes[index]
            others = _others(sources, position)
            found = Refused(
                "conflicting-patient",
                f"the same patient number stands at {others} with another name or birth date: "
                "none of them is printed. Find out whose number it is and correct the list",
            )
            stopped.add(index)
            added[index].append(problem(each.source, each.patient_id_column, found))


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
