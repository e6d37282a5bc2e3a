"""Finished files are sound PDF, whole in themselves, and say the same in a packet and in the print run."""

from __future__ import annotations

import io
import re
from datetime import date

import pikepdf
import pypdf
import pypdfium2
import pytest
from hypothesis import given

from handouts.layout.composition import Copy
from handouts.layout.packet import PacketLayout
from handouts.library.fields import Facts
from tests.press.making import (
    MARK,
    about,
    everything,
    facts,
    file_of,
    furniture,
    identifier,
    layout,
    logo,
    pages_of,
    print_run,
    texts_of,
    values_of,
    without_logo,
)
from tests.press.people import examples, people

NAMES = ("Ana Ruiz", "Łukasz Zmyślony", "Παράδειγμα Δοκιμή", "Nguyễn Thị Mẫu", "e\u0323\u0302", "x" * 200)


def pressed_everything() -> PacketLayout:
    return layout([everything()], picture=logo())


@pytest.mark.parametrize("name", NAMES)
def test_qpdf_finds_nothing_wrong_in_a_packet_or_a_print_run(name: str) -> None:
    using = pressed_everything()
    pressed = using.press(values_of(facts(name)), identifier(name))
    for file in (file_of(pressed, logo()), print_run([(pressed, "08:00"), (pressed, "")], logo())):
        with pikepdf.open(io.BytesIO(file), attempt_recovery=False) as document:
            assert document.check_pdf_syntax() == []


USED = pressed_everything()


@given(patient=people())
@examples(60)
def test_any_patients_packet_is_sound_and_its_offsets_are_true(patient: Facts) -> None:
    file = file_of(USED.press(values_of(patient), patient.packet_id), logo())
    with pikepdf.open(io.BytesIO(file), attempt_recovery=False) as document:
        assert document.check_pdf_syntax() == []
        last = max(each.objgen[0] for each in document.objects)
        table = next(each.read_bytes() for each in document.objects if each.objgen[0] == last)
        streams = [each for each in document.objects if isinstance(each, pikepdf.Stream) and "/First" in each]
        held = {each.objgen[0]: each.read_bytes()[: int(each.First)].split() for each in streams}
    start = int(re.findall(rb"startxref\n(\d+)", file)[-1])
    assert file[start:].startswith(b"%d 0 obj\n<</Type/XRef" % last)
    assert len(table) == (last + 1) * 8
    for number in range(1, last + 1):
        kind, place, index = table[number * 8], table[number * 8 + 1 : number * 8 + 6], table[number * 8 + 6 :][:2]
        if kind == 1:
            assert file[int.from_bytes(place, "big") :].startswith(b"%d 0 obj\n" % number)
        else:
            numbers = held[int.from_bytes(place, "big")]
            assert int(numbers[2 * int.from_bytes(index, "big")]) == number


@pytest.mark.parametrize("name", NAMES)
def test_every_font_is_embedded_and_tells_its_text(name: str) -> None:
    file = file_of(pressed_everything().press(values_of(facts(name)), identifier(name)), logo())
    with pikepdf.open(io.BytesIO(file)) as document:
        fonts = [each for each in document.objects if isinstance(each, pikepdf.Dictionary) and each.get("/BaseFont")]
        assert fonts
        for font in fonts:
            if font.Subtype == "/Type0":
                assert isinstance(font.ToUnicode, pikepdf.Stream)
                assert "+NotoSans" in str(font.BaseFont)
            else:
                assert isinstance(font.FontDescriptor.FontFile2, pikepdf.Stream)


def test_the_print_run_shows_what_the_packets_show() -> None:
    using = pressed_everything()
    packets = [using.press(values_of(facts(name)), identifier(name)) for name in NAMES]
    whole = print_run([(pressed, "08:00") for pressed in packets], logo())
    files = [file_of(pressed, logo()) for pressed in packets]
    assert pages_of(whole) == [page for file in files for page in pages_of(file)]
    assert pictures(whole) == [picture for file in files for picture in pictures(file)]
    assert pypdf.PdfReader(io.BytesIO(whole)).pages[0].extract_text() == (
        pypdf.PdfReader(io.BytesIO(files[0])).pages[0].extract_text()
    )


def pictures(file: bytes) -> list[bytes]:
    """Each page as pixels."""
    with pypdfium2.PdfDocument(file) as document:
        return [bytes(page.render(scale=0.6).buffer) for page in document]


def test_a_packet_pressed_after_many_others_is_the_packet_pressed_alone() -> None:
    using = pressed_everything()
    for name in NAMES:
        using.press(values_of(facts(name)), identifier(name))
    for name in reversed(NAMES):
        again = using.press(values_of(facts(name)), identifier(name))
        alone = pressed_everything().press(values_of(facts(name)), identifier(name))
        assert file_of(again, logo()) == file_of(alone, logo())


def test_fonts_and_static_pages_stand_once_in_a_print_run() -> None:
    using = pressed_everything()
    packets = [using.press(values_of(facts(f"Ana {number:03}")), identifier(str(number))) for number in range(40)]
    alone, whole = file_of(packets[0], logo()), print_run([(pressed, "") for pressed in packets], logo())
    assert len(whole) < len(alone) + 40 * 18_000
    assert len(re.findall(rb"/FontFile2", whole)) == len(re.findall(rb"/FontFile2", alone))


def test_the_files_properties_name_the_clinic_the_language_and_how_to_print() -> None:
    file = file_of(pressed_everything().press(values_of(facts()), identifier("x")), logo())
    with pikepdf.open(io.BytesIO(file)) as document:
        assert str(document.docinfo.Title) == about().title
        assert str(document.docinfo.CreationDate) == "D:20261130180000-06'00'"
        assert str(document.Root.Lang) == "en"
        assert document.Root.ViewerPreferences.DisplayDocTitle
        assert document.Root.ViewerPreferences.PrintScaling == "/None"
        assert about().title.replace("&", "&amp;") in document.Root.Metadata.read_bytes().decode()


def test_hostile_values_are_letters_on_the_page_and_nothing_else() -> None:
    values = ("{{ 7*7 }}", "{% raw %}", "**x**", "<b>x</b>", "(\\)Tj ET", "endstream endobj", "%%EOF", "&amp;", "$&")
    for value in values:
        person = facts(value, record=value, clinician=value, payer=value, representative=value)
        file = file_of(pressed_everything().press(values_of(person), identifier(value)), logo())
        with pikepdf.open(io.BytesIO(file), attempt_recovery=False) as document:
            assert document.check_pdf_syntax() == []
        assert all("".join(value.split()) in "".join(text.split()) for text in texts_of(file))


def test_no_value_means_a_rule_to_write_on_and_no_word() -> None:
    nobody = facts("Ana Ruiz", record=None, clinician=None, representative=None, sessions=None, payer=None)
    text = " ".join(texts_of(file_of(pressed_everything().press(values_of(nobody), identifier("n")), logo())))
    assert "None" not in text
    assert "Record no." not in text


def test_a_clinic_without_a_logo_has_its_name_at_the_margin() -> None:
    using = PacketLayout([Copy(everything(), MARK)], without_logo(furniture()))
    first = pages_of(file_of(using.press(values_of(facts(birth_date=date(1980, 3, 4))), identifier("x"))))[0][0]
    assert (first.character, round(first.x, 1)) == ("L", round(furniture().geometry.side, 1))
