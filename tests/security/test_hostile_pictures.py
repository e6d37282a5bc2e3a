"""A logo or drawing made to break the program is refused or shown within 5 seconds and 300 MB, and fetches nothing."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import pytest

from tests.security.bounded import Bounded

HEAD = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 100 100" '
    'width="100" height="100">'
)
SQUARE = '<rect width="1" height="1"/>'


def svg(inside: str, before: str = "", head: str = HEAD) -> bytes:
    return f"{before}{head}{inside}</svg>".encode()


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(side: int, data: bytes | None = None, more: bytes = b"", bits: int = 8) -> bytes:
    """A square of `side` clear pixels."""
    rows = zlib.compress(bytes(side * (1 + side * bits // 2)), 9) if data is None else data
    header = struct.pack(">IIBBBBB", side, side, bits, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + more + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def entities(use: str) -> bytes:
    pairs = zip("abcdefghij", "bcdefghijk", strict=True)
    defined = "".join(f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in pairs)
    return svg(use, f'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a "ha">{defined}]>')


def gathering(levels: int) -> str:
    """Ten times ten times ten … squares, by reference."""
    groups = (f'<g id="g{n + 1}">{f"""<use xlink:href="#g{n}"/>""" * 10}</g>' for n in range(levels))
    return f'<defs><g id="g0">{SQUARE}</g>{"".join(groups)}</defs><use xlink:href="#g{levels}"/>'


PICTURES: dict[str, tuple[bytes, str]] = {
    "a PNG of 16 million pixels": (png(4000), "bytes"),
    "a PNG of 16 million pixels of 16 bits": (png(4000, bits=16), "bytes"),
    "a PNG that claims ten billion pixels": (png(100_000, b""), "larger than 4000 pixels"),
    "a PNG that claims 90 million pixels": (png(9_500, b""), "larger than 4000 pixels"),
    "a PNG without its pixels": (png(4000)[:2000], "no valid PNG"),
    "a PNG with 300 MB of notes": (
        png(1, more=chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(300_000_000), 9))),
        "no valid PNG",
    ),
    "a PNG with many notes": (
        png(1, more=chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(900_000), 9)) * 2000),
        "no valid PNG",
    ),
    "a PNG with 300 MB of colours": (
        png(1, more=chunk(b"iCCP", b"a\0\0" + zlib.compress(bytes(300_000_000), 9))),
        "no valid PNG",
    ),
    "entities in entities": (entities("<desc>&k;</desc>"), "no valid SVG"),
    "entities in an attribute": (entities('<rect width="&k;"/>'), "no valid SVG"),
    "an entity from a file": (
        svg("<desc>&a;</desc>", '<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]>'),
        "bytes",
    ),
    "a drawing with comments": (svg("<!-- a -->" + SQUARE + "<?b c?>"), "bytes"),
    "a colour that is none": (svg('<rect width="9" height="9" fill="krl(#g)"/>'), "cannot be drawn"),
    "a turn that is none": (svg('<rect width="9" height="9" transform="turn(9"/>'), "cannot be drawn"),
    "a part that is nowhere": (svg('<use xlink:href="#nowhere"/>'), ""),
    "a definition from elsewhere": (svg(SQUARE, '<!DOCTYPE svg SYSTEM "http://x.example/svg.dtd">'), "bytes"),
    "a style sheet from elsewhere": (svg(SQUARE, '<?xml-stylesheet href="http://x.example/a.css"?>'), "bytes"),
    "a font from elsewhere": (svg("<style>@font-face{src:url(http://x.example/a)}</style>"), "another file or address"),
    "an import that is spelled in another way": (svg('<style>@\\69mport "http://x.example/a";</style>'), "backslash"),
    "an address that is spelled in another way": (
        svg('<rect width="9" height="9" style="fill:u\\72l(http://x.example)"/>'),
        "backslash",
    ),
    "a text taken in": (
        svg('<i:include xmlns:i="http://www.w3.org/2001/XInclude" href="/etc/passwd"/>'),
        "another file or address",
    ),
    "a billion squares by reference": (svg(gathering(9)), "more than 5,000 shapes"),
    "a part within itself": (svg('<g id="a"><use xlink:href="#a"/></g>'), "drawn within itself"),
    "two parts within each other": (
        svg('<g id="a"><use xlink:href="#b"/></g><g id="b"><use xlink:href="#a"/></g>'),
        "drawn within itself",
    ),
    "a colour within itself": (
        svg('<linearGradient id="g" xlink:href="#g"/><rect width="9" height="9" fill="url(#g)"/>'),
        "drawn within itself",
    ),
    "groups in groups without end": (svg("<g>" * 100_000 + "</g>" * 100_000), "no valid SVG"),
    "groups in groups": (svg("<g>" * 250 + SQUARE + "</g>" * 250), "bytes"),
    "30,000 squares": (svg(SQUARE * 30_000), "more than 5,000 shapes"),
    "20,000 colours": (
        svg(f'<linearGradient id="g">{"<stop/>" * 20_000}</linearGradient><rect width="9" height="9" fill="url(#g)"/>'),
        "more than 5,000 shapes",
    ),
    "a line of 190,000 points": (svg(f'<path d="M0 0{" L1 1" * 190_000}"/>'), ""),
    "a shape of 240,000 corners": (svg(f'<polygon points="{"1,1 " * 240_000}"/>'), "bytes"),
    "60,000 arcs": (svg(f'<path d="M0 0{" A1 1 0 0 0 1 1" * 60_000}"/>'), "bytes"),
    "40,000 rules of style": (svg(f"<style>{'a{fill:red}' * 40_000}</style>{SQUARE}"), "more than 10,000 letters"),
    "a turn on a turn": (
        svg(f'<rect width="1" height="1" transform="{"scale(1.0001) " * 60_000}"/>'),
        "without end",
    ),
    "a million dashes": (svg(f'<path d="M0 0L1 1" stroke-dasharray="{"1 " * 400_000}"/>'), "without end"),
    "a number without end": (svg(f'<path d="M0 0 L{"1" * 900_000} 1"/>'), "the logo"),
    "no number": (svg('<rect width="nan" height="1e999"/>'), "no valid SVG"),
    "an enormous size": (
        svg(SQUARE, head='<svg xmlns="http://www.w3.org/2000/svg" width="1e308" height="1e-308">'),
        "the logo",
    ),
    "no size": (svg(SQUARE, head='<svg xmlns="http://www.w3.org/2000/svg" width="nan" height="inf">'), "the logo"),
    "more than a megabyte": (svg(SQUARE + " " * 1_000_000), "larger than 1 MB"),
    "more than five": (svg(SQUARE + " " * 5_000_000), "no PNG or SVG of at most 5 MB"),
}


@pytest.mark.parametrize("fault", PICTURES)
def test_a_hostile_picture_is_refused_in_bounded_time_and_memory(tmp_path: Path, bounded: Bounded, fault: str) -> None:
    data, said = PICTURES[fault]
    path = tmp_path / ("logo.png" if data.startswith(b"\x89PNG") else "logo.svg")
    path.write_bytes(data)
    answer = bounded.ask("logo", path)
    assert said in answer.told
    assert answer.code == (0 if answer.told.endswith(" bytes") else 4)
