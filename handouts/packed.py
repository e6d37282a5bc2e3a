"""Many alike things in little memory: what a run holds of each of 100,000 patients."""

from __future__ import annotations

import pickle
import zlib
from collections.abc import Iterable, Sequence
from typing import Generic, TypeVar, overload

T = TypeVar("T")
_WINDOW = 12
"""Bits: 4 KB of the first item are what later ones are likened to."""


class Packed(Sequence[T], Generic[T]):
    """A sequence that grows. Each item is kept as some 200 bytes, and made anew whenever it is asked for.

    Items are pickled and deflated, with the first as the dictionary: they have most of their bytes in common.
    """

    def __init__(self, items: Iterable[T] = ()) -> None:
        self._pattern = b""
        self._items: list[bytes] = []
        self.extend(items)

    def append(self, item: T) -> None:
        """Add an item at the end."""
        data = pickle.dumps(item, pickle.HIGHEST_PROTOCOL)
        if not self._items:
            self._pattern = data[: 1 << _WINDOW]
        deflating = zlib.compressobj(1, zlib.DEFLATED, -_WINDOW, 4, zlib.Z_DEFAULT_STRATEGY, self._pattern)
        self._items.append(deflating.compress(data) + deflating.flush())

    def extend(self, items: Iterable[T]) -> None:
        """Add items at the end."""
        for item in items:
            self.append(item)

    def copy(self) -> Packed[T]:
        """Another sequence of the same items, which grows by itself."""
        other: Packed[T] = Packed()
        other._pattern, other._items = self._pattern, self._items.copy()
        return other

    def __len__(self) -> int:
        return len(self._items)

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[T]: ...
    def __getitem__(self, index: int | slice) -> T | Sequence[T]:
        if isinstance(index, slice):
            return [self[each] for each in range(*index.indices(len(self)))]
        data = zlib.decompressobj(-_WINDOW, self._pattern).decompress(self._items[index])
        item: T = pickle.loads(data)  # noqa: S301  our own, and never left this process
        return item
