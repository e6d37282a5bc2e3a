"""`handouts purge`: what runs made is deleted, and what that cannot promise is told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from handouts.errors import ExitCode, HandoutsError, Interrupted, OutputError, UsageError
from handouts.run.folder import RunFolder
from handouts.run.journal import issued_at
from handouts.run.names import JOURNAL

NO_PROMISE = """\
Deleted is not gone everywhere. This cannot reach copies that were made: by a printer and its queue, by backups,
snapshots and synced folders, by e-mail, by a scanner. A disk keeps what a file held until it is written over (an SSD
perhaps for long): only an encrypted disk makes that unreadable."""


@dataclass(frozen=True, slots=True)
class Purged:
    """A run whose files are deleted, or would be. files: how many pages, tables … left: names of what stays."""

    folder: Path
    files: int
    left: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of each run. deleted: no rehearsal."""

    purged: Sequence[Purged]
    failed: Sequence[HandoutsError]
    deleted: bool

    @property
    def exit_code(self) -> ExitCode:
        """That of the first run that could not be deleted."""
        return self.failed[0].exit_code if self.failed else ExitCode.OK

    def to_text(self) -> str:
        """For the person at the desk."""
        verb = "deleted" if self.deleted else "would be deleted"
        lines = [] if self.purged else ["There is no such run."]
        for each in self.purged:
            lines.append(f"{each.folder}: {each.files} {'file' if each.files == 1 else 'files'} {verb}.")
            lines += [f"  stays, no run made it: {name}" for name in each.left]
        return "\n".join([*lines, *(["", NO_PROMISE] if self.deleted and self.purged else [])])


def purge(runs: Sequence[Path], *, dry_run: bool) -> Outcome:
    """Delete these runs, each for itself: one that cannot be deleted keeps no other."""
    return _purged(runs, (), dry_run)


def purge_older(folders: Sequence[Path], days: int, now: datetime, *, dry_run: bool) -> Outcome:
    """Delete all runs in these folders that were issued more than so many days ago.

    A run's age is that of the moment stamped on its packets, which its journal tells; files' own times change when
    they are copied. now: with its time zone.
    """
    unknown: list[HandoutsError] = []
    old: list[Path] = []
    for run in (each for folder in folders for each in _runs(folder, unknown)):
        issued = issued_at(run / JOURNAL)
        if issued is None:
            hint = "If it may go, name it: handouts purge RUN."
            unknown.append(UsageError("how old this run is cannot be told", where=run, hint=hint))
        elif now - issued > timedelta(days=days):
            old.append(run)
    return _purged(old, unknown, dry_run)


def _runs(folder: Path, unseen: list[HandoutsError]) -> Iterator[Path]:
    """The runs in a folder, if it is there. unseen: gets folders into which one may not look."""
    try:
        found = sorted(folder.iterdir()) if folder.is_dir() else []
    except OSError as fault:
        unseen.append(_unreadable(folder, fault))
        return
    for each in found:
        try:
            if not each.is_symlink() and (each / JOURNAL).is_file():
                yield each
        except OSError as fault:
            unseen.append(_unreadable(each, fault))


def _unreadable(folder: Path, fault: OSError) -> OutputError:
    hint = "Mend the permissions, then purge it again."
    return OutputError(f"cannot be looked into: {fault.strerror or fault}", where=folder, hint=hint)


def _purged(runs: Sequence[Path], failed: Sequence[HandoutsError], dry_run: bool) -> Outcome:
    purged: list[Purged] = []
    faults = list(failed)
    for run in runs:
        folder = RunFolder(run)
        try:
            folder.check_run()
            files = len(folder.made())
            purged.append(Purged(run, files, () if dry_run else folder.purge()))
        except HandoutsError as fault:
            faults.append(fault)
        except OSError as fault:
            faults.append(_unreadable(run, fault))
        except KeyboardInterrupt:
            if dry_run:
                raise
            hint = "Purge it and those after it again."
            faults.insert(0, Interrupted("stopped here; what is deleted is gone", where=run, hint=hint))
            break
    return Outcome(purged, faults, not dry_run)
