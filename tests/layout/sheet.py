"""A line of text alone on a page, pressed; and the same line drawn without the program, by HarfBuzz and FreeType."""

from __future__ import annotations

from collections.abc import Sequence
from math import floor
from pathlib import Path

import freetype
import pypdfium2
import uharfbuzz as hb
from PIL import Image, ImageChops

from handouts.layout.bidi import RIGHT_TO_LEFT
from handouts.layout.lines import lines_of
from handouts.layout.pen import number, paint_lines
from handouts.layout.skeleton import fonts_in
from handouts.layout.style import Style
from handouts.layout.text import Line, no_values, words_of
from handouts.library.document import Text
from handouts.press.objects import HEADER, Objects, cross_reference, stream
from handouts.press.resources import font

SIZE = 64
"""Pixels an em; as many points, drawn at 72 dots an inch."""
SPACE = 260
"""Between two words of any script stands Noto Sans's space, in 1/1000 em."""
STRAIGHT = freetype.Matrix(0x10000, 0, 0, 0x10000)
MARGIN, HEIGHT, BASE = 40, 170, 70


def line_of(text: str, style: Style) -> Line:
    """`text` on one line."""
    (line,) = lines_of(words_of((Text(text),), style, no_values), style, 1e6)
    return line


def page(painted: Sequence[bytes], size: tuple[float, float]) -> bytes:
    """A PDF of one page that paints these operators."""
    objects, written = Objects(len(HEADER)), [HEADER]

    def add(made: tuple[int, bytes]) -> int:
        written.append(made[1])
        return made[0]

    fonts = {name: add(font(objects, name)) for name in sorted(fonts_in(painted))}
    content = add(objects.write(stream(b"\n".join(painted))))
    named = b"".join(b"/%s %d 0 R" % (name.encode(), each) for name, each in fonts.items())
    tree = objects.reserve()
    leaf = add(
        objects.write(
            b"<</Type/Page/Parent %d 0 R/MediaBox[0 0 %s %s]/Resources<</Font<<%s>>>>/Contents %d 0 R>>"
            % (tree, number(size[0]), number(size[1]), named, content)
        )
    )
    add(objects.write(b"<</Type/Pages/Count 1/Kids[%d 0 R]>>" % leaf, tree))
    info = add(objects.write(b"<<>>"))
    root = add(objects.write(b"<</Type/Catalog/Pages %d 0 R>>" % tree))
    body, id_ = b"".join(written), b"0" * 32
    return body + cross_reference(objects.entries(), root, info, id_, len(body))


def pressed(text: str, width: int, *, bold: bool) -> Image.Image:
    """The program's picture of a line."""
    style = Style(SIZE, SIZE, bold=bold, direction="rtl" if RIGHT_TO_LEFT.search(text) else "ltr")
    painted = paint_lines([line_of(text, style)], style, MARGIN, 0)
    shifted = b"q 1 0 0 1 0 %d cm\n%s\nQ" % (BASE + round(_drop(painted)), painted)
    document = pypdfium2.PdfDocument(page([shifted], (width, HEIGHT)))
    picture: Image.Image = document[0].render(scale=1).to_pil().convert("L")
    return picture


def _drop(painted: bytes) -> float:
    """How far below zero the baseline is."""
    return -float(painted.split(b" Tm")[0].split()[-1])


def drawn(text: str, file: Path, width: int, features: dict[str, bool] | None = None) -> Image.Image:
    """The same by HarfBuzz and FreeType, from the whole font file."""
    shaper = hb.Font(hb.Face(hb.Blob.from_file_path(str(file))))
    buffer = hb.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    hb.shape(shaper, buffer, features or {})
    face = freetype.Face(str(file))
    em = shaper.face.upem
    face.set_char_size(SIZE * 64)
    picture = Image.new("L", (width, HEIGHT), 0)
    pen = 0.0
    for info, position in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        x = MARGIN + (pen + position.x_offset) * SIZE / em
        y = position.y_offset * SIZE / em
        left, up = floor(x), floor(y)
        face.set_transform(STRAIGHT, freetype.Vector(round((x - left) * 64), round((y - up) * 64)))
        face.load_glyph(info.codepoint, freetype.FT_LOAD_RENDER | freetype.FT_LOAD_NO_HINTING)
        glyph, bitmap = face.glyph, face.glyph.bitmap
        if bitmap.width:
            ink = Image.frombytes("L", (bitmap.width, bitmap.rows), bytes(bitmap.buffer))
            at = left + glyph.bitmap_left, HEIGHT - BASE - up - glyph.bitmap_top
            under = picture.crop((*at, at[0] + ink.width, at[1] + ink.height))
            picture.paste(ImageChops.lighter(under, ink), at)
        pen += SPACE if text[info.cluster] == " " else position.x_advance
    return ImageChops.invert(picture)


def difference(one: Image.Image, other: Image.Image) -> float:
    """The share of pixels that clearly differ, of those in the box around all ink."""
    box = ImageChops.darker(one, other).point(lambda value: 255 - value).getbbox()
    assert box, "both are blank"
    differs = ImageChops.difference(one, other).crop(box).point(lambda value: 255 * (value > DIFFERS))
    return differs.histogram()[255] / (differs.width * differs.height)


DIFFERS = 64
"""Of 255: more than two ways of smoothing an edge differ by."""
