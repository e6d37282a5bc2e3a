"""A print run says of every packet what the packet's own file says, however packets follow one another."""

from __future__ import annotations

import io
import random
import subprocess
import zlib
from itertools import pairwise
from pathlib import Path

import pikepdf
import pypdf
import pypdfium2
import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st

from handouts.layout import packet as layouts
from handouts.layout import varying
from handouts.layout.codes import PageCode
from handouts.layout.packet import PacketLayout
from handouts.layout.skeleton import Pressed
from handouts.press import objects
from handouts.press import print_run as runs
from handouts.press.predictor import differences, rows
from tests.accessibility.reader import Element, read_aloud
from tests.press.making import (
    about,
    everything,
    facts,
    file_of,
    form,
    identifier,
    layout,
    logo,
    print_run,
    texts_of,
    values_of,
)

SEED = 20261124
PACKETS = 137
"""More than stand below one node of the page tree, and of each kind some that are left over."""

FORM = """# Form

Dear {{ patient.name }}, welcome.

- You come on {{ appointment.start | date("long") }}.
- Ask us anything.

::: sign patient
I choose to have this treatment.
:::
"""


def letters(folder: Path) -> PacketLayout:
    return layout([form(folder, FORM)], picture=logo())


def packets(using: PacketLayout, count: int) -> list[Pressed]:
    """Packets of patients whose names take one line, two or three."""
    chosen = random.Random(SEED)  # noqa: S311 - no secret
    names = ("Ana Ruiz {}", "Annabelle-Marguerite Longname-Samplesworth van der Beispielhausen {}", "Ana " * 40 + "{}")
    return [
        using.press(values_of(facts(chosen.choice(names).format(number))), identifier(str(number)))
        for number in range(count)
    ]


def described(element: Element) -> object:
    return element.kind, element.text, [described(kid) for kid in element.kids]


@pytest.fixture(scope="module")
def long_run(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Pressed], bytes]:
    pressed = packets(letters(tmp_path_factory.mktemp("form")), PACKETS)
    return pressed, print_run([(each, f"packet {number}") for number, each in enumerate(pressed)], logo())


def test_every_page_of_a_long_print_run_says_what_the_packets_own_file_says(
    long_run: tuple[list[Pressed], bytes],
) -> None:
    pressed, file = long_run
    assert len({each.skeleton for each in pressed}) > 2
    assert texts_of(file) == [text for each in pressed for text in texts_of(file_of(each, logo()))]


def test_every_packet_of_a_long_print_run_is_read_aloud_as_its_own_file_is(
    long_run: tuple[list[Pressed], bytes],
) -> None:
    pressed, file = long_run
    (document,) = read_aloud(file)
    assert len(document.kids) == PACKETS
    for part, each in list(zip(document.kids, pressed, strict=True))[::9]:
        (alone,) = read_aloud(file_of(each, logo()))
        assert [described(kid) for kid in part.kids] == [described(kid) for kid in alone.kids]


def test_qpdf_pdfium_poppler_and_pypdf_find_the_same_pages_and_bookmarks(
    long_run: tuple[list[Pressed], bytes], tmp_path: Path
) -> None:
    pressed, file = long_run
    pages = sum(len(each.skeleton.pages) for each in pressed)
    firsts = [sum(len(each.skeleton.pages) for each in pressed[:number]) for number in range(PACKETS)]
    with pikepdf.open(io.BytesIO(file), attempt_recovery=False) as document:
        assert document.check_pdf_syntax() == []
        assert len(document.pages) == pages
    read = pypdfium2.PdfDocument(file)
    assert len(read) == pages
    assert [(each.get_title(), each.get_dest().get_index()) for each in read.get_toc()] == [
        (f"packet {number}", first) for number, first in enumerate(firsts)
    ]
    reader = pypdf.PdfReader(io.BytesIO(file), strict=True)
    assert len(reader.pages) == pages
    path = tmp_path / "run.pdf"
    path.write_bytes(file)
    told = subprocess.run(["pdftotext", "-f", str(pages), path, "-"], check=True, capture_output=True).stdout.decode()
    assert sorted(told.split()) == sorted(reader.pages[-1].extract_text().split()) == sorted(texts_of(file)[-1].split())


def test_each_packet_of_a_long_print_run_has_its_own_code_on_every_page(
    long_run: tuple[list[Pressed], bytes],
) -> None:

    pressed, file = long_run
    document, page = pypdfium2.PdfDocument(file), 0
    for number, each in enumerate(pressed):
        if number % 10 == 7:
            picture = document[page].render(scale=3, grayscale=True).to_pil()
            codes = [PageCode.parse(found.text) for found in zxingcpp.read_barcodes(picture)]
            assert [code and (code.packet_id, code.page) for code in codes] == [(identifier(str(number)), 1)] * 2
        page += len(each.skeleton.pages)


def test_kinds_that_are_forgotten_meanwhile_come_whole_all_the_same(
    long_run: tuple[list[Pressed], bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    pressed, file = long_run
    monkeypatch.setattr(runs, "_MOST_KINDS", 1)
    assert texts_of(print_run([(each, "") for each in pressed], logo())) == texts_of(file)


def test_equal_skeletons_of_two_variants_make_the_same_bytes_as_one(tmp_path: Path) -> None:
    one, other = letters(tmp_path), letters(tmp_path)
    patients = [(facts(f"Ana {number}"), identifier(str(number))) for number in range(12)]
    alike = [one.press(values_of(known), of) for known, of in patients]
    mixed = [(other if number % 2 else one).press(values_of(known), of) for number, (known, of) in enumerate(patients)]
    assert print_run([(each, "") for each in mixed]) == print_run([(each, "") for each in alike])


def test_a_print_run_says_whether_there_is_room_for_a_packet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (pressed,) = packets(letters(tmp_path), 1)
    packet = runs.Pages.of(pressed)
    run = runs.PrintRun(io.BytesIO(), about(), None)
    monkeypatch.setattr(objects, "MOST_OBJECTS", runs._ROOM + 400)
    taken = 0
    while run.has_room(packet, None):
        run.append(packet, "packet")
        taken += 1
    run.finish()
    assert taken > 5


def test_there_is_room_for_packets_of_many_kinds_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between kinds numbers are passed over; what a document says it has room for can be finished nevertheless."""
    kinds = [
        layout([form(tmp_path, FORM + "\nAnd so on.\n" * number)]).press(values_of(facts()), identifier("x"))
        for number in range(runs._MOST_KINDS + 12)
    ]
    monkeypatch.setattr(objects, "MOST_OBJECTS", runs._ROOM + 60_000)
    run, taken = runs.PrintRun(io.BytesIO(), about(), None), 0
    while run.has_room(packet := runs.Pages.of(kinds[taken % len(kinds)]), None):
        run.append(packet, "packet")
        taken += 1
    run.finish()
    assert taken > 500


# -- rows ------------------------------------------------------------------------------------------


@given(st.data())
def test_a_reader_makes_of_told_rows_what_was_told(data: st.DataObject) -> None:
    columns = data.draw(st.integers(1, 12))
    row = st.binary(min_size=columns, max_size=columns)
    above, below = data.draw(row), data.draw(st.lists(row, min_size=1, max_size=6))
    told = rows(b"".join(below), above)
    assert len(told) == (columns + 1) * len(below)
    for number, (up, here) in enumerate(pairwise([above, *below])):
        at = number * (columns + 1)
        assert told[at] == 2
        assert bytes((a + b) & 255 for a, b in zip(up, told[at + 1 : at + 1 + columns], strict=True)) == here
        assert differences(here, up) == told[at + 1 : at + 1 + columns]


def test_packets_side_by_side_take_a_fraction_of_the_room(tmp_path: Path) -> None:
    using = layout([everything()])
    pressed = [using.press(values_of(facts()), identifier(str(number))) for number in range(10)]
    file = print_run([(each, "") for each in pressed])
    with pikepdf.open(io.BytesIO(file)) as document:
        held = [
            each for each in document.objects if isinstance(each, pikepdf.Stream) and each.get("/Type") == "/ObjStm"
        ]
        told = [each for each in held if "/DecodeParms" in each]
        alone = sum(len(zlib.compress(each.read_bytes(), 9)) for each in told)
        assert sum(int(each.Length) for each in told) < alone / 2


# -- what a layout remembers -----------------------------------------------------------------------


def test_a_layout_that_forgets_makes_the_same_packets(monkeypatch: pytest.MonkeyPatch) -> None:
    names = [f"Ana {'x' * number} Ruiz" for number in (3, 40, 90, 3, 140, 40, 90)]
    remembering = layout([everything()])
    before = [file_of(remembering.press(values_of(facts(name)), identifier(name))) for name in names]
    monkeypatch.setattr(layouts, "_MOST_SKELETONS", 1)
    monkeypatch.setattr(varying, "_MOST_SETTINGS", 1)
    forgetful = layout([everything()])
    assert [file_of(forgetful.press(values_of(facts(name)), identifier(name))) for name in names] == before
