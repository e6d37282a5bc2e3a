"""What seldom happens is told plainly, with what to do about it."""

from __future__ import annotations

import signal
import threading
from pathlib import Path

import pytest

from handouts.layout import composition
from tests.run.making import Done, Made, desk, handouts, list_file, row


def test_a_run_may_be_started_from_any_thread(tmp_path: Path) -> None:
    place, done = desk(tmp_path, 1), list[Done]()
    thread = threading.Thread(target=lambda: done.append(place.generate()))
    thread.start()
    thread.join()
    assert done[0].code == 0


def test_what_signals_did_before_a_run_they_do_after_it(tmp_path: Path) -> None:
    numbers = signal.SIGINT, signal.SIGTERM
    before = [signal.getsignal(number) for number in numbers]
    assert desk(tmp_path, 1).generate().code == 0
    assert [signal.getsignal(number) for number in numbers] == before


def test_rows_with_the_same_problem_are_told_once_and_those_that_are_not_named_are_counted(tmp_path: Path) -> None:
    done = desk(tmp_path, [row(1), *(row(number, birth_date="?") for number in range(2, 27))]).generate()
    named = [line for line in done.out.splitlines() if line.strip().startswith("list.csv:")]
    assert 2 < len(named) < 25
    assert f"    and {25 - len(named)} more\n" in done.out


def test_a_language_without_forms_cannot_be_chosen(tmp_path: Path) -> None:
    done = desk(tmp_path, 1).generate("--language", "fr")
    assert (done.code, "has no forms in `fr`" in done.err) == (2, True)
    assert "It has: en, es." in done.err


def test_documents_without_a_common_language_are_told(tmp_path: Path) -> None:
    place = desk(tmp_path, 1, procedures={"knee": {}})
    forms = (tmp_path / "templates" / "spinal-decompression").rename(tmp_path / "templates" / "knee")
    (forms / "es").mkdir()
    (forms / "en" / "consent.md").rename(forms / "es" / "consent.md")
    done = place.generate()
    assert done.code == 4
    assert "no language of the clinic has all of: handout, consent" in done.err


def test_a_list_without_procedures_is_told_where_the_clinic_offers_several(tmp_path: Path) -> None:
    place = desk(tmp_path, 1, procedures={"spinal-decompression": {}, "dry-needling": {}})
    assert place.generate().code == 3
    assert Made(place.out).problems == [("list.csv:2", "procedure-missing", "not printed")]


def test_a_payer_that_may_be_medicare_or_a_plan_in_its_place_is_told(tmp_path: Path) -> None:
    place = desk(tmp_path, [row(1, payer="Medicare Blue")])
    assert place.generate().code == 0
    assert ("list.csv:2", "payer-unclear", "printed") in Made(place.out).problems


def test_resuming_needs_the_run_and_what_it_was_made_of(tmp_path: Path) -> None:
    place = desk(tmp_path, 2)
    assert "--resume needs --out" in handouts(*place.wanted, "--resume").err
    assert place.generate().code == 0
    list_file(tmp_path, [row(1), row(3)])
    done = place.generate("--resume")
    assert (done.code, "changed since this run began" in done.err) == (2, True)


def test_a_clinic_whose_name_no_font_has_is_told(tmp_path: Path) -> None:
    done = desk(tmp_path, 1, name="ꦗꦮ").generate()
    assert done.code == 4
    assert "the name, address or telephone" in done.err


def test_a_row_taller_than_a_page_is_told_with_its_line(tmp_path: Path) -> None:
    place = desk(tmp_path, 1)
    handout = tmp_path / "templates" / "spinal-decompression" / "en" / "handout.md"
    handout.write_text(
        f"# Long\n\n| What | When |\n|---|---|\n| {'Call us at once. ' * 1500} | Now |\n", encoding="utf-8"
    )
    done = place.generate()
    assert done.code == 4
    assert "handout.md:3" in done.err
    assert "Split it, or shorten the text." in done.err


def test_a_preview_that_no_packet_can_hold_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(composition, "MOST_PAGES", 1)
    done = handouts("preview", "spinal-decompression", "--out", tmp_path)
    assert done.code == 2
    assert "a packet of more than 1 pages" in done.err


def test_passwords_that_nobody_asked_for_are_told(tmp_path: Path) -> None:
    place = desk(tmp_path, [row(1, password="correct horse")])  # noqa: S106 - made up
    assert place.generate().code == 0
    assert ("list.csv", "passwords-not-used", "printed") in Made(place.out).problems
