"""Small changes of a module, one at a time, each of which some test ought to notice."""

from __future__ import annotations

import ast
import difflib
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cosmic_ray.ast import Visitor, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.operators.operator import Operator
from cosmic_ray.plugins import get_operator, operator_names

_WITH_ARGUMENTS = {"core/VariableReplacer", "core/VariableInserter"}


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change. module: its path in the checkout. code: the whole module, changed."""

    module: str
    operator: str
    code: str
    before: str

    @property
    def lines(self) -> str:
        """The lines changed, before and after."""
        compared = difflib.unified_diff(self.before.splitlines(), self.code.splitlines(), n=0, lineterm="")
        return "\n".join(line for line in compared if not line.startswith(("---", "+++")))


def drawn(root: Path, module: str, count: int, seed: int) -> list[Mutant]:
    """So many mutants of a module, or all where there are no more, the same for the same seed."""
    before = (root / module).read_text(encoding="utf-8")
    same, tree = _meaning(before), get_ast(before)
    places = [(name, number) for name in sorted(operator_names()) for number in range(_places(name, tree))]
    random.Random(f"{seed} {module}").shuffle(places)  # noqa: S311 - no secret
    found: list[Mutant] = []
    for name, number in places:
        if len(found) == count:
            break
        code = mutate_code(before, get_operator(name)(), number)
        if code is not None and _meaning(code) not in {None, same}:
            found.append(Mutant(module, name, code, before))
    return found


def _places(name: str, tree: object) -> int:
    if name in _WITH_ARGUMENTS or name == "core/NoOp":
        return 0
    counter = _Counter(get_operator(name)())
    counter.walk(tree)
    return counter.count


class _Counter(Visitor):  # type: ignore[misc]  # its base has no types
    """How many places an operator would change."""

    def __init__(self, operator: Operator) -> None:
        self._operator = operator
        self.count = 0

    def visit(self, node: object) -> object:
        self.count += sum(1 for _ in self._operator.mutation_positions(node))
        return node


def _meaning(code: str) -> str | None:
    """The module without what does nothing when it runs, such as most annotations. None for what is no Python."""
    try:
        tree = ast.parse(code)
    except SyntaxError:
        return None
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            node.returns = None
        elif isinstance(node, ast.arg):
            node.annotation = None
        elif isinstance(node, ast.arguments):  # how arguments may be given is the type checker's to see
            node.args, node.posonlyargs, node.kwonlyargs = [*node.posonlyargs, *node.args, *node.kwonlyargs], [], []
            node.defaults, node.kw_defaults = [*node.defaults, *filter(None, node.kw_defaults)], []
        elif isinstance(node, ast.ClassDef):
            for decorator in node.decorator_list:
                if isinstance(decorator, ast.Call):  # whether a dataclass has slots, or may be changed
                    decorator.keywords = []
    return ast.dump(_Plain().visit(tree))


class _Plain(ast.NodeTransformer):
    """Annotations of variables and of dataclasses' fields do nothing; pydantic reads those of models."""

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        is_model = not node.decorator_list
        node.body = [each if is_model and isinstance(each, ast.AnnAssign) else self.visit(each) for each in node.body]
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        return ast.Assign([node.target], node.value or ast.Constant(None), lineno=0)


def modules(root: Path, *patterns: str) -> Iterator[str]:
    """The modules that match, but for the empty ones."""
    for pattern in patterns:
        for file in sorted(root.glob(pattern)):
            if file.name != "__init__.py":
                yield str(file.relative_to(root))
