"""A finished PDF that goes into packets as it is: its pages and all they need, ready to be written with new numbers."""

from __future__ import annotations

from dataclasses import dataclass

from handouts.errors import ClinicError
from handouts.model import Clinic

Body = tuple[bytes | int, ...]
"""An object's bytes; a number stands for a reference to that object of the attachment, counted from 0."""


@dataclass(frozen=True, slots=True, eq=False)
class Attachment:
    """kind: what it is called in the manifest. sha256: of the file.

    objects: all that the pages need. pages: their dictionaries' entries, without /Type and /Parent.
    """

    kind: str
    sha256: str
    objects: tuple[Body, ...]
    pages: tuple[Body, ...]

    def bodies(self, first: int) -> list[bytes]:
        """The objects, to be written as numbers `first`, `first` + 1 and so on."""
        return [_numbered(body, first) for body in self.objects]

    def page(self, index: int, parent: int, first: int) -> bytes:
        """A page object."""
        return b"<</Type/Page/Parent %d 0 R%s>>" % (parent, _numbered(self.pages[index], first))


def _numbered(body: Body, first: int) -> bytes:
    return b"".join(part if isinstance(part, bytes) else b"%d 0 R" % (first + part) for part in body)


def read_notice(clinic: Clinic) -> Attachment | None:
    """The clinic's copy of the Medicare notice CMS-R-131. Raises ClinicError where it cannot be used."""
    if clinic.medicare_notice is None:
        return None
    path = (clinic.folder / clinic.medicare_notice).resolve()
    if not path.is_relative_to(clinic.folder.resolve()):
        hint = "Copy it beside clinic.yaml."
        raise ClinicError("the Medicare notice lies outside the clinic's folder", where=path, hint=hint)
    from handouts.press.finished import read_attachment

    return read_attachment("medicare-notice", path)
