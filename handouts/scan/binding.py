"""What came back of each packet, as one PDF with its pages in order, and as record systems take it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from handouts.errors import OutputError
from handouts.run.folder import RunFolder
from handouts.run.manifest import PacketRecord
from handouts.scan.child import Leaf
from handouts.scan.index import Index, PageEntry
from handouts.scan.model import Doubt, Fate
from handouts.scan.opening import Opener, UnreadableFile
from handouts.scan.printed import PrintedRun
from handouts.scan.showing import COPIES
from handouts.scan.sorting import choose
from handouts.scan.status import standing_of

RECORDS = "fhir"
_UNBOUND = "the page can be read but not kept; scan it again"
_CHECKPOINT = 64
"""Packets between two moments at which everything written is synced."""


@dataclass(frozen=True)
class Binder:
    """Writes PDFs anew of packets of which something came back since."""

    run: PrintedRun
    folder: RunFolder
    index: Index
    opener: Opener

    def bind(self, meant: Iterable[str] | None = None) -> None:
        """Write them all. One that cannot be bound keeps no other, and is tried again the next time.

        meant: packets of which somebody asks to know; None for all. Raises NotBound where one of these cannot be bound,
        OutputError.
        """
        waiting = [packet_id for packet_id in self.index.stale() if packet_id in self.run.packets]
        faults: dict[str, NotBound] = {}
        for start in range(0, len(waiting), _CHECKPOINT):
            done: list[str] = []
            for packet_id in waiting[start : start + _CHECKPOINT]:
                try:
                    self._bind(self.run.packets[packet_id])
                    done.append(packet_id)
                except NotBound as fault:
                    faults[packet_id] = fault
            self.folder.checkpoint()
            self.index.bound(done)
        if told := [faults[each] for each in (faults if meant is None else meant) if each in faults]:
            raise _all_told(told)

    def _bind(self, packet: PacketRecord) -> None:
        choose(self.index, [packet.packet_id])
        scans = sorted(self.index.pages(packet.packet_id), key=lambda each: each.page or 0)
        copies_file = f"{COPIES}/{Path(packet.file).name}"
        try:
            pdf = self._bound([each for each in scans if each.fate is Fate.PACKET])
            copies = self._bound([each for each in scans if each.fate is Fate.COPY])
        except _Unbound as found:
            self._return_to_queue(found.scans)
            self._bind(packet)
            return
        for name, data in ((packet.file, pdf), (copies_file, copies)):
            if data:
                self.folder.write(name, [data])
            else:
                self.folder.remove(name)
        self._tell_record_system(packet, scans, pdf)

    def _bound(self, scans: Sequence[PageEntry]) -> bytes:
        """Pages as one PDF; nothing where there are none. Raises _Unbound, OutputError."""
        files = self.index.files()
        kept = [self.folder.path / files[scan.file].kept for scan in scans]
        for file in kept:
            if not file.is_file():
                hint = "Put it back, or read that scan again."
                raise NotBound("a scan that was read is here no more", where=file, hint=hint)
        leaves = [
            Leaf(file=file, number=scan.number, turned=scan.turned) for file, scan in zip(kept, scans, strict=True)
        ]
        try:
            return self.opener.bound(leaves) if leaves else b""
        except UnreadableFile as fault:
            if unbound := [scan for scan, leaf in zip(scans, leaves, strict=True) if not self._is_bound(leaf)]:
                raise _Unbound(unbound) from None
            hint = "Scan the paper again at up to 300 dots per inch."
            raise NotBound(f"its pages cannot be bound: {fault}", where=scans[0].packet_id, hint=hint) from None

    def _is_bound(self, leaf: Leaf) -> bool:
        try:
            return bool(self.opener.bound([leaf]))
        except UnreadableFile:
            return False

    def _return_to_queue(self, scans: Sequence[PageEntry]) -> None:
        waiting = [PageEntry(each.file, each.number, Fate.QUEUE, doubt=Doubt.BROKEN, note=_UNBOUND) for each in scans]
        self.index.record(None, waiting, (), ())

    def _tell_record_system(self, packet: PacketRecord, scans: Sequence[PageEntry], pdf: bytes) -> None:
        file = f"{RECORDS}/{Path(packet.file).stem}.json"
        if not pdf:
            self.folder.remove(file)
            return
        from handouts.scan.fhir import bundle  # which takes long to import

        standing = standing_of(self.run, packet, self.index)
        files = self.index.files()
        scanned_at = max(datetime.fromisoformat(files[each.file].added) for each in scans)
        written = bundle(standing, pdf, packet.documents, scanned_at)
        self.folder.write(file, [written])


class NotBound(OutputError):
    """A packet that cannot be bound, whereas others can."""


def _all_told(faults: Sequence[NotBound]) -> NotBound:
    """The first of them, and which other packets cannot be bound."""
    first, *others = faults
    if not others:
        return first
    more = ", ".join(each.where for each in others)
    return NotBound(f"{first.what}; so it is with {more}", where=first.where, hint=first.hint)


class _Unbound(Exception):
    """Scans of which no PDF can be made."""

    def __init__(self, scans: Sequence[PageEntry]) -> None:
        super().__init__()
        self.scans = scans
