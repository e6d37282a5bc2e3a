"""Signed paper taken in: every page of every file read and put where it belongs, and each packet bound anew."""

from __future__ import annotations

import errno
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count, islice
from pathlib import Path

from filelock import FileLock, Timeout

from handouts.errors import Interrupted, UsageError
from handouts.run.folder import RunFolder, write_error
from handouts.run.names import JOURNAL, PACKETS, PASSING
from handouts.run.private import make_private
from handouts.scan.binding import RECORDS, Binder, NotBound
from handouts.scan.index import INDEX, FileEntry, Index, PageEntry
from handouts.scan.keeping import ORIGINALS, Kept, NotTaken, keep
from handouts.scan.model import Fate, PageReading
from handouts.scan.opening import Opener, UnreadableFile
from handouts.scan.outcome import FileOutcome, Outcome
from handouts.scan.printed import PrintedRun
from handouts.scan.showing import COPIES, LOOK, QUEUE, queue_file, show
from handouts.scan.sorting import fields_of, sorted_pages

RETURNED = "returned"
_LOCK, _MARK = ".lock", ".run"
_OWN = (ORIGINALS, PACKETS, COPIES, RECORDS, QUEUE, LOOK)
_PRINTED = "it is what was printed, and no scan of it; name the file that the scanner wrote"
_LOST = f"Bring the folder back. If it is lost for good, remove {INDEX} from the run's folder and read all scans again."
_REMEDY = "Make room or mend the permissions, then read the same files again."

Progress = Callable[[int, int | None], None]
"""Called with the number of pages that were read so far; how many there are is not known."""


@dataclass(frozen=True)
class Collection:
    """What came back in a run, held by one process at a time."""

    run: PrintedRun
    folder: RunFolder
    index: Index
    opener: Opener
    now: datetime

    @property
    def binder(self) -> Binder:
        """Binds what came back."""
        return Binder(self.run, self.folder, self.index, self.opener)

    def take_in(self, files: Sequence[Path], progress: Progress) -> Outcome:
        """Read files, each for itself: one that cannot be read keeps no other."""
        read = count(1)
        taken = [self._take_in(file, lambda: progress(next(read), None)) for file in files]
        not_bound = None
        try:
            self.binder.bind()
        except NotBound as fault:
            not_bound = fault
        by_file: defaultdict[str, list[PageEntry]] = defaultdict(list)
        for entry in self.index.pages():
            by_file[entry.file].append(entry)
        told = tuple(replace(each, pages=tuple(by_file[sha256])) if sha256 else each for sha256, each in taken)
        queued = len(self.index.pages(fate=Fate.QUEUE))
        return Outcome(told, queued, str(self.folder.path), str(self.run.folder), not_bound)

    def _take_in(self, file: Path, one_more: Callable[[], None]) -> tuple[str, FileOutcome]:
        """The digest of a file whose pages are recorded, empty where they are not, and what became of it."""
        try:
            kept = keep(file, self.folder)
        except NotTaken as fault:
            return "", FileOutcome(str(file), problem=str(fault))
        if known := self.index.files().get(kept.sha256):
            self._keep_again(kept, known)
            return kept.sha256, FileOutcome(str(file), again=True)
        if kept.sha256 in self.run.files:
            self.folder.forget(kept.name)
            return "", FileOutcome(str(file), problem=_PRINTED)
        self.folder.checkpoint()
        readings: list[PageReading] = []
        try:
            pages = self.opener.pages(self.folder.path / kept.name)
            for sheet in iter(lambda: list(islice(pages, 2)), []):
                for reading in self._show(kept, sheet):
                    readings.append(reading)
                    one_more()
        except UnreadableFile as fault:
            self.folder.remove(kept.name)
            return "", FileOutcome(str(file), problem=str(fault))
        self._record(kept, readings)
        return kept.sha256, FileOutcome(str(file))

    def _keep_again(self, kept: Kept, known: FileEntry) -> None:
        """Where the copy of a known file was lost, it is there again, and the packets that need it are bound anew."""
        there = self.folder.path / known.kept
        if there.is_file():
            self.folder.forget(kept.name)
            return
        self.folder.checkpoint()
        (self.folder.path / kept.name).replace(there)
        packets = {each.packet_id for each in self.index.pages() if each.packet_id and each.file == known.sha256}
        self.index.record(None, (), (), packets)

    def _show(self, kept: Kept, sheet: Sequence[PageReading]) -> Iterator[PageReading]:
        """Both sides of a sheet without their pictures, which are written, so that they need not be held."""
        for entry, reading in zip(sorted_pages(kept.sha256, sheet), sheet, strict=True):
            if entry.fate is not Fate.BLANK:
                show(self.folder, entry, reading)
            fields = tuple(field.model_copy(update={"picture": b""}) for field in reading.fields)
            yield reading.model_copy(update={"picture": b"", "fields": fields})

    def _record(self, kept: Kept, readings: Sequence[PageReading]) -> None:
        self.folder.checkpoint()
        entries = sorted_pages(kept.sha256, readings)
        added = self.now.isoformat(timespec="seconds")
        packets = {each.packet_id for each in entries if each.packet_id and each.fate is Fate.PACKET}
        file = FileEntry(kept.sha256, kept.name, len(readings), added)
        self.index.record(file, entries, fields_of(kept.sha256, readings), packets)


@contextmanager
def collecting(run_folder: Path, out: Path | None, now: datetime) -> Iterator[Collection]:
    """What came back in a run, to add to. out: where to keep it; by default where it was kept before.

    Raises UsageError where there is no run, or another process adds to it; OutputError.
    """
    run = PrintedRun.of(run_folder)
    with Index(run_folder / INDEX) as index:
        path = _place(run_folder, index.folder(), out)
        if index.files() and not (path / ORIGINALS).is_dir():  # a drive that is not there may leave its empty folder
            raise UsageError("what came back in this run was kept here, and is here no more", where=path, hint=_LOST)
        with _held(path), Opener(run) as opener:
            _place(run_folder, index.folder(), path)  # another process may have begun elsewhere meanwhile
            _claim(path, run)
            own = path.resolve() == (run_folder / RETURNED).resolve()
            index.keep_in(RETURNED if own else str(path.absolute()))
            _place(run_folder, index.folder(), path)  # or just now
            folder = RunFolder(path, _REMEDY)
            for entry in index.pages():
                if entry.fate is not Fate.QUEUE:  # whoever said whose it is may have been stopped before this
                    folder.remove(queue_file(entry))
            yield Collection(run, folder, index, opener, now)


@contextmanager
def _held(path: Path) -> Iterator[None]:
    """A folder made, held for this process alone, and rid of what was left half written."""
    lock = FileLock(path / _LOCK, timeout=0, mode=0o600)
    try:
        make_private(path)
        for link in (path / each for each in _OWN if (path / each).is_symlink()):
            raise OSError(errno.ELOOP, "it is a link; put the folder that it leads to in its place", str(link))
        lock.acquire()
        written = (each for folder in _OWN for each in (path / folder).rglob("*.part"))
        for unfinished in (*path.glob("*.part"), *written):
            if PASSING.fullmatch(unfinished.name):
                unfinished.unlink(missing_ok=True)
    except Timeout:
        raise UsageError("scans are being read into this folder", where=path, hint="Wait for it to end.") from None
    except OSError as fault:
        raise write_error(Path(fault.filename or path), fault, _REMEDY) from None
    try:
        yield
    except KeyboardInterrupt:
        hint = "Read the same files again: those that were read are known, and nothing is read twice."
        raise Interrupted("stopped; what was read so far is kept", hint=hint) from None
    finally:
        lock.release()


def _claim(path: Path, run: PrintedRun) -> None:
    """Say that a folder is this run's: two runs would take each other's pictures away."""
    folder, run_id = RunFolder(path, _REMEDY), run.manifest.run_id.encode()
    try:
        kept = (path / _MARK).read_bytes() if (path / _MARK).exists() else b""
        used = any((path / ORIGINALS).glob("*"))
    except OSError as fault:
        raise write_error(path / _MARK, fault, _REMEDY) from None
    if kept and kept != run_id and used:
        raise UsageError("what came back in another run is kept here", where=path, hint="Choose another --out.")
    if kept != run_id:
        folder.write(_MARK, [run_id])
        folder.checkpoint()


def _place(run_folder: Path, before: str | None, out: Path | None) -> Path:
    kept = run_folder / (before or RETURNED)  # an absolute folder stands for itself
    if out and before is not None and out.resolve() != kept.resolve():
        hint = "Leave out --out."
        raise UsageError("what came back in this run is kept in another folder", where=kept, hint=hint)
    path = out or kept
    if (path / JOURNAL).exists():
        hint = "Leave out --out, or name a folder of its own."
        raise UsageError("this is a run's folder: what it printed would be written over", where=path, hint=hint)
    if not _is_utf8(path):
        hint = "Choose another with --out, named in letters that all programs can read."
        raise UsageError("the folder's name is not in UTF-8", where=path, hint=hint)
    return path


def _is_utf8(path: Path) -> bool:
    """Whether the index, and the process that opens files, can be told of it."""
    try:
        str(path.absolute()).encode()
    except UnicodeEncodeError:
        return False
    return True
