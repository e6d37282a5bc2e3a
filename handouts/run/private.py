"""Files and folders that only their owner can read, whatever the umask; and made durable."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path


def make_private(path: Path) -> None:
    """Make a folder for its owner alone, and those above it that are missing; their names are on the disk then."""
    for folder in reversed([each for each in (path, *path.parents) if not each.exists()]):
        folder.mkdir(mode=0o700, exist_ok=True)
        folder.chmod(0o700)
        with suppress(PermissionError):  # one may be allowed to add to a folder, and not to open it
            synced(folder.parent)


def open_private(path: str, flags: int) -> int:
    """An opener for `open`: the file is its owner's alone."""
    handle = os.open(path, flags, 0o600)
    if os.name != "nt":
        os.fchmod(handle, 0o600)
    return handle


def synced(path: Path) -> None:
    """Wait until a file, or a folder's list of files, is on the disk."""
    if os.name == "nt" and path.is_dir():
        return  # Windows cannot sync a folder, and does not need to
    handle = os.open(path, os.O_RDONLY if os.name != "nt" else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
