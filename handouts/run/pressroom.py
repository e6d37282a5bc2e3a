"""One process's press: variants compiled when first needed, packets pressed from them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from handouts.errors import LayoutError, MissingGlyphError
from handouts.layout.codes import short_id
from handouts.layout.composition import Copy
from handouts.layout.fonts import shape
from handouts.layout.furniture import Furniture
from handouts.layout.logo import Picture
from handouts.layout.packet import PacketLayout
from handouts.layout.skeleton import Pressed
from handouts.layout.style import PAPERS
from handouts.library.fields import FIELDS, Facts, Field, Locale, text_of
from handouts.library.flags import Flags
from handouts.library.shelf import Shelf, form_of
from handouts.model import Clinic, Effect, Paper, Problem
from handouts.press.about import About
from handouts.press.packet import PacketPress
from handouts.run.plan import Job, Variant, parts_for


@dataclass(frozen=True, slots=True)
class Printed:
    """A packet that was pressed. padding: the page that follows it where its last front side has an empty back."""

    job: Job
    pressed: Pressed
    file: bytes
    padding: Pressed | None


class Pressroom:
    """Everything packets of one run share. Raises TemplateError when a variant cannot be compiled."""

    def __init__(
        self, clinic: Clinic, shelf: Shelf, logo: Picture | None, paper: Paper, duplex: bool, issued_at: datetime
    ) -> None:
        self._clinic = clinic
        self._shelf = shelf
        self._paper: Paper = paper
        self._duplex = duplex
        self._issued_at = issued_at
        self.logo = logo
        self._layouts: dict[Variant, PacketLayout] = {}
        self._presses: dict[str, PacketPress] = {}

    def about(self, language: str) -> About:
        """What a file in `language` says of itself."""
        return About(f"Patient packet, {self._clinic.name}", language, self._issued_at, self._duplex)

    def press(self, job: Job) -> Printed | Problem:
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
            return _problem(job, fault, facts, locale)
        press = self._presses.setdefault(job.language, PacketPress(self.about(job.language), self.logo))
        odd = self._duplex and len(pressed.skeleton.pages) % 2
        padding = layout.padding_page(job.packet_id, len(pressed.skeleton.pages)) if odd else None
        return Printed(job, pressed, press.file(pressed), padding)

    def layout(self, variant: Variant) -> PacketLayout:
        """The compiled packet of a variant."""
        if variant not in self._layouts:
            self._layouts[variant] = self._compile(*variant)
        return self._layouts[variant]

    def _compile(self, name: str, language: str, flags: Flags) -> PacketLayout:
        procedure = self._shelf.procedures[name]
        locale = Locale(language, self._clinic.currency)
        copies: list[Copy] = []
        for part in parts_for(self._clinic, flags):
            form = form_of(procedure, part.document, self._clinic, flags, locale)
            mark = short_id(bytes.fromhex(template_digest(self._shelf, name, language, part.document)), 8)
            copies.extend(Copy(form, mark, number, part.copies) for number in range(1, part.copies + 1))
        logo = self.logo.ratio if self.logo else None
        furniture = Furniture(self._clinic, self._shelf.labels(language), PAPERS[self._paper], logo)
        try:
            return PacketLayout(copies, furniture)
        except LayoutError as fault:
            fault.where = fault.where or str(procedure.folder / language)
            raise


def template_digest(shelf: Shelf, procedure: str, language: str, document: str) -> str:
    """SHA-256 over what decides a form's text: its template, the procedure's facts, the labels."""
    folder = shelf.procedures[procedure].folder
    files = (folder / language / f"{document}.md", folder / "procedure.yaml", shelf.labels_file(language))
    return digest_of(files)


def digest_of(files: tuple[Path, ...]) -> str:
    """SHA-256 over the contents of `files`, each with its length, in hex."""
    digest = hashlib.sha256()
    for file in files:
        data = file.read_bytes()
        digest.update(b"%d\n" % len(data) + data)
    return digest.hexdigest()


def _problem(job: Job, fault: LayoutError, facts: Facts, locale: Locale) -> Problem:
    source = job.appointment.source
    if not isinstance(fault, MissingGlyphError):
        return Problem(source=source, field="", code="does-not-fit", message=f"{fault.what}. {fault.hint}")
    for path in FIELDS:
        value = text_of(Field(path), facts, locale)
        try:
            for bold in (False, True) if value else ():
                shape(value, bold)
        except MissingGlyphError as missing:
            message = f"No font can print {missing.characters} here. {missing.hint}"
            return Problem(source=source, field=path, code="missing-glyph", message=message, effect=Effect.NOT_PRINTED)
    raise fault  # a character of the template, not of the row
