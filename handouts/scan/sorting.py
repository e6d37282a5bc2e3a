"""Where each page of a scanned file belongs, and which of several scans of a page stands in its packet."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from handouts.scan.index import Index, PageEntry
from handouts.scan.model import Fate, FieldReading, Ink, PageReading

NO_OTHER_SIDE = "it is blank, and it is not known what stands on its other side"


def sorted_pages(file: str, readings: Sequence[PageReading]) -> list[PageEntry]:
    """All pages of a file. file: its SHA-256. A blank one is the back of the page scanned with it, if that is known."""
    return [_sorted(file, reading, _other_side(readings, place)) for place, reading in enumerate(readings)]


def _other_side(readings: Sequence[PageReading], place: int) -> PageReading | None:
    """A scanner that takes both sides gives the front and then the back of each sheet."""
    other = place ^ 1
    return readings[other] if other < len(readings) else None


def _sorted(file: str, reading: PageReading, other: PageReading | None) -> PageEntry:
    number, turned = reading.number, reading.turned
    if reading.packet_id:
        fate = Fate.BLANK if reading.padding else Fate.PACKET
        return PageEntry(file, number, fate, reading.packet_id, reading.page, turned=turned)
    if not reading.blank:
        return PageEntry(file, number, Fate.QUEUE, doubt=reading.doubt, note=reading.note)
    if other and other.packet_id:
        return PageEntry(file, number, Fate.BLANK, other.packet_id)
    return PageEntry(file, number, Fate.QUEUE, note=NO_OTHER_SIDE)


def fields_of(file: str, readings: Iterable[PageReading]) -> list[tuple[str, int, FieldReading]]:
    """What was read in all fields, each with its page's file and number."""
    return [(file, reading.number, field) for reading in readings for field in reading.fields]


def choose(index: Index, packet_ids: Iterable[str]) -> None:
    """Say which scans stand in these packets, and which are copies."""
    for packet_id in sorted(packet_ids):
        index.place(chosen(index.pages(packet_id), index.fields(packet_id)))


def chosen(
    scans: Iterable[PageEntry], fields: Mapping[tuple[str, int], Mapping[int, Ink]]
) -> Iterator[tuple[PageEntry, Fate]]:
    """Of all scans of a packet's pages, those that stand in it, and those that are copies: the more is known to be
    written, the better, then the more may be, and the earlier among equals. What is on a page never comes from two
    scans of it.
    """
    by_page: defaultdict[int, list[PageEntry]] = defaultdict(list)
    for scan in scans:
        if scan.fate in {Fate.PACKET, Fate.COPY} and scan.page is not None:
            by_page[scan.page].append(scan)
    for page in sorted(by_page):
        written = {scan: _written(fields.get((scan.file, scan.number), {})) for scan in by_page[page]}
        ranked = sorted(written, key=written.__getitem__, reverse=True)
        yield ranked[0], Fate.PACKET
        for other in ranked[1:]:
            yield other, Fate.COPY


def _written(states: Mapping[int, Ink]) -> tuple[int, int]:
    """What was read comes first: of a page that could not be laid over its blank each field is to be looked at."""
    found = Counter(states.values())
    return found[Ink.SIGNED], found[Ink.LOOK]
