"""What is to be filled in on a page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

Picture: TypeAlias = NDArray[np.uint8]
Points: TypeAlias = NDArray[np.float64]
"""x and y of each point, in points from the page's lower left corner."""

Box: TypeAlias = tuple[float, float, float, float]
"""Left, bottom, right, top, in points from the page's lower left corner."""

Kind: TypeAlias = Literal["signature", "initials", "date", "time", "tick"]

MM = 72 / 25.4


@dataclass(frozen=True, slots=True)
class Field:
    """A place to fill in.

    page: from 1 within the packet. box: of a signature, a date and a time the bottom is the line to write on, its label
    below; of initials and a tick it is the drawn outline.
    """

    kind: Kind
    page: int
    box: Box
