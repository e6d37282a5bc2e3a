"""Pictures in forms: shown at their size, once in the file, never broken, and refused by line where they cannot be."""

from __future__ import annotations

import io
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from PIL import Image

from handouts.errors import TemplateError
from handouts.layout.composition import Copy
from handouts.layout.packet import PacketLayout
from handouts.layout.skeleton import Pressed
from handouts.layout.style import LARGE, MM, PAPERS
from handouts.library.document import Form, Picture
from handouts.run.pressroom import template_digest
from tests.press.making import (
    MARK,
    everything,
    facts,
    file_of,
    form,
    furniture,
    identifier,
    layout,
    logo,
    print_run,
    shelf,
    texts_of,
    values_of,
)

GREEN = '<rect width="{w}" height="{h}" fill="#00ff00"/>'
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {w} {h}" width="{w}" height="{h}">{inside}</svg>'


def drawn(folder: Path, name: str = "square", *, w: int = 100, h: int = 100, inside: str = GREEN) -> Path:
    """A picture in the folder of a procedure."""
    (folder / "pictures").mkdir(exist_ok=True)
    path = folder / "pictures" / f"{name}.svg"
    path.write_text(SVG.format(w=w, h=h, inside=inside.format(w=w, h=h)), encoding="utf-8")
    return path


def form_with(folder: Path, block: str, before: str = "", after: str = "") -> Form:
    """A form whose block, after `before`, begins on line 3 if that is empty."""
    (folder / "en").mkdir(exist_ok=True)
    return form(folder / "en", f"# Form\n\n{before}{block}\n\n{after}")


def picture(height: int = 50, name: str = "square", caption: str = "A square.") -> str:
    return f"::: picture {name} {height}\n{caption}\n:::"


def pressed(*forms: Form) -> Pressed:
    return layout(forms).press(values_of(facts()), identifier("x"))


def green_of(file: bytes, page: int = 0) -> tuple[float, float, float, float] | None:
    """Left, top, width and height of what is green on a page, in millimetres."""
    scale = 4
    with pypdfium2.PdfDocument(file) as document:
        image: Image.Image = document[page].render(scale=scale).to_pil().convert("RGB")
    red, green, _ = image.split()
    mask = Image.merge("L", [green.point(lambda value: 255 if value > 200 else 0)])
    mask.paste(0, mask=red.point(lambda value: 255 if value > 60 else 0))
    box = mask.getbbox()
    if box is None:
        return None
    left, top, right, bottom = (each / scale / MM for each in box)
    return left, top, right - left, bottom - top


# -- on the page -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("wide", "high"), [(100, 100), (300, 100), (50, 200)])
def test_a_picture_has_its_height_and_keeps_its_shape_in_the_middle_of_the_column(
    tmp_path: Path, wide: int, high: int
) -> None:
    drawn(tmp_path, w=wide, h=high)
    box = green_of(file_of(pressed(form_with(tmp_path, picture(50)))))
    assert box is not None
    left, _, width, height = box
    assert height == pytest.approx(50, abs=0.2)
    assert width == pytest.approx(50 * wide / high, abs=0.2)
    assert left + width / 2 == pytest.approx(PAPERS["letter"].width / MM / 2, abs=0.2)


def test_its_words_stand_below_it(tmp_path: Path) -> None:
    drawn(tmp_path)
    made = form_with(tmp_path, picture(50, caption="A square, **green** all over."))
    shown = next(block for block in made.blocks if isinstance(block, Picture))
    assert (shown.name, shown.height) == ("square", 50)
    assert "A square, green all over." in texts_of(file_of(pressed(made)))[0]


def test_a_reference_within_the_drawing_is_followed(tmp_path: Path) -> None:
    inside = '<defs><rect id="a" width="{w}" height="{h}" fill="#00ff00"/></defs><use href="#a"/>'
    drawn(tmp_path, inside=inside)
    box = green_of(file_of(pressed(form_with(tmp_path, picture(40)))))
    assert box is not None
    assert box[3] == pytest.approx(40, abs=0.2)


@pytest.mark.parametrize("lines", range(0, 40, 3))
def test_a_picture_is_never_broken_and_its_words_and_introduction_stay_with_it(tmp_path: Path, lines: int) -> None:
    drawn(tmp_path)
    before = "".join(f"Line {number}.\n\n" for number in range(lines)) + "Mark it here.\n\n"
    file = file_of(pressed(form_with(tmp_path, picture(120), before, "The end.")))
    texts = texts_of(file)
    boxes = [box for page in range(len(texts)) if (box := green_of(file, page))]
    assert [box[3] for box in boxes] == [pytest.approx(120, abs=0.2)]
    page = next(page for page in range(len(texts)) if green_of(file, page))
    assert "Mark it here." in texts[page]
    assert "A square." in texts[page]


def test_large_print_leaves_the_picture_and_enlarges_its_words(tmp_path: Path) -> None:
    drawn(tmp_path)
    made = form_with(tmp_path, picture(50))
    large = PacketLayout([Copy(made, MARK)], furniture(text=LARGE)).press(values_of(facts()), identifier("x"))
    box = green_of(file_of(large))
    assert box is not None
    assert box[3] == pytest.approx(50, abs=0.2)
    assert large.skeleton.pictures == pressed(made).skeleton.pictures


# -- in the file -----------------------------------------------------------------------------------


def pictures_in(file: bytes) -> list[pikepdf.Object]:
    with pikepdf.open(io.BytesIO(file)) as document:
        return [each for each in document.objects if isinstance(each, pikepdf.Stream) and each.get("/Matrix")]


def test_a_picture_stands_once_in_a_packet_and_once_in_a_print_run(tmp_path: Path) -> None:
    drawn(tmp_path)
    drawn(tmp_path, "other", inside='<circle cx="50" cy="50" r="40" fill="#ff0000"/>')
    one = form_with(tmp_path, picture() + "\n\n" + picture(20) + "\n\n" + picture(20, "other"))
    packet = pressed(one, one)
    assert len(pictures_in(file_of(packet))) == 2
    assert len(pictures_in(print_run([(packet, "08:00"), (packet, "09:00")]))) == 2
    assert len(pictures_in(print_run([(packet, "08:00")], logo()))) == 3


def test_each_page_calls_only_what_the_file_has() -> None:
    packet = layout([everything()], picture=logo()).press(values_of(facts()), identifier("x"))
    for file in (file_of(packet, logo()), print_run([(packet, "08:00")], logo())):
        with pikepdf.open(io.BytesIO(file)) as document:
            called = {
                str(step.operands[0])
                for page in document.pages
                for step in pikepdf.parse_content_stream(page)
                if str(step.operator) == "Do"
            }
            assert called == set(document.pages[0].Resources.XObject.keys())
            assert len(called) == 3


def test_a_print_run_shows_the_pictures_of_packets_that_came_late(tmp_path: Path) -> None:
    drawn(tmp_path)
    without = pressed(form_with(tmp_path, "Nothing to see."))
    shown = pressed(form_with(tmp_path, picture()))
    file = print_run([(without, ""), (shown, "")])
    assert green_of(file, 0) is None
    assert green_of(file, 1) is not None


# -- part of the form ------------------------------------------------------------------------------


def test_another_drawing_is_another_form(tmp_path: Path) -> None:
    path = drawn(tmp_path)
    made = form_with(tmp_path, picture())
    assert made.files[-1] == path
    before = template_digest(shelf(), "spinal-decompression", "en", made)
    drawn(tmp_path, inside='<circle cx="50" cy="50" r="40" fill="#ff0000"/>')
    assert template_digest(shelf(), "spinal-decompression", "en", made) != before


def test_a_picture_shown_twice_counts_once(tmp_path: Path) -> None:
    drawn(tmp_path)
    assert len(form_with(tmp_path, picture() + "\n\n" + picture(20)).files) == 2


# -- refused ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("block", "said"),
    [
        (picture(name="sqare"), "Did you mean `square`?"),
        (picture(name="house"), "there is no picture house.svg"),
        (picture(name="../square"), "takes a name and a height"),
        (picture(name="/etc/passwd"), "takes a name and a height"),
        (picture(5), "from 10 to 240 millimetres"),
        (picture(300), "from 10 to 240 millimetres"),
        ("::: picture square\nA square.\n:::", "takes a name and a height"),
        ("::: picture square tall\nA square.\n:::", "takes a name and a height"),
        ("::: picture square 50\n:::", "one paragraph"),
        ("::: picture square 50\nOne.\n\nTwo.\n:::", "one paragraph"),
        ("::: picture square 50\n- One.\n:::", "one paragraph"),
        (picture(caption="For {{ patient.name }}."), "may hold no field"),
        ("::: note Look\n::: picture square 50\nA square.\n:::\n:::", "is not closed"),
        ("![A square](square.svg)", "::: picture block"),
    ],
)
def test_a_picture_that_cannot_be_is_refused_at_its_line(tmp_path: Path, block: str, said: str) -> None:
    drawn(tmp_path)
    with pytest.raises(TemplateError) as caught:
        form_with(tmp_path, block)
    assert "form.md:3" in str(caught.value)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("height", "wide", "said"),
    [(230, 20, "taller than a page"), (100, 300, "is wider than the text"), (60, 1000, "17 mm tall at most")],
)
def test_a_picture_too_large_for_the_page_is_refused_at_its_line(
    tmp_path: Path, height: int, wide: int, said: str
) -> None:
    drawn(tmp_path, w=wide)
    made = form_with(tmp_path, picture(height))
    with pytest.raises(TemplateError) as caught:
        layout([made])
    assert "form.md:3" in str(caught.value)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("inside", "said"),
    [
        ('<text x="1" y="9">Back</text>', "holds <text>"),
        ('<image href="x.png"/>', "holds <image>"),
        ("<script>1</script>", "holds <script>"),
        ('<use href="other.svg#r"/>', "another file or address"),
        ('<rect width="9" height="9" style="fill:url(http://x.example/y)"/>', "another file or address"),
        ("<rect", "no valid SVG"),
    ],
)
def test_a_drawing_that_cannot_be_shown_is_refused_by_name_and_line(tmp_path: Path, inside: str, said: str) -> None:
    drawn(tmp_path, inside=inside)
    with pytest.raises(TemplateError) as caught:
        layout([form_with(tmp_path, picture())])
    assert "form.md:3" in str(caught.value)
    assert "the picture square.svg" in str(caught.value)
    assert said in str(caught.value)


def test_a_link_that_leads_out_of_the_procedure_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "procedure"
    folder.mkdir()
    outside = drawn(tmp_path)
    (folder / "pictures").mkdir()
    (folder / "pictures" / "square.svg").symlink_to(outside)
    with pytest.raises(TemplateError, match="leads outside"):
        form_with(folder, picture())


def test_a_picture_that_vanished_is_told_as_that(tmp_path: Path) -> None:
    path = drawn(tmp_path)
    made = form_with(tmp_path, picture())
    path.unlink()
    with pytest.raises(TemplateError, match="cannot be read"):
        layout([made])
