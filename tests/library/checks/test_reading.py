"""The formulas give what is published for the same counts, and the counts are what a person counts."""

from __future__ import annotations

import pytest

from handouts.library.checks.forms import school_grade
from handouts.library.checks.prose import VALUE, sentences
from handouts.library.checks.reading import (
    Counts,
    Grade,
    count,
    crawford,
    fernandez_huerta,
    fernandez_huerta_grade,
    flesch_kincaid,
    grade_of,
    smog,
    syllables,
)

PIGS = """Once upon a time there was an old mother pig who had three little pigs and not enough food to feed them.
So when they were old enough, she sent them out into the world to seek their fortunes. The first little pig was very
lazy. He didn't want to work at all and he built his house out of straw. The second little pig worked a little bit
harder but he was somewhat lazy too and he built his house out of sticks. Then, they sang and danced and played together
the rest of the day."""


def test_flesch_kincaid_gives_the_published_grade_of_a_sentence() -> None:
    """Documentation of the npm package flesch-kincaid: 13.08 for 26 syllables; CMU speaks two -ian as one syllable."""
    platypus = "The Australian platypus is seemingly a hybrid of a mammal and reptilian creature."
    assert count([platypus], "en") == Counts(1, 13, 24, 4)
    assert round(flesch_kincaid(Counts(1, 13, 26, 4)), 2) == 13.08


@pytest.mark.parametrize(
    ("sentence", "grade", "places"),
    [
        ("The Australian platypus is seemingly a hybrid of a mammal and reptilian creature.", 11.3, 1),
        ("Cool dogs wear da sunglasses.", 2.88, 3),
    ],
)
def test_flesch_kincaid_gives_published_grades_from_its_own_counts(sentence: str, grade: float, places: int) -> None:
    """Wikipedia, Flesch-Kincaid readability tests (11.3 for 24 syllables in 13 words); tests of textstat 0.7.13."""
    assert round(flesch_kincaid(count([sentence], "en")), places) == grade


def test_spanish_formulas_give_published_values() -> None:
    """Tests of textstat 0.7.13, for a text in which it counts 6 sentences, 162 words and 306 syllables."""
    published = Counts(6, 162, 306, 0)
    assert round(crawford(published), 3) == 5.089
    assert round(fernandez_huerta(published), 3) == 65.967


def test_flesch_kincaid_gives_the_published_grade_of_a_story() -> None:
    """Documentation of the npm package flesch-kincaid-calc: 4.948, from the story's own words."""
    assert flesch_kincaid(count(list(sentences(PIGS)), "en")) == pytest.approx(4.948, abs=0.15)


@pytest.mark.parametrize(
    ("fewest", "most", "grade"),
    [(1, 6, 5), (7, 12, 6), (13, 20, 7), (21, 30, 8), (31, 42, 9), (43, 56, 10), (57, 72, 11), (73, 90, 12)],
)
def test_smog_gives_the_published_table(fewest: int, most: int, grade: int) -> None:
    """The conversion table for 30 sentences, as Hunter College prints it."""
    middle = smog(Counts(30, 400, 600, (fewest + most) // 2))
    assert middle == pytest.approx(grade, abs=0.75)


def test_fernandez_huerta_gives_its_published_bands() -> None:
    """Bands as published at legible.es: 90 and more is fourth grade, 70 to 80 sixth, 60 to 70 seventh or eighth."""
    for ease, low, high in ((95, 4.0, 4.0), (85, 5.0, 5.0), (75, 6.0, 6.0), (65, 7.0, 8.0)):
        counts = Counts(10, 100, round((206.84 - 10.2 - ease) / 60 * 100), 0)
        assert fernandez_huerta(counts) == pytest.approx(ease, abs=0.5)
        assert low - 0.1 <= fernandez_huerta_grade(counts) <= high + 0.1


def test_crawford_is_the_published_formula() -> None:
    """Crawford 1984: sentences and syllables in 100 words; 8 sentences and 185 syllables by hand."""
    assert crawford(Counts(8, 100, 185, 0)) == pytest.approx(-0.205 * 8 + 0.049 * 185 - 3.407)


@pytest.mark.parametrize(
    ("word", "language", "number"),
    [
        ("injury", "en", 3),
        ("people", "en", 2),
        ("asked", "en", 1),
        ("follow-up", "en", 3),
        ("patient’s", "en", 2),
        ("2,762", "en", 1),
        ("médico", "es", 3),
        ("radiografía", "es", 5),
        ("área", "es", 3),
        ("tratamiento", "es", 4),
        ("según", "es", 2),
    ],
)
def test_syllables_are_counted_as_spoken(word: str, language: str, number: int) -> None:
    assert syllables(word, language) == number


def test_explained_words_and_values_count_as_ordinary_ones() -> None:
    text = [f"Decompression helps {VALUE} today."]
    assert count(text, "en").polysyllables == 1
    assert count(text, "en", {"decompression"}) == Counts(1, 4, 2 + 1 + 2 + 2, 0)


def test_an_abbreviation_a_decimal_and_a_quote_end_no_sentence() -> None:
    assert list(sentences("See Dr. Sample. It fell from 6.2 to 1.6. Say “stop.” We stop; you rest.")) == [
        "See Dr. Sample.",
        "It fell from 6.2 to 1.6.",
        "Say “stop.”",
        "We stop;",
        "you rest.",
    ]


def test_a_grade_counts_as_schools_count() -> None:
    assert [school_grade(Grade((("any", value),))) for value in (5.94, 5.96, 6.0, 6.94, 6.96)] == [5, 6, 6, 6, 7]


def test_hard_words_are_harder_in_both_languages() -> None:
    for language, easy, hard in (
        ("en", "We help you walk.", "Practitioners facilitate individualized ambulation."),
        ("es", "Le ayuda a andar.", "Los profesionales facilitan una deambulación individualizada."),
    ):
        assert grade_of([easy], language).mean < 6 < grade_of([hard], language).mean
