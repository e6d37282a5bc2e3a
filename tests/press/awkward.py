"""Finished PDFs as programs make them that know more of the format than a form needs. Each is named for what it has."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary, Name, String

Change = Callable[[pikepdf.Pdf], None]
CHANGES: list[Change] = []


def awkward(change: Change) -> Change:
    """Enter a change in CHANGES."""
    CHANGES.append(change)
    return change


def changed(path: Path, change: Change) -> Path:
    """The same file after a change, beside it."""
    with pikepdf.open(path) as document:
        change(document)
        document.save(path.with_name("changed.pdf"))
    return path.with_name("changed.pdf")


def annotation(pdf: pikepdf.Pdf, drawn: bytes, box: list[float], **entries: object) -> pikepdf.Object:
    """Something over the first page: its look draws `drawn` in `box`. entries: of the annotation, and of the look."""
    matrix = entries.pop("Matrix", [1, 0, 0, 1, 0, 0])
    look = pdf.make_stream(drawn, Subtype=Name.Form, BBox=box, Matrix=matrix, Resources=Dictionary())
    made: dict[str, object] = {"Type": Name.Annot, "Subtype": Name.Stamp, "F": 4, "AP": Dictionary(N=look), **entries}
    return over(pdf, **made)


def over(pdf: pikepdf.Pdf, **entries: object) -> pikepdf.Object:
    """An annotation on the first page."""
    made = pdf.make_indirect(Dictionary({f"/{name}": value for name, value in entries.items()}))
    pdf.pages[0].obj.Annots.append(made)
    if made.Subtype == Name.Widget:
        pdf.Root.AcroForm.Fields.append(made)
    return made


STAMP = b"1 0 0 rg 0 0 50 20 re f 0 0 1 rg 0 0 25 10 re f"


@awkward
def rotated(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].obj.Rotate = 90


@awkward
def cropped_with_corners_the_other_way_round(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].obj.CropBox = [500.5, 760, 30.25, 250]


@awkward
def sheet_off_the_origin(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].obj.MediaBox = [20.3, 100.7, 590, 780]


@awkward
def larger_units(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].obj.UserUnit = 1.5


@awkward
def content_in_many_streams(pdf: pikepdf.Pdf) -> None:
    """Cut where the standard allows it: between any two tokens (ISO 32000-1, 7.8.2)."""
    page = pdf.pages[0]
    words = b"".join(pikepdf.unparse_content_stream([each]) + b"\n" for each in pikepdf.parse_content_stream(page))
    lines = words.split(b"\n")
    middle = len(lines) // 2
    page.obj.Contents = Array([pdf.make_stream(b"\n".join(part)) for part in (lines[:middle], [], lines[middle:])])


@awkward
def inherited_resources(pdf: pikepdf.Pdf) -> None:
    page = pdf.pages[0].obj
    pdf.Root.Pages.Resources, pdf.Root.Pages.MediaBox, pdf.Root.Pages.Rotate = page.Resources, page.MediaBox, 180
    del page.Resources, page.MediaBox, page.Rotate, page.Annots  # PDFium, the judge, flattens no annotations here


@awkward
def form_without_resources_of_its_own(pdf: pikepdf.Pdf) -> None:
    page = pdf.pages[0].obj
    font = next(iter(page.Resources.Font.keys()))
    drawn = f"BT {font} 20 Tf 100 600 Td (Lent letters) Tj ET".encode()
    page.Resources.XObject = Dictionary(Lent=pdf.make_stream(drawn, Subtype=Name.Form, BBox=[0, 0, 612, 792]))
    pdf.pages[0].contents_add(b"/Lent Do")


@awkward
def colours_by_default(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].obj.Resources.ColorSpace = Dictionary(
        DefaultRGB=Array([Name.CalRGB, Dictionary(WhitePoint=[0.95, 1, 1.09], Gamma=[0.5, 0.5, 0.5])])
    )
    image = b"q 99 0 0 99 400 500 cm BI /W 2 /H 1 /CS /RGB /BPC 8 /F /AHx ID 204060 806040> EI Q"
    pdf.pages[0].contents_add(image + b" 0.2 0.6 0.4 rg 9 9 99 99 re f")


@awkward
def tags_of_its_own(pdf: pikepdf.Pdf) -> None:
    """With an inline image whose bytes look like marks."""
    page = pdf.pages[0]
    page.obj.Resources.Properties = Dictionary(MC0=Dictionary(MCID=7, Secret=String("kept elsewhere")))
    page.obj.StructParents = 0
    image = b"q 40 0 0 40 300 500 cm BI /W 4 /H 4 /CS /G /BPC 8 ID  EMC /P BMC EMC   EI Q"
    page.contents_add(b"/P <</MCID 0>> BDC /Artifact BMC", prepend=True)
    page.contents_add(b"EMC EMC /Span /MC0 BDC " + image + b" EMC /Here MP /Here <</A 1>> DP")


@awkward
def transparent(pdf: pikepdf.Pdf) -> None:
    page = pdf.pages[0]
    page.obj.Group = Dictionary(Type=Name.Group, S=Name.Transparency, CS=Name.DeviceRGB, I=True)
    page.obj.Resources.ExtGState = Dictionary(G=Dictionary(ca=0.5, BM=Name.Multiply))
    page.contents_add(b"q /G gs 1 1 0 rg 60 280 300 300 re f 0 1 1 rg 90 310 300 300 re f Q")


@awkward
def stamp_that_is_stretched_and_turned(pdf: pikepdf.Pdf) -> None:
    annotation(pdf, STAMP, [0, 0, 50, 20], Rect=[400, 300, 520, 520], Matrix=[0, 1, -1, 0, 7, 3])
    annotation(pdf, STAMP, [5, 5, 45, 18], Rect=[300, 650, 200, 610], Matrix=[-2, 0, 0, 1, 9, 9])


@awkward
def boxes_ticked_and_not(pdf: pikepdf.Pdf) -> None:
    for number, state in enumerate((Name.Yes, Name.Off)):
        looks = {
            name: pdf.make_stream(drawn, Subtype=Name.Form, BBox=[0, 0, 10, 10], Resources=Dictionary())
            for name, drawn in {"/Yes": b"1 0 0 RG 0 0 m 10 10 l S", "/Off": b"0 1 0 RG 1 1 8 8 re S"}.items()
        }
        place = [100, 650 + 20 * number, 112, 662 + 20 * number]
        entries = {"FT": Name.Btn, "T": String(f"box{number}"), "AS": state, "V": state, "F": 4}
        over(pdf, Type=Name.Annot, Subtype=Name.Widget, Rect=place, AP=Dictionary(N=Dictionary(looks)), **entries)


@awkward
def looks_that_paper_does_not_show(pdf: pikepdf.Pdf) -> None:
    annotation(pdf, STAMP, [0, 0, 50, 20], Rect=[400, 600, 500, 640], F=0)
    annotation(pdf, STAMP, [0, 0, 50, 20], Rect=[400, 650, 500, 690], F=6)
    annotation(pdf, STAMP, [0, 0, 50, 20], Rect=[400, 700, 400, 740], F=4)
    annotation(pdf, STAMP, [0, 0, 0, 20], Rect=[300, 700, 340, 740])
    annotation(pdf, STAMP, [0, 0, 50, 20], Rect=[200, 600, 300, 640], F=4 + 64)


@awkward
def empty_field_without_a_look(pdf: pikepdf.Pdf) -> None:
    over(pdf, Type=Name.Annot, Subtype=Name.Widget, Rect=[400, 600, 500, 640], F=4, FT=Name.Tx, T=String("empty"))
