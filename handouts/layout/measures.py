"""What the setting of a block asks about its texts: how many lines, how wide, and whether one is missing.

Nothing else of a patient decides how a block is set. So a block that was set once is set for everybody whose texts
answer alike; only their lines are painted anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from handouts.layout.lines import least_width, lines_of, natural_width
from handouts.layout.pen import paint_lines
from handouts.layout.style import Style
from handouts.layout.text import Line, Values, no_values, words_of
from handouts.library.document import Align, Blank, Inlines, Slot


@dataclass(frozen=True, slots=True)
class Written:
    """Lines of a text with fields, as a block is painted with them: those from `first` up to `end`.

    text: the number of the text among those whose lines the block asked for. width: of its column, in points.
    """

    text: int
    style: Style
    width: float
    align: Align
    first: int
    end: int

    def paint(self, texts: Sequence[Sequence[Line]]) -> bytes:
        """Content stream operators. texts: one patient's, by their number."""
        lines = texts[self.text][self.first : self.end]
        return paint_lines(lines, self.style, 0, 0, self.width, self.align)


# -- questions -------------------------------------------------------------------------------------

Answer = TypeVar("Answer", int, float, bool, covariant=True)


class Question(Protocol[Answer]):
    """Something asked about a text."""

    @property
    def content(self) -> Inlines:
        """The text."""
        ...

    def answer(self, values: Values) -> tuple[Answer, Sequence[Line] | None]:
        """What decides the setting, and the text's lines where they were asked for. Raises MissingGlyphError."""
        ...


@dataclass(frozen=True, slots=True)
class _HowManyLines:
    content: Inlines
    style: Style
    width: float

    def answer(self, values: Values) -> tuple[int, Sequence[Line]]:
        lines = lines_of(words_of(self.content, self.style, values), self.style, self.width)
        return len(lines), lines


@dataclass(frozen=True, slots=True)
class _HowWide:
    content: Inlines
    style: Style

    def answer(self, values: Values) -> tuple[float, None]:
        return natural_width(words_of(self.content, self.style, values), self.style), None


@dataclass(frozen=True, slots=True)
class _HowNarrow:
    content: Inlines
    style: Style

    def answer(self, values: Values) -> tuple[float, None]:
        words = words_of(self.content, self.style, values)
        return max([0.0, *(least_width(word, self.style) for word in words)]), None


@dataclass(frozen=True, slots=True)
class _WhetherMissing:
    content: Inlines

    def answer(self, values: Values) -> tuple[bool, None]:
        return all(
            isinstance(part, Blank) or (isinstance(part, Slot) and not values(part.field)) for part in self.content
        ), None


# -- answers ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SetText:
    """A text in lines. number: among the texts with fields; None for a text that is the same for everybody."""

    lines: Sequence[Line]
    number: int | None
    style: Style
    width: float

    def paint(self, align: Align, first: int = 0, end: int | None = None) -> bytes | Written:
        """What is painted of its lines from `first` up to `end`."""
        end = len(self.lines) if end is None else end
        if self.number is None:
            return paint_lines(self.lines[first:end], self.style, 0, 0, self.width, align)
        return Written(self.number, self.style, self.width, align, first, end)


@dataclass(slots=True)
class Measures:
    """Answers for one patient. asked: all questions about texts with fields, in order, with their answers.

    loose: whether a width was among them.
    """

    values: Values = no_values
    asked: list[tuple[Question[float], float]] = field(default_factory=list)
    texts: list[Sequence[Line]] = field(default_factory=list)
    loose: bool = False

    def lines(self, content: Inlines, style: Style, width: float) -> SetText:
        """The text in lines of at most `width` points. Raises MissingGlyphError."""
        question = _HowManyLines(content, style, width)
        if not _varies(content):
            return SetText(question.answer(no_values)[1], None, style, width)
        count, lines = question.answer(self.values)
        self.asked.append((question, count))
        self.texts.append(lines)
        return SetText(lines, len(self.texts) - 1, style, width)

    def natural_width(self, content: Inlines, style: Style) -> float:
        """How wide the text is on as few lines as it allows, in points."""
        self.loose |= _varies(content)
        return self._asked(_HowWide(content, style))

    def least_width(self, content: Inlines, style: Style) -> float:
        """How much room its longest word needs in a column, in points."""
        self.loose |= _varies(content)
        return self._asked(_HowNarrow(content, style))

    def missing(self, content: Inlines) -> bool:
        """Whether the text is nothing but blanks, and fields that print nothing for this patient."""
        return self._asked(_WhetherMissing(content))

    def _asked(self, question: Question[Answer]) -> Answer:
        if not _varies(question.content):
            return question.answer(no_values)[0]
        answer, _ = question.answer(self.values)
        self.asked.append((question, answer))
        return answer


def _varies(content: Inlines) -> bool:
    return any(isinstance(part, Slot) for part in content)
