"""Blocks that people fill in with a pen: yes/no questions and signatures."""

from __future__ import annotations

from dataclasses import replace

from handouts.layout import style as s
from handouts.layout.atoms import Area, Atom, kept_together, placed, stack
from handouts.layout.blocks import Setting, box, hairline, in_company, set_paragraph, to_write, whole_text
from handouts.layout.pen import baseline, number, paint_lines
from handouts.layout.text import lines_of, natural_width, words_of
from handouts.library.document import Inlines, Screening, Signature, Text
from handouts.library.labels import Labels

_GUTTER = 16.0
_PAD = 4.0


def set_screening(screening: Screening, setting: Setting, labels: Labels) -> list[Atom]:
    """A question a row, with a box for each answer at the right; a row is never broken."""
    yes, no = (
        natural_width(words_of((Text(word),), setting.text.cell, setting.values), setting.text.cell)
        for word in (labels.yes, labels.no)
    )
    answers = setting.text.tick + 5 + yes + _GUTTER + setting.text.tick + 5 + no
    atoms = [_question(question, setting, labels, answers, yes) for question in screening.questions]
    return [replace(atom, keep=in_company(index, len(atoms))) for index, atom in enumerate(atoms)]


def _question(question: Inlines, setting: Setting, labels: Labels, answers: float, yes: float) -> Atom:
    text = whole_text(question, setting.text.cell, setting.narrower(answers + _GUTTER))
    left = setting.width - answers
    second = left + setting.text.tick + 5 + yes + _GUTTER
    height = text.height + 2 * _PAD
    drop = _PAD + baseline(setting.text.cell)
    painted = [placed(text.paint, 0, -_PAD)]
    for x, word in ((left, labels.yes), (second, labels.no)):
        words = whole_text((Text(word),), setting.text.cell, setting, x + setting.text.tick + 5)
        painted += [box(x, -drop - 1.5, setting.text.tick, setting.text.tick), placed(words.paint, 0, -_PAD)]
    return Atom(height, b"\n".join([*painted, hairline(-height, setting.width)]))


def set_signature(signature: Signature, setting: Setting, labels: Labels) -> list[Atom]:
    """Who signs, what they state, the line with date and time, and further lines: all on one page."""
    heading = whole_text((Text(labels.roles[signature.role]),), setting.text.subsection, setting)
    atoms = [heading]
    for statement in signature.statements:
        paint, height, _ = stack(set_paragraph(statement, setting), 0, 0)
        atoms.append(Atom(height, paint, gap=3.0))
    atoms.append(_signing_line(signature.role, setting, labels))
    atoms.extend(_labelled_line(label, value, setting) for label, value in signature.lines)
    paint, height, areas = stack(atoms, 0, 0)
    return kept_together([Atom(height, paint, areas=areas)])


def _signing_line(role: str, setting: Setting, labels: Labels) -> Atom:
    gap = 5 * s.MM
    date_left = s.SIGNATURE_WIDTH + gap
    time_left = date_left + s.DATE_WIDTH + gap
    y = -s.SIGNATURE_HEIGHT
    painted: list[bytes] = []
    for left, width, word in (
        (0.0, s.SIGNATURE_WIDTH, labels.signature),
        (date_left, s.DATE_WIDTH, labels.date),
        (time_left, setting.width - time_left, labels.time),
    ):
        painted.append(
            b"%s %s %s m %s %s l S" % (s.WRITING_LINE, number(left), number(y), number(left + width), number(y))
        )
        painted.append(placed(whole_text((Text(word),), setting.text.label, setting, left).paint, 0, y - 1))
    area = Area(role, 0, 0, s.SIGNATURE_WIDTH, s.SIGNATURE_HEIGHT)
    return Atom(s.SIGNATURE_HEIGHT + setting.text.label.leading + 1, b"\n".join(painted), gap=2.0, areas=(area,))


def _labelled_line(label: Inlines, value: Inlines, setting: Setting) -> Atom:
    """A label and its value; a value still to be written gets a rule over the rest of the line."""
    label_words = words_of(label, setting.text.label, setting.values)
    left = min(natural_width(label_words, setting.text.label) + 8.01, setting.width * 0.5)
    label_lines = lines_of(label_words, setting.text.label, left - 8)
    if to_write(value, setting):
        height = max(s.WRITING_HEIGHT, setting.text.label.leading * len(label_lines) + 4)
        y = number(3 - height)
        rule = b"%s %s %s m %s %s l S" % (s.WRITING_LINE, number(left), y, number(setting.width), y)
        top = -(height - setting.text.label.leading * len(label_lines))
        return Atom(height, paint_lines(label_lines, setting.text.label, 0, top) + b"\n" + rule, gap=2.0)
    text = whole_text(value, setting.text.label, setting.narrower(left), left)
    height = max(text.height, setting.text.label.leading * len(label_lines))
    return Atom(height, paint_lines(label_lines, setting.text.label, 0, 0) + b"\n" + text.paint, gap=5.0)
