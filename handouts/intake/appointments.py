"""One record becomes an appointment, or the problems that stop it. The same rules for every format."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from handouts.intake import values
from handouts.intake.dates import Moment, in_zone, moment, whole_date
from handouts.intake.fields import NAMES, STARTS
from handouts.intake.languages import language
from handouts.intake.names import Name, name_of, same_person
from handouts.intake.record import Record, Refused, Value, is_blank, problem
from handouts.intake.text import text_of
from handouts.model import Appointment, Clinic, Effect, Patient, Problem

OLDEST = 130

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one record. Without an appointment it is left out, or its problems say why not.

    appointment_id, patient_id, birth_date, name and start are kept as far as they could be read, to compare rows.
    """

    source: str
    problems: tuple[Problem, ...]
    id_column: str
    has_own_id: bool
    left_out: bool = False
    appointment: Appointment | None = None
    appointment_id: str | None = None
    patient_id_column: str = ""
    patient_id: str | None = None
    birth_date: date | None = None
    name: Name | None = None
    start: datetime | None = None


class _Row:
    """Reads the cells of one record and collects what is wrong with them."""

    def __init__(self, record: Record) -> None:
        self._record = record
        self.problems: list[Problem] = list(record.problems)

    def column(self, field: str) -> str:
        cell = self._record.cells.get(field)
        return cell.column if cell else field

    def read(self, field: str, parse: Callable[[Value], T], *, required: bool = False) -> T | None:
        """The parsed cell; None, with a problem noted, if it is refused or is needed and blank."""
        cell = self._record.cells.get(field)
        if cell is None or is_blank(cell.value):
            # What a reader could not resolve it has reported itself.
            if required and (cell or not self._record.problems):
                self.refuse(field, Refused("missing-value", "the value is missing; fill it in"))
            return None
        try:
            return parse(cell.value)
        except Refused as refused:
            self.refuse(field, refused)
            return None

    def refuse(self, field: str, refused: Refused) -> None:
        self.problems.append(problem(self._record.source, self.column(field), refused))


def outcome(record: Record, clinic: Clinic) -> Outcome:
    """Check one record by all rules."""
    left_out = _left_out(record)
    if left_out:
        return Outcome(
            source=record.source,
            problems=(left_out,),
            left_out=True,
            id_column=_Row(record).column("appointment_id"),
            has_own_id="appointment_id" in record.cells,
            appointment_id=_Row(record).read("appointment_id", values.identifier) or record.fallback_id,
            start=_start(_Row(record), record, clinic),
        )
    return _checked(record, clinic)


def _left_out(record: Record) -> Problem | None:
    row = _Row(record)
    reason = row.read("status", values.reason_to_leave_out)
    field = "status"
    if reason is None and row.read("deceased", values.deceased):
        reason, field = "deceased", "deceased"
    if reason is None:
        return None
    remedy = "no packet is made. If this is wrong, correct the list and run again"
    why = Refused(reason, f"{values.WHY_LEFT_OUT[reason]}: {remedy}", Effect.LEFT_OUT)
    return problem(record.source, row.column(field), why)


def _checked(record: Record, clinic: Clinic) -> Outcome:
    row = _Row(record)
    row.read("status", values.reason_to_leave_out)
    row.read("deceased", values.deceased)
    has_own_id = "appointment_id" in record.cells
    read_id = row.read("appointment_id", values.identifier, required=has_own_id)
    appointment_id = read_id if has_own_id else record.fallback_id
    start = _start(row, record, clinic)
    patient_id = row.read("patient_id", values.identifier, required="patient_id" in record.cells)
    birth_date = row.read("birth_date", lambda value: whole_date(value, clinic.date_format), required=True)
    if birth_date and start:
        _check_age(row, birth_date, start)
    name = _name(row, record)
    sex = row.read("sex", values.sex)
    spoken = row.read("language", language)
    interpreter = row.read("interpreter", values.asked_for)
    sessions = row.read("sessions", values.sessions)
    large_print = row.read("large_print", values.asked_for)
    booked_on = row.read("booked_on", lambda value: booking_day(value, clinic))
    password = row.read("password", values.password)
    procedure = row.read("procedure", text_of)
    clinician, room, payer = (row.read(field, values.optional) for field in ("clinician", "room", "payer"))
    representative = row.read("representative", values.representative)
    if representative and name and same_person(representative, name):
        representative = None
    appointment = None
    printable = not any(each.effect is Effect.NOT_PRINTED for each in row.problems)
    if printable and appointment_id and start and birth_date and name:
        patient = Patient(
            name=name.printed,
            given_name=name.given,
            family_name=name.family,
            birth_date=birth_date,
            patient_id=patient_id,
            sex=sex,
            language=spoken,
            interpreter=bool(interpreter),
        )
        appointment = Appointment(
            appointment_id=appointment_id,
            source=record.source,
            start=start,
            patient=patient,
            procedure=procedure,
            clinician=clinician,
            room=room,
            payer=payer,
            sessions=sessions,
            representative=representative,
            large_print=bool(large_print),
            booked_on=booked_on,
            password=password,
        )
    return Outcome(
        source=record.source,
        problems=tuple(row.problems),
        id_column=row.column("appointment_id"),
        has_own_id=has_own_id,
        appointment=appointment,
        appointment_id=appointment_id,
        patient_id_column=row.column("patient_id"),
        patient_id=patient_id,
        birth_date=birth_date,
        name=name,
        start=start,
    )


def booking_day(value: Value, clinic: Clinic) -> date | None:
    """The day an appointment was made, in the clinic's time zone where the list tells the time too."""
    try:
        found = moment(value, clinic.date_format)
    except Refused as refused:
        message = f"{refused.message}. The day the estimate is due is left to write in"
        raise Refused(refused.code, message, Effect.PRINTED) from None
    if found is None or found.day is None:
        return None
    if found.clock is None or found.offset is None:
        return found.day
    return in_zone(found.day, found.clock, found.offset, clinic.zone).date()


def _start(row: _Row, record: Record, clinic: Clinic) -> datetime | None:
    present = [field for field in STARTS if field in record.cells]
    before = len(row.problems)
    told: list[tuple[str, Moment]] = []
    for field in present:
        found = row.read(field, lambda value: moment(value, clinic.date_format))
        if found:
            told.append((field, found))
    if len(row.problems) > before:
        return None
    try:
        return _joined([found for _, found in told], clinic)
    except Refused as refused:
        row.refuse(told[0][0] if told else next(iter(present), "start"), refused)
        return None


def _joined(told: list[Moment], clinic: Clinic) -> datetime | None:
    if not told:
        raise Refused("missing-value", "the start of the appointment is missing; fill it in")
    whole = [in_zone(each.day, each.clock, each.offset, clinic.zone) for each in told if each.day and each.clock]
    days = {each.date() for each in whole} | {each.day for each in told if each.day and not each.clock}
    clocks = {each.time() for each in whole} | {each.clock for each in told if each.clock and not each.day}
    if not days:
        raise Refused("missing-date", "the start has a time but no date; add the date")
    if not clocks:
        raise Refused("missing-time", "the start has a date but no time; add the time")
    if len(days) > 1 or len(clocks) > 1 or len(set(whole)) > 1:
        raise Refused("conflicting-start", "the columns with the start contradict each other; correct one of them")
    return whole[0] if whole else in_zone(days.pop(), clocks.pop(), None, clinic.zone)


def _check_age(row: _Row, birth_date: date, start: datetime) -> None:
    if birth_date > start.date():
        row.refuse(
            "birth_date", Refused("birth-after-appointment", "the birth date is after the appointment; correct it")
        )
    elif (birth_date.year + OLDEST, birth_date.month, birth_date.day) < (start.year, start.month, start.day):
        row.refuse(
            "birth_date", Refused("birth-too-long-ago", f"the birth date is more than {OLDEST} years ago; correct it")
        )


def _name(row: _Row, record: Record) -> Name | None:
    before = len(row.problems)
    given, family, full = (row.read(field, text_of) for field in ("given_name", "family_name", "full_name"))
    field = next((field for field in NAMES if field in record.cells), None)
    if len(row.problems) > before or not field:
        return None
    try:
        return name_of(given, family, full)
    except Refused as refused:
        row.refuse(field, refused)
        return None
