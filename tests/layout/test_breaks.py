"""What belongs together stays together, and what no page can hold is broken."""

from __future__ import annotations

from pathlib import Path

import pytest

from handouts.errors import Place
from handouts.layout.forms import SetForm
from handouts.layout.pagination import paginate
from handouts.layout.style import NORMAL
from handouts.layout.text import no_values
from handouts.library.document import (
    Block,
    Callout,
    Form,
    Heading,
    Items,
    Paragraph,
    Signature,
    Table,
    Text,
    WriteLines,
)
from tests.press.making import shelf

WORDS = (Text("Words that fill a line of the column and a little more of the line that comes below it."),)
SECTION: list[Block] = [
    Heading(2, (Text("Section"),)),
    Paragraph((Text("One line."),)),
    Items("bullet", (WORDS,) * 9),
]


@pytest.mark.parametrize("lines", range(20, 32))
def test_a_heading_has_more_than_one_line_of_its_section_on_its_page(lines: int) -> None:
    filler: list[Block] = [Paragraph((Text("A line."),))] * lines
    blocks = (*filler, *SECTION)
    form = Form("form", "Form", "F", "1", blocks, (Place(Path()),) * len(blocks), (), ())
    atoms = SetForm(form, 420, NORMAL, shelf().labels("en")).measure(no_values).atoms
    heading = lines  # each filler is one atom
    page = next(page for page in paginate(atoms, 600) if heading in [each.index for each in page])
    assert page[-1].index >= heading + 3


@pytest.mark.parametrize("lines", range(18, 30))
@pytest.mark.parametrize(
    "to_fill_in", [WriteLines(2), Table(("left",), (WORDS,), (((),),)), Signature("clinician", (), ())]
)
def test_how_to_fill_something_in_stands_whole_on_its_page(to_fill_in: Block, lines: int) -> None:
    filler: list[Block] = [Paragraph((Text("A line."),))] * lines
    blocks = (*filler, Paragraph(WORDS * 3), to_fill_in, *filler)
    form = Form("form", "Form", "F", "1", blocks, (Place(Path()),) * len(blocks), (), ())
    measured = SetForm(form, 420, NORMAL, shelf().labels("en")).measure(no_values)
    pages = paginate(measured.atoms, 600)
    asked = [number for number, owner in enumerate(measured.owners) if owner in (lines, lines + 1)]
    assert len(asked) > 4
    assert any({each.index for each in page} >= set(asked) for page in pages)


def test_a_box_that_no_page_can_hold_goes_on_overleaf() -> None:
    box = Callout("emergency", (Text("Get help now"),), (Items("bullet", (WORDS,) * 30),))
    form = Form("form", "Form", "F", "1", (box,), (Place(Path()),), (), ())
    set_form = SetForm(form, 420, NORMAL, shelf().labels("en"))
    set_form.check(600)
    pages = paginate(set_form.measure(no_values).atoms, 600)
    assert len(pages) == 2
    assert min(len(page) for page in pages) > 4
