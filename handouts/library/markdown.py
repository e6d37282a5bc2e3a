"""Rendered Markdown into a Form: the blocks a form may hold, and a refusal by name of everything else."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Collection, Iterator
from functools import cache
from itertools import cycle
from typing import Literal, NoReturn, cast

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode
from mdit_py_plugins.container import container_plugin
from mdit_py_plugins.deflist import deflist_plugin

from handouts.errors import TemplateError
from handouts.library.document import (
    Align,
    Block,
    Break,
    Callout,
    Details,
    Form,
    Heading,
    Icon,
    IconArray,
    Inline,
    Inlines,
    Items,
    Marker,
    Paragraph,
    Passage,
    Picture,
    Screening,
    Signature,
    Slot,
    Table,
    Text,
    WriteLines,
)
from handouts.library.figures import ICONS, icon_array, picture
from handouts.library.procedure import FormVersion
from handouts.library.templates import TOKEN, Rendered

QUOTES = {"es": "«»“”", "de": "„“‚‘", "fr": ["«\u00a0", "\u00a0»", "‹\u00a0", "\u00a0›"]}
CALLOUTS = ("summary", "note", "emergency")
MOST_INITIALS = 6
"""More statements to initial than this invite initialling without reading (our judgement; no rule was found)."""

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


_MOST_QUOTES = 1_000
_FENCE = re.compile(r" {0,3}:{3,}\s*(\S*)")


@cache
def _parser(language: str) -> MarkdownIt:
    options = {"html": False, "typographer": True, "quotes": QUOTES.get(language, "“”‘’")}
    parser = MarkdownIt("commonmark", options).enable(["table", "smartquotes"])
    return parser.use(deflist_plugin).use(container_plugin, "block", validate=lambda params, markup: True)


def parse(rendered: Rendered, form: FormVersion, language: str, roles: Collection[str]) -> Form:
    """The Form that `rendered` describes; `roles` are those who may sign.

    Raises TemplateError naming the line of what cannot be printed.
    """
    _check_closed(rendered)
    _check_quotes(rendered)
    nodes = SyntaxTreeNode(_parser(language).parse(rendered.markdown)).children
    blocks = tuple(_blocks(rendered, nodes))
    titles = [index for index, block in enumerate(blocks) if isinstance(block, Heading) and block.level == 1]
    if titles[:1] != [0] or len(titles) > 1:
        at = nodes[titles[1] if titles[:1] == [0] else 0] if nodes else None
        refuse(rendered, at, "a form starts with its title, a line such as `# Consent form`, and has only one")
    content = blocks[0].content if isinstance(blocks[0], Heading) else ()
    title = "".join(part.text for part in content if isinstance(part, Text))
    if not title or any(not isinstance(part, Text) for part in content):
        refuse(rendered, nodes[0], "the title may hold no field: it is printed in the file's properties")
    for node, block in zip(nodes, blocks, strict=True):
        if isinstance(block, Signature) and block.role not in roles:
            close = difflib.get_close_matches(block.role, roles, n=1, cutoff=0.5)
            hint = f"Did you mean `::: sign {close[0]}`?" if close else f"Known: {', '.join(roles)}."
            refuse(rendered, node, f"`{block.role}` is no role of those who sign", hint)
    _check_levels(rendered, nodes, blocks)
    wholes = {block.of for block in blocks if isinstance(block, IconArray)}
    for node, block in zip(nodes, blocks, strict=True):
        if isinstance(block, IconArray) and block.of != min(wholes):
            hint = "Risks with one denominator can be compared."
            refuse(rendered, node, f"this form shows risks of {min(wholes)} and of {block.of}", hint)
    places = tuple(rendered.place_of(_line(node)) for node in nodes)
    pictures = dict.fromkeys(block.file for block in blocks if isinstance(block, Picture))
    lines = tuple(zip(rendered.places, rendered.markdown.splitlines(), strict=True))
    files = (*rendered.files, *pictures)
    return Form(rendered.path.stem, title, form.form, form.version, blocks, places, lines, files)


def _check_levels(rendered: Rendered, nodes: list[SyntaxTreeNode], blocks: tuple[Block, ...]) -> None:
    """Refuse a heading two levels below the one before: who listens to headings would miss one (ISO 14289-1, 7.4.2)."""
    above = 1
    for node, block in zip(nodes, blocks, strict=True):
        if isinstance(block, Heading):
            if block.level > above + 1:
                hint = f"Write it with {'#' * (above + 1)}."
                refuse(rendered, node, f"a heading of level {block.level} below one of level {above}", hint)
            above = block.level


def _check_closed(rendered: Rendered) -> None:
    """Refuse a `:::` block that is not closed: all that follows would be taken for a part of it."""
    opened: int | None = None
    for number, line in enumerate([*rendered.markdown.splitlines(), "::: end of form"]):
        mark = _FENCE.match(line)
        if mark is None:
            continue
        if mark[1] and opened is not None:
            what = f"`{rendered.markdown.splitlines()[opened].strip()}` is not closed"
            raise TemplateError(what, where=rendered.place_of(opened), hint="Write ::: on a line of its own below it.")
        if not mark[1] and opened is None:
            what, hint = "this `:::` closes nothing", "Take it out, or open the block above: ::: note Title."
            raise TemplateError(what, where=rendered.place_of(number), hint=hint)
        opened = number if mark[1] else None


def _check_quotes(rendered: Rendered) -> None:
    """Refuse a paragraph of more quotation marks than can be paired in time, which grows with their square."""
    marks = 0
    for number, line in enumerate(rendered.markdown.splitlines()):
        marks = marks + line.count('"') + line.count("'") if line.strip() else 0
        if marks > _MOST_QUOTES:
            what = f"more than {_MOST_QUOTES:,} quotation marks in one paragraph"
            raise TemplateError(what, where=rendered.place_of(number), hint="Split it.")


def refuse(rendered: Rendered, node: SyntaxTreeNode | None, what: str, hint: str = "") -> NoReturn:
    """Raise TemplateError at the template line that `node` came from."""
    raise TemplateError(what, where=rendered.place_of(_line(node)), hint=hint)


def _line(node: SyntaxTreeNode | None) -> int | None:
    """The line of the Markdown on which a node begins, counted from 0; an inline node stands on its block's."""
    while node is not None and (node.is_root or node.map is None):
        node = node.parent
    return node.map[0] if node is not None and node.map else None


def _blocks(rendered: Rendered, nodes: list[SyntaxTreeNode]) -> Iterator[Block]:
    for node in nodes:
        match node.type:
            case "heading":
                level = int(node.tag[1:])
                if level > 3:
                    refuse(rendered, node, "headings go three levels deep")
                yield Heading(level, _only_inline(rendered, node))
            case "paragraph":
                yield Paragraph(_only_inline(rendered, node))
            case "bullet_list":
                yield Items("bullet", _items(rendered, node))
            case "ordered_list":
                yield Items("number", _items(rendered, node))
            case "table":
                yield _table(rendered, node)
            case "dl":
                yield Details(_entries(rendered, node))
            case "container_block":
                yield _container(rendered, node)
            case _:
                _refuse_node(rendered, node)


def _refuse_node(rendered: Rendered, node: SyntaxTreeNode) -> NoReturn:
    refuse(rendered, node, f"a form cannot hold `{node.type}`", _UNPRINTABLE.get(node.type, ""))


def _only_inline(rendered: Rendered, node: SyntaxTreeNode) -> Inlines:
    parts: list[Inline] = []
    for inline in node.children:
        if inline.type != "inline":
            _refuse_node(rendered, inline)
        parts.extend(_inlines(rendered, inline.children, bold=False))
    return tuple(parts)


def _inlines(rendered: Rendered, nodes: list[SyntaxTreeNode], *, bold: bool) -> Iterator[Inline]:
    for node in nodes:
        match node.type:
            case "text":
                yield from _text(rendered, node.content, bold=bold)
            case "strong":
                yield from _inlines(rendered, node.children, bold=True)
            case "softbreak":
                yield Text(" ", bold)
            case "hardbreak":
                yield Break()
            case _:
                _refuse_node(rendered, node)


def _text(rendered: Rendered, text: str, *, bold: bool) -> Iterator[Inline]:
    # re.split with one group gives text, token number, text, token number, … text
    for position, part in enumerate(TOKEN.split(text)):
        if position % 2:
            stands_for = rendered.tokens[int(part)]
            yield Slot(stands_for.field, bold) if isinstance(stands_for, Slot) else stands_for
        elif part:
            yield Text(part, bold)


def _items(rendered: Rendered, node: SyntaxTreeNode) -> tuple[Inlines, ...]:
    items: list[Inlines] = []
    for item in node.children:
        if [child.type for child in item.children] != ["paragraph"]:
            refuse(rendered, item, "a list item holds one paragraph, no list or block of its own")
        items.append(_only_inline(rendered, item.children[0]))
    return tuple(items)


def _table(rendered: Rendered, node: SyntaxTreeNode) -> Table:
    rows = [row.children for part in node.children for row in part.children]
    aligns = tuple(_align(cell) for cell in rows[0])
    header, *body = [tuple(_only_inline(rendered, cell) for cell in row) for row in rows]
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
        entries.append((_only_inline(rendered, term), _only_inline(rendered, value.children[0])))
    return tuple(entries)


# -- ::: containers --------------------------------------------------------------------------------


def _container(rendered: Rendered, node: SyntaxTreeNode) -> Block:
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
    return _items(rendered, node.children[0])


def _screening(rendered: Rendered, node: SyntaxTreeNode, name: str, rest: str) -> Block:
    return Screening(_list_in(rendered, node, name))


def _marked(rendered: Rendered, node: SyntaxTreeNode, name: str, rest: str) -> Block:
    items = _list_in(rendered, node, name)
    if name == "initial" and len(items) > MOST_INITIALS:
        refuse(rendered, node, f"{len(items)} statements to initial; {MOST_INITIALS} are the most")
    return Items(cast(Marker, name), items)


def _running(rendered: Rendered, node: SyntaxTreeNode, name: str) -> tuple[Paragraph | Items, ...]:
    blocks = tuple(block for block in _blocks(rendered, node.children) if isinstance(block, Paragraph | Items))
    if len(blocks) < len(node.children):
        refuse(rendered, node, f"`::: {name}` holds paragraphs and lists only")
    return blocks


def _callout(rendered: Rendered, node: SyntaxTreeNode, name: str, rest: str) -> Block:
    title = tuple(_text(rendered, rest.replace("\\", ""), bold=True))
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
    return picture(rest, _caption(rendered, node, name), rendered.pictures, rendered.place_of(_line(node)))


def _icon_array(rendered: Rendered, node: SyntaxTreeNode, name: str, rest: str) -> Block:
    return icon_array(cast(Icon, name), rest, _caption(rendered, node, name), rendered.place_of(_line(node)))


def _caption(rendered: Rendered, node: SyntaxTreeNode, name: str) -> Inlines:
    if [child.type for child in node.children] != ["paragraph"]:
        what = f"`::: {name}` holds one paragraph: the words below the picture, which say what it shows"
        refuse(rendered, node, what)
    caption = _only_inline(rendered, node.children[0])
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
    for block in _blocks(rendered, node.children):
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
