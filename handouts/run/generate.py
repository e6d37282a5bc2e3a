"""`handouts generate`, told in order: read, plan, press, keep."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from handouts import __version__
from handouts.errors import Interrupted, UsageError
from handouts.intake import read_lists
from handouts.intake.clinic import read_clinic
from handouts.layout.codes import short_id
from handouts.layout.logo import read_logo
from handouts.library.shelf import Shelf, shelf_for
from handouts.model import Clinic
from handouts.press.notice import read_notice
from handouts.run.agreement import check_agreement
from handouts.run.dumps import no_core_dumps
from handouts.run.folder import RunFolder
from handouts.run.journal import Journal
from handouts.run.making import Setup
from handouts.run.names import JOURNAL
from handouts.run.options import Options
from handouts.run.plan import make_plan
from handouts.run.printing import Printing, Progress
from handouts.run.stopping import Stop
from handouts.run.summary import Summary


def generate(options: Options, progress: Progress) -> Summary:
    """Print a packet for every appointment. Raises HandoutsError, KeyboardInterrupt before anything was written."""
    no_core_dumps()
    stop = Stop()
    with stop.heeded():
        return _generated(options, progress, stop)


def _generated(options: Options, progress: Progress, stop: Stop) -> Summary:
    clinic = read_clinic(options.clinic)
    shelf = shelf_for(clinic)
    check_agreement(clinic, shelf, options.clinic)
    intake = read_lists(options.lists, clinic)
    issued_at = _issued_at(options, clinic)
    logo, notice = read_logo(clinic), read_notice(clinic)
    inputs = (intake.digest, logo.digest.hex() if logo else "", notice.sha256 if notice else "")
    run_key = _run_key(options, clinic, shelf, inputs, issued_at)
    plan = make_plan(intake, clinic, shelf, notice, options, run_key, issued_at.date())
    del intake  # the plan has all that is needed of it
    duplex = clinic.duplex if options.duplex is None else options.duplex
    setup = Setup(clinic, shelf, logo, notice, options.paper or clinic.paper, duplex, issued_at, options.encrypt)
    printing = Printing(plan, setup, short_id(run_key, 8), options.jobs, progress, stop)
    if options.dry_run:
        return printing.rehearse()
    folder = RunFolder(options.out or Path("output") / f"{plan.day or issued_at.date()}-{printing.run_id}")
    opened = False
    try:
        with folder.opened(resume=options.resume, overwrite=options.overwrite):
            opened = True
            with Journal(folder.path / JOURNAL) as journal:
                _begin(journal, run_key.hex(), issued_at, folder)
                return printing.write(folder, journal)
    except KeyboardInterrupt:
        raise _stopped(folder.path, len(plan.jobs), opened=opened) from None


def _stopped(folder: Path, planned: int, *, opened: bool) -> Interrupted:
    """What to tell after Ctrl-C. Packets since the last checkpoint are pressed again: that is quick, and safe."""
    if not opened or not (folder / JOURNAL).is_file():
        return Interrupted("stopped before anything was printed", where=folder, hint="Run the same command again.")
    with Journal(folder / JOURNAL) as journal:
        safe = journal.count()
    hint = "Finish the run with the same command, --out naming this folder, and --resume."
    return Interrupted(f"stopped; {safe} of {planned} packets are safe", where=folder, hint=hint)


def _issued_at(options: Options, clinic: Clinic) -> datetime:
    """The chosen moment, a resumed run's own, or now; in the clinic's time zone, to the second."""
    chosen = options.issued_at
    if options.resume:
        if options.out is None:
            raise UsageError("--resume needs --out", hint="Name the folder of the run to finish.")
        if (options.out / JOURNAL).is_file():
            with Journal(options.out / JOURNAL) as journal:
                known = journal.run()
            if known and chosen and _local(chosen, clinic) != known.issued_at:
                hint = f"Leave it out: packets of this run say {known.issued_at.isoformat(timespec='minutes')}."
                raise UsageError("this run began with another --issued-at", where=options.out, hint=hint)
            chosen = known.issued_at if known else chosen
    return _local(chosen or datetime.now(clinic.zone), clinic)


def _local(moment: datetime, clinic: Clinic) -> datetime:
    """The moment in the clinic's time zone, which is also meant where it names none; to the second."""
    local = moment.astimezone(clinic.zone) if moment.tzinfo else moment.replace(tzinfo=clinic.zone)
    return local.replace(microsecond=0)


def _run_key(options: Options, clinic: Clinic, shelf: Shelf, inputs: Sequence[str], issued_at: datetime) -> bytes:
    """A digest over all that decides the run's bytes. Packet ids come from it: the same inputs give the same ids."""
    digest = hashlib.blake2b(digest_size=32)
    for path in shelf.files():
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    digest.update("\n".join([*inputs, clinic.model_dump_json(exclude={"folder"}), ""]).encode())
    chosen = options.model_dump_json(include={"day", "procedure", "language", "paper", "duplex", "only", "encrypt"})
    digest.update(f"{__version__}\n{chosen}\n{issued_at.isoformat()}".encode())
    return digest.digest()


def _begin(journal: Journal, run_key: str, issued_at: datetime, folder: RunFolder) -> None:
    known = journal.run()
    if known is None:
        journal.begin(run_key, issued_at)
    elif known.run_key != run_key:
        hint = "Print again from the start with --overwrite, or choose another --out."
        raise UsageError(
            "the lists, clinic, templates or options changed since this run began", where=folder.path, hint=hint
        )
