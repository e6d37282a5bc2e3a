"""Pictures of what a person must look at: pages that wait, and fields that may be filled in or not."""

from __future__ import annotations

from handouts.model import FieldKind
from handouts.run.folder import RunFolder
from handouts.scan.index import PageEntry
from handouts.scan.model import Fate, PageReading

QUEUE, LOOK, COPIES = "queue", "look", "copies"


def show(folder: RunFolder, entry: PageEntry, reading: PageReading) -> None:
    """Write the pictures of a page. They have names after the next checkpoint. Raises OutputError."""
    if reading.picture and entry.fate is Fate.QUEUE:
        folder.write(queue_file(entry), [reading.picture])
    for field in reading.fields:
        if field.picture:
            folder.write(look_file(entry, field.number, field.kind, field.name), [field.picture])


def queue_file(entry: PageEntry) -> str:
    """The picture of a page that waits."""
    return f"{QUEUE}/{entry.item}.png"


def look_file(entry: PageEntry, number: int, kind: FieldKind, name: str) -> str:
    """The picture of a field to look at. Boxes to tick have a folder of their own: they are many, and sign nothing."""
    return f"{LOOK}/{'ticks/' if kind == 'tick' else ''}{field_item(entry, number, kind, name)}.png"


def named(said: str) -> str:
    """What people call a page or a field, who may name its picture instead, with folder and ending."""
    return said.replace("\\", "/").rpartition("/")[2].removesuffix(".png")


def field_item(entry: PageEntry, number: int, kind: FieldKind, name: str) -> str:
    """What people call a field of a page that came back. number: its place among those of its page, from 0."""
    return f"{entry.packet_id}-p{entry.page:03}-{kind}{f'-{name}' if name else ''}-{number + 1}-{entry.item}"
