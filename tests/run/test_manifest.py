"""manifest.json: every key explained, and every figure true of the pages."""

from __future__ import annotations

import csv
import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pypdf
import pypdfium2
import pytest
from PIL import Image
from pydantic import BaseModel

from handouts.model import Flag, Problem
from handouts.run.manifest import (
    Document,
    FieldBox,
    FurtherFile,
    Manifest,
    PacketRecord,
    PrintRunRecord,
    SignatureBox,
    Template,
)

from .making import EXAMPLES, ISSUED, ROOT, Desk, Made, codes_on_pages, desk, handouts, row, texts_by_pdfium

GUIDE = (ROOT / "docs" / "manifest.md").read_text(encoding="utf-8")
SECTIONS: dict[str, type[BaseModel]] = {
    "### The run": Manifest,
    "### One of `templates`": Template,
    "### `print_run`": PrintRunRecord,
    "### One of `further_files`": FurtherFile,
    "### One of `packets`": PacketRecord,
    "### One of `documents`": Document,
    "### One of `signatures`": SignatureBox,
    "### One field of `layouts`": FieldBox,
    "### One of `problems`": Problem,
}
POINTS_PER_MM = 72 / 25.4
SCALE = 2
"""Pixels a point."""


def keys_in_guide(heading: str) -> list[str]:
    """The keys in the table below a heading of docs/manifest.md."""
    section = re.split(r"\n#", GUIDE.split(f"\n{heading}\n", 1)[1])[0]
    return re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)


@pytest.fixture(scope="module")
def examples(tmp_path_factory: pytest.TempPathFactory) -> Made:
    out = tmp_path_factory.mktemp("examples") / "run"
    done = handouts(
        "generate", EXAMPLES / "appointments.csv", "--clinic", EXAMPLES / "clinic.yaml", "--out", out, *ISSUED
    )
    assert done.code == 0
    return Made(out)


@pytest.fixture
def long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Made:
    """A run that is long for its files and folders: of eight packets, where three are many."""
    monkeypatch.setattr("handouts.run.print_runs.MOST_PACKETS", 3)
    monkeypatch.setattr("handouts.run.names._MOST_IN_ONE_FOLDER", 3)
    monkeypatch.setattr("handouts.run.names._ON_ONE_SHELF", 5)
    place = desk(tmp_path, 8)
    assert place.generate().code == 0
    return Made(place.out)


@pytest.mark.parametrize("heading", SECTIONS)
def test_the_guide_lists_exactly_the_keys_there_are(heading: str) -> None:
    fields = SECTIONS[heading].model_fields
    assert keys_in_guide(heading) == [field.serialization_alias or name for name, field in fields.items()]


def test_the_file_has_exactly_the_keys_of_the_guide(examples: Made, long: Made) -> None:
    run, packet = examples.manifest, examples.packets[0]
    found = {
        "### The run": run,
        "### One of `templates`": next(iter(run["templates"].values())),
        "### `print_run`": run["print_run"],
        "### One of `further_files`": long.manifest["print_run"]["further_files"][0],
        "### One of `packets`": packet,
        "### One of `documents`": packet["documents"][0],
        "### One of `signatures`": packet["signatures"][0],
        "### One field of `layouts`": run["layouts"][packet["layout"]][0],
        "### One of `problems`": run["problems"][0],
    }
    assert {heading: list(part) for heading, part in found.items()} == {each: keys_in_guide(each) for each in SECTIONS}


def test_the_guide_names_every_file_of_the_folder(examples: Made) -> None:
    for file in examples.all_files():
        assert (f"`{file.name}`" if file.parent == examples.path else "`packets/0001-<packet id>.pdf`") in GUIDE


def test_the_digests_are_those_of_the_files(examples: Made) -> None:
    named = {examples.file(each): each["sha256"] for each in [*examples.packets, examples.manifest["print_run"]]}
    assert {file: hashlib.sha256(file.read_bytes()).hexdigest() for file in named} == named


def test_the_page_numbers_are_those_of_the_files(examples: Made) -> None:
    for each in [*examples.packets, examples.manifest["print_run"]]:
        assert len(pypdf.PdfReader(examples.file(each)).pages) == each["pages"]


def test_the_documents_cover_every_page_of_their_packet(examples: Made) -> None:
    for packet in examples.packets:
        covered = [
            page
            for document in packet["documents"]
            for page in range(document["first_page"], document["first_page"] + document["pages"])
        ]
        assert covered == list(range(1, packet["pages"] + 1))
        texts = texts_by_pdfium(examples.file(packet))
        version = {"en": "version", "es": "v."}[packet["language"]]
        for document in packet["documents"]:
            first = document["first_page"] - 1
            for text in texts[first : first + document["pages"]]:
                assert f"{document['form']} {version} {document['version']}" in text


def test_the_file_is_written_as_pydantic_would_write_it(examples: Made) -> None:
    written = (examples.path / "manifest.json").read_text(encoding="utf-8")
    assert written == json.dumps(examples.manifest, indent=1, ensure_ascii=False) + "\n"


def test_a_run_without_packets_has_a_manifest_too(tmp_path: Path) -> None:
    place = desk(tmp_path, [row(1, family_name="ꦗꦮ")])
    assert place.generate().code == 3
    written = (place.out / "manifest.json").read_text(encoding="utf-8")
    assert written == json.dumps(Made(place.out).manifest, indent=1, ensure_ascii=False) + "\n"
    assert Made(place.out).packets == []
    assert not list(place.out.glob("print-run*"))


# -- long runs -------------------------------------------------------------------------------------


def test_a_long_print_run_goes_on_in_further_files(long: Made) -> None:
    first = long.manifest["print_run"]
    files = [first, *first["further_files"]]
    assert [each["file"] for each in files] == ["print-run.pdf", "print-run-2.pdf", "print-run-3.pdf"]
    assert [each["first_position"] for each in first["further_files"]] == [4, 7]
    starts = [1, 4, 7, 9]
    for each, begin, end in zip(files, starts[:-1], starts[1:], strict=True):
        assert hashlib.sha256(long.file(each).read_bytes()).hexdigest() == each["sha256"]
        codes = codes_on_pages(long.file(each))
        assert len(codes) == each["pages"]
        for packet in long.packets[begin - 1 : end - 1]:
            on_page = codes[packet["print_run_first_page"] - 1]
            assert {code.split("/")[1] for code in on_page} == {packet["packet_id"]}


def test_a_long_run_has_a_folder_for_each_shelf_of_packets(long: Made) -> None:
    assert [each["file"].split("/")[1] for each in long.packets] == ["1-5"] * 5 + ["6-10"] * 3
    assert all(long.file(each).is_file() for each in long.packets)


def test_overwriting_a_long_run_leaves_nothing_of_it(long: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    place = Desk(long.path.parent, long.path.parent / "clinic.yaml", long.path.parent / "list.csv")
    assert place.generate("--overwrite", "--only", "A-0001").code == 0
    made = Made(place.out)
    assert [made.file(packet) for packet in made.packets] == list((place.out / "packets").iterdir())
    assert list(place.out.glob("print-run*")) == [made.print_run]


def test_a_long_run_is_resumed(long: Made) -> None:
    place = Desk(long.path.parent, long.path.parent / "clinic.yaml", long.path.parent / "list.csv")
    before = long.digests()
    lost = [long.file(long.packets[0]), long.file(long.packets[7]), long.path / "print-run-2.pdf"]
    for file in lost:
        file.unlink()
    done = place.generate("--resume")
    assert "(6 were there already)" in done.out
    assert Made(place.out).digests() == before


def test_the_person_is_told_all_files_to_print(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("handouts.run.print_runs.MOST_PACKETS", 3)
    place = desk(tmp_path, 4)
    told = place.generate().out
    assert "in this order" in told
    assert told.index("print-run.pdf") < told.index("print-run-2.pdf")


def test_flags_are_written_as_templates_ask_for_them(examples: Made) -> None:
    assert {flag for packet in examples.packets for flag in packet["flags"]} <= {flag.value for flag in Flag}


def test_problems_csv_says_the_same_as_the_manifest(examples: Made) -> None:
    with (examples.path / "problems.csv").open(encoding="utf-8", newline="") as file:
        listed = [dict(each) for each in csv.DictReader(file)]
    assert listed == [{key: each[key] for key in listed[0]} for each in examples.manifest["problems"]]


# -- where people sign -----------------------------------------------------------------------------


def _who_signs(packet: dict[str, Any]) -> set[str]:
    return {each["role"] for each in packet["signatures"]}


def test_everyone_who_must_sign_has_a_line(examples: Made) -> None:
    for packet in examples.packets:
        roles, flags = _who_signs(packet), set(packet["flags"])
        assert {"clinician", "witness", "withdrawal"} <= roles
        assert ("representative" in roles) == ("representative" in flags)
        assert ("interpreter" in roles) == ("interpreter" in flags)
        assert {"patient", "representative"} & roles


def test_there_is_room_to_sign_on_the_page(examples: Made) -> None:
    page = pypdf.PdfReader(examples.print_run).pages[0].mediabox
    for packet in examples.packets:
        for signature in packet["signatures"]:
            left, bottom, right, top = signature["box"]
            assert 1 <= signature["page"] <= packet["pages"]
            assert 0 < left < right < page.width
            assert 0 < bottom < top < page.height
            assert right - left >= 70 * POINTS_PER_MM - 0.01
            assert top - bottom >= 8 * POINTS_PER_MM - 0.01


def test_the_room_to_sign_is_white_paper_above_a_line(examples: Made) -> None:
    for packet in examples.packets:
        with pypdfium2.PdfDocument(examples.file(packet)) as document:
            for signature in packet["signatures"]:
                page = document[signature["page"] - 1]
                height = page.get_height()
                picture: Image.Image = page.render(scale=SCALE, grayscale=True).to_pil()
                left, bottom, right, top = signature["box"]
                line = height - bottom
                room = picture.crop(_pixels(left + 1, height - top + 1, right - 1, line - 1.5))
                assert room.getextrema() == (255, 255), (packet["source"], signature)
                rule = picture.crop(_pixels(left + 1, line - 2, right - 1, line + 2))
                assert _palest(rule) < 160, (packet["source"], signature)


def test_all_that_is_filled_in_is_white_paper_in_a_box_or_above_a_line(examples: Made) -> None:
    layouts = examples.manifest["layouts"]
    assert {packet["layout"] for packet in examples.packets} == set(layouts)
    for packet in {each["layout"]: each for each in examples.packets}.values():
        fields = layouts[packet["layout"]]
        assert {each["kind"] for each in fields} == {"signature", "date", "time", "initials", "tick"}
        signatures = [(each["name"], each["page"], each["box"]) for each in fields if each["kind"] == "signature"]
        assert signatures == [(each["role"], each["page"], each["box"]) for each in packet["signatures"]]
        pages = _pictures(examples.file(packet))
        for field in fields:
            left, bottom, right, top = field["box"]
            picture = pages[field["page"] - 1]
            height = picture.height / SCALE
            room = picture.crop(_pixels(left + 1, height - top + 1, right - 1, height - bottom - 1.5))
            assert room.getextrema() == (255, 255), (packet["source"], field)
            for line in (bottom, top) if field["kind"] in {"tick", "initials"} else (bottom,):
                rule = picture.crop(_pixels(left + 1, height - line - 1.5, right - 1, height - line + 1.5))
                assert _palest(rule) < 160, (packet["source"], field)


def test_a_form_says_which_signatures_it_can_do_without(examples: Made) -> None:
    optional = {
        (field["name"], field["optional"])
        for fields in examples.manifest["layouts"].values()
        for field in fields
        if field["kind"] == "signature"
    }
    needless = {"witness", "child", "withdrawal"}
    assert optional == {(name, name in needless) for name, _ in optional}
    assert needless | {"patient", "representative", "interpreter", "clinician"} == {name for name, _ in optional}


def _pixels(*points: float) -> tuple[int, int, int, int]:
    left, top, right, bottom = (round(each * SCALE) for each in points)
    return left, top, right, bottom


def _palest(rule: Image.Image) -> int:
    """How dark a line is where it is palest."""
    return max(min(rule.crop((x, 0, x + 1, rule.height)).tobytes()) for x in range(rule.width))


def _pictures(file: Path) -> list[Image.Image]:
    with pypdfium2.PdfDocument(file) as document:
        return [page.render(scale=SCALE, grayscale=True).to_pil() for page in document]


# -- copies ----------------------------------------------------------------------------------------


def test_two_copies_are_printed_and_told_apart(tmp_path: Path) -> None:
    place = desk(tmp_path, 1)
    clinic = place.clinic.read_text().replace('"document": "consent"', '"document": "consent", "copies": 2')
    place.clinic.write_text(clinic)
    assert place.generate().code == 0
    made = Made(place.out)
    (packet,) = made.packets
    assert [(each["kind"], each["copy_number"], each["first_page"]) for each in packet["documents"]] == [
        ("handout", 1, 1),
        ("consent", 1, 2),
        ("consent", 2, 3),
    ]
    handout, first, second = texts_by_pdfium(made.file(packet))
    assert "Copy" not in handout
    assert "Copy 1 of 2" in first
    assert "Copy 2 of 2" in second
    assert [each["page"] for each in packet["signatures"]] == [2, 2, 3, 3]


def test_a_document_is_printed_only_for_those_it_is_for(tmp_path: Path) -> None:
    place = desk(
        tmp_path, [row(1, payer="Cash"), row(2, payer="Medicare"), row(3, payer="Example Plan")], currency="EUR"
    )
    text = place.clinic.read_text()
    text = text.replace('"document": "handout"', '"document": "handout", "unless": ["medicare"]')
    place.clinic.write_text(text.replace('"document": "consent"', '"document": "consent", "when": ["self_pay"]'))
    assert place.generate().code == 0
    made = Made(place.out)
    kinds = [[each["kind"] for each in packet["documents"]] for packet in made.packets]
    assert kinds == [["handout", "consent"], ["handout"]]
    assert made.problems == [("list.csv:3", "nothing-to-print", "left out")]
