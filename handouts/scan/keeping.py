"""A scanned file copied to where it is kept, before anything else is done with it."""

from __future__ import annotations

import hashlib
import os
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from handouts.run.folder import RunFolder

ORIGINALS = "originals"
_PIECE = 1 << 20
_LARGEST = 4 << 30
"""Bytes: a thousand pages in colour at 600 dots per inch."""
_SETTLED = 1.0
"""Seconds for which a file must have been left alone: scanners and networks write slowly."""


class NotTaken(Exception):
    """A file that is not taken in. The text says why, for people."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A file's copy. name: within the folder, not there before the next checkpoint."""

    sha256: str
    name: str


def keep(file: Path, folder: RunFolder) -> Kept:
    """Copy a file into a folder, named by its digest. Raises NotTaken, OutputError."""
    with _opened(file) as source:
        before = os.fstat(source.fileno())
        if before.st_size > _LARGEST:
            raise NotTaken("it is larger than any scan; scan the paper in several files")
        if (age := time.time() - before.st_mtime) < _SETTLED:
            time.sleep(min(_SETTLED, _SETTLED - age))
        sha256 = _digest(source)
        name = f"{ORIGINALS}/{sha256[:32]}{_ending(file)}"
        source.seek(0)
        with folder.writing(name) as out:
            for piece in _pieces(source):
                out.write(piece)
        after = os.fstat(source.fileno())
        if out.sha256 != sha256 or (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
            folder.forget(name)
            raise NotTaken("it is still being written; read it again when the scanner is done")
    return Kept(sha256, name)


@contextmanager
def _opened(file: Path) -> Iterator[BinaryIO]:
    try:
        handle = os.open(file, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0))
    except OSError as fault:
        raise NotTaken(_unopened(file, fault)) from None
    try:
        mode = os.fstat(handle).st_mode
        if not stat.S_ISREG(mode):
            raise NotTaken(_no_file(mode))
        with open(handle, "rb", closefd=False) as source:
            yield source
    finally:
        os.close(handle)


def _digest(source: BinaryIO) -> str:
    digest = hashlib.sha256()
    for piece in _pieces(source):
        digest.update(piece)
    return digest.hexdigest()


def _pieces(source: BinaryIO) -> Iterator[bytes]:
    try:
        while piece := source.read(_PIECE):
            yield piece
    except OSError as fault:
        raise NotTaken(f"it cannot be read to its end: {fault.strerror}; copy it to this machine first") from None


def _ending(file: Path) -> str:
    ending = file.suffix.lower()
    return ending if ending in {".pdf", ".tif", ".tiff", ".jpg", ".jpeg", ".png"} else ".scan"


def _unopened(file: Path, fault: OSError) -> str:
    if os.path.islink(file):  # noqa: PTH114 - Path.is_symlink raises where a name is too long
        return "it is a link; name the file that it leads to"
    if os.path.isdir(file):  # noqa: PTH112 - likewise
        return "it is a folder; name the files in it"
    return f"it cannot be opened: {fault.strerror}; check its name and its permissions"


def _no_file(mode: int) -> str:
    if stat.S_ISDIR(mode):
        return "it is a folder; name the files in it"
    return "it is no file but a pipe or a device; name the file that the scanner wrote"
