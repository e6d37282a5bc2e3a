"""What a template may not do is refused with the file, the line and what to do instead."""

from __future__ import annotations

from pathlib import Path

import pytest

from handouts.errors import TemplateError
from handouts.library.document import Form, Heading, Items, Paragraph, Screening, Signature, Table, Text, contents
from handouts.library.markdown import parse
from handouts.library.procedure import FormVersion
from handouts.library.templates import Plain, render
from handouts.model import Flag
from tests.press import making


def made(folder: Path, body: str, **names: Plain) -> Form:
    """A form of this body below its title; the body begins on line 3."""
    path = folder / "form.md"
    path.write_text(f"# Title\n\n{body}\n", encoding="utf-8")
    roles = making.shelf().labels("en").roles
    rendered = render(path.name, [folder], names, frozenset({Flag.MINOR}), making.ENGLISH)
    return parse(rendered, FormVersion(form="TEST-1", version="1.0"), "en", roles)


def refusal(folder: Path, body: str, **names: Plain) -> TemplateError:
    with pytest.raises(TemplateError) as caught:
        made(folder, body, **names)
    return caught.value


def words(form: Form) -> str:
    parts = [part for block in form.blocks[1:] for content in contents(block) for part in content]
    return "".join(part.text for part in parts if isinstance(part, Text))


@pytest.mark.parametrize(
    "use",
    [
        "{% if patient.sex %}x{% endif %}",
        "{% if patient.sex == 'female' %}x{% endif %}",
        "{% if patient.sex is none %}x{% endif %}",
        "{% if patient.sex is defined %}x{% endif %}",
        "{% if patient.sex is string %}x{% endif %}",
        "{% if 'a' in patient.name %}x{% endif %}",
        "{% if not patient.id %}x{% endif %}",
        "{{ patient.name or 'nobody' }}",
        "{{ patient.name | default('x') }}",
        "{{ patient.name | upper }}",
        "{{ patient.name | length }}",
        "{{ patient.name ~ '!' }}",
        "{{ [patient.name] | join }}",
        "{{ 'x' | replace('x', patient.name) }}",
        "{{ patient.name.path }}",
        "{{ patient.name[0] }}",
        "{{ patient.name.__class__ }}",
        "{{ estimate.total * 2 }}",
        "{% for letter in patient.name %}x{% endfor %}",
    ],
)
def test_nothing_can_be_asked_of_a_patients_value(tmp_path: Path, use: str) -> None:
    told = refusal(tmp_path, f"First line.\n\nHere: {use}")
    assert "belongs to one patient" in told.what
    assert told.where == f"{tmp_path / 'form.md'}:5"
    assert "flag" in told.hint


@pytest.mark.parametrize(
    ("use", "said"),
    [
        ('{{ patient.birth_date | date("wekday") }}', "`date` knows no style 'wekday'"),
        ("{{ patient.name | date }}", "`patient.name` holds text"),
        ("{{ patient.nam }}", "Did you mean `patient.name`?"),
        ("{{ pacient.name }}", "Did you mean `patient`?"),
        ("{% if when.minr %}x{% endif %}", "Did you mean `when.minor`?"),
        ("{{ patient }}", "a whole group or list cannot be printed"),
        ("{{ when.minor }}", "prints nothing readable"),
        ("{{ ''.__class__.__mro__ }}", "unsafe"),
        ("{{ {}.__class__ }}", "unsafe"),
        ("{{ 1 / 0 }}", "cannot be worked out"),
        ("{{ 'x' | nothing }}", "not valid Jinja2"),
        ("{% if when.minor %}", "not valid Jinja2"),
        ("{% include 'other.md' %}", "there is no template `other.md`"),
        ("{% include '../form.md' %}", "there is no template"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_what_was_meant(tmp_path: Path, use: str, said: str) -> None:
    told = refusal(tmp_path, f"First line.\n\nHere: {use}")
    assert said in str(told)
    assert str(tmp_path / "form.md:5").removesuffix(":5") in told.where
    assert told.where.endswith(("form.md:5", "form.md:6"))


@pytest.mark.parametrize(
    ("block", "said"),
    [
        ("*slanted*", "`em`"),
        ("[a](b)", "`link`"),
        ("![a](b)", "`image`"),
        ("`code`", "`code_inline`"),
        ("> quoted", "`blockquote`"),
        ("---", "`hr`"),
        ("#### too deep", "three levels"),
        ("### A level is missing", "a heading of level 3 below one of level 1"),
        ("# Another title", "has only one"),
        ("- a\n  - b", "a list item holds one paragraph"),
        ("::: sing patient\n:::", "Did you mean `::: sign`?"),
        ("::: sign pateint\nI agree.\n:::", "Did you mean `::: sign patient`?"),
        ("::: lines many\n:::", "takes a number"),
        ("::: screening\nNo list.\n:::", "holds one list"),
        ("::: emergency Get help\n:::", "`::: emergency` holds nothing"),
        ("::: note Box\n| a |\n|---|\n| b |\n:::", "holds paragraphs and lists only"),
        ("::: initial\n" + "- I know.\n" * 7 + ":::", "6 are the most"),
        ("Label\n: one\n: two", "each label has one value"),
        ("<b>Bold</b>", "HTML does not print"),
        ("<!-- aside -->", "HTML does not print"),
    ],
)
def test_what_cannot_be_printed_is_refused_at_its_own_line(tmp_path: Path, block: str, said: str) -> None:
    told = refusal(tmp_path, f"Label\n: a value above\n\n- an item\n\n{block}")
    assert said in str(told)
    line = int(told.where.removeprefix(f"{tmp_path / 'form.md'}:").split(":")[0])
    assert 8 <= line <= 8 + block.count("\n")


def test_a_fault_inside_a_loop_is_told_at_the_line_in_the_template(tmp_path: Path) -> None:
    told = refusal(tmp_path, "{% for each in list %}\n{{ each }} and\n\n*slanted*\n\n{% endfor %}", list=["a", "b"])
    assert told.where == f"{tmp_path / 'form.md'}:6"


def test_an_included_template_is_part_of_the_form_and_its_faults_are_its_own(tmp_path: Path) -> None:
    (tmp_path / "part.md").write_text("From the part.\n")
    form = made(tmp_path, "{% include 'part.md' %}\n")
    assert "From the part." in words(form)
    assert form.files == (tmp_path / "form.md", tmp_path / "part.md")
    (tmp_path / "part.md").write_text("Fine.\n\n*slanted*\n")
    assert refusal(tmp_path, "{% include 'part.md' %}\n").where == f"{tmp_path / 'part.md'}:3"
    (tmp_path / "part.md").write_text("Fine.\n\n{{ patient.nam }}\n")
    assert refusal(tmp_path, "{% include 'part.md' %}\n").where == f"{tmp_path / 'part.md'}:3"


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    folder = tmp_path / "forms"
    folder.mkdir()
    (tmp_path / "secret.md").write_text("secret")
    (folder / "part.md").symlink_to(tmp_path / "secret.md")
    assert "there is no template" in str(refusal(folder, "{% include 'part.md' %}"))


def test_values_of_clinic_and_procedure_are_letters_not_markdown(tmp_path: Path) -> None:
    hostile = ["**bold**", "<b>", "# Title", "{{ 7 }}", "- item", "a | b", "[a](b)", "::: sign patient"]
    form = made(tmp_path, "{% for each in list %}\nSee {{ each }} here.\n\n{% endfor %}", list=hostile)
    assert all(isinstance(block, Paragraph) for block in form.blocks[1:])
    assert words(form) == "".join(f"See {each} here." for each in hostile)


def test_blocks_become_what_they_are_called(tmp_path: Path) -> None:
    body = "## Part\n\n- a\n\n1. b\n\n| c |\n|---|\n| d |\n\n::: screening\n- e?\n:::\n\n"
    body += "::: sign patient\nf\n\nName\n: g\n:::"
    kinds = [type(block) for block in made(tmp_path, body).blocks]
    assert kinds == [Heading, Heading, Items, Items, Table, Screening, Signature]


@pytest.mark.parametrize("body", ["{{ clinic.name\n\nMore words.", "{% if when.minor\nMore words.\n\nAnd more."])
def test_a_tag_that_is_never_closed_is_told_without_what_the_program_added(tmp_path: Path, body: str) -> None:
    told = refusal(tmp_path, body)
    assert "not valid Jinja2: expected token" in str(told)
    assert str(told).isprintable()
    assert "char" not in str(told)


def test_a_mistake_in_an_included_file_is_told_with_that_file(tmp_path: Path) -> None:
    (tmp_path / "part.md").write_text("Words.\n\n{% if when.minor\n", encoding="utf-8")
    assert refusal(tmp_path, "{% include 'part.md' %}").where.endswith("part.md:3")


def test_each_block_knows_where_it_came_from(tmp_path: Path) -> None:
    form = made(tmp_path, "One.\n\n{% if when.minor %}\nTwo.\n\n{% endif %}\n## Three")
    assert [place.line for place in form.places] == [1, 3, 6, 9]


def test_a_template_that_is_missing_or_no_text_is_told(tmp_path: Path) -> None:
    with pytest.raises(TemplateError, match="no such template"):
        render("absent.md", [tmp_path], {}, frozenset(), making.ENGLISH)
    (tmp_path / "form.md").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(TemplateError, match="cannot be read as UTF-8"):
        render("form.md", [tmp_path], {}, frozenset(), making.ENGLISH)
    assert "U+E000" in str(refusal(tmp_path, "a \ue000 b"))
