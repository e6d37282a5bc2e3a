"""What can be chosen for a run, and what it tells."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from handouts.run import pressroom
from tests.run.making import Made, clinic_file, desk, handouts, list_file, row, texts_by_pdfium


def test_a_dry_run_tells_everything_and_writes_nothing(tmp_path: Path) -> None:
    place = desk(tmp_path, [row(1), row(2, birth_date="03/04/1980"), row(3, given_name="ꦗꦮ")])
    before = sorted(tmp_path.rglob("*"))
    done = place.generate("--dry-run")
    assert done.code == 3
    assert "1 packet would be printed: 2 pages on 1 sheet." in done.out
    assert "list.csv:3" in done.out
    assert "list.csv:4" in done.out
    assert sorted(tmp_path.rglob("*")) == before


def test_only_the_chosen_appointments_are_printed(tmp_path: Path) -> None:
    place = desk(tmp_path, 4)
    assert place.generate("--only", "A-0003", "--only", "A-0001").code == 0
    assert Made(place.out).appointments == ["A-0001", "A-0003"]


def test_a_chosen_appointment_that_is_not_to_be_printed_says_why(tmp_path: Path) -> None:
    place = desk(tmp_path, [row(1), row(2, status="cancelled"), row(3, birth_date="soon")])
    done = place.generate("--only", "A-0002")
    assert (done.code, Made(place.out).problems) == (0, [("list.csv:3", "cancelled", "left out")])
    again = place.generate("--overwrite", "--only", "A-0003", "--only", "A-0001")
    assert (again.code, Made(place.out).problems) == (3, [("list.csv:4", "bad-date", "not printed")])


def test_the_problems_of_other_days_are_not_told(tmp_path: Path) -> None:
    later = "2026-12-03 08:00"
    listed = [row(1), row(2, status="cancelled", start=later), row(3, birth_date="soon", start=later)]
    listed += [row(4, start="soon")]
    place = desk(tmp_path, listed)
    assert place.generate("--date", "2026-12-01").code == 3
    assert Made(place.out).problems == [("list.csv:5", "bad-date", "not printed")]


def test_a_chosen_day_on_which_everything_is_cancelled_is_no_error(tmp_path: Path) -> None:
    place = desk(tmp_path, [row(1), row(2, status="cancelled", start="2026-12-03 08:00")])
    assert place.generate("--date", "2026-12-03").code == 0
    assert Made(place.out).problems == [("list.csv:3", "cancelled", "left out")]


def test_choosing_an_appointment_that_is_not_there_is_told(tmp_path: Path) -> None:
    done = desk(tmp_path, 2).generate("--only", "A-0001", "--only", "A-0007")
    assert done.code == 2
    assert "A-0007" in done.err


def test_only_the_chosen_day_is_printed(tmp_path: Path) -> None:
    place = desk(tmp_path, [row(1), row(2, start="2026-12-02 08:00"), row(3, start="2026-12-03 08:00")])
    assert place.generate("--date", "2026-12-02").code == 0
    assert Made(place.out).appointments == ["A-0002"]


def test_a_day_without_appointments_names_the_days_there_are(tmp_path: Path) -> None:
    done = desk(tmp_path, [row(1), row(2, start="2026-12-03 08:00")]).generate("--date", "2026-12-02")
    assert done.code == 4
    assert "2026-12-01 to 2026-12-03" in done.err


def test_the_folder_is_named_after_the_day_and_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = desk(tmp_path, 1)
    monkeypatch.chdir(tmp_path)
    assert handouts(*place.wanted).code == 0
    (folder,) = (tmp_path / "output").iterdir()
    assert folder.name == f"2026-12-01-{Made(folder).manifest['run_id']}"


def test_the_outcome_as_json_holds_the_figures_the_problems_and_the_exit_code(tmp_path: Path) -> None:
    place = desk(tmp_path, [row(1), row(2, birth_date="unknown")])
    done = place.generate("--json")
    told = json.loads(done.out)
    assert (done.code, done.err) == (3, "")
    assert told["exit_code"] == 3
    assert (told["printed"], told["pages"], told["sheets"]) == (1, 2, 1)
    assert [problem["source"] for problem in told["problems"]] == ["list.csv:3"]
    assert told["folder"] == str(place.out)


def test_quiet_tells_nothing_but_errors(tmp_path: Path) -> None:
    place = desk(tmp_path, 1)
    done = place.generate("--quiet")
    assert (done.code, done.out, done.err) == (0, "", "")
    again = place.generate("--quiet")
    assert again.code == 2
    assert "already" in again.err


def test_a_language_without_forms_is_refused(tmp_path: Path) -> None:
    done = desk(tmp_path, 1).generate("--language", "fr")
    assert done.code == 2
    assert "no forms in `fr`" in done.err
    assert "It has: en" in done.err


def test_a_patient_whose_language_has_no_forms_gets_the_clinics_and_an_interpreter(tmp_path: Path) -> None:
    place = desk(tmp_path, [row(1, language="Vietnamese"), row(2, language="English")])
    assert place.generate().code == 0
    made = Made(place.out)
    assert made.problems == [("list.csv:2", "language-not-available", "printed")]
    assert [packet["flags"] for packet in made.packets] == [
        ["interpreter", "priced", "sessions_planned"],
        ["priced", "sessions_planned"],
    ]
    assert "An interpreter helps you" in texts_by_pdfium(made.file(made.packets[0]))[0]


def test_a_procedure_that_has_no_templates_is_refused(tmp_path: Path) -> None:
    done = desk(tmp_path, 1).generate("--procedure", "spinal-decompresion")
    assert done.code == 2
    assert re.search(r"Known: .*\bspinal-decompression\b", done.err)


def test_a_failure_is_told_as_json_too(tmp_path: Path) -> None:
    done = desk(tmp_path, 1).generate("--json", "--only", "A-0009")
    told = json.loads(done.out)
    assert (done.code, told["exit_code"]) == (2, 2)
    assert "A-0009" in told["error"]["what"]
    assert "A-0009" in done.err


def test_quiet_still_tells_the_rows_that_could_not_be_printed(tmp_path: Path) -> None:
    done = desk(tmp_path, [row(1), row(2, birth_date="soon")]).generate("--quiet")
    assert (done.code, done.out) == (3, "")
    assert "list.csv:3" in done.err


def test_packets_of_several_days_are_printed_with_a_word(tmp_path: Path) -> None:
    place = desk(tmp_path, [row(1), row(2, start="2026-12-02 08:00")])
    assert place.generate().code == 0
    assert Made(place.out).problems == [("list.csv", "several-days", "printed")]


def test_a_resumed_run_keeps_its_moment_and_refuses_another(tmp_path: Path) -> None:
    place = desk(tmp_path, 1)
    assert place.generate().code == 0
    words = [word for word in place.wanted if word not in {"--issued-at", "2026-11-30T18:00"}]
    done = handouts(*words, "--out", place.out, "--resume", "--issued-at", "2026-11-30T19:00")
    assert done.code == 2
    assert "another --issued-at" in done.err
    assert place.generate("--resume").code == 0


def test_appointments_of_another_procedure_are_left_out_when_one_is_chosen(tmp_path: Path) -> None:
    listed = [row(1, procedure=""), row(2, procedure="Massage"), row(3, procedure="Small treatment")]
    place = desk(tmp_path, listed)
    assert place.generate("--procedure", "spinal-decompression").code == 0
    made = Made(place.out)
    assert made.appointments == ["A-0001", "A-0003"]
    assert made.problems == [("list.csv:3", "other-procedure", "left out")]


def test_forms_whose_review_is_overdue_are_told_once(tmp_path: Path) -> None:
    place = desk(tmp_path, 3)
    done = place.generate("--issued-at", "2100-01-01T08:00")
    assert done.code == 0
    assert [(source, code) for source, code, _ in Made(place.out).problems] == [
        ("spinal-decompression/procedure.yaml", "review-overdue")
    ]
    assert "were to be reviewed by" in done.out


def test_a_packet_of_more_pages_than_a_code_can_count_is_not_printed(tmp_path: Path) -> None:
    place = desk(tmp_path, 2)
    handout = tmp_path / "templates" / "spinal-decompression" / "en" / "handout.md"
    lines = "\n\n".join(f"Line {number}." for number in range(4_000))
    handout.write_text(f"# Long\n\n{{% if when.interpreter %}}\n\n{lines}\n\n{{% endif %}}\n", encoding="utf-8")
    clinic_file(tmp_path, packet=[{"document": "handout", "copies": 9}, {"document": "consent"}])
    list_file(tmp_path, [row(1, interpreter="yes"), row(2)])
    assert place.generate().code == 3
    made = Made(place.out)
    assert made.appointments == ["A-0002"]
    assert made.problems == [("list.csv:2", "does-not-fit", "not printed")]


def test_a_review_has_a_day_and_somebody_who_made_it(tmp_path: Path) -> None:
    place = desk(tmp_path, 1, procedures={"spinal-decompression": {"reviewed_by": "Dr. Ada Fernhill"}})
    done = place.generate()
    assert done.code == 4
    assert "`reviewed_by` and `reviewed_on` go together" in done.err


def test_a_row_that_cannot_be_set_is_told_also_where_no_field_of_it_is_at_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = desk(tmp_path, [row(1), row(2, given_name="ꦗꦮ")])
    monkeypatch.setattr(pressroom, "FIELDS", ("appointment.start",))
    done = place.generate()
    assert done.code == 3
    made = Made(place.out)
    assert made.appointments == ["A-0001"]
    assert made.problems == [("list.csv:3", "missing-glyph", "not printed")]
    assert "U+A997" in done.out + done.err
