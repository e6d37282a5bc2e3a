"""A form's blocks set one after the other: those without fields once, the others for each patient."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace

from handouts.errors import LayoutError, MissingGlyphError, TemplateError
from handouts.layout import blocks, pictures, signing, tables
from handouts.layout.atoms import Atom, kept_together, mirrored
from handouts.layout.blocks import Setting
from handouts.layout.style import Typography
from handouts.layout.text import Values, no_values
from handouts.library.document import (
    Block,
    Callout,
    Details,
    Form,
    Heading,
    IconArray,
    Items,
    Paragraph,
    Passage,
    Picture,
    Screening,
    Signature,
    Slot,
    Table,
    Text,
    WriteLines,
    contents,
)
from handouts.library.labels import Labels

SPACE: dict[type[Block], tuple[float, float]] = {
    Heading: (15.0, 5.0),
    Paragraph: (6.0, 6.0),
    Items: (4.0, 6.0),
    Table: (7.0, 10.0),
    Details: (5.0, 10.0),
    Screening: (3.0, 8.0),
    Callout: (9.0, 10.0),
    Passage: (6.0, 6.0),
    WriteLines: (0.0, 8.0),
    Picture: (8.0, 10.0),
    IconArray: (8.0, 12.0),
    Signature: (14.0, 12.0),
}
"""Space before and after each kind of block, in points; between two blocks stands the larger."""

SCANT = 2.5
"""Lines of body text; a heading with less than that below it has more of its section on the same page."""


@dataclass(frozen=True, slots=True)
class _Set:
    """A block: its space above, whether it stays whole with the next one, its atoms where they are the same for all.

    opens: it is the first below a heading. level: of the heading above.
    """

    block: Block
    gap: float
    keep: bool
    opens: bool
    level: int
    atoms: tuple[Atom, ...] | None


@dataclass(frozen=True, slots=True)
class Measured:
    """A form for one patient. owners: the number of each atom's block.

    variable: which atoms hold that patient's values. shape: all that decides where atoms fall and how they are tagged;
    equal shapes of one form fall alike.
    """

    atoms: tuple[Atom, ...]
    owners: tuple[int, ...]
    variable: frozenset[int]
    shape: Hashable


class SetForm:
    """A form whose static blocks are set for a column of `width` points.

    Raises TemplateError with the place of a block that cannot be set.
    """

    def __init__(self, form: Form, width: float, text: Typography, labels: Labels) -> None:
        self.form = form
        self._width = width
        self._text = text
        self._labels = labels
        self._sets = tuple(self._set(index) for index in range(len(form.blocks)))

    def _set(self, index: int) -> _Set:
        block = self.form.blocks[index]
        following = self.form.blocks[index + 1] if index + 1 < len(self.form.blocks) else None
        level = next((each.level for each in self.form.blocks[index::-1] if isinstance(each, Heading)), 0)
        previous = self.form.blocks[index - 1] if index else None
        gap = max(SPACE[type(block)][0], SPACE[type(previous)][1] if previous else 0.0)
        each = _Set(block, gap, introduces(block, following), isinstance(previous, Heading), level, None)
        if any(isinstance(part, Slot) for content in contents(block) for part in content):
            return each
        return replace(each, atoms=tuple(self._try(index, each, no_values)))

    def _try(self, index: int, each: _Set, values: Values) -> list[Atom]:
        try:
            return self._atoms(each, values)
        except LayoutError as fault:
            hint = "Write it in letters the fonts have." if isinstance(fault, MissingGlyphError) else fault.hint
            raise TemplateError(fault.what, where=self.form.places[index], hint=hint) from None

    def check(self, height: float) -> None:
        """Check that every block fits a page of `height` points, fields left empty.

        Raises TemplateError with the place of the first one that does not.
        """
        for index, each in enumerate(self._sets):
            atoms = self._try(index, each, lambda field: "") if each.atoms is None else each.atoms
            if any(atom.height + (atom.header.height if atom.header else 0.0) > height for atom in atoms):
                hint = "Split it, or shorten the text."
                if isinstance(each.block, Picture):
                    hint = "Give the picture less height, or shorten the words below it."
                raise TemplateError("this block is taller than a page", where=self.form.places[index], hint=hint)

    def measure(self, values: Values) -> Measured:
        """The form with one patient's values. Raises MissingGlyphError."""
        atoms: list[Atom] = []
        owners: list[int] = []
        variable: set[int] = set()
        shape: list[Hashable] = []
        for number, each in enumerate(self._sets):
            block: Sequence[Atom]
            if each.atoms is None:
                block = self._atoms(each, values)
                variable.update(range(len(atoms), len(atoms) + len(block)))
                paths = [tuple(piece.path for piece in atom.pieces) for atom in block]
                shape.append(tuple((atom.height, atom.areas, path) for atom, path in zip(block, paths, strict=True)))
            else:
                block = each.atoms
            atoms.extend(block)
            owners.extend([number] * len(block))
        return Measured(tuple(atoms), tuple(owners), frozenset(variable), tuple(shape))

    def _atoms(self, each: _Set, values: Values) -> list[Atom]:
        atoms = set_block(each.block, Setting(self._width, self._text, values, self._labels, each.level))
        if self._text.rtl:
            atoms = [mirrored(atom, self._width) for atom in atoms]
        if each.keep:
            atoms = kept_together(atoms)
        atoms[0] = replace(atoms[0], gap=each.gap)
        scant = each.opens and sum(atom.height for atom in atoms) < SCANT * self._text.body.leading
        atoms[-1] = replace(atoms[-1], keep=each.keep or scant or atoms[-1].keep)
        return atoms


def set_block(block: Block, setting: Setting) -> list[Atom]:
    """Any block as atoms."""
    match block:
        case Heading():
            return blocks.set_heading(block, setting)
        case Paragraph():
            return blocks.set_paragraph(block, setting)
        case Items():
            return blocks.set_items(block, setting)
        case Table():
            return tables.set_table(block, setting)
        case Details():
            return tables.set_details(block, setting)
        case Callout():
            return blocks.set_callout(block, setting)
        case Passage():
            return blocks.set_passage(block, setting)
        case WriteLines():
            return blocks.set_write_lines(block, setting)
        case Picture():
            return pictures.set_picture(block, setting)
        case IconArray():
            return pictures.set_icon_array(block, setting)
        case Screening():
            return signing.set_screening(block, setting)
        case Signature():
            return signing.set_signature(block, setting)


def introduces(block: Block, following: Block | None) -> bool:
    """Whether a paragraph belongs on the page of what follows: it ends in a colon, or tells how to fill that in."""
    if not isinstance(block, Paragraph):
        return False
    match following:
        case Screening() | Signature() | Table() | WriteLines() | Picture() | IconArray():
            return True
        case Items(marker="tick" | "initial"):
            return True
        case None:
            return False
    last = block.content[-1]
    return isinstance(last, Text) and last.text.rstrip().endswith(":")
