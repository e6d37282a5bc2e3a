"""What came back of each packet, as one PDF with its pages in order, and as record systems take it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from handouts.run.folder import RunFolder
from handouts.run.manifest import PacketRecord
from handouts.scan.child import Leaf
from handouts.scan.index import Index, PageEntry
from handouts.scan.model import Fate
from handouts.scan.opening import Opener
from handouts.scan.printed import PrintedRun
from handouts.scan.status import standing_of

COPIES, RECORDS = "copies", "fhir"
_CHECKPOINT = 64
"""Packets between two moments at which everything written is synced."""


@dataclass(frozen=True)
class Binder:
    """Writes PDFs anew of packets of which something came back since."""

    run: PrintedRun
    folder: RunFolder
    index: Index
    opener: Opener
    now: datetime

    def bind(self) -> None:
        """Write them all. Raises OutputError."""
        waiting = [packet_id for packet_id in self.index.stale() if packet_id in self.run.packets]
        for start in range(0, len(waiting), _CHECKPOINT):
            some = waiting[start : start + _CHECKPOINT]
            for packet_id in some:
                self._bind(self.run.packets[packet_id])
            self.folder.checkpoint()
            self.index.bound(some)

    def _bind(self, packet: PacketRecord) -> None:
        scans = self.index.pages(packet.packet_id)
        pages = sorted((each for each in scans if each.fate is Fate.PACKET), key=lambda each: each.page or 0)
        copies = sorted((each for each in scans if each.fate is Fate.COPY), key=lambda each: each.page or 0)
        pdf = self._bound(pages)
        self.folder.write(packet.file, [pdf])
        copies_file = f"{COPIES}/{Path(packet.file).name}"
        if copies:
            self.folder.write(copies_file, [self._bound(copies)])
        else:
            with suppress(FileNotFoundError):
                (self.folder.path / copies_file).unlink()
        self._tell_record_system(packet, pdf)

    def _bound(self, scans: Sequence[PageEntry]) -> bytes:
        files = self.index.files()
        leaves = [
            Leaf(file=self.folder.path / files[each.file].kept, number=each.number, turned=each.turned)
            for each in scans
        ]
        return self.opener.bound(leaves)

    def _tell_record_system(self, packet: PacketRecord, pdf: bytes) -> None:
        from handouts.scan.fhir import bundle  # which takes long to import

        standing = standing_of(self.run, packet, self.index)
        written = bundle(standing, pdf, packet.documents, self.now)
        self.folder.write(f"{RECORDS}/{Path(packet.file).stem}.json", [written])
