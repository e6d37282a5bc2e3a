"""What a document says of itself: title, language, issue time, how to print it. Nothing of a patient."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from html import escape
from pathlib import Path

from handouts import __version__
from handouts.layout.bidi import direction_of
from handouts.layout.tags import text_string
from handouts.press.objects import stream

_UA_CLAIM = """
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<pdfuaid:part>1</pdfuaid:part>
</rdf:Description>"""
"""To keep to PDF/UA-1 alone."""

_CLAIM = """
<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"
 xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaid:part>2</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance><pdfuaid:part>1</pdfuaid:part>
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 that the file keeps to</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>"""
"""To keep to PDF/A-2a and PDF/UA-1. PDF/A knows no schema for the latter, so it is described (ISO 19005-2, 6.6.2.3)."""


@dataclass(frozen=True, slots=True)
class About:
    """The document's own data. Nothing of a patient may stand here. issued_at: with its time zone.

    to_encrypt: the file is to be locked with a password, which PDF/A forbids (ISO 19005-2, 6.1.3).
    """

    title: str
    language: str
    issued_at: datetime
    duplex: bool
    to_encrypt: bool = False

    def info(self) -> bytes:
        """The information dictionary."""
        day = self.issued_at.strftime("D:%Y%m%d%H%M%S%z")
        stamp = f"{day[:-2]}'{day[-2:]}'"
        producer = text_string(f"handouts {__version__}")
        return b"<</Title%s/Producer%s/CreationDate%s/ModDate%s>>" % (
            text_string(self.title),
            producer,
            text_string(stamp),
            text_string(stamp),
        )

    def metadata(self, *, conforming: bool) -> bytes:
        """The XMP stream's body: title and dates. conforming: it says to which standards the file keeps."""
        claim = (_UA_CLAIM if self.to_encrypt else _CLAIM) if conforming else ""
        stamp = self.issued_at.isoformat(timespec="seconds")
        packet = f"""<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{escape(self.title, quote=False)}</rdf:li></rdf:Alt></dc:title>
<pdf:Producer>handouts {__version__}</pdf:Producer>
<xmp:CreateDate>{stamp}</xmp:CreateDate><xmp:ModifyDate>{stamp}</xmp:ModifyDate>
</rdf:Description>{claim}</rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""
        data = packet.encode()
        return b"<</Type/Metadata/Subtype/XML/Length %d>>stream\n%s\nendstream" % (len(data), data)

    def catalog(self, parts: Parts) -> bytes:
        """The catalogue: printed at true size (the codes are measured in millimetres), on both sides if so chosen."""
        duplex = b"DuplexFlipLongEdge" if self.duplex else b"Simplex"
        turned = b"/Direction/R2L" if direction_of(self.language) == "rtl" else b""
        preferences = b"<</DisplayDocTitle true/PrintScaling/None/Duplex/%s%s>>" % (duplex, turned)
        intent = b"<</Type/OutputIntent/S/GTS_PDFA1/OutputConditionIdentifier%s/Info%s/DestOutputProfile %d 0 R>>" % (
            _SRGB, _SRGB, parts.profile
        )  # fmt: skip
        return (
            b"<</Type/Catalog/Pages %d 0 R/Metadata %d 0 R/Lang%s/ViewerPreferences%s/MarkInfo<</Marked true>>"
            b"/StructTreeRoot %d 0 R/OutputIntents[%s]/PageMode/UseOutlines/Outlines %d 0 R>>"
            % (parts.pages, parts.metadata, text_string(self.language), preferences, parts.structure, intent,
               parts.outlines)
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Parts:
    """Object numbers of what a catalogue refers to."""

    pages: int
    metadata: int
    profile: int
    structure: int
    outlines: int


_SRGB = text_string("sRGB IEC61966-2.1")


def profile() -> bytes:
    """The colours that the file's are told in, as a stream's body (ISO 19005-2, 6.2.3)."""
    return stream(Path(__file__).with_name("srgb.icc").read_bytes(), b"/N 3")
