"""A run as it was printed: which packets and pages there are, and what is filled in on each."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Self

from pydantic import ValidationError

from handouts.errors import UsageError
from handouts.layout.codes import PageCode, short_id
from handouts.layout.style import PAPERS, Geometry
from handouts.model import Paper
from handouts.run.manifest import SCHEMA, Document, FieldBox, Manifest, PacketRecord
from handouts.run.names import MANIFEST, is_packet_file
from handouts.scan.model import PageReading


@dataclass(frozen=True)
class PrintedRun:
    """What a run's manifest tells."""

    folder: Path
    manifest: Manifest

    @classmethod
    def of(cls, folder: Path) -> Self:
        """The run in a folder. Raises UsageError where none was finished there, or by another version of handouts."""
        file = folder / MANIFEST
        hint = "Name the folder of a finished run: the one with `manifest.json` in it."
        try:
            data = file.read_bytes()
        except OSError as fault:
            raise UsageError(f"there is no printed run here: {fault.strerror}", where=file, hint=hint) from None
        try:
            manifest = Manifest.model_validate_json(data)
        except ValidationError:
            manifest = None
        if manifest is None or manifest.schema_name != SCHEMA:
            what = f"this is no manifest of the format {SCHEMA}"
            hint = "Read the paper with the version of handouts that printed it, or print the run again."
            raise UsageError(what, where=file, hint=hint)
        if not _agrees(manifest):
            hint = "Bring back the file that the run wrote, from a copy."
            raise UsageError("this manifest was changed since it was printed", where=file, hint=hint)
        return cls(folder, manifest)

    @cached_property
    def packets(self) -> dict[str, PacketRecord]:
        """By their id."""
        return {packet.packet_id: packet for packet in self.manifest.packets}

    @cached_property
    def files(self) -> frozenset[str]:
        """The SHA-256 of all that was printed."""
        run = self.manifest.print_run
        runs = {run.sha256, *(each.sha256 for each in run.further_files)} if run else set()
        return frozenset(runs | {packet.sha256 for packet in self.manifest.packets})

    @property
    def geometry(self) -> Geometry:
        """Where the codes stand."""
        return PAPERS[self.paper]

    @property
    def paper(self) -> Paper:
        """Its size."""
        return self.manifest.print_run.paper if self.manifest.print_run else "letter"

    @cached_property
    def _by_page(self) -> dict[str, dict[int, tuple[FieldBox, ...]]]:
        by_page: dict[str, dict[int, tuple[FieldBox, ...]]] = {}
        for name, fields in self.manifest.layouts.items():
            pages: defaultdict[int, list[FieldBox]] = defaultdict(list)
            for field in fields:
                pages[field.page].append(field)
            by_page[name] = {page: tuple(found) for page, found in pages.items()}
        return by_page

    def fields(self, packet: PacketRecord, page: int) -> tuple[FieldBox, ...]:
        """What is filled in on a page."""
        return self._by_page[packet.layout].get(page, ())

    def knows(self, reading: PageReading) -> bool:
        """Whether a reading tells of a page of this run and of its fields, if of any: who reads foreign files may have
        been taken over by one.
        """
        if reading.packet_id is None:
            return not reading.fields
        packet = self.packets.get(reading.packet_id)
        if packet is None or reading.padding != (reading.page is None):
            return False
        if reading.page is None:
            return not reading.fields
        known = [(number, each.kind, each.name) for number, each in enumerate(self.fields(packet, reading.page))]
        told = [(each.number, each.kind, each.name) for each in reading.fields]
        return 1 <= reading.page <= packet.pages and told == known

    def code(self, packet: PacketRecord, page: int | None) -> PageCode:
        """What a page's code says. page: None for the one left blank behind the packet."""
        document = document_of(packet, packet.pages if page is None else page)
        digest = self.manifest.templates[f"{packet.procedure}/{packet.language}/{document.kind}"].sha256
        return PageCode(packet.packet_id, page, packet.pages, short_id(bytes.fromhex(digest), 8))

    @cached_property
    def versions(self) -> frozenset[str]:
        """The short hashes of all forms of the run."""
        return frozenset(short_id(bytes.fromhex(each.sha256), 8) for each in self.manifest.templates.values())


def _agrees(manifest: Manifest) -> bool:
    """Whether a manifest tells of a run that can be: what it names is there, and no file of it lies elsewhere."""
    try:
        datetime.fromisoformat(manifest.issued_at)
        for each in manifest.packets:
            datetime.fromisoformat(each.start)
    except ValueError:
        return False
    return all(
        is_packet_file(each.file)
        and each.layout in manifest.layouts
        and all(f"{each.procedure}/{each.language}/{form.kind}" in manifest.templates for form in each.documents)
        and all(1 <= form.first_page <= each.pages - form.pages + 1 for form in each.documents)
        for each in manifest.packets
    )


def document_of(packet: PacketRecord, page: int) -> Document:
    """The copy of a form that a page belongs to."""
    return next(each for each in reversed(packet.documents) if each.first_page <= page)
