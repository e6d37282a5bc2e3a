"""One process's press: variants compiled when first needed, packets pressed from them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from itertools import product
from pathlib import Path

from handouts.errors import ClinicError, LayoutError, MissingGlyphError
from handouts.layout.bidi import RIGHT_TO_LEFT
from handouts.layout.codes import short_id
from handouts.layout.composition import Copy
from handouts.layout.fonts import shape
from handouts.layout.furniture import Furniture
from handouts.layout.packet import PacketLayout
from handouts.layout.skeleton import Pressed
from handouts.layout.style import LARGE, NORMAL, PAPERS
from handouts.layout.xobject import XObject
from handouts.library.document import Form
from handouts.library.fields import FIELDS, Facts, Field, Locale, text_of
from handouts.library.flags import Flags
from handouts.library.shelf import Shelf, form_of
from handouts.model import Clinic, Flag, Paper, Problem
from handouts.press.about import About
from handouts.press.attachment import Attachment
from handouts.press.packet import PacketPress
from handouts.run.plan import Job, Variant, parts_for


@dataclass(frozen=True, slots=True)
class Printed:
    """A packet that was pressed.

    padding: the page that follows it where its last front side has an empty back. noticed: whether the clinic's
    Medicare notice follows then.
    """

    pressed: Pressed
    file: bytes
    padding: Pressed | None
    noticed: bool


@dataclass(frozen=True, slots=True)
class NotPrinted:
    """Why a row's packet could not be set."""

    problems: tuple[Problem, ...]


class Pressroom:
    """Everything packets of one run share. Raises ClinicError, TemplateError where a variant cannot be compiled."""

    def __init__(
        self,
        clinic: Clinic,
        shelf: Shelf,
        logo: XObject | None,
        notice: Attachment | None,
        paper: Paper,
        duplex: bool,
        issued_at: datetime,
        to_encrypt: bool = False,
    ) -> None:
        self._clinic = clinic
        self._shelf = shelf
        self._paper: Paper = paper
        self._duplex = duplex
        self._issued_at = issued_at
        self._to_encrypt = to_encrypt
        self.logo = logo
        self._notice = notice
        self._layouts: dict[Variant, PacketLayout] = {}
        self._presses: dict[str, PacketPress] = {}

    def about(self, language: str, *, to_encrypt: bool = False) -> About:
        """What a file in `language` says of itself."""
        return About(f"Patient packet, {self._clinic.name}", language, self._issued_at, self._duplex, to_encrypt)

    def press(self, job: Job) -> Printed | NotPrinted:
        """The packet, or what to tell the desk about the row where it cannot be set."""
        locale = Locale(job.language, self._clinic.currency)
        facts = Facts(job.appointment, job.practitioner, job.estimate, job.packet_id, self._issued_at)
        cache: dict[tuple[str, str, str], str] = {}

        def values(field: Field) -> str:
            key = (field.path, field.formatter, field.style)
            if key not in cache:
                cache[key] = text_of(field, facts, locale)
            return cache[key]

        layout = self.layout(job.variant)
        try:
            pressed = layout.press(values, job.packet_id)
        except LayoutError as fault:
            return _not_printed(job, fault, facts, locale)
        if job.language not in self._presses:
            self._presses[job.language] = PacketPress(self.about(job.language, to_encrypt=self._to_encrypt), self.logo)
        press = self._presses[job.language]
        odd = self._duplex and len(pressed.skeleton.pages) % 2
        padding = layout.padding_page(job.packet_id, len(pressed.skeleton.pages)) if odd else None
        notice = self._notice if job.medicare_notice else None
        return Printed(pressed, press.file(pressed, notice), padding, notice is not None)

    def layout(self, variant: Variant) -> PacketLayout:
        """The compiled packet of a variant."""
        if variant not in self._layouts:
            self._layouts[variant] = self._compile(*variant)
        return self._layouts[variant]

    def _compile(self, name: str, language: str, flags: Flags) -> PacketLayout:
        procedure = self._shelf.procedures[name]
        locale, labels = Locale(language, self._clinic.currency), self._shelf.labels(language)
        copies: list[Copy] = []
        for part in parts_for(self._clinic, name, flags):
            form = form_of(procedure, part.document, self._clinic, flags, locale, labels)
            mark = short_id(bytes.fromhex(template_digest(self._shelf, name, language, form)), 8)
            copies.extend(Copy(form, mark, number, part.copies) for number in range(1, part.copies + 1))
        text = (LARGE if Flag.LARGE_PRINT in flags else NORMAL).of(language)
        furniture = Furniture(self._clinic, labels, PAPERS[self._paper], text, self.logo.ratio if self.logo else None)
        try:
            _ = furniture.header
        except LayoutError as fault:
            raise ClinicError(f"the name, address or telephone: {fault.what}", where="clinic.yaml") from None
        return PacketLayout(copies, furniture)


def template_digest(shelf: Shelf, procedure: str, language: str, form: Form) -> str:
    """SHA-256 over what decides a form's text: its templates, the procedure's facts, the labels."""
    facts = shelf.procedures[procedure].facts_files()
    return digest_of((*form.files, *facts, shelf.labels_file(language)))


def digest_of(files: tuple[Path, ...]) -> str:
    """SHA-256 over the contents of `files`, each with its length, in hex."""
    digest = hashlib.sha256()
    for file in files:
        data = file.read_bytes()
        digest.update(b"%d\n" % len(data) + data)
    return digest.hexdigest()


def _not_printed(job: Job, fault: LayoutError, facts: Facts, locale: Locale) -> NotPrinted:
    """Every field of the row that stands in the way; the row where no field alone does."""
    source = job.appointment.source
    lacking = isinstance(fault, MissingGlyphError)
    code = "missing-glyph" if lacking else "does-not-fit"
    whole = Problem(source=source, field="", code=code, message=f"{fault.what}. {fault.hint}")
    problems: list[Problem] = []
    for path in FIELDS if lacking else ():
        missing = _missing(text_of(Field(path), facts, locale))
        if missing and not (path == "patient.name" and _name_in_parts(facts)):
            message = f"No font can print {missing.characters} here. {missing.hint}"
            column = _COLUMNS.get(path, path.partition(".")[2])
            problems.append(Problem(source=source, field=column, code="missing-glyph", message=message))
    return NotPrinted(tuple(problems) or (whole,))


_COLUMNS = {
    "patient.name": "full_name",
    "patient.id": "patient_id",
    "appointment.clinician_licence": "licence in clinic.yaml",
}


def _name_in_parts(facts: Facts) -> bool:
    patient = facts.appointment.patient
    return patient.given_name is not None or patient.family_name is not None


def _missing(value: str) -> MissingGlyphError | None:
    ways = (False, True) if RIGHT_TO_LEFT.search(value) else (False,)
    try:
        for bold, rtl in product((False, True), ways) if value else ():
            shape(value, bold, rtl)
    except MissingGlyphError as missing:
        return missing
    return None
