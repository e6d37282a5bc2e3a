"""The words of a form or of procedure.yaml, as units of text and as sentences, each with its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from pydantic import BaseModel

from handouts.errors import Place
from handouts.library.document import (
    Block,
    Break,
    Callout,
    Details,
    Form,
    IconArray,
    Inlines,
    Items,
    Paragraph,
    Passage,
    Picture,
    Screening,
    Signature,
    Table,
    Text,
    contents,
)
from handouts.library.procedure import Words

VALUE = "□"
"""Stands in a text where a patient's value or a rule to write on stands."""

Location = tuple[int | str, ...]
_END = re.compile(r"(?<=[.!?…;])[\"”’»)]*\s+|(?<=[.!?…][\"”’»)])\s+")
_WORD = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*|\d[\d.,]*")
_ABBREVIATION = re.compile(r"\b(?:Dr|Dra|Mr|Mrs|Ms|Sr|Sra|St|vs|e\.g|i\.e|p\. ej|aprox|EE|no|No|núm)\.$")
_REMEMBERED = 10_000
"""Texts of which it is remembered what was found in them: most stand in every variant of a form."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A piece of text that is read in one go. prose: whether it is made of sentences."""

    text: str
    place: Place
    prose: bool


def plain(content: Inlines) -> str:
    """Text as it is read, with VALUE for what is filled in."""
    parts = (part.text if isinstance(part, Text) else " " if isinstance(part, Break) else VALUE for part in content)
    return " ".join("".join(parts).split())


@lru_cache(maxsize=_REMEMBERED)
def key(text: str) -> str:
    """A text by its letters and digits alone: how quotes, spaces and stress are set makes no difference."""
    return "".join(character for character in text.casefold() if character.isalnum())


def units(block: Block, place: Place) -> Iterator[Unit]:
    """The pieces of text of one block."""
    match block:
        case Paragraph() | Items() | Screening() | Picture() | IconArray():
            yield from (Unit(plain(each), place, True) for each in contents(block))
        case Callout(title=title, blocks=inside):
            yield Unit(plain(title), place, False)
            for inner in inside:
                yield from units(inner, place)
        case Passage():
            return  # measured and worded by another language's rules
        case Signature(statements=statements, lines=lines):
            yield from (Unit(plain(each.content), place, True) for each in statements)
            yield from (Unit(f"{plain(label)}: {plain(value)}", place, False) for label, value in lines)
        case Details(entries=entries):
            yield from (Unit(f"{plain(label)}: {plain(value)}", place, False) for label, value in entries)
        case Table(header=header, rows=rows):
            yield from (Unit(" | ".join(map(plain, row)), place, False) for row in (header, *rows))
        case _:
            yield from (Unit(plain(each), place, False) for each in contents(block))


def form_units(form: Form) -> Iterator[Unit]:
    """The pieces of text of a whole form."""
    for block, place in zip(form.blocks, form.places, strict=True):
        yield from units(block, place)


@lru_cache(maxsize=_REMEMBERED)
def sentences(text: str) -> tuple[str, ...]:
    """Sentences; a semicolon ends one too, as in the rules for SMOG."""
    found: list[str] = []
    start = 0
    for end in _END.finditer(text):
        if not _ABBREVIATION.search(text[start : end.start()]):
            found.append(text[start : end.end()].strip())
            start = end.end()
    last = text[start:].strip()
    return (*found, last) if last else tuple(found)


@lru_cache(maxsize=_REMEMBERED)
def words(text: str) -> tuple[str, ...]:
    """The words and numbers of a text."""
    return tuple(_WORD.findall(text))


def texts(value: object, at: Location = ()) -> Iterator[tuple[Location, str, str]]:
    """Every text of a model that has languages: where it stands, its language, and what it says."""
    match value:
        case Words():
            yield from (((*at, language), language, text) for language, text in value.root.items())
        case BaseModel():
            for name, member in value:
                yield from texts(member, (*at, name))
        case tuple():
            for number, member in enumerate(value):
                yield from texts(member, (*at, number))
