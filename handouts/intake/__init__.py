"""Intake: appointment lists of any format become checked appointments and problems."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from handouts.model import Clinic, Intake

__all__ = ["read_lists"]


def read_lists(paths: Sequence[Path], clinic: Clinic) -> Intake:
    """Read every list and say, of every row, whether it is an appointment or what is wrong with it.

    The good appointments come in the order of the lists; the problems of all rows come at once.

    Raises:
        ListError: a list as a whole cannot be read, or no row of any list can.

    """
    from handouts.intake.lists import read

    return read(paths, clinic)
