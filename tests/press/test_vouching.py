"""A document claims to keep to PDF/A and PDF/UA only if a finished PDF in it is known to."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from handouts.press.finished import read_attachment
from tests.accessibility.sample import XMP, build
from tests.press.awkward import annotation

Change = Callable[[pikepdf.Pdf], None]


def doubt(folder: Path, change: Change) -> str:
    """What is said against the sample, which conforms, after a change."""
    document = build()
    change(document)
    document.save(folder / "notice.pdf", fix_metadata_version=False)
    return read_attachment("notice", "Official 1", folder / "notice.pdf").doubt


def says(*replacements: tuple[str, str]) -> Change:
    """The sample's XMP says something else."""

    def change(pdf: pikepdf.Pdf) -> None:
        said = XMP
        for old, new in replacements:
            assert old in said
            said = said.replace(old, new)
        pdf.Root.Metadata = pdf.make_stream(said.encode(), Type=Name.Metadata, Subtype=Name.XML)

    return change


def nothing(pdf: pikepdf.Pdf) -> None:
    """Leave the sample as it is."""


PART, LEVEL = "<pdfaid:part>2", "<pdfaid:conformance>A"


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(nothing, id="2a"),
        pytest.param(says((LEVEL, "<pdfaid:conformance>U")), id="2u"),
        pytest.param(says((PART, "<pdfaid:part>3")), id="3a"),
        pytest.param(says(("</pdfuaid:part>", "</pdfuaid:part><!-- edited -->")), id="comment"),
    ],
)
def test_a_notice_is_vouched_for_by_its_own_claim(tmp_path: Path, change: Change) -> None:
    assert doubt(tmp_path, change) == ""


def no_metadata(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.Metadata


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(no_metadata, id="none"),
        pytest.param(says((LEVEL, "<pdfaid:conformance>B")), id="2b"),
        pytest.param(says((PART, "<pdfaid:part>1")), id="1a"),
        pytest.param(says(("</rdf:RDF>", "")), id="damaged"),
    ],
)
def test_a_notice_that_claims_too_little_is_doubted(tmp_path: Path, change: Change) -> None:
    assert "is not saved as PDF/A-2" in doubt(tmp_path, change)


def drawing(drawn: bytes, **resources: object) -> Change:
    """What an editor may add to a file without taking back its claim."""

    def change(pdf: pikepdf.Pdf) -> None:
        made = annotation(pdf, drawn, [0, 0, 50, 20], Rect=[100, 100, 150, 120])
        made.AP.N.Resources = Dictionary({f"/{name}": value for name, value in resources.items()})

    return change


def font(**entries: object) -> Change:
    """A font of the sample without what is None, or with something else."""

    def change(pdf: pikepdf.Pdf) -> None:
        found = pdf.pages[0].obj.Resources.Font.F
        for name, value in entries.items():
            if value is None:
                del found[f"/{name}"]
            else:
                found[f"/{name}"] = value

    return change


def means(code: str) -> Change:
    """One glyph of the sample's font stands for that character, in UTF-16."""

    def change(pdf: pikepdf.Pdf) -> None:
        found = pdf.pages[0].obj.Resources.Font.F
        table = found.ToUnicode.read_bytes().replace(b"><0031>", b"><%s>" % code.encode())
        found.ToUnicode = pdf.make_stream(table)

    return change


HELVETICA = Dictionary(F=Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
IMAGE = b"q 9 0 0 9 9 9 cm BI /W 1 /H 1 /CS /CMYK /BPC 8 /F /AHx ID 20406080> EI Q"
SEPARATION = Array([Name.Separation, Name.Spot, Name.DeviceCMYK, Dictionary(FunctionType=2, Domain=[0, 1], N=1)])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        pytest.param(drawing(b"BT /F 9 Tf (Clinic) Tj ET", Font=HELVETICA), "not embedded", id="field filled in"),
        pytest.param(font(ToUnicode=None), "do not tell which characters", id="no characters"),
        pytest.param(means("f0a8"), "do not tell which characters", id="symbol of one font"),
        pytest.param(means("DBC0DD6D"), "do not tell which characters", id="symbol beyond the first plane"),
        pytest.param(drawing(b"1 0 0 0 k 0 0 9 9 re f"), "CMYK", id="colour"),
        pytest.param(drawing(IMAGE), "CMYK", id="picture in the content"),
        pytest.param(drawing(b"/C cs 1 scn 0 0 9 9 re f", ColorSpace=Dictionary(C=SEPARATION)), "CMYK", id="spot"),
    ],
)
def test_a_notice_whose_claim_is_seen_to_be_wrong_is_doubted(tmp_path: Path, change: Change, said: str) -> None:
    assert said in doubt(tmp_path, change)


def test_what_is_not_printed_is_not_held_against_a_notice(tmp_path: Path) -> None:
    def change(pdf: pikepdf.Pdf) -> None:
        pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))
        pdf.Root.AcroForm.DR = Dictionary(Font=HELVETICA)

    assert doubt(tmp_path, change) == ""
