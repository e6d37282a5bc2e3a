"""How large text is on paper: 12 pt or more, 18 pt in large print, as PDFium measures it."""

from __future__ import annotations

import pytest

from handouts.layout.composition import Copy
from handouts.layout.packet import PacketLayout
from handouts.layout.style import LARGE, NORMAL, SMALL_PRINT, Typography
from tests.press.making import (
    MARK,
    everything,
    facts,
    file_of,
    furniture,
    identifier,
    pages_of,
    shipped_form,
    values_of,
)

DOCUMENTS = ("handout", "estimate", "consent", "refusal", "withdrawal")


def sizes(text: Typography, document: str) -> set[float]:
    """The sizes of all characters on the pages but for the packet's id."""
    form = everything() if document == "everything" else shipped_form(document)
    layout = PacketLayout([Copy(form, MARK)], furniture(text=text))
    pages = pages_of(file_of(layout.press(values_of(facts()), identifier("x"))))
    return {round(each.size, 2) for page in pages for each in page} - {SMALL_PRINT.size}


@pytest.mark.parametrize("document", [*DOCUMENTS, "everything"])
def test_nothing_to_read_is_smaller_than_12_points(document: str) -> None:
    assert min(sizes(NORMAL, document)) >= 12


@pytest.mark.parametrize("document", [*DOCUMENTS, "everything"])
def test_large_print_is_18_points_and_16_at_the_edge(document: str) -> None:
    found = sizes(LARGE, document)
    assert min(found - {LARGE.furniture.size}) >= 18
    assert LARGE.furniture.size >= 16
