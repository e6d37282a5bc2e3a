"""Blocks with fields, set once for all patients whose texts measure alike."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field

from handouts.layout.atoms import Atom
from handouts.layout.measures import Measures, Question, Written
from handouts.layout.text import Line, Values

_MOST_SETTINGS = 2000
"""Ways in which a block is remembered as set; one whose columns follow names has about one for each patient."""

Texts = Sequence[Sequence[Line]]
"""The lines of a block's texts with fields, for one patient."""


@dataclass(frozen=True, slots=True, eq=False)
class SetBlock:
    """A block as it is set for all patients, or for some; holds no value of theirs.

    shape: all that decides where its atoms fall and how they are tagged, and how those look that hold no field.
    loose: widths of patients' texts move what stands beside them, so no atom is the same for all of one shape.
    """

    atoms: tuple[Atom, ...]
    shape: Hashable
    loose: bool = False

    def varies(self, atom: Atom) -> bool:
        """Whether an atom of the block differs between patients for whom it has the same shape."""
        pieces = (*atom.pieces, *(atom.header.pieces if atom.header else ()))
        return self.loose or any(isinstance(piece.paint, Written) for piece in pieces)


@dataclass(slots=True, eq=False)
class _Asked:
    """A question about a text with fields, and what follows upon each answer."""

    question: Question[float]
    then: dict[float, _Asked | SetBlock] = field(default_factory=dict)


class VaryingBlock:
    """Asks about a patient's texts in the order in which the setting of the block does; equal answers, equal setting.

    set_block: must depend on nothing of a patient but the measures that it asks for.
    """

    def __init__(self, set_block: Callable[[Measures], Sequence[Atom]]) -> None:
        self._set_block = set_block
        self._first: _Asked | SetBlock | None = None
        self._settings = 0

    def set(self, values: Values) -> tuple[SetBlock, Texts]:
        """The block for one patient. Raises LayoutError, MissingGlyphError."""
        texts: list[Sequence[Line]] = []
        found = self._first
        while isinstance(found, _Asked):
            answer, lines = found.question.answer(values)
            if lines is not None:
                texts.append(lines)
            found = found.then.get(answer)
        return (found, texts) if found else self._set_anew(values)

    def _set_anew(self, values: Values) -> tuple[SetBlock, Texts]:
        measures = Measures(values)
        atoms = tuple(self._set_block(measures))
        shape: Hashable = tuple(answer for _, answer in measures.asked)
        if measures.loose:
            shape = tuple((atom.height, atom.areas, tuple(piece.path for piece in atom.pieces)) for atom in atoms)
        made = SetBlock(atoms, shape, measures.loose)
        self._settings += 1
        if self._settings > _MOST_SETTINGS:
            self._first, self._settings = None, 1
        self._remember(measures, made)
        return made, measures.texts

    def _remember(self, measures: Measures, made: SetBlock) -> None:
        following: _Asked | SetBlock = made
        for question, answer in reversed(measures.asked):
            following = _Asked(question, {answer: following})
        known = self._first
        if known is None:
            self._first = following
            return
        # a path walked to its end was found before it was made anew
        while isinstance(known, _Asked) and isinstance(following, _Asked):  # pragma: no branch  it returns
            ((answer, after),) = following.then.items()
            if answer not in known.then:
                known.then[answer] = after
                return
            known, following = known.then[answer], after
