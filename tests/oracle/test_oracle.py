"""The pressed packet is the packet laid out from scratch by ReportLab: pages, words, order and places."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from os.path import commonprefix
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handouts.errors import LayoutError
from handouts.layout.composition import Copy
from handouts.layout.furniture import Furniture
from handouts.layout.packet import PacketLayout
from handouts.layout.style import LARGE, NORMAL, Typography
from handouts.library.fields import Facts
from handouts.library.flags import Flags
from handouts.model import Paper
from handouts.press.packet import PacketPress
from handouts.run.plan import parts_for
from tests.oracle.measure import Letter
from tests.oracle.packet import Page, TooTallError, packet
from tests.press.making import (
    FLAG_SETS,
    MARK,
    PROCEDURE,
    Read,
    about,
    clinic,
    everything,
    facts,
    furniture,
    identifier,
    logo,
    pages_of,
    shipped_form,
    values_of,
    without_actual_text,
)
from tests.press.people import examples, people

NEAR = 0.016
"""Points. Every length in a content stream has two decimals, so each is off by up to 0.005, and a word in a table or
a panel stands where three of them together say: page to block, block to cell, cell to line. Nothing else is off."""

Shown = TypeVar("Shown", Read, Letter)
SPACES = {" ", "\u00a0"}


def copies_for(flags: Flags) -> list[Copy]:
    """The example clinic's packet; the consent form twice, one copy to keep."""
    forms = [shipped_form(part.document, flags) for part in parts_for(clinic(), PROCEDURE, flags)]
    return [*(Copy(form, MARK) for form in forms[:-1]), Copy(forms[-1], MARK, 1, 2), Copy(forms[-1], MARK, 2, 2)]


def assert_pressed_as_from_scratch(copies: Sequence[Copy], using: Furniture, patients: Sequence[Facts]) -> None:
    """Press `patients` one after the other through one layout, and compare each file with the oracle's pages."""
    layout, press = PacketLayout(copies, using), PacketPress(about(), logo())
    for patient in patients:
        values = values_of(patient)
        try:
            file = press.file(layout.press(values, patient.packet_id))
        except LayoutError:
            with pytest.raises(TooTallError):
                packet(copies, using, values, patient.packet_id)
            continue
        found, expected = pages_of(file), packet(copies, using, values, patient.packet_id)
        assert len(found) == len(expected)
        for read, words in zip(found, expected, strict=True):
            assert_same_page(read, words)
        if any(letter.told for page in expected for word in page for letter in word):
            for drawn, words in zip(pages_of(without_actual_text(file)), expected, strict=True):
                assert_drawn(drawn, words)


def assert_same_page(found: Sequence[Read], expected: Page) -> None:
    read = without_blanks([each for each in found if each.character not in SPACES])
    letters = without_blanks([letter for word in expected for letter in word if letter.character not in SPACES])
    spelled, wanted = ("".join(each.character for each in one) for one in (read, letters))
    same = len(commonprefix([spelled, wanted]))  # noqa: RUF071 - character by character is meant
    assert spelled[max(same - 20, 0) : same + 20] == wanted[max(same - 20, 0) : same + 20], "the words differ here"
    assert len(spelled) == len(wanted)
    for each, letter in zip(read, letters, strict=True):
        assert stands(each, letter), (each, letter)


def without_blanks(found: Sequence[Shown]) -> list[Shown]:
    """All but the four strokes that a rule to write on is told by, in lines whose text is told."""
    spelled = "".join(each.character[0] for each in found)
    blanks = {at for blank in re.finditer("____", spelled) for at in range(blank.start(), blank.end())}
    return [each for at, each in enumerate(found) if at not in blanks]


def stands(found: Read, expected: Letter) -> bool:
    places = [(expected.x, expected.y), *([expected.told] if expected.told else [])]
    near = any(abs(found.x - x) <= NEAR and abs(found.y - y) <= NEAR for x, y in places)
    return near and abs(found.size - expected.size) < 1e-3


def assert_drawn(glyphs: Sequence[Read], expected: Page) -> None:
    """In lines whose text is told apart from their glyphs, the glyphs stand at their places all the same."""
    letters = [letter for word in expected for letter in word if letter.glyph and letter.told]
    for letter in letters:
        drawn = replace(letter, told=None)
        assert any(each.character == letter.character and stands(each, drawn) for each in glyphs), letter


@pytest.mark.parametrize("flags", FLAG_SETS[:: max(1, len(FLAG_SETS) // 12)], ids=lambda flags: "+".join(sorted(flags)))
def test_an_ordinary_patient_of_every_kind_of_packet_stands_as_if_laid_out_from_scratch(flags: Flags) -> None:
    assert_pressed_as_from_scratch(copies_for(flags), furniture("letter", picture=logo()), [facts()])


@pytest.mark.parametrize("paper", ["letter", "a4"])
@pytest.mark.parametrize("flags", FLAG_SETS[:: max(1, len(FLAG_SETS) // 3)], ids=lambda flags: "+".join(sorted(flags)))
def test_large_print_is_laid_out_anew_and_not_scaled(flags: Flags, paper: Paper) -> None:
    assert_pressed_as_from_scratch(copies_for(flags), furniture(paper, picture=logo(), text=LARGE), [facts()])


@given(flags=st.sampled_from(FLAG_SETS), patients=st.lists(people(), min_size=2, max_size=2))
@examples(12)
def test_patients_of_every_name_and_kind_stand_as_if_laid_out_from_scratch(flags: Flags, patients: list[Facts]) -> None:
    assert_pressed_as_from_scratch(copies_for(flags), furniture("letter", picture=logo()), patients)


@given(patients=st.lists(people(), min_size=2, max_size=4), text=st.sampled_from([NORMAL, LARGE]))
@examples(25)
def test_every_kind_of_block_reflows_around_every_name_as_if_laid_out_from_scratch(
    patients: list[Facts], text: Typography
) -> None:
    assert_pressed_as_from_scratch([Copy(everything(), MARK)], furniture("a4", text=text), patients)


def test_the_oracle_notices_a_letter_a_fiftieth_of_a_point_off() -> None:
    copies, using, values = [Copy(everything(), MARK)], furniture(), values_of(facts())
    words = packet(copies, using, values, identifier("x"))[0]
    found = pages_of(PacketPress(about(), None).file(PacketLayout(copies, using).press(values, identifier("x"))))[0]
    words[5] = tuple(letter.moved(0.02, 0) for letter in words[5])
    with pytest.raises(AssertionError):
        assert_same_page(found, words)


def test_the_oracle_notices_a_glyph_a_fiftieth_of_a_point_off_behind_text_that_is_told() -> None:
    copies, using = [Copy(everything(), MARK)], furniture()
    values = values_of(facts("Nguye\u0302\u0303n q\u0302"))
    words = packet(copies, using, values, identifier("x"))[0]
    file = PacketPress(about(), None).file(PacketLayout(copies, using).press(values, identifier("x")))
    drawn = pages_of(without_actual_text(file))[0]
    assert any(letter.glyph and letter.told for word in words for letter in word)
    assert_drawn(drawn, words)
    with pytest.raises(AssertionError):
        assert_drawn(drawn, [tuple(letter.moved(0.02, 0) for letter in word) for word in words])
