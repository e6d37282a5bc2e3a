"""Fields with a fixed set of meanings: numbers, sex, yes and no, sessions, status. No unknown word is guessed at."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from handouts.intake.fields import normalised
from handouts.intake.record import Refused, Value
from handouts.intake.text import checked, text_of

MOST_SESSIONS = 200

_SEXES = {
    spelling: meaning
    for meaning, spellings in {
        "female": "f female woman",
        "male": "m male man",
        "other": "o x other nonbinary nb diverse another",
        "unknown": "u unknown unk notknown",
    }.items()
    for spelling in spellings.split()
}
_YES = frozenset({"yes", "y", "true", "t", "1", "needed", "required", "sí", "si"})
_NO = frozenset({"no", "n", "false", "f", "0", "none", "notneeded", "notrequired"})
_PRINT = "booked confirmed arrived checkedin scheduled"
_LEFT_OUT = {
    "cancelled": "cancelled canceled cancelledbypatient canceledbypatient cancelledbyclinic canceledbyclinic",
    "no-show": "noshow noshowed didnotattend dna",
    "entered-in-error": "enteredinerror error",
    "already-took-place": "fulfilled completed complete done",
    "not-confirmed": "proposed pending waitlist waitlisted tentative unconfirmed notconfirmed requested",
    "declined": "declined",
}
_STATUS: dict[str, str | None] = dict.fromkeys(_PRINT.split()) | {
    spelling: code for code, spellings in _LEFT_OUT.items() for spelling in spellings.split()
}
WHY_LEFT_OUT = {
    "cancelled": "the appointment is cancelled",
    "no-show": "the patient did not come",
    "entered-in-error": "the appointment was entered in error",
    "already-took-place": "the appointment has already taken place",
    "not-confirmed": "the appointment is not confirmed yet",
    "declined": "the patient has declined the appointment",
    "deceased": "the patient is recorded as deceased",
}
# Excel turns a long number into 1.23E+11 and saves only what it shows.
_SHORTENED = re.compile(r"[0-9]([.,][0-9]+)?[Ee]\+[0-9]{1,3}")


_PLACEHOLDERS = frozenset(
    "na none null nil nan unknown unk notknown tbd tba tobedetermined notprovided notapplicable notspecified "
    "notavailable declined refused".split()
)
_NOBODY_ELSE = frozenset("self patient same sameaspatient thepatient no n".split())
_SIGNS = re.compile(r"(?!(.)\1*$)[\W_]{8,}")
"""Too many for a placeholder such as `--`, and not one sign again and again, as in a line of dashes."""


def is_placeholder(text: str) -> bool:
    """Whether a text only says that there is no value: `N/A`, `-`, `unknown`."""
    word = normalised(text)
    return not word or word in _PLACEHOLDERS


def optional(value: Value) -> str | None:
    """A text that may be missing; a placeholder for a missing one, such as `N/A`, is no text to print.

    Raises:
        Refused: it is no usable text.

    """
    text = text_of(value)
    return None if text is None or is_placeholder(text) else text


def representative(value: Value) -> str | None:
    """Who decides for the patient; `self` and the like are nobody else.

    Raises:
        Refused: it is no usable text.

    """
    text = optional(value)
    return None if text is None or normalised(text) in _NOBODY_ELSE else text


def password(value: Value) -> str | None:
    """A password as it stands, even one of signs only; empty where it is no usable text, which matters only where
    packets are encrypted.
    """
    try:
        text = text_of(value)
    except Refused:
        return ""
    return None if text is None or (is_placeholder(text) and not _SIGNS.fullmatch(text)) else text


def identifier(value: Value) -> str | None:
    """An appointment's or a patient's number, as text.

    Raises:
        Refused: it cannot be used, or a spreadsheet has rounded it.

    """
    text = text_of(value)
    if text and is_placeholder(text):
        raise Refused("missing-value", "there is no number here; fill it in")
    if text and _SHORTENED.fullmatch(text):
        raise Refused(
            "number-too-long",
            "a spreadsheet program has shortened this number; format the column as text, enter it again and save",
        )
    return text


def sex(value: Value) -> str | None:
    """`female`, `male`, `other` or `unknown`; any other word as it stands.

    Raises:
        Refused: it is no usable text.

    """
    text = text_of(value)
    return _SEXES.get(normalised(text), text) if text else None


def _yes_or_no(value: Value) -> bool | None:
    if isinstance(value, bool):
        return value
    word = normalised(text_of(value) or "")
    if word in _YES:
        return True
    return False if word in _NO else None


def asked_for(value: Value) -> bool:
    """Whether something is needed, such as an interpreter or large print; blank is no.

    Raises:
        Refused: the word is neither yes nor no.

    """
    if checked(value) is None:
        return False
    answer = _yes_or_no(value)
    if answer is None:
        raise Refused("not-yes-or-no", "the value is neither yes nor no; write one of them")
    return answer


def deceased(value: Value) -> bool:
    """Whether the patient has died, as yes or no or a date of death; blank is no.

    Raises:
        Refused: it is neither yes, no nor a date.

    """
    value = checked(value)
    if value is None:
        return False
    if isinstance(value, date):
        return True
    answer = _yes_or_no(value)
    if answer is None and re.search(r"[0-9]{4}|[0-9][-/.][0-9]", text_of(value) or ""):
        return True
    if answer is None:
        raise Refused("not-yes-or-no", "the value is neither yes, no nor a date of death; write one of them")
    return answer


def sessions(value: Value) -> int | None:
    """The number of planned sessions.

    Raises:
        Refused: it is no whole number from 1 to MOST_SESSIONS.

    """
    value = checked(value)
    if value is None or (isinstance(value, str) and is_placeholder(value)):
        return None
    number: int | None = None
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,3}", value):
        number = int(value)
    elif isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        number = int(value) if 1 <= value <= MOST_SESSIONS and value == int(value) else None
    if number is None or not 1 <= number <= MOST_SESSIONS:
        raise Refused("bad-sessions", f"the number of sessions must be a whole number from 1 to {MOST_SESSIONS}")
    return number


def reason_to_leave_out(value: Value) -> str | None:
    """The reason the status gives for printing nothing, or None if the packet is wanted.

    Raises:
        Refused: the status is not known.

    """
    text = text_of(value)
    if text is None:
        return None
    word = normalised(text)
    if word not in _STATUS:
        raise Refused(
            "unknown-status",
            "the status is not known; write booked, confirmed, arrived, cancelled, no-show, completed or pending",
        )
    return _STATUS[word]
