"""manifest.json and problems.csv: what the run made, for people and for the scanner of signed paper.

Neither holds a patient's name, birth date or record number.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from textwrap import indent

from pydantic import Field

from handouts.model import FieldKind, Frozen, Paper, Problem

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


class FieldBox(Frozen):
    """What a pen fills in, as layout/skeleton.PenField tells."""

    kind: FieldKind
    name: str
    page: int
    box: tuple[float, float, float, float]
    optional: bool


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
    start: str
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
    layout: str


class FurtherFile(Frozen):
    """A file that the print run goes on in. first_position: of the packet that it begins with."""

    file: str
    sha256: str
    pages: int
    first_position: int


class PrintRunRecord(Frozen):
    """The print run: its first file, mostly the only one, and those that follow where it is too long for one."""

    file: str
    sha256: str
    pages: int
    paper: Paper
    duplex: bool
    further_files: tuple[FurtherFile, ...] = ()


class Manifest(Frozen):
    """Everything about a run; docs/manifest.md describes the format."""

    schema_name: str = Field(default=SCHEMA, alias="schema")
    run_id: str
    issued_at: str
    handouts_version: str
    templates: dict[str, Template]
    layouts: dict[str, tuple[FieldBox, ...]]
    print_run: PrintRunRecord | None
    packets: tuple[PacketRecord, ...] = ()
    problems: tuple[Problem, ...] = ()

    def written(self, packets: Iterable[str], problems: Iterable[Problem]) -> Iterator[bytes]:
        """The file piece by piece: UTF-8, indented, the same bytes for the same run.

        packets: the records as JSON by `json_of`. They and the problems stand in place of this model's own.
        """
        head, _, _ = self.model_dump_json(indent=1, by_alias=True).rpartition('\n "packets":')
        yield head.encode()
        yield from _listed("packets", packets)
        yield b","
        yield from _listed("problems", map(json_of, problems))
        yield b"\n}\n"


def _listed(name: str, records: Iterable[str]) -> Iterator[bytes]:
    """A key of the manifest with its list, as pydantic writes it."""
    yield f'\n "{name}": ['.encode()
    end = b"]"
    for record in records:
        yield b"\n" if end == b"]" else b",\n"
        yield indent(record, "  ").encode()
        end = b"\n ]"
    yield end


def json_of(record: Frozen) -> str:
    """A part of the manifest."""
    return record.model_dump_json(indent=1, by_alias=True)


_FORMULA = ("=", "+", "-", "@")
"""What a spreadsheet would take for the beginning of a formula."""


def problems_csv(problems: Iterable[Problem]) -> Iterator[bytes]:
    """The problems as a table, row by row."""
    rows = ((each.source, each.field, each.effect.value, each.code, each.message) for each in problems)
    return table(("source", "field", "effect", "code", "message"), rows)


def table(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[bytes]:
    """A CSV file that opens in a spreadsheet, row by row."""
    yield _row(headers)
    for row in rows:
        yield _row([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in row])


def _row(cells: Sequence[str]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow(cells)
    return out.getvalue().encode()
