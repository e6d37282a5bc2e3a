"""A finished PDF that goes into packets as it is: its pages and all they need, ready to be written with new numbers."""

from __future__ import annotations

from dataclasses import dataclass

Body = tuple[bytes | int, ...]
"""An object's bytes; a number stands for a reference to that object of the attachment, counted from 0."""


@dataclass(frozen=True, slots=True)
class AttachedPage:
    """entries: of its dictionary, but for the place in the document. Its content is one piece, with MCID 0.

    box: left, bottom, right and top of what is seen of it, in its own units.
    """

    entries: Body
    box: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True, eq=False)
class Attachment:
    """kind: what it is called in the manifest. title: what it is called to readers. sha256: of the file.

    objects: all that the pages need. doubt: why nobody can vouch that the pages keep to PDF/A-2a and PDF/UA-1 inside
    a document that does; empty where they do.
    """

    kind: str
    title: str
    sha256: str
    objects: tuple[Body, ...]
    pages: tuple[AttachedPage, ...]
    doubt: str

    def bodies(self, first: int) -> list[bytes]:
        """The objects, to be written as numbers `first`, `first` + 1 and so on."""
        return [_numbered(body, first) for body in self.objects]


@dataclass(frozen=True, slots=True)
class Attached:
    """An attachment whose objects a document has. first: the number of the first."""

    attachment: Attachment
    first: int

    @property
    def pages(self) -> list[bytes]:
        """What each page's dictionary has."""
        return [_numbered(page.entries, self.first) for page in self.attachment.pages]


def _numbered(body: Body, first: int) -> bytes:
    return b"".join(part if isinstance(part, bytes) else b"%d 0 R" % (first + part) for part in body)
