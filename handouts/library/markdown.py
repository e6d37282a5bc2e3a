"""Rendered Markdown into a Form, and what holds for a form as a whole."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterator
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode
from mdit_py_plugins.container import container_plugin
from mdit_py_plugins.deflist import deflist_plugin

from handouts.errors import TemplateError
from handouts.library.containers import container
from handouts.library.document import Block, Form, Heading, IconArray, Picture, Signature, Text
from handouts.library.nodes import line_of, plain_blocks, refuse
from handouts.library.procedure import FormVersion
from handouts.library.templates import Rendered

QUOTES = {"es": "«»“”", "de": "„“‚‘", "fr": ["«\u00a0", "\u00a0»", "‹\u00a0", "\u00a0›"]}

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
    places = tuple(rendered.place_of(line_of(node)) for node in nodes)
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


def _blocks(rendered: Rendered, nodes: list[SyntaxTreeNode]) -> Iterator[Block]:
    for node in nodes:
        if node.type == "container_block":
            yield container(rendered, node)
        else:
            yield from plain_blocks(rendered, [node])
