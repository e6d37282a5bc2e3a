"""The fields of an appointment list: the one table of their names, meanings and common spellings."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Field:
    """One field. `also` names the headers understood besides the name; case, spaces and punctuation do not count."""

    name: str
    meaning: str
    also: str
    required: str = ""

    @property
    def spellings(self) -> tuple[str, ...]:
        """All headers that mean this field."""
        return (self.name, *self.also.split(", "))


FIELDS: tuple[Field, ...] = (
    Field(
        "appointment_id",
        "The appointment's own number. Without such a column the row number is used.",
        "Appointment number, Appointment no, Appointment #, Appt ID, Appt no, Appt #, Appt number, "
        "Visit ID, Visit number, Visit #, Booking ID, Booking number, Encounter ID, CSN",
    ),
    Field(
        "start",
        "Date and time the appointment starts.",
        "Start date and time, Start datetime, Date and time, Date/time, Appointment start, "
        "Scheduled start, Appointment date and time, Appointment date/time, Appt date/time, "
        "Appointment datetime, Start at",
        "required, in one column or as start_date with start_time",
    ),
    Field(
        "start_date",
        "Date of the appointment, where date and time have a column each.",
        "Date, Appointment date, Appt date, Visit date, Date of visit, Date of appointment, "
        "Scheduled date, Service date, Date of service",
    ),
    Field(
        "start_time",
        "Time of the appointment, where date and time have a column each.",
        "Time, Appointment time, Appt time, Visit time, Scheduled time, Begin time",
    ),
    Field(
        "patient_id",
        "The patient's medical record number.",
        "MRN, Patient MRN, MRN #, MRN number, Medical record number, Medical record no, "
        "Medical record #, Patient number, Patient no, Patient #, Chart number, Chart no, Chart #, "
        "Chart ID, Hospital number, Record number, PID",
    ),
    Field(
        "given_name",
        "The patient's given names.",
        "Given, Given names, First name, First names, First, Forename, Forenames, Patient first name, "
        "Patient given name, Fname",
    ),
    Field(
        "family_name",
        "The patient's family name.",
        "Family, Last name, Last, Surname, Patient last name, Patient family name, Patient surname, Lname",
    ),
    Field(
        "full_name",
        'The patient\'s whole name, as "Given Family" or "Family, Given".',
        "Name, Patient, Patient name, Patient full name, Name of patient, Client name, Client",
        "required, or given_name or family_name",
    ),
    Field(
        "birth_date",
        "The patient's date of birth.",
        "DOB, D.O.B., Date of birth, Birthday, Birthdate, Born, Patient DOB, Patient date of birth, Patient birth date",
        "required",
    ),
    Field(
        "sex",
        "Female, male, other or unknown; other words are printed as they stand.",
        "Gender, Sex/gender, Patient sex, Patient gender, Administrative sex, Legal sex",
    ),
    Field(
        "language",
        'The patient\'s language, by name or tag: "Spanish", "español", "es-MX".',
        "Preferred language, Pref language, Primary language, Patient language, Spoken language, Language preference, "
        "Lang, Lang pref, Pref lang",
    ),
    Field(
        "interpreter",
        "Yes or no: an interpreter is needed.",
        "Interpreter needed, Interpreter required, Needs interpreter, Requires interpreter, Interp, Interp needed",
    ),
    Field(
        "procedure",
        "What is to be done, by name or code.",
        "Service, Service type, Service name, Treatment, Treatment type, Procedure name, Procedure description, "
        "Procedure desc, Procedure type, Visit type, Appointment type, Appt type",
    ),
    Field(
        "clinician",
        "Who is to do it.",
        "Provider, Provider name, Practitioner, Practitioner name, Doctor, Physician, Therapist, "
        "Clinician name, Rendering provider, Treating provider, Seen by, Prov",
    ),
    Field("room", "Where.", "Treatment room, Exam room, Room number, Room no, Room #, Location"),
    Field(
        "payer",
        "Who pays: an insurer, Medicare, self-pay.",
        "Payor, Payer name, Insurance, Insurer, Primary insurance, Primary payer, Primary payor, "
        "Insurance company, Insurance name, Insurance carrier, Insurance plan, Coverage, Ins, Ins name",
    ),
    Field(
        "sessions",
        "Number of sessions planned, 1 to 200.",
        "Planned sessions, Sessions planned, Number of sessions, No of sessions, # of sessions, "
        "Session count, Total sessions",
    ),
    Field(
        "representative",
        "Who decides and signs for the patient: a parent, a guardian.",
        "Legal representative, Personal representative, Patient representative, "
        "Authorized representative, Authorised representative, Representative name, Guardian, Guardian name, "
        "Legal guardian, Parent, Parent name, Parent/guardian, Parent or guardian",
    ),
    Field(
        "large_print",
        "Yes or no: forms in large print.",
        "Large print needed, Large type, Large font, Needs large print",
    ),
    Field(
        "booked_on",
        "Day the appointment was made. The day a good faith estimate is due is counted from it.",
        "Booked, Booking date, Date booked, Scheduled on, Date scheduled, Created, Created on, Date created",
    ),
    Field(
        "password",
        "Password for the packet's file, used with --encrypt: 8 to 127 letters, digits and signs of ASCII, no spaces. "
        "Blank: a random one is made and listed in passwords.csv.",
        "PDF password, File password, Document password, Packet password",
    ),
    Field(
        "status",
        "Booked, confirmed, cancelled, no-show …; blank means booked.",
        "Appointment status, Appt status, Visit status, Booking status",
    ),
    Field(
        "deceased",
        "Yes, or the date of death, if the patient has died.",
        "Patient deceased, Is deceased, Date of death, Death date, Deceased date, DOD",
    ),
)

BY_NAME: dict[str, Field] = {field.name: field for field in FIELDS}
NAMES = ("full_name", "family_name", "given_name")
STARTS = ("start", "start_date", "start_time")


@lru_cache(maxsize=4096)
def normalised(header: str) -> str:
    """A header or word without case, spaces and punctuation, so that `D.O.B.` equals `dob`."""
    spelled = unicodedata.normalize("NFKC", header).casefold().replace("#", " number ")
    if spelled.isascii():  # as nearly all are: a list may have a million
        return spelled if spelled.isalnum() else "".join(filter(str.isalnum, spelled))
    # Marks stay: in many scripts they are the vowels.
    return "".join(character for character in spelled if unicodedata.category(character)[0] in "LMN")


def _by_spelling() -> dict[str, str]:
    names: dict[str, str] = {}
    for field in FIELDS:
        for spelling in field.spellings:
            if names.setdefault(normalised(spelling), field.name) != field.name:
                raise AssertionError(f"{spelling} stands for two fields")
    return names


BY_SPELLING: dict[str, str] = _by_spelling()
