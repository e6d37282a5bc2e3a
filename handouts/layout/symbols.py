"""QR symbols as PDF paths, without computing a symbol anew for each page.

For one version, correction level, mask and length, every module of a symbol is an affine function over GF(2)
of the payload's bits: placement only moves bits, Reed-Solomon parity is linear, the mask adds a constant. So
a symbol is the exclusive or of a few symbols that are known beforehand: the one whose payload bits are all
zero, and for every bit the difference that it makes. `make codes` takes these from segno and they are shipped.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from handouts.layout.codes import PAYLOAD_LENGTH

MODULES = 29
"""Modules along a side of a version 3 symbol; a quiet zone of four more surrounds it (ISO/IEC 18004)."""

_FILE = Path(__file__).with_name("symbols.bin")
_CHARACTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
"""QR's alphanumeric mode: two characters are a number of 11 bits, 45 × the first + the second; a last one has 6."""

_PAIR_BITS, _LAST_BITS = 11, 6
_SYMBOL_BYTES = (MODULES * MODULES + 7) // 8
_STRIP = 10
"""Modules whose path operators are looked up together."""

_NEXT_ROW = b"f 1 0 0 1 0 1 cm\n"
_MASK = 4
"""Always the same one: readers take any, and choosing the best would make the symbol no affine function."""


def symbol(payload: str) -> bytes:
    """Path operators that fill the dark modules; one unit a module, the origin at the symbol's lower left.

    Each row is drawn at the origin, which then moves up: rows are spelled alike, and deflate to two thirds.
    """
    modules = _zero()
    for place in range(0, PAYLOAD_LENGTH, 2):
        modules ^= _difference(place, payload[place : place + 2])
    strips: list[bytes] = []
    row_mask, strip_mask = (1 << MODULES) - 1, (1 << _STRIP) - 1
    for _ in range(MODULES):  # the last row comes first: y grows upwards
        row = modules & row_mask
        modules >>= MODULES
        for right in range(0, MODULES, _STRIP):
            strips.append(_strip(right, row & strip_mask))
            row >>= _STRIP
        strips.append(_NEXT_ROW)
    return b"".join(strips)


@cache
def _strip(right: int, modules: int) -> bytes:
    """Rectangles for the modules of a part of a row; `right` counts the modules to the right of it."""
    runs: list[bytes] = []
    column = MODULES - right - 1
    while modules:
        length = 0
        while modules & 1:
            length, modules = length + 1, modules >> 1
        if length:
            runs.append(b"%d 0 %d 1 re\n" % (column - length + 1, length))
            column -= length
        while modules and not modules & 1:
            column, modules = column - 1, modules >> 1
    return b"".join(runs)


@cache
def _difference(place: int, characters: str) -> int:
    """What the characters at `place` change in the symbol."""
    number = 0
    for character in characters:
        number = number * len(_CHARACTERS) + _CHARACTERS.index(character)
    difference = 0
    for bit, change in enumerate(_changes(place)):
        if number >> bit & 1:
            difference ^= change
    return difference


def _changes(place: int) -> list[int]:
    """For each bit of the characters at `place`, lowest first, the modules that it turns over."""
    first = 1 + place // 2 * _PAIR_BITS
    bits = _PAIR_BITS if place + 1 < PAYLOAD_LENGTH else _LAST_BITS
    return [_known()[first + bit] for bit in range(bits)]


def _zero() -> int:
    return _known()[0]


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
