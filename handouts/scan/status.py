"""How a run stands: what came back of each packet, and who has not signed."""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from handouts.model import Effect
from handouts.run.manifest import Document, FieldBox, PacketRecord
from handouts.scan.index import INDEX, Index, PageEntry
from handouts.scan.model import AppointmentStatus, Fate, FieldStatus, Ink, RunStatus, SignatureState, SignatureStatus
from handouts.scan.printed import PrintedRun, document_of
from handouts.scan.showing import field_item
from handouts.scan.telling import page_ranges

TAKEN_BACK = "withdrawal"
"""The role of who takes consent back, and the kind of the form for that."""
REFUSAL = "refusal"
"""The kind of the form on which somebody says no."""
_SAYING_NO = frozenset({REFUSAL, TAKEN_BACK})
DECIDING = ("patient", "representative")
"""The roles of those who say yes or no."""


@dataclass(frozen=True)
class _Scan:
    """A scan of a page, what is in its fields, by their place, and of which of them a person said so."""

    entry: PageEntry
    states: Mapping[int, Ink]
    decided: frozenset[int]

    def item(self, number: int, field: FieldBox) -> str:
        """What people call a field of the page."""
        return field_item(self.entry, number, field.kind, field.name)


_Scans = defaultdict[str, defaultdict[int, list[_Scan]]]


def status(run: PrintedRun) -> RunStatus:
    """How a run stands. Raises OutputError."""
    scans: _Scans = defaultdict(lambda: defaultdict(list))
    queued, folder = 0, None
    if os.path.lexists(run.folder / INDEX):
        with Index(run.folder / INDEX) as index:
            scans = _scans(index)
            queued = len(index.pages(fate=Fate.QUEUE))
            kept = index.folder()
            folder = kept and str(run.folder / kept)
    return RunStatus(
        run_id=run.manifest.run_id,
        issued_at=run.manifest.issued_at,
        appointments=tuple(_standing(run, packet, scans[packet.packet_id]) for packet in run.manifest.packets),
        queued=queued,
        folder=folder,
        not_printed=tuple(
            dict.fromkeys(each.source for each in run.manifest.problems if each.effect is Effect.NOT_PRINTED)
        ),
    )


def standing_of(run: PrintedRun, packet: PacketRecord, index: Index) -> AppointmentStatus:
    """How one packet stands."""
    return _standing(run, packet, _scans(index, packet.packet_id)[packet.packet_id])


def _scans(index: Index, packet_id: str | None = None) -> _Scans:
    """By packet and page; the scan that stands in the packet first."""
    fields = index.fields(packet_id)
    decided: defaultdict[tuple[str, int], set[int]] = defaultdict(set)
    for file, number, field in index.decided():
        decided[file, number].add(field)
    scans: _Scans = defaultdict(lambda: defaultdict(list))
    for entry in sorted(index.pages(packet_id), key=lambda each: each.fate != Fate.PACKET):
        if entry.packet_id and entry.page and entry.fate in {Fate.PACKET, Fate.COPY}:
            place = entry.file, entry.number
            found = _Scan(entry, fields.get(place, {}), frozenset(decided.get(place, ())))
            scans[entry.packet_id][entry.page].append(found)
    return scans


def _standing(run: PrintedRun, packet: PacketRecord, scans: Mapping[int, Sequence[_Scan]]) -> AppointmentStatus:
    """How one packet stands. scans: of each page that came back, the one that stands in the packet first."""
    returned = sorted(scans)
    expected = _expected(run, packet, scans)
    missing = [page for document in expected for page in _pages(document) if page not in scans]
    signatures = tuple(_signatures(run, packet, scans, expected))
    said_no = (*_said_no(packet, signatures), *_half_said_no(packet, expected, signatures))
    unused = [each for each in packet.documents if each.kind in _instead(packet) and each not in expected]
    back = {page: found for page, found in scans.items() if not any(page in _pages(each) for each in unused)}
    notes = (*said_no, *_notes(run, packet, back, signatures))
    settled = all(each.state == "signed" or (each.optional and each.state == "empty") for each in signatures)
    whole = settled and not missing and not notes
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
        fields=tuple(_others(run, packet, scans)),
        notes=notes,
        file=packet.file if returned else None,
    )


def _expected(run: PrintedRun, packet: PacketRecord, scans: Mapping[int, Sequence[_Scan]]) -> list[Document]:
    """What must come back whole: of each form that is signed one copy, and each copy of which some page came back.

    A handout is the patient's to keep. The forms to refuse, and to take consent back, count once somebody used them, or
    may have: a clinic may print them for everybody.
    """
    signed = {each.page for each in packet.signatures}
    instead = _instead(packet)
    come = []
    for document in packet.documents:
        pages = set(_pages(document))
        if signed & pages and pages & set(scans):
            away = signed & pages - set(scans)
            if document.kind not in instead or away or any(_is_used(run, packet, page, scans) for page in pages):
                come.append(document)
    kinds = {document.kind for document in come} | instead
    for document in packet.documents:
        if document.kind not in kinds and any(page in signed for page in _pages(document)):
            kinds.add(document.kind)
            come.append(document)
    return come


def _instead(packet: PacketRecord) -> frozenset[str]:
    """The kinds of forms by which people say no that were printed beside another one to sign."""
    signed = {document_of(packet, each.page).kind for each in packet.signatures}
    return _SAYING_NO if signed - _SAYING_NO else frozenset()


def _is_used(run: PrintedRun, packet: PacketRecord, page: int, scans: Mapping[int, Sequence[_Scan]]) -> bool:
    """Whether somebody signed on a page, or may have, or filled in something else."""
    return any(
        scan.states.get(place) is Ink.SIGNED or (field.kind == "signature" and scan.states.get(place) is not Ink.EMPTY)
        for scan in scans.get(page, ())
        for place, field in enumerate(run.fields(packet, page))
    )


def _pages(document: Document) -> range:
    return range(document.first_page, document.first_page + document.pages)


def _signatures(
    run: PrintedRun, packet: PacketRecord, scans: Mapping[int, Sequence[_Scan]], expected: Sequence[Document]
) -> Iterator[SignatureStatus]:
    pages = {page for document in expected for page in _pages(document)}
    for page in sorted({each.page for each in packet.signatures} & pages):
        for place, field in enumerate(run.fields(packet, page)):
            if field.kind == "signature":
                found = scans.get(page, ())
                item = found[0].item(place, field) if found else ""
                state = _state(found, place)
                yield SignatureStatus(role=field.name, page=page, state=state, optional=field.optional, item=item)


def _others(run: PrintedRun, packet: PacketRecord, scans: Mapping[int, Sequence[_Scan]]) -> Iterator[FieldStatus]:
    """What else is to be filled in, on the scans that stand in the packet."""
    for page, (first, *_) in sorted(scans.items()):
        for place, field in enumerate(run.fields(packet, page)):
            if field.kind != "signature":
                state, item = first.states.get(place, Ink.LOOK), first.item(place, field)
                yield FieldStatus(kind=field.kind, name=field.name, page=page, state=state, item=item)


def _state(scans: Sequence[_Scan], place: int) -> SignatureState:
    """That of the scan in the packet; where it is empty there and not on a copy, or a person said of a copy that it is
    empty, a person must look, unless one did.
    """
    if not scans:
        return "missing"
    first, *copies = scans
    state = first.states.get(place, Ink.LOOK)
    if place in first.decided:
        return state.value
    if state is Ink.EMPTY and any(copy.states.get(place) is not Ink.EMPTY for copy in copies):
        return "look"
    return "look" if state is Ink.SIGNED and any(_is_refuted(copy, place) for copy in copies) else state.value


def _is_refuted(scan: _Scan, place: int) -> bool:
    """Whether a person said that nothing is filled in."""
    return place in scan.decided and scan.states.get(place) is Ink.EMPTY


def _said_no(packet: PacketRecord, signatures: Sequence[SignatureStatus]) -> Iterator[str]:
    """That somebody took consent back or refused, or may have."""
    refusals = {page for document in packet.documents if document.kind == REFUSAL for page in _pages(document)}
    for signature in signatures:
        if signature.state in {"signed", "look"}:
            perhaps = "" if signature.state == "signed" else "perhaps "
            if signature.role == TAKEN_BACK:
                yield f"consent was {perhaps}taken back: page {signature.page}"
            elif signature.page in refusals and signature.role in DECIDING:
                yield f"treatment was {perhaps}refused: page {signature.page}"


def _half_said_no(
    packet: PacketRecord, expected: Sequence[Document], signatures: Sequence[SignatureStatus]
) -> Iterator[str]:
    """That a form by which people say no was used, or came back in part, and is not known to be signed."""
    told = {each.page for each in signatures if each.state in {"signed", "look"}}
    for document in expected:
        if document.kind in _instead(packet) and not told & set(_pages(document)):
            what = "take consent back" if document.kind == TAKEN_BACK else "refuse"
            yield f"the form to {what} came back filled in, or in part, and not signed: page {document.first_page}"


def _adds(scans: Sequence[_Scan]) -> bool:
    """Whether a copy has something filled in that is empty on the scan in the packet, or a person said that nothing is.
    A scan made before more was filled in does not.
    """
    first, *copies = scans
    return any(
        (state is Ink.SIGNED and first.states.get(place) is Ink.EMPTY)
        or (_is_refuted(copy, place) and first.states.get(place) is Ink.SIGNED)
        for copy in copies
        for place, state in copy.states.items()
        if place not in first.decided
    )


def _notes(
    run: PrintedRun,
    packet: PacketRecord,
    scans: Mapping[int, Sequence[_Scan]],
    signatures: Sequence[SignatureStatus],
) -> Iterator[str]:
    """What a person should see besides signatures."""
    signed = {(each.role, each.page) for each in signatures if each.state == "signed"}
    if differing := [page for page, found in scans.items() if _adds(found)]:
        pages = "page" if len(differing) == 1 else "pages"
        yield f"{pages} {page_ranges(sorted(differing))} came back more than once, each time filled in otherwise"
    for page, found in sorted(scans.items()):
        yield from _left_empty(page, run.fields(packet, page), found[0].states, signed)
        yield from _answered(page, run.fields(packet, page), found[0].states)


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


def _answered(page: int, fields: Sequence[FieldBox], states: Mapping[int, Ink]) -> Iterator[str]:
    """Questions about health that were answered with yes, perhaps with yes, or not at all."""
    yes = [place for place, field in enumerate(fields) if (field.kind, field.name) == ("tick", "yes")]
    told = Counter(_answer(states.get(place), states.get(place + 1)) for place in yes)
    for answer in ("answered yes", "perhaps answered yes", "not answered"):
        if count := told[answer]:
            yield f"page {page}: {count} of {len(yes)} questions {answer}"


def _answer(yes: Ink | None, no: Ink | None) -> str:
    """The answer to a question, by its two boxes, which stand side by side."""
    match yes, no:
        case Ink.SIGNED, _:
            return "answered yes"
        case (Ink.LOOK, Ink.SIGNED) | (Ink.EMPTY, Ink.SIGNED | Ink.LOOK):
            return ""
        case Ink.EMPTY, _:
            return "not answered"
        case _:
            return "perhaps answered yes"
