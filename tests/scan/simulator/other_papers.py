"""Papers of others that lie between: letters, invoices, notes, some with a code of their own."""

from __future__ import annotations

import io
from functools import lru_cache

import numpy as np
import segno
from numpy.random import Generator
from PIL import Image, ImageDraw, ImageFont

from tests.run.making import ROOT
from tests.scan.simulator import ink
from tests.scan.simulator.fields import MM, Picture
from tests.scan.simulator.hands import hand
from tests.scan.simulator.pen import write

_FONTS = ROOT / "handouts" / "fonts"
_SYLLABLES = "ba lo mi ren tas ver il cor dun pel sa ti mon er an gel hof wick ton ley mar sted ou".split()
_CODES = (
    "https://shop.example/pay/{}",
    "WIFI:T:WPA;S:Guest{};;",
    "INV-{}",
    "BCD\n002\n1\nSCT\n\nExample {}\n\nEUR9.50",
)
KINDS = ("letter", "invoice", "note", "table", "coded label")


def other_paper(page: tuple[float, float], dpi: int, random: Generator) -> tuple[str, Picture]:
    """Which of `KINDS` it is, and a gray picture of it. page: width and height in points."""
    kind = str(random.choice(KINDS))
    size = (round(page[0] * dpi / 72), round(page[1] * dpi / 72))
    sheet = Image.new("L", size, 255)
    pen = ImageDraw.Draw(sheet)
    unit = dpi / 72
    if kind != "note":
        _heading(pen, size, unit, random)
    match kind:
        case "letter":
            _paragraphs(pen, size, unit, random, int(random.integers(3, 8)))
        case "invoice" | "table":
            _table(pen, size, unit, random)
        case "coded label":
            _paragraphs(pen, size, unit, random, 1)
    if kind in ("invoice", "coded label") or random.random() < 0.2:
        code = _code(random)
        side = round(random.uniform(15, 45) * MM * unit)
        place = (int(random.integers(0, size[0] - side)), int(random.integers(0, size[1] - side)))
        sheet.paste(code.resize((side, side), Image.Resampling.NEAREST), place)
    picture = np.array(sheet)
    if kind in ("note", "letter"):
        writer = hand(random)
        for line in range(1 if kind == "letter" else int(random.integers(2, 9))):
            y = page[1] * 0.3 + line * 30 if kind == "note" else page[1] * 0.15
            ink.draw(picture, write("signature", (60, y, 330, y + 30), random, writer, "full").strokes, dpi)
    return kind, picture


def _words(random: Generator, count: int) -> str:
    return " ".join("".join(random.choice(_SYLLABLES, int(random.integers(1, 4)))) for _ in range(count))


@lru_cache(maxsize=16)
def _font(size: int, bold: bool) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(_FONTS / f"NotoSans-{'Bold' if bold else 'Regular'}.ttf", size)


def _heading(pen: ImageDraw.ImageDraw, size: tuple[int, int], unit: float, random: Generator) -> None:
    pen.text((60 * unit, 50 * unit), _words(random, 2).title(), 20, _font(round(18 * unit), True))
    pen.text((60 * unit, 76 * unit), _words(random, 6), 60, _font(round(9 * unit), False))
    if random.random() < 0.5:
        pen.rectangle((size[0] - 140 * unit, 45 * unit, size[0] - 60 * unit, 85 * unit), int(random.integers(40, 200)))


def _paragraphs(pen: ImageDraw.ImageDraw, size: tuple[int, int], unit: float, random: Generator, count: int) -> None:
    font = _font(round(11 * unit), False)
    y = 140 * unit
    for _ in range(count):
        for _ in range(int(random.integers(2, 7))):
            pen.text((60 * unit, y), _words(random, 9), 15, font)
            y += 15 * unit
        y += 10 * unit


def _table(pen: ImageDraw.ImageDraw, size: tuple[int, int], unit: float, random: Generator) -> None:
    font = _font(round(10 * unit), False)
    rows = int(random.integers(4, 18))
    for row in range(rows + 1):
        y = (150 + row * 22) * unit
        pen.line((60 * unit, y, size[0] - 60 * unit, y), 0, max(round(0.7 * unit), 1))
        if row < rows:
            pen.text((66 * unit, y + 4 * unit), _words(random, 3), 10, font)
            pen.text((size[0] - 120 * unit, y + 4 * unit), f"{random.uniform(3, 900):.2f}", 10, font)
    if random.random() < 0.6:
        for x in (60 * unit, size[0] - 130 * unit, size[0] - 60 * unit):
            pen.line((x, 150 * unit, x, y), 0, max(round(0.7 * unit), 1))


def _code(random: Generator) -> Image.Image:
    text = str(random.choice(_CODES)).format(random.integers(10**6))
    stored = io.BytesIO()
    segno.make(text, error=str(random.choice(["L", "M", "Q"])), micro=False).save(stored, kind="png", border=2)
    return Image.open(stored).convert("L")


def blank(page: tuple[float, float], dpi: int) -> Picture:
    """Nothing, as on the back of a sheet."""
    return np.full((round(page[1] * dpi / 72), round(page[0] * dpi / 72)), 255, np.uint8)
