"""What Markdown itself has, into blocks and their text; everything a form cannot hold is refused by name."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle
from typing import NoReturn, cast

from markdown_it.tree import SyntaxTreeNode

from handouts.errors import TemplateError
from handouts.library.document import (
    Align,
    Block,
    Break,
    Details,
    Heading,
    Inline,
    Inlines,
    Items,
    Paragraph,
    Slot,
    Table,
    Text,
)
from handouts.library.templates import TOKEN, Rendered

_UNPRINTABLE = {
    "em": "Stress with **bold**: slanted letters are hard to read (RNIB clear print).",
    "link": "Write the address out: paper has no links.",
    "image": "Use a ::: picture block.",
    "code_inline": "Write the words without backticks.",
    "code_block": "Indent by fewer than four spaces.",
    "fence": "Use a ::: block.",
    "blockquote": "Use a ::: note block.",
    "hr": "Start a new section with a heading; {{ blank }} prints a rule to write on.",
}


def refuse(rendered: Rendered, node: SyntaxTreeNode | None, what: str, hint: str = "") -> NoReturn:
    """Raise TemplateError at the template line that `node` came from."""
    raise TemplateError(what, where=rendered.place_of(line_of(node)), hint=hint)


def line_of(node: SyntaxTreeNode | None) -> int | None:
    """The line of the Markdown on which a node begins, counted from 0; an inline node stands on its block's."""
    while node is not None and (node.is_root or node.map is None):
        node = node.parent
    return node.map[0] if node is not None and node.map else None


def plain_blocks(rendered: Rendered, nodes: list[SyntaxTreeNode]) -> Iterator[Block]:
    """What nodes say, none of which is a `:::` block. Raises TemplateError at the first that a form cannot hold."""
    for node in nodes:
        match node.type:
            case "heading":
                level = int(node.tag[1:])
                if level > 3:
                    refuse(rendered, node, "headings go three levels deep")
                yield Heading(level, only_inline(rendered, node))
            case "paragraph":
                yield Paragraph(only_inline(rendered, node))
            case "bullet_list":
                yield Items("bullet", list_items(rendered, node))
            case "ordered_list":
                yield Items("number", list_items(rendered, node))
            case "table":
                yield _table(rendered, node)
            case "dl":
                yield Details(_entries(rendered, node))
            case _:
                refuse_node(rendered, node)


def refuse_node(rendered: Rendered, node: SyntaxTreeNode) -> NoReturn:
    """Raise TemplateError for a node of a kind that no form holds."""
    refuse(rendered, node, f"a form cannot hold `{node.type}`", _UNPRINTABLE.get(node.type, ""))


def only_inline(rendered: Rendered, node: SyntaxTreeNode) -> Inlines:
    """The text of a node that holds nothing else."""
    parts: list[Inline] = []
    for inline in node.children:
        if inline.type != "inline":
            refuse_node(rendered, inline)
        parts.extend(_inlines(rendered, inline.children, bold=False))
    return tuple(parts)


def _inlines(rendered: Rendered, nodes: list[SyntaxTreeNode], *, bold: bool) -> Iterator[Inline]:
    for node in nodes:
        match node.type:
            case "text":
                yield from text_of(rendered, node.content, bold=bold)
            case "strong":
                yield from _inlines(rendered, node.children, bold=True)
            case "softbreak":
                yield Text(" ", bold)
            case "hardbreak":
                yield Break()
            case _:
                refuse_node(rendered, node)


def text_of(rendered: Rendered, text: str, *, bold: bool) -> Iterator[Inline]:
    """A text with what its tokens stand for."""
    # re.split with one group gives text, token number, text, token number, … text
    for position, part in enumerate(TOKEN.split(text)):
        if position % 2:
            stands_for = rendered.tokens[int(part)]
            yield Slot(stands_for.field, bold) if isinstance(stands_for, Slot) else stands_for
        elif part:
            yield Text(part, bold)


def list_items(rendered: Rendered, node: SyntaxTreeNode) -> tuple[Inlines, ...]:
    """The items of a list."""
    items: list[Inlines] = []
    for item in node.children:
        if [child.type for child in item.children] != ["paragraph"]:
            refuse(rendered, item, "a list item holds one paragraph, no list or block of its own")
        items.append(only_inline(rendered, item.children[0]))
    return tuple(items)


def _table(rendered: Rendered, node: SyntaxTreeNode) -> Table:
    rows = [row.children for part in node.children for row in part.children]
    aligns = tuple(_align(cell) for cell in rows[0])
    header, *body = [tuple(only_inline(rendered, cell) for cell in row) for row in rows]
    return Table(aligns, header, tuple(body))


def _align(cell: SyntaxTreeNode) -> Align:
    style = str(cell.attrs.get("style", ""))
    return cast(Align, style.removeprefix("text-align:")) if style else "left"


def _entries(rendered: Rendered, node: SyntaxTreeNode) -> tuple[tuple[Inlines, Inlines], ...]:
    entries: list[tuple[Inlines, Inlines]] = []
    children = node.children
    if [child.type for child in children] != ["dt", "dd"] * (len(children) // 2):
        wrong = next(
            (child for child, wanted in zip(children, cycle(("dt", "dd")), strict=False) if child.type != wanted), node
        )
        refuse(rendered, wrong, "each label has one value: a line with the label, then a line starting with `: `")
    for term, value in zip(children[::2], children[1::2], strict=True):
        if [child.type for child in value.children] != ["paragraph"]:
            refuse(rendered, value, "a value is one paragraph")
        entries.append((only_inline(rendered, term), only_inline(rendered, value.children[0])))
    return tuple(entries)
