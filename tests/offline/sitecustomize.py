"""No network: Python runs this file first where its folder is in PYTHONPATH, so tests and all Pythons they start obey.

Nor the extra `ocr` where WITHOUT_LETTERS is set, as on most machines: it takes seconds for each page it is asked about.

An audit hook sees every socket of Python, also those of libraries, and nothing can take it away again. Sockets within
the machine's own file system (AF_UNIX) stay: processes of one program talk by them.
"""

from __future__ import annotations

import os
import socket
import sys

_ABROAD = frozenset(
    {"socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo", "socket.gethostbyname",
     "socket.gethostbyaddr", "socket.getnameinfo"}
)  # fmt: skip


class NetworkRefused(BaseException):
    """Something asked for the network. No `except Exception` can hide it."""


def _refuse(event: str, arguments: tuple[object, ...]) -> None:
    if event not in _ABROAD:
        return
    asked = arguments[0] if arguments else None
    if isinstance(asked, socket.socket) and asked.family == getattr(socket, "AF_UNIX", None):
        return
    raise NetworkRefused(event)


sys.addaudithook(_refuse)
if "WITHOUT_LETTERS" in os.environ:
    sys.modules["rapidocr"] = None  # type: ignore[assignment]  # so Python is told that there is none
