"""The `handouts` command: options in, one call into the package, exit code out."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

import click

from handouts import __version__
from handouts.scan.commands import assign, decide, scan, status
from handouts.terminal import FOLDER, Days, IsoMoment, counted, failures_told

EXISTING = click.Path(exists=True, dir_okay=False, path_type=Path)


class _Commands(click.Group):
    """`scan assign` and `scan decide` are commands of two words: what follows `scan` alone is a file."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        two = " ".join(args[:2])
        return super().resolve_command(ctx, [two, *args[2:]] if two in self.commands else args)


@click.group(cls=_Commands, context_settings={"auto_envvar_prefix": "HANDOUTS", "help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="handouts")
def main() -> None:
    """Printable packets for tomorrow's patients: handout, estimate and consent form for each.

    \b
    Example:
      handouts generate appointments.csv --clinic clinic.yaml
    """


@main.command()
@click.argument("lists", metavar="LIST...", nargs=-1, required=True, type=EXISTING)
@click.option("--clinic", required=True, type=EXISTING, help="The clinic's settings, a YAML file.")
@click.option("--date", "day", type=click.DateTime(["%Y-%m-%d"]), help="Print this day only, such as 2026-12-01.")
@click.option("--procedure", help="Print this procedure only; appointments that name none count as it.")
@click.option("--language", default="auto", show_default=True, help="Language of the forms; auto is the patient's own.")
@click.option("--out", type=click.Path(path_type=Path), help="The run's folder.  [default: output/<day>-<run id>]")
@click.option("--jobs", type=click.IntRange(1, 64), default=1, show_default=True, help="Processes to press with.")
@click.option("--paper", type=click.Choice(["letter", "a4"]), help="Paper size.  [default: the clinic's]")
@click.option("--duplex/--simplex", default=None, help="Print on both sides.  [default: the clinic's]")
@click.option("--only", multiple=True, metavar="APPOINTMENT_ID", help="Print this appointment only; may be repeated.")
@click.option("--issued-at", type=IsoMoment(), help="Moment stamped on the packets.  [default: now]")
@click.option("--resume", is_flag=True, help="Finish the run that stands in --out.")
@click.option("--overwrite", is_flag=True, help="Replace the run that stands in --out.")
@click.option("--encrypt", is_flag=True, help="Lock each packet's file with a password; not the print run.")
@click.option("--dry-run", is_flag=True, help="Check everything, write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Tell the outcome as JSON.")
@click.option("--quiet", is_flag=True, help="Tell nothing but errors.")
def generate(as_json: bool, quiet: bool, day: datetime | None, **chosen: object) -> None:
    """Print a packet for every appointment in LIST (CSV, TSV, XLSX, ODS, JSON or FHIR).

    \b
    Examples:
      handouts generate appointments.csv --clinic clinic.yaml
      handouts generate day.bundle.json patients.ndjson --clinic clinic.yaml --date 2026-12-01
      handouts generate appointments.xlsx --clinic clinic.yaml --only A-1007 --paper a4

    \b
    Exit codes: 0 everything printed; 2 usage; 3 printed, but some appointments
    could not be; 4 clinic, template or list unusable; 5 output could not be
    written; 130 interrupted; 1 the program itself failed.
    """
    from handouts.run.generate import generate as run
    from handouts.run.options import Options

    with failures_told(as_json=as_json):
        options = Options.model_validate({**chosen, "day": day.date() if day else None})
        if options.resume and options.overwrite:
            raise click.UsageError("--resume and --overwrite exclude each other")
        with counted("Packets", shown=not quiet and not as_json) as count:
            summary = run(options, count)
        if as_json:
            click.echo(summary.to_json())
        elif not quiet:
            click.echo(summary.to_text())
        elif summary.exit_code:
            click.echo(summary.failures(), err=True)
        sys.exit(summary.exit_code)


@main.command()
@click.argument("procedure")
@click.option(
    "--out", default="templates", show_default=True, type=click.Path(path_type=Path), help="The folder of templates."
)
def new(procedure: str, out: Path) -> None:
    """Make the forms of a new PROCEDURE: a commented skeleton to fill in.

    \b
    Example:
      handouts new knee-taping --out my-clinic/templates
    """
    from handouts.library.new import new_procedure

    with failures_told(stopped="stopped before all files were written"):
        for path in new_procedure(procedure, out, datetime.now().astimezone().date()):
            click.echo(path)


@main.command()
@click.argument("procedure")
@click.option("--clinic", type=EXISTING, help="A clinic's settings.  [default: a made-up clinic]")
@click.option("--language", help="Language of the forms.  [default: the clinic's first]")
@click.option("--flags", help="Only this kind of packet, such as minor,interpreter.  [default: a person of each kind]")
@click.option("--paper", type=click.Choice(["letter", "a4"]), help="Paper size.  [default: the clinic's]")
@click.option("--out", type=click.Path(path_type=Path), help="Folder.  [default: output/preview-…]")
@click.option("--png", is_flag=True, help="Each page as a picture too.")
def preview(flags: str | None, **chosen: object) -> None:
    """Show PROCEDURE's packets, printed for made-up people.

    \b
    Examples:
      handouts preview spinal-decompression
      handouts preview spinal-decompression --language es --flags minor,interpreter --png
    """
    from pydantic import ValidationError

    from handouts.library.flags import MEANINGS
    from handouts.run.preview import PreviewOptions
    from handouts.run.preview import preview as run

    names = None if flags is None else tuple(name.strip() for name in flags.split(",") if name.strip())
    try:
        options = PreviewOptions.model_validate({**chosen, "flags": names})
    except ValidationError:
        raise click.UsageError(f"--flags takes some of: {', '.join(MEANINGS)}") from None
    with failures_told(stopped="stopped before all packets were written"):
        for path in run(options):
            click.echo(path)


@main.command()
@click.argument("before", type=FOLDER)
@click.argument("after", type=FOLDER)
def diff(before: Path, after: Path) -> None:
    """Tell what changed between two folders of a procedure, and whether signed forms must be renewed.

    \b
    Example:
      handouts diff last-year/templates/spinal-decompression templates/spinal-decompression
    """
    from handouts.run.diff import diff as run
    from handouts.run.diff import verdict

    with failures_told():
        found = run(before, after)
        for each in found:
            click.echo("\n".join(each.lines()))
        click.echo(verdict(found))


@main.command()
@click.argument("folder", metavar="[TEMPLATES_FOLDER]", required=False, type=FOLDER)
@click.option("--strict", is_flag=True, help="Let warnings fail the check, as errors do.")
@click.option("--json", "as_json", is_flag=True, help="Tell the findings as JSON.")
def check(folder: Path | None, strict: bool, as_json: bool) -> None:
    """Check forms as a compiler checks a program, and tell everything that must change.

    TEMPLATES_FOLDER holds a folder for each procedure. Without it, the shipped
    templates are checked, and those of a folder `templates` where you are: run
    it beside your clinic.yaml.

    \b
    Examples:
      handouts check
      handouts check templates --strict

    \b
    Exit codes: 0 the forms may be used; 4 they have errors (with --strict: or
    warnings), or there are none; 2 usage; 1 the program itself failed.
    """
    from handouts.library.checks.check import check_all as run

    with failures_told(as_json=as_json):
        report = run(folder, datetime.now().astimezone().date(), strict=strict)
        click.echo(report.to_json() if as_json else report.to_text())
        sys.exit(report.exit_code)


@main.command()
@click.argument("folders", metavar="RUN...", nargs=-1, type=FOLDER)
@click.option(
    "--older-than", type=Days(), help="Delete the runs in this folder that were issued so long ago, such as 30d."
)
@click.option("--dry-run", is_flag=True, help="Tell what would be deleted, delete nothing.")
def purge(folders: tuple[Path, ...], older_than: int | None, dry_run: bool) -> None:
    """Delete what the run in the folder RUN made, for good; what no run makes stays, and is named.

    With --older-than, RUN is a folder of runs instead.  [default: output]

    \b
    Examples:
      handouts purge output/2026-12-01-7KQ2M9XV
      handouts purge --older-than 30d

    \b
    Exit codes: 0 deleted; 2 usage, no run, or a run that is being written;
    5 something could not be deleted; 1 the program itself failed.
    """
    from handouts.run.purge import purge as run
    from handouts.run.purge import purge_older

    with failures_told():
        if older_than is None:
            if not folders:
                raise click.UsageError("name the runs to delete, or say --older-than")
            outcome = run(folders, dry_run=dry_run)
        else:
            now = datetime.now().astimezone()
            outcome = purge_older(folders or (Path("output"),), older_than, now, dry_run=dry_run)
        for error in outcome.failed:
            click.echo(f"handouts: {error}", err=True)
        if outcome.purged or not outcome.failed:
            click.echo(outcome.to_text())
        sys.exit(outcome.exit_code)


for command in (scan, assign, decide, status):
    main.add_command(command)


if __name__ == "__main__":
    main(prog_name="handouts")
