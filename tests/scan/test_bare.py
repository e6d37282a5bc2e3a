"""Pages of PDFs that are one picture are read pixel by pixel; what is read is always what the page shows."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pikepdf
import pypdfium2
import pytest
from pikepdf import Array, Dictionary, Name
from PIL import Image, ImageDraw

from handouts.scan.bare import pixels
from handouts.scan.files import opened
from handouts.scan.pictures import Picture

WIDTH, HEIGHT = 425, 550
"""Pixels, of a page of 8.5 by 11 inches: 50 dots per inch, times SCALE."""
SCALE = 3


def picture(mode: str) -> Image.Image:
    """Something dark in one corner, and different colours below it."""
    image = Image.new("RGB", (WIDTH * SCALE, HEIGHT * SCALE), "white")
    draw = ImageDraw.Draw(image)
    draw.rectangle((60, 60, 500, 300), fill="black")
    for number, colour in enumerate(("red", "green", "blue", "yellow", "gray")):
        draw.rectangle((60, 600 + 150 * number, 600, 700 + 150 * number), fill=colour)
    return image.convert(mode, dither=Image.Dither.NONE) if mode == "1" else image.convert(mode)


def scan(mode: str = "L", kind: str = "JPEG") -> pikepdf.Pdf:
    """A page as scanners write it."""
    stored = io.BytesIO()
    image = picture(mode)
    image.save(stored, "PDF", resolution=50 * SCALE)
    made = pikepdf.open(stored)
    (only,) = made.pages[0].resources.XObject.values()
    if kind == "raw":
        only.write(image.tobytes())
    return made


def only_picture(made: pikepdf.Pdf) -> pikepdf.Object:
    (found,) = made.pages[0].resources.XObject.values()
    return found


def content(made: pikepdf.Pdf, change: Callable[[bytes], bytes]) -> None:
    page = made.pages[0]
    page.contents_coalesce()
    page.Contents.write(change(page.Contents.read_bytes()))


def look(made: pikepdf.Pdf, folder: Path) -> tuple[Picture | None, Picture, Picture]:
    """The pixels taken as they are, the page as it was read, and as PDFium draws it."""
    file = folder / "page.pdf"
    made.save(file)
    document = pypdfium2.PdfDocument(file)
    with pikepdf.open(file) as same:
        taken = pixels(document[0], same.pages[0])
    with opened(file) as stack:
        read = stack.sheet(0).picture
    width, _ = document[0].get_size()
    drawn = document[0].render(scale=read.shape[1] / width, grayscale=True).to_numpy()[: len(read), : read.shape[1]]
    document.close()
    return taken, read, np.asarray(drawn, np.uint8)


def off(one: Picture, other: Picture) -> float:
    assert one.shape == other.shape
    return float(np.abs(one.astype(int) - other).mean())


# -- one picture -----------------------------------------------------------------------------------


def turned(by: int) -> pikepdf.Pdf:
    made = scan()
    made.pages[0].Rotate = by
    return made


def inverted() -> pikepdf.Pdf:
    made = scan("L", "raw")
    only_picture(made).Decode = Array([1, 0])
    return made


def searchable() -> pikepdf.Pdf:
    """With a layer of letters that are not shown, as scanners that recognise letters make it."""
    made = scan()
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    made.pages[0].Resources.Font = Dictionary(F1=made.make_indirect(font))
    content(made, lambda before: before + b"\nBT /F1 40 Tf 3 Tr 100 200 Td (read this) Tj ET")
    return made


PLAIN: dict[str, Callable[[], pikepdf.Pdf]] = {
    "gray": scan,
    "colour": lambda: scan("RGB"),
    "black and white": lambda: scan("1"),
    "few colours": lambda: scan("P"),
    "inks of a printer": lambda: scan("CMYK"),
    "from black to white": inverted,
    "on its left side": lambda: turned(90),
    "on its head": lambda: turned(180),
    "on its right side": lambda: turned(270),
    "with letters that are not shown": searchable,
}


@pytest.mark.parametrize("kind", PLAIN)
def test_a_page_that_is_one_picture_is_read_as_it_is(tmp_path: Path, kind: str) -> None:
    with PLAIN[kind]() as made:
        taken, read, drawn = look(made, tmp_path)
    assert taken is not None
    assert np.array_equal(taken, read)
    assert off(read, drawn) < 2


# -- more than one picture -------------------------------------------------------------------------


def hidden(key: str) -> pikepdf.Pdf:
    """A picture of which half is not shown."""
    made = scan("L", "raw")
    image = only_picture(made)
    half = np.full((HEIGHT, WIDTH), 255, np.uint8)
    half[: HEIGHT // 2] = 0
    if key == "/SMask":
        mask = made.make_stream(half.tobytes())
        mask.update(Dictionary(BitsPerComponent=8, ColorSpace=Name.DeviceGray))
    else:
        mask = made.make_stream(np.packbits(half == 0, axis=1).tobytes())
        mask.update(Dictionary(BitsPerComponent=1, ImageMask=True))
    mask.update(Dictionary(Type=Name.XObject, Subtype=Name.Image, Width=WIDTH, Height=HEIGHT))
    image[key] = mask
    return made


def changed(change: Callable[[bytes], bytes]) -> pikepdf.Pdf:
    made = scan()
    content(made, change)
    return made


def faint() -> pikepdf.Pdf:
    made = changed(lambda before: b"/Faint gs\n" + before)
    made.pages[0].Resources.ExtGState = Dictionary(Faint=Dictionary(ca=0.4))
    return made


def stamped() -> pikepdf.Pdf:
    made = scan()
    form = made.make_stream(b"0 g 0 0 200 100 re f")
    form.update(Dictionary(Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 200, 100])))
    stamp = Dictionary(Type=Name.Annot, Subtype=Name.Stamp, Rect=Array([300, 300, 500, 400]), F=4)
    stamp.AP = Dictionary(N=form)
    made.pages[0].Annots = Array([made.make_indirect(stamp)])
    return made


def switched_off() -> pikepdf.Pdf:
    """A layer that is not shown."""
    made = changed(lambda before: b"/OC /Layer BDC\n" + before + b"\nEMC")
    layer = made.make_indirect(Dictionary(Type=Name.OCG, Name="hidden"))
    made.pages[0].Resources.Properties = Dictionary(Layer=layer)
    made.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=Dictionary(OFF=Array([layer])))
    return made


def stencil() -> pikepdf.Pdf:
    """Not a picture but holes through which a colour shows."""
    made = scan("1", "raw")
    image = only_picture(made)
    image.ImageMask = True
    del image["/ColorSpace"]
    content(made, lambda before: b"0.5 g\n" + before)
    return made


def cropped() -> pikepdf.Pdf:
    made = scan()
    made.pages[0].CropBox = Array([0, 0, 612, 400])
    return made


MORE: dict[str, Callable[[], pikepdf.Pdf]] = {
    "half of it behind a mask": lambda: hidden("/SMask"),
    "half of it cut out": lambda: hidden("/Mask"),
    "a stencil": stencil,
    "something drawn over it": lambda: changed(lambda before: before + b"\n0 g 200 200 200 200 re f"),
    "a picture drawn twice": lambda: changed(lambda before: before + b"\nq .2 0 0 .2 0 0 cm\n" + before + b"\nQ"),
    "mirrored": lambda: changed(lambda before: b"q -1 0 0 1 612 0 cm\n" + before + b"\nQ"),
    "on a part of the page": lambda: changed(lambda before: b"q .5 0 0 .5 100 100 cm\n" + before + b"\nQ"),
    "leaning": lambda: changed(lambda before: b"q 1 .05 -.05 1 20 -10 cm\n" + before + b"\nQ"),
    "clipped": lambda: changed(lambda before: b"q 0 0 300 792 re W n\n" + before + b"\nQ"),
    "shining through": faint,
    "with a stamp on it": stamped,
    "on a layer that is not shown": switched_off,
    "cropped": cropped,
}


@pytest.mark.parametrize("kind", MORE)
def test_a_page_that_is_more_than_a_picture_is_drawn(tmp_path: Path, kind: str) -> None:
    with MORE[kind]() as made:
        taken, read, drawn = look(made, tmp_path)
    assert taken is None
    assert off(read, drawn) < 2
