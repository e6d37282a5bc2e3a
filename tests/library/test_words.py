"""The words on the pages are the words of the template, rendered here by plain Jinja2 and Markdown alone."""

from __future__ import annotations

import html
import re
from collections import Counter
from decimal import Decimal
from typing import Any

import jinja2
import pytest
from babel.dates import format_date, format_time
from babel.numbers import format_currency, format_decimal
from markdown_it import MarkdownIt
from mdit_py_plugins.deflist import deflist_plugin

from handouts.layout.codes import grouped
from handouts.layout.composition import Copy
from handouts.layout.packet import PacketLayout
from handouts.library.fields import FIELDS, Facts
from handouts.library.flags import Flags
from handouts.model import Flag
from tests.press.making import (
    FLAG_SETS,
    MARK,
    PROCEDURE,
    clinic,
    facts,
    file_of,
    furniture,
    shelf,
    shipped_form,
    texts_of,
    values_of,
)

DOCUMENTS = ("handout", "estimate", "consent", "refusal", "withdrawal")
RULE = "\ue100"
"""Stands where there is room to write."""

SYNTAX = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|\*\*|:::|^#|[\ue000-\uf8ff]|\bNone\b|\bTrue\b|\bFalse\b")


class _Texts(dict[str, Any]):
    """A mapping whose members Jinja2 reads with a dot; texts by language are given in English."""

    def __getitem__(self, key: str) -> Any:
        return _english(super().__getitem__(key))

    def __str__(self) -> str:
        return str(dict.__getitem__(self, "en"))


def _english(value: Any) -> Any:
    if isinstance(value, dict):
        return value["en"] if "en" in value else _Texts(value)
    return [_english(each) for each in value] if isinstance(value, list | tuple) else value


def _values(known: Facts) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for path, spec in FIELDS.items():
        name, member = path.split(".")
        found.setdefault(name, {})[member] = spec.read(known)
    return found


def _written(value: Any) -> Any:
    """A value that goes through no formatter, in its default style."""
    if value is None:
        return RULE
    return format_currency(value, "USD", locale="en_US") if isinstance(value, Decimal) else value


def _day(value: Any, style: str = "long") -> str:
    if value is None:
        return RULE
    return str(format_date(value, {"long": "long", "short": "medium", "weekday": "full"}[style], locale="en_US"))


def plain_words(document: str, flags: Flags, known: Facts) -> list[str]:
    """The template's words in order, as a browser would show them."""
    procedure, own = shelf().procedures[PROCEDURE], clinic()
    environment = jinja2.Environment(  # noqa: S701 - Markdown, and its HTML is only read for its words
        loader=jinja2.FileSystemLoader(procedure.folders[0] / "en"),
        undefined=jinja2.StrictUndefined,
        finalize=_written,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "date": _day,
        "time": lambda value: format_time(value.time(), "short", locale="en_US"),
        "money": lambda value: format_currency(value, "USD", locale="en_US") if value is not None else RULE,
        "number": lambda value: format_decimal(value, locale="en_US") if value is not None else RULE,
    }
    offer = own.procedures[PROCEDURE].model_dump()
    for package in offer["packages"]:
        package["price_per_session"] = package["price"] / package["sessions"]
    names = {
        **_values(known),
        "clinic": own.model_dump(),
        "offer": offer,
        "procedure": _english(procedure.model_dump()),
        "document": {**procedure.documents[document].model_dump(), "language": "English"},
        "when": {flag.value: flag in flags for flag in Flag},
        "blank": RULE,
    }
    markdown = environment.get_template(f"{document}.md").render(names)
    shown = re.sub(r"^::: *(\w+)(?: (.*))?$", lambda found: f"\n{_title(found)}\n", markdown, flags=re.MULTILINE)
    page = MarkdownIt("commonmark").enable("table").use(deflist_plugin).render(shown.replace(":::", "\n"))
    text = re.sub(r"<[^>]+>", " ", re.sub("</?strong>", "", page))
    return words(html.unescape(text).replace(RULE, ""))


def _title(container: re.Match[str]) -> str:
    return (container[2] or "") if container[1] in {"note", "summary", "emergency"} else ""


def words(text: str) -> list[str]:
    """Words as they are compared: how they are spaced and which quotation marks stand there is typography."""
    return "".join(" " if each in "“”‘’\"'" else each for each in text.replace("\u202f", "\u00a0")).split()


def page_words(document: str, flags: Flags, known: Facts) -> list[str]:
    """The words of the form's pages but for what stands on every page, as PDFium finds them."""
    layout = PacketLayout([Copy(shipped_form(document, flags), MARK)], furniture())
    texts = texts_of(file_of(layout.press(values_of(known), known.packet_id)))
    form, found = shipped_form(document, flags), []
    for number, text in enumerate(texts, 1):
        header = f"{clinic().name} {', '.join(clinic().address)} Front desk (217) 555-0142 "
        assert text.startswith(header)
        footer = (
            f"{known.appointment.patient.name} · Born {_day(known.appointment.patient.birth_date, 'short')} · "
            f"Record no. {known.appointment.patient.patient_id} {form.title} · {form.form_id} version {form.version} "
            f"Page {number} of {len(texts)} Packet {grouped(known.packet_id)}"
        )
        assert text.endswith(footer)
        found += words(text.removeprefix(header).removesuffix(footer))
    return found


PRINTED_BY_BLOCKS = Counter(("•", "Signature", "Date", "Time", "Yes", "No"))


@pytest.mark.parametrize("document", DOCUMENTS)
@pytest.mark.parametrize("flags", FLAG_SETS[::5], ids=lambda flags: "+".join(sorted(flags)) or "plain")
def test_no_word_of_the_template_is_lost_added_or_out_of_order(document: str, flags: Flags) -> None:
    known = facts(representative="Paula Madeup" if Flag.REPRESENTATIVE in flags else None)
    wanted, found = plain_words(document, flags, known), page_words(document, flags, known)
    rest = iter(found)
    lost = [word for word in wanted if not any(word == each for each in rest)]
    assert not lost
    allowed = set(PRINTED_BY_BLOCKS) | {word for role in shelf().labels("en").roles.values() for word in role.split()}
    added = Counter(found) - Counter(wanted)
    assert not [word for word in added if word not in allowed and not re.fullmatch(r"\d+\.", word)]


@pytest.mark.parametrize("document", DOCUMENTS)
@pytest.mark.parametrize("flags", FLAG_SETS[::7], ids=lambda flags: "+".join(sorted(flags)) or "plain")
def test_no_template_syntax_reaches_the_page(document: str, flags: Flags) -> None:
    assert not [word for word in page_words(document, flags, facts()) if SYNTAX.search(word)]
