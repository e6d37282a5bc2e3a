"""Facts of procedure.yaml that each can be read, and that cannot all be true."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from handouts.errors import Place
from handouts.library.checks.finding import Finding
from handouts.library.checks.prose import key
from handouts.library.procedure import Cost, Procedure, Session

Where = Callable[..., Place]


def check_sanity(procedure: Procedure, place: Where) -> Iterator[Finding]:
    """Ids given twice, sources that name nothing, numbers and days in the wrong order. place: where a fact stands."""
    if procedure.reviewed > procedure.next_review:
        message = f"the next review, {procedure.next_review}, is before the last, {procedure.reviewed}"
        yield Finding("facts", place("next_review"), message, "Correct one of the two days.")
    if procedure.session:
        yield from _session(procedure.session, place)
    for number, cost in enumerate(procedure.costs):
        yield from _cost(cost, number, place)
    for name, entries in procedure:
        ids: set[str] = set()
        for number, entry in enumerate(entries if isinstance(entries, tuple) else ()):
            own = getattr(entry, "id", None)
            if own in ids:
                hint = "Give each entry an id of its own: what changes one of them must know which."
                yield Finding("facts", place(name, number, "id"), f"`{name}` has two entries with the id `{own}`", hint)
            elif own is not None:
                ids.add(own)
            source = getattr(entry, "source", None)
            if source is not None and not key(source):
                hint = "Name the study, guideline or manual; what has no source is not printed."
                yield Finding("facts", place(name, number, "source"), f"“{source}” names no source", hint)


def _session(session: Session, place: Where) -> Iterator[Finding]:
    at = place("session", "minutes_low")
    if session.minutes_low < 1:
        yield Finding("facts", at, f"a session of {session.minutes_low} minutes", "Write how long one lasts.")
    yield from _order("minutes_low", session.minutes_low, session.minutes_high, at)


def _cost(cost: Cost, number: int, place: Where) -> Iterator[Finding]:
    for least in ("low", "sessions_low", "total_low"):
        most = least.replace("low", "high")
        yield from _order(least, getattr(cost, least), getattr(cost, most), place("costs", number, least))
    for end in ("low", "high"):
        each, sessions, total = (getattr(cost, f"{name}{end}") for name in ("", "sessions_", "total_"))
        if each < 0 or sessions < 1:
            message = f"`{cost.id}`: {sessions} sessions at {each}"
            yield Finding("facts", place("costs", number, f"sessions_{end}"), message, "Neither can be less than that.")
        elif total != each * sessions:
            message = f"`total_{end}` is {total}, but {sessions} sessions at {each} are {each * sessions}"
            yield Finding("facts", place("costs", number, f"total_{end}"), message, "Correct the one that is wrong.")


def _order(name: str, least: int, most: int, at: Place) -> Iterator[Finding]:
    if least > most:
        message = f"`{name}`, {least}, is more than `{name.replace('low', 'high')}`, {most}"
        yield Finding("facts", at, message, "Write the smaller number as the low one.")
