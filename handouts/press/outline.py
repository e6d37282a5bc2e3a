"""Bookmarks (ISO 32000-1, 12.3.3)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from handouts.layout.tags import text_string


@dataclass(frozen=True, slots=True)
class Bookmark:
    """A title, and the number of the page object that it leads to."""

    title: str
    page: int


def outline(bookmarks: Sequence[Bookmark], first: int) -> Iterator[bytes]:
    """The objects of a flat outline, which have numbers from `first` on: its root, then an item a bookmark."""
    count = len(bookmarks)
    ends = b"/Count %d/First %d 0 R/Last %d 0 R" % (count, first + 1, first + count) if count else b""
    yield b"<</Type/Outlines%s>>" % ends
    for number, bookmark in enumerate(bookmarks, first + 1):
        before = b"/Prev %d 0 R" % (number - 1) if number > first + 1 else b""
        after = b"/Next %d 0 R" % (number + 1) if number < first + count else b""
        yield b"<</Title%s/Parent %d 0 R%s%s/Dest[%d 0 R/Fit]>>" % (
            text_string(bookmark.title), first, before, after, bookmark.page
        )  # fmt: skip
