"""A form's blocks set one after the other: those without fields once, the others for each patient."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from handouts.errors import LayoutError, MissingGlyphError, TemplateError
from handouts.layout import blocks, pictures, signing, tables
from handouts.layout.atoms import Atom, kept_together, mirrored
from handouts.layout.blocks import Setting
from handouts.layout.measures import Measures
from handouts.layout.style import Typography
from handouts.layout.text import Values
from handouts.layout.varying import SetBlock, Texts, VaryingBlock
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
    """A block: its space above, and whether it stays whole with the next one.

    opens: it is the first below a heading. level: of the heading above.
    """

    block: Block
    gap: float
    keep: bool
    opens: bool
    level: int


_UNSET = SetBlock((), None)


@dataclass(frozen=True, slots=True)
class Measured:
    """A form for one patient: its blocks as they are set, and the lines of each block's texts with fields.

    varying: those blocks that hold fields.
    """

    blocks: Sequence[SetBlock]
    texts: Sequence[Texts]
    varying: Sequence[SetBlock]

    @property
    def atoms(self) -> list[Atom]:
        """The atoms of all blocks."""
        return [atom for block in self.blocks for atom in block.atoms]

    @property
    def owners(self) -> list[int]:
        """The number of each atom's block."""
        return [number for number, block in enumerate(self.blocks) for _ in block.atoms]


class SetForm:
    """A form whose static blocks are set for a column of `width` points.

    Raises TemplateError with the place of a block that cannot be set.
    """

    def __init__(self, form: Form, width: float, text: Typography, labels: Labels) -> None:
        self.form = form
        self._width = width
        self._text = text
        self._labels = labels
        self._blocks = tuple(self._set(index) for index in range(len(form.blocks)))
        self._same = [block if isinstance(block, SetBlock) else _UNSET for block in self._blocks]
        self._no_texts: list[Texts] = [()] * len(self._blocks)
        self._varying = [(index, block) for index, block in enumerate(self._blocks) if isinstance(block, VaryingBlock)]

    def _set(self, index: int) -> SetBlock | VaryingBlock:
        block = self.form.blocks[index]
        following = self.form.blocks[index + 1] if index + 1 < len(self.form.blocks) else None
        level = next((each.level for each in self.form.blocks[index::-1] if isinstance(each, Heading)), 0)
        previous = self.form.blocks[index - 1] if index else None
        gap = max(SPACE[type(block)][0], SPACE[type(previous)][1] if previous else 0.0)
        each = _Set(block, gap, introduces(block, following), isinstance(previous, Heading), level)
        if any(isinstance(part, Slot) for content in contents(block) for part in content):
            return VaryingBlock(lambda measures: self._atoms(each, measures))
        with self._told(index):
            return SetBlock(tuple(self._atoms(each, Measures())), None)

    @contextmanager
    def _told(self, index: int) -> Iterator[None]:
        """Says of which block a fault is."""
        try:
            yield
        except LayoutError as fault:
            hint = "Write it in letters the fonts have." if isinstance(fault, MissingGlyphError) else fault.hint
            raise TemplateError(fault.what, where=self.form.places[index], hint=hint) from None

    def check(self, height: float) -> None:
        """Check that every block fits a page of `height` points, fields left empty.

        Raises TemplateError with the place of the first one that does not.
        """
        for index, block in enumerate(self._blocks):
            with self._told(index):
                atoms = (block if isinstance(block, SetBlock) else block.set(lambda field: "")[0]).atoms
            if any(atom.height + (atom.header.height if atom.header else 0.0) > height for atom in atoms):
                hint = "Split it, or shorten the text."
                if isinstance(self.form.blocks[index], Picture):
                    hint = "Give the picture less height, or shorten the words below it."
                raise TemplateError("this block is taller than a page", where=self.form.places[index], hint=hint)

    def measure(self, values: Values) -> Measured:
        """The form with one patient's values. Raises LayoutError, MissingGlyphError."""
        blocks, texts = self._same.copy(), self._no_texts.copy()
        varying: list[SetBlock] = []
        for index, block in self._varying:
            blocks[index], texts[index] = block.set(values)
            varying.append(blocks[index])
        return Measured(blocks, texts, varying)

    def _atoms(self, each: _Set, measures: Measures) -> list[Atom]:
        atoms = set_block(each.block, Setting(self._width, self._text, measures, self._labels, each.level))
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
        case Signature():  # pragma: no branch  the last kind there is
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
