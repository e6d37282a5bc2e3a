"""A crash must not write this process's memory, which holds patients' values, to a file."""

from __future__ import annotations

import sys


def no_core_dumps() -> None:
    """Let the system keep no core of this process and of those it starts. Windows writes none by itself."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
