"""QR symbols as PDF paths, without computing a symbol anew for each page.

For one version, correction level, mask and length, every module of a symbol is an affine function over GF(2)
of the payload's bits: placement only moves bits, Reed-Solomon parity is linear, the mask adds a constant. So
a symbol is the exclusive or of a few symbols that are known beforehand: the one whose payload bits are all
zero, and for every bit the difference that it makes. `make codes` takes these from segno and they are shipped.

Most modules of a packet's symbols are the same on all its pages, or even in all packets. So a symbol is one path in
three parts, each written once: what depends on neither the packet nor the page, what depends on the packet alone, and
the rest, a fifth of all modules.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import groupby
from pathlib import Path

from handouts.layout.codes import FORM, PACKET, PAGE, PAGES, PAYLOAD_LENGTH, PageCode

MODULES = 29
"""Modules along a side of a version 3 symbol; a quiet zone of four more surrounds it (ISO/IEC 18004)."""

_FILE = Path(__file__).with_name("symbols.bin")
_CHARACTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
"""QR's alphanumeric mode: two characters are a number of 11 bits, 45 × the first + the second; a last one has 6."""

_PAIR_BITS, _LAST_BITS = 11, 6
_SYMBOL_BYTES = (MODULES * MODULES + 7) // 8
_MASK = 4
"""Always the same one: readers take any, and choosing the best would make the symbol no affine function."""


# -- the parts of a symbol -------------------------------------------------------------------------
#
# Operators that add dark modules to the path; one unit a module, the origin at the symbol's lower left. Whoever writes
# the last part fills the path: filled at once, modules side by side have no seam.


def same_modules(pages: int, mark: str) -> bytes:
    """What the symbols of all packets of so many pages have in common."""
    dark = _symbol(str(PageCode(_NO_PACKET, 1, pages, mark))) & _layers().same
    rows = (dark >> MODULES * y & (1 << MODULES) - 1 for y in range(MODULES))
    return _path((MODULES - 1 - column, y) for y, row in enumerate(rows) for column in _bits(row))


@dataclass(frozen=True, slots=True)
class PacketCode:
    """The symbols of one packet. modules: what they have in common, and other packets have not."""

    modules: bytes
    _change: int

    @classmethod
    def of(cls, packet_id: str) -> PacketCode:
        """The symbols of the packet of that id."""
        layers = _layers()
        packet, page = _of_no_packet(), 0
        for place in range(PACKET.start, PACKET.stop, 2):
            on_packet, on_page = _changes(place, packet_id[place - PACKET.start : place - PACKET.start + 2])
            packet, page = packet ^ on_packet, page ^ on_page
        return cls(layers.packet.path(packet), page)

    def page_modules(self, page: int | None, pages: int, mark: str) -> bytes:
        """The modules of one page that differ between pages. page: from 1; None for a padding page."""
        return _layers().page.path(self._change ^ _of_page(page, pages, mark))


@dataclass(frozen=True, slots=True)
class _Layer:
    """Modules of a symbol that are told by a number: eight bits for each cell, of eight modules close together."""

    cells: tuple[_Cell, ...]

    @classmethod
    def of(cls, modules: int) -> _Layer:
        """A layer of the modules that are one in a symbol."""
        # as codewords stand: two columns wide
        places = sorted(_bits(modules), key=lambda place: (place % MODULES // 2, place // MODULES, place))
        return cls(tuple(_Cell(places[at : at + _CELL]) for at in range(0, len(places), _CELL)))

    def gathered(self, symbol: int) -> int:
        """What a symbol's modules are here, as a number."""
        number = 0
        for cell in self.cells:
            number <<= _CELL
            for bit, place in enumerate(cell.places):
                number |= (symbol >> place & 1) << bit
        return number

    def path(self, number: int) -> bytes:
        """The operators for a number."""
        return b"".join([cell[byte] for cell, byte in zip(self.cells, number.to_bytes(len(self.cells)), strict=True)])


_CELL = 8


class _Cell(dict[int, bytes]):
    """Operators for each way in which eight modules can be dark; spelled when they are first asked for."""

    def __init__(self, places: Sequence[int]) -> None:
        super().__init__()
        self.places = places

    def __missing__(self, dark: int) -> bytes:
        modules = [divmod(place, MODULES) for bit, place in enumerate(self.places) if dark >> bit & 1]
        self[dark] = _path((MODULES - 1 - right, y) for y, right in modules)
        return self[dark]


def _path(modules: Iterable[tuple[int, int]]) -> bytes:
    """Rectangles that cover modules, each told by its x and y; wide ones, then as tall as the row above allows."""
    held = sorted(modules, key=lambda module: (module[1], module[0]))
    runs: dict[tuple[int, int], list[int]] = {}
    for _, run in groupby(enumerate(held), lambda each: (each[1][1], each[1][0] - each[0])):
        members = [module for _, module in run]
        runs.setdefault((members[0][0], len(members)), []).append(members[0][1])
    spelled = []
    for (x, width), rows in runs.items():
        for _, together in groupby(enumerate(rows), lambda each: each[1] - each[0]):
            column = [y for _, y in together]
            spelled.append(b"%d %d %d %d re\n" % (x, column[0], width, len(column)))
    return b"".join(spelled)


def _bits(number: int) -> list[int]:
    return [place for place in range(number.bit_length()) if number >> place & 1]


@dataclass(frozen=True)
class _Layers:
    """Which modules are told by what. Numbers have a bit for each module, the last one's lowest."""

    by_packet: int
    by_page: int
    by_number: int

    @cached_property
    def packet(self) -> _Layer:
        """What the packet's id decides alone."""
        return _Layer.of(self.by_packet & ~self.by_page)

    @cached_property
    def page(self) -> _Layer:
        """What the page's number decides, and what it takes both to know."""
        return _Layer.of(self.by_packet & self.by_page | self.by_number)

    @property
    def same(self) -> int:
        """All others."""
        return (1 << MODULES * MODULES) - 1 & ~self.by_packet & ~self.by_number


@cache
def _layers() -> _Layers:
    def changed(characters: range) -> int:
        modules = 0
        for place in range(characters.start & ~1, characters.stop, 2):
            for change in _bit_changes(place):
                modules |= change
        return modules

    number = changed(PAGE)
    return _Layers(changed(PACKET), number | changed(PAGES) | changed(FORM), number)


_NO_PACKET = "0" * len(PACKET)


@cache
def _of_no_packet() -> int:
    return _layers().packet.gathered(_symbol(str(PageCode(_NO_PACKET, 1, 1, "0" * len(FORM)))))


@cache
def _of_page(page: int | None, pages: int, mark: str) -> int:
    return _layers().page.gathered(_symbol(str(PageCode(_NO_PACKET, page, pages, mark))))


@cache
def _changes(place: int, characters: str) -> tuple[int, int]:
    """What two characters of the packet's id change in the layers of the packet and of the page."""
    packet = page = 0
    for bit, (on_packet, on_page) in enumerate(_gathered_changes(place)):
        if _number(characters) >> bit & 1:
            packet, page = packet ^ on_packet, page ^ on_page
    return packet, page


@cache
def _gathered_changes(place: int) -> list[tuple[int, int]]:
    layers = _layers()
    return [(layers.packet.gathered(change), layers.page.gathered(change)) for change in _bit_changes(place)]


# -- symbols ---------------------------------------------------------------------------------------


def _symbol(payload: str) -> int:
    """The modules of a symbol, row by row from the top; the last one is the lowest bit."""
    modules = _known()[0]
    for place in range(0, PAYLOAD_LENGTH, 2):
        modules ^= _difference(place, payload[place : place + 2])
    return modules


def _difference(place: int, characters: str) -> int:
    """What the characters at `place` change in the symbol."""
    difference = 0
    for bit, change in enumerate(_bit_changes(place)):
        if _number(characters) >> bit & 1:
            difference ^= change
    return difference


def _number(characters: str) -> int:
    number = 0
    for character in characters:
        number = number * len(_CHARACTERS) + _CHARACTERS.index(character)
    return number


def _bit_changes(place: int) -> list[int]:
    """For each bit of the characters at `place`, lowest first, the modules that it turns over."""
    first = 1 + place // 2 * _PAIR_BITS
    bits = _PAIR_BITS if place + 1 < PAYLOAD_LENGTH else _LAST_BITS
    return [_known()[first + bit] for bit in range(bits)]


@cache
def _known() -> list[int]:
    data = _FILE.read_bytes()
    return [int.from_bytes(data[at : at + _SYMBOL_BYTES]) for at in range(0, len(data), _SYMBOL_BYTES)]


# -- made beforehand -------------------------------------------------------------------------------


def computed(payload: str) -> int:
    """The symbol's modules as a number, row by row from the top, as segno computes it."""
    import segno

    code = segno.make(payload, version=3, error="q", mode="alphanumeric", mask=_MASK, boost_error=False)
    return int("".join(str(module & 1) for row in code.matrix for module in row), 2)


def known_symbols() -> bytes:
    """The content of the shipped file: the symbol of all zero bits, then the change that each bit makes."""
    zero = computed("0" * PAYLOAD_LENGTH)
    known = [zero]
    for place in range(0, PAYLOAD_LENGTH, 2):
        length = min(2, PAYLOAD_LENGTH - place)
        for bit in range(_PAIR_BITS if length == 2 else _LAST_BITS):
            first, second = divmod(1 << bit, len(_CHARACTERS))
            characters = (_CHARACTERS[first] + _CHARACTERS[second])[-length:]
            payload = characters.join(("0" * place, "0" * (PAYLOAD_LENGTH - place - length)))
            known.append(computed(payload) ^ zero)
    return b"".join(symbol.to_bytes(_SYMBOL_BYTES) for symbol in known)


if __name__ == "__main__":
    _FILE.write_bytes(known_symbols())
