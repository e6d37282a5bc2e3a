"""Fuzz what reads foreign files, with atheris: `python -m tests.fuzz [SECONDS] [TARGET...]`, as `make fuzz` does.

Each target begins with its corpus in tests/data/fuzz. What breaks it is written beside the corpus as crash-…, timeout-…
or oom-…: mend the fault and keep the file, which tests/fuzz/test_corpora.py tries ever after.
"""

from __future__ import annotations

import importlib
import os
import pkgutil
import subprocess
import sys
import tempfile
from pathlib import Path

SECONDS = 60
LIMITS = ("-timeout=5", "-rss_limit_mb=1500", "-max_len=20000", "-print_final_stats=1")


def fuzz(target: str, seconds: int) -> int:
    """Run one target in a process of its own; its exit code."""
    from tests.fuzz.targets import CORPORA

    with tempfile.TemporaryDirectory() as found:
        words = [sys.executable, "-m", "tests.fuzz", f"--target={target}", found, str(CORPORA / target)]
        words += [*LIMITS, f"-max_total_time={seconds}", f"-artifact_prefix={CORPORA / target}/"]
        return subprocess.run(words, check=False).returncode


def run(target: str, arguments: list[str]) -> None:
    """Fuzz within this process, which ends with it."""
    import atheris

    with atheris.instrument_imports(include=["handouts"], enable_loader_override=False):
        import handouts.intake
        import handouts.layout.svg
        from tests.fuzz.targets import TARGETS

        for each in pkgutil.walk_packages(handouts.intake.__path__, "handouts.intake."):
            importlib.import_module(each.name)  # they are loaded when first needed, which would be too late

    atheris.Setup([sys.argv[0], *arguments], TARGETS[target])
    atheris.Fuzz()


def main() -> None:
    """Run all targets, or those named, one after another."""
    if len(sys.argv) > 1 and sys.argv[1].startswith("--target="):
        run(sys.argv[1].partition("=")[2], sys.argv[2:])
        return
    from tests.fuzz.targets import TARGETS

    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else SECONDS
    failed = [target for target in sys.argv[2:] or TARGETS if fuzz(target, seconds)]
    sys.exit(f"broken: {', '.join(failed)}" if failed else 0)


if __name__ == "__main__":
    os.chdir(Path(__file__).parents[2])
    main()
