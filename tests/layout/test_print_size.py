"""How large text is on paper: 12 pt or more, 18 pt in large print, as PDFium measures it."""

from __future__ import annotations

import pytest

from handouts.layout.composition import Copy
from handouts.layout.furniture import Furniture
from handouts.layout.packet import PacketLayout
from handouts.layout.style import LARGE, NORMAL, PAPERS, SMALL_PRINT, Typography
from handouts.library.fields import Locale
from handouts.library.made_up import CLINIC, OFFER
from handouts.library.shelf import form_of
from handouts.model import Flag
from tests.press.making import (
    MARK,
    everything,
    facts,
    file_of,
    furniture,
    identifier,
    pages_of,
    shelf,
    shipped_form,
    texts_of,
    values_of,
)

LONGEST = ("Wilhelmina " * 19)[:200].strip()


@pytest.mark.parametrize("text", [NORMAL, LARGE], ids=["normal", "large"])
@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("procedure", sorted(shelf().procedures))
def test_the_longest_name_fits_every_form_of_every_procedure(procedure: str, language: str, text: Typography) -> None:
    clinic, labels = CLINIC.model_copy(update={"procedures": {procedure: OFFER}}), shelf().labels(language)
    known, locale = facts(LONGEST, representative=LONGEST), Locale(language, "USD")
    for flags in (frozenset({Flag.LACKS_CAPACITY, Flag.REPRESENTATIVE, Flag.INTERPRETER}), frozenset({Flag.MEDICARE})):
        each = shelf().procedures[procedure]
        forms = [form_of(each, name, clinic, flags, locale, labels) for name in each.documents]
        using = Furniture(clinic, labels, PAPERS["letter"], text, None)
        layout = PacketLayout([Copy(form, MARK) for form in forms], using)
        pressed = layout.press(values_of(known, locale), identifier("x"))
        assert all("".join(LONGEST.split()) in "".join(page.split()) for page in texts_of(file_of(pressed)))


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
