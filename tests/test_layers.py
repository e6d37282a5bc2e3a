"""A stage imports only from stages above it, and from model.py, packed.py and errors.py."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "handouts"
STAGES = ("errors", "model", "packed", "intake", "library", "layout", "press", "run", "terminal", "scan")


def stage(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


def imported(path: Path) -> set[str]:
    """The stages that a module takes something from."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    modules = [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    modules += [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    return {stage(module) for module in modules if module.split(".")[0] == "handouts"} - {""}


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_nothing_is_imported_from_below(path: Path) -> None:
    own = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    allowed = STAGES[: STAGES.index(own) + 1] if own in STAGES else ()
    assert imported(path) <= set(allowed)
