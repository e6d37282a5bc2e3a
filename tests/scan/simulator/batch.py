"""Stacks of scanned paper: many packets in any order, blank backs, other papers between, as files."""

from __future__ import annotations

import io
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

import numpy as np
import pikepdf
from PIL import Image, TiffImagePlugin

from tests.scan.simulator.printed import page_count, printed_page
from tests.scan.simulator.sheet import Packet, Scanned, Wanted, What, scanned_back, scanned_other, scanned_page

Order: TypeAlias = Literal["in order", "interleaved", "shuffled"]
Format: TypeAlias = Literal["pdf", "tiff", "jpeg", "png"]


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a sheet in a stack. packet and page tell whose it is; of a blank back, whose front it has."""

    what: What
    packet: Packet
    page: int
    seed: int


def stacked(
    packets: Sequence[Packet], seed: int, order: Order = "in order", *, backs: bool = False, others: float = 0.0,
    missing: float = 0.0, twice: float = 0.0,
) -> tuple[Side, ...]:  # fmt: skip
    """What lies on the feeder.

    backs: each page has a blank back that is scanned too. others: papers of others for each page. missing, twice:
    shares of the pages that are not there, or that were scanned a second time.
    """
    random = np.random.default_rng([seed, 21])
    runs = [[(packet, page) for page in range(1, page_count(packet.file) + 1)] for packet in packets]
    pages = [each for run in runs for each in run]
    if order == "shuffled":
        pages = [pages[place] for place in random.permutation(len(pages))]
    elif order == "interleaved":
        owners = random.permutation([number for number, run in enumerate(runs) for _ in run])
        upcoming = [iter(run) for run in runs]
        pages = [next(upcoming[owner]) for owner in owners]
    sides: list[Side] = []
    for packet, page in pages:
        own = zlib.crc32(f"{packet.packet_id}/{page}".encode())
        if random.random() < missing:
            continue
        for again in range(2 if random.random() < twice else 1):
            sides.append(Side("page", packet, page, seed + again))
            sides += [Side("blank", packet, page, own + seed + again)] * backs
        if random.random() < others:
            sides.append(Side("other", packet, page, own + seed))
    return tuple(sides)


def scanned(side: Side, wanted: Wanted = Wanted()) -> Scanned:  # noqa: B008 - it is frozen
    """The scan of one side."""
    if side.what == "page":
        return scanned_page(side.packet, side.page, side.seed, wanted)
    front = printed_page(side.packet.file, side.page)
    size = (front.shape[1] * 0.24, front.shape[0] * 0.24)
    if side.what == "blank":
        return scanned_back(size, front, side.seed, wanted)
    return scanned_other(size, side.seed, wanted)


def written_files(scans: Sequence[Scanned], folder: Path, name: str, kind: Format) -> list[Path]:
    """A stack as files: one PDF or TIFF of all pages, or a JPEG or PNG for each. The folder exists.

    In PDFs bitonal pages are CCITT G4, others JPEG; in TIFFs bitonal ones are G4, others LZW.
    """
    images = [_image(scan) for scan in scans]
    dpi = [scan.truth.scanner.dpi for scan in scans]
    if kind in ("jpeg", "png"):
        suffix = {"jpeg": "jpg", "png": "png"}[kind]
        files = [folder / f"{name}-{number:04}.{suffix}" for number in range(1, len(images) + 1)]
        for file, image, dots in zip(files, images, dpi, strict=True):
            storable = image.convert("L") if kind == "jpeg" and image.mode == "1" else image
            storable.save(file, dpi=(dots, dots), quality=92)
        return files
    file = folder / f"{name}.{kind}"
    if kind == "pdf":
        _save_pdf(images, dpi, file)
    else:
        _save_tiff(images, dpi, file)
    return [file]


def _image(scan: Scanned) -> Image.Image:
    picture = scan.picture
    if picture.ndim == 3:
        return Image.fromarray(np.ascontiguousarray(picture[:, :, ::-1]))
    image = Image.fromarray(picture)
    return image.convert("1", dither=Image.Dither.NONE) if scan.truth.scanner.mode == "bitonal" else image


def _save_pdf(images: Sequence[Image.Image], dpi: Sequence[int], file: Path) -> None:
    with pikepdf.new() as whole:
        for image, dots in zip(images, dpi, strict=True):
            stored = io.BytesIO()
            lossy = {} if image.mode == "1" else {"quality": 92}
            image.save(stored, format="PDF", resolution=dots, **lossy)
            with pikepdf.open(stored) as single:
                whole.pages.extend(single.pages)
        whole.save(file)


def _save_tiff(images: Sequence[Image.Image], dpi: Sequence[int], file: Path) -> None:
    with TiffImagePlugin.AppendingTiffWriter(file, new=True) as writer:
        for image, dots in zip(images, dpi, strict=True):
            compression = "group4" if image.mode == "1" else "tiff_lzw"
            image.save(writer, format="TIFF", compression=compression, dpi=(dots, dots))
            writer.newFrame()
