"""Where a line may end within what has no spaces, and what of a word never comes apart."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

_IDEOGRAPHS = (
    "\u2e80-\u2fdf\u3000-\u30ff\u3100-\u312f\u3190-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003fffd"
)
_THAI = "\u0e01-\u0e5b"
UNSPACED = re.compile(f"[{_IDEOGRAPHS}{_THAI}]")
"""A character of a script that has no spaces between words."""

_SCRIPTS = re.compile(f"(?P<thai>[{_THAI}]+)|(?P<ideographs>[{_IDEOGRAPHS}]+)|[^{_THAI}{_IDEOGRAPHS}]+")
_NO_START = frozenset(
    "、。，．・：；？！）〕］｝〉》」』】〙〗〟’”｠»ゝゞ々ー〜ぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶ゛゜!),.:;?]}%％°′″"
)
_NO_END = frozenset("（〔［｛〈《「『【〘〖〝‘“｟«([{＄￥£$")
"""What no line begins, and no line ends with (JIS X 4051, kinsoku shori; GB/T 15834)."""

_LEADING_VOWELS = "เแโใไ"
_FOLLOWING = "\u0e33\u0eb3\u200c\u200d"
_VIRAMA = 9


@lru_cache(maxsize=4_096)
def parts(text: str) -> tuple[str, ...]:
    """`text` cut wherever a line may end: between ideographs, and between Thai words as BudouX knows them."""
    found: list[str] = []
    for script in _SCRIPTS.finditer(text):
        if script["thai"]:
            pieces = _thai_words(script["thai"])
        else:
            pieces = list(clusters(script[0])) if script["ideographs"] else [script[0]]
        for piece in pieces:
            if found and not may_end(found[-1], piece):
                found[-1] += piece
            else:
                found.append(piece)
    return tuple(found)


def may_end(before: str, after: str) -> bool:
    """Whether a line may end between two parts that no space keeps apart."""
    if not before or before[-1] in _NO_END or after[0] in _NO_START:
        return False
    return bool(UNSPACED.search(before[-1] + after[0]))


def _thai_words(text: str) -> list[str]:
    return list(_thai_parser().parse(text))


@lru_cache(maxsize=1)
def _thai_parser():  # type: ignore[no-untyped-def]  # the type would import it
    from budoux import load_default_thai_parser

    return load_default_thai_parser()


def clusters(text: str) -> Iterator[str]:
    """Letters with the marks that belong to them, conjunct consonants and Thai vowels whole."""
    held = ""
    for character in text:
        if held and not _belongs(held[-1], character):
            yield held
            held = ""
        held += character
    if held:
        yield held


def _belongs(before: str, character: str) -> bool:
    if unicodedata.category(character)[0] == "M" or character in _FOLLOWING:
        return True
    return unicodedata.combining(before) == _VIRAMA or before == "\u200d" or before in _LEADING_VOWELS
