"""How the pages of a printed run look before anyone writes on them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pypdfium2

from handouts.run.manifest import PacketRecord
from handouts.scan.pictures import A_POINT, Picture
from handouts.scan.printed import PrintedRun

_OPEN_AT_ONCE = 16


class Blanks:
    """How the pages of a run look before anyone writes on them. Some files stay open until `close`.

    Each page is taken from its packet's file; where that is locked, changed or gone, from the print run. In a file in
    which somebody signed, no signature would be seen to be new.
    """

    def __init__(self, run: PrintedRun) -> None:
        self._run = run
        self._open: dict[Path, pypdfium2.PdfDocument] = {}

    def close(self) -> None:
        """Close them."""
        for document in self._open.values():
            document.close()

    def picture(self, packet: PacketRecord, page: int | None) -> Picture | None:
        """The page, at DOTS_PER_INCH; None where it cannot be read. page: None for the one left blank behind."""
        for file, sha256, number in self._places(packet, page):
            try:
                bitmap = self._document(file, sha256)[number].render(scale=A_POINT, grayscale=True)
            except (pypdfium2.PdfiumError, OSError, IndexError, _Changed):
                continue
            return np.array(bitmap.to_numpy(), np.uint8).reshape(bitmap.height, bitmap.width)
        return None

    def _places(self, packet: PacketRecord, page: int | None) -> Iterator[tuple[Path, str, int]]:
        """Files with their SHA-256, and the page's number in each, from 0. A page left blank is in the print run."""
        if page is not None:
            yield self._run.folder / packet.file, packet.sha256, page - 1
        run = self._run.manifest.print_run
        if run is not None:
            file, sha256 = run.file, run.sha256
            for further in run.further_files:
                if packet.position >= further.first_position:
                    file, sha256 = further.file, further.sha256
            yield self._run.folder / file, sha256, packet.print_run_first_page + (page or packet.pages + 1) - 2

    def _document(self, file: Path, sha256: str) -> pypdfium2.PdfDocument:
        document = self._open.pop(file, None)
        if document is None:
            if _digest(file) != sha256:
                raise _Changed
            if len(self._open) >= _OPEN_AT_ONCE:
                self._open.pop(next(iter(self._open))).close()
            document = pypdfium2.PdfDocument(file)
        self._open[file] = document
        return document


class _Changed(Exception):
    """A file that is not as it was printed."""


def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
