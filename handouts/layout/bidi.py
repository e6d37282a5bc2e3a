"""In which order text of both directions stands on a line (Unicode Standard Annex 9).

Levels belong to a paragraph, the order to each of its wrapped lines. python-bidi's own `get_display` takes a paragraph
for one line and hands no levels out, so its rules are applied here one by one: weak types (W1-W7), neutrals (N1, N2)
and levels (I1, I2). Between them stand two rules it does not have: brackets (N0), and isolates, here a patient's
values, so that no value is torn apart by its neighbours or turns them round.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Literal, TypeVar

Direction = Literal["ltr", "rtl"]
Item = TypeVar("Item")

RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]")
"""A character of a script that is written from right to left, or the mark that stands for one."""

OBJECT = "\ufffc"
"""Stands for what is no text: an isolate, or a rule to write on."""

_STRONG = {"L": 0, "R": 1, "AL": 1}
_MOST_BRACKETS = 63


def direction_of(language: str) -> Direction:
    """Which way a language is read, by Unicode's locale data. language: a tag such as `ar`."""
    from babel import Locale

    return "rtl" if Locale.parse(language, sep="-").text_direction == "rtl" else "ltr"


def is_right_to_left(character: str) -> bool:
    """Whether a letter is written from right to left."""
    return unicodedata.bidirectional(character) in ("R", "AL")


def base_level(text: str, default: int) -> int:
    """The level of the first strong character (P2, P3): 0 or 1; `default` without one."""
    return next((_STRONG[kind] for kind in map(unicodedata.bidirectional, text) if kind in _STRONG), default)


def paragraph_levels(parts: Sequence[tuple[str, bool]], direction: Direction) -> list[int]:
    """The level of every character. parts: text, and whether it is an isolate that goes by its own first letter.

    A paragraph whose letters all go from left to right, such as an address, does so as a whole.
    """
    whole = "".join(text for text, _ in parts)
    turned = RIGHT_TO_LEFT.search(whole) is not None
    base = int(direction == "rtl" and (turned or base_level(whole, 1) == 1))
    if not base and not turned:
        return [0] * sum(len(text) for text, _ in parts)
    outer = _levels("".join(OBJECT if isolated else text for text, isolated in parts), base)
    found: list[int] = []
    at = 0
    for text, isolated in parts:
        if isolated:
            around = outer[at]
            at += 1
            if around % 2 or RIGHT_TO_LEFT.search(text):
                found.extend(_levels(text, around + 1 + (around + 1 + base_level(text, 0)) % 2))
            else:  # nothing in it could be torn apart
                found.extend([around] * len(text))
        else:
            found.extend(outer[at : at + len(text)])
            at += len(text)
    return found


@lru_cache(maxsize=4_096)
def _levels(text: str, base: int) -> tuple[int, ...]:
    from bidi.algorithm import resolve_implicit_levels, resolve_neutral_types, resolve_weak_types

    side = "R" if base % 2 else "L"
    chars: list[dict[str, Any]] = []
    for character in text:
        kind = unicodedata.bidirectional(character) or "L"
        chars.append({"ch": character, "level": base, "type": kind if kind != "BN" else "ON", "orig": kind})
    storage = {
        "base_level": base,
        "base_dir": side,
        "chars": chars,
        "runs": [{"sor": side, "eor": side, "start": 0, "length": len(chars), "type": side}],
    }
    resolve_weak_types(storage)
    _resolve_brackets(chars, side)
    resolve_neutral_types(storage, debug=False)
    resolve_implicit_levels(storage, debug=False)
    return tuple(char["level"] for char in chars)


# -- brackets (N0) ---------------------------------------------------------------------------------

_OPENING = "([{⁅⁽₍〈❨❪❬❮❰❲❴⟦⟨⟪⟬⟮「『【〔〖〘〚（［｛｢"
_CLOSING = ")]}⁆⁾₎〉❩❫❭❯❱❳❵⟧⟩⟫⟭⟯」』】〕〗〙〛）］｝｣"
_PARTNERS = dict(zip(_CLOSING, _OPENING, strict=True))


def _resolve_brackets(chars: list[dict[str, Any]], side: str) -> None:
    """Both brackets of a pair go the same way: that of what they hold, or of what stands before them."""
    for opening, closing in _pairs(chars):
        inside = {_strong(char["type"]) for char in chars[opening + 1 : closing]} - {""}
        if not inside:
            continue
        if side in inside:
            way = side
        else:
            before = next((kind for char in chars[opening - 1 :: -1] if (kind := _strong(char["type"]))), side)
            way = before if opening and before in inside else side
        for index in (opening, closing):
            chars[index]["type"] = way
            for char in chars[index + 1 :]:
                if char["orig"] != "NSM":
                    break
                char["type"] = way


def _strong(kind: str) -> str:
    return kind if kind in ("L", "R") else "R" if kind in ("EN", "AN") else ""


def _pairs(chars: list[dict[str, Any]]) -> list[tuple[int, int]]:
    """Matching brackets (BD16), by where the first of each pair stands."""
    pairs: list[tuple[int, int]] = []
    open_: list[tuple[str, int]] = []
    for index, char in enumerate(chars):
        if char["type"] != "ON":
            continue
        if char["ch"] in _OPENING:
            if len(open_) == _MOST_BRACKETS:
                break
            open_.append((char["ch"], index))
        elif partner := _PARTNERS.get(char["ch"]):
            depth = next((depth for depth in range(len(open_) - 1, -1, -1) if open_[depth][0] == partner), None)
            if depth is not None:
                pairs.append((open_[depth][1], index))
                del open_[depth:]
    return sorted(pairs)


# -- the order on a line (L2) ----------------------------------------------------------------------


def visual_order(levels: Sequence[int]) -> list[int]:
    """The indices of a line's items from left to right."""
    order = list(range(len(levels)))
    odd = [level for level in levels if level % 2]
    if not odd:
        return order
    for level in range(max(levels), min(odd) - 1, -1):
        start = 0
        while start < len(order):
            end = start
            while end < len(order) and levels[order[end]] >= level:
                end += 1
            order[start:end] = reversed(order[start:end])
            start = max(end, start + 1)
    return order
