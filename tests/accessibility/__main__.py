"""`python -m tests.accessibility FILE...` says which rules of PDF/UA-1 and PDF/A-2a each file breaks."""

from __future__ import annotations

from pathlib import Path

import click

from tests.accessibility.engine import UnreadableError
from tests.accessibility.judge import Judge


@click.command()
@click.argument("paths", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
def main(paths: tuple[Path, ...]) -> None:
    """Exit code 1 if any file breaks a rule or cannot be read."""
    conform = True
    with Judge() as judge:
        for path in paths:
            try:
                faults = judge.faults(path)
            except UnreadableError as error:
                click.echo(f"{path}: cannot be read\n  {error}")
                conform = False
                continue
            click.echo(f"{path}: {f'breaks {len(faults)} rules' if faults else 'conforms'}")
            for fault in faults:
                click.echo(f"  {fault}")
            conform = conform and not faults
    raise SystemExit(0 if conform else 1)


if __name__ == "__main__":
    main()
