"""Processes that are begun by this one."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def own_modules() -> Iterator[None]:
    """Processes begun meanwhile find the modules that this one found.

    Left to themselves they look in the current folder first, where anything may lie, and for those imported before any
    work is done nowhere else than Python's own folders, where another version may be installed.
    """
    own = {"PYTHONPATH": os.pathsep.join(str(Path(each).absolute()) for each in sys.path), "PYTHONSAFEPATH": "1"}
    before = {name: os.environ[name] for name in own if name in os.environ}
    os.environ.update(own)
    try:
        yield
    finally:
        for name in own:
            del os.environ[name]
        os.environ.update(before)
