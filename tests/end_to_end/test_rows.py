"""One row never spoils another's packet, and no row goes missing in silence."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.run.making import Desk, Made, desk, list_file, row, texts_by_pdfium


def printed(place: Desk, *more: str) -> tuple[int, str, Made]:
    """A run's exit code, what it told, and what it made."""
    done = place.generate(*more)
    assert done.err == ""
    return done.code, done.out, Made(place.out)


def test_a_patient_who_comes_twice_gets_a_packet_for_each_visit(tmp_path: Path) -> None:
    again = row(1, appointment_id="A-0009", start="2026-12-01 15:30")
    code, _, made = printed(desk(tmp_path, [row(1), row(2), again]))
    assert (code, made.appointments, made.problems) == (0, ["A-0001", "A-0002", "A-0009"], [])
    times = ["8:00 AM", "8:05 AM", "3:30 PM"]
    for packet, time in zip(made.packets, times, strict=True):
        assert time in texts_by_pdfium(made.file(packet))[0]
    assert len({packet["packet_id"] for packet in made.packets}) == 3


def test_an_appointment_listed_twice_gets_one_packet_and_is_reported(tmp_path: Path) -> None:
    code, out, made = printed(desk(tmp_path, [row(1), row(2), row(1)]))
    assert (code, made.appointments) == (0, ["A-0001", "A-0002"])
    assert made.problems == [("list.csv:4", "duplicate-appointment", "printed")]
    assert "list.csv:4" in out


def test_one_bad_row_is_reported_and_the_others_are_printed(tmp_path: Path) -> None:
    code, out, made = printed(desk(tmp_path, [row(1), row(2, birth_date="31.02.1980"), row(3)]))
    assert (code, made.appointments) == (3, ["A-0001", "A-0003"])
    assert made.problems == [("list.csv:3", "no-such-date", "not printed")]
    assert "NOT PRINTED" in out
    assert "list.csv:3" in out
    assert "birth_date" in out


@pytest.mark.parametrize(
    ("column", "characters"),
    [("given_name", "U+A997"), ("family_name", "U+A997"), ("patient_id", "U+A997"), ("clinician", "U+A997")],
)
def test_a_value_no_font_can_print_stops_its_own_row_only(tmp_path: Path, column: str, characters: str) -> None:
    code, out, made = printed(desk(tmp_path, [row(1), row(2, **{column: "ꦗꦮ"}), row(3)]))
    assert (code, made.appointments) == (3, ["A-0001", "A-0003"])
    assert made.problems == [("list.csv:3", "missing-glyph", "not printed")]
    assert characters in out
    assert "ꦗ" not in out
    assert len(texts_by_pdfium(made.print_run)) == 4


def test_what_a_name_from_right_to_left_lacks_stops_its_own_row_only(tmp_path: Path) -> None:
    code, out, made = printed(desk(tmp_path, [row(1), row(2, given_name="محمد\ufe01"), row(3)]))
    assert (code, made.appointments) == (3, ["A-0001", "A-0003"])
    assert made.problems == [("list.csv:3", "missing-glyph", "not printed")]
    assert "U+FE01" in out


def test_every_missing_character_is_told(tmp_path: Path) -> None:
    _, _, made = printed(desk(tmp_path, [row(1), row(2, given_name="ꦗꦮ \U0001f600")]))
    (told,) = made.manifest["problems"]
    assert all(each in told["message"] for each in ("U+A997", "U+A9AE", "U+1F600"))


@pytest.mark.usefixtures("no_east_asian_fonts")
def test_an_emoji_is_called_one_and_a_missing_font_is_named(tmp_path: Path) -> None:
    _, _, made = printed(desk(tmp_path, [row(1, given_name="Ann \U0001f600"), row(2, given_name="山田"), row(3)]))
    emoji, ideographs = (problem["message"] for problem in made.manifest["problems"])
    assert "an emoji, U+1F600" in emoji
    assert "Leave it out" in emoji
    assert "U+5C71" in ideographs
    assert "fonts-noto-cjk" in ideographs
    assert made.appointments == ["A-0003"]


def test_names_of_several_scripts_are_printed_in_one_run(tmp_path: Path) -> None:
    names = ["محمد", "דוד", "ज्ञानेश्वर", "রবীন্দ্রনাথ", "கிருஷ்ணன்", "ปรีดี"]
    rows = [row(number, given_name=name) for number, name in enumerate(names, 1)]
    code, _, made = printed(desk(tmp_path, rows))
    assert code == 0
    texts = " ".join(texts_by_pdfium(made.print_run))
    assert [name for name in names if name not in texts] == []


def test_a_procedure_without_forms_is_reported_and_the_others_are_printed(tmp_path: Path) -> None:
    code, _, made = printed(desk(tmp_path, [row(1), row(2, procedure="Juggling"), row(3, procedure="Small treatment")]))
    assert code == 3
    assert made.problems == [
        ("list.csv:2", "procedure-assumed", "printed"),
        ("list.csv:3", "procedure-unknown", "not printed"),
    ]


def test_no_readable_row_is_an_error_that_says_what_is_wrong(tmp_path: Path) -> None:
    place = desk(tmp_path, [row(1, birth_date="soon"), row(2, start="")])
    done = place.generate()
    assert (done.code, done.out) == (4, "")
    assert "list.csv:2" in done.err
    assert "list.csv:3" in done.err
    assert not place.out.exists()


def test_an_empty_list_is_an_error(tmp_path: Path) -> None:
    place = desk(tmp_path, [row(1)])
    place.listed.write_text(place.listed.read_text().splitlines()[0] + "\n")
    done = place.generate()
    assert done.code == 4
    assert "no appointment" in done.err


def test_a_day_on_which_everything_is_cancelled_is_no_error(tmp_path: Path) -> None:
    code, out, made = printed(desk(tmp_path, [row(1, status="cancelled"), row(2, status="cancelled")]))
    assert code == 0
    assert (made.packets, made.manifest["print_run"], made.print_run.exists()) == ([], None, False)
    assert [each[1:] for each in made.problems] == [("cancelled", "left out")] * 2
    assert "0 packets printed" in out
    assert "Left out on purpose (2 rows)" in out
    assert "print-run.pdf" not in out


def test_rows_of_which_none_can_be_set_are_no_silent_success(tmp_path: Path) -> None:
    code, out, made = printed(desk(tmp_path, [row(1, given_name="ꦗ"), row(2, given_name="ꦮ")]))
    assert (code, made.packets, made.print_run.exists()) == (3, [], False)
    assert "NOT PRINTED" in out
    assert [each.name for each in made.all_files() if each.suffix in {".pdf", ".part"}] == []


def test_packets_come_in_order_of_the_day_whatever_the_order_of_the_list(tmp_path: Path) -> None:
    place = desk(tmp_path, [row(3), row(1), row(2, start="2026-12-01 08:00")])
    _, _, made = printed(place)
    assert made.appointments == ["A-0001", "A-0002", "A-0003"]
    assert [packet["source"] for packet in made.packets] == ["list.csv:3", "list.csv:4", "list.csv:2"]
    texts = texts_by_pdfium(made.print_run)
    assert ["Given001" in texts[0], "Given002" in texts[2], "Given003" in texts[4]] == [True] * 3


def test_several_lists_are_printed_as_one_day(tmp_path: Path) -> None:
    place = desk(tmp_path, [row(1), row(3)])
    other = list_file(tmp_path, [row(2), row(4)], "other.csv")
    done = place.generate(other)
    made = Made(place.out)
    assert (done.code, made.appointments) == (0, ["A-0001", "A-0002", "A-0003", "A-0004"])
    assert [packet["source"] for packet in made.packets] == ["list.csv:2", "other.csv:2", "list.csv:3", "other.csv:3"]


def test_a_very_long_name_is_printed_whole_on_every_page(tmp_path: Path) -> None:
    long = " ".join(f"Longname{number:02}" for number in range(16))
    code, _, made = printed(desk(tmp_path, [row(1, given_name=long), row(2)]))
    assert code == 0
    for text in texts_by_pdfium(made.file(made.packets[0])):
        assert f"{long} Family001 · Born" in text
