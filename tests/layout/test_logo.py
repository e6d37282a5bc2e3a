"""The clinic's logo: shown as it is, or refused by name; read from the clinic's folder and nowhere else."""

from __future__ import annotations

import io
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from PIL import Image

from handouts.errors import ClinicError
from handouts.layout.logo import read_logo
from tests.press.making import clinic, everything, facts, file_of, identifier, layout, values_of

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 100 100" {}</svg>'
)
SIZED = 'width="100" height="100">'
GRADIENT = (
    SIZED
    + '<defs><linearGradient id="g"><stop offset="0" stop-color="#ff0000"/><stop offset="1" stop-color="#0000ff"/>'
    '</linearGradient></defs><rect width="100" height="100" fill="url(#g)"/>'
)
CLEAR = SIZED + '<rect width="100" height="100" fill="#ff0000" fill-opacity="0.5"/>'
PLAIN = SIZED + '<rect width="100" height="100" fill="#00ff00"/>'


def shown(folder: Path, content: str | bytes) -> Image.Image:
    """The logo as it stands on a page, at four pixels to the point."""
    name = "logo.svg" if isinstance(content, str) else "logo.png"
    (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
    picture = read_logo(clinic().model_copy(update={"folder": folder, "logo": name}))
    assert picture is not None
    pressed = layout([everything()], picture=picture).press(values_of(facts()), identifier("x"))
    with pypdfium2.PdfDocument(file_of(pressed, picture)) as document:
        page: Image.Image = document[0].render(scale=4).to_pil()
    left, top = 22 / 25.4 * 72 * 4, 10 / 25.4 * 72 * 4
    side = 14 / 25.4 * 72 * 4
    return page.crop((round(left), round(top), round(left + side), round(top + side))).convert("RGB")


def near(found: object, wanted: tuple[int, int, int], within: int = 12) -> bool:
    assert isinstance(found, tuple)
    return all(abs(each - other) <= within for each, other in zip(found, wanted, strict=True))


@pytest.mark.parametrize(
    ("svg", "left", "right"),
    [
        (PLAIN, (0, 255, 0), (0, 255, 0)),
        (CLEAR, (255, 127, 127), (255, 127, 127)),
        (GRADIENT, (242, 0, 13), (13, 0, 242)),
    ],
    ids=["plain", "half clear", "gradient"],
)
def test_an_svg_is_shown_in_its_colours(
    tmp_path: Path, svg: str, left: tuple[int, int, int], right: tuple[int, int, int]
) -> None:
    picture = shown(tmp_path, SVG.format(svg))
    assert near(picture.getpixel((round(picture.width * 0.05), 80)), left)
    assert near(picture.getpixel((round(picture.width * 0.95), 80)), right)


def test_a_png_is_shown_with_its_transparency(tmp_path: Path) -> None:
    image = Image.new("RGBA", (200, 200), (0, 0, 255, 255))
    image.paste((0, 0, 255, 0), (100, 0, 200, 200))
    out = io.BytesIO()
    image.save(out, "PNG")
    picture = shown(tmp_path, out.getvalue())
    assert near(picture.getpixel((20, 80)), (0, 0, 255))
    assert near(picture.getpixel((picture.width - 20, 80)), (255, 255, 255))


@pytest.mark.parametrize("svg", [PLAIN, CLEAR, GRADIENT])
def test_everything_a_logo_names_is_in_the_file(tmp_path: Path, svg: str) -> None:
    (tmp_path / "logo.svg").write_text(SVG.format(svg))
    picture = read_logo(clinic().model_copy(update={"folder": tmp_path, "logo": "logo.svg"}))
    assert picture
    file = file_of(layout([everything()], picture=picture).press(values_of(facts()), identifier("x")), picture)
    with pikepdf.open(io.BytesIO(file)) as document:
        drawn = document.pages[0].Resources.XObject.Logo
        assert isinstance(drawn, pikepdf.Stream)
        named = {
            str(operand)
            for instruction in pikepdf.parse_content_stream(drawn)
            for operand in instruction.operands
            if isinstance(operand, pikepdf.Name)
        }
        held = {str(name) for _, kind in drawn.Resources.items() for name, _ in kind.items()}
        assert named - {"/DeviceRGB", "/DeviceGray", "/DeviceCMYK"} <= held


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (SVG.format(SIZED + '<text x="1" y="9">Spine</text>'), "<text>"),
        (SVG.format(SIZED + '<image href="x.png"/>'), "<image>"),
        (SVG.format(SIZED + '<use xlink:href="../other.svg#r"/>'), "another file or address"),
        (SVG.format(SIZED + '<rect width="9" height="9" style="fill:url(http://x.example/y)"/>'), "another file"),
        (SVG.format(SIZED + "<style>@import 'x.css';</style>"), "another file or address"),
        ("<svg", "no valid SVG"),
        ('<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a SYSTEM "x">]><svg>&a;</svg>', "the logo"),
        ("not a picture", "no PNG or SVG"),
        (b"\x89PNG and then nothing", "no valid PNG"),
    ],
)
def test_what_cannot_be_shown_is_refused_by_name(tmp_path: Path, content: str | bytes, said: str) -> None:
    (tmp_path / "logo.svg").write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(ClinicError) as caught:
        read_logo(clinic().model_copy(update={"folder": tmp_path, "logo": "logo.svg"}))
    assert said in str(caught.value)
    assert "logo.svg" in str(caught.value)


def test_a_logo_outside_the_clinics_folder_is_not_read(tmp_path: Path) -> None:
    inside = tmp_path / "clinic"
    inside.mkdir()
    (tmp_path / "logo.svg").write_text(SVG.format(PLAIN))
    (inside / "link.svg").symlink_to(tmp_path / "logo.svg")
    for name in ("../logo.svg", str(tmp_path / "logo.svg"), "link.svg"):
        with pytest.raises(ClinicError, match="outside the clinic's folder"):
            read_logo(clinic().model_copy(update={"folder": inside, "logo": name}))


def test_a_missing_logo_is_told_as_what_it_is(tmp_path: Path) -> None:
    with pytest.raises(ClinicError, match="cannot be read"):
        read_logo(clinic().model_copy(update={"folder": tmp_path, "logo": "lgoo.svg"}))
