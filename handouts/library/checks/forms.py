"""The words of rendered forms: what stands in them besides the facts, and how hard they are to read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from handouts.errors import Place
from handouts.library.checks.facts import Facts
from handouts.library.checks.finding import Finding, placed, sought
from handouts.library.checks.prose import Unit, form_units, key, plain, sentences, units, words
from handouts.library.checks.reading import FORMULAS, Grade, grade_of
from handouts.library.checks.required import ELEMENTS
from handouts.library.checks.variants import Variant
from handouts.library.checks.wording import faults_of, figures, long_sentence, money, vague
from handouts.library.document import Form, Heading
from handouts.library.sources import prose_of
from handouts.library.syntax import Template, block_at

TARGETS = {"handout": 6, "estimate": 6}
"""The school grade a form may have (AMA; NIH for consent); every other kind may have OTHER_TARGET."""
OTHER_TARGET = 8
_SHORTEST_SECTION = 30
"""Words in a section that is graded on its own; shorter ones count in the grade of the whole form only.

The formulas are made for samples of 100 words (SMOG: of 30 sentences). Below 30 words a single word of four syllables
in place of one of one moves Flesch-Kincaid by more than a grade, so the grade would be that word's.
"""
_HARDEST = 3


@dataclass(frozen=True, slots=True)
class Reading:
    """The grade of a whole form, or of its hardest section. grade: None for a language without a formula."""

    document: str
    language: str
    target: int
    grade: Grade | None
    section: str
    hardest: Grade | None


def check_words(facts: Facts, variants: list[Variant]) -> Iterator[Finding]:
    """Faults in the words of the templates; the facts that are printed among them are checked on their own."""
    seen: set[tuple[Place, str]] = set()
    own = facts.repeated(variants[0].language).keys() if variants else ()
    for variant in variants:
        for unit in form_units(variant.form):
            if (unit.place, unit.text) not in seen:
                seen.add((unit.place, unit.text))
                yield from _unit(facts, unit, variant.language, own)


def _unit(facts: Facts, unit: Unit, language: str, own: Iterable[str]) -> Iterator[Finding]:
    for sentence in sentences(unit.text):
        said = key(sentence)
        if any(said in fact for fact in own):
            continue
        found = list(faults_of(sentence, language, facts.acronyms))
        found += [fault for fault in (vague(sentence, language), unit.prose and long_sentence(sentence)) if fault]
        for fault in found:
            place = sought(unit.place, fault.word) or (placed(unit.place) if fault.code == "long-sentence" else None)
            if place:
                yield Finding(fault.code, place, fault.message, fault.hint)


def check_repetition(facts: Facts, templates: Iterable[Template], language: str) -> Iterator[Finding]:
    """Facts that stand again, word for word, in a template."""
    own = facts.repeated(language)
    for template in templates:
        said, lines = _letters(prose_of(template.text))
        for fact, location in own.items():
            at = said.find(fact)
            if at >= 0:
                name = ".".join(map(str, location[:-1]))
                hint = f"Print it from the facts (`procedure.{location[0]}`), so that it changes in one place."
                place = placed(template.place(lines[at]))
                yield Finding("fact-in-prose", place, f"this says `{name}` of procedure.yaml again", hint)


def check_figures(templates: Iterable[Template]) -> Iterator[Finding]:
    """Percentages, counts and amounts of money in the templates' own words, but for those that a form must say."""
    told = {(each.name, each.says) for each in ELEMENTS if each.says}
    for template in templates:
        for number, line in enumerate(prose_of(template.text).splitlines(), 1):
            place = template.place(number)
            for figure in figures(line):
                hint = "Figures live in procedure.yaml, with source, design, size and year; print them from there."
                message = f"“{figure}” stands in the template's own words, without a source"
                yield Finding("figure-without-source", placed(place, figure), message, hint)
            for price in money(line):
                if (block_at(place, [template]), re.sub(r"\D", "", price)) not in told:
                    hint = "Print prices from clinic.yaml (`offer`), and usual costs from procedure.yaml (`costs`)."
                    message = f"“{price}” stands in the template's own words, where no change of prices reaches it"
                    yield Finding("money-in-prose", placed(place, price), message, hint)


def _letters(text: str) -> tuple[str, list[int]]:
    """The letters and digits of a text, and the line of each."""
    letters = [(letter, number) for number, line in enumerate(text.splitlines(), 1) for letter in key(line)]
    return "".join(letter for letter, _ in letters), [number for _, number in letters]


# -- reading grade ---------------------------------------------------------------------------------


def check_reading(facts: Facts, variants: list[Variant]) -> tuple[list[Finding], list[Reading]]:
    """Sections, and whole forms, that are harder than their target; and the figures of the document."""
    if not variants:
        return [], []
    document, language = variants[0].document, variants[0].language
    target = TARGETS.get(document, OTHER_TARGET)
    if language not in FORMULAS:
        return [], [Reading(document, language, target, None, "", None)]
    explained = _explained(facts, language)
    worst: dict[Place, tuple[Grade, str, list[str]]] = {}
    seen: set[tuple[Place, str]] = set()
    for variant in variants:
        for place, title, text in (*_sections(variant.form), _whole(variant.form)):
            mark = (place, "\n".join(text))
            if mark in seen or sum(len(words(each)) for each in text) < _SHORTEST_SECTION:
                continue
            seen.add(mark)
            grade = grade_of(text, language, explained)
            if place not in worst or grade.mean > worst[place][0].mean:
                worst[place] = (grade, title, text)
    findings = [
        _too_hard(place, grade, title, _hardest(text, language, explained), target)
        for place, (grade, title, text) in worst.items()
        if school_grade(grade) > target
    ]
    whole = next((found for place, found in worst.items() if place.line == 0), None)
    sections = [found for place, found in worst.items() if place.line]
    hardest = max(sections, key=lambda found: found[0].mean, default=None)
    section, section_grade = (hardest[1], hardest[0]) if hardest else ("", None)
    return findings, [Reading(document, language, target, whole[0] if whole else None, section, section_grade)]


def school_grade(grade: Grade) -> int:
    """The grade as schools count: 6.9 is still the sixth.

    So those who use the formulas read them: a score of 9.3 means that a ninth grader can read it (Microsoft Word, MY
    Access), one of 5.9 met a hospital's rule of fifth grade (McDonnell, Ophthalmology Times). The AMA and the NIH ask
    for the sixth grade, not for 6.0.
    """
    return int(round(grade.mean, 1))


def _too_hard(place: Place, grade: Grade, title: str, hardest: list[str], target: int) -> Finding:
    what = f"“{title}”" if place.line else "the form as a whole"
    hint = "Hardest: " + "  ".join(f"“{sentence}”" for sentence in hardest)
    return Finding("reading-grade", placed(place), f"{what} reads at grade {grade}; the target is {target}", hint)


def _sections(form: Form) -> Iterator[tuple[Place, str, list[str]]]:
    """Each part below a heading: where the heading stands, what it says, and the sentences below it."""
    place, title, text = form.places[0], form.title, list[str]()
    for block, at in zip(form.blocks, form.places, strict=True):
        if isinstance(block, Heading) and block.level <= 2:
            yield place, title, text
            place, title, text = at, plain(block.content), []
        text.extend(sentence for unit in units(block, at) if unit.prose for sentence in sentences(unit.text))
    yield place, title, text


def _whole(form: Form) -> tuple[Place, str, list[str]]:
    return Place(form.files[0]), form.title, [sentence for _, _, text in _sections(form) for sentence in text]


def _hardest(text: list[str], language: str, explained: set[str]) -> list[str]:
    graded = [(grade_of([each], language, explained).mean, each) for each in set(text) if len(words(each)) > 2]
    return [sentence for _, sentence in sorted(graded, reverse=True)[:_HARDEST]]


def _explained(facts: Facts, language: str) -> set[str]:
    """The words of the procedure's name: each form says in plain words what they mean."""
    procedure = facts.procedure
    names = (procedure.name.root.get(language, ""), procedure.plain_name.root.get(language, ""))
    return {word.casefold() for name in names for word in words(name)}
