"""A list's bytes and what they are: told by their content, whatever the file is called."""

from __future__ import annotations

import io
import zipfile
from enum import Enum
from pathlib import Path

from handouts.errors import ListError, Place
from handouts.intake.package_xml import unpacked

LARGEST = 20_000_000
"""Bytes of a list; a large clinic's day is some hundred kilobytes, or some megabytes of FHIR."""
_MOST_UNPACKED = 64_000_000
_MOST_MEMBERS = 10_000
_HIGHEST_RATIO = 200
_RATIO_COUNTS_FROM = 1024 * 1024
_OLE = b"\xd0\xcf\x11\xe0"
_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"
_OTHERS = (
    (b"%PDF", "a PDF"),
    (b"{\\rtf", "a text document"),
    (b"\x1f\x8b", "a compressed file"),
    *((magic, "a picture") for magic in (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*")),
)
_FORMATS = "CSV, TSV, XLSX, ODS, JSON or FHIR"


class Format(Enum):
    """What a file holds, as far as its first bytes tell."""

    XLSX = "xlsx"
    ODS = "ods"
    JSON = "json"
    DELIMITED = "delimited text"


def load(path: Path) -> bytes:
    """The bytes of a list.

    Raises:
        ListError: it is missing, unreadable, empty or too large.

    """
    place = Place(path)
    try:
        if path.is_dir():
            raise ListError("this is a folder, not an appointment list", where=place, hint="Name the file itself.")
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except FileNotFoundError:
        raise ListError("there is no such file", where=place, hint="Check the name and the folder.") from None
    except OSError as error:
        reason = error.strerror or "the file system refused"
        raise ListError(
            f"the list cannot be read: {reason}", where=place, hint="Check that you may open it, then run again."
        ) from error
    if len(data) > LARGEST:
        raise ListError(
            f"the list is larger than {LARGEST // 1_000_000} MB",
            where=place,
            hint="Export one day only, and only the columns needed.",
        )
    if data.isspace() or not data:
        raise ListError("the list is empty", where=place, hint="Export it again.")
    return data


def format_of(data: bytes, path: Path) -> Format:
    """Which reader the content is for.

    Raises:
        ListError: for none.

    """
    if data.startswith(b"PK\x03\x04"):
        return _zip_format(data, path)
    if data.startswith(_OLE):
        raise _old_or_encrypted(data, path)
    for magic, kind in _OTHERS:
        if data.startswith(magic):
            raise _unknown(path, kind)
    start = _beginning(data)
    if start.startswith("<"):
        raise _unknown(path, "a web page or XML")
    return Format.JSON if start.startswith(("{", "[")) else Format.DELIMITED


def _beginning(data: bytes) -> str:
    head = data[:4096]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head.decode("utf-16", errors="ignore").lstrip()
    return head.removeprefix(b"\xef\xbb\xbf").decode("latin-1").lstrip()


def _unknown(path: Path, kind: str) -> ListError:
    return ListError(
        f"the list is {kind}, which cannot be read", where=Place(path), hint=f"Export the list as {_FORMATS}."
    )


def _old_or_encrypted(data: bytes, path: Path) -> ListError:
    if "EncryptedPackage".encode("utf-16-le") in data:
        what = "the list is protected by a password"
    else:
        what = "the list is in the old Excel format (.xls) or protected by a password"
    return ListError(what, where=Place(path), hint="Open it in Excel and save it as .xlsx without a password.")


def _zip_format(data: bytes, path: Path) -> Format:
    place = Place(path)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            _check_size(members, place)
            names = {member.filename for member in members}
            if len({name.casefold() for name in names}) < len(members):
                raise ValueError("two parts of one name, of which each reader takes another")
            if "xl/workbook.xml" in names:
                return Format.XLSX
            if "mimetype" in names and unpacked(archive, "mimetype").strip() == _ODS:
                return Format.ODS
    # zipfile tells of a damaged file in all these ways; each is told as one.
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError, OSError) as error:
        raise ListError(
            "the list is a damaged spreadsheet or zip file", where=place, hint="Export or save it again."
        ) from error
    raise _unknown(path, "a zip file but neither an XLSX nor an ODS spreadsheet")


def _check_size(members: list[zipfile.ZipInfo], place: Place) -> None:
    swollen = any(
        member.file_size > _RATIO_COUNTS_FROM and member.file_size > _HIGHEST_RATIO * max(member.compress_size, 1)
        for member in members
    )
    if swollen or len(members) > _MOST_MEMBERS or sum(member.file_size for member in members) > _MOST_UNPACKED:
        raise ListError(
            "the spreadsheet would unpack to far more than an appointment list needs; it is not opened",
            where=place,
            hint="Export one day only as a new file.",
        )
