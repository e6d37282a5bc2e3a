"""How long hostile lists and workbooks take until they are refused: python -m benchmarks.hostile.

Asked are 5 seconds of a processor; the tests bound it at more, for slow machines. Prints the slowest ten.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import click

from tests.security.bounded import Bounded
from tests.security.test_hostile_lists import CSV, JSON
from tests.security.test_hostile_workbooks import ARCHIVES, XLSX, workbook

SLOWEST = 10


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    for kinds, name in ((CSV, "list.csv"), (JSON, "list.json")):
        for fault, (make, _) in kinds.items():
            yield fault, _written(folder / name, make())
    for fault, (parts, _) in XLSX.items():
        yield fault, _written(folder / "list.xlsx", workbook(folder, parts()))
    for fault, (whole, _) in ARCHIVES.items():
        yield fault, _written(folder / "list.xlsx", whole(folder))


def _written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def main() -> None:
    """Read each file once, in a process of its own."""
    with tempfile.TemporaryDirectory() as name, Bounded() as process:
        taken = [(process.ask("list", path).seconds, fault) for fault, path in _files(Path(name))]
    click.echo(f"{len(taken)} files, the slowest in seconds of a processor:")
    for seconds, fault in sorted(taken, reverse=True)[:SLOWEST]:
        click.echo(f"{seconds:5.2f}  {fault}")


if __name__ == "__main__":
    main()
