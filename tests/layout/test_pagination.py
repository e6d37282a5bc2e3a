"""Where atoms fall: nothing lost, nothing too tall, what belongs together stays together."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handouts.errors import LayoutError, TemplateError
from handouts.layout.atoms import Atom, kept_together
from handouts.layout.pagination import Placement, paginate
from tests.press.making import form, layout

HEIGHT = 100.0
HEADER = Atom(10, ())
ATOMS = st.builds(
    Atom,
    height=st.floats(1, 60),
    pieces=st.just(()),
    gap=st.floats(0, 20),
    keep=st.booleans(),
    header=st.sampled_from([None, None, HEADER]),
)


def height_of(atoms: list[Atom], placement: Placement) -> float:
    atom = atoms[placement.index]
    return (atom.header or atom).height if placement.repeated else atom.height


@settings(max_examples=300)
@given(st.lists(ATOMS, max_size=40))
def test_every_atom_stands_once_in_order_and_inside_its_page(atoms: list[Atom]) -> None:
    pages = paginate(atoms, HEIGHT)
    placed = [placement.index for page in pages for placement in page if not placement.repeated]
    assert placed == list(range(len(atoms)))
    for page in pages:
        bottom = 0.0
        for placement in page:
            assert placement.down >= bottom - 1e-6
            bottom = placement.down + height_of(atoms, placement)
        assert bottom <= HEIGHT + 1e-5


@settings(max_examples=300)
@given(st.lists(ATOMS, min_size=2, max_size=40))
def test_what_is_kept_together_is_parted_only_where_no_page_could_hold_it(atoms: list[Atom]) -> None:
    pages = paginate(atoms, HEIGHT)
    page_of = {placement.index: number for number, page in enumerate(pages) for placement in page}
    first = 0
    while first < len(atoms):
        last = first
        while atoms[last].keep and last + 1 < len(atoms):
            last += 1
        whole = sum(atom.height for atom in atoms[first : last + 1]) + sum(
            atom.gap for atom in atoms[first + 1 : last + 1]
        )
        header = atoms[first].header
        if whole + (header.height if header else 0) <= HEIGHT - 1e-6:
            assert page_of[first] == page_of[last]
        first = last + 1


@given(st.lists(ATOMS, min_size=1, max_size=40))
def test_a_page_that_starts_within_a_table_repeats_its_header(atoms: list[Atom]) -> None:
    for page in paginate(atoms, HEIGHT):
        if page and atoms[page[-1].index].header and not page[-1].repeated and len(page) == 1:
            pytest.fail("the page's only row has no header above it")
        if page:
            assert page[0].repeated == (atoms[page[0].index].header is not None)


def test_the_space_above_is_dropped_at_the_top_of_a_page_only() -> None:
    atoms = [Atom(40, (), gap=9), Atom(40, (), gap=9), Atom(40, (), gap=9)]
    assert [[placement.down for placement in page] for page in paginate(atoms, HEIGHT)] == [[0, 49], [0]]


def test_a_heading_goes_with_what_follows_it() -> None:
    atoms = [Atom(80, ()), Atom(10, (), keep=True), Atom(20, ())]
    assert [[placement.index for placement in page] for page in paginate(atoms, HEIGHT)] == [[0], [1, 2]]


def test_what_is_kept_together_breaks_when_it_is_taller_than_a_page() -> None:
    atoms = kept_together([Atom(40, ())] * 4)
    assert [len(page) for page in paginate(atoms, HEIGHT)] == [2, 2]


def test_a_block_taller_than_a_page_is_refused() -> None:
    with pytest.raises(LayoutError, match="taller than a page"):
        paginate([Atom(40, ()), Atom(101, ())], HEIGHT)


def test_a_row_that_fits_only_without_its_header_is_refused() -> None:
    with pytest.raises(LayoutError, match="taller than a page"):
        paginate([replace(Atom(95, ()), header=HEADER)], HEIGHT)


def test_a_last_page_that_closer_gaps_spare_is_spared() -> None:
    atoms = [Atom(20, (), gap=10)] * 4
    assert [[placement.down for placement in page] for page in paginate(atoms, HEIGHT + 5)] == [[0, 27, 54, 81]]


def test_nothing_small_stands_alone_on_a_last_page() -> None:
    atoms = [*[Atom(20, ())] * 5, Atom(20, ())]
    assert [[placement.index for placement in page] for page in paginate(atoms, HEIGHT)] == [[0, 1, 2, 3], [4, 5]]


def test_what_keeps_a_last_page_company_leaves_no_heading_behind() -> None:
    atoms = [Atom(60, ()), Atom(10, (), keep=True), Atom(20, ()), Atom(15, ())]
    assert [[placement.index for placement in page] for page in paginate(atoms, HEIGHT)] == [[0], [1, 2, 3]]


@pytest.mark.parametrize(
    "block",
    [
        "| What | Why |\n|---|---|\n| a | {words} |",
        "| {words} | Why |\n|---|---|\n| a | b |",
        "Why\n: {words}",
        "::: sign patient\n{words}\n\nPrinted name\n: {{{{ patient.name }}}}\n:::",
    ],
    ids=["row", "header", "detail", "signature"],
)
def test_words_that_no_page_holds_together_are_refused_at_their_line(tmp_path: Path, block: str) -> None:
    made = form(tmp_path, f"# A form\n\n{block.format(words='words upon words ' * 600)}\n")
    with pytest.raises(TemplateError) as caught:
        layout([made])
    assert "form.md:3" in str(caught.value)
    assert "taller than a page" in str(caught.value)
    assert caught.value.hint == "Split it, or shorten the text."
