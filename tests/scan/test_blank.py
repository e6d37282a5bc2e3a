"""Which sides of sheets are called blank: they may be dropped, so nothing that someone wrote may be."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from handouts.scan.pictures import Picture, gray, is_blank
from tests.scan.paper import DPI, empty, foreign
from tests.scan.simulator.ink import draw
from tests.scan.simulator.pen import write


def askew(page: Picture, degrees: float, surround: int) -> Picture:
    """The page as a scanner takes it that sees this gray beside the sheet."""
    height, width = page.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    return gray(cv2.warpAffine(page, turn, (width, height), borderValue=(surround,)))


def written(kind: str, x: float, y: float) -> Picture:
    """A side with one thing written on it by hand. x, y: of the field's lower left, in points."""
    page = empty().copy()
    box = (x, y, x + (150 if kind == "signature" else 40), y + 25)
    draw(page, write("signature" if kind == "signature" else "initials", box, np.random.default_rng(5)).strokes, DPI)
    return page


@pytest.mark.parametrize("degrees", [-5, -3, 0, 1.5, 5])
@pytest.mark.parametrize("surround", [0, 60, 235], ids=["black", "dark", "light"])
def test_a_blank_side_is_blank_however_it_lay_on_the_scanner(degrees: float, surround: int) -> None:
    assert is_blank(askew(empty(), degrees, surround))


@pytest.mark.parametrize("degrees", [-5, 0, 2])
@pytest.mark.parametrize("kind", ["signature", "initials"])
@pytest.mark.parametrize(("x", "y"), [(300, 400), (36, 40), (420, 740)], ids=["middle", "lower left", "upper right"])
def test_a_side_that_someone_wrote_on_is_not(degrees: float, kind: str, x: float, y: float) -> None:
    assert not is_blank(askew(written(kind, x, y), degrees, 0))


@pytest.mark.parametrize("tone", [0, 100])
def test_a_photograph_without_a_margin_is_not(tone: int) -> None:
    photograph = np.full_like(empty(), tone)
    photograph[400:900, 300:900] = 200
    assert not is_blank(photograph)
    assert not is_blank(askew(foreign(), 3, tone))


def test_a_side_that_the_scanner_saw_nothing_of_is_not() -> None:
    assert not is_blank(np.zeros_like(empty()))
