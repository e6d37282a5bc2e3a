"""The run folder: private files that appear whole or not at all."""

from __future__ import annotations

import hashlib
import secrets
import sqlite3
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from filelock import FileLock, Timeout

from handouts.errors import OutputError, UsageError
from handouts.run.names import (
    CAME_BACK,
    JOURNAL,
    MANIFEST,
    PACKET,
    PACKETS,
    PASSING,
    PASSWORDS,
    PRINT_RUN,
    PROBLEMS,
    SHELF,
)
from handouts.run.private import make_private, open_private, synced

_LOCK = ".lock"
_SYNCED_AT_ONCE = 8
"""Files synced side by side: their data and the file system's own journal then reach the disk together, which takes a
thirtieth of the time of one after another. It waits for these files only, which syncfs would not, and works anywhere.
"""

_RESUME = "Make room or mend the permissions, then run again with the same --out and --resume."


def write_error(path: Path, fault: OSError, remedy: str = _RESUME) -> OutputError:
    """What to tell when `path` could not be written."""
    return OutputError(f"could not be written: {fault.strerror or fault}", where=path, hint=remedy)


def _open_error(path: Path, fault: OSError) -> OutputError:
    hint = "Choose another --out, or mend its permissions."
    return OutputError(f"the folder cannot be used: {fault.strerror or fault}", where=path, hint=hint)


class Digesting:
    """A file being written, and the SHA-256 of what was written so far."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._digest = hashlib.sha256()

    @property
    def sha256(self) -> str:
        """In hex."""
        return self._digest.hexdigest()

    def write(self, data: bytes) -> None:
        """Append `data`."""
        self._digest.update(data)
        self._out.write(data)


class RunFolder:
    """A folder only its owner can read. Files are written under another name, synced, then renamed."""

    def __init__(self, path: Path, remedy: str = _RESUME) -> None:
        """remedy: what to do when a file could not be written."""
        self.path = path
        self._remedy = remedy
        self._passing = f".{secrets.token_hex(4)}.part"  # a killed run's worker may still be at its last file
        self._waiting: list[str] = []

    # -- opening -----------------------------------------------------------------------------------

    @contextmanager
    def opened(self, *, resume: bool, overwrite: bool) -> Iterator[None]:
        """Hold the folder for one run. Raises UsageError where another run stands in it, OutputError."""
        try:
            self._check(resume=resume, overwrite=overwrite)
            self._make(self.path)
            lock = self._lock()
            self._check(resume=resume, overwrite=overwrite)  # another run may have begun meanwhile
        except OSError as fault:
            raise _open_error(self.path, fault) from None
        try:
            if overwrite:
                self._clear()
                self._forget()
            self._make(self.path / PACKETS)
            self._sweep()
            yield
        except OSError as fault:
            raise write_error(Path(fault.filename or self.path), fault) from None
        finally:
            with suppress(OSError):  # what cannot be removed now is removed by the next run
                self._sweep()
            lock.release()

    def _lock(self) -> FileLock:
        lock = FileLock(self.path / _LOCK, timeout=0, mode=0o600)
        try:
            lock.acquire()
        except Timeout:
            hint = "Wait for it to end."
            raise UsageError("another run is writing into this folder", where=self.path, hint=hint) from None
        return lock

    def _check(self, *, resume: bool, overwrite: bool) -> None:
        held = {each.name for each in self.path.iterdir()} if self.path.exists() else set()
        self._check_links("Choose another --out.")
        if JOURNAL not in held:
            if held and not self._stopped_at_once():
                hint = "Choose another --out."
                raise UsageError("this folder holds files that are no run", where=self.path, hint=hint)
            if resume:
                raise UsageError("there is no run to resume here", where=self.path, hint="Leave out --resume.")
            return
        if not resume and not overwrite:
            hint = "Finish it with --resume, or replace it with --overwrite."
            raise UsageError("a run stands in this folder already", where=self.path, hint=hint)
        if overwrite and CAME_BACK in held and self._came_back():
            what = "paper of the run in this folder came back, and would be known no more"
            raise UsageError(what, where=self.path, hint="Choose another --out.")

    def _came_back(self) -> bool:
        """Whether any scan was read: where none could be, there is but an empty index."""
        try:
            with closing(sqlite3.connect(self.path / CAME_BACK)) as index:
                return index.execute("SELECT 1 FROM file").fetchone() is not None
        except sqlite3.Error:
            return True

    @staticmethod
    def _make(path: Path) -> None:
        make_private(path)
        path.chmod(0o700)

    def _stopped_at_once(self) -> bool:
        """Whether there is a lock and no packet: a run that was stopped before it began, or a purge at its end."""
        held = {each.name for each in self.path.iterdir()}
        return held <= {_LOCK, PACKETS} and not (PACKETS in held and any((self.path / PACKETS).iterdir()))

    def _check_links(self, hint: str) -> None:
        if any(folder.is_symlink() for folder in self._packet_folders()):
            raise UsageError("its `packets` leads to another folder", where=self.path, hint=hint)

    # -- deleting ----------------------------------------------------------------------------------

    def purge(self) -> tuple[str, ...]:
        """Delete what a run made here, and the folder unless something else is in it.

        The journal goes last: while it stands, the folder is known as a run's and can be purged again.
        Returns the names of what stays, because no run makes such files, or because they are links.
        Raises UsageError where there is no run or one is being written, OutputError.
        """
        self.check_run()
        try:
            lock = self._lock()
            try:
                self._sweep()
                self._clear()
                for folder in (each for each in self._packet_folders() if each.is_dir()):
                    synced(folder)
                synced(self.path)
                self._forget()
                left = self._left()
                with suppress(OSError):  # Windows removes it when it is released
                    (self.path / _LOCK).unlink(missing_ok=True)
            finally:
                lock.release()
            if not left:
                self.path.rmdir()
        except OSError as fault:
            hint = "Mend the permissions, then purge it again."
            where = fault.filename or self.path
            raise OutputError(
                f"could not be deleted: {fault.strerror or fault}", where=Path(where), hint=hint
            ) from None
        return left

    def check_run(self) -> None:
        """Raises UsageError where this folder is no run's, or leads elsewhere."""
        hint = "Name the folder that a run made: the one with `journal.sqlite` in it."
        if self.path.is_symlink():
            raise UsageError("this is a link", where=self.path, hint="Name the folder that it leads to.")
        journal = self.path / JOURNAL
        if not (journal.is_file() and not journal.is_symlink()) and not (
            (self.path / _LOCK).is_file() and self._stopped_at_once()
        ):
            raise UsageError("this folder is no run's", where=self.path, hint=hint)
        self._check_links("Delete what it leads to by hand, then the link, then purge again.")

    def made(self) -> list[Path]:
        """Files that a run made here, but for its journal and lock. A link is no file that a run made."""
        found = [self.path / PASSWORDS]
        found += [each for each in sorted(self.path.glob("*.pdf")) if PRINT_RUN.fullmatch(each.name)]
        for folder in self._packet_folders():
            found += [each for each in sorted(folder.glob("*.pdf")) if PACKET.fullmatch(each.name)]
        found += [self.path / MANIFEST, self.path / PROBLEMS]
        return [each for each in found if each.is_file() and not each.is_symlink()]

    def _clear(self) -> None:
        for file in self.made():
            file.unlink()
        for folder in self._packet_folders():
            with suppress(OSError):  # it holds what the run did not make, or is not there
                folder.rmdir()

    def _forget(self) -> None:
        """The journal itself last: while it stands the folder is known as a run's."""
        for ending in ("-shm", "-wal", "-journal", ""):
            (self.path / f"{JOURNAL}{ending}").unlink(missing_ok=True)

    def _left(self) -> tuple[str, ...]:
        own = {self.path / _LOCK, *self._packet_folders()}
        found = [
            each for folder in (self.path, *self._packet_folders()) if folder.is_dir() for each in folder.iterdir()
        ]
        return tuple(sorted(str(each.relative_to(self.path)) for each in found if each not in own))

    def _sweep(self) -> None:
        """Remove what an interrupted run left half written."""
        for folder in (self.path, *self._packet_folders()):
            for file in folder.glob("*.part"):
                if PASSING.fullmatch(file.name):
                    file.unlink(missing_ok=True)

    # -- writing -----------------------------------------------------------------------------------

    def write(self, name: str, pieces: Iterable[bytes]) -> None:
        """Write a file; it stands under its name after the next `checkpoint`."""
        with self.writing(name) as out:
            for piece in pieces:
                out.write(piece)

    def put(self, name: str, data: bytes) -> None:
        """Write a whole file, perhaps in another process than the one that is to `expect` it."""
        with self._written(name) as out:
            out.write(data)

    def expect(self, name: str) -> None:
        """Give a file that was `put` its name at the next `checkpoint`."""
        self._waiting.append(name)

    def forget(self, name: str) -> None:
        """Leave a file that was written without a name, and remove it."""
        self._waiting.remove(name)
        self._temporary(name).unlink(missing_ok=True)

    def remove(self, name: str) -> None:
        """Remove a file that may be there."""
        try:
            (self.path / name).unlink(missing_ok=True)
        except OSError as fault:
            raise write_error(self.path / name, fault, self._remedy) from None

    @contextmanager
    def writing(self, name: str) -> Iterator[Digesting]:
        """A file to write bit by bit; it stands under its name after the next `checkpoint`."""
        with self._written(name) as out:
            yield Digesting(out)
        self.expect(name)

    @contextmanager
    def _written(self, name: str) -> Iterator[BinaryIO]:
        temporary = self._temporary(name)
        try:
            if not temporary.parent.is_dir():
                self._make(temporary.parent)
            with open(temporary, "wb", opener=open_private) as out:
                yield out
        except OSError as fault:
            raise write_error(self.path / name, fault, self._remedy) from None

    def _temporary(self, name: str) -> Path:
        return self.path / (name + self._passing)

    def holds(self, name: str, sha256: str) -> bool:
        """Whether the file stands there with exactly this content."""
        try:
            return hashlib.sha256((self.path / name).read_bytes()).hexdigest() == sha256
        except FileNotFoundError:
            return False

    def checkpoint(self) -> None:
        """Make everything written so far durable, then give it its final names."""
        try:
            with ThreadPoolExecutor(_SYNCED_AT_ONCE) as threads:
                for _ in threads.map(synced, map(self._temporary, self._waiting)):
                    pass
            for name in self._waiting:
                self._temporary(name).replace(self.path / name)
            for folder in sorted({self.path / each for name in self._waiting for each in Path(name).parents}):
                synced(folder)
        except OSError as fault:
            raise write_error(Path(fault.filename or self.path), fault, self._remedy) from None
        self._waiting.clear()

    def _packet_folders(self) -> list[Path]:
        """Where packets stand: one folder, or also folders in it."""
        packets = self.path / PACKETS
        if packets.is_symlink() or not packets.is_dir():
            return [packets]
        return [*(each for each in packets.iterdir() if SHELF.fullmatch(each.name)), packets]
