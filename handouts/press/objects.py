"""PDF objects as bytes (ISO 32000-1): streams, text strings, cross-reference tables, fonts, pictures."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from xml.sax.saxutils import escape

from handouts import __version__
from handouts.layout.fonts import ASCENT, DESCENT, FACES
from handouts.layout.logo import Picture
from handouts.layout.packet import Page, Static
from handouts.layout.subsets import subset_file

HEADER = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
_WORTH_DEFLATING = 600
"""Bytes; below that, deflating costs more time than it saves room."""


@dataclass(slots=True)
class Objects:
    """Numbered objects in the order they are written, and where each begins.

    offset: of the next byte in the file. Numbers start at 1.
    """

    offset: int = 0
    offsets: list[int] = field(default_factory=list)

    def reserve(self) -> int:
        """A number for an object that is written later."""
        self.offsets.append(0)
        return len(self.offsets)

    def write(self, body: bytes, number: int = 0) -> tuple[int, bytes]:
        """The object's number (a new one if none is given) and its bytes."""
        number = number or self.reserve()
        data = b"%d 0 obj\n%s\nendobj\n" % (number, body)
        self.offsets[number - 1] = self.offset
        self.offset += len(data)
        return number, data


def stream(data: bytes, entries: bytes = b"", level: int = 9) -> bytes:
    """A stream object's body; deflated when that is worth it."""
    if len(data) >= _WORTH_DEFLATING:
        data, entries = zlib.compress(data, level), entries + b"/Filter/FlateDecode"
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (entries, len(data), data)


def text(value: str) -> bytes:
    """A text string, in UTF-16 where ASCII cannot hold it."""
    if value.isascii():
        return b"(%s)" % value.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)").encode()
    return b"<FEFF%s>" % value.encode("utf-16-be").hex().upper().encode()


def xref(offsets: Iterable[int]) -> bytes:
    """Entries of a cross-reference table."""
    return b"".join(b"%010d 00000 n \n" % offset for offset in offsets)


def trailer(entries: bytes, count: int, root: int, info: int, identity: bytes, start: int) -> bytes:
    """The end of a file. entries: the cross-reference entries. start: where the table begins. identity: a digest in hex."""
    return (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<</Size %d/Root %d 0 R/Info %d 0 R/ID[<%s><%s>]>>\nstartxref\n%d\n%%%%EOF\n"
        % (count + 1, entries, count + 1, root, info, identity, identity, start)
    )


# -- what a document says of itself ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class About:
    """The document's own data. Nothing of a patient may stand here. issued_at: with its time zone."""

    title: str
    language: str
    issued_at: datetime
    duplex: bool

    def info(self) -> bytes:
        """The information dictionary."""
        day = self.issued_at.strftime("D:%Y%m%d%H%M%S%z")
        stamp = f"{day[:-2]}'{day[-2:]}'"
        producer = text(f"handouts {__version__}")
        return b"<</Title%s/Producer%s/CreationDate%s/ModDate%s>>" % (text(self.title), producer, text(stamp), text(stamp))

    def metadata(self) -> bytes:
        """The XMP stream's body."""
        stamp = self.issued_at.isoformat(timespec="seconds")
        packet = f"""<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{escape(self.title)}</rdf:li></rdf:Alt></dc:title>
<pdf:Producer>handouts {__version__}</pdf:Producer>
<xmp:CreateDate>{stamp}</xmp:CreateDate><xmp:ModifyDate>{stamp}</xmp:ModifyDate>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""
        data = packet.encode()
        return b"<</Type/Metadata/Subtype/XML/Length %d>>stream\n%s\nendstream" % (len(data), data)

    def catalog(self, pages: int, metadata: int, extra: bytes = b"") -> bytes:
        """The catalogue: printed at true size (the codes are measured in millimetres), on both sides if so chosen."""
        duplex = b"DuplexFlipLongEdge" if self.duplex else b"Simplex"
        preferences = b"<</DisplayDocTitle true/PrintScaling/None/Duplex/%s>>" % duplex
        return b"<</Type/Catalog/Pages %d 0 R/Metadata %d 0 R/Lang%s/ViewerPreferences%s%s>>" % (
            pages, metadata, text(self.language), preferences, extra
        )  # fmt: skip


# -- fonts and pictures ----------------------------------------------------------------------------


def font(objects: Objects, resource: str) -> tuple[int, bytes]:
    """A subset as a Type 0 font with Identity-H: its object's number, and all its objects."""
    face = FACES[resource[0]]
    deflated, length = subset_file(resource)
    glyphs = sorted(face.glyphs(resource))
    name = b"%s+NotoSans-%s" % (_tag(resource), face.weight.encode())
    file, data = objects.write(
        b"<</Filter/FlateDecode/Length1 %d/Length %d>>stream\n%s\nendstream" % (length, len(deflated), deflated)
    )
    written = [data]
    descriptor, data = objects.write(
        b"<</Type/FontDescriptor/FontName/%s/Flags 32/FontBBox[-1000 %d 3000 %d]/ItalicAngle 0/Ascent %d/Descent %d"
        b"/CapHeight 714/StemV %d/FontFile2 %d 0 R>>" % (name, -DESCENT, ASCENT, ASCENT, -DESCENT, 150 if face.weight == "Bold" else 85, file)
    )
    written.append(data)
    widths = b"".join(b"%d[%d]" % (glyph, face.advance(glyph)) for glyph in glyphs)
    descendant, data = objects.write(
        b"<</Type/Font/Subtype/CIDFontType2/BaseFont/%s/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"
        b"/FontDescriptor %d 0 R/CIDToGIDMap/Identity/DW 0/W[%s]>>" % (name, descriptor, widths)
    )
    written.append(data)
    unicode, data = objects.write(stream(_to_unicode(face.characters, glyphs)))
    written.append(data)
    number, data = objects.write(
        b"<</Type/Font/Subtype/Type0/BaseFont/%s/Encoding/Identity-H/DescendantFonts[%d 0 R]/ToUnicode %d 0 R>>"
        % (name, descendant, unicode)
    )
    written.append(data)
    return number, b"".join(written)


def _tag(resource: str) -> bytes:
    """Six letters that tell subsets of one font apart (ISO 32000-1, 9.6.4)."""
    number = int(resource[1:] or 0)
    return b"HO%c%c%c%c" % (ord(resource[0]), 65 + number // 26, 65 + number % 26, 65 if resource[1:] else 66)


def _to_unicode(characters: dict[int, str], glyphs: Sequence[int]) -> bytes:
    known = [(glyph, characters[glyph]) for glyph in glyphs if glyph in characters]
    blocks = []
    for start in range(0, len(known), 100):
        lines = [f"<{glyph:04x}><{character.encode('utf-16-be').hex()}>" for glyph, character in known[start : start + 100]]
        blocks.append(f"{len(lines)} beginbfchar\n" + "\n".join(lines) + "\nendbfchar\n")
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo<</Registry(Adobe)/Ordering(UCS)/Supplement 0>> def\n/CMapName/Adobe-Identity-UCS def\n/CMapType 2 def\n"
        "1 begincodespacerange\n<0000><ffff>\nendcodespacerange\n"
        + "".join(blocks)
        + "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
    ).encode()


def picture(objects: Objects, drawn: Picture) -> tuple[int, bytes]:
    """A picture's object number, and all its objects."""
    written, entries = b"", drawn.entries
    if drawn.mask:
        mask, written = picture(objects, drawn.mask)
        entries += b"/SMask %d 0 R" % mask
    number, data = objects.write(stream(drawn.data, entries))
    return number, written + data


# -- pages -----------------------------------------------------------------------------------------


def resources(fonts: dict[str, int], logo: int | None) -> bytes:
    """The resources that every page of a document shares. fonts: object numbers by resource name."""
    named = b"".join(b"/%s %d 0 R" % (name.encode(), number) for name, number in sorted(fonts.items()))
    pictures = b"/XObject<</Logo %d 0 R>>" % logo if logo else b""
    return b"<</Font<<%s>>%s>>" % (named, pictures)


def page_object(parent: int, shared: int, geometry: tuple[float, float], contents: Sequence[int]) -> bytes:
    """A page. contents: the numbers of its streams, in the order in which they are read."""
    listed = b" ".join(b"%d 0 R" % number for number in contents)
    return b"<</Type/Page/Parent %d 0 R/MediaBox[0 0 %g %g]/Resources %d 0 R/Contents[%s]>>" % (parent, *geometry, shared, listed)


def numbers_of(page: Page, statics: dict[Static, int], parts: Sequence[int]) -> list[int]:
    """The object numbers of a page's contents. parts: object number by part number."""
    return [statics[piece] if isinstance(piece, Static) else parts[piece.part] for piece in page.contents]
