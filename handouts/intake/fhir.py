"""FHIR R4 appointments, with everything they refer to, become records."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import chain
from pathlib import Path
from typing import TypeVar

from handouts.errors import ListError, Place
from handouts.intake import values
from handouts.intake.dates import moment
from handouts.intake.fhir_parts import (
    best_name,
    concept,
    given_of,
    interpreter_needed,
    is_current,
    is_record_number,
    printed_name,
    record_number,
    spoken_language,
    words_of,
)
from handouts.intake.fhir_pool import TOO_LARGE, Entry, Pool, many, one, text
from handouts.intake.json_text import Json, Object
from handouts.intake.record import Cell, Damage, Record, Refused, Value, problem
from handouts.model import Effect, Problem

_ID = re.compile(r"[A-Za-z0-9.-]{1,64}")
_CLINICIANS = ("Practitioner", "PractitionerRole")
_PRIMARY = "PPRF"

T = TypeVar("T")


def records(pool: Pool, files: Sequence[Path]) -> Iterator[tuple[str, Record]]:
    """One record an Appointment of the pool, with the label of its file.

    Raises:
        ListError: there is none; the message says what there is instead.

    """
    appointments = pool.of_kind("Appointment")
    if not appointments:
        counts = pool.counts().most_common(3)
        told = [f"{count} {kind} resource{'s' * (count != 1)}" for kind, count in counts if _ID.fullmatch(kind)]
        held = " and ".join(told)
        raise ListError(
            f"the FHIR files hold {held or 'no resources'} but no Appointment",
            where=Place(files[0]),
            hint="Add the file with the day's Appointment resources to the command.",
        )
    contained = (each for entry in appointments for each in many(entry.resource.get("contained")))
    numbered = any(
        is_record_number(identifier)
        for patient in chain((each.resource for each in pool.of_kind("Patient")), contained)
        for identifier in many(patient.get("identifier"))
    )
    for entry in appointments:
        yield entry.label, _Visit(pool, entry, numbered=numbered).record()


class _Visit:
    """Gathers the cells of one Appointment, and what could not be gathered."""

    def __init__(self, pool: Pool, entry: Entry, *, numbered: bool) -> None:
        self._pool = pool
        self._entry = entry
        self._numbered = numbered
        self._cells: dict[str, Cell] = {}
        self._problems: list[Problem] = []
        name = text(entry.resource.get("id")) or ""
        self._source = f"{entry.label}:{f'Appointment/{name}' if _ID.fullmatch(name) else entry.number}"

    def record(self) -> Record:
        """The appointment as a record."""
        visit = self._entry.resource
        if self._pool.is_oversized(self._entry):
            self._note("Appointment", TOO_LARGE)
            return Record(self._source, {}, "", tuple(self._problems))
        self._put("appointment_id", "Appointment.id", visit.get("id"))
        self._put("start", "Appointment.start", visit.get("start"))
        self._put("booked_on", "Appointment.created", visit.get("created"))
        actors = [(each, kind) for each in many(visit.get("participant")) if (kind := self._kind(each))]
        patients = [each for each, kind in actors if kind == "Patient"]
        coming = [each for each in patients if each.get("status") != "declined"]
        self._put_status(declined=bool(patients) and not coming)
        others = [(each, kind) for each, kind in actors if each.get("status") != "declined"]
        self._put_people(others)
        self._attempt("Appointment.serviceType", "procedure", self._procedure)
        patient = self._patient(coming or patients)
        if patient:
            self._put_patient(patient)
            self._attempt("Coverage.payor", "payer", lambda: self._payer(patient))
            self._attempt("Appointment.basedOn", "sessions", lambda: self._sessions(patient))
            self._attempt("RelatedPerson.name", "representative", lambda: self._representatives(others, patient))
        return Record(self._source, self._cells, "", tuple(self._problems))

    def _put(self, field: str, column: str, value: Json) -> None:
        usable = value if isinstance(value, str | bool | int) or value is None else Damage.NOT_ONE_VALUE
        self._cells[field] = Cell(column, usable)

    def _note(self, column: str, refused: Refused) -> None:
        self._problems.append(problem(self._source, column, refused))

    def _attempt(self, column: str, field: str, read: Callable[[], Value]) -> None:
        try:
            self._cells[field] = Cell(column, read())
        except Refused as refused:
            self._note(column, refused)

    def _kind(self, participant: Object) -> str | None:
        actor = one(participant.get("actor"))
        if not actor:
            return None
        kind = self._pool.kind_of(actor, self._entry)
        if kind is None:
            self._note("Appointment.participant.actor", _unresolved("participant", Effect.NOT_PRINTED))
        return kind

    def _put_status(self, *, declined: bool) -> None:
        status = self._entry.resource.get("status")
        self._put("status", "Appointment.status", status)
        if not text(status):
            self._note("Appointment.status", Refused("missing-value", "the status is missing; fill it in"))
        try:
            said = values.reason_to_leave_out(text(status))
        except Refused:
            said = None
        if declined and not said:
            self._put("status", "Appointment.participant.status", "declined")

    def _day(self) -> date | None:
        try:
            start = moment(text(self._entry.resource.get("start")), None)
        except Refused:
            return None
        return start.day if start else None

    def _resolve(self, reference: Object, what: str, effect: Effect, owner: Entry | None = None) -> Entry:
        found = self._pool.resolve(reference.get("reference"), owner or self._entry)
        if not found:
            raise _unresolved(what, effect)
        return found

    def _patient(self, participants: Sequence[Object]) -> Entry | None:
        column = "Appointment.participant.actor"
        if len(participants) != 1:
            count = "no patient" if not participants else "more than one patient"
            self._note(column, Refused("not-one-patient", f"the appointment has {count}; it must have exactly one"))
            return None
        try:
            found = self._resolve(one(participants[0].get("actor")), "patient", Effect.NOT_PRINTED)
            if found.kind != "Patient":
                raise _unresolved("patient", Effect.NOT_PRINTED)
        except Refused as refused:
            self._note(column, refused)
            return None
        if any(link.get("type") == "replaced-by" for link in many(found.resource.get("link"))):
            self._note(
                "Patient.link",
                Refused("replaced-patient", "the patient's record was replaced by another; book under the other one"),
            )
        return found

    def _put_patient(self, entry: Entry) -> None:
        patient, day = entry.resource, self._day()
        self._put("birth_date", "Patient.birthDate", patient.get("birthDate"))
        self._put("sex", "Patient.gender", patient.get("gender"))
        died = patient.get("deceasedDateTime") or patient.get("deceasedBoolean")
        self._put("deceased", "Patient.deceased", bool(died))
        self._attempt("Patient.communication", "language", lambda: spoken_language(patient.get("communication")))
        self._attempt("Patient.extension", "interpreter", lambda: interpreter_needed(patient.get("extension")))
        if self._numbered:
            self._attempt("Patient.identifier", "patient_id", lambda: record_number(patient.get("identifier"), day))
        try:
            name = best_name(patient.get("name"), day)
        except Refused as refused:
            self._note("Patient.name", refused)
            return
        family, given, suffix = name.get("family"), given_of(name), words_of(name.get("suffix"))
        self._put("family_name", "Patient.name.family", family)
        self._put("given_name", "Patient.name.given", given)
        if not (text(family) or given):
            self._put("full_name", "Patient.name.text", name.get("text"))
        elif suffix:
            self._put("full_name", "Patient.name", " ".join(each for each in (given, text(family), suffix) if each))

    def _procedure(self) -> str | None:
        named = list(dict.fromkeys(map(concept, many(self._entry.resource.get("serviceType")))))
        if len(named) > 1:
            raise Refused(
                "several-procedures", "the appointment has several service types; make one appointment of each"
            )
        return named[0] if named else None

    def _put_people(self, actors: Sequence[tuple[Object, str]]) -> None:
        clinicians = [each for each, kind in actors if kind in _CLINICIANS]
        primary = [each for each in clinicians if _is_primary(each)]
        rooms = [each for each, kind in actors if kind == "Location"]
        column = "Appointment.participant.actor"
        self._attempt(column, "clinician", lambda: self._called(primary or clinicians, "clinician"))
        self._attempt(column, "room", lambda: self._called(rooms, "room"))

    def _called(self, participants: Sequence[Object], what: str, effect: Effect = Effect.PRINTED) -> str | None:
        names = dict.fromkeys(self._name(one(each.get("actor")), what, effect) for each in participants)
        return "; ".join(names) or None

    def _name(self, actor: Object, what: str, effect: Effect, owner: Entry | None = None) -> str:
        within_role = owner is not None
        owner = owner or self._entry
        found = self._pool.resolve(actor.get("reference"), owner)
        name: str | None = None
        if found and found.kind == "PractitionerRole" and within_role:
            found = None  # a role is held by a practitioner, not by a role
        if found and found.kind == "PractitionerRole":
            inner = one(found.resource.get("practitioner"))
            name = self._name(inner | {"display": inner.get("display") or actor.get("display")}, what, effect, found)
        elif found and found.kind == "Location":
            name = text(found.resource.get("name"))
        elif found:
            name = printed_name(best_name(found.resource.get("name"), self._day()))
        name = name or text(actor.get("display"))
        if not name:
            raise _unresolved(what, effect)
        return name

    def _representatives(self, actors: Sequence[tuple[Object, str]], patient: Entry) -> str | None:
        related = [each for each, kind in actors if kind == "RelatedPerson"]
        for each in related:
            found = self._pool.resolve(one(each.get("actor")).get("reference"), self._entry)
            if found:
                self._check_patient(found, "patient", patient)
        return self._called(related, "representative", Effect.NOT_PRINTED)

    def _check_patient(self, found: Entry, field: str, patient: Entry) -> None:
        reference = one(found.resource.get(field))
        if reference and not self._pool.is_same(reference, found, patient):
            raise Refused(
                "other-patient", f"the {found.kind} referred to belongs to another patient; correct the appointment"
            )

    def _payer(self, patient: Entry) -> str | None:
        day = self._day()
        active = [
            each
            for each in self._pool.coverages(patient)
            if each.resource.get("status") == "active" and is_current(each.resource, day)
        ]
        active.sort(key=lambda each: order if isinstance(order := each.resource.get("order"), int) else 0)
        return "; ".join(dict.fromkeys(payer for each in active if (payer := self._payer_of(each)))) or None

    def _payer_of(self, coverage: Entry) -> str | None:
        kind = one(coverage.resource.get("type"))
        if any(coding.get("code") == "pay" for coding in many(kind.get("coding"))):
            return "Self-pay"
        for payor in many(coverage.resource.get("payor")):
            found = self._pool.resolve(payor.get("reference"), coverage)
            named = text(found.resource.get("name")) if found else None
            if name := text(payor.get("display")) or named:
                return name
        return concept(kind)

    def _sessions(self, patient: Entry) -> Value:
        planned: dict[str, Value] = {}
        for reference in many(self._entry.resource.get("basedOn")):
            if self._pool.kind_of(reference, self._entry) != "ServiceRequest":
                continue
            found = self._resolve(reference, "service request with the planned sessions", Effect.PRINTED)
            self._check_patient(found, "subject", patient)
            quantity = one(found.resource.get("quantityQuantity")).get("value")
            if quantity is not None:
                planned[str(quantity)] = Damage.NOT_ONE_VALUE if isinstance(quantity, dict | list) else quantity
        if len(planned) > 1:
            raise Refused("several-sessions", "the service requests plan different numbers of sessions; keep one")
        return next(iter(planned.values()), None)


def _is_primary(participant: Object) -> bool:
    kinds = many(participant.get("type"))
    return any(coding.get("code") == _PRIMARY for kind in kinds for coding in many(kind.get("coding")))


def _unresolved(what: str, effect: Effect) -> Refused:
    left = "" if effect is Effect.NOT_PRINTED else "; it is left blank on the packet"
    return Refused(
        "unresolved-reference",
        f"the {what} referred to is in none of the lists{left}; add the file that holds it to the command",
        effect,
    )
