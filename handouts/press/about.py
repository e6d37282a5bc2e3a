"""What a document says of itself: title, language, issue time, how to print it. Nothing of a patient."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from xml.sax.saxutils import escape

from handouts import __version__
from handouts.press.objects import text


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
        return b"<</Title%s/Producer%s/CreationDate%s/ModDate%s>>" % (
            text(self.title),
            producer,
            text(stamp),
            text(stamp),
        )

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
