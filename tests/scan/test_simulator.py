"""The simulator of scans is itself to be trusted: what it says of a page is so, and a seed gives the same page."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import pikepdf
import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from tests.scan.simulator import ink
from tests.scan.simulator.batch import Format, Order, scanned, stacked, written_files
from tests.scan.simulator.chance import DAMAGES, drawn_hardship, drawn_printer, drawn_scanner
from tests.scan.simulator.fields import MM, Field, Kind
from tests.scan.simulator.machines import Printer, Scanner, scan
from tests.scan.simulator.pen import STYLES, write
from tests.scan.simulator.printed import printed_page
from tests.scan.simulator.sheet import Packet, Wanted, scanned_page
from tests.scan.simulator.trouble import intrusion

FIELDS = (
    Field("signature", 1, (62, 600, 300, 631)),
    Field("date", 1, (315, 600, 434, 631)),
    Field("time", 1, (448, 600, 550, 631)),
    Field("initials", 2, (62, 500, 110, 526)),
    Field("tick", 2, (470, 400, 482, 412)),
)


@pytest.fixture(scope="module")
def packet(tmp_path_factory: pytest.TempPathFactory) -> Packet:
    file = tmp_path_factory.mktemp("packet") / "packet.pdf"
    canvas = Canvas(str(file), (612, 792), invariant=True)
    for page in (1, 2):
        canvas.drawString(62, 700, f"Page {page}")
        for field in FIELDS:
            left, bottom, right, top = field.box
            if field.page == page and field.kind in ("initials", "tick"):
                canvas.rect(left, bottom, right - left, top - bottom)
            elif field.page == page:
                canvas.line(left, bottom, right, bottom)
        canvas.showPage()
    canvas.save()
    return Packet("P" * 20, file, FIELDS)


@pytest.mark.parametrize("grade", ["clean", "bad"])
def test_the_same_seed_gives_the_same_page_and_another_one_another(packet: Packet, grade: str) -> None:
    wanted = Wanted("clean" if grade == "clean" else "bad")
    first, again, other = (scanned_page(packet, 1, seed, wanted) for seed in (5, 5, 6))
    assert first.picture.tobytes() == again.picture.tobytes()
    assert first.truth == again.truth
    assert first.picture.tobytes() != other.picture.tobytes()


def test_a_page_that_nobody_wrote_on_has_no_ink_and_says_so(packet: Packet) -> None:
    wanted = Wanted(dpi=150, mode="gray", written=0, intruded=0, stray=0)
    for page in (1, 2):
        truth = scanned_page(packet, page, 1, wanted).truth
        assert truth.fields
        assert all(not each.written and not each.style and each.own == each.foreign == 0 for each in truth.fields)


@pytest.mark.parametrize("damage", DAMAGES)
def test_each_damage_changes_the_page_and_the_truth_names_it(packet: Packet, damage: str) -> None:
    sound = scanned_page(packet, 1, 3, Wanted(dpi=150, mode="gray"))
    hurt = scanned_page(packet, 1, 3, Wanted(dpi=150, mode="gray", damages=(damage,)))
    assert hurt.truth.damages == (damage,)
    assert hurt.truth.fields == sound.truth.fields
    if damage != "poor threshold":
        assert hurt.picture.tobytes() != sound.picture.tobytes()


def test_the_same_people_write_the_same_whatever_the_scanner(packet: Packet) -> None:
    scans = (
        scanned_page(packet, 1, 4, Wanted("bad", dpi=150, mode="gray")),
        scanned_page(packet, 1, 4, Wanted("bad", dpi=200, mode="bitonal")),
    )
    assert scans[0].truth.fields == scans[1].truth.fields
    assert scans[0].truth.damages == scans[1].truth.damages


def test_the_print_stays_as_it_was_when_someone_writes_on_a_page(packet: Packet) -> None:
    before = printed_page(packet.file, 1).copy()
    scanned_page(packet, 1, 1, Wanted("bad", dpi=150, written=1))
    assert np.array_equal(before, printed_page(packet.file, 1))


@pytest.mark.parametrize(("kind", "style"), [(kind, style) for kind, styles in STYLES.items() for style in styles])
def test_every_way_of_filling_in_a_field_leaves_ink_at_it(kind: Kind, style: str) -> None:
    box = next(field.box for field in FIELDS if field.kind == kind)
    for seed in range(30):
        strokes = write(kind, box, np.random.default_rng(seed), style=style).strokes
        paper = np.full((1100, 850), 255, np.uint8)
        ink.draw(paper, strokes, 100)
        assert paper.min() < 200
        beyond = (box[0] - 15 * MM, box[1] - 12 * MM, box[2] + 25 * MM, box[3] + 15 * MM)
        assert ink.ink_within(strokes, beyond) == pytest.approx(ink.ink_within(strokes, (-1e9, -1e9, 1e9, 1e9)))


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.kind)
def test_handwriting_from_next_door_comes_as_deep_as_asked(field: Field) -> None:
    for seed in range(30):
        left, bottom, right, top = ink.extent(intrusion(field, 6.0, np.random.default_rng(seed)))
        depths = (right - field.box[0], field.box[2] - left, field.box[3] - bottom, top - field.box[1])
        assert min(abs(depth - 6.0) for depth in depths) < 0.01


def test_undamaged_pages_are_within_what_an_office_calls_undamaged() -> None:
    for seed in range(500):
        random = np.random.default_rng(seed)
        printer, scanner = drawn_printer(random), drawn_scanner("clean", None, None, random)
        assert 0.92 <= min(printer.scale_x, printer.scale_y) <= max(printer.scale_x, printer.scale_y) <= 1.02
        assert abs(scanner.skew) <= 3
        assert scanner.turn in (0, 180)
        assert 150 <= scanner.dpi <= 600
        assert drawn_hardship("clean", [], (612, 792), random).names == ()


def test_bad_pages_have_several_damages_and_are_askew_by_five_degrees_at_most() -> None:
    for seed in range(300):
        random = np.random.default_rng(seed)
        scanner = drawn_scanner("bad", None, None, random)
        hardship = drawn_hardship("bad", [], (612, 792), random)
        assert 2 <= len(hardship.names) <= 5
        assert abs(hardship.while_scanned(scanner, random).skew) <= 5


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_scale_skew_shift_and_turn_are_what_they_say(turn: int) -> None:
    page = np.full((3300, 2550), 255, np.uint8)
    marks = np.array([[600, 700], [2000, 700], [600, 2600]])
    for x, y in marks.tolist():
        cv2.circle(page, (x, y), 20, 0, -1)
    printer = Printer(scale_x=0.95, scale_y=1.01, shift_x=2, shift_y=-3)
    scanner = Scanner(dpi=200, skew=3, turn=turn, noise=0, fibres=0, uneven=0, specks=0, jpeg=None)
    picture = np.rot90(scan(page, 300, printer, scanner, np.random.default_rng(0)), turn // 90)
    _, _, _, found = cv2.connectedComponentsWithStats((picture < 128).astype(np.uint8))
    middle = np.array([1275, 1650])
    laid = (marks - middle) * (0.95, 1.01) + np.array([2, -3]) * 300 / 25.4
    cos, sin = np.cos(np.radians(3)), np.sin(np.radians(3))
    turned = (laid @ np.array([[cos, sin], [-sin, cos]]) + middle) * 200 / 300
    assert found.shape == (4, 2)
    for expected in turned:
        assert np.hypot(*(found[1:] - expected).T).min() < 0.6


@pytest.mark.parametrize("mode", ["bitonal", "gray", "colour"])
def test_a_scan_has_the_resolution_and_the_colours_asked_for(packet: Packet, mode: str) -> None:
    wanted = next(Wanted(dpi=150, mode=each) for each in ("bitonal", "gray", "colour") if each == mode)
    picture = scanned_page(packet, 1, 2, wanted).picture
    assert picture.ndim == (3 if mode == "colour" else 2)
    assert abs(max(picture.shape) - 11 * 150) < 100
    assert (len(np.unique(picture)) == 2) == (mode == "bitonal")


def test_every_page_of_every_packet_is_in_the_stack_once_and_its_back_behind_it(packet: Packet) -> None:
    packets = [Packet(name * 20, packet.file, FIELDS) for name in "ABC"]
    orders: tuple[Order, ...] = ("in order", "interleaved", "shuffled")
    for order in orders:
        sides = stacked(packets, 3, order, backs=True, others=0.5)
        pages = [(side.packet.packet_id, side.page) for side in sides if side.what == "page"]
        assert sorted(pages) == [(name * 20, page) for name in "ABC" for page in (1, 2)]
        for side, following in pairwise(sides):
            if side.what == "page":
                assert (following.what, following.packet, following.page) == ("blank", side.packet, side.page)


@pytest.mark.parametrize("kind", ["pdf", "tiff", "jpeg", "png"])
def test_stacks_are_written_as_other_programs_read_them(packet: Packet, kind: Format, tmp_path: Path) -> None:
    sides = stacked([packet], 1, backs=True, others=1)
    scans = [scanned(side, Wanted(dpi=150)) for side in sides]
    files = written_files(scans, tmp_path, "stack", kind)
    if kind == "pdf":
        with pikepdf.open(files[0]) as document:
            assert len(document.pages) == len(scans)
            for page, each in zip(document.pages, scans, strict=True):
                (stored,) = page.get_images().values()
                assert (stored.Height, stored.Width) == each.picture.shape[:2]
                bitonal = each.truth.scanner.mode == "bitonal"
                assert ("/CCITTFaxDecode" if bitonal else "/DCTDecode") in str(stored.Filter)
        return
    frames = []
    for file in files:
        with Image.open(file) as image:
            for number in range(getattr(image, "n_frames", 1)):
                image.seek(number)
                frames.append(np.array(image.convert("RGB" if image.mode == "RGB" else "L")))
    assert [frame.shape[:2] for frame in frames] == [each.picture.shape[:2] for each in scans]
    if kind != "jpeg":
        for frame, each in zip(frames, scans, strict=True):
            assert np.array_equal(frame[:, :, ::-1] if frame.ndim == 3 else frame, each.picture)
