"""Files that programs other than a scanner's write, or scanners of another make: what is kept is what was judged."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from PIL import Image

from tests.scan.paper import BOTH, DPI, Paper, scanned, settled, shown_pages


@pytest.mark.parametrize("compression", ["raw", "tiff_lzw"])
@pytest.mark.parametrize(("orientation", "quarters"), [(1, 0), (3, 2), (6, 1), (8, 3)])
def test_a_page_that_its_file_says_to_turn_is_read_and_kept_upright(
    paper: Paper, tmp_path: Path, orientation: int, quarters: int, compression: str
) -> None:
    lying = Image.fromarray(np.rot90(paper.page(0, 2, BOTH), quarters))
    file = tmp_path / "lying.tif"
    lying.save(file, dpi=(DPI, DPI), compression=compression, tiffinfo={274: orientation})
    assert paper.scan(settled(file)).code == 0
    assert paper.standing(0)["state"] == "complete"
    assert paper.bound(0) == [2]


def test_ink_that_its_file_calls_transparent_is_neither_seen_nor_kept(paper: Paper, tmp_path: Path) -> None:
    page = paper.page(0, 2)
    signed = paper.page(0, 2, BOTH) < page  # but for its shades, the handwriting
    file = tmp_path / "transparent.png"
    Image.fromarray(np.where(signed, 77, np.where(page == 77, 78, page)).astype(np.uint8)).save(file, transparency=77)
    assert paper.scan(settled(file)).code == 0
    assert {each["state"] for each in paper.standing(0)["signatures"]} == {"empty"}
    (kept,) = shown_pages(paper.returned / paper.run.manifest.packets[0].file)
    assert (kept[signed] > 200).all()


def test_no_packet_holds_the_pictures_of_another_where_all_pages_of_a_file_share_their_list(
    paper: Paper, tmp_path: Path
) -> None:
    file = scanned(tmp_path / "shared.pdf", paper.page(0, 2, BOTH), paper.page(1, 2, BOTH))
    with pikepdf.open(file, allow_overwriting_input=True) as whole:
        pictures = pikepdf.Dictionary()
        for number, page in enumerate(whole.pages):
            (pictures[f"/P{number}"],) = [each for _, each in page.obj.Resources.XObject.items()]
            page.obj.Contents = whole.make_stream(b"q 612 0 0 792 0 0 cm /P%d Do Q" % number)
            del page.obj.Resources
        whole.Root.Pages.Resources = whole.make_indirect(pikepdf.Dictionary(XObject=pictures))
        whole.save()
    assert paper.scan(settled(file)).code == 0
    for number, packet in enumerate(paper.run.manifest.packets):
        assert paper.bound(number) == [2]
        with pikepdf.open(paper.returned / packet.file) as kept:
            images = [each for each in kept.objects if isinstance(each, pikepdf.Stream) and "/Width" in each]
            assert len(images) == 1


def test_what_a_hidden_layer_holds_is_not_kept(paper: Paper, tmp_path: Path) -> None:
    file = scanned(tmp_path / "layers.pdf", paper.page(0, 2), paper.page(0, 2, BOTH))
    with pikepdf.open(file, allow_overwriting_input=True) as whole:
        layer = whole.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.OCG, Name="Signatures"))
        page, signed = (each.obj for each in whole.pages)
        ((_, page.Resources.XObject["/Hidden"]),) = signed.Resources.XObject.items()
        page.Resources.Properties = pikepdf.Dictionary(Layer=layer)
        hidden = b"\n/OC /Layer BDC q 612 0 0 792 0 0 cm /Hidden Do Q EMC"
        page.Contents = whole.make_stream(page.Contents.read_bytes() + hidden)
        whole.Root.OCProperties = pikepdf.Dictionary(OCGs=[layer], D=pikepdf.Dictionary(OFF=[layer]))
        del whole.pages[1]
        whole.save()
    assert paper.scan(settled(file)).code == 0
    assert {each["state"] for each in paper.standing(0)["signatures"]} == {"empty"}
    _looks_alike(file, paper.returned / paper.run.manifest.packets[0].file)


def test_the_other_half_of_a_sheet_that_was_cropped_is_not_kept(paper: Paper, tmp_path: Path) -> None:
    """Two pages scanned side by side, and cut apart by a program that only hides what it cuts off."""
    file = tmp_path / "halves.pdf"
    both = Image.fromarray(np.hstack([paper.page(0, 2, BOTH), paper.page(1, 2, BOTH)]))
    both.save(file, resolution=DPI, save_all=True, append_images=[both])
    with pikepdf.open(file, allow_overwriting_input=True) as whole:
        for number, page in enumerate(whole.pages):
            page.obj.CropBox = [612 * number, 0, 612 * (number + 1), 792]
        whole.save()
    assert paper.scan(settled(file)).code == 0
    for number, packet in enumerate(paper.run.manifest.packets):
        assert paper.standing(number)["state"] == "complete"
        assert paper.bound(number) == [2]
        with pikepdf.open(paper.returned / packet.file) as kept:
            (image,) = [each for each in kept.objects if isinstance(each, pikepdf.Stream) and "/Width" in each]
            assert image.Width < image.Height


def test_what_was_cropped_away_by_moving_the_page_is_not_kept(paper: Paper, tmp_path: Path) -> None:
    file = scanned(tmp_path / "moved.pdf", paper.page(0, 2, BOTH))
    with pikepdf.open(file, allow_overwriting_input=True) as whole:
        page = whole.pages[0]
        page.contents_add(b"q 1 0 0 1 40 0 cm", prepend=True)
        page.contents_add(b"Q")
        page.obj.MediaBox, page.obj.CropBox = [0, 0, 652, 792], [40, 0, 692, 792]
        whole.save()
    assert paper.scan(settled(file)).code == 0
    with pikepdf.open(paper.returned / paper.run.manifest.packets[0].file) as kept:
        assert kept.pages[0].mediabox == kept.pages[0].cropbox


DAMAGED: dict[str, tuple[Callable[[list[bytes]], list[bytes]], int]] = {
    "a page is none": (lambda kids: [kids[0], b"null", *kids[2:]], 4),
    "a page is not there": (lambda kids: [kids[0], b"999 0 R", *kids[2:]], 4),
    "fewer are counted": (lambda kids: kids, 3),
    "a page is none and not counted": (lambda kids: [kids[0], b"null", *kids[2:]], 3),
    "more are counted": (lambda kids: kids, 5),
    "a page twice": (lambda kids: [kids[0], kids[0], *kids[2:]], 4),
    "a page twice and not counted": (lambda kids: [kids[0], *kids], 4),
}
"""The pages in a file's list of them, and how many it says that they are."""


@pytest.mark.parametrize("places", [False, True], ids=["no place is right", "all places are right"])
@pytest.mark.parametrize("damage", DAMAGED)
def test_where_programs_would_number_the_pages_of_a_file_differently_it_is_not_taken_in(
    paper: Paper, tmp_path: Path, damage: str, *, places: bool
) -> None:
    """places: whether everything stands where the file says, so that qpdf need not mend it."""
    pages = [paper.page(0, 1), paper.page(1, 1), paper.page(0, 2, BOTH), paper.page(1, 2)]
    with pikepdf.open(scanned(tmp_path / "sound.pdf", *pages)) as whole:
        whole.Root.Pages.Room = "x" * 20
        whole.save(tmp_path / "plain.pdf", object_stream_mode=pikepdf.ObjectStreamMode.disable)
    data = (tmp_path / "plain.pdf").read_bytes()
    listed = re.search(rb"/Count 4 /Kids \[([^\]]*)\] /Room \(x+\)", data)
    assert listed is not None
    change, count = DAMAGED[damage]
    changed = b"/Count %d /Kids [%s]" % (count, b" ".join(change(re.findall(rb"\d+ 0 R", listed[1]))))
    file = tmp_path / "damaged.pdf"
    file.write_bytes(data.replace(listed[0], changed.ljust(len(listed[0])) if places else changed))
    done = paper.scan(settled(file))
    assert (done.code, f"{file}: not taken in: its list of pages is damaged" in done.out) == (4, True), done.out
    assert {each["state"] for each in paper.status()["appointments"]} == {"printed"}


def test_pages_in_lists_of_lists_are_read(paper: Paper, tmp_path: Path) -> None:
    file = scanned(tmp_path / "nested.pdf", paper.page(0, 1), paper.page(0, 2, BOTH), paper.page(1, 2, BOTH))
    with pikepdf.open(file) as whole:
        tree = whole.Root.Pages
        first, second, third = tree.Kids
        inner = whole.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.Pages, Parent=tree, Count=2))
        inner.Kids = pikepdf.Array([second, third])
        second.Parent = third.Parent = inner
        tree.Kids = pikepdf.Array([first, inner])
        whole.save(tmp_path / "saved.pdf")
    assert paper.scan(settled((tmp_path / "saved.pdf").rename(file))).code == 0
    assert [paper.bound(0), paper.bound(1)] == [[1, 2], [2]]


def test_what_was_typed_into_a_field_on_a_screen_is_judged_and_kept(paper: Paper, tmp_path: Path) -> None:
    packet = paper.run.manifest.packets[0]
    file = tmp_path / "typed.pdf"
    with pikepdf.open(paper.folder / packet.file) as whole:
        del whole.pages[0]
        left, bottom, right, top = packet.signatures[0].box
        shown = whole.make_stream(b"3 w 10 5 m 150 20 l 60 25 l 180 3 l S")
        shown.update(pikepdf.Dictionary(Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form))
        shown.BBox = [0, 0, right - left, top - bottom]
        field = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Widget, FT=pikepdf.Name.Sig, T="Signature", F=4,
            Rect=[left, bottom, right, top], AP=pikepdf.Dictionary(N=shown),
        )  # fmt: skip
        whole.pages[0].obj.Annots = pikepdf.Array([whole.make_indirect(field)])
        whole.Root.AcroForm = pikepdf.Dictionary(Fields=whole.pages[0].obj.Annots)
        whole.save(file)
    assert paper.scan(settled(file)).code == 0
    assert paper.standing(0)["signatures"][0]["state"] != "empty"
    *_, blank = shown_pages(paper.folder / packet.file)
    (kept,) = shown_pages(paper.returned / packet.file)
    assert (blank.astype(int) - kept > 100).sum() > 500


def _looks_alike(one: Path, other: Path) -> None:
    (first,), (second,) = shown_pages(one), shown_pages(other)
    assert (np.abs(first.astype(int) - second) < 100).mean() > 0.999
