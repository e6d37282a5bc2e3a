"""Drawings and icon arrays, each with its words below it, as blocks that never break."""

from __future__ import annotations

from handouts.errors import LayoutError
from handouts.layout import style as s
from handouts.layout.atoms import Atom, Piece, moved
from handouts.layout.blocks import Setting, whole_text
from handouts.layout.icons import icon_array
from handouts.layout.pen import number
from handouts.layout.svg import LARGEST_FILE, read_svg
from handouts.layout.tags import Tag, figure, told
from handouts.layout.xobject import XObject
from handouts.library.document import IconArray, Inlines, Picture

CAPTION_GAP = 6.0
ARRAY_WIDTH = 32.0
"""Of an icon array, in sizes of the body text, where the column is that wide: large print has larger marks."""


def set_picture(picture: Picture, setting: Setting) -> list[Atom]:
    """A drawing in the middle of the column, and the words below it."""
    named = f"the picture {picture.name}.svg"
    try:
        if picture.file.stat().st_size > LARGEST_FILE:
            raise LayoutError("is larger than 5 MB", hint="Save it smaller.")
        drawing = read_svg(picture.file.read_bytes())
    except OSError as fault:
        raise LayoutError(f"{named} cannot be read: {fault.strerror}") from None
    except LayoutError as fault:
        raise LayoutError(f"{named} {fault.what}", hint=fault.hint) from None
    high = picture.height * s.MM
    if high * drawing.ratio > setting.width:
        most = int(setting.width / drawing.ratio / s.MM)
        raise LayoutError(f"{named} is wider than the text", hint=f"It can be {most} mm tall at most.")
    left = (setting.width - high * drawing.ratio) / 2
    return [_captioned(drawing, high, left, picture.caption, setting)]


def set_icon_array(array: IconArray, setting: Setting) -> list[Atom]:
    """A risk as marks, and the words below it."""
    drawing = icon_array(array.icon, array.affected, array.of)
    wide = min(setting.width, ARRAY_WIDTH * setting.text.body.size)
    return [_captioned(drawing, wide / drawing.ratio, 0.0, array.caption, setting)]


def _captioned(drawing: XObject, high: float, left: float, content: Inlines, setting: Setting) -> Atom:
    """A drawing `high` points tall, `left` points into the column; the words below tell what it shows, also aloud."""
    wide = high * drawing.ratio
    shows = figure(told(content))
    paint = b"q %s 0 0 %s 0 %s cm /%s Do Q" % (number(wide), number(high), number(-high), drawing.name.encode())
    caption = whole_text(content, setting.text.body, setting, (*shows, Tag("Caption")))
    down = high + CAPTION_GAP
    pieces = (Piece(shows, paint, wide, left), *moved(caption.pieces, 0, -down))
    return Atom(down + caption.height, pieces, picture=drawing)
