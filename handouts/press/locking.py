"""A packet's file locked with a password, for e-mailing."""

from __future__ import annotations

import io
import secrets


def locked(file: bytes, password: str) -> bytes:
    """The same PDF encrypted with AES-256 (ISO 32000-2, revision 6), its metadata too. Never the same bytes twice.

    Whoever opens it may do everything with it: limits that the password's owner could lift protect nothing. To read
    it aloud must be allowed (ISO 14289-1, 7.16).
    """
    import pikepdf

    with pikepdf.open(io.BytesIO(file)) as document:
        # A file's identifier stays in the clear, and ours is a digest over the patient's text: whoever guesses a birth
        # date could see whether it is right.
        identifier = pikepdf.String(secrets.token_bytes(16))
        document.trailer["/ID"] = pikepdf.Array([identifier, identifier])
        out = io.BytesIO()
        everything = pikepdf.Permissions(modify_assembly=True)
        document.save(out, encryption=pikepdf.Encryption(owner=password, user=password, R=6, allow=everything))
    return out.getvalue()
