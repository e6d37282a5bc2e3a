"""Signed paper that comes back to a run, and what became of it: asked as people ask, and read from what was written."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2
import zxingcpp
from PIL import Image

from handouts.layout.codes import PageCode
from handouts.scan.collect import RETURNED
from handouts.scan.index import INDEX, Index, PageEntry
from handouts.scan.pictures import Picture
from handouts.scan.printed import PrintedRun
from tests.run.making import QR, Done, handouts
from tests.scan.simulator.ink import draw
from tests.scan.simulator.other_papers import blank, other_paper
from tests.scan.simulator.pen import write

DPI = 200
BOTH = ("patient", "clinician")
_LETTER = 612.0, 792.0


@dataclass(frozen=True)
class Paper:
    """A printed run whose pages are written on, come back, and are asked for."""

    folder: Path

    @property
    def run(self) -> PrintedRun:
        """As it was printed."""
        return PrintedRun.of(self.folder)

    @property
    def returned(self) -> Path:
        """Where what came back is kept."""
        return self.folder / RETURNED

    @property
    def ids(self) -> list[str]:
        """The packets', in the order of the day."""
        return list(self.run.packets)

    def page(self, packet: int, page: int, signed: Collection[str] = (), seed: int = 1, style: str = "full") -> Picture:
        """The scan of a page. packet: its place in the day, from 0. signed: roles; "all" fills in every field but a
        withdrawal, and answers no. style: of signatures.
        """
        record = self.run.manifest.packets[packet]
        file = self.folder / "print-run.pdf"
        picture = _print(file, record.print_run_first_page + page - 1, file.stat().st_mtime_ns).copy()
        for place, field in enumerate(self.run.fields(record, page)):
            if field.name in signed or ("all" in signed and field.name not in {"withdrawal", "yes"}):
                random = np.random.default_rng([seed, packet, page, place])
                how = style if field.kind == "signature" else None
                draw(picture, write(field.kind, field.box, random, style=how).strokes, DPI)
        return picture

    def packet(self, packet: int, signed: Collection[str] = ()) -> list[Picture]:
        """The scans of all its pages, in order."""
        pages = self.run.manifest.packets[packet].pages
        return [self.page(packet, page, signed) for page in range(1, pages + 1)]

    def form(self, packet: int, kind: str = "consent") -> range:
        """The pages of a form within a packet."""
        document = next(each for each in self.run.manifest.packets[packet].documents if each.kind == kind)
        return range(document.first_page, document.first_page + document.pages)

    # -- asking ------------------------------------------------------------------------------------

    def scan(self, *files: Path, out: Path | None = None) -> Done:
        """`handouts scan`."""
        return handouts("scan", *files, "--run", self.folder, *(("--out", out) if out else ()))

    def told(self, *files: Path) -> dict[str, Any]:
        """`handouts scan --json`."""
        done = handouts("scan", *files, "--run", self.folder, "--json")
        told: dict[str, Any] = json.loads(done.out)
        assert done.code == told["exit_code"], done.err
        return told

    def assign(self, item: str, *more: str | int) -> Done:
        """`handouts scan assign`."""
        return handouts("scan", "assign", item, "--run", self.folder, *map(str, more))

    def decide(self, item: str, *more: str) -> Done:
        """`handouts scan decide`."""
        return handouts("scan", "decide", item, "--run", self.folder, *more)

    def status(self) -> dict[str, Any]:
        """`handouts status --json`."""
        told: dict[str, Any] = json.loads(handouts("status", self.folder, "--json").out)
        return told

    def standing(self, packet: int) -> dict[str, Any]:
        """What `handouts status --json` tells of one appointment."""
        found: dict[str, Any] = self.status()["appointments"][packet]
        return found

    # -- looking -----------------------------------------------------------------------------------

    def pages(self) -> list[PageEntry]:
        """Every scanned page, as the index has it."""
        with Index(self.folder / INDEX) as index:
            return index.pages()

    def bound(self, packet: int, copies: str = "") -> list[int | None]:
        """The pages in a packet's PDF, read from the codes on them, None where there are none; checked to
        be all of that packet and upright. copies: "copies" for those of the PDF of copies.
        """
        record = self.run.manifest.packets[packet]
        numbers: list[int | None] = []
        for shown in shown_pages(self.returned / (f"copies/{Path(record.file).name}" if copies else record.file)):
            codes = sorted(zxingcpp.read_barcodes(shown, formats=QR), key=lambda code: code.position.top_left.y)
            told = {PageCode.parse(code.text) for code in codes}
            code = told.pop() if told else None
            assert not told
            if codes:
                assert code is not None
                assert code.packet_id == record.packet_id
                assert codes[0].position.top_left.y < codes[0].position.bottom_left.y, "the page stands on its head"
            numbers.append(code.page if code else None)
        return numbers

    def files(self) -> dict[str, bytes]:
        """All that is kept, but the lock and the mark."""
        kept = [
            each for each in sorted(self.returned.rglob("*")) if each.is_file() and each.name not in {".lock", ".run"}
        ]
        return {str(each.relative_to(self.returned)): each.read_bytes() for each in kept}

    def copy(self, folder: Path) -> Paper:
        """The same run in another folder, of which nothing came back yet."""
        shutil.copytree(self.folder, folder)
        return Paper(folder)


@lru_cache(maxsize=64)
def _print(file: Path, page: int, printed_at: int) -> Picture:
    """A page as it left the printer; a file of that name may be printed again."""
    with pypdfium2.PdfDocument(file) as document:
        made = document[page - 1].render(scale=DPI / 72, grayscale=True)
        return np.array(made.to_numpy(), np.uint8).reshape(made.height, made.width)


def shown_pages(file: Path) -> Iterator[Picture]:
    """How a PDF's pages look, at DPI."""
    with pypdfium2.PdfDocument(file) as document:
        for page in document:
            made = page.render(scale=DPI / 72, grayscale=True)
            yield np.array(made.to_numpy(), np.uint8).reshape(made.height, made.width)


def turned(picture: Picture) -> Picture:
    """Fed upside down."""
    return np.ascontiguousarray(np.rot90(picture, 2))


def empty() -> Picture:
    """A blank side."""
    return blank(_LETTER, DPI)


def foreign(seed: int = 7) -> Picture:
    """A page of another paper."""
    return other_paper(_LETTER, DPI, np.random.default_rng(seed))[1]


def covered(picture: Picture) -> Picture:
    """The page with labels over both codes."""
    shown = picture.copy()
    side = round(24 / 25.4 * DPI)
    shown[:side, -side:] = 255
    shown[-side:, :side] = 255
    return shown


def contradictory(picture: Picture, other: Picture) -> Picture:
    """The page with the upper code of another."""
    shown = picture.copy()
    side = round(26 / 25.4 * DPI)
    shown[:side, -side:] = other[:side, -side:]
    return shown


def nameless(picture: Picture) -> Picture:
    """The page without its codes and all that stands at its foot."""
    shown = covered(picture)
    shown[-round(28 / 25.4 * DPI) :] = 255
    return shown


def scanned(file: Path, *pictures: Picture) -> Path:
    """A file of scans, of the kind that its name ends in; written a while ago."""
    first, *rest = [Image.fromarray(each) for each in pictures]
    file.parent.mkdir(parents=True, exist_ok=True)
    if file.suffix in {".pdf", ".tif", ".tiff"}:
        how: dict[str, Any] = {"resolution": DPI} if file.suffix == ".pdf" else {"compression": "tiff_lzw"}
        first.save(file, dpi=(DPI, DPI), save_all=True, append_images=rest, **how)
    else:
        assert not rest
        first.save(file, dpi=(DPI, DPI))
    return settled(file)


def settled(file: Path) -> Path:
    """A file that nobody wrote to for a while."""
    os.utime(file, (1_700_000_000, 1_700_000_000))
    return file


def shuffled(pictures: Sequence[Picture], seed: int = 3) -> list[Picture]:
    """As they fell on the floor."""
    return [pictures[place] for place in np.random.default_rng(seed).permutation(len(pictures))]
