"""How a worker's answers travel: pickled, but each skeleton once, however many packets share it.

A print run spells each skeleton it meets (handouts/press/numbered.py), which takes as long as pressing a packet. So
what comes in must be the skeleton met before, also where another worker made it.
"""

from __future__ import annotations

import io
import pickle
from collections.abc import Callable

from handouts.layout.skeleton import Skeleton

_MOST_KEPT = 128
_Content = tuple[object, ...]
_Known = tuple[int, _Content | None]
"""A skeleton's number at this worker, and what it is made of if it comes for the first time."""

Shared = dict[_Content, Skeleton]
"""Skeletons by what they are made of."""


class Packing:
    """The worker's end."""

    def __init__(self) -> None:
        self._numbers: dict[Skeleton, int] = {}

    def packed(self, thing: object) -> bytes:
        """The thing as bytes, to be unpacked in the same order as it was packed."""
        out = io.BytesIO()
        _Pickler(out, self._numbers).dump(thing)
        return out.getvalue()


class _Pickler(pickle.Pickler):
    def __init__(self, out: io.BytesIO, numbers: dict[Skeleton, int]) -> None:
        super().__init__(out, pickle.HIGHEST_PROTOCOL)
        self._numbers = numbers

    def persistent_id(self, thing: object) -> _Known | None:
        if not isinstance(thing, Skeleton):
            return None
        if thing in self._numbers:
            return self._numbers[thing], None
        if len(self._numbers) == _MOST_KEPT:
            self._numbers.clear()
        number = self._numbers[thing] = len(self._numbers)
        return number, thing.content


class Unpacking:
    """The other end. shared: the skeletons that came from any worker."""

    def __init__(self, shared: Shared) -> None:
        self._shared = shared
        self._known: dict[int, Skeleton] = {}

    def unpacked(self, data: bytes) -> object:
        """What was packed."""
        return _Unpickler(io.BytesIO(data), self._skeleton).load()

    def _skeleton(self, number: int, content: _Content | None) -> Skeleton:
        if content is None:
            return self._known[number]
        if number == 0:
            self._known.clear()
        if content not in self._shared:
            if len(self._shared) == _MOST_KEPT:
                self._shared.pop(next(iter(self._shared)))
            self._shared[content] = Skeleton(*content)  # type: ignore[arg-type]  # its own fields, in order
        self._known[number] = self._shared[content]
        return self._known[number]


class _Unpickler(pickle.Unpickler):
    def __init__(self, data: io.BytesIO, skeleton: Callable[[int, _Content | None], Skeleton]) -> None:
        super().__init__(data)
        self._skeleton = skeleton

    def persistent_load(self, known: _Known) -> Skeleton:
        return self._skeleton(*known)
