"""A finished PDF goes into packets as it is: the same pixels, on sheets of its own, with nothing drawn over it."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from pikepdf import Name, String
from reportlab.lib.pagesizes import A4, letter
from reportlab.pdfgen.canvas import Canvas

from handouts.errors import ClinicError
from handouts.layout.skeleton import Pressed
from handouts.press.attachment import Attachment
from handouts.press.finished import read_attachment
from handouts.press.notice import read_notice
from tests.press import making
from tests.press.awkward import CHANGES, Change, changed, over, stamp_that_is_stretched_and_turned, tags_of_its_own


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


def read(path: Path) -> Attachment:
    return read_attachment("notice", "Official 1", path)


def pixels(file: bytes) -> list[bytes]:
    """Each page as PDFium prints it: with the looks of its annotations."""
    with pypdfium2.PdfDocument(file) as document:
        for page in document:
            assert pdfium.FPDFPage_Flatten(page, pdfium.FLAT_PRINT) != pdfium.FLATTEN_FAIL
        return [bytes(page.render(scale=1).buffer) for page in document]


def pressed() -> Pressed:
    using = making.layout([making.everything()])
    return using.press(making.values_of(making.facts()), making.identifier("x"))


def packet(attachment: Attachment) -> bytes:
    """A packet that has it, with the packet's own pages first."""
    return making.file_of(pressed(), attachment=attachment)


def print_run(attachment: Attachment, packets: int = 2) -> bytes:
    return making.print_run([(pressed(), ""), (attachment, "")] * packets)


@pytest.mark.parametrize("size", [letter, A4])
@pytest.mark.parametrize("pages", [1, 3])
def test_its_pages_look_the_same_in_a_packet_and_in_the_print_run(
    tmp_path: Path, pages: int, size: tuple[float, float]
) -> None:
    path = official(tmp_path, pages, size)
    attachment, wanted = read(path), pixels(path.read_bytes())
    own = len(pressed().skeleton.pages)
    assert pixels(packet(attachment))[own:] == wanted
    assert pixels(print_run(attachment))[own : own + pages] == wanted
    assert pixels(print_run(attachment))[2 * own + pages :] == wanted
    for whole in (packet(attachment), print_run(attachment)):
        with pikepdf.open(io.BytesIO(whole), attempt_recovery=False) as document:
            assert document.check_pdf_syntax() == []


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_pages_look_the_same_whatever_program_made_them(tmp_path: Path, change: Change) -> None:
    path = changed(official(tmp_path), change)
    attachment = read(path)
    assert pixels(packet(attachment))[-1:] == pixels(path.read_bytes())
    assert pixels(print_run(attachment))[-1:] == pixels(path.read_bytes())


@pytest.mark.parametrize("change", [tags_of_its_own, stamp_that_is_stretched_and_turned])
def test_nothing_is_left_of_another_documents_tags(tmp_path: Path, change: Change) -> None:
    with pikepdf.open(io.BytesIO(packet(read(changed(official(tmp_path), change))))) as document:
        page = document.pages[-1].obj
        operators = [str(each.operator) for each in pikepdf.parse_content_stream(page)]
        assert operators[0 :: len(operators) - 1] == ["BDC", "EMC"]
        for drawn in page.Resources.XObject.values():
            assert not re.search(
                rb"\b(BDC|BMC|MP|DP|MCID)\b", re.sub(rb"BI.*EI", b"", drawn.read_bytes(), flags=re.DOTALL)
            )
            assert not {"/StructParent", "/StructParents"} & set(drawn.keys())
            assert "/Properties" not in drawn.Resources
        assert "/Annots" not in page
    assert b"kept elsewhere" not in b"".join(read(changed(official(tmp_path), change)).bodies(1))


@pytest.mark.parametrize(
    "entries",
    [
        pytest.param({"Subtype": Name.Widget, "FT": Name.Tx, "V": String("The clinic")}, id="field"),
        pytest.param({"Subtype": Name.FreeText, "Contents": String("Call us first")}, id="note"),
        pytest.param(
            {
                "Subtype": Name.Widget,
                "FT": Name.Btn,
                "V": Name.On,
                "AS": Name.On,
                "AP": pikepdf.Dictionary(N=pikepdf.Dictionary()),
            },
            id="ticked, and no look for that",
        ),
    ],
)
def test_what_only_some_programs_would_print_is_not_lost_in_silence(tmp_path: Path, entries: dict[str, object]) -> None:
    def change(pdf: pikepdf.Pdf) -> None:
        over(pdf, Type=Name.Annot, Rect=[100, 600, 200, 620], F=4, **entries)

    with pytest.raises(ClinicError, match="do not look the same in every program"):
        read(changed(official(tmp_path), change))


def test_it_is_a_bookmark_of_the_packet(tmp_path: Path) -> None:
    with pikepdf.open(io.BytesIO(packet(read(official(tmp_path, 2))))) as document, document.open_outline() as outline:
        last = outline.root[-1]
        assert last.title == "Official 1"
        assert isinstance(last.destination, pikepdf.Array)
        assert last.destination[0].objgen == document.pages[-2].obj.objgen


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
    drawn = pixels(packet(read(path)))[-1]
    assert drawn == pixels(path.read_bytes())[0]
    assert len(set(drawn)) > 1


def test_a_form_with_layers_is_refused(tmp_path: Path) -> None:
    with pikepdf.open(official(tmp_path)) as document:
        document.Root.OCProperties = pikepdf.Dictionary(OCGs=pikepdf.Array(), D=pikepdf.Dictionary())
        document.save(tmp_path / "layers.pdf")
    with pytest.raises(ClinicError, match="layers"):
        read(tmp_path / "layers.pdf")


@pytest.mark.parametrize("pages", [0, 21])
def test_a_notice_without_a_page_or_of_very_many_is_refused(tmp_path: Path, pages: int) -> None:
    with pikepdf.open(official(tmp_path)) as document:
        for _ in range(pages):
            document.pages.append(document.pages[0])
        del document.pages[0]
        document.save(tmp_path / "pages.pdf")
    with pytest.raises(ClinicError, match="no page, or more than 20"):
        read(tmp_path / "pages.pdf")


def test_what_it_needs_stands_once_in_a_print_run(tmp_path: Path) -> None:
    assert print_run(read(official(tmp_path)), 5).count(b"/Times-Roman") == 1


def test_links_and_scripts_stay_behind(tmp_path: Path) -> None:
    attachment = read(official(tmp_path))
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
        read(path)
    assert said in str(caught.value)
    assert "official.pdf" in str(caught.value)


@pytest.mark.parametrize("fault", ["no contents", "no size", "cut off"])
def test_a_notice_on_which_nothing_is_seen_is_refused(tmp_path: Path, fault: str) -> None:
    with pikepdf.open(official(tmp_path)) as document:
        page = document.pages[0]
        if fault == "no contents":
            del page.obj.Contents
            del page.obj.Annots
        elif fault == "no size":
            page.obj.MediaBox = pikepdf.Array([0, 0, 0, 0])
        else:
            page.obj.CropBox = pikepdf.Array([1000, 1000, 2000, 2000])
        document.save(tmp_path / "unseen.pdf")
    with pytest.raises(ClinicError, match="nothing is seen"):
        read(tmp_path / "unseen.pdf")


@pytest.mark.parametrize(
    "how",
    [pikepdf.Encryption(owner="a", user="b"), pikepdf.Encryption(owner="a", user="b", R=3, aes=False, metadata=False)],
    ids=["AES", "RC4"],
)
def test_a_locked_pdf_is_refused(tmp_path: Path, how: pikepdf.Encryption) -> None:
    with pikepdf.open(official(tmp_path)) as document:
        document.save(tmp_path / "locked.pdf", encryption=how)
    with pytest.raises(ClinicError, match="protected"):
        read(tmp_path / "locked.pdf")


def test_a_notice_outside_the_clinics_folder_is_not_read(tmp_path: Path) -> None:
    official(tmp_path)
    inside = tmp_path / "clinic"
    inside.mkdir()
    with pytest.raises(ClinicError, match="outside the clinic's folder"):
        read_notice(making.clinic().model_copy(update={"folder": inside, "medicare_notice": "../official.pdf"}))
