"""What a person says of a field: whether something is written in it. It stands above what was read."""

from __future__ import annotations

from handouts.errors import UsageError
from handouts.scan.collect import Collection
from handouts.scan.model import Fate, Ink
from handouts.scan.showing import field_item, look_file, named


def decide(collection: Collection, item: str, state: Ink) -> None:
    """A field is signed, or empty. item: as its picture is called. Raises UsageError, OutputError."""
    item = named(item)
    packet = collection.run.packets.get(item.partition("-")[0])
    entries = collection.index.pages(packet.packet_id) if packet else []
    for entry in entries:
        if packet is None or entry.page is None or entry.fate not in {Fate.PACKET, Fate.COPY}:
            continue
        for number, field in enumerate(collection.run.fields(packet, entry.page)):
            if field_item(entry, number, field.kind, field.name) == item:
                collection.index.decide(entry, number, state)
                collection.folder.remove(look_file(entry, number, field.kind, field.name))
                collection.binder.bind([packet.packet_id])
                return
    hint = "Name it as its picture in the folder `look` is called, without `.png`."
    raise UsageError("no field of that name came back", where=item, hint=hint)
