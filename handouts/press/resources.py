"""Fonts and pictures as PDF objects."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping

from handouts.layout.families import REPLACEMENT
from handouts.layout.fonts import ASCENT, DESCENT, face_of
from handouts.layout.subsets import subset_file
from handouts.layout.xobject import XObject
from handouts.press.objects import Objects, stream


def font(objects: Objects, resource: str) -> tuple[int, bytes]:
    """A subset as a Type 0 font with Identity-H: its object's number, and all its objects."""
    face = face_of(resource)
    deflated, length = subset_file(resource)
    glyphs = sorted(face.glyphs(resource))
    name = b"%s+%s" % (_tag(resource), face.name.encode())
    file, data = objects.write(
        b"<</Filter/FlateDecode/Length1 %d/Length %d>>stream\n%s\nendstream" % (length, len(deflated), deflated)
    )
    written = [data]
    descriptor, data = objects.write(
        b"<</Type/FontDescriptor/FontName/%s/Flags 32/FontBBox[-1000 %d 3000 %d]/ItalicAngle 0/Ascent %d/Descent %d"
        b"/CapHeight 714/StemV %d/FontFile2 %d 0 R>>"
        % (name, -DESCENT, ASCENT, ASCENT, -DESCENT, 150 if face.weight == "Bold" else 85, file)
    )
    written.append(data)
    widths = b"".join(b"%d[%d]" % (face.code(glyph), face.advance(glyph)) for glyph in glyphs)
    descendant, data = objects.write(
        b"<</Type/Font/Subtype/CIDFontType2/BaseFont/%s"
        b"/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"
        b"/FontDescriptor %d 0 R/CIDToGIDMap/Identity/DW 0/W[%s]>>" % (name, descriptor, widths)
    )
    written.append(data)
    unicode, data = objects.write(
        stream(_to_unicode({face.code(glyph): face.characters.get(glyph, REPLACEMENT) for glyph in glyphs}))
    )
    written.append(data)
    number, data = objects.write(
        b"<</Type/Font/Subtype/Type0/BaseFont/%s/Encoding/Identity-H/DescendantFonts[%d 0 R]/ToUnicode %d 0 R>>"
        % (name, descendant, unicode)
    )
    written.append(data)
    return number, b"".join(written)


def _tag(resource: str) -> bytes:
    """Six letters that tell subsets of one font apart (ISO 32000-1, 9.6.4)."""
    number = int.from_bytes(hashlib.blake2b(resource.encode(), digest_size=4).digest(), "big")
    return b"".join(b"%c" % (65 + number // 26**place % 26) for place in range(6))


def _to_unicode(characters: Mapping[int, str]) -> bytes:
    """Every code tells a character; one that only a whole word can tell stands in a span that tells it."""
    known = list(characters.items())
    blocks = []
    for start in range(0, len(known), 100):
        lines = [
            f"<{glyph:04x}><{character.encode('utf-16-be').hex()}>" for glyph, character in known[start : start + 100]
        ]
        blocks.append(f"{len(lines)} beginbfchar\n" + "\n".join(lines) + "\nendbfchar\n")
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo<</Registry(Adobe)/Ordering(UCS)/Supplement 0>> def\n"
        "/CMapName/Adobe-Identity-UCS def\n/CMapType 2 def\n"
        "1 begincodespacerange\n<0000><ffff>\nendcodespacerange\n"
        + "".join(blocks)
        + "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
    ).encode()


def picture(objects: Objects, drawn: XObject) -> tuple[int, bytes]:
    """A picture's object number, and all its objects."""
    written, entries = b"", drawn.entries
    if drawn.mask:
        mask, written = picture(objects, drawn.mask)
        entries += b"/SMask %d 0 R" % mask
    number, data = objects.write(stream(drawn.data, entries))
    return number, written + data


def pictures_of(logo: XObject | None, shown: Iterable[XObject]) -> dict[str, XObject]:
    """What a document shows, by resource name: the clinic's logo and the forms' pictures."""
    return ({"Logo": logo} if logo else {}) | {drawn.name: drawn for drawn in shown}
