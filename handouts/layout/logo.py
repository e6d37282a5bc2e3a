"""The clinic's logo, PNG or SVG, as a picture of one unit square for the page header."""

from __future__ import annotations

import io
from pathlib import Path

from handouts.errors import ClinicError, LayoutError
from handouts.layout.svg import LARGEST_FILE, is_svg, read_svg
from handouts.layout.xobject import XObject
from handouts.model import Clinic

_LARGEST_SIDE = 4_000
_SIDE_KEPT = 700
"""Pixels; at the header's size that is more than 300 to the inch."""


def read_logo(clinic: Clinic) -> XObject | None:
    """The logo that clinic.yaml names. Raises ClinicError where it cannot be used."""
    if clinic.logo is None:
        return None
    path = (clinic.folder / clinic.logo).resolve()
    if not path.is_relative_to(clinic.folder.resolve()):
        raise ClinicError("the logo lies outside the clinic's folder", where=path, hint="Copy it beside clinic.yaml.")
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_FILE + 1)
        data = data if len(data) <= LARGEST_FILE else b""
    except OSError as fault:
        raise ClinicError(
            f"the logo cannot be read: {fault.strerror}", where=path, hint="Correct `logo` in clinic.yaml."
        ) from None
    if data.startswith(b"\x89PNG"):
        return _png(path, data)
    if is_svg(data):
        try:
            return read_svg(data)
        except LayoutError as fault:
            raise ClinicError(f"the logo {fault.what}", where=path, hint=fault.hint) from None
    raise ClinicError("the logo is no PNG or SVG of at most 5 MB", where=path, hint="Save it in one of these formats.")


def _png(path: Path, data: bytes) -> XObject:
    from PIL import Image

    # Pillow warns of some sizes and refuses others in its own words; a PNG begins with its size (PNG 3, 11.2.1)
    sides = [int.from_bytes(data[at : at + 4], "big") for at in (16, 20) if data[12:16] == b"IHDR"]
    if max(sides, default=0) > _LARGEST_SIDE:
        raise ClinicError(f"the logo is larger than {_LARGEST_SIDE} pixels", where=path, hint="Save it smaller.")
    try:
        with Image.open(io.BytesIO(data), formats=["PNG"]) as image:
            pixels = image.convert("RGBA")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as fault:
        raise ClinicError(
            f"the logo is no valid PNG ({type(fault).__name__})", where=path, hint="Save it anew."
        ) from None
    pixels.thumbnail((_SIDE_KEPT, _SIDE_KEPT))
    width, height = pixels.size
    size = b"/Type/XObject/Subtype/Image/Width %d/Height %d/BitsPerComponent 8/ColorSpace" % (width, height)
    alpha = pixels.getchannel("A")
    mask = XObject(1, size + b"/DeviceGray", alpha.tobytes()) if alpha.getextrema()[0] != 255 else None
    return XObject(width / height, size + b"/DeviceRGB", pixels.convert("RGB").tobytes(), mask)
