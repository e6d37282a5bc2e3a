"""The form of one language held against the same form in the first one: blocks, names, numbers, what is to fill in.

Nothing is compared with a form that has faults itself: each of them would be told again for every other language.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from handouts.errors import Place
from handouts.library.checks.finding import Finding, placed, sought
from handouts.library.checks.translation import unmatched
from handouts.library.checks.variants import Variant
from handouts.library.document import (
    Blank,
    Block,
    Callout,
    Details,
    Items,
    Passage,
    Screening,
    Signature,
    Table,
    WriteLines,
    contents,
)
from handouts.library.sources import prose_of
from handouts.library.syntax import Template, block_at

_LAYOUT = re.compile(r"^\s*(?:\d+\. |::: (?:lines|picture) .*)")
"""Numbers that belong to the form's layout, which the counts of what it holds compare."""
_MARKED = {"bullet": "points", "number": "numbered lines", "tick": "lines to tick", "initial": "lines to initial"}


@dataclass(frozen=True)
class Edition:
    """One document in one language: its templates, and all its variants.

    sound: whether it can be held against another language, without telling one fault twice.
    """

    document: str
    language: str
    templates: list[Template]
    variants: list[Variant]
    sound: bool

    @property
    def top(self) -> Place:
        """Where its own template begins."""
        return Place(self.templates[0].file, 1, 1)

    def block_place(self, name: str) -> Place:
        """Where a block begins."""
        for template in self.templates:
            if name in template.blocks:
                return placed(template.place(template.blocks[name][0]), "{% block")
        return self.top


def check_parity(first: Edition, other: Edition) -> Iterator[Finding]:
    """Everything that the two editions do not share."""
    yield from _names("block", _blocks(first), _blocks(other), first, other)
    yield from _names("name", _read(first), _read(other), first, other)
    yield from _numbers(first, other)
    yield from _counts(first, other)


def _blocks(edition: Edition) -> Mapping[str, Place]:
    return {name: each.place(lines[0]) for each in edition.templates for name, lines in each.blocks.items()}


def _read(edition: Edition) -> Mapping[str, Place]:
    return {name: each.place(line) for each in edition.templates for name, line in each.names.items()}


def _names(
    what: str, wanted: Mapping[str, Place], found: Mapping[str, Place], first: Edition, other: Edition
) -> Iterator[Finding]:
    for name in sorted(found.keys() - wanted.keys()):
        place = placed(found[name], name, name.rpartition(".")[2])
        message = f"the {what} `{name}` is not in the `{first.language}` {first.document}"
        yield Finding("language-differs", place, message, "Both languages must tell the same.")
    for name in sorted(wanted.keys() - found.keys()):
        message = (
            f"the {what} `{name}`, which the `{first.language}` {first.document} has, is missing in `{other.language}`"
        )
        yield Finding("language-differs", other.top, message, f"It stands at {wanted[name]}.")


# -- numbers in the words of templates -------------------------------------------------------------


def _numbers(first: Edition, other: Edition) -> Iterator[Finding]:
    english, translated = _prose(first), _prose(other)
    for name in english.keys() & translated.keys():
        (said, _), (told, place) = english[name], translated[name]
        more = unmatched(told, said, first.language)
        less = unmatched(said, told, other.language)
        where = f"the block `{name}`" if name else "the words outside all blocks"
        hint = f"In `{first.language}` {where} of the {first.document} says {', '.join(less) or 'no such number'}."
        for number in more:
            message = f"the number {number} is not in the `{first.language}` {first.document}"
            yield Finding("language-differs", sought(place, number) or place, message, hint)
        if less and not more:
            message = f"the number {', '.join(less)}, which the `{first.language}` {first.document} has, is missing"
            yield Finding("language-differs", placed(place), message, f"It belongs to {where}.")


def _prose(edition: Edition) -> dict[str, tuple[str, Place]]:
    """The words of each innermost block, and where they begin."""
    found: dict[str, tuple[str, Place]] = {}
    for template in edition.templates:
        for number, line in enumerate(prose_of(template.text).splitlines(), 1):
            place = template.place(number)
            name = block_at(place, [template])
            said, start = found.get(name, ("", place))
            found[name] = (f"{said}\n{_LAYOUT.sub('', line)}", start)
    return found


# -- how much there is to read, answer, tick and sign ----------------------------------------------


def _counts(first: Edition, other: Edition) -> Iterator[Finding]:
    english = {_kind(variant): variant for variant in first.variants}
    told: set[tuple[str, str]] = set()
    for variant in other.variants:
        same = english.get(_kind(variant))
        if same is None:
            continue
        wanted, found = _shape(same, first.templates), _shape(variant, other.templates)
        for name, what in sorted({*wanted, *found}):
            there, here = wanted[name, what], found[name, what]
            known = all(not name or name in _blocks(edition) for edition in (first, other))
            if there != here and known and (name, what) not in told:
                told.add((name, what))
                where = f"the block `{name}`" if name else "the form outside its blocks"
                message = f"{where} has {here} {what}, in `{first.language}` {there}"
                place = other.block_place(name)
                yield Finding("language-differs", place, message, "Both languages must ask and tell the same.")


def _kind(variant: Variant) -> tuple[object, ...]:
    return variant.flags, variant.clinic.tax_id, variant.offer.price_per_session, variant.offer.packages


def _shape(variant: Variant, templates: list[Template]) -> Counter[tuple[str, str]]:
    shape: Counter[tuple[str, str]] = Counter()
    for block, place in zip(variant.form.blocks, variant.form.places, strict=True):
        name = block_at(place, templates)
        for what, number in _size(block):
            shape[name, what] += number
    return shape


def _size(block: Block) -> Iterator[tuple[str, int]]:
    """What a block holds that a translation holds too, and how many of it."""
    match block:
        case Items(marker=marker, items=items):
            yield _MARKED[marker], len(items)
        case Screening(questions=questions):
            yield "questions to answer", len(questions)
        case Details(entries=entries):
            yield "labelled lines", len(entries)
        case Table(rows=rows, header=header):
            yield "rows", len(rows)
            yield "columns", len(header)
        case WriteLines(count=count):
            yield "empty lines to write on", count
        case Callout(blocks=inside) | Passage(blocks=inside):
            for inner in inside:
                yield from _size(inner)
            return
        case Signature(role=role, lines=lines, optional=optional):
            yield f"places where {role} {'may' if optional else 'must'} sign", 1
            yield "labelled lines", len(lines)
    yield "rules to write on", sum(isinstance(part, Blank) for content in contents(block) for part in content)
