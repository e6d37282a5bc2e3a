"""What a check says as a whole: clean forms, exit codes, text and JSON, overrides, flags that can be."""

from __future__ import annotations

import json
from datetime import date, datetime
from itertools import product
from pathlib import Path

import pytest
from click.testing import CliRunner

import cli
from handouts.errors import TemplateError
from handouts.library.checks.check import check
from handouts.library.fields import Estimate
from handouts.library.flags import flags_of, reachable
from handouts.library.new import new_procedure
from handouts.library.shelf import SHIPPED
from handouts.model import Appointment, Patient
from tests.library.checks.making import NAME, TODAY, clean, found, spoil
from tests.press.making import ZONE, clinic

REVIEWED = date(2026, 11, 24)
WHAT = "Say here in plain words what is done."


def test_the_shipped_forms_are_clean() -> None:
    report = check(SHIPPED, REVIEWED, strict=True)
    assert [finding.to_text() for finding in report.findings] == []
    assert report.exit_code == 0


def test_the_skeleton_of_a_new_procedure_is_clean(tmp_path: Path) -> None:
    report, told = found(clean(tmp_path), strict=True)
    assert told == []
    assert {reading.document for _, reading in report.readings} == {
        "handout",
        "estimate",
        "consent",
        "refusal",
        "withdrawal",
    }


def test_a_skeleton_is_a_draft_until_somebody_says_otherwise(tmp_path: Path) -> None:
    new_procedure(NAME, tmp_path, REVIEWED)
    report = check(tmp_path, REVIEWED, strict=True)
    assert [finding.code for finding in report.findings] == ["draft"]
    assert report.exit_code == 4
    assert check(tmp_path, REVIEWED).exit_code == 0


def test_all_faults_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    templates = clean(tmp_path)
    spoil(templates, "en/handout.md", WHAT, "{{ patient.nam }}\n\nThis is *slanted*.\n\n{{ clinic.nam }}")
    spoil(templates, "en/handout.md", "::: tick", "::: tik")
    spoil(templates, "en/consent.md", "::: sign witness optional", "::: sign witnes")
    broken = templates / "other" / "procedure.yaml"
    broken.parent.mkdir()
    broken.write_text("name: Other\n", encoding="utf-8")
    _, told = found(templates)
    assert [(each.file, each.at[:9]) for each in told if each.code == "template"] == [
        ("consent.md", "witnes"),
        ("handout.md", "patient.n"),
        ("handout.md", "This is *"),
        ("handout.md", "clinic.na"),
        ("handout.md", "::: tik"),
    ]
    assert {each.code for each in told if each.file == "procedure.yaml"} == {"facts"}


def test_a_finding_is_shown_with_its_line_a_caret_and_what_to_do(tmp_path: Path) -> None:
    templates = clean(tmp_path, "handout")
    file = spoil(templates, "en/handout.md", WHAT, "Do NOT wait.")
    line = file.read_text(encoding="utf-8").splitlines().index("Do NOT wait.") + 1
    report, _ = found(templates)
    assert report.findings[0].to_text().splitlines() == [
        f"{file}:{line}:4: warning: “NOT” stands in capitals [capitals]",
        "  Do NOT wait.",
        "     ^",
        "  Stress with **bold**, or write it out: capitals are hard to read (RNIB clear print).",
    ]


def test_a_long_line_is_cut_around_the_fault(tmp_path: Path) -> None:
    templates = clean(tmp_path, "handout")
    spoil(templates, "en/handout.md", WHAT, f"{'It is so. ' * 30}Do NOT wait. {'It is so. ' * 30}")
    line, caret = found(templates)[0].findings[0].to_text().splitlines()[1:3]
    assert len(line) < 120
    assert line[caret.index("^") :].startswith("NOT")


def run(*arguments: str | Path) -> tuple[int, str]:
    done = CliRunner().invoke(cli.main, ["check", *map(str, arguments)])
    return done.exit_code, done.output


def test_exit_codes(tmp_path: Path) -> None:
    templates = clean(tmp_path, "handout")
    assert run(templates, "--strict")[0] == 0
    spoil(templates, "en/handout.md", WHAT, "Do NOT wait.")
    assert run(templates)[0] == 0
    assert run(templates, "--strict")[0] == 4
    spoil(templates, "en/handout.md", "Do NOT wait.", "*slanted*")
    assert run(templates)[0] == 4
    assert run(tmp_path / "absent")[0] == 2
    (tmp_path / "empty").mkdir()
    code, told = run(tmp_path / "empty")
    assert (code, "there is no procedure in this folder" in told) == (4, True)


def test_json(tmp_path: Path) -> None:
    templates = clean(tmp_path, "handout")
    file = spoil(templates, "en/handout.md", WHAT, "*slanted*")
    code, text = run(templates, "--json")
    told = json.loads(text)
    assert (code, told["exit_code"], told["errors"], told["warnings"]) == (4, 4, 1, 0)
    (finding,) = told["findings"]
    assert (finding["severity"], finding["code"], finding["file"]) == ("error", "template", str(file))
    assert set(finding) == {"severity", "code", "file", "line", "column", "message", "hint"}
    assert told["reading_grades"][0]["document"] == "handout"


def test_what_a_clinic_changes_is_checked_with_the_shipped_rest_behind_it(tmp_path: Path) -> None:
    own = tmp_path / "spinal-decompression" / "en"
    own.mkdir(parents=True)
    changed = '{% extends "shipped/handout.md" %}\n\n{% block before_after %}\n{{ super() }}\n\nBring a towel.\n\n'
    (own / "handout.md").write_text(changed + "{% endblock %}\n", encoding="utf-8")
    assert check(tmp_path, REVIEWED).findings == ()
    (own / "handout.md").write_text(changed + "Do NOT wait.\n\n{% endblock %}\n", encoding="utf-8")
    (finding,) = check(tmp_path, REVIEWED).findings
    assert (finding.code, finding.place.file, finding.place.line) == ("capitals", own / "handout.md", 8)


def test_a_folder_with_labels_only_is_checked(tmp_path: Path) -> None:
    (tmp_path / "labels").mkdir()
    text = (SHIPPED / "labels" / "es.yaml").read_text(encoding="utf-8")
    (tmp_path / "labels" / "es.yaml").write_text(text, encoding="utf-8")
    assert check(tmp_path, REVIEWED).findings == ()
    (tmp_path / "labels" / "es.yaml").write_text(text.replace("born:", "borne:"), encoding="utf-8")
    (tmp_path / "labels" / "spanish.yaml").write_text(text, encoding="utf-8")
    told = {(each.code, each.place.file.name) for each in check(tmp_path, REVIEWED).findings}
    assert told == {("labels", "es.yaml"), ("labels", "spanish.yaml")}


def test_mistakes_in_tags_are_told_in_our_words(tmp_path: Path) -> None:
    for number, (mistake, told) in enumerate(
        (
            ("{% if when.minor %}x", "`{% endblock %}` stands where `{% endif %}` is missing"),
            ("x{% endfor %}", "`{% endfor %}` stands where `{% endblock %}` is missing"),
            ("{% fi %}", "there is no tag `{% fi %}`"),
            ("{% else %}", "`{% else %}` belongs to no `{% if %}`"),
            ("::: note Take care\nof this", "`::: note Take care` is not closed"),
        )
    ):
        templates = clean(tmp_path / str(number), "handout")
        spoil(templates, "en/handout.md", WHAT, mistake)
        assert found(templates)[0].findings[0].message.removeprefix("not valid Jinja2: ") == told


OWN = """\
risks:
  - id: tiredness
    text: {en: "Feeling NOT so well", es: "Cansancio"}
    frequency_text: {en: "how often is not known", es: "no se sabe"}
    serious: false
    what_to_do: {en: "Rest.", es: "Descanse."}
    source: "?"
  - id: own-risk
    text: {en: "Rare rashes", es: "Ronchas"}
    frequency_text: {en: "it may be", es: "no se sabe"}
    serious: false
    what_to_do: {en: "Tell us.", es: "Avísenos."}
    source: our own book
costs:
  - {id: chiropractor, remove: true}
"""


def test_what_is_wrong_in_a_clinics_own_facts_is_told_there_and_the_rest_in_the_shipped_ones(tmp_path: Path) -> None:
    file = tmp_path / "spinal-decompression" / "procedure.yaml"
    file.parent.mkdir()
    file.write_text(OWN, encoding="utf-8")
    told = {(each.code, each.place.file, each.place.line) for each in check(tmp_path, REVIEWED).findings}
    assert told == {
        ("capitals", file, 3),
        ("facts", file, 7),
        ("frequency-word", file, 9),
        ("frequency", file, 10),
    }
    late = check(tmp_path, date(2030, 1, 1)).findings
    overdue = {each.place.file.parents[1] for each in late if each.code == "review-overdue"}
    assert overdue == {SHIPPED}


def test_a_fault_of_the_form_of_a_clinics_own_facts_is_told_at_its_line(tmp_path: Path) -> None:
    file = tmp_path / "spinal-decompression" / "procedure.yaml"
    file.parent.mkdir()
    file.write_text(OWN.replace('source: "?"', 'source: ""').replace("serious: false", "serious: no idea"), "utf-8")
    told = [(each.place.file, each.place.line, each.message) for each in check(tmp_path, REVIEWED).findings]
    assert [line for _, line, _ in told] == [5, 7, 11]
    assert {where for where, _, _ in told} == {file}
    assert told[1][2].endswith("source` is empty")


def test_a_folder_without_procedures_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TemplateError, match="there is no procedure"):
        check(tmp_path, TODAY)


def test_a_procedure_without_facts_is_told(tmp_path: Path) -> None:
    templates = clean(tmp_path)
    (templates / NAME / "procedure.yaml").unlink()
    assert {finding.code for finding in check(templates, TODAY).findings} == {"facts"}


def test_the_flags_that_can_occur_together_are_those_that_are_checked() -> None:
    born = (date(1950, 1, 1), date(2015, 1, 1))
    payers = ("", "Cash", "Plan", "Medicare", "Medicare; Plan", "Cash; Plan", "Cash; Medicare", "Cash; Medicare; Plan")
    made = set()
    for day, payer, others in product(born, payers, product((False, True), repeat=5)):
        other, interpreter, large, planned, priced = others
        visit = Appointment(
            appointment_id="A",
            source="list.csv:2",
            start=datetime(2026, 12, 1, 9, tzinfo=ZONE),
            patient=Patient(name="Ana", birth_date=day, interpreter=interpreter),
            payer=payer,
            representative="Eva" if other else None,
            large_print=large,
        )
        made.add(flags_of(visit, clinic(), Estimate(3 if planned else None, None), priced=priced, foreign=False))
    assert made == set(reachable())
