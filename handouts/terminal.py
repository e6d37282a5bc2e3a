"""What commands have in common: how options are written, what is told while they work and when they fail."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import NoReturn

import click

from handouts.errors import HandoutsError, Interrupted, UnexpectedError

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)

Count = Callable[[int, int | None], None]
"""Called with how much is done, and how much there is to do where that is known."""


class IsoMoment(click.ParamType[datetime]):
    """A moment in ISO 8601, with or without its zone."""

    name = "ISO"

    def convert(self, value: str | datetime, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """The moment; fails with a message for people."""
        if isinstance(value, datetime):
            return value
        try:
            return datetime.fromisoformat(value)
        except ValueError:
            self.fail("write it like 2026-11-30T18:00 or 2026-11-30T18:00-05:00", param, ctx)


class Days(click.ParamType[int]):
    """A number of days: `30d`."""

    name = "DAYS"

    def convert(self, value: str | int, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number; fails with a message for people."""
        if isinstance(value, int):
            return value
        number = value.removesuffix("d")
        if number == value or not (number.isascii() and number.isdigit() and 1 <= int(number) <= 36_500):
            self.fail("write a number of days, such as 30d", param, ctx)
        return int(number)


@contextmanager
def failures_told(*, as_json: bool = False, stopped: str = "stopped before anything was written") -> Iterator[None]:
    """Tell whatever goes wrong, and end with its exit code. A traceback's last line may hold a patient's values.

    stopped: what to tell after Ctrl-C.
    """
    try:
        yield
    except (click.ClickException, SystemExit, BrokenPipeError):
        raise  # click tells these
    except HandoutsError as error:
        _fail(error, as_json=as_json)
    except KeyboardInterrupt:
        _fail(Interrupted(stopped), as_json=as_json)
    except BaseException as fault:  # also what libraries in Rust raise where they panic, which is no Exception
        _fail(UnexpectedError(fault), as_json=as_json)


def _fail(error: HandoutsError, *, as_json: bool) -> NoReturn:
    if as_json:
        click.echo(error.to_json())
    click.echo(f"handouts: {error}", err=True)
    sys.exit(error.exit_code)


@contextmanager
def counted(what: str, *, shown: bool) -> Iterator[Count]:
    """Count while something is done, on a terminal. what: is counted, such as `Packets`."""
    if not shown or not sys.stderr.isatty():
        yield lambda done, planned: None
        return
    from rich.console import Console
    from rich.progress import MofNCompleteColumn, Progress

    columns = *Progress.get_default_columns(), MofNCompleteColumn()
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, planned: bar.update(task, completed=done, total=planned)
