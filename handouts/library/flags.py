"""From one appointment to its flags: the finite set of things a template may ask."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import chain, combinations

from handouts.library.fields import Estimate
from handouts.library.payers import payer_flags
from handouts.model import Appointment, Clinic, Flag

Flags = frozenset[Flag]

MEANINGS: dict[Flag, str] = {
    Flag.MINOR: "the patient is under the clinic's age of consent on the day",
    Flag.REPRESENTATIVE: "someone else decides or signs: always for a minor, else when the list names one",
    Flag.LACKS_CAPACITY: "an adult for whom the list names someone who decides",
    Flag.LARGE_PRINT: "the list asks for large print",
    Flag.INTERPRETER: "an interpreter is needed, or the packet is not in the patient's language",
    Flag.SELF_PAY: "the list says that the patient pays without insurance",
    Flag.INSURED: "the list names a payer other than the patient or Original Medicare",
    Flag.MEDICARE: "the list names Original Medicare as payer",
    Flag.PRICED: "the clinic has a price per session for the procedure",
    Flag.SESSIONS_PLANNED: "the number of sessions is known, from the list or the clinic's usual number",
}


def flags_of(appointment: Appointment, clinic: Clinic, estimate: Estimate, *, priced: bool, foreign: bool) -> Flags:
    """The flags of one appointment. `foreign`: the packet is printed in another language than the patient's."""
    minor = age_on(appointment.patient.birth_date, appointment.start.date()) < clinic.age_of_consent
    holds = {
        Flag.MINOR: minor,
        Flag.REPRESENTATIVE: minor or appointment.representative is not None,
        Flag.LACKS_CAPACITY: not minor and appointment.representative is not None,
        Flag.LARGE_PRINT: appointment.large_print,
        Flag.INTERPRETER: appointment.patient.interpreter or foreign,
        Flag.PRICED: priced,
        Flag.SESSIONS_PLANNED: estimate.sessions is not None,
    }
    return frozenset(flag for flag, held in holds.items() if held) | payer_flags(appointment.payer)


def age_on(birth_date: date, day: date) -> int:
    """Whole years of age on `day`; someone born on 29 February has the birthday on 1 March of other years."""
    had_birthday = (day.month, day.day) >= (birth_date.month, birth_date.day)
    return day.year - birth_date.year - (0 if had_birthday else 1)


def reachable() -> tuple[Flags, ...]:
    """Every set of flags that an appointment can have; the counterpart of `flags_of`."""
    who = ((), (Flag.REPRESENTATIVE, Flag.LACKS_CAPACITY), (Flag.REPRESENTATIVE, Flag.MINOR))
    payers = tuple(_subsets(Flag.SELF_PAY, Flag.INSURED, Flag.MEDICARE))
    others = tuple(_subsets(Flag.INTERPRETER, Flag.LARGE_PRINT, Flag.PRICED, Flag.SESSIONS_PLANNED))
    return tuple(frozenset((*first, *second, *third)) for first in who for second in payers for third in others)


def _subsets(*flags: Flag) -> Iterator[tuple[Flag, ...]]:
    return chain.from_iterable(combinations(flags, size) for size in range(len(flags) + 1))
