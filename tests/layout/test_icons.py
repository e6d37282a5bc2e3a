"""Icon arrays: exactly so many marks stand out, in gray and in any print, and the words below say the same."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from PIL import Image

from handouts.errors import TemplateError
from handouts.layout.composition import Copy
from handouts.layout.packet import PacketLayout
from handouts.layout.skeleton import Pressed
from handouts.layout.style import LARGE, MM, NORMAL, PAPERS, Typography
from handouts.library.document import Form, IconArray
from handouts.library.templates import Namespace, Plain
from handouts.model import Paper
from tests.accessibility.reader import read_aloud
from tests.layout.test_picture import pictures_in
from tests.press.making import MARK, facts, file_of, form, furniture, identifier, print_run, texts_of, values_of

SCALE = 5
"""Pixels a point."""


def array(icon: str, affected: object, of: object, caption: str) -> str:
    return f"::: {icon} {affected} of {of}\n{caption}\n:::"


def both_ways(affected: int, of: int) -> str:
    return f"It happens to {affected:,} of {of:,}, and not to {of - affected:,}."


def counted(icon: str, affected: int, of: int) -> str:
    return array(icon, affected, of, both_ways(affected, of))


def form_with(folder: Path, blocks: str, procedure: Plain = None) -> Form:
    """A form; its first block begins on line 3."""
    (folder / "en").mkdir(exist_ok=True)
    return form(folder / "en", f"# Form\n\n{blocks}\n", procedure=procedure)


def pressed(made: Form, text: Typography = NORMAL, paper: Paper = "letter") -> Pressed:
    using = PacketLayout([Copy(made, MARK)], furniture(paper, text=text))
    return using.press(values_of(facts()), identifier("x"))


# -- seen ------------------------------------------------------------------------------------------


def drawings(file: bytes, page: int = 0) -> list[tuple[tuple[float, float, float, float], Image.Image]]:
    """What a page shows besides text and lines: its place in points (left, bottom, right, top), and it in gray."""
    found = []
    with pypdfium2.PdfDocument(file) as document:
        sheet = document[page]
        gray: Image.Image = sheet.render(scale=SCALE, grayscale=True).to_pil()
        for shown in sheet.get_objects(filter=[pdfium.FPDF_PAGEOBJ_FORM], max_depth=1):
            left, bottom, right, top = shown.get_bounds()
            high = sheet.get_height()
            box = [round(each * SCALE) for each in (left - 1, high - top - 1, right + 1, high - bottom + 1)]
            found.append(((left, bottom, right, top), gray.crop((box[0], box[1], box[2], box[3]))))
    return found


def inked(profile: Image.Image, apart: float) -> list[tuple[int, int]]:
    """Stretches of a strip of pixels that hold ink; what is no more than `apart` pixels asunder is one."""
    found: list[tuple[int, int]] = []
    for at, light in enumerate(profile.get_flattened_data()):
        assert isinstance(light, float)
        if light > 254.9:
            continue
        if found and at - found[-1][1] <= apart:
            found[-1] = (found[-1][0], at + 1)
        else:
            found.append((at, at + 1))
    return found


def darkness(gray: Image.Image) -> Iterator[float]:
    """How dark the body of each mark is, from 0 to 1, row by row: the middle of what lies between white gutters."""
    gray = gray.convert("F")
    columns = inked(gray.resize((gray.width, 1), Image.Resampling.BOX), 0)
    head_gap = (columns[1][0] - columns[0][0]) * 0.12
    rows = inked(gray.resize((1, gray.height), Image.Resampling.BOX), head_gap)
    for top, bottom in rows:
        for left, right in columns:
            wide, high = right - left, bottom - top
            body = gray.crop((left + wide // 4, bottom - high // 2, right - wide // 4, bottom - high // 5))
            mean = body.resize((1, 1), Image.Resampling.BOX).getpixel((0, 0))
            assert isinstance(mean, float)
            yield 1 - mean / 255


@pytest.mark.parametrize("text", [NORMAL, LARGE], ids=["normal", "large"])
@pytest.mark.parametrize("paper", ["letter", "a4"])
@pytest.mark.parametrize("icon", ["people", "times"])
@pytest.mark.parametrize(
    ("affected", "of"), [(0, 100), (1, 100), (16, 100), (100, 100), (1, 1000), (57, 1000), (160, 1000), (1000, 1000)]
)
def test_exactly_so_many_marks_stand_out_from_the_top_left_on(
    tmp_path: Path, icon: str, affected: int, of: int, paper: Paper, text: Typography
) -> None:
    file = file_of(pressed(form_with(tmp_path, counted(icon, affected, of)), text, paper))
    [(_, gray)] = drawings(file)
    marks = list(darkness(gray))
    assert len(marks) == of
    # on a gray printer: full ones are dark, the others white inside
    assert all(dark > 0.7 for dark in marks[:affected])
    assert all(dark < 0.1 for dark in marks[affected:])


@pytest.mark.parametrize("of", [100, 1000])
@pytest.mark.parametrize("icon", ["people", "times"])
def test_large_print_has_larger_marks_within_the_column(tmp_path: Path, icon: str, of: int) -> None:
    made = form_with(tmp_path, counted(icon, 3, of))
    column = PAPERS["letter"]
    wide = []
    for text in (NORMAL, LARGE):
        [((left, bottom, right, top), _)] = drawings(file_of(pressed(made, text)))
        assert left >= column.side - 1
        assert right <= column.width - column.side + 1
        assert top - bottom < 85 * MM
        wide.append(right - left)
    assert wide[1] > 1.2 * wide[0]


@pytest.mark.parametrize("lines", range(0, 40, 3))
def test_an_array_stays_on_one_page_with_its_words_and_what_introduces_it(tmp_path: Path, lines: int) -> None:
    before = "".join(f"Line {number}.\n\n" for number in range(lines)) + "Of all treatments.\n\n"
    file = file_of(pressed(form_with(tmp_path, before + counted("times", 160, 1000))))
    pages = [page for page, text in enumerate(texts_of(file)) if drawings(file, page)]
    assert len(pages) == 1
    assert "Of all treatments." in texts_of(file)[pages[0]]
    assert "and not to 840." in texts_of(file)[pages[0]]
    [(_, gray)] = drawings(file, pages[0])
    assert sum(dark > 0.7 for dark in darkness(gray)) == 160


# -- told ------------------------------------------------------------------------------------------


def test_the_words_below_are_read_in_place_of_the_marks(tmp_path: Path) -> None:
    file = file_of(pressed(form_with(tmp_path, counted("people", 8, 1000))))
    figures = [element for top in read_aloud(file) for element in top.walk() if element.kind == "Figure"]
    assert [figure.entries["/Alt"] for figure in figures] == [both_ways(8, 1000)]
    assert both_ways(8, 1000) in texts_of(file)[0]


def test_the_same_array_stands_once_in_a_print_run(tmp_path: Path) -> None:
    packet = pressed(form_with(tmp_path, counted("people", 8, 1000) + "\n\n" + counted("people", 8, 1000)))
    assert len(pictures_in(print_run([(packet, "08:00"), (packet, "09:00")]))) == 1
    assert len(file_of(packet)) < 60_000


# -- from the facts --------------------------------------------------------------------------------


def risks(**said: Plain) -> Plain:
    return Namespace("procedure", {"risks": [Namespace("risk", said)]})


LOOP = (
    "{% for risk in procedure.risks %}\n"
    "::: people {{ risk.frequency }} of {{ risk.of }}\n"
    "{{ risk.text }}: {{ risk.frequency_text }}.\n"
    ":::\n"
    "\n"
    "{% endfor %}"
)


def test_the_numbers_come_from_the_facts(tmp_path: Path) -> None:
    words = "about 77 of 1,000 have one; the other 923 do not"
    made = form_with(tmp_path, LOOP, procedure=risks(frequency=77, of=1000, text="A bruise", frequency_text=words))
    found = made.blocks[1]
    assert isinstance(found, IconArray)
    assert (found.icon, found.affected, found.of) == ("people", 77, 1000)


@pytest.mark.parametrize(
    ("frequency", "of", "words", "said"),
    [
        (None, None, "not known", "prints nothing readable"),
        (77, 500, "77 of 500, not the other 423", "shows 100 or 1000 marks, not 500"),
        (1001, 1000, "1,001 of 1,000", "1001 is more than 1000"),
        (77, 1000, "77 of 1,000", "do not say 923"),
        (77, 1000, "70 of 1,000, not the other 930", "do not say 77 and 923"),
    ],
)
def test_facts_that_make_no_array_are_refused_at_the_line_that_shows_them(
    tmp_path: Path, frequency: int | None, of: int | None, words: str, said: str
) -> None:
    procedure = risks(frequency=frequency, of=of, text="A bruise", frequency_text=words)
    with pytest.raises(TemplateError) as caught:
        form_with(tmp_path, LOOP, procedure=procedure)
    assert "form.md:4" in str(caught.value)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("block", "said"),
    [
        (array("people", 7.5, 100, "7.5 of 100, 92.5 not."), "takes a whole number and of how many"),
        (array("people", "-3", 100, "Less than none."), "takes a whole number and of how many"),
        (array("people", "{{ estimate.sessions }}", 100, "Some of 100."), "takes a whole number and of how many"),
        (array("people", 16, '{{ "1,000" }}', "16 of 1,000, not 984."), "with no formatter"),
        (array("people", "", "", "Some."), "Such as `::: people {{ risk.frequency }} of {{ risk.of }}`"),
        ("::: people\nSome.\n:::", "takes a whole number and of how many"),
        (array("times", 8, 10, "8 of 10, not 2."), "shows 100 or 1000 marks, not 10"),
        (array("times", 101, 100, "101 of 100."), "101 is more than 100"),
        (array("times", 8, 1000, "About 8 of 1,000."), "do not say 992"),
        (array("times", 0, 100, "It happens to none of 100."), "do not say 0"),
        (array("people", 8, 100, ""), "one paragraph"),
        (array("people", 8, 100, "8 of 100.\n\nNot 92."), "one paragraph"),
        (array("people", 8, 100, "{{ patient.name }}: 8 of 100, not 92."), "may hold no field"),
        ("::: note Look\n" + counted("people", 8, 100) + "\n:::", "is not closed"),
        ("::: poeple 8 of 100\n8 of 100, not 92.\n:::", "Did you mean `::: people`?"),
    ],
)
def test_an_array_that_cannot_be_is_refused_at_its_line(tmp_path: Path, block: str, said: str) -> None:
    with pytest.raises(TemplateError) as caught:
        form_with(tmp_path, block)
    assert "form.md:3" in str(caught.value)
    assert said in str(caught.value)


def test_risks_of_one_form_have_one_denominator(tmp_path: Path) -> None:
    with pytest.raises(TemplateError) as caught:
        form_with(tmp_path, counted("people", 8, 100) + "\n\n" + counted("times", 8, 1000))
    assert "form.md:7" in str(caught.value)
    assert "shows risks of 100 and of 1000" in str(caught.value)
