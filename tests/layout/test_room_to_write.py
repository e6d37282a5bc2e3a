"""What is filled in with a pen has room for it."""

from __future__ import annotations

from itertools import pairwise

import pytest

from handouts.layout.blocks import Setting
from handouts.layout.measures import Measures
from handouts.layout.style import LARGE, MM, NORMAL, Typography
from handouts.layout.tables import set_details, set_table
from handouts.library.document import Align, Blank, Details, Inlines, Table, Text
from tests.press.making import shelf

WIDTH = 470.0
DATE = 20 * MM
"""A date such as 01/31/2030, written by hand."""


def _setting(text: Typography) -> Setting:
    return Setting(WIDTH, text, Measures(), shelf().labels("en"))


@pytest.mark.parametrize("text", [NORMAL, LARGE], ids=["normal", "large"])
def test_a_column_for_the_pen_is_as_wide_as_a_date(text: Typography) -> None:
    heads = ("On", "At", "Anything new since the last time?", "Initials of the one who signs", "Initials")
    empty: tuple[Inlines, ...] = ((),) * len(heads)
    aligns: tuple[Align, ...] = ("left", "left", "left", "left", "left")
    table = Table(aligns, tuple((Text(head),) for head in heads), (empty,) * 4)
    row = set_table(table, _setting(text))[1]
    edges = sorted({0.0, WIDTH, *(piece.x for piece in row.pieces if piece.width == 0)})
    assert len(edges) == len(heads) + 1
    assert min(right - left for left, right in pairwise(edges)) >= DATE


def test_labels_of_nothing_but_lines_take_half_the_panel() -> None:
    label = (Text("Why the treatment is the best that there is for the patient"),)
    lines, mixed = Details(((label, (Blank(),)),)), Details(((label, (Blank(),)), (label, (Text("Known."),))))
    assert set_details(lines, _setting(LARGE))[0].height < set_details(mixed, _setting(LARGE))[0].height
    assert max(piece.x for piece in set_details(lines, _setting(LARGE))[0].pieces) <= WIDTH / 2
