"""A packet as a screen reader gets it: the structure tree in order, and the text of each element's content."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from unicodedata import bidirectional

import pikepdf

_PAIR = re.compile(r"<([0-9a-f]{4})><([0-9a-f]+)>")


@dataclass
class Element:
    """A structure element: its kind, its attributes, and in reading order its text and the elements below it."""

    kind: str
    entries: dict[str, str]
    parts: list[Element | str] = field(default_factory=list)

    @property
    def kids(self) -> list[Element]:
        """The elements right below."""
        return [part for part in self.parts if isinstance(part, Element)]

    @property
    def text(self) -> str:
        """All text in it and below, in reading order, elements kept apart by a blank."""
        return " ".join(" ".join(part if isinstance(part, str) else part.text for part in self.parts).split())

    def walk(self) -> Iterator[Element]:
        """The element and all below it, in reading order."""
        yield self
        for kid in self.kids:
            yield from kid.walk()


def read_aloud(file: bytes) -> list[Element]:
    """The elements right below the root of the structure tree."""
    with pikepdf.open(io.BytesIO(file)) as document:
        contents = {page.obj.objgen: _marked(page) for page in document.pages}
        root = document.Root.StructTreeRoot
        return [_element(kid, contents) for kid in _listed(root.K)]


def _listed(kids: pikepdf.Object) -> list[pikepdf.Object]:
    return list(kids) if isinstance(kids, pikepdf.Array) else [kids]


def _element(found: pikepdf.Object, contents: dict[tuple[int, int], dict[int, str]]) -> Element:
    entries = {str(key): str(value) for key, value in found.items() if str(key) in {"/Alt", "/Lang"}}
    if "/A" in found:
        entries |= {f"/A{key}": str(value) for key, value in found.A.items()}
    element = Element(str(found.S)[1:], entries)
    for kid in _listed(found.get("/K", pikepdf.Array())):
        if isinstance(kid, int):
            element.parts.append(contents[found.Pg.objgen][int(kid)])
        elif "/MCID" in kid:
            element.parts.append(contents[kid.Pg.objgen][int(kid.MCID)])
        else:
            element.parts.append(_element(kid, contents))
    return element


def _marked(page: pikepdf.Page) -> dict[int, str]:
    """The text of each piece of marked content, by its MCID. Glyphs are read by ToUnicode, spans by ActualText."""
    fonts = {str(name): _characters(each) for name, each in page.obj.Resources.get("/Font", {}).items()}
    found: dict[int, str] = {}
    stack: list[tuple[int | None, str | None]] = []
    letters: dict[int, str] = {}
    for instruction in pikepdf.parse_content_stream(page):
        operands = instruction.operands
        match str(instruction.operator):
            case "BMC":
                stack.append((None, None))
            case "BDC":
                entries = operands[1]
                mcid = int(entries.MCID) if "/MCID" in entries else None
                told = str(entries.ActualText) if "/ActualText" in entries else None
                stack.append((mcid, told))
                inside = _innermost(stack)
                if mcid is not None:
                    assert mcid not in found, "an MCID stands for two pieces of content"
                    found[mcid] = ""
                elif told is not None and inside is not None:
                    found[inside] += told
            case "EMC":
                stack.pop()
            case "Tf":
                letters = fonts[str(operands[0])]
            case "BT":
                inside = _innermost(stack)
                if inside is not None and found[inside]:
                    found[inside] += " "
            case "TJ":
                inside = _innermost(stack)
                if inside is not None and not any(told is not None for _, told in stack):
                    codes = b"".join(bytes(part) for part in operands[0] if isinstance(part, pikepdf.String))
                    pairs = zip(codes[::2], codes[1::2], strict=True)
                    shown = "".join(letters[high << 8 | low] for high, low in pairs)
                    found[inside] += _turned(shown)
    assert not stack
    return found


def _turned(shown: str) -> str:
    """Text as it is read: letters from right to left are shown as they stand on paper, one word after the other."""
    runs = [(turned, "".join(run)) for turned, run in groupby(shown, lambda letter: bidirectional(letter) in _TURNED)]
    return "".join(run[::-1] if turned else run for turned, run in runs)


_TURNED = {"R", "AL", "NSM"}


def _innermost(stack: list[tuple[int | None, str | None]]) -> int | None:
    return next((mcid for mcid, _ in reversed(stack) if mcid is not None), None)


def _characters(font: pikepdf.Object) -> dict[int, str]:
    pairs = _PAIR.findall(font.ToUnicode.read_bytes().decode())
    return {int(code, 16): bytes.fromhex(text).decode("utf-16-be") for code, text in pairs}
