"""A whole day of a clinic, as its record system exports it: the right pages for the right people, and no others."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from handouts.layout.codes import PageCode
from tests.run.making import (
    EXAMPLES,
    ISSUED,
    Done,
    Made,
    bare,
    codes_on_pages,
    command,
    texts_by_pdfium,
    texts_by_pypdf,
)

LISTS = (
    Path(__file__).parents[1] / "data" / "fhir" / "day.bundle.json",
    Path(__file__).parent / "data" / "more.ndjson",
)
LEFT_OUT = {
    "appt-00023": "deceased",
    "appt-00032": "deceased",
    "appt-00045": "cancelled",
    "appt-00046": "cancelled",
    "appt-00048": "cancelled",
    "appt-00049": "no-show",
    "appt-00050": "entered-in-error",
    "appt-00051": "not-confirmed",
}
SPANISH_MONTHS = "ene feb mar abr may jun jul ago sep oct nov dic".split()
WORDS = {
    "en": ("Page {} of {}", "This page is left blank on purpose"),
    "es": ("Página {} de {}", "Esta página se dejó en blanco a propósito"),
}


@dataclass(frozen=True)
class Booked:
    """An appointment as the record system has it, read here without the program's own reader."""

    appointment_id: str
    start: str
    name: str
    number: str
    birth_date: date

    def born(self, language: str) -> str:
        day, month, year = self.birth_date.day, self.birth_date.month, self.birth_date.year
        if language == "es":
            return f"{day} {SPANISH_MONTHS[month - 1]} {year}"
        return f"{self.birth_date:%b} {day}, {year}"


def _resources() -> Iterator[dict[str, Any]]:
    bundle, more = (path.read_text(encoding="utf-8") for path in LISTS)
    yield from (entry["resource"] for entry in json.loads(bundle)["entry"])
    yield from map(json.loads, more.splitlines())


def _is_record_number(identifier: dict[str, Any]) -> bool:
    return any(coding["code"] == "MR" for coding in identifier.get("type", {}).get("coding", []))


def _day() -> dict[str, Booked]:
    resources = list(_resources())
    patients = {each["id"]: each for each in resources if each["resourceType"] == "Patient"}
    booked = {}
    for visit in (each for each in resources if each["resourceType"] == "Appointment"):
        references = [each["actor"]["reference"] for each in visit["participant"]]
        (number,) = [each.removeprefix("Patient/") for each in references if each.startswith("Patient/")]
        patient = patients[number]
        (name,) = [each for each in patient["name"] if each["use"] == "official"]
        (record,) = [each["value"] for each in patient["identifier"] if _is_record_number(each)]
        full = " ".join([*name["given"], name["family"]])
        born = date.fromisoformat(patient["birthDate"])
        booked[visit["id"]] = Booked(visit["id"], visit["start"], full, record, born)
    return booked


DAY = _day()
PRINTED = sorted((each for each in DAY.values() if each.appointment_id not in LEFT_OUT), key=lambda each: each.start)


@dataclass(frozen=True)
class Run:
    """One printing of the day."""

    done: Done
    made: Made
    duplex: bool


@pytest.fixture(scope="module", params=["duplex", "simplex"])
def run(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Run:
    out = tmp_path_factory.mktemp(request.param) / "run"
    arguments: list[str | Path] = ["generate", *LISTS, "--clinic", EXAMPLES / "clinic.yaml", "--out", out, *ISSUED]
    return Run(command(*arguments, f"--{request.param}"), Made(out), request.param == "duplex")


def test_everyone_expected_has_a_packet_in_the_order_of_the_day(run: Run) -> None:
    assert len(PRINTED) + len(LEFT_OUT) == len(DAY) == 21
    assert (run.done.code, run.done.err) == (0, "")
    by_time = [(packet["appointment_id"], DAY[packet["appointment_id"]].start) for packet in run.made.packets]
    assert sorted(each for each, _ in by_time) == sorted(each.appointment_id for each in PRINTED)
    assert [start for _, start in by_time] == sorted(start for _, start in by_time)
    assert [packet["position"] for packet in run.made.packets] == list(range(1, len(PRINTED) + 1))
    assert f"{len(PRINTED)} packets printed" in run.done.out


def test_those_not_to_be_printed_are_left_out_with_the_reason(run: Run) -> None:
    found = {source.rpartition("/")[2]: code for source, code, effect in run.made.problems if effect == "left out"}
    assert found == LEFT_OUT
    for appointment in LEFT_OUT:
        assert f"Appointment/{appointment}" in run.done.out
    table = (run.made.path / "problems.csv").read_text(encoding="utf-8")
    assert all(f"Appointment/{appointment}," in table for appointment in LEFT_OUT)


def _mixed_up(text: str, patient: Booked, language: str) -> list[str]:
    """What a page says of anyone but its patient, and what it fails to say of its patient."""
    said = bare(text)
    own = [patient.name, patient.number, patient.born(language)]
    wrong = [f"lacks {value}" for value in own if bare(value) not in said]
    others = [each for each in DAY.values() if each is not patient]
    return wrong + [f"holds {value}" for each in others for value in (each.name, each.number) if bare(value) in said]


def test_every_page_of_a_packet_names_its_patient_and_nobody_else(run: Run) -> None:
    for packet in run.made.packets:
        patient, file = DAY[packet["appointment_id"]], run.made.file(packet)
        language = packet["language"]
        for number, text in enumerate(texts_by_pdfium(file), 1):
            assert not _mixed_up(text, patient, language), (packet["file"], number)
            assert WORDS[language][0].format(number, packet["pages"]) in text
        if run.duplex:  # the packets are the same on one side of the paper; pypdf is slow
            for number, text in enumerate(texts_by_pypdf(file), 1):
                assert not _mixed_up(text, patient, language), (packet["file"], number)


def test_every_page_of_the_print_run_names_its_patient_and_nobody_else(run: Run) -> None:
    texts = texts_by_pdfium(run.made.print_run)
    assert len(texts) == run.made.manifest["print_run"]["pages"]
    for packet in run.made.packets:
        start, language = packet["print_run_first_page"] - 1, packet["language"]
        for text in texts[start : start + packet["pages"]]:
            assert not _mixed_up(text, DAY[packet["appointment_id"]], language)
        for text in texts[start + packet["pages"] :][: packet["padding_pages"]]:
            assert WORDS[language][1] in text
            assert not re.search(r"\b(Page|Página) \d", text)
            assert not [each.name for each in DAY.values() if bare(each.name) in bare(text)]
            assert not [each.number for each in DAY.values() if bare(each.number) in bare(text)]


def _expected_codes(made: Made, packet: dict[str, Any]) -> list[PageCode]:
    """What the codes on a packet's pages must say, by the manifest; `form` is compared apart."""
    return [PageCode(packet["packet_id"], page, packet["pages"], "") for page in range(1, packet["pages"] + 1)]


def _read(payloads: list[str]) -> tuple[PageCode, str]:
    """Both codes of a page, which must be alike: what they say, and their form."""
    assert len(payloads) == 2, payloads
    assert payloads[0] == payloads[1]
    code = PageCode.parse(payloads[0])
    assert code
    return PageCode(code.packet_id, code.page, code.pages, ""), code.form


def test_both_codes_on_every_page_say_what_the_manifest_says(run: Run) -> None:
    forms: dict[tuple[str, ...], set[str]] = {}
    printed = codes_on_pages(run.made.print_run)
    for packet in run.made.packets:
        expected = _expected_codes(run.made, packet)
        read = [_read(payloads) for payloads in codes_on_pages(run.made.file(packet))]
        assert [code for code, _ in read] == expected
        start = packet["print_run_first_page"] - 1
        assert [_read(payloads) for payloads in printed[start : start + packet["pages"]]] == read
        for payloads in printed[start + packet["pages"] :][: packet["padding_pages"]]:
            assert _read(payloads)[0] == PageCode(packet["packet_id"], None, packet["pages"], "")
        for document in packet["documents"]:
            first = document["first_page"] - 1
            found = {form for _, form in read[first : first + document["pages"]]}
            forms.setdefault((packet["language"], document["form"], document["version"]), set()).update(found)
    assert len(printed) == sum(packet["pages"] + packet["padding_pages"] for packet in run.made.packets)
    assert all(len(each) == 1 for each in forms.values())
    assert len(set.union(*forms.values())) == len(forms) == len(run.made.manifest["templates"])


def test_packets_follow_each_other_each_on_sheets_of_its_own(run: Run) -> None:
    next_page = 1
    for packet in run.made.packets:
        assert packet["print_run_first_page"] == next_page
        assert packet["padding_pages"] == (packet["pages"] % 2 if run.duplex else 0)
        assert not run.duplex or next_page % 2 == 1
        next_page += packet["pages"] + packet["padding_pages"]
    assert {packet["pages"] % 2 for packet in run.made.packets} == {0, 1}  # so that both cases were seen
    assert run.made.manifest["print_run"] | {"sha256": ""} == {
        "file": "print-run.pdf",
        "sha256": "",
        "pages": next_page - 1,
        "paper": "letter",
        "duplex": run.duplex,
        "further_files": [],
    }


def test_bookmarks_lead_to_each_packet(run: Run) -> None:
    with pikepdf.open(run.made.print_run) as document, document.open_outline() as outline:
        found = []
        for item in outline.root:
            assert isinstance(item.destination, pikepdf.Array)
            found.append((str(item.title), pikepdf.Page(item.destination[0]).index + 1))
    expected = []
    for packet in run.made.packets:
        clock = DAY[packet["appointment_id"]].start[11:16]
        hour = f"{int(clock[:2]) - 1:02}"  # the clinic is an hour behind the times in the list
        title = f"{hour}{clock[2:]} · Treatment room 2 · {packet['packet_id']}"
        expected.append((title, packet["print_run_first_page"]))
    assert found == expected


def test_every_file_is_sound(run: Run) -> None:
    for file in [run.made.print_run, *map(run.made.file, run.made.packets)]:
        with pikepdf.open(file) as document:
            assert document.check_pdf_syntax() == [], file
