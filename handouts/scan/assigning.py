"""What a person says of a page that waits: whose it is, or that it is none of this run's. It can be said anew."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from handouts.errors import UsageError
from handouts.run.manifest import Document, PacketRecord
from handouts.scan.child import Leaf
from handouts.scan.collect import Collection
from handouts.scan.identity import ALIKE
from handouts.scan.index import PageEntry
from handouts.scan.model import Fate, FieldReading
from handouts.scan.opening import UnreadableFile
from handouts.scan.printed import PrintedRun, document_of
from handouts.scan.showing import look_file, named, queue_file, show
from handouts.scan.sorting import fields_of

_SAID = "a person said so"
_ENOUGH = 5
"""Letters of a packet's id that are asked at least."""


def assign(collection: Collection, item: str, packet_said: str, page: int) -> tuple[PacketRecord, Document]:
    """A page that waits is this page of this packet; which packet and form that is.

    item: as its picture is called. packet_said: the packet's id or how it begins, or its appointment's. Raises
    UsageError, OutputError.
    """
    entry = _waiting(collection, item)
    packet = _packet(collection.run, packet_said)
    packet_id = packet.packet_id
    if not 1 <= page <= packet.pages:
        raise UsageError(f"that packet has pages 1 to {packet.pages}", hint="The number stands at the page's foot.")
    leaf = Leaf(file=collection.folder.path / collection.index.files()[entry.file].kept, number=entry.number)
    try:
        reading = collection.opener.page(leaf, packet_id, page)
    except UnreadableFile as fault:
        raise UsageError(f"the page cannot be read: {fault}", where=item, hint="Scan the paper again.") from None
    if reading.doubt:
        raise UsageError(f"it is no such page: {reading.note}", where=item, hint="Look at the page's foot again.")
    found = PageEntry(entry.file, entry.number, Fate.PACKET, packet_id, page, note=_SAID, turned=reading.turned)
    show(collection.folder, found, reading)
    collection.folder.checkpoint()
    _said(collection, entry, found, fields_of(entry.file, [reading]))
    return packet, document_of(packet, page)


def set_aside(collection: Collection, item: str) -> None:
    """A page that waits is none of this run's. item: as its picture is called. Raises UsageError, OutputError."""
    entry = _waiting(collection, item)
    aside = replace(entry, fate=Fate.ASIDE, packet_id=None, page=None, note=_SAID)
    _said(collection, entry, aside, ())


def _packet(run: PrintedRun, said: str) -> PacketRecord:
    """The packet that people mean: they read small print, and know appointments better."""
    of_appointment = [each for each in run.manifest.packets if each.appointment_id == said.strip()]
    read = re.sub(r"[\W_]", "", said.upper()).translate(ALIKE)
    found = of_appointment or [each for each in run.manifest.packets if read and each.packet_id.startswith(read)]
    if len(found) == 1 and (of_appointment or len(read) >= _ENOUGH):
        return found[0]
    hint = "It stands in small print at each page's foot. The appointment's id will do, too."
    if not found:
        raise UsageError("no packet of this run has an id like this", hint=hint)
    if len(found) > 1:
        raise UsageError("several packets of this run have ids that begin like this", hint=hint)
    raise UsageError(f"name at least {_ENOUGH} letters of the packet's id", hint=hint)


def _waiting(collection: Collection, item: str) -> PageEntry:
    """A page that waits, or of which a person said something before: people err."""
    for entry in collection.index.pages():
        if entry.item == named(item) and (entry.fate is Fate.QUEUE or entry.note == _SAID):
            return entry
    hint = "Name it as its picture in the folder `queue` is called, without `.png`."
    raise UsageError("no page of that name waits here", where=item, hint=hint)


def _said(
    collection: Collection, before: PageEntry, now: PageEntry, fields: Iterable[tuple[str, int, FieldReading]]
) -> None:
    packets = {each.packet_id for each in (before, now) if each.packet_id}
    collection.index.record(None, [now], fields, packets)
    collection.binder.bind(packets)
    if any(each.item == now.item for each in collection.index.pages(fate=Fate.QUEUE)):
        raise UsageError("the page can be read but not kept", where=now.item, hint="Scan the paper again.")
    collection.folder.remove(queue_file(now))
    packet = collection.run.packets.get(before.packet_id or "")
    if packet and before.page and (before.packet_id, before.page) != (now.packet_id, now.page):
        for number, field in enumerate(collection.run.fields(packet, before.page)):
            collection.folder.remove(look_file(before, number, field.kind, field.name))
