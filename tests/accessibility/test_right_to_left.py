"""A form that is read from right to left: the layout is the mirror of one that is read from left to right."""

from __future__ import annotations

import re
from pathlib import Path
from unicodedata import normalize

import pypdfium2
import pytest

from handouts.layout.composition import Copy
from handouts.layout.furniture import Furniture
from handouts.layout.packet import PacketLayout
from handouts.layout.style import LARGE, NORMAL, PAPERS, Typography
from handouts.library.document import Form
from handouts.library.fields import Locale
from handouts.library.labels import read_labels
from handouts.library.markdown import parse
from handouts.library.procedure import FormVersion
from handouts.library.shelf import _plain
from handouts.library.templates import render
from handouts.model import Paper
from tests.accessibility.judge import Judge
from tests.accessibility.reader import read_aloud
from tests.press.making import MARK, clinic, facts, file_of, identifier, logo, texts_of, values_of

FOLDER = Path(__file__).parents[1] / "data" / "arabic"
ARABIC = Locale("ar", "USD")
LABELS = read_labels(FOLDER / "labels.yaml")
NAME = "سامي عبد الرحمن النموذجي"


def consent() -> Form:
    names = {"clinic": _plain(clinic(), "ar", "clinic")}
    rendered = render("consent.md", [FOLDER], names, frozenset(), ARABIC)
    return parse(rendered, FormVersion(form="TEST-AR", version="1.0"), "ar", LABELS.roles)


def file_in_arabic(text: Typography = NORMAL, paper: Paper = "letter", name: str = NAME) -> bytes:
    using = Furniture(clinic(), LABELS, PAPERS[paper], text.of("ar"), logo().ratio)
    layout = PacketLayout([Copy(consent(), MARK)], using)
    return file_of(layout.press(values_of(facts(name), ARABIC), identifier("x")), logo())


def place_of(file: bytes, words: str, page: int = 0) -> tuple[float, float]:
    """The left and right edge of words on a page, in points."""
    with pypdfium2.PdfDocument(file) as document:
        text = document[page].get_textpage()
        whole = text.get_text_range()
        for searched in (words, words[::-1]):
            at = whole.find(searched)
            if at >= 0:
                boxes = [text.get_charbox(index) for index in range(at, at + len(words))]
                return min(box[0] for box in boxes), max(box[2] for box in boxes)
    raise AssertionError(f"{words} is not on page {page + 1}")


@pytest.mark.parametrize("text", [NORMAL, LARGE], ids=["normal", "large"])
@pytest.mark.parametrize("paper", ["letter", "a4"])
def test_an_arabic_form_conforms(tmp_path: Path, judge: Judge, text: Typography, paper: Paper) -> None:
    file = tmp_path / "packet.pdf"
    file.write_bytes(file_in_arabic(text, paper))
    assert judge.faults(file) == []


def test_a_reader_gets_it_in_the_order_of_its_template() -> None:
    (document,) = read_aloud(file_in_arabic())
    read = re.sub("[()]", " ", normalize("NFC", document.text))
    template = re.sub(
        r"\{\{.*?\}\}|:::( sign)?( \w+)?|\|[-:|]+|[*|#()]", " ", (FOLDER / "consent.md").read_text("utf-8")
    )
    wanted = re.sub(r"^(: |- )", "", template, flags=re.MULTILINE)
    words = iter(read.replace("،", " ").split())
    lost = [word for word in normalize("NFC", wanted).replace("،", " ").split() if word not in words]
    assert not lost
    assert NAME in read


def test_everything_stands_at_the_other_side() -> None:
    width = PAPERS["letter"].width
    file = file_in_arabic()
    right = width - PAPERS["letter"].side
    assert place_of(file, "العيادة")[1] == pytest.approx(right, abs=3)
    assert place_of(file, "Larkspur")[1] < place_of(file, "العيادة")[0]
    assert place_of(file, "العيادة")[0] > place_of(file, "سامي عبد")[1]
    assert place_of(file, "التوقيع", 1)[1] > place_of(file, "التاريخ", 1)[1] > place_of(file, "الوقت", 1)[1]
    assert place_of(file, "$145.00", 1)[0] < place_of(file, "الجديد", 1)[0]


def test_an_address_reads_from_left_to_right_in_it() -> None:
    assert "2400 Example Avenue, Suite 120, Springfield, IL 62700" in texts_of(file_in_arabic())[0]
