"""The command driven as people drive it, and what it made read back as printers, readers and scanners read it."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import re
import subprocess
import sys
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import pypdf
import pypdfium2
import pytest
import zxingcpp
from click.testing import CliRunner

from cli import main

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
TEMPLATES = ROOT / "templates"
ISSUED = ("--issued-at", "2026-11-30T18:00")
Row = dict[str, str]
QR = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
DIGEST = re.compile(r"\b[0-9a-f]{64}\b")
"""A SHA-256 as text."""


# -- the command -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Done:
    """How a command ended and what it told."""

    code: int
    out: str
    err: str


def handouts(*arguments: str | Path, env: Mapping[str, str] | None = None) -> Done:
    """The command within this process, which is quicker."""
    result = CliRunner().invoke(main, [str(each) for each in arguments], env=env, prog_name="handouts")
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Done(result.exit_code, result.stdout, result.stderr)


def command(*arguments: str | Path, cwd: Path | None = None, env: Mapping[str, str] | None = None) -> Done:
    """The command as a shell starts it."""
    return started([sys.executable, ROOT / "cli.py", *arguments], cwd=cwd, env=env)


def started(
    words: Sequence[str | Path], *, cwd: Path | None = None, env: Mapping[str, str] | None = None, patience: float = 120
) -> Done:
    """Any program, waited for until it and all processes it started are gone. patience: seconds."""
    ended = subprocess.run(
        [str(word) for word in words],
        cwd=cwd,
        env={**os.environ, **(env or {})},
        capture_output=True,
        encoding="utf-8",
        timeout=patience,
        check=False,
    )
    return Done(ended.returncode, ended.stdout, ended.stderr)


# -- a clinic, its forms and its list --------------------------------------------------------------

_FACTS = """\
name: {en: Small treatment}
plain_name: {en: small treatment}
gloss: {en: "Nothing much happens."}
author: Tests
reviewer: Tests
version: "1.0"
reviewed: 2026-11-01
next_review: 2027-11-01
documents:
  handout: {form: SM-H, version: "1.0"}
  consent: {form: SM-C, version: "1.2"}
"""
_HANDOUT = """\
# About the small treatment

For {{ patient.name }}, {{ appointment.start | date("weekday") }}, {{ appointment.start | time }}.

{% if when.interpreter %}
An interpreter helps you.

{% endif %}
"""
_CONSENT = """\
# Consent form: small treatment

The person who pays is {{ appointment.payer }}. The person who decides is {{ appointment.representative }}.

::: sign patient
I agree.

Printed name
: {{ patient.name }}
:::

::: sign clinician
I explained it.

Printed name
: {{ appointment.clinician }}
:::
"""


def small_clinic(folder: Path, **settings: object) -> Path:
    """clinic.yaml beside forms of two pages that hide the shipped ones, so that tests of the run are quick."""
    forms = folder / "templates" / "spinal-decompression"
    (forms / "en").mkdir(parents=True)
    (forms / "procedure.yaml").write_text(_FACTS, encoding="utf-8")
    (forms / "en" / "handout.md").write_text(_HANDOUT, encoding="utf-8")
    (forms / "en" / "consent.md").write_text(_CONSENT, encoding="utf-8")
    return clinic_file(folder, packet=[{"document": "handout"}, {"document": "consent"}], **settings)


def clinic_file(folder: Path, **settings: object) -> Path:
    """clinic.yaml; JSON is YAML too."""
    said: dict[str, object] = {
        "name": "Harbor Spine Clinic",
        "address": ["1 Quay Street", "Springfield, IL 62700"],
        "phones": [{"label": "Desk", "number": "555-0100"}],
        "emergency_phone": "911",
        "time_zone": "America/Chicago",
        "procedures": {"spinal-decompression": {"price_per_session": 145, "usual_sessions": 20}},
    }
    path = folder / "clinic.yaml"
    path.write_text(json.dumps({**said, **settings}, indent=1), encoding="utf-8")
    return path


def row(number: int, **changed: str) -> Row:
    """One appointment with a patient of its own."""
    start = datetime(2026, 12, 1, 8) + timedelta(minutes=5 * (number - 1))
    return {
        "appointment_id": f"A-{number:04}",
        "start": f"{start:%Y-%m-%d %H:%M}",
        "patient_id": f"MRN-{number:05}",
        "given_name": f"Given{number:03}",
        "family_name": f"Family{number:03}",
        "birth_date": f"19{30 + number % 60}-04-{1 + number % 28:02}",
    } | changed


def rows(count: int) -> list[Row]:
    """As many appointments, each of its own patient."""
    return [row(number) for number in range(1, count + 1)]


def list_file(folder: Path, appointments: Sequence[Row], name: str = "list.csv") -> Path:
    """The appointments as a CSV file."""
    columns = list(dict.fromkeys(column for each in appointments for column in each))
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, restval="")
    writer.writeheader()
    writer.writerows(appointments)
    path = folder / name
    path.write_text(out.getvalue(), encoding="utf-8")
    return path


@dataclass(frozen=True)
class Desk:
    """A folder with a clinic, a list and room for runs."""

    folder: Path
    clinic: Path
    listed: Path

    @property
    def out(self) -> Path:
        """Where `generate` prints to unless told otherwise."""
        return self.folder / "out"

    @property
    def wanted(self) -> list[str | Path]:
        """The command line of a run, but for its folder."""
        return ["generate", self.listed, "--clinic", self.clinic, *ISSUED]

    def arguments(self, *more: str | Path, out: Path | None = None) -> list[str | Path]:
        """The command line of a run."""
        return [*self.wanted, "--out", out or self.out, *more]

    def generate(self, *more: str | Path, out: Path | None = None) -> Done:
        """A run."""
        return handouts(*self.arguments(*more, out=out))


def desk(folder: Path, appointments: Sequence[Row] | int = 3, **settings: object) -> Desk:
    """A clinic with small forms and a list of these appointments, or of as many."""
    listed = rows(appointments) if isinstance(appointments, int) else appointments
    return Desk(folder, small_clinic(folder, **settings), list_file(folder, listed))


# -- runs that are struck by a signal --------------------------------------------------------------


def strike(how: str, signal: str, which: int, folder: Path, words: Sequence[str | Path]) -> list[str | Path]:
    """The words that start tests/run/striking.py, which see."""
    return [sys.executable, "-m", "tests.run.striking", how, signal, str(which), folder, "--", *words]


MOMENTS = pytest.mark.parametrize("every", [3, pytest.param(1, marks=pytest.mark.soak)])
"""Runs are struck at each third step they take, by `make soak` at each."""


@dataclass(frozen=True)
class Struck:
    """A run that a signal ended: its folder, its exit code (less than zero: killed) and what it told."""

    out: Path
    code: int
    told: str


def struck_at_moments(signal: str, every: int, folder: Path, words: Sequence[str | Path]) -> list[Struck]:
    """One run after another, each struck so many steps later, without the last, which ended by itself."""
    folder.mkdir(exist_ok=True)
    ended = started(strike("each", signal, every, folder, words), cwd=ROOT)
    assert (ended.code, ended.err) == (0, "")
    found = []
    for code in sorted(folder.glob("*.code")):
        told = code.with_suffix(".told").read_text(encoding="utf-8")
        found.append(Struck(code.with_suffix(""), int(code.read_text()), told))
    assert found.pop().code in {0, 3}
    return found


# -- what a run made -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Made:
    """A run folder."""

    path: Path

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """manifest.json."""
        read: dict[str, Any] = json.loads((self.path / "manifest.json").read_bytes())
        return read

    @property
    def packets(self) -> list[dict[str, Any]]:
        """The manifest's packets."""
        listed: list[dict[str, Any]] = self.manifest["packets"]
        return listed

    @property
    def appointments(self) -> list[str]:
        """The ids of the appointments printed, in order."""
        return [packet["appointment_id"] for packet in self.packets]

    @property
    def problems(self) -> list[tuple[str, str, str]]:
        """Source, code and effect of every problem."""
        return [(each["source"], each["code"], each["effect"]) for each in self.manifest["problems"]]

    @property
    def print_run(self) -> Path:
        """print-run.pdf."""
        return self.path / "print-run.pdf"

    def file(self, packet: Mapping[str, Any]) -> Path:
        """A packet's file."""
        return self.path / str(packet["file"])

    def all_files(self) -> list[Path]:
        """Every file in the folder and below."""
        return sorted(each for each in self.path.rglob("*") if each.is_file())

    def digests(self) -> dict[str, str]:
        """SHA-256 of everything that a run is for; not of its journal and lock."""
        kept = [each for each in self.all_files() if each.suffix in {".pdf", ".json", ".csv", ".part"}]
        return {str(each.relative_to(self.path)): hashlib.sha256(each.read_bytes()).hexdigest() for each in kept}


# -- pages as programs and people read them --------------------------------------------------------


def squeezed(text: str) -> str:
    """Text without line ends and double spaces: what a wrapped value says."""
    return " ".join(text.split())


def texts_by_pypdf(file: Path) -> list[str]:
    """The text of each page, as pypdf extracts it."""
    return [squeezed(page.extract_text()) for page in pypdf.PdfReader(file).pages]


def texts_by_pdfium(file: Path) -> list[str]:
    """The text of each page, as PDFium (Chrome) extracts it."""
    with pypdfium2.PdfDocument(file) as document:
        return [squeezed(page.get_textpage().get_text_range()) for page in document]


def bare(text: str) -> str:
    """Text without any white space: a value is found in it wherever its lines were broken.

    pypdf puts a gap before a mark that stands over its letter; without white space both are one character again.
    """
    return unicodedata.normalize("NFC", "".join(text.split()))


def codes_on_pages(file: Path, dots_per_inch: int = 120) -> list[list[str]]:
    """What the codes on each page say, read from the page's picture, from top to bottom."""
    found = []
    with pypdfium2.PdfDocument(file) as document:
        for page in document:
            picture = page.render(scale=dots_per_inch / 72, grayscale=True)
            pixels = memoryview(picture.buffer).cast("B", (picture.height, picture.stride))
            read = zxingcpp.read_barcodes(pixels, formats=QR)
            found.append([each.text for each in sorted(read, key=lambda each: each.position.top_left.y)])
    return found


def mentions(haystack: Iterable[str], needles: Iterable[str]) -> list[str]:
    """Which of the needles stand anywhere in the haystack, whatever their case.

    Digests are left out: some of them differ each time, and eight of their digits may happen to be a date.
    """
    text = DIGEST.sub("", "\n".join(set(haystack)).casefold())
    return [needle for needle in needles if needle.casefold() in text]
