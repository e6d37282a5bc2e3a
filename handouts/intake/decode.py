"""Bytes of a text file become text, exactly or not at all."""

from __future__ import annotations

import re
from pathlib import Path

from handouts.errors import ListError, Place

_UTF8_LETTER = re.compile(rb"[\xc3-\xdf][\x80-\xbf]|[\xe1-\xef][\x80-\xbf]{2}")
_NO_WESTERN_WORD = re.compile("[A-Za-zÀ-ÿ][¡-©¬-±²³µ¶¸¹¼-¾×÷]|[¡-©¬-±²³µ¶¸¹¼-¾×÷][A-Za-zÀ-ÿ]|[À-ÿ]{3}")
_SAVE_AGAIN = 'Save it again as UTF-8 (in Excel: "CSV UTF-8").'
_LINE_END = re.compile(r"\r\n|\r|\n")


def decoded(data: bytes, path: Path, *, western: bool = True) -> str:
    """The text of a file: UTF-8, UTF-16 by its mark, else Windows-1252 if `western`.

    Raises:
        ListError: some bytes are no letter of that encoding, or there are null characters.

    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = _utf16(data, path)
    else:
        text = _utf8(data.removeprefix(b"\xef\xbb\xbf"), path, western=western)
    if "\0" in text:
        raise ListError(
            "the list holds null characters; it is damaged, or UTF-16 without its mark",
            where=Place(path, line_of(text, text.index("\0"))),
            hint=_SAVE_AGAIN,
        )
    return text


def is_doubtful(data: bytes, path: Path) -> bool:
    """Whether text read as Windows-1252 looks like another alphabet's: signs within words, or accents in a row."""
    western = b"\xff" not in data[:2] and not _is_utf8(data)
    return western and _NO_WESTERN_WORD.search(decoded(data, path)) is not None


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def line_of(text: str, position: int) -> int:
    """The line, from 1, in which an editor shows this position."""
    return 1 + len(_LINE_END.findall(text, 0, position))


def _utf16(data: bytes, path: Path) -> str:
    try:
        return data.decode("utf-16")
    except UnicodeDecodeError as error:
        line = line_of(data[: error.start & ~1].decode("utf-16", errors="ignore"), error.start)
        raise ListError("the list is damaged UTF-16", where=Place(path, line), hint=_SAVE_AGAIN) from None


def _utf8(data: bytes, path: Path, *, western: bool) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        place = Place(path, _byte_line(data, error.start))
        if not western:
            raise ListError("the list is not UTF-8", where=place, hint=_SAVE_AGAIN) from None
        if _UTF8_LETTER.search(data):
            raise ListError("the list mixes UTF-8 with another encoding", where=place, hint=_SAVE_AGAIN) from None
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError as error:
        raise ListError(
            "the list is neither UTF-8 nor Windows-1252: a byte here is no letter in either",
            where=Place(path, _byte_line(data, error.start)),
            hint=_SAVE_AGAIN,
        ) from None


def _byte_line(data: bytes, position: int) -> int:
    return line_of(data[:position].decode("latin-1"), position)
