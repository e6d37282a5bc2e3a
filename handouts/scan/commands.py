"""The commands that take in signed paper: options in, one call into the package, exit code out."""

from __future__ import annotations

import shutil
import sys
from datetime import datetime
from pathlib import Path

import click

from handouts.terminal import FOLDER, counted, failures_told


@click.command(short_help="Read signed paper that came back.")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--run", "run", required=True, type=FOLDER, help="The folder of the run that printed the paper.")
@click.option("--out", type=click.Path(path_type=Path), help="Where to keep what came back.  [default: RUN/returned]")
@click.option("--json", "as_json", is_flag=True, help="Tell the outcome as JSON.")
def scan(files: tuple[Path, ...], run: Path, out: Path | None, as_json: bool) -> None:
    """Read signed paper that came back: whose each page is, and what is signed.

    FILE is a PDF, TIFF, JPEG or PNG from a scanner, with pages of any patients
    in any order. Each is copied first; nothing is done to FILE itself. Pages
    that cannot be told wait for you, with a picture: `handouts scan assign`.

    \b
    Examples:
      handouts scan monday.pdf tuesday.tif --run output/2026-12-01-7KQ2M9XV
      handouts status output/2026-12-01-7KQ2M9XV

    \b
    Exit codes: 0 all pages belong somewhere; 2 usage; 3 a file could not be
    read, or a page in it waits for you; 4 no file could be read; 5 something
    could not be written; 130 interrupted; 1 the program itself failed.
    """
    from handouts.scan.collect import collecting

    with failures_told(as_json=as_json), collecting(run, out, datetime.now().astimezone()) as collection:
        with counted("Pages", shown=not as_json) as count:
            outcome = collection.take_in(files, count)
        click.echo(outcome.to_json() if as_json else outcome.to_text())
        if outcome.not_bound:
            click.echo(f"handouts: {outcome.not_bound}", err=True)
        sys.exit(outcome.exit_code)


@click.command("scan assign")
@click.argument("items", metavar="ITEM...", nargs=-1, required=True)
@click.option("--run", "run", required=True, type=FOLDER, help="The folder of the run that printed the paper.")
@click.option("--packet", help="The id in small print at the page's foot, or its first letters; or the appointment's.")
@click.option("--page", type=click.IntRange(1), help="The page's number within the packet, as printed on it.")
@click.option("--aside", is_flag=True, help="They are no pages of this run.")
def assign(items: tuple[str, ...], run: Path, packet: str | None, page: int | None, aside: bool) -> None:
    """Say whose page ITEM is, which could not be told.

    ITEM is its picture in the folder `queue`. It may be said again, where you
    erred. Several may be set aside at once.

    \b
    Examples:
      handouts scan assign 3f9a1c2e-003 --run output/2026-12-01-7KQ2M9XV --packet N5MBR-54EKF --page 14
      handouts scan assign 3f9a1c2e-004 --run output/2026-12-01-7KQ2M9XV --aside
    """
    from handouts.scan import assigning
    from handouts.scan.collect import collecting

    if aside == bool(packet or page) or bool(packet) != bool(page):
        raise click.UsageError("say --packet and --page, or --aside")
    if len(items) > 1 and not aside:
        raise click.UsageError("one page at a time is a page of a packet")
    with failures_told(), collecting(run, None, datetime.now().astimezone()) as collection:
        if packet and page:
            found, form = assigning.assign(collection, items[0], packet, page)
            click.echo(f"It is page {page} of appointment {found.appointment_id} ({found.packet_id}): {form.kind}.")
            return
        for item in items:
            assigning.set_aside(collection, item)
            click.echo(f"{item} is set aside.")


@click.command("scan decide")
@click.argument("item")
@click.option("--run", "run", required=True, type=FOLDER, help="The folder of the run that printed the paper.")
@click.option("--signed", "state", flag_value="signed", help="It is signed, filled in or ticked.")
@click.option("--empty", "state", flag_value="empty", help="It is not.")
def decide(item: str, run: Path, state: str | None) -> None:
    """Say whether ITEM is signed, of which it could not be told.

    ITEM is its picture in the folder `look`. What you say stands above what was
    read, until you say otherwise.

    \b
    Example:
      handouts scan decide N5MBR54EKF0WK5DWWYD5-p014-signature-patient-1-3f9a1c2e-003 \\
          --run output/2026-12-01-7KQ2M9XV --signed
    """
    from handouts.scan import deciding
    from handouts.scan.collect import collecting
    from handouts.scan.model import Ink

    if state is None:
        raise click.UsageError("say --signed or --empty")
    with failures_told(), collecting(run, None, datetime.now().astimezone()) as collection:
        deciding.decide(collection, item, Ink(state))
        click.echo(f"{item} is {state}.")


@click.command(short_help="Tell what came back, and who has not signed.")
@click.argument("run", type=FOLDER)
@click.option("--json", "as_json", is_flag=True, help="Tell it as JSON.")
@click.option("--csv", "csv_file", type=click.Path(dir_okay=False, path_type=Path), help="Also write it as a table.")
@click.option("--pdf", "pdf_file", type=click.Path(dir_okay=False, path_type=Path), help="Also write a page to print.")
def status(run: Path, as_json: bool, csv_file: Path | None, pdf_file: Path | None) -> None:
    """Tell what came back of each appointment in the folder RUN, and who has not signed.

    \b
    Examples:
      handouts status output/2026-12-01-7KQ2M9XV
      handouts status output/2026-12-01-7KQ2M9XV --pdf huddle.pdf

    \b
    Exit codes: 0 told, whatever is missing; 2 usage, or no run; 5 something
    could not be written; 1 the program itself failed.
    """
    from handouts.scan.reporting import Wanted, report

    with failures_told(as_json=as_json):
        width = shutil.get_terminal_size((120, 24)).columns
        wanted = Wanted(as_json, csv_file, pdf_file, width, sys.stdout.isatty())
        click.echo(report(run, wanted, datetime.now().astimezone()))
