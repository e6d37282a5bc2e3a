"""Foreign files opened page by page: PDF, TIFF, JPEG, PNG, as scanners write them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from handouts.scan.image_files import opened_image
from handouts.scan.pdf_files import opened_pdf
from handouts.scan.sheets import Stack, Unreadable


@contextmanager
def opened(path: Path) -> Iterator[Stack]:
    """The pages of a file. Raises Unreadable."""
    with path.open("rb") as file:
        head = file.read(1024)
    if not head:
        raise Unreadable("it is empty; scan the paper again")
    if b"%PDF-" in head:
        with opened_pdf(path) as stack:
            yield stack
        return
    with opened_image(path) as stack:
        yield stack
