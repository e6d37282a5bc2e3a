"""Jinja2 for templates that nobody has looked through: what they may ask for, and how much work they may make.

Jinja2's own sandbox keeps templates from Python's insides. It does not keep them from loops in loops, from texts that
double, or from `'x' * 10**9`. So everything a template does is counted here in steps, of which each takes a
microsecond or less. A form takes some thousand of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, MutableMapping
from functools import wraps
from typing import Any, TypeVar, cast

from jinja2 import Template, TemplateSyntaxError, Undefined, nodes, pass_context, pass_eval_context
from jinja2.filters import FILTERS, do_replace, sync_do_join
from jinja2.nodes import EvalContext
from jinja2.runtime import BlockReference, Context, LoopContext, Macro, markup_join
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.visitor import NodeTransformer

from handouts.library.fields import Field, TemplateFault, refuse_use
from handouts.library.sources import unmarked

MOST_STEPS = 1_000_000
FILTERS_KEPT = (
    "abs", "capitalize", "count", "default", "first", "float", "int", "join", "last", "length", "list", "lower", "map",
    "max", "min", "reject", "rejectattr", "replace", "reverse", "select", "selectattr", "sort", "string", "title",
    "trim", "unique", "upper",
)  # fmt: skip
"""Of Jinja2's own filters; others reach around the sandbox, make texts of any length, or are for web pages."""

_LETTERS_A_STEP = 8
_MOST_BITS = 1_024
_SPEND, _WEIGHED, _JOINED = " spend", " weighed", " joined"
"""Filters that a template cannot name, since no name begins with a space."""

T = TypeVar("T")


class Meter:
    """Counts the steps of one rendering."""

    def __init__(self) -> None:
        self._left = MOST_STEPS

    def spend(self, steps: int) -> None:
        """Take so many steps. Raises TemplateFault where none are left."""
        self._left -= steps
        if self._left < 0:
            hint = "Look at the loops here, and at what they add up."
            raise TemplateFault("this makes far more work than any form does", hint)

    def weigh(self, *values: object) -> None:
        """Take as many steps as it takes to go through the values once. Raises TemplateFault."""
        waiting = list(values)
        while waiting:
            value = waiting.pop()
            self.spend(1)
            if isinstance(value, str):
                self.spend(len(value) // _LETTERS_A_STEP)
            elif isinstance(value, range):
                self.spend(len(value))
            elif isinstance(value, list | tuple | set | frozenset | dict):
                self.spend(len(value))
                waiting.extend(value)
                waiting.extend(value.values() if isinstance(value, dict) else ())


class Sandbox(ImmutableSandboxedEnvironment):
    """An environment in which nothing can be asked of a field, and every step is counted by `meter`."""

    intercepted_binops = frozenset(("+", "-", "*", "/", "//", "%", "**"))

    def __init__(self, meter: Meter, filters: Mapping[str, Callable[..., object]], **options: Any) -> None:
        super().__init__(**options)
        self.meter = meter
        self.globals = {name: self.globals[name] for name in ("range", "dict", "namespace")}
        kept = {**FILTERS, "join": self._join, "replace": self._replace}
        counted = {name: self._counted(cast(Callable[..., object], kept[name])) for name in FILTERS_KEPT}
        own = {_SPEND: self._spend, _WEIGHED: self._weighed, _JOINED: self._joined}
        self.filters = {**counted, **filters, **own}
        self.tests = {name: self._counted(cast(Callable[..., bool], each)) for name, each in self.tests.items()}

    # -- what a template may ask for ------------------------------------------------------------------

    def getattr(self, obj: object, attribute: str) -> object:
        """An attribute of anything but a field."""
        if isinstance(obj, Field):
            refuse_use(obj)
        return super().getattr(obj, attribute)

    def call(self, context: Context, obj: object, /, *arguments: object, **named: object) -> object:
        """Call a macro, a block, a loop or one of the global names, and nothing that Python brings along."""
        if isinstance(obj, Field):
            refuse_use(obj)
        callables = (Macro, BlockReference, LoopContext, Undefined)
        owner = getattr(obj, "__self__", None)
        known = any(obj is each for each in self.globals.values())
        if not (known or isinstance(obj, callables) or isinstance(owner, LoopContext)):
            raise TemplateFault("only macros and blocks can be called here, and no methods", "Use a filter instead.")
        self.meter.weigh(*arguments, *named.values())
        made: object = context.call(cast(Callable[..., object], obj), *arguments, **named)
        self.meter.weigh(made)
        return made

    def call_binop(self, context: Context, operator: str, left: object, right: object) -> object:
        """Numbers by numbers, and texts or lists put together. Raises TemplateFault where the result is enormous."""
        for each in (left, right):
            if isinstance(each, Field):
                refuse_use(each)
        texts = isinstance(left, str | list | tuple) or isinstance(right, str | list | tuple)
        if operator == "**" or (texts and operator != "+"):
            raise TemplateFault(f"`{operator}` cannot be used on this", "Join texts with ~, and count with + - * /.")
        bits = sum(each.bit_length() for each in (left, right) if isinstance(each, int))
        if bits > _MOST_BITS:
            raise TemplateFault("this number is larger than any form needs")
        self.meter.weigh(left, right)
        return super().call_binop(context, operator, left, right)

    # -- what is counted -----------------------------------------------------------------------------

    def _counted(self, function: Callable[..., T]) -> Callable[..., T]:
        """A filter or test that counts what it is given, and may not be given a field."""

        @wraps(function)
        def counted(*arguments: object, **named: object) -> T:
            given = (*arguments, *named.values())
            for each in given:
                if isinstance(each, Field):
                    refuse_use(each)
            self.meter.weigh(*given)
            made = function(*arguments, **named)
            self.meter.weigh(made)
            return made

        return counted

    @pass_eval_context
    def _join(self, around: EvalContext, value: Iterable[object], d: str = "", attribute: str | None = None) -> str:
        items = list(value)
        self.meter.weigh(items)
        self.meter.spend(len(items) * len(str(d)) // _LETTERS_A_STEP)
        return sync_do_join(around, items, d, attribute)

    @pass_eval_context
    def _replace(self, around: EvalContext, s: str, old: str, new: str, count: int | None = None) -> str:
        self.meter.spend((len(str(s)) + 1) * len(str(new)) // _LETTERS_A_STEP)
        return do_replace(around, s, old, new, count)

    # With a context, so that Jinja2 does not work these out when it compiles.

    @pass_context
    def _spend(self, context: Context, steps: int) -> bool:
        self.meter.spend(steps)
        return True

    @pass_context
    def _weighed(self, context: Context, value: T) -> T:
        self.meter.weigh(value)
        return value

    @pass_context
    def _joined(self, context: Context, parts: list[object]) -> str:
        self.meter.weigh(parts)
        return markup_join(parts)

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        """The syntax tree; a mistake is told of the text as it was written."""
        try:
            return super()._parse(source, name, filename)
        except TemplateSyntaxError:
            return super()._parse(unmarked(source), name, filename)

    def _load_template(self, name: str, globals: MutableMapping[str, Any] | None) -> Template:  # noqa: A002 - as in its base
        self.meter.spend(10)
        return super()._load_template(name, globals)

    def _generate(
        self, source: nodes.Template, name: str | None, filename: str | None, defer_init: bool = False
    ) -> str:
        counting = _Counting().visit(source)
        counting.set_environment(self)
        return super()._generate(counting, name, filename, defer_init)


class _Counting(NodeTransformer):
    """Has a template count its steps: what can run again begins by spending what it holds, the rest is weighed."""

    def visit_Template(self, node: nodes.Template) -> nodes.Node:  # noqa: N802 - Jinja2 calls it so
        return self._begun(node)

    visit_Block = visit_Macro = visit_CallBlock = visit_FilterBlock = visit_AssignBlock = visit_With = visit_Template  # noqa: N815 - Jinja2 calls it so

    def visit_For(self, node: nodes.For) -> nodes.Node:  # noqa: N802 - Jinja2 calls it so
        steps = _extent([node.test]) if node.test else 0
        self._begun(node)
        if node.test is not None:
            node.test = nodes.And(_filtered(_SPEND, nodes.Const(steps), node), node.test, lineno=node.lineno)
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:  # noqa: N802 - Jinja2 calls it so
        self.generic_visit(node)
        return _filtered(_JOINED, nodes.List(node.nodes, lineno=node.lineno), node)

    def visit_List(self, node: nodes.Expr) -> nodes.Node:  # noqa: N802 - Jinja2 calls it so
        self.generic_visit(node)
        return _filtered(_WEIGHED, node, node) if getattr(node, "ctx", "load") == "load" else node

    visit_Tuple = visit_Dict = visit_List  # noqa: N815 - Jinja2 calls it so

    def visit_Compare(self, node: nodes.Compare) -> nodes.Node:  # noqa: N802 - Jinja2 calls it so
        self.generic_visit(node)
        node.expr = _filtered(_WEIGHED, node.expr, node)
        for operand in node.ops:
            operand.expr = _filtered(_WEIGHED, operand.expr, node)
        return node

    def visit_Getitem(self, node: nodes.Getitem) -> nodes.Node:  # noqa: N802 - Jinja2 calls it so
        self.generic_visit(node)
        if isinstance(node.arg, nodes.Slice):
            node.node = _filtered(_WEIGHED, node.node, node)
        return node

    def _begun(self, node: Any) -> nodes.Node:
        steps = _extent(node.body)
        self.generic_visit(node)
        node.body.insert(0, nodes.ExprStmt(_filtered(_SPEND, nodes.Const(steps), node), lineno=node.lineno))
        return cast(nodes.Node, node)


def _extent(body: Iterable[nodes.Node]) -> int:
    """Steps that it takes to run these once."""
    steps = 1
    for node in body:
        steps += 1 + sum(1 for _ in node.find_all(nodes.Node))
        datas = [node] if isinstance(node, nodes.TemplateData) else node.find_all(nodes.TemplateData)
        steps += sum(len(data.data) // _LETTERS_A_STEP for data in datas)
    return steps


def _filtered(name: str, value: nodes.Expr, at: nodes.Node) -> nodes.Filter:
    return nodes.Filter(value, name, [], [], None, None, lineno=at.lineno)
