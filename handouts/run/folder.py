"""The run folder: private files that appear whole or not at all."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from filelock import FileLock, Timeout

from handouts.errors import OutputError, UsageError

PACKETS = "packets"
MANIFEST = "manifest.json"
PROBLEMS = "problems.csv"
JOURNAL = "journal.sqlite"
_LOCK = ".lock"
_TEMPORARY = ".part"
_SYNCED_AT_ONCE = 8
"""Files synced side by side: their data and the file system's own journal then reach the disk together, which takes a
thirtieth of the time of one after another. It waits for these files only, which syncfs would not, and works anywhere.
"""
_PACKET = re.compile(r"[0-9]+-[0-9A-Z]{20}\.pdf")
_SHELF = re.compile(r"[0-9]+-[0-9]+")
_PRINT_RUN = re.compile(r"print-run(-[0-9]+)?\.pdf")
ON_ONE_SHELF = 1_000
MOST_IN_ONE_FOLDER = 10_000
"""File browsers and network drives become slow with more files in one folder."""


def write_error(path: Path, fault: OSError) -> OutputError:
    """What to tell when `path` could not be written."""
    hint = "Make room or mend the permissions, then run again with the same --out and --resume."
    return OutputError(f"could not be written: {fault.strerror or fault}", where=path, hint=hint)


def _open_error(path: Path, fault: OSError) -> OutputError:
    hint = "Choose another --out, or mend its permissions."
    return OutputError(f"the folder cannot be used: {fault.strerror or fault}", where=path, hint=hint)


def packet_file(position: int, packet_id: str, planned: int) -> str:
    """A packet's file within the run folder: its place in the day and its opaque id.

    A run of more packets than a folder should hold has a folder for each thousand.
    """
    if planned <= MOST_IN_ONE_FOLDER:
        return f"{PACKETS}/{position:04}-{packet_id}.pdf"
    digits, first = len(str(planned)), position - (position - 1) % ON_ONE_SHELF
    shelf = f"{first:0{digits}}-{first + ON_ONE_SHELF - 1:0{digits}}"
    return f"{PACKETS}/{shelf}/{position:0{digits}}-{packet_id}.pdf"


def print_run_file(number: int) -> str:
    """The print run's first file, or the one of this number where it needs several."""
    return "print-run.pdf" if number == 1 else f"print-run-{number}.pdf"


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

    def __init__(self, path: Path) -> None:
        self.path = path
        self._passing = f".{secrets.token_hex(4)}{_TEMPORARY}"  # a killed run's worker may still be at its last file
        self._waiting: list[str] = []

    # -- opening -----------------------------------------------------------------------------------

    @contextmanager
    def opened(self, *, resume: bool, overwrite: bool) -> Iterator[None]:
        """Hold the folder for one run. Raises UsageError where another run stands in it, OutputError."""
        try:
            self._check(resume=resume, overwrite=overwrite)
            self._make(self.path)
            lock = FileLock(self.path / _LOCK, timeout=0, mode=0o600)
            lock.acquire()
            self._check(resume=resume, overwrite=overwrite)  # another run may have begun meanwhile
        except Timeout:
            raise UsageError(
                "another run is writing into this folder", where=self.path, hint="Wait for it to end."
            ) from None
        except OSError as fault:
            raise _open_error(self.path, fault) from None
        try:
            if overwrite:
                self._clear()
            self._make(self.path / PACKETS)
            self._sweep()
            yield
        except OSError as fault:
            raise write_error(Path(fault.filename or self.path), fault) from None
        finally:
            with suppress(OSError):  # what cannot be removed now is removed by the next run
                self._sweep()
            lock.release()

    def _check(self, *, resume: bool, overwrite: bool) -> None:
        held = {each.name for each in self.path.iterdir()} if self.path.exists() else set()
        if any(folder.is_symlink() for folder in self._packet_folders()):
            hint = "Choose another --out."
            raise UsageError("its `packets` leads to another folder", where=self.path, hint=hint)
        if JOURNAL not in held:
            # a lock and no packets: a run that was stopped before it began
            if held - {_LOCK, PACKETS} or (PACKETS in held and any((self.path / PACKETS).iterdir())):
                hint = "Choose another --out."
                raise UsageError("this folder holds files that are no run", where=self.path, hint=hint)
            if resume:
                raise UsageError("there is no run to resume here", where=self.path, hint="Leave out --resume.")
            return
        if not resume and not overwrite:
            hint = "Finish it with --resume, or replace it with --overwrite."
            raise UsageError("a run stands in this folder already", where=self.path, hint=hint)

    @staticmethod
    def _make(path: Path) -> None:
        make_private(path)
        path.chmod(0o700)

    def _clear(self) -> None:
        for name in (MANIFEST, PROBLEMS):
            (self.path / name).unlink(missing_ok=True)
        for folder, made in ((self.path, _PRINT_RUN), *((each, _PACKET) for each in self._packet_folders())):
            for file in folder.glob("*.pdf"):
                if made.fullmatch(file.name):
                    file.unlink()
        for folder in self._packet_folders():
            with suppress(OSError):  # it holds what the run did not make, or nothing yet
                folder.rmdir()
        for file in sorted(self.path.glob(f"{JOURNAL}*"), reverse=True):
            file.unlink()  # the journal itself last: while it stands the folder is known as a run's

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
            raise write_error(self.path / name, fault) from None

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
                for _ in threads.map(_sync, map(self._temporary, self._waiting)):
                    pass
            for name in self._waiting:
                self._temporary(name).replace(self.path / name)
            for folder in sorted({self.path / each for name in self._waiting for each in Path(name).parents}):
                _sync(folder)
        except OSError as fault:
            raise write_error(Path(fault.filename or self.path), fault) from None
        self._waiting.clear()

    def _sweep(self) -> None:
        """Remove what an interrupted run left half written."""
        for folder in (self.path, *self._packet_folders()):
            for file in folder.glob(f"*{_TEMPORARY}"):
                file.unlink(missing_ok=True)

    def _packet_folders(self) -> list[Path]:
        """Where packets stand: one folder, or also folders in it."""
        packets = self.path / PACKETS
        if packets.is_symlink() or not packets.is_dir():
            return [packets]
        return [*(each for each in packets.iterdir() if _SHELF.fullmatch(each.name)), packets]


def make_private(path: Path) -> None:
    """Make a folder that only its owner can enter, whatever the umask, and those above it that are missing."""
    for folder in reversed([each for each in (path, *path.parents) if not each.exists()]):
        folder.mkdir(mode=0o700, exist_ok=True)
        folder.chmod(0o700)


def open_private(path: str, flags: int) -> int:
    """An opener for `open`: a file that only its owner can read, whatever the umask."""
    handle = os.open(path, flags, 0o600)
    if os.name != "nt":
        os.fchmod(handle, 0o600)
    return handle


def _sync(path: Path) -> None:
    if os.name == "nt" and path.is_dir():
        return  # Windows cannot sync a folder, and does not need to
    handle = os.open(path, os.O_RDONLY if os.name != "nt" else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
