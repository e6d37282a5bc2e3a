"""Patients whose every value is a word found nowhere else, and everything that a run tells but on its pages."""

from __future__ import annotations

import csv
import re
import sqlite3
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

import pikepdf
from babel.dates import format_date

from handouts.run.names import PASSING
from tests.run.making import DIGEST, Done, Made, Row, row

PEOPLE = 200

_ENCRYPTED = re.compile(rb"<(?:[0-9a-f]{2}){16,}>")
"""A locked file's identifier, keys and encrypted texts: random bytes, written as hexadecimal digits."""

_REFERENCE = re.compile(rb"\d+ 0 R")
"""All in which objects of many packets differ, that say the same."""

_READABLE = re.compile(rb"[ -~]{7,}")
"""What can be a word, in a file that is but for it random; no value looked for is shorter."""


def marked(number: int) -> Row:
    """A patient whose every value is a word found nowhere else."""
    tag = f"{number:03}"
    return row(number) | {
        "given_name": f"Zqgiven{tag}",
        "family_name": f"Zqfamily{tag}",
        "patient_id": f"ZQNUMBER{tag}",
        "birth_date": f"{1931 + number % 60}-{1 + number % 12:02}-{1 + number % 28:02}",
        "representative": f"Zqproxy{tag} Zqkinship{tag}" if number % 3 == 0 else "",
        "payer": f"Zqpayer{tag}" if number % 2 else "Self-pay",
        "clinician": f"Dr. Zqdoctor{tag}",
        "sex": f"Zqgender{tag}",
        "room": f"R{tag}",
        "language": "English",
        "password": f"Zqpassword{tag}" if number % 2 else "",
    }


def people(count: int = PEOPLE) -> list[Row]:
    """As many of them."""
    return [marked(number) for number in range(1, count + 1)]


def secrets(patients: Iterable[Row]) -> list[str]:
    """The values that may be told nowhere. Birth dates in every way that the program reads or prints them."""
    found = {"Zqgiven", "Zqfamily", "ZQNUMBER", "Zqproxy", "Zqkinship", "Zqpayer", "Zqdoctor", "Zqgender", "Zqpassword"}
    for each in patients:
        born = date.fromisoformat(each["birth_date"])
        found |= {f"{born:{form}}" for form in ("%Y-%m-%d", "%Y/%m/%d", "%m/%d/%Y", "%d/%m/%Y", "%Y%m%d")}
        found |= {format_date(born, form, language) for form in ("medium", "long", "full") for language in ("en", "es")}
    return sorted(found)


def spoilt(patients: list[Row]) -> list[Row]:
    """The same people with every kind of mistake in their rows."""
    one, two, three, four, five, six, seven, *rest = patients
    return [
        one | {"birth_date": "Zqgiven001"},
        two | {"start": "Zqfamily002 at 8"},
        three | {"given_name": "Zqgiven003ꦗꦮ", "representative": "Zqproxy003 \U0001f600"},
        four | {"patient_id": five["patient_id"]},
        five,
        six | {"sessions": "Zqgiven006", "status": "Zqfamily006"},
        seven | {"appointment_id": five["appointment_id"]},
        *({**each, "procedure": "Zqgiven015"} if index == 7 else each for index, each in enumerate(rest)),
        rest[0] | {"family_name": "Zqfamily008\u202e"},
        rest[1] | {"family_name": ""},
        rest[2] | {"language": "Zqgiven010", "interpreter": "Zqfamily010", "large_print": "Zqproxy010"},
        rest[3] | {"booked_on": "Zqgiven011", "deceased": "Zqgiven011"},
    ]


def told(done: Done, *around: Path) -> Iterator[str]:
    """All that can be read without looking at a page: what was told, names of files, and all in them but pages."""
    yield from (done.out, done.err)
    seen: set[bytes] = set()
    for place in around:
        for each in place.rglob("*"):
            yield str(each)
            if each.is_file():
                yield from within(each, seen)


def within(file: Path, seen: set[bytes]) -> Iterator[str]:
    """All in a file that can be read without looking at a page, but for a PDF's objects that were seen before.

    Left out is what is random and stands as hexadecimal digits, of which eight are a patient's birth date in one run
    of a hundred: in locked PDFs, and in the raw pages of a journal the digests that it is known to hold.
    """
    data = file.read_bytes()
    if PASSING.fullmatch(file.name) and ".pdf." in file.name:
        return  # half a file of pages, which is private
    if data.startswith(b"%PDF-"):
        try:
            yield from _beside_pages(file, seen)
        except pikepdf.PasswordError:
            yield from (each.decode() for each in _READABLE.findall(_ENCRYPTED.sub(b"", data)))
            yield from _beside_pages(file, seen, _password(file))
    elif file.suffix == ".sqlite":
        with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as journal:
            rows = list(journal.iterdump())
        yield from rows
        for digest in {each for row in rows for each in DIGEST.findall(row)}:
            data = data.replace(digest.encode(), b"")
        yield data.decode("utf-8", "replace")
        yield data.decode("latin-1")
    else:
        yield data.decode("utf-8", "replace")
        yield data.decode("latin-1")


def _password(file: Path) -> str:
    """What opens a packet of a run: its row's own password, or the random one that the run lists."""
    run = file.parents[1]
    (packet,) = (each for each in Made(run).packets if run / each["file"] == file)
    with (run.parent / "list.csv").open(newline="", encoding="utf-8") as listed:
        own = list(csv.DictReader(listed))[int(packet["source"].partition(":")[2]) - 2]["password"]
    return own or random_passwords(run)[packet["packet_id"]]


def random_passwords(run: Path) -> dict[str, str]:
    """Those that a run made, by packet id."""
    with (run / "passwords.csv").open(newline="", encoding="utf-8") as listed:
        return {row["packet_id"]: row["password"] for row in csv.DictReader(listed)}


def _beside_pages(file: Path, seen: set[bytes], password: str = "") -> Iterator[str]:
    """Every text, name and XML of a PDF that is not in a page's own content, and files in it."""
    with pikepdf.open(file, password=password) as document:
        yield str(document.trailer.get("/ID", ""))
        for thing in document.objects:
            held = thing
            if isinstance(thing, pikepdf.Stream):
                if thing.get("/Type") in {pikepdf.Name.Metadata, pikepdf.Name.EmbeddedFile}:
                    yield thing.read_bytes().decode("utf-8", "replace")
                held = thing.stream_dict
            written = _REFERENCE.sub(b"", held.unparse(resolved=True))
            if written not in seen:
                seen.add(written)
                yield from _texts(held)


def _texts(thing: object) -> Iterator[str]:
    if isinstance(thing, pikepdf.Dictionary):
        for name, value in thing.items():
            yield name
            yield from _within_object(value)
    elif isinstance(thing, pikepdf.Array):
        for value in thing:
            yield from _within_object(value)
    elif isinstance(thing, pikepdf.String | pikepdf.Name):
        yield str(thing)


def _within_object(value: object) -> Iterator[str]:
    """What stands in the same object; what it refers to has its turn by itself."""
    if isinstance(value, pikepdf.Object) and not value.is_indirect:
        yield from _texts(value)
