"""Letters and digits as the ways of a pen.

A glyph is its strokes, divided by bars; a stroke is points, each a hexadecimal digit for x and one for y. The baseline
is at y = 4, small letters reach to 8, tall ones to 14, descenders to 0. A point twice is a corner.
"""

from __future__ import annotations

import numpy as np

from tests.scan.simulator.fields import Points

BASELINE, X_HEIGHT = 4.0, 4.0

SMALL = {
    "a": "04 37 58 38 15 34 56 78 76 84 a5",
    "b": "04 4b 4e 2d 25 44 66 58 57 87",
    "c": "04 57 48 27 15 34 65 85",
    "d": "04 37 58 37 15 34 57 7d 7d 75 84 a5",
    "e": "04 45 57 38 16 24 44 65",
    "f": "04 4b 4e 2d 21 30 42 34 75",
    "g": "04 37 58 38 15 34 56 78 71 50 32 a5",
    "h": "04 4b 4e 2d 24 24 47 58 66 74 95",
    "i": "04 28 28 25 34 55",
    "k": "04 4b 4e 2d 24 24 47 57 46 36 54 75",
    "l": "04 45 5b 4e 2c 26 34 65",
    "m": "04 18 14 14 37 48 54 54 77 88 94 b5",
    "n": "04 18 14 14 37 48 54 75",
    "o": "04 37 48 27 15 34 56 48 78",
    "p": "04 28 10 10 27 48 56 44 24 75",
    "r": "04 28 27 47 45 54 75",
    "s": "04 38 37 46 44 24 14 75",
    "t": "04 4c 4c 35 44 65|1a 6a",
    "u": "04 18 16 24 44 68 68 65 74 95",
    "v": "04 18 24 44 58 57 87",
    "w": "04 18 24 44 67 68 74 94 b8 b7 e7",
    "y": "04 18 16 24 44 68 67 50 30 22 95",
    "z": "04 28 47 24 43 41 20 12 84",
}
"""Joined small letters; each begins at its left on the baseline."""

CAPITAL = {
    "A": "14 4a 8e 8e 95 a4|28 58 87 b6",
    "B": "2e 24 24|0c 4e 8e 9b 69 49 79 a7 84 34 16",
    "C": "9c 8e 5e 2b 17 24 54 86",
    "D": "3e 24 14 54 97 bb 7e 3e 0c",
    "E": "8d 6e 3d 3a 69 38 16 24 54 96",
    "G": "8d 6e 3c 17 24 54 89 89 82 50 22 96",
    "H": "1d 2e 24|ae 94 94|19 59 99 c7",
    "J": "3c 7e bd 94 60 21 34 a6",
    "K": "2e 24 24|9e 5a 38 59 74 a5",
    "L": "3a 6e 5e 34 14 24 53 a5",
    "M": "14 3d 3e 54 54 9e 9e a4 c5",
    "N": "14 3d 3e 84 84 be ce",
    "P": "34 2e 2e|0b 3e 8e 9b 68 37",
    "R": "24 2e 2e|0b 4e 8e 9b 68 37 58 94 b5",
    "S": "14 6b 8e 6e 5c 78 85 54 25 17 54 b5",
    "T": "0c 3e 7d be|6d 65 44 15 36 75",
    "V": "0c 1e 44 54 9d be",
    "W": "0c 1e 34 34 6b 84 84 be ce",
}

BLOCK = {
    "A": "04 2a 2a 44|16 36",
    "B": "0a 04|0a 2a 38 07 07 37 35 04",
    "C": "4a 2a 07 24 45",
    "D": "04 0a 0a 39 47 35 04",
    "E": "3a 0a 0a 04 04 34|07 27",
    "F": "3a 0a 0a 04|07 27",
    "G": "49 2a 07 24 44 47 47 27",
    "H": "0a 04|3a 34|07 37",
    "J": "3a 35 14 05",
    "K": "0a 04|3a 07 07 34",
    "L": "0a 04 04 34",
    "M": "04 0a 0a 26 26 4a 4a 44",
    "N": "04 0a 0a 34 34 3a",
    "O": "2a 07 24 47 2a 1a",
    "P": "04 0a 0a 2a 38 07 07",
    "R": "04 0a 2a 38 07 07 34",
    "S": "3a 1a 08 36 24 05",
    "T": "0a 4a|2a 24",
    "U": "0a 06 24 36 3a",
    "V": "0a 24 24 4a",
    "W": "0a 14 14 28 28 34 34 4a",
    "Y": "0a 27 27 4a|27 24",
    "0": "2a 08 06 24 46 48 2a 1a",
    "1": "18 2a 2a 24",
    "2": "08 1a 3a 38 26 04 04 44",
    "3": "09 2a 49 27 27 46 24 05",
    "4": "2a 06 06 46|38 33",
    "5": "4a 1a 1a 17 17 37 45 24 04",
    "6": "3a 17 05 24 45 37 16",
    "7": "0a 4a 4a 14",
    "8": "39 1a 08 27 45 24 05 27 48 39",
    "9": "48 2a 08 27 48 48 34",
    "/": "03 3b",
    ":": "08 08|05 05",
    "-": "07 27",
    ".": "04 04",
    " ": "",
}
"""Printed capitals and digits, from 4 to 10 high."""


def ways(glyph: str) -> list[Points]:
    """The strokes of a glyph."""
    return [
        np.array([[int(each[0], 16), int(each[1], 16)] for each in stroke.split()], np.float64)
        for stroke in glyph.split("|")
        if stroke
    ]
