"""The code on every page: which packet, which page of how many, which version of the form. Nothing about a patient.

Payload: `HO1/<packet id>/<page>/<pages>/<form>`, upper-case letters, digits and slashes only, so that QR's
alphanumeric mode holds it in version 3 (29 modules) with error correction Q.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

PADDING_PAGE = "PAD"
"""Stands for the page number on a page that is left blank on purpose."""

PAYLOAD_LENGTH = 41
"""Characters of every payload; version 3 with correction Q holds 47."""

PACKET, PAGE, PAGES, FORM = range(4, 24), range(25, 28), range(29, 32), range(33, 41)
"""Where in a payload its parts stand."""

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_PAYLOAD = re.compile(rf"HO1/([{_ALPHABET}]{{20}})/(\d{{3}}|{PADDING_PAGE})/(\d{{3}})/([{_ALPHABET}]{{8}})")


@dataclass(frozen=True, slots=True)
class PageCode:
    """What one page's code says. page is None on a padding page."""

    packet_id: str
    page: int | None
    pages: int
    form: str

    def __str__(self) -> str:
        """The payload."""
        page = PADDING_PAGE if self.page is None else f"{self.page:03}"
        return f"HO1/{self.packet_id}/{page}/{self.pages:03}/{self.form}"

    @classmethod
    def parse(cls, payload: str) -> PageCode | None:
        """What a payload read from paper says; None for any other code."""
        read = _PAYLOAD.fullmatch(payload)
        if read is None:
            return None
        return cls(read[1], None if read[2] == PADDING_PAGE else int(read[2]), int(read[3]), read[4])


def short_id(digest: bytes, characters: int) -> str:
    """The first 5 × `characters` bits of a digest, in letters and digits hard to confuse (Crockford)."""
    bits = int.from_bytes(digest, "big") >> (len(digest) * 8 - characters * 5)
    return "".join(_ALPHABET[(bits >> shift) & 31] for shift in range((characters - 1) * 5, -1, -5))


def packet_id(run_key: bytes, appointment_id: str) -> str:
    """An opaque id of 100 bits. `run_key` is a digest over the whole run, so nobody can work back to an appointment."""
    return short_id(hashlib.blake2b(appointment_id.encode(), key=run_key, digest_size=20).digest(), 20)


def grouped(identifier: str) -> str:
    """A packet id as printed for people: groups of five."""
    return "-".join(identifier[start : start + 5] for start in range(0, len(identifier), 5))
