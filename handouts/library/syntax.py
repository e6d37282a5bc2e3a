"""What a template says as a program: its blocks, the names it reads and the conditions it asks, with their lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from jinja2 import Environment, TemplateSyntaxError, nodes
from jinja2.meta import find_referenced_templates

from handouts.errors import Place, TemplateError
from handouts.library.flags import Flags
from handouts.library.sources import Sources, read_template
from handouts.model import Flag

_SYNTAX = Environment(autoescape=True)
_BLOCK = re.compile(r"\{%-?\s*(?:block\s+(\w+)|(endblock))\b")
Path_ = tuple[tuple[nodes.Node, bool], ...]
"""The conditions on the way to a place in a template, each with how it must turn out."""


@dataclass(frozen=True)
class Template:
    """One file of templates. `tree` is what Jinja2 makes of `text`."""

    file: Path
    text: str
    tree: nodes.Template

    @cached_property
    def blocks(self) -> dict[str, range]:
        """The lines of each block, from its first to its last."""
        found: dict[str, range] = {}
        open_: list[tuple[str, int]] = []
        for tag in _BLOCK.finditer(self.text):
            line = self.text.count("\n", 0, tag.start()) + 1
            if tag[1]:
                open_.append((tag[1], line))
            elif open_:
                name, first = open_.pop()
                found[name] = range(first, line + 1)
        return found

    @cached_property
    def names(self) -> dict[str, int]:
        """Every dotted name that is read, with its first line; members of lists as `procedure.risks[].text`."""
        found: dict[str, int] = {}
        for name, line in _names(self.tree, {}):
            found.setdefault(name, line)
        return found

    @cached_property
    def conditions(self) -> list[tuple[nodes.Node, Path_]]:
        """Every condition, with those that must hold or fail before it; names of `{% set %}` as what they mean."""
        assigned = _assigned(self.tree)
        return [
            (_inlined(test, assigned), tuple((_inlined(each, assigned), must) for each, must in path))
            for test, path in _conditions(self.tree, ())
        ]

    @property
    def flags(self) -> set[Flag]:
        """The flags that are asked."""
        known = {f"when.{flag}": flag for flag in Flag}
        return {known[name] for name in self.names if name in known}

    def place(self, line: int) -> Place:
        """A line of this file."""
        return Place(self.file, line)


def block_at(place: Place, templates: Iterable[Template]) -> str:
    """The name of the innermost block that a place stands in; empty where it stands in none."""
    held = [
        (len(lines), name)
        for template in templates
        if template.file == place.file
        for name, lines in template.blocks.items()
        if place.line in lines
    ]
    return min(held)[1] if held else ""


def templates_of(document: str, folders: Sequence[Path]) -> list[Template]:
    """A document's template and all that it extends or includes. What is no valid Jinja2 is left out."""
    sources = Sources(folders)
    found: dict[Path, Template] = {}
    waiting = [f"{document}.md"]
    while waiting:
        file = sources.find(waiting.pop(0))
        if file is None or file in found:
            continue
        try:
            text = read_template(file)
            tree = _SYNTAX.parse(text)
            waiting.extend(name for name in find_referenced_templates(tree) if name)
        except (TemplateError, TemplateSyntaxError, RecursionError, ValueError):
            continue
        found[file] = Template(file, text, tree)
    return list(found.values())


def _names(node: nodes.Node, scope: Mapping[str, str]) -> Iterator[tuple[str, int]]:
    match node:
        case nodes.For(target=nodes.Name(name=target), iter=over):
            yield from _names(over, scope)
            within = {**scope, target: f"{_dotted(over, scope) or target}[]"}
            for child in (node.test, *node.body, *node.else_):
                if child is not None:
                    yield from _names(child, within)
        case nodes.Getattr() if dotted := _dotted(node, scope):
            if not dotted.startswith("loop."):
                yield dotted, node.lineno
        case _:
            for child in node.iter_child_nodes():
                yield from _names(child, scope)


def _dotted(node: nodes.Node, scope: Mapping[str, str]) -> str:
    match node:
        case nodes.Name(name=name):
            return scope.get(name, name)
        case nodes.Getattr(node=inner, attr=attr) if dotted := _dotted(inner, scope):
            return f"{dotted}.{attr}"
        case nodes.Getitem(node=inner) if dotted := _dotted(inner, scope):
            return f"{dotted}[]"
    return ""


def _conditions(node: nodes.Node, path: Path_) -> Iterator[tuple[nodes.Node, Path_]]:
    match node:
        case nodes.If(test=test, body=body, elif_=others, else_=rest):
            yield test, path
            for child in body:
                yield from _conditions(child, (*path, (test, True)))
            failed = (*path, (test, False))
            for other in others:
                yield other.test, failed
                for child in other.body:
                    yield from _conditions(child, (*failed, (other.test, True)))
                failed = (*failed, (other.test, False))
            for child in rest:
                yield from _conditions(child, failed)
        case nodes.CondExpr(test=test):
            yield test, path
        case _:
            for child in node.iter_child_nodes():
                yield from _conditions(child, path)


def _assigned(tree: nodes.Template) -> dict[str, nodes.Expr]:
    """What each name means that `{% set %}` gives a value, and nothing else does."""
    values: dict[str, nodes.Expr] = {}
    given: list[str] = []
    for node in tree.find_all((nodes.Assign, nodes.Name)):
        match node:
            case nodes.Assign(target=nodes.Name(name=name), node=nodes.Expr() as value):
                values[name] = value
            case nodes.Name(name=name, ctx="store"):
                given.append(name)
    return {name: value for name, value in values.items() if given.count(name) == 1}


def _inlined(test: nodes.Node, assigned: Mapping[str, nodes.Expr]) -> nodes.Node:
    """A condition with names replaced by what they were set to, at the line where it is asked."""
    match test:
        case nodes.Name(name=name) if name in assigned:
            others = {other: value for other, value in assigned.items() if other != name}
            meant = copy(_inlined(assigned[name], others))
            meant.lineno = test.lineno
            return meant
        case nodes.Not() | nodes.And() | nodes.Or():
            changed = copy(test)
            for field, value in test.iter_fields():
                setattr(changed, field, _inlined(value, assigned))
            return changed
    return test


def outcome(test: nodes.Node, flags: Flags) -> bool | None:
    """How a condition turns out for `flags`; None where it hangs on something else."""
    match test:
        case nodes.Getattr(node=nodes.Name(name="when"), attr=attr):
            return attr in flags if attr in set(Flag) else None
        case nodes.Const(value=value):
            return bool(value)
        case nodes.Not(node=inner):
            inside = outcome(inner, flags)
            return None if inside is None else not inside
        case nodes.And(left=left, right=right):
            both = (outcome(left, flags), outcome(right, flags))
            return False if False in both else None if None in both else True
        case nodes.Or(left=left, right=right):
            both = (outcome(left, flags), outcome(right, flags))
            return True if True in both else None if None in both else False
    return None
