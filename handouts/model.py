"""The nouns that every stage passes on: clinic, patient, appointment, problem. All frozen."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator


def spelled(pattern: str, what: str) -> AfterValidator:
    """Text that matches `pattern` as a whole; `what` tells a person how to write it."""

    def check(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise ValueError(f"write {what}")
        return text

    return AfterValidator(check)


Line = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200),
    spelled(r"[^\r\n\t]+", "it on one line"),
]
Slug = Annotated[str, spelled(r"[a-z][a-z0-9-]{,59}", "lower-case letters, digits and hyphens, such as back-care")]
LanguageTag = Annotated[str, spelled(r"[a-z]{2,3}", "a language tag of two or three small letters, such as en")]
Money = Annotated[Decimal, Field(ge=0, decimal_places=2, max_digits=12)]
Paper = Literal["letter", "a4"]
FieldKind = Literal["signature", "date", "time", "initials", "tick"]
"""What people fill in with a pen."""


class Frozen(BaseModel):
    """A model that nothing can change after it was checked, and that knows no key it does not name."""

    model_config = ConfigDict(frozen=True, extra="forbid")


# -- the clinic ------------------------------------------------------------------------------------


class Flag(StrEnum):
    """What templates may ask about an appointment, as `when.<flag>`; computed before any page is made.

    The set is finite so that a template is rendered once per combination, never once per patient.
    """

    MINOR = "minor"
    REPRESENTATIVE = "representative"
    LACKS_CAPACITY = "lacks_capacity"
    LARGE_PRINT = "large_print"
    INTERPRETER = "interpreter"
    SELF_PAY = "self_pay"
    INSURED = "insured"
    MEDICARE = "medicare"
    PRICED = "priced"
    SESSIONS_PLANNED = "sessions_planned"


class Practitioner(Frozen):
    """A clinician who may be responsible for a procedure. `name` is how appointment lists spell it."""

    name: Line
    licence: Line | None = None
    npi: Annotated[str, spelled(r"\d{10}", "ten digits")] | None = None


class Package(Frozen):
    """Several sessions sold together for one price."""

    name: Line
    sessions: Annotated[int, Field(ge=1, le=200)]
    price: Money


class PacketPart(Frozen):
    """One document of the packet: how many copies, and for whom.

    The document is printed when every flag of `when` is set and none of `unless` is.
    """

    document: Slug
    copies: Annotated[int, Field(ge=1, le=9)] = 1
    when: tuple[Flag, ...] = ()
    unless: tuple[Flag, ...] = ()


def _each_document_once(parts: tuple[PacketPart, ...]) -> tuple[PacketPart, ...]:
    names = [part.document for part in parts]
    if len(set(names)) != len(names):
        raise ValueError("a document stands here twice; use `copies` to print it more than once")
    return parts


Packet = Annotated[tuple[PacketPart, ...], Field(min_length=1), AfterValidator(_each_document_once)]
"""The documents of a packet, in order."""


class Offer(Frozen):
    """What the clinic asks for one procedure, and who of its clinicians checked the forms, and when.

    Prices are in the clinic's currency. packet: of this procedure, where it differs from the clinic's.
    """

    price_per_session: Money | None = None
    usual_sessions: Annotated[int, Field(ge=1, le=200)] | None = None
    packages: tuple[Package, ...] = ()
    reviewed_by: Line | None = None
    reviewed_on: date | None = None
    packet: Packet | None = None

    @model_validator(mode="after")
    def _reviewed_by_someone_on_some_day(self) -> Self:
        if (self.reviewed_by is None) != (self.reviewed_on is None):
            raise ValueError("`reviewed_by` and `reviewed_on` go together")
        return self


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        close = difflib.get_close_matches(name, available_timezones(), n=1, cutoff=0.6)
        nearest = f"did you mean {close[0]}?" if close else "write one such as America/New_York"
        raise ValueError(f"not a time zone of the IANA database; {nearest}") from error
    return name


class Phone(Frozen):
    """A telephone number and what it is for, as printed."""

    label: Line
    number: Annotated[Line, AfterValidator(lambda number: number.replace(" ", "\u00a0"))]


class Clinic(Frozen):
    """Everything clinic.yaml says. `folder` is where it lies: the logo and own templates are read from there only."""

    folder: Path
    name: Line
    address: Annotated[tuple[Line, ...], Field(min_length=1, max_length=5)]
    phones: Annotated[tuple[Phone, ...], Field(min_length=1, max_length=4)]
    emergency_phone: Line
    website: Line | None = None
    tax_id: Line | None = None
    state: Line | None = None
    logo: Line | None = None
    medicare_notice: Line | None = None
    practitioners: tuple[Practitioner, ...] = ()
    procedures: dict[Slug, Offer] = Field(default_factory=dict)
    currency: Annotated[str, spelled("[A-Z]{3}", "three capital letters (ISO 4217), such as USD")] = "USD"
    time_zone: Annotated[str, AfterValidator(_known_zone)]
    paper: Paper = "letter"
    duplex: bool = True
    languages: Annotated[tuple[LanguageTag, ...], Field(min_length=1)] = ("en",)
    age_of_consent: Annotated[int, Field(ge=12, le=25)] = 18
    date_format: Literal["MM/DD/YYYY", "DD/MM/YYYY"] | None = None
    columns: dict[str, Line] = Field(default_factory=dict)
    packet: Packet = (
        PacketPart(document="handout"),
        PacketPart(document="estimate"),
        PacketPart(document="consent"),
    )

    @property
    def zone(self) -> ZoneInfo:
        """The clinic's time zone: every time on paper is told in it."""
        return ZoneInfo(self.time_zone)

    def packet_of(self, procedure: str) -> Packet:
        """The documents of this procedure's packet: its own, else those of the clinic."""
        offer = self.procedures.get(procedure)
        return offer.packet if offer and offer.packet else self.packet


# -- the appointment list --------------------------------------------------------------------------


class Patient(Frozen):
    """The person the packet is for. `name` is the full name as printed; language is BCP 47's primary subtag."""

    name: str
    given_name: str | None = None
    family_name: str | None = None
    birth_date: date
    patient_id: str | None = None
    sex: str | None = None
    language: str | None = None
    interpreter: bool = False


class Appointment(Frozen):
    """One visit. `start` carries the clinic's time zone. `source` is its place in the list: no value of the row.

    booked_on: the day the appointment was made, from which the estimate's due date is counted.
    password: for the packet's file, as the list has it; empty where it could not be read. Never printed or told.
    """

    appointment_id: str
    source: str
    start: datetime
    patient: Patient
    procedure: str | None = None
    clinician: str | None = None
    room: str | None = None
    payer: str | None = None
    sessions: int | None = None
    representative: str | None = None
    large_print: bool = False
    booked_on: date | None = None
    password: str | None = Field(default=None, repr=False)


class Effect(StrEnum):
    """What a problem did to the appointment."""

    NOT_PRINTED = "not printed"
    LEFT_OUT = "left out"
    PRINTED = "printed"


class Problem(Frozen):
    """One thing to tell the desk about one row. Holds no value of the row.

    source: `file:row` or `file:resource id`. field: the column as the list spells it, or the field's name.
    code: a stable word for machines. message: what happened and what to do.
    NOT_PRINTED could not be printed; LEFT_OUT was not meant to be; PRINTED has its packet but needs a look.
    """

    source: str
    field: str
    code: Slug
    message: str
    effect: Effect = Effect.NOT_PRINTED


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a list, printable or not: its place, and its appointment's id and day as far as they could be read."""

    source: str
    appointment_id: str | None
    day: date | None


@dataclass(frozen=True, slots=True)
class Intake:
    """What the lists hold: good appointments in the order of the lists, and every problem found.

    rows: all rows in the order of the lists. digest: over the contents of all lists, as read.
    """

    appointments: Sequence[Appointment]
    problems: Sequence[Problem]
    rows: Sequence[Row]
    digest: str = ""
