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
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from tests.mutation.mutants import Mutant, drawn, modules

ROOT = Path(__file__).parents[2]
_FIRST = "tests/end_to_end/test_rows.py"
_LAST = "tests/right_patient"
_PRIVATE = "tests/security/test_privacy.py::test_while_a_run_writes_nobody_else_can_read"
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
            *(f"tests/run/test_{name}.py" for name in ("options", "manifest", "folder", "told", "parcels")),
            "tests/end_to_end/test_money.py",
            "tests/crash/test_workers.py",
            _LAST,
        ),
    ),
    (
        tuple(f"handouts/layout/{name}.py" for name in ("measures", "varying", "packet", "composition", "forms")),
        (_FIRST, "tests/layout/test_room_to_write.py", "tests/oracle", _LAST),
    ),
)
"""Which tests are asked about which modules."""

OWN: dict[str, tuple[str, ...]] = {
    "handouts/layout/composition.py": ("tests/scan/test_how_well.py",),
    "handouts/press/attachment.py": ("tests/press/test_attachment.py",),
    "handouts/press/finished.py": ("tests/press/test_attachment.py",),
    "handouts/press/locking.py": ("tests/security/test_encryption.py",),
    "handouts/press/objects.py": ("tests/press/test_objects.py",),
    "handouts/press/print_run.py": ("tests/press/test_print_run.py",),
    "handouts/press/vouching.py": ("tests/press/test_vouching.py",),
    "handouts/run/agreement.py": ("tests/run/test_agreement.py",),
    "handouts/run/diff.py": ("tests/run/test_diff.py",),
    "handouts/run/dumps.py": ("tests/security/test_privacy.py::test_a_crash_writes_no_memory_to_disk",),
    "handouts/run/folder.py": ("tests/run/test_folder.py", "tests/security/test_purge.py"),
    "handouts/run/journal.py": ("tests/run/test_folder.py", "tests/run/test_killed.py", _PRIVATE),
    "handouts/run/making.py": ("tests/security/test_encryption.py",),
    "handouts/run/names.py": ("tests/run/test_manifest.py", "tests/security/test_purge.py"),
    "handouts/run/parcels.py": ("tests/run/test_parcels.py",),
    "handouts/run/passwords.py": ("tests/security/test_encryption.py",),
    "handouts/run/practitioners.py": ("tests/run/test_agreement.py",),
    "handouts/run/preview.py": ("tests/run/test_preview.py",),
    "handouts/run/private.py": ("tests/run/test_folder.py", _PRIVATE),
    "handouts/run/purge.py": ("tests/security/test_purge.py",),
    "handouts/run/stopping.py": ("tests/run/test_interrupted.py",),
    "handouts/run/workers.py": ("tests/crash/test_workers.py", "tests/run/test_killed.py"),
}
"""Which tests are asked first about a module, as they are about little else."""


def noticed(mutant: Mutant, tests: Sequence[str], copy: Path, usual: Mapping[str, float]) -> bool:
    """Whether a test fails on the mutant, or takes several times as long as usual: seconds of each test."""
    file = copy / mutant.module
    file.write_text(mutant.code, encoding="utf-8")
    try:
        return any(not _passes(test, copy, 20 + 3 * usual[test]) for test in dict.fromkeys(tests))
    finally:
        file.write_text(mutant.before, encoding="utf-8")


def _usual(test: str, copy: Path) -> float:
    """How many seconds a test takes without any change."""
    begun = time.monotonic()
    if not _passes(test, copy, None):
        raise SystemExit(f"fails without any change: {test}")
    return time.monotonic() - begun


def _passes(test: str, copy: Path, patience: float | None) -> bool:
    words = [sys.executable, "-m", "pytest", "-x", "-n", "0", "-p", "no:cacheprovider", "--no-header", test]
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
            return tried.wait(patience) == 0
        except subprocess.TimeoutExpired:
            click.echo("The next one never ended.")
            return False
        finally:
            if tried.poll() is None:
                os.killpg(tried.pid, 9)


def main() -> None:
    """See the top of the file."""
    count, seed = (int(each) for each in (*sys.argv[1:3], *("4", "1")[len(sys.argv[1:3]) :]))
    told: Counter[tuple[str, bool]] = Counter()
    usual: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy"
        shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(".git", ".venv", "output", ".*_cache", "__pycache__"))
        tried = [
            (mutant, [*OWN.get(module, ()), *tests])
            for patterns, tests in TESTS
            for module in modules(copy, *patterns)
            if not sys.argv[3:] or module in sys.argv[3:]
            for mutant in drawn(copy, module, count, seed)
        ]
        random.Random(seed).shuffle(tried)  # noqa: S311  so that a run that is cut short tells something of all modules
        for mutant, tests in tried:
            usual |= {test: _usual(test, copy) for test in tests if test not in usual}
            found = noticed(mutant, tests, copy, usual)
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
