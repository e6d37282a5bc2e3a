"""Blocks that people fill in with a pen: yes/no questions and signatures."""

from __future__ import annotations

from dataclasses import replace

from handouts.layout import style as s
from handouts.layout.atoms import Area, Atom, Piece, kept_together, moved, stack, within
from handouts.layout.blocks import (
    Setting,
    box,
    hairline,
    in_company,
    set_paragraph,
    whole_text,
    write_rule,
)
from handouts.layout.pen import baseline
from handouts.layout.tags import PARAGRAPH, Path, Tag, box_to_tick, heading, item, line_to_write, listing, told
from handouts.library.document import Inlines, Screening, Signature, Text
from handouts.model import FieldKind

_GUTTER = 16.0
_PAD = 4.0
_SECTION: Path = (Tag("Sect"),)


def set_screening(screening: Screening, setting: Setting) -> list[Atom]:
    """A question a row, with a box for each answer at the right; a row is never broken."""
    yes, no = (
        setting.measures.natural_width((Text(word),), setting.text.cell)
        for word in (setting.labels.yes, setting.labels.no)
    )
    answers = setting.text.tick + 5 + yes + _GUTTER + setting.text.tick + 5 + no
    atoms = [_question(index, question, setting, answers, yes) for index, question in enumerate(screening.questions)]
    return [replace(atom, keep=in_company(index, len(atoms))) for index, atom in enumerate(atoms)]


def _question(index: int, question: Inlines, setting: Setting, answers: float, yes: float) -> Atom:
    within_item = item(listing("None"), index)
    text = whole_text(question, setting.text.cell, setting.narrower(answers + _GUTTER), within_item + PARAGRAPH)
    left = setting.width - answers
    second = left + setting.text.tick + 5 + yes + _GUTTER
    height = text.height + 2 * _PAD
    drop = _PAD + baseline(setting.text.cell)
    pieces = moved(text.pieces, 0, -_PAD)
    areas: list[Area] = []
    for answer, (x, word) in enumerate(((left, setting.labels.yes), (second, setting.labels.no))):
        to_tick = (*within_item, box_to_tick(word, answer))
        room = replace(setting, width=setting.width - x - setting.text.tick - 5 + 0.01)
        words = whole_text((Text(word),), setting.text.cell, room, to_tick, x + setting.text.tick + 5)
        side = setting.text.tick
        pieces.append(Piece(to_tick, box(side, side), side, x, -drop - 1.5))
        pieces += moved(words.pieces, 0, -_PAD)
        areas.append(Area("tick", "no" if answer else "yes", x, drop + 1.5 - side, side, side, optional=True))
    return Atom(height, (*pieces, hairline(setting.width, -height)), areas=tuple(areas))


def set_signature(signature: Signature, setting: Setting) -> list[Atom]:
    """Who signs, what they state, the line with date and time, and further lines: all on one page."""
    role = setting.labels.roles[signature.role]
    atoms = [whole_text((Text(role),), setting.text.subsection, setting, heading(setting.level + 1))]
    for statement in signature.statements:
        stacked = stack(set_paragraph(statement, setting), 0, 0)
        atoms.append(Atom(stacked.height, stacked.pieces, gap=3.0))
    atoms.append(_signing_line(signature, setting))
    atoms.extend(_labelled_line(name, value, setting) for name, value in signature.lines)
    numbered = [replace(atom, pieces=tuple(within(_SECTION, index, atom.pieces))) for index, atom in enumerate(atoms)]
    stacked = stack(numbered, 0, 0)
    return kept_together([Atom(stacked.height, stacked.pieces, areas=stacked.areas)])


def _signing_line(signature: Signature, setting: Setting) -> Atom:
    gap = 5 * s.MM
    date_left = s.SIGNATURE_WIDTH + gap
    time_left = date_left + s.DATE_WIDTH + gap
    labels, role = setting.labels, signature.role
    pieces: list[Piece] = []
    areas: list[Area] = []
    kinds: tuple[tuple[FieldKind, float, float, str, str], ...] = (
        ("signature", 0.0, s.SIGNATURE_WIDTH, labels.signature, f"{labels.signature}: {labels.roles[role]}"),
        ("date", date_left, date_left + s.DATE_WIDTH, labels.date, labels.date),
        ("time", time_left, setting.width, labels.time, labels.time),
    )
    for place, (kind, left, right, word, whose) in enumerate(kinds):
        to_fill = (Tag("P"), line_to_write(whose, place))
        pieces.append(write_rule(to_fill, right - left, left, -s.SIGNATURE_HEIGHT))
        words = whole_text((Text(word),), setting.text.label, replace(setting, width=right - left), to_fill, left)
        pieces += moved(words.pieces, 0, -s.SIGNATURE_HEIGHT - 1)
        areas.append(Area(kind, role, left, 0, right - left, s.SIGNATURE_HEIGHT, signature.optional))
    return Atom(s.SIGNATURE_HEIGHT + setting.text.label.leading + 1, tuple(pieces), gap=2.0, areas=tuple(areas))


def _labelled_line(name: Inlines, value: Inlines, setting: Setting) -> Atom:
    """A label and its value; a value still to be written gets a rule over the rest of the line."""
    style = setting.text.label
    left = min(setting.measures.natural_width(name, style) + 8.01, setting.width * 0.5)
    label = whole_text(name, style, replace(setting, width=left - 8), PARAGRAPH)
    if setting.measures.missing(value):
        height = max(s.WRITING_HEIGHT, label.height + 4)
        line = write_rule((*PARAGRAPH, line_to_write(told(name))), setting.width - left, left, 3 - height)
        return Atom(height, (*moved(label.pieces, 0, label.height - height), line), gap=2.0)
    text = whole_text(value, style, setting.narrower(left), PARAGRAPH, left)
    return Atom(max(text.height, label.height), (*label.pieces, *text.pieces), gap=5.0)
