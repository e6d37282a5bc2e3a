"""Packets of one skeleton in a print run, side by side, so that each takes next to no room.

Their objects differ in nothing but numbers. Those of up to ten packets get such numbers that a packet's differ from the
next one's in the last digit alone, and each object stands under the same object of the packet before, in a row of as
many bytes. Told as differences to the row above (the PNG predictor of ISO 32000-1, 7.4.4.4) the rows below the first
are all alike, and nearly all zeros: deflate makes of them what it makes of nothing.
"""

from __future__ import annotations

import itertools
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, groupby

from handouts.press.numbered import Numbered, Object
from handouts.press.objects import MOST_TOGETHER
from handouts.press.predictor import AS_IT_IS, PREDICTOR, UP, differences

TOGETHER = (10, 5, 2, 1)
"""How many packets can stand side by side: the last digits of their numbers never carry."""

STEP = 100
"""The first number of packets that stand side by side is a multiple of this: its last digits are always the same."""

_LAST, _PLACE = 2, 7
"""Digits of a number that are always the same, and of an object's place in its stream."""

_LEVEL = 3


@dataclass(frozen=True, slots=True)
class _Digits:
    """All but the last two digits of a number, `hundreds` hundreds after the first; told as a difference, if `above`.

    above: the hundreds of the number that stands there one row higher.
    """

    hundreds: int
    above: int | None = None


_Piece = bytes | _Digits


class _Stream:
    """An object stream for packets side by side. count: of its objects. header: bytes before the first of them."""

    def __init__(self, columns: int, count: int, header: int, pieces: Iterable[_Piece]) -> None:
        self.columns = columns
        self.count = count
        self.header = header
        self._pieces: list[bytes] = []
        self._digits: dict[_Digits, list[int]] = {}
        """Where in the pieces each belongs."""
        known: dict[bytes, bytes] = {}
        for piece in pieces:
            if isinstance(piece, _Digits):
                self._digits.setdefault(piece, []).append(len(self._pieces))
                piece = b""
            self._pieces.append(known.setdefault(piece, piece))  # most rows of differences are equal: each is kept once

    def body(self, hundreds: int) -> bytes:
        """The body, where the first number of all is so many hundreds."""
        data = self._pieces.copy()
        for digits, places in self._digits.items():
            told = b"%d" % (hundreds + digits.hundreds)
            if digits.above is not None:
                told = differences(told, b"%d" % (hundreds + digits.above))
            for place in places:
                data[place] = told
        deflated = zlib.compress(b"".join(data), _LEVEL)
        return b"<</Type/ObjStm/N %d/First %d/Filter/FlateDecode/DecodeParms<<%s>>/Length %d>>stream\n%s\nendstream" % (
            self.count, self.header, PREDICTOR % self.columns, len(deflated), deflated
        )  # fmt: skip


class SideBySide:
    """The objects of packets of one skeleton that are alike in all of them.

    packets: how many stand side by side. digits: of every number. own: how many objects of each packet stand elsewhere.
    """

    def __init__(self, spelled: Numbered, packets: int, digits: int) -> None:
        self.packets = packets
        self.own = spelled.own
        self._digits = digits
        widths = {local: _columns(self._length(body)) for local, body in enumerate(spelled.objects)}
        alike = sorted(range(self.own, len(spelled.objects)), key=lambda local: (widths[local], local))
        order = [*range(self.own), *alike]
        self._places = {local: place for place, local in enumerate(order)}
        """Local numbers by size, so that the numbers of each stream follow one another."""
        self.streams: list[_Stream] = []
        for columns, group in groupby(alike, lambda local: widths[local]):
            locals_ = list(group)
            most = min(MOST_TOGETHER, 10**_PLACE // columns) // packets
            for start in range(0, len(locals_), most):
                part = locals_[start : start + most]
                self.streams.append(self._stream([spelled.objects[local] for local in part], part[0], columns))

    def number(self, local: int, packet: int) -> int:
        """The number of a packet's object, where the first of all is 0."""
        return self._places[local] * self.packets + packet

    # -- rows --------------------------------------------------------------------------------------

    def _length(self, body: Object) -> int:
        return sum(len(part) if isinstance(part, bytes) else self._digits for part in body) + 1

    def _stream(self, objects: Sequence[Object], first: int, columns: int) -> _Stream:
        start = self._places[first] * self.packets
        together = max(each for each in (1, 2, 5, 10, 20, 50) if each * self._pair_width <= columns)
        header = self._header(start, len(objects) * self.packets, together, columns)
        pieces = chain(header, *(self._rows(body, columns) for body in objects))
        rows = -(-len(objects) * self.packets // together)
        return _Stream(columns, len(objects) * self.packets, rows * columns, pieces)

    @property
    def _pair_width(self) -> int:
        """A number and a place, each with a space behind it."""
        return self._digits + 1 + _PLACE + 1

    def _header(self, start: int, objects: int, together: int, columns: int) -> Iterator[_Piece]:
        """Numbers and places, so many pairs in each row."""
        above: list[tuple[int, bytes]] = []
        for at in range(0, objects, together):
            row: list[tuple[int, bytes]] = []
            for index in range(at, min(at + together, objects)):
                hundreds, last = divmod(start + index, STEP)
                row.append((hundreds, b"%0*d %*d " % (_LAST, last, _PLACE, index * columns)))
            if len(row) == len(above):
                yield UP
                for (hundreds, rest), (up, rest_above) in zip(row, above, strict=True):
                    yield _Digits(hundreds, up) if hundreds != up else bytes(self._digits - _LAST)
                    yield differences(rest, rest_above)
                yield bytes(columns - len(row) * self._pair_width)
            else:
                yield AS_IT_IS
                for hundreds, rest in row:
                    yield _Digits(hundreds)
                    yield rest
                yield b" " * (columns - len(row) * self._pair_width)
            above = row

    def _rows(self, body: Object, columns: int) -> Iterator[_Piece]:
        """An object of the first packet, and what the others' differ by."""
        length = 0
        one_more = bytearray(columns)
        yield AS_IT_IS
        for part in body:
            if isinstance(part, bytes):
                yield part
                length += len(part)
                continue
            hundreds, last = divmod(self._places[part] * self.packets, STEP)
            yield _Digits(hundreds)
            yield b"%02d" % last
            length += self._digits
            one_more[length - 1] = 1
        yield b" " * (columns - length - 1) + b"\n"
        yield (UP + bytes(one_more)) * (self.packets - 1)


def _columns(length: int) -> int:
    """The width of a row for an object of that length: 50, 100, 200, 500 and so on, so that places are round."""
    width, factors = 50, itertools.cycle((2, 2, 2.5))
    while width < length:
        width = int(width * next(factors))
    return width
