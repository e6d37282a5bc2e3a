"""Pictures of what a person must look at: pages that wait, and fields that may be filled in or not."""

from __future__ import annotations

from handouts.run.folder import RunFolder
from handouts.scan.index import PageEntry
from handouts.scan.model import Fate, FieldReading, PageReading

QUEUE, LOOK = "queue", "look"


def show(folder: RunFolder, entry: PageEntry, reading: PageReading) -> None:
    """Write the pictures of a page. They have names after the next checkpoint. Raises OutputError."""
    if reading.picture:
        folder.write(queue_file(entry) if entry.fate is Fate.QUEUE else look_file(entry), [reading.picture])
    for field in reading.fields:
        if field.picture:
            folder.write(look_file(entry, field), [field.picture])


def queue_file(entry: PageEntry) -> str:
    """The picture of a page that waits."""
    return f"{QUEUE}/{entry.item}.png"


def look_file(entry: PageEntry, field: FieldReading | None = None) -> str:
    """The picture of a field to look at, or of a page of which all fields are."""
    of_field = f"-{field.kind}{f'-{field.name}' if field.name else ''}-{field.number + 1}" if field else ""
    return f"{LOOK}/{entry.packet_id}-p{entry.page:03}{of_field}-{entry.item}.png"
