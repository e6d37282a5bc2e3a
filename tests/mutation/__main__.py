"""Change the modules that decide which patient's values reach which page, and see whether the tests notice.

    python -m tests.mutation [MUTANTS OF EACH MODULE] [SEED] [MODULE ...]

Every mutant is tried in a copy of the checkout, by tests that ought to notice it, quick ones first. Prints each mutant
that none of them noticed, and a table. docs/testing.md says what the last run found.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import click

from tests.mutation.mutants import Mutant, drawn, modules

ROOT = Path(__file__).parents[2]
_PATIENCE = 300
"""Seconds after which a mutant that never ends counts as noticed."""

_FIRST = "tests/end_to_end/test_rows.py"
_LAST = "tests/right_patient"
TESTS: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (
        ("handouts/model.py",),
        (_FIRST, "tests/library/test_overrides.py", "tests/run/test_options.py", "tests/test_cli.py", _LAST),
    ),
    (
        ("handouts/press/*.py",),
        (_FIRST, "tests/press", "tests/run/test_manifest.py", _LAST),
    ),
    (
        ("handouts/run/*.py",),
        (
            _FIRST,
            *(
                f"tests/run/test_{name}.py"
                for name in ("options", "manifest", "agreement", "preview", "folder", "diff")
            ),
            "tests/end_to_end/test_money.py",
            "tests/crash/test_workers.py",
            _LAST,
        ),
    ),
    (
        tuple(f"handouts/layout/{name}.py" for name in ("measures", "varying", "packet", "composition", "forms")),
        (_FIRST, "tests/oracle", "tests/layout/test_room_to_write.py", _LAST),
    ),
)
"""Which tests are asked about which modules."""


def noticed(mutant: Mutant, tests: Sequence[str], copy: Path) -> bool:
    """Whether a test fails on the mutant."""
    file = copy / mutant.module
    file.write_text(mutant.code, encoding="utf-8")
    try:
        return _run(tests, copy) != 0
    except subprocess.TimeoutExpired:
        click.echo("The next one never ended.")
        return True
    finally:
        file.write_text(mutant.before, encoding="utf-8")


def _run(tests: Sequence[str], copy: Path) -> int:
    """The exit code of the tests, stopped at the first that fails."""
    words = [sys.executable, "-m", "pytest", "-x", "-n", "0", "-p", "no:cacheprovider", "--no-header", *tests]
    environment = os.environ | {"PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
    with subprocess.Popen(
        words,
        cwd=copy,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as tried:
        try:
            return tried.wait(_PATIENCE)
        finally:
            if tried.poll() is None:
                os.killpg(tried.pid, 9)


def main() -> None:
    """See the top of the file."""
    count, seed = (int(each) for each in (*sys.argv[1:3], *("4", "1")[len(sys.argv[1:3]) :]))
    told: Counter[tuple[str, bool]] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy"
        shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(".git", ".venv", "output", ".*_cache", "__pycache__"))
        tried = [
            (mutant, tests)
            for patterns, tests in TESTS
            for module in modules(copy, *patterns)
            if not sys.argv[3:] or module in sys.argv[3:]
            for mutant in drawn(copy, module, count, seed)
        ]
        random.Random(seed).shuffle(tried)  # noqa: S311  so that a run that is cut short tells something of all modules
        for tests in dict.fromkeys(tests for _, tests in tried):
            if _run(tests, copy) != 0:
                raise SystemExit(f"the tests fail without any change: {' '.join(tests)}")
        for mutant, tests in tried:
            found = noticed(mutant, tests, copy)
            told[mutant.module, found] += 1
            click.echo(f"{'noticed' if found else 'SURVIVED'} {mutant.module} {mutant.operator}")
            if not found:
                click.echo(mutant.lines)
    for module in sorted({module for module, _ in told}):
        click.echo(f"{module}: {told[module, True]} of {told[module, True] + told[module, False]} noticed")
    everything = sum(told.values())
    click.echo(f"{sum(told[each] for each in told if each[1])} of {everything} noticed")


if __name__ == "__main__":
    main()
