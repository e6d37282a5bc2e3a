"""How printers, scanners and days at the desk differ, good ones and bad ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

import numpy as np
from numpy.random import Generator

from tests.scan.simulator import damage, ink, machines, trouble
from tests.scan.simulator.fields import MM, Box, Picture
from tests.scan.simulator.machines import Mode, Printer, Scanner

Grade: TypeAlias = Literal["clean", "bad"]

_HARDSHIPS = {
    "faint toner": 2, "fold": 2, "fold across a signature": 2, "staple": 2, "punched": 2, "coffee": 2,
    "corner lost": 2, "scribble over a code": 2, "copied twice": 4, "streaks": 2, "show-through": 2,
    "strong skew": 3, "uneven light": 2, "strong JPEG": 2, "blur": 2, "dark surround": 2, "on its side": 1,
    "dirt": 2, "poor threshold": 2, "much noise": 1,
}  # fmt: skip
"""What may happen to a page of grade "bad", and how often each."""

_MODES: tuple[Mode, Mode, Mode] = ("bitonal", "gray", "colour")

DAMAGES = tuple(_HARDSHIPS)


def drawn_printer(random: Generator) -> Printer:
    """A printer: mostly true to size or "fit to page", now and then anything from 92 to 102 %."""
    about = random.choice([1.0, 0.97, 0.94, random.uniform(0.92, 1.02)], p=[0.35, 0.2, 0.1, 0.35])
    scale_x, scale_y = np.clip(about * random.normal(1, 0.0015, 2), 0.92, 1.02).tolist()
    shift_x, shift_y = np.clip(random.normal(0, 1.2, 2), -3, 3).tolist()
    return Printer(scale_x, scale_y, shift_x, shift_y, float(np.clip(random.normal(0, 0.15), -0.5, 0.5)))


def drawn_scanner(grade: Grade, dpi: int | None, mode: Mode | None, random: Generator) -> Scanner:
    """A scanner on a good day: up to 3° askew, now and then upside down. dpi, mode: drawn when None."""
    drawn_dpi = int(random.choice([150, 200, 300, 600], p=[0.15, 0.5, 0.32, 0.03]))
    drawn_mode = _MODES[int(random.choice(3, p=[0.4, 0.4, 0.2]))]
    quality = int(random.integers(60, 91))
    skew = float(np.clip(random.normal(0, 1.1) if random.random() < 0.6 else random.uniform(-3, 3), -3, 3))
    overscan = float(random.choice([0.0, random.uniform(0, 6)], p=[0.6, 0.4]))
    return Scanner(
        dpi=dpi or drawn_dpi, mode=mode or drawn_mode, skew=skew, overscan=overscan,
        shift_x=float(np.clip(random.normal(0, 0.7), -2, 2)), shift_y=float(np.clip(random.normal(0, 1), -3, 3)),
        turn=180 if random.random() < 0.12 else 0,
        backing=int(random.choice([255, 235, 60])), blur=random.uniform(0.02, 0.06),
        noise=random.uniform(0.8, 4), fibres=random.uniform(0.3, 2), uneven=random.uniform(0, 0.06),
        black=int(random.integers(0, 35)), white=int(random.integers(225, 252)),
        sharpen=float(random.choice([0.0, random.uniform(0.2, 0.8)])), specks=int(random.integers(0, 40)),
        streaks=0, jpeg=None if (mode or drawn_mode) == "bitonal" else quality,
        threshold=int(random.integers(-15, 25)),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Hardship:
    """What happens to a page. lines: heights of its signature lines. corner: of the code that suffers."""

    names: tuple[str, ...]
    size: tuple[float, float] = (612.0, 792.0)
    lines: tuple[float, ...] = ()
    corner: damage.Corner = "top right"

    def before_pen(self, sheet: Picture, dpi: int, random: Generator) -> Picture:
        """In the printer. The sheet itself is left as it is."""
        return damage.faint(sheet, random.uniform(0.5, 0.8), random) if "faint toner" in self.names else sheet

    def after_pen(self, picture: Picture, reverse: Picture, dpi: int, random: Generator) -> Picture:
        """On the desk. reverse: the sheet's other side, gray."""
        if "scribble over a code" in self.names:
            ink.draw(picture, trouble.scribble(damage.code_box(self.size, self.corner), random), dpi)
        if "show-through" in self.names:
            picture = damage.show_through(picture, reverse, random.uniform(0.05, 0.2))
        folded_first = random.random() < 0.5
        if folded_first:
            self._fold(picture, dpi, random)
        if "copied twice" in self.names:
            picture = machines.copied(machines.copied(picture, dpi, random), dpi, random)
        if not folded_first:
            self._fold(picture, dpi, random)
        if "coffee" in self.names:
            damage.coffee(picture, dpi, random)
        if "punched" in self.names:
            damage.punch(picture, dpi, int(random.integers(2, 4)), random)
        if "staple" in self.names:
            damage.staple(picture, dpi, random, pulled=random.random() < 0.5)
        if "corner lost" in self.names:
            damage.lose_corner(picture, dpi, self.corner, random.uniform(20, 45), random.random() < 0.5, random)
        return picture

    def _fold(self, picture: Picture, dpi: int, random: Generator) -> None:
        height = self.size[1]
        places = []
        if "fold across a signature" in self.names and self.lines:
            places.append(random.choice(self.lines) + random.uniform(-1, 7) * MM)
        elif "fold" in self.names or "fold across a signature" in self.names:
            places += [[height / 2], [height / 3, height * 2 / 3]][int(random.integers(0, 2))]
        for at in places:
            slope, dark = random.normal(0, 0.008), random.uniform(0.25, 0.85)
            damage.fold(picture, dpi, at + random.normal(0, 2) * MM, slope, dark, random)

    def while_scanned(self, scanner: Scanner, random: Generator) -> Scanner:
        """On the glass."""
        for name in self.names:
            match name:
                case "strong skew":
                    scanner = replace(scanner, skew=float(random.uniform(3, 5) * random.choice([-1, 1])), overscan=6.0)
                case "streaks":
                    scanner = replace(scanner, streaks=int(random.integers(1, 6)))
                case "uneven light":
                    scanner = replace(scanner, uneven=random.uniform(0.12, 0.35))
                case "strong JPEG":
                    scanner = replace(scanner, jpeg=int(random.integers(25, 50)))
                case "blur":
                    scanner = replace(scanner, blur=random.uniform(0.09, 0.15))
                case "dark surround":
                    scanner = replace(scanner, backing=int(random.integers(0, 60)), overscan=random.uniform(3, 12))
                case "on its side":
                    scanner = replace(scanner, turn=int(random.choice([90, 270])))
                case "dirt":
                    scanner = replace(scanner, specks=int(random.integers(150, 900)))
                case "poor threshold":
                    scanner = replace(scanner, threshold=int(random.choice([-40, -30, 30, 40])))
                case "much noise":
                    scanner = replace(scanner, noise=random.uniform(7, 14), fibres=random.uniform(2, 6))
        return scanner


def drawn_hardship(grade: Grade, signatures: Sequence[Box], size: tuple[float, float], random: Generator) -> Hardship:
    """What happens to a page: nothing on a good day, two to five things on a bad one, at one code's corner at most."""
    if grade == "clean":
        return Hardship((), size, tuple(box[1] for box in signatures))
    shares = np.array(list(_HARDSHIPS.values())) / sum(_HARDSHIPS.values())
    names = random.choice(list(_HARDSHIPS), int(random.integers(2, 6)), replace=False, p=shares)
    corner = damage.CODE_CORNERS[int(random.integers(0, 2))]
    return Hardship(tuple(sorted(map(str, names))), size, tuple(box[1] for box in signatures), corner)
