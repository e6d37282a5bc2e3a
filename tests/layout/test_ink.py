"""What a laser printer makes of the pages: pure black text, and a colour that stays dark in gray."""

from __future__ import annotations

import io
import re

import pikepdf
import pypdfium2
import pytest

from handouts.layout.composition import Copy
from handouts.layout.packet import PacketLayout
from handouts.layout.style import HAIRLINE, INK, LARGE, NORMAL, TINT, Typography
from tests.press.making import MARK, facts, file_of, furniture, identifier, layout, logo, shipped_form, values_of


def luminance(colour: bytes) -> float:
    """Relative luminance of an sRGB colour given as operands (WCAG 2, definition of relative luminance)."""
    parts = [float(part) for part in re.findall(rb"[\d.]+", colour)][:3]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: float, other: float) -> float:
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)


def test_the_colour_is_dark_and_the_tint_is_light_on_a_gray_printer() -> None:
    assert contrast(luminance(INK), 1.0) > 7
    assert contrast(luminance(INK), luminance(TINT)) > 7
    assert contrast(0.0, luminance(TINT)) > 15
    assert 0 < luminance(INK) < 0.08


@pytest.mark.parametrize("text", [NORMAL, LARGE], ids=["normal", "large"])
def test_body_text_is_one_black_ink(text: Typography) -> None:
    """Seen as pixels at 300 dots an inch: what is darkest is black without any colour, and text is full of it."""
    using = PacketLayout([Copy(shipped_form("withdrawal"), MARK)], furniture(text=text))
    file = file_of(using.press(values_of(facts()), identifier("x")))
    with pypdfium2.PdfDocument(file) as document:
        page = document[0].render(scale=300 / 72).to_pil().convert("RGB")
    line = page.crop((int(92 / 72 * 300), int(100 / 72 * 300), int(500 / 72 * 300), int(700 / 72 * 300)))
    colours = {colour: count for count, colour in line.getcolors(1 << 24)}
    assert colours[0, 0, 0] > 10_000
    gray = {colour for colour in colours if max(colour) - min(colour) == 0}
    assert (0, 0, 0) in gray


def test_black_is_told_as_gray_not_as_a_mix_of_colours() -> None:
    using = layout([shipped_form("handout")], picture=logo())
    file = file_of(using.press(values_of(facts()), identifier("x")), logo())
    with pikepdf.open(io.BytesIO(file)) as document:
        content = b"\n".join(part.read_bytes() for page in document.pages for part in page.obj.Contents)
    colours = set(re.findall(rb"([\d.]+ [\d.]+ [\d.]+) (?:rg|RG)\b", content))
    assert colours == {INK, TINT.removesuffix(b" rg")}
    assert not re.search(rb"[\d.]+ [\d.]+ [\d.]+ [\d.]+ [kK]\b", content)
    assert HAIRLINE.endswith(b" G")
