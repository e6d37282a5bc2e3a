"""What a screen reader gets: every form whole, in the order of its template, and named for what it is."""

from __future__ import annotations

import io
import re
import unicodedata
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given

from handouts.errors import LayoutError
from handouts.layout.composition import Copy
from handouts.layout.packet import PacketLayout
from handouts.layout.style import LARGE, NORMAL
from handouts.library.fields import Facts
from handouts.library.flags import Flags
from handouts.model import Flag
from handouts.press.finished import read_attachment
from tests.accessibility.reader import Element, read_aloud
from tests.library.test_words import DOCUMENTS, plain_words, words
from tests.press.making import (
    FLAG_SETS,
    MARK,
    everything,
    facts,
    file_of,
    form,
    furniture,
    identifier,
    layout,
    logo,
    only,
    print_run,
    shelf,
    shipped_form,
    values_of,
)
from tests.press.people import examples, people
from tests.press.test_attachment import official

LABELS = shelf().labels("en")


def tree_of(file: bytes) -> Element:
    """The one element below the root."""
    (top,) = read_aloud(file)
    return top


@pytest.mark.parametrize("document", DOCUMENTS)
@pytest.mark.parametrize("flags", FLAG_SETS[::11], ids=lambda flags: "+".join(sorted(flags)) or "plain")
def test_every_word_of_the_template_is_read_aloud_in_order(document: str, flags: Flags) -> None:
    known = facts(representative="Paula Madeup" if Flag.REPRESENTATIVE in flags else None)
    using = PacketLayout([Copy(shipped_form(document, flags), MARK)], furniture())
    file = file_of(using.press(values_of(known), known.packet_id))
    wanted, read = plain_words(document, flags, known), words(tree_of(file).text.replace("____", ""))
    rest = iter(read)
    assert not [word for word in wanted if not any(word == each for each in rest)]
    printed = {"•", LABELS.signature, LABELS.date, LABELS.time, LABELS.yes, LABELS.no}
    printed |= {word for role in LABELS.roles.values() for word in role.split()}
    assert not [each for each in set(read) - set(wanted) - printed if not re.fullmatch(r"\d+\.", each)]


@given(patient=people())
@examples(60)
def test_wrapped_values_are_read_where_they_stand(patient: Facts) -> None:
    """However the lines break: a reader gets the sentence whole."""
    try:
        file = file_of(EVERYTHING.press(values_of(patient), patient.packet_id))
    except LayoutError:
        return  # a value that fills more than a page, which the desk is told
    found, first = [element.text for element in tree_of(file).walk() if element.kind == "P"], values_of(patient)
    name = re.sub(r"\s", "", unicodedata.normalize("NFC", first(NAME)))
    assert re.sub(r"\s", "", found[0]).startswith(f"Dear{name},youwerebornon")
    assert re.sub(r"\s", "", found[-1]) == f"Theend,{name}."


EVERYTHING = layout([everything()])
NAME = next(part.field for part in everything().blocks[1].content if hasattr(part, "field"))  # type: ignore[union-attr]  # blocks[1] is a paragraph


@pytest.mark.parametrize("text", ["normal", "large"])
def test_each_kind_of_block_is_named_for_what_it_is(text: str) -> None:
    style = LARGE if text == "large" else furniture().text
    using = PacketLayout([Copy(everything(), MARK)], furniture(text=style))
    form = tree_of(file_of(using.press(values_of(facts()), identifier("x")))).kids[0]
    assert form.kind == "Part"
    kinds = [kid.kind for kid in form.kids]
    assert kinds == [
        "H1", "P", "H2", "H3", "Div", "Div", "P", "L", "L", "Table", "Table", "L", "L", "P", "L", "L", "Form",
        "Figure", "Figure", "Div", "Sect", "Table", "P",
    ]  # fmt: skip
    points, numbers = form.kids[7], form.kids[8]
    assert [(item.kind, [part.kind for part in item.kids]) for item in points.kids] == [("LI", ["Lbl", "LBody"])] * 3
    assert [numbering.entries["/A/ListNumbering"] for numbering in (points, numbers)] == ["/Disc", "/Decimal"]
    assert [item.kids[0].text for item in numbers.kids] == ["1.", "2."]
    table = form.kids[9]
    assert [row.kind for row in table.kids] == ["TR"] * 5
    assert all((cell.kind, cell.entries["/A/Scope"]) == ("TH", "/Column") for cell in table.kids[0].kids)
    assert [[cell.kind for cell in row.kids] for row in table.kids[1:]] == [["TD"] * 4] * 4
    details = form.kids[11]
    assert details.kids[0].text == "Patient Testa Sampleson, record no. DEMO-0001"
    assert details.kids[-1].kids[1].kids[0].entries["/A/Desc"] == "Left to write"
    screening = form.kids[12]
    question = screening.kids[0].kids[0]
    assert [(part.kind, part.text) for part in question.kids] == [
        ("P", "Did Testa Sampleson eat today?"), ("Form", "Yes"), ("Form", "No")
    ]  # fmt: skip
    assert [part.entries["/A/Role"] for part in question.kids[1:]] == ["/cb", "/cb"]
    initials, ticks = form.kids[14], form.kids[15]
    assert [each.entries["/A/Role"] for each in initials.walk() if each.kind == "Form"] == ["/tv", "/tv"]
    assert [each.entries["/A/Role"] for each in ticks.walk() if each.kind == "Form"] == ["/cb", "/cb"]
    figure = form.kids[17]
    assert figure.entries["/Alt"] == "A cross. Mark on it where it hurts."
    array = form.kids[18]
    assert array.entries["/Alt"] == "It happens to about 8 of 100 people, and not to the other 92."
    assert [(kid.kind, kid.text) for kid in array.kids] == [("Caption", array.entries["/Alt"])]
    passage = form.kids[19]
    assert (passage.entries["/Lang"], [part.kind for part in passage.kids]) == ("es", ["P", "L"])
    signature = form.kids[20]
    assert (signature.kids[0].kind, signature.kids[0].text) == ("H4", "Patient")
    assert [each.entries["/A/Desc"] for each in signature.walk() if each.kind == "Form"][:3] == [
        "Signature: Patient", "Date", "Time"
    ]  # fmt: skip


def test_headings_go_down_one_level_at_a_time() -> None:
    copies = [Copy(shipped_form(document), MARK) for document in DOCUMENTS]
    using = PacketLayout(copies, furniture())
    tree = tree_of(file_of(using.press(values_of(facts()), identifier("x"))))
    assert [part.kind for part in tree.kids] == ["Part"] * len(DOCUMENTS)
    levels = [int(each.kind[1]) for each in tree.walk() if re.fullmatch("H[1-6]", each.kind)]
    assert levels[0] == 1
    assert levels.count(1) == len(DOCUMENTS)
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_a_header_that_is_printed_again_is_read_once() -> None:
    using = PacketLayout([Copy(everything(), MARK)], furniture(text=LARGE))
    pressed = using.press(values_of(facts("long name " * 5)), identifier("x"))
    assert len(pressed.skeleton.pages) > 4
    tables = [each for each in tree_of(file_of(pressed)).walk() if each.kind == "Table"]
    heads = [[row for row in table.kids if row.kids[0].kind == "TH"] for table in tables]
    assert [len(found) for found in heads] == [1, 1, 1]


def test_a_header_with_an_empty_cell_that_is_printed_again_is_read_once(tmp_path: Path) -> None:
    rows = "".join(f"| {number} | {{{{ patient.name }}}} |\n" for number in range(60))
    made = form(tmp_path, f"# A form\n\n| | Who |\n|---|---|\n{rows}")
    pressed = layout([made]).press(values_of(facts()), identifier("x"))
    assert len(pressed.skeleton.pages) > 1
    (table,) = [each for each in tree_of(file_of(pressed)).walk() if each.kind == "Table"]
    assert [[cell.text for cell in row.kids] for row in table.kids if row.kids[0].kind == "TH"] == [["", "Who"]]
    assert len(table.kids) == 61


@pytest.mark.parametrize("attached", [False, True], ids=["", "with a finished PDF"])
@pytest.mark.parametrize("several", [False, True], ids=["packet", "print run"])
def test_the_tree_and_the_pages_agree(tmp_path: Path, several: bool, attached: bool) -> None:
    using = PacketLayout([Copy(everything(), MARK)], furniture(picture=logo()))
    pressed = [using.press(values_of(facts(name)), identifier(name)) for name in ("Ana Ruiz", "long name " * 15)]
    padding = using.padding_page(identifier("x"), 3)
    notice = read_attachment("notice", "Official 1", official(tmp_path, 2)) if attached else None
    if several:
        following = [(notice, "")] if notice else []
        file = print_run([(pressed[0], "8"), (padding, ""), *following, (pressed[1], "9"), *following], logo())
    else:
        file = file_of(pressed[0], logo(), notice)
    with pikepdf.open(io.BytesIO(file)) as document:
        parents = parent_tree(document)
        marked: dict[tuple[tuple[int, int], int], tuple[int, int]] = {}
        waiting = [(kid, document.Root.StructTreeRoot.objgen) for kid in [document.Root.StructTreeRoot.K]]
        while waiting:
            element, parent = waiting.pop()
            assert element.P.objgen == parent
            for kid in element.get("/K", []) if not isinstance(element.get("/K"), int) else [element.K]:
                if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
                    waiting.append((kid, element.objgen))
                    continue
                mcid = kid if isinstance(kid, int) else kid.MCID
                page = element.Pg if isinstance(kid, int) else kid.Pg
                assert (page.objgen, int(mcid)) not in marked
                marked[page.objgen, int(mcid)] = element.objgen
        listed: dict[tuple[tuple[int, int], int], tuple[int, int]] = {}
        for sheet in document.pages:
            written = [int(each) for each in re.findall(rb"/MCID (\d+)>>BDC", contents(sheet))]
            assert written == list(range(len(written)))
            if not written:
                assert "/StructParents" not in sheet.obj
                continue
            elements = parents.pop(int(sheet.obj.StructParents))
            assert len(elements) == len(written)
            listed |= {(sheet.obj.objgen, mcid): element.objgen for mcid, element in enumerate(elements)}
        assert listed == marked
        assert not parents


def contents(page: pikepdf.Page) -> bytes:
    drawn = page.obj.Contents
    return b"\n".join(part.read_bytes() for part in (drawn if isinstance(drawn, pikepdf.Array) else [drawn]))


def test_a_finished_pdf_is_one_figure_a_page_after_the_forms(tmp_path: Path) -> None:
    notice = read_attachment("notice", "Official 1", official(tmp_path, 2))
    pressed = layout([everything()]).press(values_of(facts()), identifier("x"))
    whole = tree_of(print_run([(pressed, ""), (notice, ""), (pressed, ""), (notice, "")]))
    assert [each.kind for each in whole.kids] == ["Part"] * 4
    for tree, number in ((tree_of(file_of(pressed, None, notice)), 1), (whole, 1), (whole, 3)):
        part = tree.kids[number]
        assert [(each.kind, each.entries["/Alt"]) for each in part.kids] == [
            ("Figure", "Official 1, 1/2"), ("Figure", "Official 1, 2/2")
        ]  # fmt: skip
        assert all(each.entries["/A/BBox"] for each in part.kids)


def parent_tree(document: pikepdf.Pdf) -> dict[int, list[pikepdf.Object]]:
    """Key of the number tree → elements by MCID."""
    found: dict[int, list[pikepdf.Object]] = {}

    def read(node: pikepdf.Object) -> None:
        before = set(found)
        if "/Kids" in node:
            for kid in node.Kids:
                read(kid)
        else:
            numbers = list(node.Nums)
            keys = [int(key) for key in numbers[::2]]
            assert keys == sorted(keys)
            assert not found or keys[0] > max(found)
            found.update(zip(keys, (list(each) for each in numbers[1::2]), strict=True))
        if "/Limits" in node:
            mine = found.keys() - before
            assert [int(each) for each in node.Limits] == [min(mine), max(mine)]

    read(document.Root.StructTreeRoot.ParentTree)
    assert max(found) < int(document.Root.StructTreeRoot.ParentTreeNextKey)
    return found


def test_each_packet_of_a_print_run_is_read_in_its_own_language() -> None:
    using = [PacketLayout([Copy(everything(), MARK)], furniture(text=NORMAL.of(each))) for each in ("en", "es")]
    run = tree_of(print_run([(each.press(values_of(facts()), identifier("x")), "") for each in using]))
    assert [each.entries["/Lang"] for each in run.kids] == ["en", "es"]


def test_a_packet_has_a_bookmark_for_each_form() -> None:
    forms = [shipped_form(document) for document in DOCUMENTS]
    using = PacketLayout([Copy(form, MARK) for form in forms], furniture())
    with pikepdf.open(io.BytesIO(file_of(using.press(values_of(facts()), identifier("x"))))) as document:
        with document.open_outline() as outline:
            assert [entry.title for entry in outline.root] == [form.title for form in forms]
        for page in document.pages:
            assert page.obj.Tabs == "/S"


def test_what_stands_on_every_page_is_passed_over() -> None:
    using = replace(furniture(picture=logo()))
    packet = PacketLayout([Copy(shipped_form("withdrawal"), MARK)], using)
    text = tree_of(file_of(packet.press(values_of(facts()), identifier("x")), logo())).text
    assert "Page 1 of" not in text
    assert "DEMO-0001 Taking" not in text


def test_a_rule_to_write_on_is_told_where_it_stands() -> None:
    file = file_of(EVERYTHING.press(only(), identifier("x")))
    paragraph = next(element for element in tree_of(file).walk() if element.kind == "P")
    assert paragraph.text.startswith("Dear ____, you were born on ____. Your number is ____, and (____) sees you")


@pytest.mark.usefixtures("east_asian_fonts")
@pytest.mark.parametrize("name", ["Mĩ̠a", "山田", "محمد"])
def test_a_rule_is_told_on_a_line_that_tells_a_name_by_its_text_too(name: str) -> None:
    file = file_of(EVERYTHING.press(only(patient_name=name), identifier("x")))
    paragraph = next(element for element in tree_of(file).walk() if element.kind == "P")
    assert paragraph.text.startswith(f"Dear {name}, you were born on ____. Your number is ____, and (____) sees you")
