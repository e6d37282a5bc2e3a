"""Ways to break the sample. Each is named after the mistake, and says what a reader loses and which rules see it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from tests.accessibility.sample import XMP, dictionary

Break = Callable[[pikepdf.Pdf], None]


@dataclass(frozen=True, slots=True)
class Loss:
    """What a reader loses by a mistake. rules: all that veraPDF then finds broken, such as `ua1 7.1-3`."""

    reader: str
    mistake: Break
    rules: frozenset[str]


LOSSES: list[Loss] = []


def loses(reader: str, *rules: str) -> Callable[[Break], Break]:
    """Enter a mistake in LOSSES. rules: such as `ua1 7.1-3 7.1-11`, one string for each flavour."""
    named = frozenset(f"{flavour} {rule}" for flavour, *numbers in map(str.split, rules) for rule in numbers)

    def enter(mistake: Break) -> Break:
        LOSSES.append(Loss(reader, mistake, named))
        return mistake

    return enter


def _elements(parent: pikepdf.Object) -> Iterator[pikepdf.Object]:
    for kid in list(parent.K.as_list()):
        if Name.S in kid:
            yield kid
            yield from _elements(kid)


def _all(pdf: pikepdf.Pdf, kind: str) -> list[pikepdf.Object]:
    return [element for element in _elements(pdf.Root.StructTreeRoot) if "/" + kind == element.S]


def _first(pdf: pikepdf.Pdf, kind: str) -> pikepdf.Object:
    return _all(pdf, kind)[0]


def _draw(pdf: pikepdf.Pdf, old: bytes, new: bytes) -> None:
    """Rewrite the first place of the page's content that matches the pattern `old`."""
    page = pdf.pages[0]
    drawn, count = re.subn(old, new, page.Contents.read_bytes(), count=1)
    assert count
    page.Contents = pdf.make_stream(drawn)


def _say(pdf: pikepdf.Pdf, old: str, new: str) -> None:
    """Rewrite the XMP packet."""
    assert old in XMP
    pdf.Root.Metadata = pdf.make_stream(XMP.replace(old, new).encode(), Type=Name.Metadata, Subtype=Name.XML)


def _mean(pdf: pikepdf.Pdf, code: bytes) -> None:
    """Let the glyph of 1 stand for the UTF-16 `code`."""
    font = pdf.pages[0].Resources.Font.F
    font.ToUnicode = pdf.make_stream(font.ToUnicode.read_bytes().replace(b"><0031>", b"><" + code + b">"))


def _descendant(pdf: pikepdf.Pdf) -> pikepdf.Object:
    return pdf.pages[0].Resources.Font.F.DescendantFonts[0]


def _add(pdf: pikepdf.Pdf, parent: pikepdf.Object, kind: str, **entries: object) -> pikepdf.Object:
    made = pdf.make_indirect(dictionary(S=Name("/" + kind), P=parent, K=Array(), **entries))
    parent.K.append(made)
    return made


# -- languages and descriptions ---------------------------------------------------------------------


@loses(
    "which voice reads the document",
    "ua1 7.2-2 7.2-22 7.2-24 7.2-25 7.2-30 7.2-33 7.2-34",
)
def no_language(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.Lang


@loses("which voice reads the document, when its language is misspelt", "ua1 7.2-29", "2a 6.7.4-1")
def language_with_underscore(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Lang = String("en_US")


@loses("which voice reads a foreign word", "ua1 7.2-29", "2a 6.7.4-1")
def foreign_passage_in_no_language(pdf: pikepdf.Pdf) -> None:
    _first(pdf, "Span").Lang = String("Español (México)")


@loses("which voice reads a word that is spelt out", "ua1 7.2-29", "2a 6.7.4-1")
def spelling_in_no_language(pdf: pikepdf.Pdf) -> None:
    _draw(pdf, rb"/Span <<", b"/Span <</Lang(?)")


@loses("what a picture shows", "ua1 7.3-1")
def no_alternative_text(pdf: pikepdf.Pdf) -> None:
    del _first(pdf, "Figure").Alt


@loses("what a picture shows, when its description is empty", "ua1 7.3-1")
def empty_alternative_text(pdf: pikepdf.Pdf) -> None:
    _first(pdf, "Figure").Alt = String("")


@loses("how a formula is spoken", "ua1 7.7-1")
def formula_without_words(pdf: pikepdf.Pdf) -> None:
    _first(pdf, "Slip").S = Name.Formula


# -- headings, lists, tables, notes -----------------------------------------------------------------


@loses("the outline, when a heading's level is skipped", "ua1 7.4.2-1")
def skipped_level(pdf: pikepdf.Pdf) -> None:
    _first(pdf, "H2").S = Name.H3


@loses("the outline, when the second form's headings skip a level", "ua1 7.4.2-1")
def skipped_level_in_second_form(pdf: pikepdf.Pdf) -> None:
    _first(pdf, "Slip").S = Name.H3


@loses("the outline, when it does not begin at the top", "ua1 7.4.2-1")
def first_heading_is_not_the_highest(pdf: pikepdf.Pdf) -> None:
    _first(pdf, "H1").S = Name.H2


@loses("the outline, when headings with and without a level are mixed", "ua1 7.4.2-1 7.4.4-2 7.4.4-3")
def heading_without_level(pdf: pikepdf.Pdf) -> None:
    _first(pdf, "H2").S = Name.H


@loses("which column and row a cell belongs to", "ua1 7.5-1")
def headers_without_scope(pdf: pikepdf.Pdf) -> None:
    for header in _all(pdf, "TH"):
        del header.A


@loses("which row a cell belongs to", "ua1 7.5-1")
def row_header_without_scope(pdf: pikepdf.Pdf) -> None:
    del _all(pdf, "TH")[2].A


@loses("which header a cell belongs to, when it names one that is not there", "ua1 7.5-2")
def unknown_header(pdf: pikepdf.Pdf) -> None:
    headers_without_scope(pdf)
    _first(pdf, "TD").A = Dictionary(O=Name.Table, Headers=[String("nowhere")])


@loses("the place of a cell, when a row is too short", "ua1 7.2-43")
def short_row(pdf: pikepdf.Pdf) -> None:
    del _all(pdf, "TR")[1].K[1]


@loses("the place of a cell, when a cell spans more columns than there are", "ua1 7.2-42")
def too_wide_cell(pdf: pikepdf.Pdf) -> None:
    _first(pdf, "TD").A = Dictionary(O=Name.Table, ColSpan=2)


@loses("the table, when rows stand outside one", "ua1 7.2-5 7.2-6")
def rows_without_table(pdf: pikepdf.Pdf) -> None:
    _first(pdf, "Table").S = Name.Div


@loses("how many items a list has", "ua1 7.2-17")
def items_without_list(pdf: pikepdf.Pdf) -> None:
    _first(pdf, "L").S = Name.Div


@loses("where an item begins and ends", "ua1 7.2-20")
def item_without_body(pdf: pikepdf.Pdf) -> None:
    _first(pdf, "LBody").S = Name.P


@loses("which list an inner list belongs to", "ua1 7.2-20")
def inner_list_beside_the_body(pdf: pikepdf.Pdf) -> None:
    _add(pdf, _first(pdf, "LI"), "L")


@loses("the way back from a note", "ua1 7.9-1")
def note_without_name(pdf: pikepdf.Pdf) -> None:
    del _first(pdf, "Note").ID


@loses("which of two notes is meant", "ua1 7.9-2")
def two_notes_of_one_name(pdf: pikepdf.Pdf) -> None:
    _add(pdf, _first(pdf, "Note").P, "Note", ID=String("note-1"))


# -- the structure tree and what it holds together --------------------------------------------------


@loses("all structure", "ua1 7.1-3 7.1-11 7.18.4-1 7.18.5-1", "2a 6.7.3.3-1")
def no_structure_tree(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.StructTreeRoot


@loses("the word that the file is tagged", "ua1 6.2-1", "2a 6.7.2.2-1")
def not_marked(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.MarkInfo


@loses("trust in the tags", "ua1 7.1-4")
def suspect_tags(pdf: pikepdf.Pdf) -> None:
    pdf.Root.MarkInfo.Suspects = True


@loses("a passage that no element holds", "ua1 7.1-3")
def unmarked_content(pdf: pikepdf.Pdf) -> None:
    _draw(pdf, rb"$", b"\n0 0 10 10 re f")


@loses("a passage whose number the tree does not know", "ua1 7.1-3")
def unknown_marked_content(pdf: pikepdf.Pdf) -> None:
    _draw(pdf, rb"/H1 <</MCID 0>>", b"/H1 <</MCID 99>>")


@loses("a passage that is taken for page furniture", "ua1 7.1-1")
def artifact_inside_a_heading(pdf: pikepdf.Pdf) -> None:
    _draw(pdf, rb"(/H1 <</MCID 0>> BDC) (.*) EMC", rb"\1 /Artifact BMC \2 EMC EMC")


@loses("a heading inside page furniture", "ua1 7.1-2")
def heading_inside_an_artifact(pdf: pikepdf.Pdf) -> None:
    _draw(pdf, rb"(/H1 <</MCID 0>> BDC .* EMC)", rb"/Artifact BMC \1 EMC")


@loses("a page whose content leads to no element", "ua1 7.1-3")
def page_without_struct_parents(pdf: pikepdf.Pdf) -> None:
    del pdf.pages[0].StructParents


@loses("all elements of content and annotations", "ua1 7.1-3 7.18.4-1 7.18.5-1")
def no_parent_tree(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.StructTreeRoot.ParentTree


@loses("where an element belongs", "ua1 7.1-3 7.1-12")
def element_without_parent(pdf: pikepdf.Pdf) -> None:
    del _first(pdf, "H2").P


@loses("what an element of the form's own kind is", "ua1 7.1-5", "2a 6.7.3.4-1")
def unknown_kind(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.StructTreeRoot.RoleMap


@loses("what an element is that stands for itself", "ua1 7.1-6", "2a 6.7.3.4-2")
def circular_role_map(pdf: pikepdf.Pdf) -> None:
    pdf.Root.StructTreeRoot.RoleMap = Dictionary(Slip=Name.Slap, Slap=Name.Slip)


@loses("the headings, when they are declared to be something else", "ua1 7.1-7 7.4.2-1")
def heading_declared_a_paragraph(pdf: pikepdf.Pdf) -> None:
    pdf.Root.StructTreeRoot.RoleMap.H1 = Name.P


@loses("the order of a drawing that is shown twice", "ua1 7.20-2")
def tagged_drawing_shown_twice(pdf: pikepdf.Pdf) -> None:
    entries = {"Type": Name.XObject, "Subtype": Name.Form, "BBox": Array([0, 0, 9, 9]), "Resources": Dictionary()}
    drawing = pdf.make_stream(b"/P <</MCID 0>> BDC 0 0 9 9 re f EMC", StructParents=3, **entries)
    owner = _first(pdf, "Slip")
    owner.K.append(Dictionary(Type=Name.MCR, Pg=pdf.pages[0].obj, Stm=drawing, MCID=0))
    numbers = pdf.Root.StructTreeRoot.ParentTree.Nums
    numbers.append(3)
    numbers.append(pdf.make_indirect(Array([owner])))
    pdf.pages[0].Resources.XObject = Dictionary(X=drawing)
    _draw(pdf, rb"$", b"\n/X Do q 1 0 0 1 50 50 cm /X Do Q")


# -- links and fields -------------------------------------------------------------------------------


@loses("the order of links and fields for the tabulator key", "ua1 7.18.3-1")
def no_tab_order(pdf: pikepdf.Pdf) -> None:
    del pdf.pages[0].Tabs


@loses("where a link leads", "ua1 7.18.1-2 7.18.5-2")
def link_without_description(pdf: pikepdf.Pdf) -> None:
    del pdf.pages[0].Annots[0].Contents


@loses("that a link is one", "ua1 7.18.5-1")
def link_outside_the_tree(pdf: pikepdf.Pdf) -> None:
    del pdf.pages[0].Annots[0].StructParent


@loses("what a field asks", "ua1 7.18.1-3")
def field_without_description(pdf: pikepdf.Pdf) -> None:
    del pdf.pages[0].Annots[1].TU


@loses("that a field is one", "ua1 7.18.4-1")
def field_in_a_paragraph(pdf: pikepdf.Pdf) -> None:
    _first(pdf, "Form").S = Name.P


@loses("that a drawn box is one to tick", "ua1 7.18.4-2")
def drawn_box_without_role(pdf: pikepdf.Pdf) -> None:
    box = _first(pdf, "Figure")
    box.S = Name.Form
    del box.A


@loses("a field on paper", "2a 6.3.3-1")
def field_without_appearance(pdf: pikepdf.Pdf) -> None:
    del pdf.pages[0].Annots[1].AP


# -- what the document says of itself ---------------------------------------------------------------


@loses("title and standards", "ua1 7.1-8", "2a 6.6.2.1-1")
def no_metadata(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.Metadata


@loses("the title", "ua1 7.1-9")
def no_title(pdf: pikepdf.Pdf) -> None:
    _say(pdf, '<dc:title><rdf:Alt><rdf:li xml:lang="x-default">Two forms</rdf:li></rdf:Alt></dc:title>', "")


@loses("the title in the window", "ua1 7.1-10")
def file_name_shown_for_the_title(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.ViewerPreferences


@loses("the promise of PDF/UA", "ua1 5-1")
def no_claim_of_ua(pdf: pikepdf.Pdf) -> None:
    _say(pdf, "<pdfuaid:part>1</pdfuaid:part>", "")


@loses("the promise of PDF/A", "2a 6.6.4-1")
def no_claim_of_a(pdf: pikepdf.Pdf) -> None:
    _say(pdf, "<pdfaid:part>2</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>", "")


@loses("the promise of structure for the archive", "2a 6.6.4-3")
def claim_of_level_b_only(pdf: pikepdf.Pdf) -> None:
    _say(pdf, "<pdfaid:conformance>A", "<pdfaid:conformance>B")


@loses("what the promise of PDF/UA means to an archive", "2a 6.6.2.3.1-1 6.6.2.3.1-2")
def claim_in_an_unknown_schema(pdf: pikepdf.Pdf) -> None:
    start, end = XMP.index("<pdfaExtension:schemas>"), XMP.index("</rdf:Description>")
    _say(pdf, XMP[start:end], "")


# -- fonts ------------------------------------------------------------------------------------------


@loses("the letters' shapes on another machine", "ua1 7.21.4.1-1", "2a 6.2.11.4.1-1")
def font_not_embedded(pdf: pikepdf.Pdf) -> None:
    del _descendant(pdf).FontDescriptor.FontFile2


@loses("which glyph a code stands for", "ua1 7.21.3.2-1", "2a 6.2.11.3.2-1")
def no_glyph_map(pdf: pikepdf.Pdf) -> None:
    del _descendant(pdf).CIDToGIDMap


@loses("the text behind the glyphs", "ua1 7.21.7-1", "2a 6.2.11.7.2-1")
def no_unicode(pdf: pikepdf.Pdf) -> None:
    del pdf.pages[0].Resources.Font.F.ToUnicode


@loses("the text behind a glyph that stands for nothing", "ua1 7.21.7-2", "2a 6.2.11.7.2-2")
def glyph_that_means_nothing(pdf: pikepdf.Pdf) -> None:
    _mean(pdf, b"0000")


@loses("the text behind a glyph of private meaning", "2a 6.2.11.7.3-1")
def glyph_of_private_meaning(pdf: pikepdf.Pdf) -> None:
    _mean(pdf, b"e000")


@loses("a character that the font lacks", "ua1 7.21.7-1 7.21.8-1", "2a 6.2.11.7.2-1 6.2.11.8-1")
def missing_glyph_box(pdf: pikepdf.Pdf) -> None:
    _draw(pdf, rb"Td <....", b"Td <0000")


@loses(
    "a character that the subset lacks",
    "ua1 7.21.4.1-2 7.21.5-1 7.21.7-1 7.21.8-1",
    "2a 6.2.11.4.1-2 6.2.11.5-1 6.2.11.7.2-1 6.2.11.8-1",
)
def glyph_outside_the_subset(pdf: pikepdf.Pdf) -> None:
    _draw(pdf, rb"Td <....", b"Td <7fff")


@loses("even spacing", "ua1 7.21.5-1", "2a 6.2.11.5-1")
def wrong_widths(pdf: pikepdf.Pdf) -> None:
    widths = _descendant(pdf).W[1]
    for glyph, width in enumerate(widths.as_list()):
        widths[glyph] = int(width) + 7


@loses("trust in the list of glyphs", "ua1 7.21.4.2-2", "2a 6.2.11.4.2-2")
def wrong_glyph_list(pdf: pikepdf.Pdf) -> None:
    _descendant(pdf).FontDescriptor.CIDSet = pdf.make_stream(b"\x80")


# -- colours, and what an archive must not hold -----------------------------------------------------


@loses("what the colours mean", "2a 6.2.4.3-2 6.2.4.3-4")
def no_output_intent(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.OutputIntents


@loses("what a printer's colours mean", "2a 6.2.4.3-3")
def colours_of_a_press(pdf: pikepdf.Pdf) -> None:
    _draw(pdf, rb"0\.8 0 0 rg", b"0 1 1 0 k")


@loses("what colours that shine through become", "2a 6.2.4.3-2 6.2.4.3-4 6.2.10-2")
def transparency_without_blending_space(pdf: pikepdf.Pdf) -> None:
    no_output_intent(pdf)
    pdf.pages[0].Resources.ExtGState = Dictionary(Half=Dictionary(ca=0.5))
    _draw(pdf, rb"0\.8 0 0 rg", b"/Half gs 0.8 0 0 rg")


@loses("an archive without programs", "2a 6.5.1-1")
def script(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String("1"))


@loses("an archive of one format", "2a 6.8-5")
def attached_data(pdf: pikepdf.Pdf) -> None:
    pdf.attachments["data.json"] = b"{}"


@loses("a page that stands alone", "2a 6.2.2-2")
def resources_of_the_parent(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Pages.Resources = pdf.pages[0].Resources
    del pdf.pages[0].obj["/Resources"]
