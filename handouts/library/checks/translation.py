"""What a translation keeps, which is every number, and what it does not, which is English."""

from __future__ import annotations

import re
from collections.abc import Collection

from handouts.library.checks.prose import key, words

_NUMBER = re.compile(r"\d[\d.,]*\d|\d")
_IN_WORDS = {
    "en": "(?:one|an?) two three four five six seven eight nine ten eleven twelve",
    "es": "un[oa]? dos tres cuatro cinco seis siete ocho nueve diez once doce",
}
"""Patterns of the words for 1 to 12, which one language may write in figures and another in words."""
_ENGLISH = frozenset("the and you your with this that are have what when which who from they our of".split())
"""Words that no other language shares two of in one sentence."""
_SHORTEST = 3
"""Words of a text that two languages may not share; two words may be a name."""


def untranslated(sentence: str, english: Collection[str]) -> bool:
    """Whether a sentence has two of the commonest English words, or stands in `english` letter for letter.

    english: sentences by their `key`.
    """
    common = _ENGLISH.intersection(word.casefold() for word in words(sentence))
    return len(common) > 1 or (key(sentence) in english and len(words(sentence)) >= _SHORTEST)


def numbers(text: str) -> dict[str, str]:
    """The numbers of a text, without what sets thousands apart and with a point for decimals; each as it is written."""
    found: dict[str, str] = {}
    for written in _NUMBER.findall(text):
        found.setdefault(re.sub(r"[.,](?=\d{3}\b)", "", written).replace(",", "."), written)
    return found


def unmatched(text: str, other: str, other_language: str) -> list[str]:
    """The numbers of a text, as written, that another language's text does not give, in figures or in words."""
    given = numbers(other)
    return [
        written
        for number, written in numbers(text).items()
        if number not in given and not _in_words(number, other, other_language)
    ]


def _in_words(number: str, text: str, language: str) -> bool:
    if not number.isdigit() or not 1 <= int(number) <= 12:
        return False
    if language not in _IN_WORDS:
        return True  # not listed, so nobody can say
    return bool(re.search(rf"\b{_IN_WORDS[language].split()[int(number) - 1]}\b", text, re.IGNORECASE))
