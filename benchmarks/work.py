"""The work that every engine does: the shipped English packet for patients as a clinic has them.

The list is read and planned as `handouts generate` does it. Engines that know no templates of ours get the same forms
as trees of blocks, each field a key into one patient's values; what is missing for a patient is a rule to write on.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Protocol, TypeVar

from handouts.intake import read_lists
from handouts.intake.clinic import read_clinic
from handouts.layout.codes import grouped
from handouts.layout.composition import Copy
from handouts.layout.lines import least_width, natural_width
from handouts.layout.logo import read_logo
from handouts.layout.style import NORMAL, PAPERS
from handouts.layout.symbols import MODULES, PacketCode, same_modules
from handouts.layout.tables import CELL_X, share
from handouts.layout.text import no_values, words_of
from handouts.library.document import Blank, Form, Inlines, Slot, Table, Text, contents
from handouts.library.fields import Facts, Field, Locale, text_of
from handouts.library.labels import Labels
from handouts.library.shelf import shelf_for
from handouts.model import Clinic
from handouts.run.making import Setup
from handouts.run.options import Options
from handouts.run.plan import Job, make_plan
from handouts.run.pressroom import Pressroom

EXAMPLES = Path(__file__).parents[1] / "examples"
CLINIC_FILE = EXAMPLES / "clinic.yaml"
LOGO_FILE = EXAMPLES / "logo.svg"
FONTS = Path(__file__).parents[1] / "handouts" / "fonts"
GEOMETRY = PAPERS["letter"]
CLOSER = 0.85
"""Of our space between blocks, for engines that cannot, as our press does, set a form closer whose last page would hold
next to nothing: all packets of the benchmark then have the same number of pages."""

_ISSUED_AT = datetime(2026, 11, 30, 18, 0)  # noqa: DTZ001 - the clinic's own time
_GIVEN = "Ana Ben Carla Dmitri Elena Farid Grace Hugo Ines Jonas Karin Liam Maria Noor Olga Peter Rosa Samuel".split()
_FAMILY = "Abbott Becker Castillo Duarte Ellison Fischer Garner Hoang Ibrahim Jensen Keller Lindqvist Moreno".split()
_CLINICIANS = "Dr. Ada Fernhill", "Jonas Whitlock", "Dr. Mei-Lin Okafor"


class Engine(Protocol):
    """What is timed. name: how the table calls it."""

    name: str

    def packet(self, patient: Patient) -> bytes:
        """One patient's packet as a PDF file."""


@dataclass(frozen=True)
class Patient:
    """One packet to press, and what its places for values print."""

    job: Job
    work: Work

    def values(self) -> dict[str, str]:
        """What each key prints; part of the work that is timed."""
        job = self.job
        facts = Facts(job.appointment, job.practitioner, job.estimate, job.packet_id, self.work.issued_at)
        return {key: text_of(field, facts, self.work.locale) for key, field in self.work.keys.items()}

    def codes(self) -> list[bytes]:
        """The code of every page, as PDF path operators that fill it, one unit a module, the origin at the lower left.

        All engines get it from our table of symbols: what a QR library takes for the same is not held against them.
        """
        marks = [copy.mark for copy, pages in self.work.lengths for _ in range(pages)]
        code = PacketCode.of(self.job.packet_id)
        return [
            same_modules(len(marks), mark) + code.modules + code.page_modules(number, len(marks), mark) + b"f"
            for number, mark in enumerate(marks, 1)
        ]

    @property
    def packet_line(self) -> str:
        """The packet's id, as printed in small print."""
        return f"{self.work.labels.packet} {grouped(self.job.packet_id)}"


@dataclass(frozen=True)
class Work:
    """The forms, the page furniture and the patients.

    keys: all fields that are printed. forms: of the packet, in order, with rules in place of values that are missing.
    lengths: each form, and on how many pages our own press sets it.
    """

    clinic: Clinic
    labels: Labels
    locale: Locale
    issued_at: datetime
    setup: Setup
    jobs: tuple[Job, ...]
    keys: Mapping[str, Field]
    forms: tuple[Form, ...]
    lengths: tuple[tuple[Copy, int], ...]

    def patients(self) -> list[Patient]:
        """In the order of their appointments."""
        return [Patient(job, self) for job in self.jobs]

    @property
    def pages(self) -> int:
        """Pages of a packet."""
        return sum(pages for _, pages in self.lengths)

    @property
    def header(self) -> tuple[str, str, str]:
        """The three lines at the top of every page."""
        phone = self.clinic.phones[0]
        return self.clinic.name, ", ".join(self.clinic.address), f"{phone.label} {phone.number}"

    @property
    def identifiers(self) -> Inlines:
        """The line at the bottom of every page that says whose it is."""
        born, record = f" · {self.labels.born} ", f" · {self.labels.record} "
        return Slot(_NAME, bold=True), Text(born), Slot(_BORN), Text(record), Slot(_RECORD)

    def page_number(self, page: int) -> str:
        """What says which page it is."""
        return self.labels.page.format(page=page, pages=self.pages)

    def footer(self, form: Form) -> str:
        """The line at the bottom of every page that says which form it is."""
        return f"{form.title} · {form.form_id} {self.labels.version}\u00a0{form.version}"

    def places(self) -> Iterator[tuple[Form, int]]:
        """The form and the number, from 1, of every page."""
        owners = [form for form, (_, pages) in zip(self.forms, self.lengths, strict=True) for _ in range(pages)]
        return ((form, number) for number, form in enumerate(owners, 1))


_NAME, _BORN, _RECORD = Field("patient.name"), Field("patient.birth_date", "date", "short"), Field("patient.id")


def write_list(path: Path, count: int) -> None:
    """An appointment list of `count` patients who pay themselves."""
    with path.open("w", encoding="utf-8", newline="") as out:
        rows = csv.writer(out)
        rows.writerow(
            "appointment_id,start,patient_id,full_name,birth_date,language,procedure,clinician,payer,sessions,"
            "booked_on".split(",")
        )
        start = datetime(2026, 12, 1, 8, 0)  # noqa: DTZ001 - lists have the clinic's own time
        for number in range(count):
            given, family = _GIVEN[number % len(_GIVEN)], _FAMILY[number // len(_GIVEN) % len(_FAMILY)]
            at = start + timedelta(minutes=15 * (number % 40))
            born = date(1940, 1, 1) + timedelta(days=number * 37 % 20000)
            who = f"REC-{number:06}", f"{given} {family}", f"{born:%m/%d/%Y}", "English"
            what = "Spinal decompression", _CLINICIANS[number % 3], "Self-pay", 20, "11/16/2026"
            rows.writerow((f"B-{number:06}", f"{at:%Y-%m-%d %H:%M}", *who, *what))


def work_for(count: int, folder: Path) -> Work:
    """The work for `count` patients; their list is written into `folder`. Raises HandoutsError."""
    listed = folder / "appointments.csv"
    write_list(listed, count)
    clinic = read_clinic(CLINIC_FILE)
    shelf = shelf_for(clinic)
    issued_at = _ISSUED_AT.replace(tzinfo=clinic.zone)
    options = Options(lists=(listed,), clinic=CLINIC_FILE)
    plan = make_plan(read_lists([listed], clinic), clinic, shelf, None, options, b"benchmark", issued_at.date())
    variants = {job.variant for job in plan.jobs}
    if len(variants) != 1 or len(plan.jobs) != count:
        raise ValueError("the benchmark's patients are not all of one kind")
    setup = Setup(clinic, shelf, read_logo(clinic), None, "letter", False, issued_at)
    locale = Locale(plan.jobs[0].language, clinic.currency)
    layout = setup.pressroom().layout(plan.jobs[0].variant)
    first = plan.jobs[0]
    facts = Facts(first.appointment, first.practitioner, first.estimate, first.packet_id, issued_at)
    forms = tuple(_filled(copy.form, facts, locale) for copy in layout.copies)
    owners = [page.copy for page in layout.press(lambda field: text_of(field, facts, locale), "0" * 20).skeleton.pages]
    lengths = tuple((copy, owners.count(index)) for index, copy in enumerate(layout.copies))
    labels = shelf.labels(first.language)
    return Work(clinic, labels, locale, issued_at, setup, tuple(plan.jobs), _keys(forms), forms, lengths)


def pressroom(work: Work) -> Pressroom:
    """Our own press for this work."""
    return work.setup.pressroom()


def key_of(field: Field) -> str:
    """The key of a field: a name in every language that templates are written in."""
    return "_".join(filter(None, (*field.path.split("."), field.formatter, field.style)))


def _keys(forms: Iterable[Form]) -> dict[str, Field]:
    parts = (part for form in forms for block in form.blocks for content in contents(block) for part in content)
    found = [part.field for part in parts if isinstance(part, Slot)]
    return {key_of(field): field for field in (*found, _NAME, _BORN, _RECORD)}


_Node = TypeVar("_Node")


def _filled(node: _Node, facts: Facts, locale: Locale) -> _Node:
    """The same, with a rule to write on where a patient has no value."""
    if isinstance(node, Slot):
        return node if text_of(node.field, facts, locale) else Blank()  # type: ignore[return-value]  # an inline for an inline
    if isinstance(node, tuple):
        return tuple(_filled(each, facts, locale) for each in node)  # type: ignore[return-value]  # a tuple for a tuple
    if is_dataclass(node) and not isinstance(node, (type, Field)):
        changed = {each.name: _filled(getattr(node, each.name), facts, locale) for each in fields(node)}
        return replace(node, **changed)
    return node


def column_widths(table: Table, width: float) -> list[float]:
    """How wide our press makes the columns of a table, in points; the peers need not find out."""
    least, natural = [], []
    for column, head in enumerate(table.header):
        cells = [(head, NORMAL.head_cell), *((row[column], NORMAL.cell) for row in table.rows)]
        set_cells = [(words_of(content, style, _sample), style) for content, style in cells]
        words = [least_width(word, style) for words, style in set_cells for word in words]
        least.append(max([*words, 20.0]) + 2 * CELL_X + 0.01)
        natural.append(max(natural_width(words, style) for words, style in set_cells) + 2 * CELL_X + 0.01)
    return share(width, least, natural)


def _sample(field: Field) -> str:
    return "$2,900.00" if field.formatter == "money" else "20"


def label_width(labels: Iterable[Inlines], width: float) -> float:
    """How wide our press makes the labels of a panel, in points."""
    widest = max(natural_width(words_of(each, NORMAL.strong, no_values), NORMAL.strong) for each in labels)
    return min(widest + 14, width * 0.34)


def is_to_write(value: Inlines) -> bool:
    """Whether a value is nothing but a rule to write on."""
    return all(isinstance(part, Blank) for part in value)


class _Modules(dict[bytes, int]):
    """Which modules a rectangle of a code's path covers, as a number; learnt when first asked."""

    def __missing__(self, rectangle: bytes) -> int:
        covered = 0
        if rectangle.endswith(b"re"):
            x, y, wide, high, _ = rectangle.split()
            row = ((1 << int(wide)) - 1) << (MODULES - int(x) - int(wide))
            covered = sum(row << (up * MODULES) for up in range(int(y), int(y) + int(high)))
        self[rectangle] = covered
        return covered


_modules = _Modules()


def modules(code: bytes) -> str:
    """The modules of a code row by row from the top, 1 for dark ones, for engines that draw no paths quickly."""
    return format(sum(map(_modules.__getitem__, code.split(b"\n"))), f"0{MODULES * MODULES}b")
