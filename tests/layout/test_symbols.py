"""Page codes: every symbol is the one that segno computes, and readers read it."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from handouts.layout import symbols
from handouts.layout.codes import PageCode, packet_id
from handouts.layout.symbols import MODULES, PacketCode, computed, known_symbols, same_modules

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODES = st.builds(
    PageCode,
    packet_id=st.text(LETTERS, min_size=20, max_size=20),
    page=st.none() | st.integers(1, 999),
    pages=st.integers(1, 999),
    form=st.text(LETTERS, min_size=8, max_size=8),
)


def path(code: PageCode) -> bytes:
    """The path of a code, of all its parts."""
    packet = PacketCode.of(code.packet_id)
    return same_modules(code.pages, code.form) + packet.modules + packet.page_modules(code.page, code.pages, code.form)


def dark_modules(path: bytes) -> int:
    """The modules that the path covers, row by row from the top, as a number."""
    number = 0
    for line in path.splitlines():
        left, low, width, height = (int(part) for part in line.removesuffix(b"re").split())
        for y, x in product(range(low, low + height), range(left, left + width)):
            bit = 1 << (y * MODULES + MODULES - 1 - x)
            assert not number & bit, "no module is covered twice"
            number |= bit
    return number


@settings(max_examples=150, deadline=None)
@given(CODES)
def test_a_symbol_looked_up_is_the_symbol_computed(code: PageCode) -> None:
    assert dark_modules(path(code)) == computed(str(code))


def test_the_shipped_symbols_are_the_ones_that_segno_makes() -> None:
    assert Path(symbols.__file__).with_name("symbols.bin").read_bytes() == known_symbols()


@settings(max_examples=40, deadline=None)
@given(CODES)
def test_a_reader_reads_what_the_code_says(code: PageCode) -> None:
    side, quiet = 6, 4
    image = Image.new("L", ((MODULES + 2 * quiet) * side,) * 2, 255)
    draw = ImageDraw.Draw(image)
    dark = dark_modules(path(code))
    for place in range(MODULES * MODULES):
        if dark >> (MODULES * MODULES - 1 - place) & 1:
            y, x = divmod(place, MODULES)
            left, top = (x + quiet) * side, (y + quiet) * side
            draw.rectangle((left, top, left + side - 1, top + side - 1), fill=0)
    (read,) = zxingcpp.read_barcodes(image)
    assert PageCode.parse(read.text) == code


@given(st.text(max_size=60))
def test_a_foreign_code_says_nothing(payload: str) -> None:
    assert PageCode.parse(payload) is None


@given(st.binary(min_size=32, max_size=32), st.text(min_size=1, max_size=40), st.text(min_size=1, max_size=40))
def test_packet_ids_are_opaque_and_differ(run_key: bytes, one: str, other: str) -> None:
    assert set(packet_id(run_key, one)) <= set(LETTERS)
    assert len(packet_id(run_key, one)) * 5 >= 96
    assert (packet_id(run_key, one) == packet_id(run_key, other)) == (one == other)
