"""How hard a text is to read: published formulas over counts of sentences, words and syllables.

The counting is what needs a library: syllables come from the CMU dictionary (pysyllables) and, for words that it
lacks, from syllapy; Spanish ones from silabeador's rules. textstat, the usual choice, was tried: its English counts
need a dictionary that it downloads when it runs, or else come from hyphenation, which gave 92 of the 834 words of the
shipped forms a wrong number of syllables where pysyllables gave none; and it leaves short sentences out of the count.
In Spanish it hyphenates too, and finds 306 syllables where there are 328, which makes a text look easier by a grade.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import sqrt

from handouts.library.checks.prose import VALUE, words


@dataclass(frozen=True, slots=True)
class Counts:
    """What the formulas take. polysyllables: words of three syllables and more."""

    sentences: int
    words: int
    syllables: int
    polysyllables: int

    @property
    def words_per_sentence(self) -> float:
        """Mean length of a sentence."""
        return self.words / self.sentences

    @property
    def syllables_per_word(self) -> float:
        """Mean length of a word."""
        return self.syllables / self.words


def flesch_kincaid(counts: Counts) -> float:
    """US school grade (Kincaid and others 1975)."""
    return 0.39 * counts.words_per_sentence + 11.8 * counts.syllables_per_word - 15.59


def smog(counts: Counts) -> float:
    """US school grade needed to understand all of it (McLaughlin 1969), for any number of sentences."""
    return 1.043 * sqrt(counts.polysyllables * 30 / counts.sentences) + 3.1291


def crawford(counts: Counts) -> float:
    """Years of school for a Spanish text (Crawford 1984), from sentences and syllables in 100 words.

    Made from primary readers, so it holds up to the sixth grade; harder texts rest on the second measure.
    """
    sentences = 100 * counts.sentences / counts.words
    return -0.205 * sentences + 0.049 * 100 * counts.syllables_per_word - 3.407


def fernandez_huerta(counts: Counts) -> float:
    """Ease of a Spanish text (Fernández Huerta 1959, as corrected): 100 is very easy, 0 very hard."""
    return 206.84 - 60 * counts.syllables_per_word - 1.02 * counts.words_per_sentence


_GRADES = ((95.0, 4.0), (85.0, 5.0), (75.0, 6.0), (65.0, 7.5), (55.0, 11.0), (40.0, 12.5), (15.0, 14.0))
"""Fernández Huerta's own bands of ease by the middle of each, with its grade; between them a straight line."""


def fernandez_huerta_grade(counts: Counts) -> float:
    """School grade by the bands of Fernández Huerta."""
    ease = fernandez_huerta(counts)
    if ease >= _GRADES[0][0]:
        return _GRADES[0][1]
    for (above, easier), (below, harder) in pairwise(_GRADES):
        if ease >= below:
            return easier + (above - ease) / (above - below) * (harder - easier)
    return _GRADES[-1][1]


FORMULAS: dict[str, tuple[tuple[str, Callable[[Counts], float]], ...]] = {
    "en": (("Flesch-Kincaid", flesch_kincaid), ("SMOG", smog)),
    "es": (("Crawford", crawford), ("Fernández Huerta", fernandez_huerta_grade)),
}
"""Two measures for each language: one alone is wrong by a grade and a half."""


@dataclass(frozen=True, slots=True)
class Grade:
    """What each formula gives, and their mean."""

    parts: tuple[tuple[str, float], ...]

    @property
    def mean(self) -> float:
        """The grade that is held against the target."""
        return sum(value for _, value in self.parts) / len(self.parts)

    def __str__(self) -> str:
        return f"{self.mean:.1f} ({', '.join(f'{name} {value:.1f}' for name, value in self.parts)})"


def grade_of(sentences: Iterable[str], language: str, explained: Collection[str] = ()) -> Grade:
    """The grade of some sentences in a language that has FORMULAS.

    explained: words, in small letters, that the form explains where it uses them, such as the procedure's name.
    Nobody can leave them out, so they count as ordinary words of two syllables; so do a patient's values.
    """
    counts = count(sentences, language, explained)
    return Grade(tuple((name, formula(counts)) for name, formula in FORMULAS[language]))


def count(sentences: Iterable[str], language: str, explained: Collection[str] = ()) -> Counts:
    """The counts of some sentences, at least one of which has a word."""
    lengths = [
        [2 if word.casefold() in explained or word == VALUE else syllables(word, language) for word in found]
        for sentence in sentences
        if (found := words(sentence) + (VALUE,) * sentence.count(VALUE))
    ]
    every = [length for sentence in lengths for length in sentence]
    return Counts(len(lengths), len(every), sum(every), sum(length > 2 for length in every))


@lru_cache(maxsize=8192)
def syllables(word: str, language: str) -> int:
    """The syllables of a word; one for a number, as Flesch counts it."""
    if word[0].isdigit():
        return 1
    if "-" in word:
        return sum(syllables(part, language) for part in word.split("-") if part)
    return max(1, _COUNTERS[language](word.casefold().replace("’", "'")))


def _english(word: str) -> int:
    import pysyllables
    import syllapy

    known = pysyllables.get_syllable_count(word)
    return int(known if known is not None else syllapy.count(word.removesuffix("'s")))


def _spanish(word: str) -> int:
    import silabeador

    return len(silabeador.syllabify(word, 0))  # 0: by rule alone, without its list of loan words


_COUNTERS: dict[str, Callable[[str], int]] = {"en": _english, "es": _spanish}
