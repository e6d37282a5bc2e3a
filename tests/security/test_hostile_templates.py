"""A template made to break the program ends in an error at its line, in bounded time and memory, and reads no file."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import pytest

from handouts.errors import TemplateError
from handouts.library.shelf import Shelf
from tests.library.test_templates import made, refusal
from tests.run.making import desk
from tests.security.bounded import Bounded

WORK = "far more work than any form"

# -- inside Python ---------------------------------------------------------------------------------

INSIDE = [
    "{{ ''.__class__ }}",
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ ''['__class__'] }}",
    "{{ when.__init__.__globals__ }}",
    "{{ when['__class__'] }}",
    "{{ when._members }}",
    "{{ patient.name.__class__ }}",
    "{{ patient.name['path'] }}",
    "{{ '' | attr('__class__') }}",
    "{{ [''] | map(attribute='__class__') | first }}",
    "{{ ['a'] | map('attr', '__class__') | join }}",
    "{{ '{0.__class__}'.format(1) }}",
    "{{ '{0.__class__}'.format_map({}) }}",
    "{{ '%s' | format(1) }}",
    "{{ '%s' % 1 }}",
    "{{ self.__init__ }}",
    "{{ self._TemplateReference__context }}",
    "{{ range.__class__ }}",
    "{{ range.mro() }}",
    "{{ namespace.__init__.__globals__ }}",
    "{{ joiner.__init__.__globals__.os }}",
    "{{ cycler.__init__ }}",
    "{{ lipsum.__globals__ }}",
    "{{ config }}",
    "{{ request }}",
    "{% set x = [] %}{{ x.append(1) }}",
    "{% set x = {} %}{{ x.update({1: 2}) }}",
    "{{ ''.join(['a']) }}",
    "{{ (1).to_bytes(9) }}",
    "{{ ([].__len__)() }}",
    "{% for x in [].__class__.__mro__ %}{{ x }}{% endfor %}",
    "{{ 1 | spend }}",
    "{{ caller() }}",
    "{{ loop }}",
    "{{ none() }}",
]


@pytest.mark.parametrize("use", INSIDE)
def test_a_template_reaches_nothing_inside_python(tmp_path: Path, use: str) -> None:
    told = refusal(tmp_path, f"First line.\n\nHere: {use}")
    assert "form.md:5" in told.where


# -- other files -----------------------------------------------------------------------------------

TAGS = ["{%% include %s %%}", "{%% include [%s] %%}", "{%% import %s as x %%}", "{%% from %s import x %%}"]
ELSEWHERE = ["../secret.md", "a/../../secret.md", "..\\secret.md", "link.md", "away/secret.md", "/etc/hostname", "\0"]


@pytest.mark.parametrize("tag", TAGS)
@pytest.mark.parametrize("name", [*ELSEWHERE, "its whole path"])
def test_a_template_reads_no_file_outside_its_folder(tmp_path: Path, tag: str, name: str) -> None:
    folder = tmp_path / "en"
    folder.mkdir()
    secret = tmp_path / "secret.md"
    secret.write_text("{% macro x() %}Secret{% endmacro %}Secret\n", encoding="utf-8")
    (folder / "link.md").symlink_to(secret)
    (folder / "away").symlink_to(tmp_path)
    told = refusal(folder, tag % repr(str(secret) if name == "its whole path" else name))
    assert "there is no template" in told.what


@pytest.mark.parametrize("linked", ["procedure", "language", "facts", "labels"])
def test_links_out_of_the_folders_of_templates_are_not_followed(tmp_path: Path, linked: str) -> None:
    outside, shelf = tmp_path / "outside", tmp_path / "templates"
    for folder in (outside / "en", shelf / "labels"):
        folder.mkdir(parents=True)
    (outside / "en" / "handout.md").write_text("# Secret\n", encoding="utf-8")
    for name in ("procedure.yaml", "en.yaml"):
        (outside / name).write_text("name: {en: x}\n", encoding="utf-8")
    link = {"procedure": "tape", "language": "tape/en", "facts": "tape/procedure.yaml", "labels": "labels/en.yaml"}
    place = shelf / link[linked]
    if place.parent.name == "tape":
        place.parent.mkdir()
        (place.parent / "procedure.yaml").write_text("name: {en: x}\n", encoding="utf-8")
    place.unlink(missing_ok=True)
    place.symlink_to(outside if linked == "procedure" else outside / place.name)
    with pytest.raises(TemplateError, match="leads outside"):
        _ = Shelf((shelf,)).labels("en") if linked == "labels" else Shelf((shelf,)).procedures


# -- without end -----------------------------------------------------------------------------------

LOOP, END = "{% for a in range(100000) %}", "{% endfor %}"
LONG = "{% set n = namespace(t='x') %}{% for a in range(17) %}{% set n.t = n.t ~ n.t %}{% endfor %}"
NESTED = "{% set l0 = [1] %}" + "".join(f"{{% set l{n + 1} = [l{n}, l{n}] %}}" for n in range(60))

BOMBS: dict[str, tuple[str, str]] = {
    "a range of a billion": ("{% for a in range(1000000000) %}x{% endfor %}", "Range too big"),
    "loops in loops": (LOOP * 5 + "x" + END * 5, WORK),
    "loops in loops that print nothing": (LOOP * 5 + "{% set x = 1 %}" + END * 5, WORK),
    "filtered loops in a loop": (LOOP + "{% for b in range(100000) if b > a + 100000 %}x" + END * 2, WORK),
    "a loop over a long body": (LOOP + "{% set x = 1 %}" * 5_000 + END, WORK),
    "a loop over a long text": (LOOP + "word " * 10_000 + END, WORK),
    "a loop that calls itself": ("{% for a in [1] recursive %}{{ loop([1]) }}{% endfor %}", "calls itself"),
    "a loop that calls itself twice": (
        "{% for a in [1, 2] recursive %}{{ loop([1, 2]) }}{{ loop([1, 2]) }}{% endfor %}",
        "calls itself",
    ),
    "a macro that calls itself": ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "calls itself"),
    "a macro that calls itself twice": (
        "{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(60) }}",
        WORK,
    ),
    "a block that calls itself": ("{% block b %}{{ self.b() }}{{ self.b() }}{% endblock %}", "calls itself"),
    "a form that includes itself": ("{% include 'form.md' %}{% include 'form.md' %}", "calls itself"),
    "a form that extends itself": ("{% extends 'form.md' %}", ""),
    "a form that imports itself": ("{% import 'form.md' as x %}", "calls itself"),
    "a text a billion times": ("{{ 'x' * 1000000000 }}", "`*` cannot be used"),
    "a list a billion times": ("{{ ([1] * 1000000000) | length }}", "`*` cannot be used"),
    "a text padded": ("{{ 'x' | center(1000000000) }}", "there is no filter `center`"),
    "a text padded by its own method": ("{{ 'x'.ljust(1000000000) }}", "only macros and blocks"),
    "a text padded by a format": ("{{ '%1000000000d' % 1 }}", "`%` cannot be used"),
    "a text padded by a format filter": ("{{ '%1000000000d' | format(1) }}", "there is no filter `format`"),
    "a text indented": ("{{ 'x' | indent(1000000000) }}", "there is no filter `indent`"),
    "made-up paragraphs": ("{{ lipsum(1000000) }}", "lipsum"),
    "a text that doubles": ("{% set n = namespace(t='xx') %}" + LOOP + "{% set n.t = n.t ~ n.t %}" + END, WORK),
    "a text that doubles by +": ("{% set n = namespace(t='xx') %}" + LOOP + "{% set n.t = n.t + n.t %}" + END, WORK),
    "a list that doubles": ("{% set n = namespace(t=[1]) %}" + LOOP + "{% set n.t = n.t + n.t %}" + END, WORK),
    "a captured text that doubles": (
        "{% set n = namespace(t='x') %}" + LOOP + "{% set n.t %}{{ n.t }}{{ n.t }}{% endset %}" + END,
        WORK,
    ),
    "a number that doubles": (
        "{% set n = namespace(t=3) %}" + LOOP + "{% set n.t = n.t * n.t %}" + END,
        "larger than any form needs",
    ),
    "an enormous power": ("{{ 10 ** 10 ** 10 }}", "`**` cannot be used"),
    "an enormous number": ("{{ " + "9" * 100_000 + " }}", "cannot be worked out"),
    "lists in lists in lists": (NESTED + "{{ l60 | string }}", WORK),
    "lists compared with lists": (NESTED + "{% if l59 == l60 %}x{% endif %}", WORK),
    "numbers joined by long texts": (LONG + "{{ range(100000) | join(n.t) }}", WORK),
    "letters replaced by long texts": (LONG + "{{ n.t | replace('x', n.t) }}", WORK),
    "filters in a loop": (LOOP + "{{ range(100000) | list | length }}" + END, WORK),
    "comparisons in a loop": (LOOP + "{% if 'x' in range(100000) | map('string') | list %}x{% endif %}" + END, WORK),
    "a list sorted in a loop": (LOOP + "{% set x = range(90000) | sort %}" + END, WORK),
    "more than any form has": ("{% for a in range(3000) %}\n" + "word " * 20 + "\n{% endfor %}", "100,000 letters"),
    "30 loops in each other": ("{% for a in [1] %}" * 30 + "x" + END * 30, "nested too deeply"),
    "100,000 brackets": ("{{ " + "(" * 90_000 + ")" * 90_000 + " }}", "nested too deeply"),
    "40,000 nots": ("{{ " + "not " * 40_000 + "1 }}", "nested too deeply"),
    "40,000 sums": ("{{ 1" + " + 1" * 40_000 + " }}", "nested too deeply"),
    "90,000 dots": ("{{ clinic" + ".a" * 90_000 + " }}", "nested too deeply"),
    "90,000 openings": ("{% raw %}" + "{{" * 90_000 + "{% endraw %}", ""),
    "24,000 comments": ("{# x #}\n" * 24_000, ""),
    "24,000 values": ("{{ 1 }}\n" * 24_000, ""),
    "33,000 openings of HTML": ("<a " * 33_000, ""),
    "a template that is too large": ("x" * 300_000, "larger than"),
    "brackets of Markdown": ("[" * 99_000, ""),
    "links of Markdown": ("[a](" * 24_000, ""),
    "stress of Markdown": ("*a **a " * 14_000, ""),
    "stress of Markdown by underlines": ("_a __a " * 14_000, ""),
    "ticks of Markdown": ("".join("`" * n + " " for n in range(1, 600)), ""),
    "quotes of Markdown": (">" * 99_000, ""),
    "lists of Markdown": ("- " * 49_000, ""),
    "lists in lists of Markdown": ("\n".join(" " * (2 * n) + "- a" for n in range(400)), ""),
    "tables of Markdown": ("| a " * 12_000 + "|\n" + "|---" * 12_000 + "|\n| b |\n", ""),
    "boxes of Markdown": ("::: note\n" * 10_000, ""),
    "references of Markdown": ("[a]: /b\n" * 9_000 + "[a] " * 4_000, ""),
    "entities of Markdown": ("&amp;&#120;&#x78;&" * 5_000, ""),
    "quotation marks of Markdown": ("\"a' " * 24_000, "1,000 quotation marks"),
    "paragraphs of quotation marks": ("\n\n".join(["\"a' " * 499] * 49), "pages"),
    "one word of 99,000 letters": ("x" * 99_000, "pages"),
    "9,000 fields": ("{{ patient.name }} " * 9_000, ""),
    "12,000 blanks": ("{{ blank }} " * 12_000, ""),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_template_ends_in_bounded_time_and_memory_whatever_it_says(
    tmp_path: Path, bounded: Bounded, bomb: str
) -> None:
    body, said = BOMBS[bomb]
    path = tmp_path / "form.md"
    path.write_text(f"# Title\n\n{body}\n", encoding="utf-8")
    answer = bounded.ask("form", path)
    assert said in answer.told
    assert answer.code == (0 if answer.told.endswith(" pages") else 4)


@pytest.mark.parametrize(
    ("written", "said"),
    [(b"x" * 300_000, "larger than"), (b"\xff", "cannot be read as UTF-8")],
    ids=["large", "no text"],
)
def test_what_a_form_extends_is_read_like_any_template(
    tmp_path: Path, bounded: Bounded, written: bytes, said: str
) -> None:
    (tmp_path / "base.md").write_bytes(written)
    (tmp_path / "form.md").write_text("{% extends 'base.md' %}{% block b %}x{% endblock %}", encoding="utf-8")
    answer = bounded.ask("form", tmp_path / "form.md")
    assert (said in answer.told, "base.md" in answer.told, answer.code) == (True, True, 4)


def test_a_large_file_among_templates_takes_no_memory(tmp_path: Path) -> None:
    place = desk(tmp_path, 1)
    with (tmp_path / "templates" / "spinal-decompression" / "film.bin").open("wb") as film:
        film.truncate(200_000_000)
    tracemalloc.start()
    try:
        assert place.generate("--dry-run").code == 0
        assert tracemalloc.get_traced_memory()[1] < 100_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("bomb", ["loops in loops", "a text that doubles", "a macro that calls itself twice"])
def test_what_never_ends_is_told_at_its_line(tmp_path: Path, bomb: str) -> None:
    assert refusal(tmp_path, f"One.\n\n{BOMBS[bomb][0]}").where == f"{tmp_path / 'form.md'}:5"


def test_what_forms_are_for_is_no_work_at_all(tmp_path: Path) -> None:
    body = "{% for a in range(40) %}\n{% for b in range(40) %}\n- {{ a * 60 + b }} {{ 'x' ~ b | string | upper }}\n"
    assert len(made(tmp_path, f"{body}{END}\n{END}\n").blocks) == 2
