"""A patient's language, written as a tag or as a name, in English or in the language itself."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.localedata import locale_identifiers

from handouts.intake.fields import normalised
from handouts.intake.record import Refused, Value
from handouts.intake.values import optional

_TAG = re.compile(r"([A-Za-z]{2,3})(?:[-_][A-Za-z0-9]{2,8})*")
_IN_BRACKETS = re.compile(r"\s*\(([^()]*)\)$")
_NO_LANGUAGE = frozenset({"und", "mul", "zxx", "mis", "root"})
_MORE_NAMES = {"mandarin": "zh", "farsi": "fa", "castilian": "es", "tagalog": "fil"}
# Loading every locale takes two seconds; these, met most often, take a tenth of one.
_COMMON = "es zh vi ko tl fil ar fr ht ru pt de it pl fa hi ur bn gu pa ja so am uk hy km lo th hmn ne"


def language(value: Value) -> str | None:
    """The primary subtag of BCP 47: `es` for "es-MX", "Spanish" and "español".

    Raises:
        Refused: no language has this name, or two may be meant.

    """
    text = optional(value)
    return _subtag(text) if text else None


@lru_cache(maxsize=1024)
def _subtag(text: str) -> str:
    found = {_by_tag(text), _by_name(text, only_english=True)} - {None} or {_by_name(text)} - {None}
    in_brackets = _IN_BRACKETS.search(text)
    if found and in_brackets and (narrower := _by_name(in_brackets[1], only_english=True)):
        found = found | {narrower}
    if len(found) > 1:
        raise Refused(
            "ambiguous-language",
            "two languages may be meant; write one tag, as in es, or with its region, as in ga-IE",
        )
    for tag in found:
        if tag:
            return tag
    raise Refused(
        "unknown-language",
        "no language is known by this name; write its English name or its tag, as in Spanish or es",
    )


def _by_tag(text: str) -> str | None:
    found = _TAG.fullmatch(text)
    if not found:
        return None
    tag = found[1].lower()
    tag = get_global("language_aliases").get(tag, tag).split("_")[0]
    return tag if tag in _english().values() and tag not in _NO_LANGUAGE else None


def _by_name(text: str, *, only_english: bool = False) -> str | None:
    name = normalised(_IN_BRACKETS.sub("", text))
    for known in (_english,) if only_english else (_english, _native_common, _native_all):
        if found := known().get(name):
            return found
    return None


@lru_cache(maxsize=1)
def _english() -> dict[str, str]:
    names = {normalised(name): tag.split("_")[0] for tag, name in Locale("en").languages.items()}
    more = {normalised(name): tag for name, tag in _MORE_NAMES.items()}
    return {name: tag for name, tag in (names | more).items() if tag not in _NO_LANGUAGE}


@lru_cache(maxsize=1)
def _native_common() -> dict[str, str]:
    return _native(_COMMON.split())


@lru_cache(maxsize=1)
def _native_all() -> dict[str, str]:
    return _native(identifier for identifier in locale_identifiers() if "_" not in identifier)


def _native(tags: Iterable[str]) -> dict[str, str]:
    names: dict[str, str] = {}
    for tag in tags:
        try:
            name = Locale.parse(tag).languages.get(tag)
        except UnknownLocaleError:
            continue
        if name and tag not in _NO_LANGUAGE:
            names[normalised(name)] = tag
    return names
