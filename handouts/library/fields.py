"""The fields a template may print, and the formatters it may send them through.

A field stands for one patient's value while the template is rendered, without holding any: it can be
printed and formatted, nothing else. So no template can depend on a patient, and no patient's value is
ever parsed as Jinja2, Markdown or anything else.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Literal, NoReturn

from handouts.model import Appointment, Practitioner

Kind = Literal["text", "date", "moment", "money", "number", "language"]
Value = str | date | datetime | Decimal | int | None


class TemplateFault(Exception):
    """A template did what it may not; the renderer adds file and line."""

    def __init__(self, what: str, hint: str = "") -> None:
        self.what = what
        self.hint = hint
        super().__init__(what, hint)


@dataclass(frozen=True, slots=True)
class Estimate:
    """The clinic's price times the planned sessions; None where one of the two is not known.

    due: the day by which an uninsured or self-paying patient must have it; None where that is not known.
    """

    sessions: int | None
    total: Decimal | None
    due: date | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that fields can be read from: one appointment and what was worked out for it."""

    appointment: Appointment
    practitioner: Practitioner | None
    estimate: Estimate
    packet_id: str
    issued_at: datetime


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One printable field: its name in templates, what it holds, and where the value comes from."""

    path: str
    kind: Kind
    meaning: str
    read: Callable[[Facts], Value]


FIELDS: dict[str, FieldSpec] = {
    spec.path: spec
    for spec in (
        FieldSpec("patient.name", "text", "full name, given name first", lambda f: f.appointment.patient.name),
        FieldSpec("patient.given_name", "text", "given name or names", lambda f: f.appointment.patient.given_name),
        FieldSpec("patient.family_name", "text", "family name", lambda f: f.appointment.patient.family_name),
        FieldSpec("patient.birth_date", "date", "date of birth", lambda f: f.appointment.patient.birth_date),
        FieldSpec("patient.id", "text", "medical record number", lambda f: f.appointment.patient.patient_id),
        FieldSpec("patient.sex", "text", "sex as the list says it", lambda f: f.appointment.patient.sex),
        FieldSpec(
            "patient.language",
            "language",
            "the patient's language, where it is not the form's own",
            lambda f: f.appointment.patient.language,
        ),
        FieldSpec("appointment.id", "text", "appointment id", lambda f: f.appointment.appointment_id),
        FieldSpec(
            "appointment.start", "moment", "day and time, in the clinic's time zone", lambda f: f.appointment.start
        ),
        FieldSpec("appointment.room", "text", "room", lambda f: f.appointment.room),
        FieldSpec("appointment.clinician", "text", "clinician as the list says it", lambda f: f.appointment.clinician),
        FieldSpec(
            "appointment.clinician_licence",
            "text",
            "licence number from clinic.yaml",
            lambda f: f.practitioner.licence if f.practitioner else None,
        ),
        FieldSpec(
            "appointment.clinician_npi",
            "text",
            "NPI from clinic.yaml",
            lambda f: f.practitioner.npi if f.practitioner else None,
        ),
        FieldSpec("appointment.payer", "text", "who pays, as the list says it", lambda f: f.appointment.payer),
        FieldSpec("appointment.sessions", "number", "planned sessions from the list", lambda f: f.appointment.sessions),
        FieldSpec(
            "appointment.representative", "text", "who decides for the patient", lambda f: f.appointment.representative
        ),
        FieldSpec(
            "estimate.sessions",
            "number",
            "sessions the estimate counts: the list's, else the clinic's usual number",
            lambda f: f.estimate.sessions,
        ),
        FieldSpec(
            "estimate.due",
            "date",
            "the day by which a self-paying patient must have the estimate, counted from the day of booking",
            lambda f: f.estimate.due,
        ),
        FieldSpec("estimate.total", "money", "price per session times sessions", lambda f: f.estimate.total),
        FieldSpec("packet.id", "text", "the packet's opaque id", lambda f: f.packet_id),
        FieldSpec(
            "packet.issued_at", "moment", "when the run was issued, in the clinic's time zone", lambda f: f.issued_at
        ),
    )
}


def refuse_use(field: Field) -> NoReturn:
    """Raise the fault of a template that does more with a field than print it."""
    raise TemplateFault(
        f"`{field.path}` belongs to one patient: it can be printed and formatted, not compared, tested or joined",
        "Ask a flag instead, such as {% if when.minor %}; docs/templates.md lists them.",
    )


def _refuse(self: Field, *_: object) -> NoReturn:
    refuse_use(self)


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """An opaque stand-in for one patient's value, with the formatter it goes through."""

    path: str
    formatter: str = ""
    style: str = ""

    __bool__ = __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __len__ = __iter__ = _refuse
    __contains__ = __getitem__ = __add__ = __radd__ = __sub__ = __mul__ = __mod__ = __str__ = __int__ = _refuse
    __float__ = __call__ = __rsub__ = __rmul__ = __truediv__ = __rtruediv__ = __html__ = __format__ = __abs__ = _refuse

    def __hash__(self) -> int:
        """By what is printed."""
        return hash((self.path, self.formatter, self.style))

    def formatted(self, formatter: str, style: str) -> Field:
        """This field sent through a formatter. Raises TemplateFault where the two do not fit."""
        kind = FIELDS[self.path].kind
        if kind not in FORMATTERS[formatter].kinds:
            raise TemplateFault(f"`{self.path}` holds {kind}; it cannot go through `{formatter}`")
        if style and style not in FORMATTERS[formatter].styles:
            raise unknown_style(formatter, style)
        if self.formatter:
            raise TemplateFault(f"`{self.path}` already went through `{self.formatter}`")
        return Field(self.path, formatter, style)


# -- formatters ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Locale:
    """How values are written: language (BCP 47 primary subtag) and currency (ISO 4217)."""

    language: str
    currency: str

    @property
    def babel(self) -> str:
        """Babel's locale for this language; English and Spanish as used in the United States where dollars are."""
        return f"{self.language}_US" if self.currency == "USD" and self.language in {"en", "es"} else self.language


DATE_STYLES = {"long": "long", "short": "medium", "weekday": "full"}


def _date(value: date | datetime, style: str, locale: Locale) -> str:
    from babel.dates import format_date

    return format_date(value, DATE_STYLES[style], locale=locale.babel)


def _time(value: datetime, style: str, locale: Locale) -> str:
    from babel.dates import format_time

    return format_time(value.time(), "short", locale=locale.babel).replace("\u202f", "\u00a0")


def _money(value: Decimal, style: str, locale: Locale) -> str:
    from babel.numbers import format_currency

    return format_currency(value, locale.currency, locale=locale.babel)


def _number(value: int | Decimal, style: str, locale: Locale) -> str:
    from babel.numbers import format_decimal

    return format_decimal(value, locale=locale.babel)


def _language(value: str, style: str, locale: Locale) -> str:
    from babel import Locale as Names

    return "" if value == locale.language else str(Names(locale.language).languages.get(value, value))


@dataclass(frozen=True, slots=True)
class Formatter:
    """A way to write a value: which kinds it takes, its styles (the first is the default), and what it does."""

    kinds: tuple[Kind, ...]
    styles: tuple[str, ...]
    meaning: str
    write: Callable[..., str]


FORMATTERS: dict[str, Formatter] = {
    "date": Formatter(
        ("date", "moment"),
        ("long", "short", "weekday"),
        "a day: December 1, 2026; Dec 1, 2026; Tuesday, December 1, 2026",
        _date,
    ),
    "time": Formatter(("moment",), ("",), "a time of day: 2:30 PM", _time),
    "money": Formatter(("money",), ("",), "an amount in the clinic's currency: $1,450.00", _money),
    "number": Formatter(("number",), ("",), "a whole number: 1,450", _number),
    "language": Formatter(("language",), ("",), "a language's name: Vietnamese", _language),
}
_DEFAULT = {"date": "date", "moment": "date", "money": "money", "number": "number", "language": "language"}


def unknown_style(formatter: str, style: str) -> TemplateFault:
    """The fault of a style that the formatter does not know."""
    known = [each for each in FORMATTERS[formatter].styles if each]
    return TemplateFault(f"`{formatter}` knows no style {style!r}", f"Known: {', '.join(known) or 'none'}.")


@lru_cache(maxsize=4096)
def write(value: date | datetime | Decimal | int | str, formatter: str, style: str, locale: Locale) -> str:
    """`value` as people of that locale write it. Raises TemplateFault for an unknown style."""
    spec = FORMATTERS[formatter]
    chosen = style or spec.styles[0]
    if chosen not in spec.styles:
        raise unknown_style(formatter, chosen)
    return spec.write(value, chosen, locale)


def text_of(field: Field, facts: Facts, locale: Locale) -> str:
    """What `field` prints for this patient; empty where the value is missing (a rule to write on is printed)."""
    spec = FIELDS[field.path]
    value = spec.read(facts)
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = value.replace(tzinfo=None)  # equal instants of two zones must not meet in the cache
    formatter = field.formatter or _DEFAULT.get(spec.kind, "")
    return write(value, formatter, field.style, locale) if formatter else str(value)
