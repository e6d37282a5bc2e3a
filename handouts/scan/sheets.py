"""A foreign file that was opened page by page.

Runs in a process of its own with limits (`handouts/scan/child.py`): whatever a file does to a library ends there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from handouts.scan.pictures import Picture

MOST_PIXELS = 90_000_000
"""Of a page: A3 at 600 dots per inch, and some."""
DAMAGED = "it is damaged or cut off; scan the paper again"
LETTER = 11
"""Inches that a page is taken to be long of which nothing tells."""
_LEAST_PIXELS = 100
"""Of each side of a page: an inch."""


class Unreadable(Exception):
    """A file, or one page of it, that cannot be opened. The text says why, and holds nothing of the file."""


@dataclass(frozen=True)
class Sheet:
    """A page of a file. text: what the file says of its letters. Raises Unreadable where it is too small for one."""

    picture: Picture
    text: str = ""

    def __post_init__(self) -> None:
        if min(self.picture.shape) < _LEAST_PIXELS:
            raise Unreadable("the page has no size that paper has")


class Stack(Protocol):
    """The pages of an opened file. Numbers count from 0."""

    def __len__(self) -> int: ...

    def sheet(self, number: int) -> Sheet:
        """A page to look at. Raises Unreadable."""
        ...

    def pdf(self, number: int, turned: int) -> bytes:
        """The page as a PDF of one page, its picture as it was scanned, turned upright. Raises Unreadable.

        turned: how the page lies, in degrees clockwise.
        """
        ...
