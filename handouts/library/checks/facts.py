"""procedure.yaml: sources of figures, frequencies, review, languages and wording of the facts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from handouts.errors import Place, TemplateError
from handouts.intake.yaml_file import Layers
from handouts.library.checks.finding import Finding, placed
from handouts.library.checks.prose import Location, key, sentences, texts, words
from handouts.library.checks.sanity import check_sanity
from handouts.library.checks.translation import unmatched, untranslated
from handouts.library.checks.wording import (
    Amount,
    amount,
    faults_of,
    figures,
    frequency_word,
    is_not_known,
    long_sentence,
    shortened,
    vague,
)
from handouts.library.procedure import Evidence, Procedure, Risk, spelling

_NAMED = "Name the study in this entry's `source`, as `evidence` does or by its id: Smith 2020 for `smith-2020`."
SOON = timedelta(days=60)
_SHORTEST_FACT = 4
"""Words from which on a fact in a template is a repetition; shorter ones, such as Headache, are just words."""


@dataclass(frozen=True)
class Facts:
    """A procedure's facts and the places where they stand. languages: those in which it has forms."""

    procedure: Procedure
    languages: tuple[str, ...]

    @cached_property
    def _layers(self) -> Layers:
        return Layers(self.procedure.facts_files(), TemplateError)

    def place(self, *location: int | str) -> Place:
        """Where a fact stands: in the file that says it."""
        place = self._layers.place(location)
        return place if place.line else Place(place.file, 1)

    def place_in(self, location: Location, word: str) -> Place:
        """Where a word of a text stands; the text itself if it is spread over lines."""
        place = self.place(*location)
        return placed(Place(place.file, place.line), word) if word else place

    @cached_property
    def texts(self) -> list[tuple[Location, str, str]]:
        """Every text: where it stands, its language, and what it says."""
        return list(texts(self.procedure))

    @cached_property
    def sourced(self) -> set[Amount]:
        """All amounts that have a source somewhere in the facts."""
        return set().union(*map(_of_study, self.procedure.evidence), *map(_of_risk, self.procedure.risks))

    def amounts_of(self, location: Location) -> set[Amount]:
        """The amounts that have a source in the entry at `location`: its own, and those of studies that it names."""
        entries = getattr(self.procedure, str(location[0]))
        entry = entries[int(location[1])] if isinstance(entries, tuple) else None
        found: set[Amount] = set()
        if isinstance(entry, Evidence):
            found = _of_study(entry)
        elif isinstance(entry, Risk):
            found = _of_risk(entry)
        return found.union(*map(_of_study, self.studies(getattr(entry, "source", None) or "")))

    def studies(self, source: str) -> list[Evidence]:
        """The evidence that a source names, by its own source or by its id: Smith 2020 for `smith-2020`."""
        said = key(source)
        return [each for each in self.procedure.evidence if key(each.id) in said or key(each.source) in said]

    @cached_property
    def acronyms(self) -> set[str]:
        """The words in capitals that the facts use."""
        said = [text for _, _, text in self.texts] + list(self.procedure.aliases)
        return set(re.findall(r"\b[A-ZÁÉÍÓÚÜÑ]{2,}\b", " ".join(said)))

    def repeated(self, language: str) -> dict[str, Location]:
        """The texts that no template may say again, by their letters."""
        return {
            key(text): location
            for location, tongue, text in self.texts
            if tongue == language and len(words(text)) >= _SHORTEST_FACT
        }


def _of_study(item: Evidence) -> set[Amount]:
    if not (item.size or item.trials):
        return set()
    said = (*item.claim.root.values(), item.figure or "")
    return {amount(figure) for text in said for figure in figures(text)}


def _of_risk(risk: Risk) -> set[Amount]:
    if risk.frequency is None or risk.of is None:
        return set()
    return {(str(risk.frequency), str(risk.of)), (str(risk.of - risk.frequency), str(risk.of))}


def check_facts(facts: Facts, today: date) -> Iterator[Finding]:
    """Everything that is wrong with the facts themselves."""
    yield from _review(facts, today)
    yield from _languages(facts)
    yield from _translations(facts)
    for number, risk in enumerate(facts.procedure.risks):
        yield from _risk(facts, number, risk)
    for number, item in enumerate(facts.procedure.evidence):
        if item.figure and not (item.size or item.trials):
            place = facts.place("evidence", number, "figure")
            hint = "Say how many people were studied, or for a review that does not tell, how many `trials` it has."
            yield Finding("figure-without-source", place, "`figure` stands in an entry without `size`", hint)
        yield from _figures(facts, ("evidence", number, "figure"), item.figure or "")
    yield from check_sanity(facts.procedure, facts.place)
    for location, language, text in facts.texts:
        yield from _figures(facts, location, text)
        yield from _wording(facts, location, language, text)


def check_names(procedure: Procedure, named: Iterable[Procedure]) -> Iterator[Finding]:
    """Names by which lists call this procedure and another of `named` too."""
    facts = Facts(procedure, ())
    names = [(("aliases", number), name) for number, name in enumerate(procedure.aliases)]
    for key_ in ("name", "plain_name"):
        names += [((key_, language), name) for language, name in getattr(procedure, key_).root.items()]
    for other in named:
        for location, name in names if other.id != procedure.id else ():
            if spelling(name) in other.spellings():
                hint = "A list that says so does not tell which is meant: leave the name to one of the two."
                place = facts.place_in(location, name)
                yield Finding("name-shared", place, f"“{name}” is also a name of `{other.id}`", hint)


def _review(facts: Facts, today: date) -> Iterator[Finding]:
    if facts.procedure.draft:
        hint = "Write all that the skeleton calls an example, have it checked, and take `draft` out."
        yield Finding("draft", facts.place("draft"), "these forms are a draft: no patient gets them", hint)
    due = facts.procedure.next_review
    hint = "Have a clinician check the facts and their sources, then set `reviewed` and `next_review`."
    if due < today:
        yield Finding("review-overdue", facts.place("next_review"), f"the review was due on {due}", hint)
    elif due - today <= SOON:
        yield Finding("review-soon", facts.place("next_review"), f"the review is due on {due}", hint)


def _languages(facts: Facts) -> Iterator[Finding]:
    held: dict[Location, set[str]] = {}
    for location, language, _ in facts.texts:
        held.setdefault(location[:-1], set()).add(language)
    for location, languages in held.items():
        for language in facts.languages:
            if language not in languages:
                name = ".".join(map(str, location))
                hint = f"Add `{language}: …` beside the others; the procedure has forms in `{language}`."
                yield Finding("text-missing", facts.place(*location), f"`{name}` has no text in `{language}`", hint)


def _translations(facts: Facts) -> Iterator[Finding]:
    """Texts of other languages that give other numbers than the first, or that are in the first still."""
    said = {(location[:-1], language): text for location, language, text in facts.texts}
    first, *others = facts.languages
    for location, language, text in facts.texts:
        english = said.get((location[:-1], first))
        if language not in others or english is None:
            continue
        for number in unmatched(text, english, first) or unmatched(english, text, language):
            message = f"{number} stands in one of `{first}` and `{language}` only"
            hint = "Both languages must give the same numbers."
            yield Finding("language-differs", facts.place_in(location, number), message, hint)
        if untranslated(text, {key(english)}):
            message = f"“{shortened(text)}” is not in `{language}`"
            yield Finding("untranslated", facts.place_in(location, text.split()[0]), message, "Translate it.")


def _risk(facts: Facts, number: int, risk: Risk) -> Iterator[Finding]:
    at: Location = ("risks", number)
    hint = "Write how many (`frequency`) of how many (`of`), and the same in `frequency_text`; or leave both out."
    if (risk.frequency is None) != (risk.of is None):
        there = "of" if risk.frequency is None else "frequency"
        yield Finding("frequency", facts.place(*at, there), "`frequency` and `of` go together", hint)
    elif risk.frequency is not None and risk.of is not None and risk.frequency > risk.of:
        yield Finding("frequency", facts.place(*at, "frequency"), f"{risk.frequency} is more than {risk.of}", hint)
    if (
        risk.frequency is not None
        and risk.of is not None
        and not ((risk.size and risk.design) or any(each.size or each.trials for each in facts.studies(risk.source)))
    ):
        message = f"the risk `{risk.id}` is counted, but nothing tells how big and of what design the study is"
        study = f"{_NAMED} Or add `size` and `design`."
        yield Finding("figure-without-source", facts.place(*at, "frequency"), message, study)
    for language, text in risk.frequency_text.root.items():
        said = re.findall(r"\d+", re.sub(r"(?<=\d)[.,](?=\d{3}\b)", "", text))
        if risk.frequency is None and risk.of is None and not is_not_known(text, language):
            place = facts.place_in((*at, "frequency_text", language), text)
            yield Finding("frequency", place, "without `frequency`, `frequency_text` says that it is not known", hint)
        elif risk.frequency is not None and not {str(risk.frequency), str(risk.of)} <= set(said):
            place = facts.place_in((*at, "frequency_text", language), text)
            message = f"`frequency_text` does not say {risk.frequency} of {risk.of}"
            yield Finding("frequency", place, message, hint)
    for part in ("text", "frequency_text", "what_to_do"):
        for language, text in getattr(risk, part).root.items():
            for sentence in sentences(text):
                word = frequency_word(sentence, language)
                if word:
                    place = facts.place_in((*at, part, language), word)
                    message = f"“{word}” without a number, in the risk `{risk.id}`"
                    yield Finding("frequency-word", place, message, "Give the number, or say that it is not known.")


def _figures(facts: Facts, location: Location, text: str) -> Iterator[Finding]:
    for figure in figures(text):
        if amount(figure) in facts.amounts_of(location):
            continue
        if location[0] == "evidence":
            message = f"“{figure}” stands in an entry without `size`"
            hint = "Say how many people were studied, or for a review that does not tell, how many `trials` it has."
        elif amount(figure) in facts.sourced:
            message = f"“{figure}” has a source, but not for this claim"
            hint = _NAMED
        else:
            message = f"“{figure}” has no source"
            hint = "Put it into `evidence`, with source, design, size and year, or into a risk's `frequency` and `of`."
        yield Finding("figure-without-source", facts.place_in(location, figure), message, hint)


def _wording(facts: Facts, location: Location, language: str, text: str) -> Iterator[Finding]:
    for sentence in sentences(text):
        found = [*faults_of(sentence, language, facts.acronyms), long_sentence(sentence)]
        if location[0] != "risks":
            found.append(vague(sentence, language))
        for fault in found:
            if fault is not None:
                place = facts.place_in(location, fault.word)
                yield Finding(fault.code, place, fault.message, fault.hint)
