"""How a run stands: what came back of each packet, and who has not signed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from handouts.run.manifest import Document, FieldBox, PacketRecord
from handouts.scan.index import INDEX, Index, PageEntry
from handouts.scan.model import AppointmentStatus, Fate, Ink, RunStatus, SignatureState, SignatureStatus
from handouts.scan.printed import PrintedRun
from handouts.scan.telling import page_ranges

TAKEN_BACK = "withdrawal"
"""The role of who takes consent back."""

_Fields = Mapping[tuple[str, int], Mapping[int, Ink]]


@dataclass(frozen=True)
class _Scan:
    """A scan of a page, and what is written in its fields, by their place."""

    entry: PageEntry
    states: Mapping[int, Ink]


def status(run: PrintedRun) -> RunStatus:
    """How a run stands. Raises OutputError."""
    pages: list[PageEntry] = []
    fields: _Fields = {}
    if (run.folder / INDEX).exists():
        with Index(run.folder / INDEX) as index:
            pages, fields = index.pages(), index.fields()
    scans = _scans(pages, fields)
    return RunStatus(
        run_id=run.manifest.run_id,
        issued_at=run.manifest.issued_at,
        appointments=tuple(_standing(run, packet, scans[packet.packet_id]) for packet in run.manifest.packets),
        queued=sum(entry.fate is Fate.QUEUE for entry in pages),
    )


def standing_of(run: PrintedRun, packet: PacketRecord, index: Index) -> AppointmentStatus:
    """How one packet stands."""
    scans = _scans(index.pages(packet.packet_id), index.fields(packet.packet_id))
    return _standing(run, packet, scans[packet.packet_id])


def _scans(pages: Sequence[PageEntry], fields: _Fields) -> defaultdict[str, defaultdict[int, list[_Scan]]]:
    """By packet and page; the scan that stands in the packet first."""
    scans: defaultdict[str, defaultdict[int, list[_Scan]]] = defaultdict(lambda: defaultdict(list))
    for entry in sorted(pages, key=lambda each: each.fate != Fate.PACKET):
        if entry.packet_id and entry.page and entry.fate in {Fate.PACKET, Fate.COPY}:
            found = _Scan(entry, fields.get((entry.file, entry.number), {}))
            scans[entry.packet_id][entry.page].append(found)
    return scans


def _standing(run: PrintedRun, packet: PacketRecord, scans: Mapping[int, Sequence[_Scan]]) -> AppointmentStatus:
    """How one packet stands. scans: of each page that came back, the one that stands in the packet first."""
    returned = sorted(scans)
    missing = [page for document in _expected(packet, returned) for page in _pages(document) if page not in scans]
    signatures = tuple(_signatures(run, packet, scans, _expected(packet, returned)))
    notes = tuple(_notes(run, packet, scans, signatures))
    needed = [each for each in signatures if not each.optional]
    taken_back = any(each.role == TAKEN_BACK and each.state in {"signed", "look"} for each in signatures)
    whole = not missing and all(each.state == "signed" for each in needed) and not taken_back
    return AppointmentStatus(
        position=packet.position,
        start=packet.start,
        appointment_id=packet.appointment_id,
        source=packet.source,
        packet_id=packet.packet_id,
        state="printed" if not returned else "complete" if whole else "returned",
        pages=packet.pages,
        pages_returned=tuple(returned),
        pages_missing=tuple(sorted(missing)),
        signatures=signatures,
        notes=notes,
        file=packet.file if returned else None,
    )


def _expected(packet: PacketRecord, returned: Sequence[int]) -> list[Document]:
    """What must come back: of each form that is signed one copy, and whatever came back in part.

    A handout is the patient's to keep.
    """
    signed = {each.page for each in packet.signatures}
    come = [document for document in packet.documents if any(page in returned for page in _pages(document))]
    kinds = {document.kind for document in come}
    for document in packet.documents:
        if document.kind not in kinds and any(page in signed for page in _pages(document)):
            kinds.add(document.kind)
            come.append(document)
    return come


def _pages(document: Document) -> range:
    return range(document.first_page, document.first_page + document.pages)


def _signatures(
    run: PrintedRun, packet: PacketRecord, scans: Mapping[int, Sequence[_Scan]], expected: Sequence[Document]
) -> Iterator[SignatureStatus]:
    pages = {page for document in expected for page in _pages(document)}
    for page in sorted({each.page for each in packet.signatures} & pages):
        for place, field in enumerate(run.fields(packet, page)):
            if field.kind == "signature":
                state = _state(scans.get(page, ()), place)
                yield SignatureStatus(role=field.name, page=page, state=state, optional=field.optional)


def _state(scans: Sequence[_Scan], place: int) -> SignatureState:
    """That of the scan in the packet; where it is empty there and not on a copy, a person must look."""
    if not scans:
        return "missing"
    first, *copies = (scan.states.get(place, Ink.LOOK) for scan in scans)
    if first is Ink.EMPTY and any(copy is not Ink.EMPTY for copy in copies):
        return "look"
    return first.value


def _adds(scans: Sequence[_Scan]) -> bool:
    """Whether a copy has something filled in that is empty on the scan in the packet. A scan made before more was
    filled in does not.
    """
    first, *copies = scans
    return any(
        state is Ink.SIGNED and first.states.get(place) is Ink.EMPTY
        for copy in copies
        for place, state in copy.states.items()
    )


def _notes(
    run: PrintedRun,
    packet: PacketRecord,
    scans: Mapping[int, Sequence[_Scan]],
    signatures: Sequence[SignatureStatus],
) -> Iterator[str]:
    """What a person should see besides signatures."""
    for signature in signatures:
        if signature.role == TAKEN_BACK and signature.state in {"signed", "look"}:
            perhaps = "" if signature.state == "signed" else "perhaps "
            yield f"consent was {perhaps}taken back: page {signature.page}"
    signed = {(each.role, each.page) for each in signatures if each.state == "signed"}
    if differing := [page for page, found in scans.items() if _adds(found)]:
        pages = "page" if len(differing) == 1 else "pages"
        yield f"{pages} {page_ranges(sorted(differing))} came back more than once, each time filled in otherwise"
    for page, found in sorted(scans.items()):
        yield from _left_empty(page, run.fields(packet, page), found[0].states, signed)


def _left_empty(
    page: int, fields: Sequence[FieldBox], states: Mapping[int, Ink], signed: set[tuple[str, int]]
) -> Iterator[str]:
    """What was not filled in beside a signature, and statements without initials."""
    initials = [states.get(place) for place, field in enumerate(fields) if field.kind == "initials"]
    for state, what in ((Ink.EMPTY, "are missing"), (Ink.LOOK, "are to be looked at")):
        if count := initials.count(state):
            yield f"page {page}: {count} of {len(initials)} initials {what}"
    for place, field in enumerate(fields):
        if field.kind in {"date", "time"} and (field.name, page) in signed:
            match states.get(place):
                case Ink.EMPTY:
                    yield f"page {page}: the {field.kind} is missing ({field.name})"
                case Ink.LOOK:
                    yield f"page {page}: the {field.kind} is to be looked at ({field.name})"
