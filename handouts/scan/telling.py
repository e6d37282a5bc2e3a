"""How the state of a run is put into words: the same on a terminal, on paper and in tables."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import get_args

from handouts.scan.model import AppointmentStatus, RunStatus, SignatureState, SignatureStatus, State

_LOCALE = "en_US"
_MOST_NAMED = 12
"""Rows that are named where there are more: the rest stands in problems.csv."""
_WHY: dict[SignatureState, str] = {"empty": "empty, p. {}", "look": "to look at, p. {}", "missing": "page not back"}


def totals(status: RunStatus) -> dict[State, int]:
    """How many appointments stand at each state; together they are all of them."""
    return {state: sum(each.state == state for each in status.appointments) for state in get_args(State)}


def needs_someone(appointment: AppointmentStatus) -> bool:
    """Whether a person must see to an appointment. Of a packet that nobody signs nothing need come back."""
    return bool(appointment.pages_missing or open_signatures(appointment) or appointment.notes)


def not_printed(status: RunStatus) -> str:
    """Which appointments of the list got no packet; empty where all did."""
    count = len(status.not_printed)
    if not count:
        return ""
    named = ", ".join(status.not_printed[:_MOST_NAMED])
    more = f" and {count - _MOST_NAMED} more" if count > _MOST_NAMED else ""
    return f"{counted(count, 'appointment')} of the list got no packet: {named}{more}. problems.csv tells why"


def open_signatures(appointment: AppointmentStatus) -> list[SignatureStatus]:
    """The signatures that are to be had or looked at: not those that the form is whole without, unless in doubt."""
    return [
        each
        for each in appointment.signatures
        if each.state == "look" or (each.state != "signed" and not each.optional)
    ]


def unsigned(appointment: AppointmentStatus) -> list[tuple[str, str]]:
    """Who has not signed, and how that was found: `("patient, clinician", "empty, p. 14")`."""
    found: dict[str, list[str]] = {}
    for each in open_signatures(appointment):
        found.setdefault(_WHY[each.state].format(each.page), []).append(role_of(each))
    return [(", ".join(roles), why) for why, roles in found.items()]


def signed(appointment: AppointmentStatus) -> str:
    """Who has signed: `patient, clinician`."""
    return ", ".join(role_of(each) for each in appointment.signatures if each.state == "signed")


def role_of(signature: SignatureStatus) -> str:
    """Who signs, as people write it."""
    return signature.role.replace("_", " ")


def page_ranges(pages: Iterable[int]) -> str:
    """Page numbers, neighbours told together: `1 to 3, 7`. A spreadsheet would take `1-3` for a day in January."""
    stretches: list[list[int]] = []
    for page in sorted(pages):
        if stretches and stretches[-1][-1] + 1 == page:
            stretches[-1][1:] = [page]
        else:
            stretches.append([page])
    return ", ".join(" to ".join(map(str, each)) for each in stretches)


def counted(number: int, noun: str) -> str:
    """A number and what is counted: `1 page`, `2 pages`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def days(status: RunStatus) -> str:
    """The day of a run, or its first and last; empty where it has no appointments."""
    found = sorted({datetime.fromisoformat(each.start).date() for each in status.appointments})
    return " to ".join(day(each) for each in (*found[:1], *found[1:][-1:]))


def day(moment: date) -> str:
    """A day: `Tuesday, December 1, 2026`."""
    from babel.dates import format_date

    return format_date(moment, "full", locale=_LOCALE)


def times(status: RunStatus) -> list[str]:
    """When each appointment begins, as the forms print it: `8:00 AM`; in a run of several days with the day."""
    from babel.dates import format_date

    starts = [datetime.fromisoformat(each.start) for each in status.appointments]
    if len({start.date() for start in starts}) < 2:
        return [clock(start) for start in starts]
    return [f"{format_date(start, 'MMM d', locale=_LOCALE)}, {clock(start)}" for start in starts]


def clock(moment: datetime) -> str:
    """A time of day: `8:00 AM`."""
    from babel.dates import format_time

    return format_time(moment.time(), "short", locale=_LOCALE).replace("\u202f", " ")
