"""The tables in docs/ say what the code says."""

from __future__ import annotations

import re
from pathlib import Path

from handouts.library.checks.finding import CODES
from handouts.library.checks.required import ELEMENTS
from handouts.library.containers import CONTAINERS
from handouts.library.fields import FIELDS, FORMATTERS
from handouts.library.flags import MEANINGS
from handouts.model import Clinic, Flag

ROOT = Path(__file__).parents[1]


def rows(document: str, heading: str) -> list[list[str]]:
    """The cells of the table below `heading`, without its two header lines."""
    text = (ROOT / "docs" / document).read_text(encoding="utf-8").split(f"{heading}\n", 1)[1]
    table = [line for line in text.split("\n\n## ")[0].split("\n\n### ")[0].splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in table[2:]]


def test_every_field_stands_in_the_template_guide() -> None:
    expected = [[f"`{spec.path}`", spec.kind, spec.meaning] for spec in FIELDS.values()]
    assert rows("templates.md", "### Fields") == expected


def test_every_flag_stands_in_the_template_guide() -> None:
    assert rows("templates.md", "### Flags") == [[f"`when.{flag}`", meaning] for flag, meaning in MEANINGS.items()]
    assert set(MEANINGS) == set(Flag)


def test_every_formatter_stands_in_the_template_guide() -> None:
    found = {row[0]: (row[1], row[2], row[3]) for row in rows("templates.md", "### Formatters")}
    for name, formatter in FORMATTERS.items():
        styles = ", ".join(f"`{style}`" for style in formatter.styles if style) or "none"
        assert found.pop(f"`{name}`") == (", ".join(formatter.kinds), styles, formatter.meaning)
    assert not found


def test_every_block_stands_in_the_template_guide() -> None:
    guide = (ROOT / "docs" / "templates.md").read_text(encoding="utf-8")
    assert set(CONTAINERS) == set(re.findall(r"`::: (\w+)", guide))


def test_every_code_of_a_finding_stands_in_the_template_guide() -> None:
    expected = [[f"`{code}`", severity, meaning] for code, (severity, meaning) in CODES.items()]
    assert rows("templates.md", "### What is checked") == expected


def test_every_required_element_stands_in_the_template_guide() -> None:
    expected = [[each.document, each.written, each.condition, each.source] for each in ELEMENTS]
    assert rows("templates.md", "### What each form must have") == expected


def test_every_key_of_clinic_yaml_stands_in_its_guide() -> None:
    keys = [f"`{key}`" for key in Clinic.model_fields if key != "folder"]
    assert [row[0] for row in rows("clinic.md", "# clinic.yaml")] == keys


def test_the_example_clinic_explains_every_key() -> None:
    example = (ROOT / "examples" / "clinic.yaml").read_text(encoding="utf-8")
    missing = [key for key in Clinic.model_fields if key != "folder" and not re.search(rf"^(# )?{key}:", example, re.M)]
    assert not missing


def test_the_readme_names_both_commands_and_links_only_to_files_that_exist() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "make demo" in readme
    assert "make test" in readme
    for target in re.findall(r"\]\(([^)]+)\)", readme):
        assert (ROOT / target).is_file(), target


def test_every_test_that_the_promises_name_is_one() -> None:
    table = rows("security.md", "## Promises")
    sources = [each.read_text(encoding="utf-8") for each in (ROOT / "tests").rglob("test_*.py")]
    known = {name for source in sources for name in re.findall(r"^def (test_\w+)\(", source, re.M)}
    slow = {name for source in sources for name in re.findall(r"pytest\.mark\.soak\n(?:@.*\n)*def (test_\w+)", source)}
    assert len(table) > 15
    for promise, tests, reached in table:
        named = re.findall(r"`(test_\w+)`( \(soak\))?", tests)
        assert promise
        assert reached
        assert named, promise
        assert {name for name, _ in named} <= known, promise
        assert {name for name, soak in named if soak} == {name for name, _ in named} & slow, promise


def test_the_guide_to_security_links_only_to_what_there_is() -> None:
    guide = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    for document in ("manifest.md", "cli.md"):
        for heading in re.findall(r"security\.md#([\w-]+)", (ROOT / "docs" / document).read_text(encoding="utf-8")):
            assert heading.replace("-", " ") in guide.casefold()
