"""manifest.json and problems.csv: what the run made, for people and for the scanner of signed paper.

Neither holds a patient's name, birth date or record number.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from pydantic import Field

from handouts.model import Frozen, Paper, Problem

SCHEMA = "handouts/manifest/1"


class Template(Frozen):
    """A form as it was printed: its version, and a digest over its template, facts and labels."""

    version: str
    sha256: str


class Document(Frozen):
    """One copy of a form within a packet. first_page counts from 1 within the packet."""

    kind: str
    form: str
    version: str
    copy_number: int
    first_page: int
    pages: int


class SignatureBox(Frozen):
    """Where someone signs. page: from 1 within the packet. box: left, bottom, right, top in points."""

    role: str
    page: int
    box: tuple[float, float, float, float]


class AttachmentRecord(Frozen):
    """A finished PDF that was added to the packet as it is; sha256 is that PDF's."""

    kind: str
    sha256: str
    pages: int
    print_run_first_page: int
    padding_pages: int


class PacketRecord(Frozen):
    """One packet. print_run_first_page: from 1 in print-run.pdf. padding_pages: blank pages that follow it there."""

    position: int
    packet_id: str
    appointment_id: str
    source: str
    procedure: str
    language: str
    flags: tuple[str, ...]
    file: str
    sha256: str
    pages: int
    print_run_first_page: int
    padding_pages: int
    documents: tuple[Document, ...]
    attachments: tuple[AttachmentRecord, ...]
    signatures: tuple[SignatureBox, ...]


class PrintRunRecord(Frozen):
    """The print run as one file."""

    file: str
    sha256: str
    pages: int
    paper: Paper
    duplex: bool


class Manifest(Frozen):
    """Everything about a run; docs/manifest.md describes the format."""

    schema_name: str = Field(default=SCHEMA, serialization_alias="schema")
    run_id: str
    issued_at: str
    handouts_version: str
    templates: dict[str, Template]
    print_run: PrintRunRecord | None
    packets: tuple[PacketRecord, ...]
    problems: tuple[Problem, ...]

    def to_json(self) -> bytes:
        """UTF-8, indented, the same bytes for the same run."""
        return self.model_dump_json(indent=1, by_alias=True).encode() + b"\n"


_FORMULA = ("=", "+", "-", "@")
"""What a spreadsheet would take for the beginning of a formula."""


def problems_csv(problems: Sequence[Problem]) -> bytes:
    """The problems as a table that opens in a spreadsheet."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["source", "field", "effect", "code", "message"])
    for each in problems:
        cells = (each.source, each.field, each.effect.value, each.code, each.message)
        writer.writerow([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in cells])
    return out.getvalue().encode()
