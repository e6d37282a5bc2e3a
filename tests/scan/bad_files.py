"""Files that no scanner makes: cut off, locked, made to break programs, or no files at all."""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import pikepdf
from PIL import Image

from handouts.scan.pictures import Picture
from tests.scan.paper import scanned, settled

Make = Callable[[Path, Picture], Path]
"""Makes a file in a folder, of a page that would have been good."""

_MEGABYTE = 1_000_000


def locked_pdf(folder: Path, page: Picture) -> Path:
    file = scanned(folder / "locked.pdf", page)
    with pikepdf.open(file, allow_overwriting_input=True) as whole:
        whole.save(encryption=pikepdf.Encryption(user="secret", owner="secret"))
    return settled(file)


def cut_pdf(folder: Path, page: Picture) -> Path:
    return _cut(scanned(folder / "cut.pdf", page), 0.5)


def pdf_cut_to_its_head(folder: Path, page: Picture) -> Path:
    return _cut(scanned(folder / "head.pdf", page), 0.0005)


def cut_tiff(folder: Path, page: Picture) -> Path:
    return _cut(scanned(folder / "cut.tif", page, page), 0.5)


def cut_jpeg(folder: Path, page: Picture) -> Path:
    return _cut(scanned(folder / "cut.jpg", page), 0.5)


def cut_png(folder: Path, page: Picture) -> Path:
    return _cut(scanned(folder / "cut.png", page), 0.5)


def empty_file(folder: Path, page: Picture) -> Path:
    return _written(folder / "empty.pdf", b"")


def text_called_pdf(folder: Path, page: Picture) -> Path:
    return _written(folder / "text.pdf", b"Dear all,\nplease find enclosed nothing at all.\n")


def text_after_a_pdf_head(folder: Path, page: Picture) -> Path:
    return _written(folder / "half-text.pdf", b"%PDF-1.7\nDear all,\nplease find enclosed nothing at all.\n")


def picture_of_another_kind(folder: Path, page: Picture) -> Path:
    Image.fromarray(page).save(folder / "picture.gif")
    return settled(folder / "picture.gif")


def pdf_without_pages(folder: Path, page: Picture) -> Path:
    return _pdf(folder / "none.pdf", b"<< /Type /Pages /Kids [] /Count 0 >>")


def circular_page_tree(folder: Path, page: Picture) -> Path:
    return _pdf(folder / "circular.pdf", b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Parent 2 0 R /Count 40 >>")


def pdf_of_10_000_pages(folder: Path, page: Picture) -> Path:
    file = folder / "many.pdf"
    with pikepdf.new() as whole:
        for _ in range(10_000):
            whole.add_blank_page()
        whole.save(file)
    return settled(file)


def page_of_one_point(folder: Path, page: Picture) -> Path:
    return _sized(folder / "point.pdf", b"[0 0 1 1]")


def page_of_five_metres(folder: Path, page: Picture) -> Path:
    return _sized(folder / "vast.pdf", b"[0 0 14400 14400]")


def page_of_no_size(folder: Path, page: Picture) -> Path:
    return _sized(folder / "nan.pdf", b"[nan 0 NaN 1e999]")


def page_inside_out(folder: Path, page: Picture) -> Path:
    return _sized(folder / "inside-out.pdf", b"[600 700 -1 -1e38]")


def png_of_60_000_pixels_a_side(folder: Path, page: Picture) -> Path:
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 1, 0, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(bytes(_MEGABYTE))), (b"IEND", b"")]
    made = b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
    return _written(folder / "bomb.png", b"\x89PNG\r\n\x1a\n" + made)


def pdf_with_a_picture_of_60_000_pixels_a_side(folder: Path, page: Picture) -> Path:
    squeezed = _squeezed(450)
    image = (
        b"<< /Type /XObject /Subtype /Image /Width 60000 /Height 60000 /BitsPerComponent 1 /ColorSpace /DeviceGray"
        b" /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (len(squeezed), squeezed)
    )
    drawn = b"q 612 0 0 792 0 0 cm /A Do Q"
    content = b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn)
    return _pdf(
        folder / "picture-bomb.pdf",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R"
        b" /Resources << /XObject << /A 5 0 R >> >> >>",
        content,
        image,
    )


def pdf_that_swells_a_thousand_times_twice(folder: Path, page: Picture) -> Path:
    twice = zlib.compress(_squeezed(3_000))
    content = b"<< /Filter [/FlateDecode /FlateDecode] /Length %d >>\nstream\n%s\nendstream" % (len(twice), twice)
    return _pdf(
        folder / "flate-bomb.pdf",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R >>",
        content,
    )


def tiff_whose_pages_go_in_a_circle(folder: Path, page: Picture) -> Path:
    file = scanned(folder / "circle.tif", page[:200, :200].copy(), page[:200, :200].copy())
    data = bytearray(file.read_bytes())
    place = struct.unpack_from("<I", data, 4)[0]
    nexts = []
    while place:
        nexts.append((place, place + 2 + 12 * struct.unpack_from("<H", data, place)[0]))
        place = struct.unpack_from("<I", data, nexts[-1][1])[0]
    struct.pack_into("<I", data, nexts[-1][1], nexts[0][0])
    return _written(file, bytes(data))


def tiff_of_60_000_pixels_a_side(folder: Path, page: Picture) -> Path:
    file = scanned(folder / "large.tif", page[:200, :200].copy())
    data = bytearray(file.read_bytes())
    place = struct.unpack_from("<I", data, 4)[0]
    for entry in range(struct.unpack_from("<H", data, place)[0]):
        at = place + 2 + 12 * entry
        if struct.unpack_from("<H", data, at)[0] in {256, 257}:
            struct.pack_into("<HII", data, at + 2, 4, 1, 60_000)
    return _written(file, bytes(data))


def pipe(folder: Path, page: Picture) -> Path:
    os.mkfifo(folder / "pipe.pdf")
    return folder / "pipe.pdf"


def link(folder: Path, page: Picture) -> Path:
    (folder / "link.pdf").symlink_to(scanned(folder / "elsewhere" / "it.pdf", page))
    return folder / "link.pdf"


def link_to_nothing(folder: Path, page: Picture) -> Path:
    (folder / "dangling.pdf").symlink_to(folder / "nothing.pdf")
    return folder / "dangling.pdf"


def directory(folder: Path, page: Picture) -> Path:
    (folder / "folder.pdf").mkdir()
    return folder / "folder.pdf"


def device(folder: Path, page: Picture) -> Path:
    return Path("/dev/zero")


def nothing(folder: Path, page: Picture) -> Path:
    return folder / "nothing.pdf"


def no_name(folder: Path, page: Picture) -> Path:
    return Path()


def name_too_long(folder: Path, page: Picture) -> Path:
    return folder / ("x" * 300 + ".pdf")


NOT_FILES: tuple[Make, ...] = (pipe, link, link_to_nothing, directory, device, nothing, no_name, name_too_long)
BAD: tuple[Make, ...] = (
    locked_pdf,
    cut_pdf,
    pdf_cut_to_its_head,
    cut_tiff,
    cut_jpeg,
    cut_png,
    empty_file,
    text_called_pdf,
    text_after_a_pdf_head,
    picture_of_another_kind,
    pdf_without_pages,
    circular_page_tree,
    pdf_of_10_000_pages,
    page_of_one_point,
    page_of_five_metres,
    page_of_no_size,
    page_inside_out,
    png_of_60_000_pixels_a_side,
    pdf_with_a_picture_of_60_000_pixels_a_side,
    pdf_that_swells_a_thousand_times_twice,
    tiff_whose_pages_go_in_a_circle,
    tiff_of_60_000_pixels_a_side,
)


def _written(file: Path, data: bytes) -> Path:
    file.write_bytes(data)
    return settled(file)


def _cut(file: Path, share: float) -> Path:
    data = file.read_bytes()
    return _written(file, data[: max(12, round(len(data) * share))])


def _squeezed(megabytes: int) -> bytes:
    """So many zeros as zlib packs them."""
    packing = zlib.compressobj(9, wbits=-15)
    megabyte = packing.compress(bytes(_MEGABYTE)) + packing.flush(zlib.Z_FULL_FLUSH)
    checksum = ((megabytes * _MEGABYTE % 65521) << 16) | 1
    return b"\x78\xda" + megabyte * megabytes + packing.flush() + struct.pack(">I", checksum)


def _sized(file: Path, box: bytes) -> Path:
    return _pdf(
        file,
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox " + box + b" >>",
    )


def _pdf(file: Path, *objects: bytes) -> Path:
    """A PDF of objects from number 2 on, of which the first is the page tree."""
    made = bytearray(b"%PDF-1.7\n")
    places = []
    for number, thing in enumerate((b"<< /Type /Catalog /Pages 2 0 R >>", *objects), 1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, thing)
    start = len(made)
    made += b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1)
    made += b"".join(b"%010d 00000 n \n" % place for place in places)
    made += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(places) + 1, start)
    return _written(file, bytes(made))
