"""The `:::` blocks of a form: boxes, questions, things to tick, to initial and to sign, pictures."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from typing import Literal, cast

from markdown_it.tree import SyntaxTreeNode

from handouts.library.document import (
    Block,
    Callout,
    Details,
    Icon,
    Inlines,
    Items,
    Marker,
    Paragraph,
    Passage,
    Screening,
    Signature,
    Slot,
    WriteLines,
)
from handouts.library.figures import ICONS, icon_array, picture
from handouts.library.nodes import line_of, list_items, only_inline, plain_blocks, refuse, text_of
from handouts.library.templates import Rendered

CALLOUTS = ("summary", "note", "emergency")
MOST_INITIALS = 6
"""More statements to initial than this invite initialling without reading (our judgement; no rule was found)."""


def container(rendered: Rendered, node: SyntaxTreeNode) -> Block:
    """The block that a `:::` node describes. Raises TemplateError."""
    name, _, rest = node.info.strip().partition(" ")
    builder = CONTAINERS.get(name)
    if builder is None:
        close = difflib.get_close_matches(name, CONTAINERS, n=1, cutoff=0.5)
        hint = f"Did you mean `::: {close[0]}`?" if close else f"Known: {', '.join(CONTAINERS)}."
        refuse(rendered, node, f"unknown block `::: {name}`", hint)
    return builder(rendered, node, name, rest.strip())


def _list_in(rendered: Rendered, node: SyntaxTreeNode, name: str) -> tuple[Inlines, ...]:
    if [child.type for child in node.children] != ["bullet_list"]:
        refuse(rendered, node, f"`::: {name}` holds one list of lines that start with `- `")
    return list_items(rendered, node.children[0])


def _screening(rendered: Rendered, node: SyntaxTreeNode, name: str, rest: str) -> Block:
    return Screening(_list_in(rendered, node, name))


def _marked(rendered: Rendered, node: SyntaxTreeNode, name: str, rest: str) -> Block:
    items = _list_in(rendered, node, name)
    if name == "initial" and len(items) > MOST_INITIALS:
        refuse(rendered, node, f"{len(items)} statements to initial; {MOST_INITIALS} are the most")
    return Items(cast(Marker, name), items)


def _running(rendered: Rendered, node: SyntaxTreeNode, name: str) -> tuple[Paragraph | Items, ...]:
    blocks = tuple(block for block in plain_blocks(rendered, node.children) if isinstance(block, Paragraph | Items))
    if len(blocks) < len(node.children):
        refuse(rendered, node, f"`::: {name}` holds paragraphs and lists only")
    return blocks


def _callout(rendered: Rendered, node: SyntaxTreeNode, name: str, rest: str) -> Block:
    title = tuple(text_of(rendered, rest.replace("\\", ""), bold=True))
    if not node.children:
        refuse(rendered, node, f"`::: {name}` holds nothing", "Write its text below it, or take the box out.")
    return Callout(cast(Literal["summary", "note", "emergency"], name), title, _running(rendered, node, name))


def _is_language(tag: str) -> bool:
    from babel import Locale, UnknownLocaleError

    try:
        Locale.parse(tag, sep="-")
    except (UnknownLocaleError, ValueError):
        return False
    return True


def _passage(rendered: Rendered, node: SyntaxTreeNode, name: str, rest: str) -> Block:
    blocks = _running(rendered, node, name)
    if not rest or not _is_language(rest) or not blocks:
        hint = "Such as `::: language ar`, with the text below it."
        refuse(rendered, node, "`::: language` names the language of a passage by its tag, and holds it", hint)
    return Passage(rest, blocks)


def _lines(rendered: Rendered, node: SyntaxTreeNode, name: str, rest: str) -> Block:
    if not rest.isdigit() or not 1 <= int(rest) <= 20 or node.children:
        refuse(rendered, node, "`::: lines` takes a number from 1 to 20 and holds nothing")
    return WriteLines(int(rest))


def _picture(rendered: Rendered, node: SyntaxTreeNode, name: str, rest: str) -> Block:
    return picture(rest, _caption(rendered, node, name), rendered.pictures, rendered.place_of(line_of(node)))


def _icon_array(rendered: Rendered, node: SyntaxTreeNode, name: str, rest: str) -> Block:
    return icon_array(cast(Icon, name), rest, _caption(rendered, node, name), rendered.place_of(line_of(node)))


def _caption(rendered: Rendered, node: SyntaxTreeNode, name: str) -> Inlines:
    if [child.type for child in node.children] != ["paragraph"]:
        what = f"`::: {name}` holds one paragraph: the words below the picture, which say what it shows"
        refuse(rendered, node, what)
    caption = only_inline(rendered, node.children[0])
    if any(isinstance(part, Slot) for part in caption):
        refuse(rendered, node, "the words below a picture may hold no field: they are the same for every patient")
    return caption


def _sign(rendered: Rendered, node: SyntaxTreeNode, name: str, rest: str) -> Block:
    role, _, more = rest.partition(" ")
    if not role.isidentifier() or more not in {"", "optional"}:
        what = "`::: sign` names who signs, such as `::: sign patient`, and may say `optional` after that"
        refuse(rendered, node, what)
    statements: list[Paragraph] = []
    lines: list[tuple[Inlines, Inlines]] = []
    for block in plain_blocks(rendered, node.children):
        match block:
            case Paragraph():
                statements.append(block)
            case Details():
                lines.extend(block.entries)
            case _:
                refuse(rendered, node, "`::: sign` holds paragraphs and labelled lines only")
    return Signature(role, tuple(statements), tuple(lines), optional=bool(more))


CONTAINERS: dict[str, Callable[[Rendered, SyntaxTreeNode, str, str], Block]] = {
    **dict.fromkeys(CALLOUTS, _callout),
    "screening": _screening,
    "tick": _marked,
    "initial": _marked,
    "language": _passage,
    "lines": _lines,
    "picture": _picture,
    **dict.fromkeys(ICONS, _icon_array),
    "sign": _sign,
}
