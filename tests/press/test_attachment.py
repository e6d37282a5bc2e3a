"""A finished PDF goes into packets as it is: the same pixels, on sheets of its own, with nothing drawn over it."""

from __future__ import annotations

import io
from pathlib import Path

import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from reportlab.lib.pagesizes import A4, letter
from reportlab.pdfgen.canvas import Canvas

from handouts.errors import ClinicError
from handouts.press.finished import read_attachment
from handouts.press.notice import read_notice
from handouts.press.packet import PacketPress
from handouts.press.print_run import PrintRun
from tests.press import making


def official(folder: Path, pages: int = 1, size: tuple[float, float] = letter) -> Path:
    """A form as an authority might publish it: compressed, with a picture, a link and fields to fill in."""
    path = folder / "official.pdf"
    canvas = Canvas(str(path), pagesize=size, pageCompression=1)
    for number in range(pages):
        canvas.setFont("Times-Roman", 14)
        canvas.drawString(72, size[1] - 72, f"Advance notice (sample), page {number + 1}: option 1, option 2, option 3")
        canvas.rect(72, 300, 200, 100, fill=0)
        canvas.linkURL("https://example.org", (72, 300, 272, 400))
        canvas.acroForm.textfield(name=f"name{number}", x=80, y=500, width=200, height=20, value="Notifier")
        canvas.rotate(3)
        canvas.drawString(100, 200, "slanted (parentheses) \\ backslash")
        canvas.showPage()
    canvas.save()
    return path


def pixels(file: bytes) -> list[bytes]:
    """Each page as PDFium prints it: with the looks of its annotations."""
    with pypdfium2.PdfDocument(file) as document:
        for page in document:
            assert pdfium.FPDFPage_Flatten(page, pdfium.FLAT_PRINT) != pdfium.FLATTEN_FAIL
        return [bytes(page.render(scale=1).buffer) for page in document]


@pytest.mark.parametrize("size", [letter, A4])
@pytest.mark.parametrize("pages", [1, 3])
def test_its_pages_look_the_same_in_a_packet_and_in_the_print_run(
    tmp_path: Path, pages: int, size: tuple[float, float]
) -> None:
    path = official(tmp_path, pages, size)
    attachment, wanted = read_attachment("notice", "Official 1", path), pixels(path.read_bytes())
    pressed = making.layout([making.everything()]).press(making.values_of(making.facts()), making.identifier("x"))
    file = PacketPress(making.about(), None).file(pressed, attachment)
    assert pixels(file)[len(pressed.skeleton.pages) :] == wanted
    out = io.BytesIO()
    run = PrintRun(out, making.about(), None)
    for _ in range(2):
        run.append(pressed)
        assert run.attach(attachment) == run.pages - pages + 1
    run.finish()
    own = len(pressed.skeleton.pages)
    assert pixels(out.getvalue())[own : own + pages] == wanted
    assert pixels(out.getvalue())[2 * own + pages :] == wanted
    for whole in (file, out.getvalue()):
        with pikepdf.open(io.BytesIO(whole), attempt_recovery=False) as document:
            assert document.check_pdf_syntax() == []


def test_resources_may_be_called_like_anything(tmp_path: Path) -> None:
    path = tmp_path / "official.pdf"
    with pikepdf.new() as document:
        squares = {}
        for number, name in enumerate(("/A", "/P", "/AA", "/Dest", "/Parent", "/Metadata")):
            square = pikepdf.Stream(document, b"%d 0 0 rg 0 0 20 20 re f" % (number % 2))
            square.Type, square.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
            square.BBox = pikepdf.Array([0, 0, 20, 20])
            squares[name] = square
        drawn = b" ".join(
            b"q 1 0 0 1 %d 100 cm %s Do Q" % (50 * number, name.encode()) for number, name in enumerate(squares)
        )
        page = document.add_blank_page(page_size=letter)
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(squares))
        page.Contents = pikepdf.Stream(document, drawn)
        document.save(path)
    pressed = making.layout([making.everything()]).press(making.values_of(making.facts()), making.identifier("x"))
    file = PacketPress(making.about(), None).file(pressed, read_attachment("notice", "Official 1", path))
    assert pixels(file)[-1] == pixels(path.read_bytes())[0]
    assert len(set(pixels(file)[-1])) > 1


def test_a_form_with_layers_is_refused(tmp_path: Path) -> None:
    with pikepdf.open(official(tmp_path)) as document:
        document.Root.OCProperties = pikepdf.Dictionary(OCGs=pikepdf.Array(), D=pikepdf.Dictionary())
        document.save(tmp_path / "layers.pdf")
    with pytest.raises(ClinicError, match="layers"):
        read_attachment("notice", "Official 1", tmp_path / "layers.pdf")


def test_what_it_needs_stands_once_in_a_print_run(tmp_path: Path) -> None:
    attachment = read_attachment("notice", "Official 1", official(tmp_path))
    pressed = making.layout([making.everything()]).press(making.values_of(making.facts()), making.identifier("x"))
    out = io.BytesIO()
    run = PrintRun(out, making.about(), None)
    for _ in range(5):
        run.append(pressed)
        run.attach(attachment)
    run.finish()
    assert out.getvalue().count(b"/Times-Roman") == 1


def test_links_and_scripts_stay_behind(tmp_path: Path) -> None:
    attachment = read_attachment("notice", "Official 1", official(tmp_path))
    held = b"".join(attachment.bodies(1))
    assert b"example.org" not in held
    assert b"/AcroForm" not in held


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"not a PDF", "no PDF"),
        (b"%PDF-1.7 and then nothing", "damaged"),
        (None, "cannot be read"),
    ],
)
def test_what_cannot_be_used_is_told(tmp_path: Path, content: bytes | None, said: str) -> None:
    path = tmp_path / "official.pdf"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ClinicError) as caught:
        read_attachment("notice", "Official 1", path)
    assert said in str(caught.value)
    assert "official.pdf" in str(caught.value)


def test_a_locked_pdf_is_refused(tmp_path: Path) -> None:
    with pikepdf.open(official(tmp_path)) as document:
        document.save(tmp_path / "locked.pdf", encryption=pikepdf.Encryption(owner="a", user="b"))
    with pytest.raises(ClinicError, match="protected"):
        read_attachment("notice", "Official 1", tmp_path / "locked.pdf")


def test_a_notice_outside_the_clinics_folder_is_not_read(tmp_path: Path) -> None:
    official(tmp_path)
    inside = tmp_path / "clinic"
    inside.mkdir()
    with pytest.raises(ClinicError, match="outside the clinic's folder"):
        read_notice(making.clinic().model_copy(update={"folder": inside, "medicare_notice": "../official.pdf"}))
