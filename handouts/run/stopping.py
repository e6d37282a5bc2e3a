"""Ctrl-C and SIGTERM: noted, and obeyed between two packets."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Stopped(KeyboardInterrupt):
    """The run was asked to stop, and no packet is in hand."""


class Stop:
    """Whether the run was asked to stop.

    An exception from a signal handler is lost where the signal falls into a library's callback, and may leave a
    packet half done. So while packets are made a first signal is only noted. A second one ends the run at once.
    """

    def __init__(self) -> None:
        self.asked = False
        self._gently = False

    @contextmanager
    def heeded(self) -> Iterator[None]:
        """Note the signals from here on. Raises KeyboardInterrupt where one comes while no packet is in hand."""
        if threading.current_thread() is not threading.main_thread():
            yield  # only the main thread may say what a signal does
            return
        before = {number: signal.signal(number, self._on_signal) for number in _SIGNALS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    @contextmanager
    def between_packets(self) -> Iterator[None]:
        """Within, whoever makes packets asks `check` after each of them."""
        self._gently = True
        try:
            self.check()
            yield
        finally:
            self._gently = False

    def check(self) -> None:
        """Raises Stopped where the run was asked to stop."""
        if self.asked:
            raise Stopped

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        again, self.asked = self.asked, True
        if again or not self._gently:
            raise KeyboardInterrupt
