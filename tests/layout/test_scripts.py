"""Names and texts in any script: printed as HarfBuzz shapes them, and copied as they were written."""

from __future__ import annotations

import io
import re
import subprocess
import unicodedata
import zlib
from pathlib import Path

import pypdf
import pypdfium2
import pytest
from fontTools.ttLib import TTFont
from hypothesis import given, settings
from hypothesis import strategies as st

from handouts.errors import MissingGlyphError
from handouts.layout import fonts, system_fonts
from handouts.layout.families import FOLDER, SHIPPED, family_of
from handouts.layout.fonts import shape
from handouts.layout.lines import lines_of
from handouts.layout.packet import PacketLayout
from handouts.layout.pen import paint_lines
from handouts.layout.style import Style
from handouts.layout.subsets import make_subset, subset_file
from handouts.layout.text import no_values, words_of
from handouts.library.document import Text
from tests.layout.names import NAMES
from tests.layout.sheet import difference, drawn, line_of, page, pressed
from tests.press.making import form, identifier, layout, named, print_run

BODY = Style(12, 16.5)
EAST_ASIAN = Path(__file__).parents[1] / "data" / "fonts"


def bare(text: str) -> str:
    """Text without what tells its direction: readers add such marks, and so does the page where it must."""
    kept = (character for character in text if unicodedata.category(character) != "Cf" or character in "\u200c\u200d")
    return unicodedata.normalize("NFC", " ".join("".join(kept).split()))


def by_pdfium(file: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(file)
    return [bare(each.get_textpage().get_text_range()) for each in document]


def by_poppler(file: bytes) -> list[str]:
    told = subprocess.run(["pdftotext", "-enc", "UTF-8", "-", "-"], input=file, capture_output=True, check=True)
    assert told.stderr == b""
    return [bare(each) for each in told.stdout.decode().split("\f")[:-1]]


# -- names -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def letter(tmp_path_factory: pytest.TempPathFactory) -> PacketLayout:
    """A page that says the name alone, among words, in bold, in a table; and in its footer."""
    markdown = """# A letter

{{ patient.name }}

Dear {{ patient.name }}, welcome.

Your name in bold is **{{ patient.name }}** here.

| Who | What |
| --- | --- |
| {{ patient.name }} | comes at eight |
"""
    return layout([form(tmp_path_factory.mktemp("letter"), markdown)])


def test_the_table_holds_two_hundred_names_of_twenty_five_languages() -> None:
    assert len(NAMES) >= 200
    assert len({language for language, _ in NAMES}) >= 25


@pytest.mark.usefixtures("east_asian_fonts")
def test_every_name_is_copied_from_body_and_footer_as_it_was_written(letter: PacketLayout) -> None:
    packets = [(letter.press(named(name), identifier(name)), "") for _, name in NAMES]
    assert {len(pressed.skeleton.pages) for pressed, _ in packets} == {1}
    file = print_run(packets)
    for reader in (by_pdfium, by_poppler):
        pages = reader(file)
        assert len(pages) == len(NAMES)
        lost = [name for (_, name), text in zip(NAMES, pages, strict=True) if text.count(bare(name)) != 5]
        assert lost == [], reader.__name__


@pytest.mark.usefixtures("east_asian_fonts")
def test_pypdf_copies_single_words_of_every_script(letter: PacketLayout) -> None:
    for name in ("Wałęsa", "Παΐζη", "Ботев", "محمد", "דוד", "山田太郎", "김철수"):
        file = print_run([(letter.press(named(name), identifier(name)), "")])
        assert bare(pypdf.PdfReader(io.BytesIO(file)).pages[0].extract_text()).count(name) >= 4, name


# -- pictures --------------------------------------------------------------------------------------

PICTURES = [
    ("NotoSans", "Wałęsa Đặng Nguyễn Erdős"),
    ("NotoSans", "Οδυσσέας Ελύτης"),
    ("NotoSans", "Тарас Шевченко Ґудзь"),
    ("NotoNaskhArabic", "عبد العزيز لطفي محمد بنت"),
    ("NotoNaskhArabic", "پروین اعتصامی ٹھٹھہ گلشیفته"),
    ("NotoNaskhArabic", "مُحَمَّد شكرًا"),
    ("NotoSansHebrew", "דוד בן גוריון"),
    ("NotoSansHebrew", "שָׁלוֹם"),
    ("NotoSansHebrew", "(דוד) [בן]"),
    ("NotoSans", "ज्ञानेश्वर त्रिपाठी हिन्दी क्ष"),
    ("NotoSansBengali", "রবীন্দ্রনাথ ঠাকুর শ্রী ৰয়"),
    ("NotoSansTamil", "கிருஷ்ணன் ஸ்ரீநிவாச கொள்கை"),
    ("NotoSansThai", "ป๋วย อึ๊งภากรณ์ น้ำทิพย์"),
]
WIDTH = 1300
MOST = 0.01
UNSHAPED = dict.fromkeys(
    ["init", "medi", "fina", "rlig", "calt", "ccmp", "mark", "mkmk", "half", "pres", "abvs", "blws", "psts", "akhn",
     "rphf", "blwf", "haln", "kern"], False,
)  # fmt: skip


@pytest.mark.parametrize("bold", [False, True], ids=["regular", "bold"])
@pytest.mark.parametrize(("file", "text"), PICTURES)
def test_every_script_looks_as_harfbuzz_and_freetype_draw_it(file: str, text: str, bold: bool) -> None:
    path = FOLDER / f"{file}-{'Bold' if bold else 'Regular'}.ttf"
    assert difference(pressed(text, WIDTH, bold=bold), drawn(text, path, WIDTH)) <= MOST


@pytest.mark.parametrize(("file", "text"), [row for row in PICTURES if row[1][0] > "\u0590"])
def test_the_picture_notices_text_that_is_not_shaped(file: str, text: str) -> None:
    path = FOLDER / f"{file}-Regular.ttf"
    assert difference(pressed(text, WIDTH, bold=False), drawn(text, path, WIDTH, UNSHAPED)) > MOST


@pytest.mark.parametrize(("text", "wrong"), [("कि", "की"), ("בן", "נב"), ("না", "নি"), ("ปี", "ปิ"), ("ب", "ت")])
def test_the_picture_notices_another_vowel_or_order(text: str, wrong: str) -> None:
    assert difference(pressed(text, WIDTH, bold=False), pressed(wrong, WIDTH, bold=False)) > MOST


@pytest.mark.usefixtures("east_asian_fonts")
@pytest.mark.parametrize("bold", [False, True], ids=["regular", "bold"])
@pytest.mark.parametrize("text", ["山田太郎様", "さくらももこ", "김철수", "王小明"])
def test_east_asian_text_looks_as_harfbuzz_and_freetype_draw_it(text: str, bold: bool) -> None:
    path = EAST_ASIAN / f"NotoSansCJKjp-{'Bold' if bold else 'Regular'}.otf"
    assert difference(pressed(text, WIDTH, bold=bold), drawn(text, path, WIDTH)) <= MOST


# -- any string ------------------------------------------------------------------------------------

_ALPHABETS = {
    "latin": "aZéñłŐđưệĦǆẞ.,-'0",
    "greek": "αΩέΐςΰ",
    "cyrillic": "аЯёґқөЏ",
    "hebrew": "אבגדהוזחטיכךלמםנןסעפףצץקרשת",
    "arabic": "ابتثجحخدذرزسشصضطظعغفقكلمنهويىةأإآؤئءپچژگکیٹڈڑھہۃے",
    "thai": "กขคงจชซญดตถทนบปผฝพภมยรลวศสหอฮ",
}
_NUKTAS = "\u093c\u09bc"
_INDIC = {
    "deva": ("कखगघचछजझटठडढणतथदधनपफबभमयरलवशषसह", "ािीुूेैोौंँः", "्"),
    "beng": ("কখগঘচছজঝটঠডঢণতথদধনপফবভমযরলশষসহ", "ািীুূেৈোৌংঁঃ", "্"),
    "taml": ("கஙசஞடணதநபமயரலவழளறனஜஷஸஹ", "ாிீுூெேைொோௌ", "்"),
}


def _syllables(letters: str, vowels: str, virama: str) -> st.SearchStrategy[str]:
    syllable = st.builds(
        lambda first, second, vowel: (first + virama if first else "") + second + vowel,
        st.just("") | st.sampled_from(letters),
        st.sampled_from(letters),
        st.just("") | st.sampled_from(vowels),
    )
    return st.lists(syllable, min_size=1, max_size=6).map("".join)


_WORDS = st.one_of(
    *(st.text(alphabet, min_size=1, max_size=10) for alphabet in _ALPHABETS.values()),
    *(_syllables(*each) for each in _INDIC.values()),
)


def _one_direction(words: list[str]) -> str:
    """Words of one right-to-left script, or none of them: readers guess the order of others wrong."""
    turned = [word for word in words if unicodedata.bidirectional(word[0]) in ("R", "AL")]
    return " ".join([word for word in turned if family_of(word[0]) is family_of(turned[0][0])] or words)


@given(name=st.lists(_WORDS, min_size=1, max_size=3).map(_one_direction))
@settings(deadline=None, max_examples=150)
def test_any_text_comes_back_when_copied(name: str) -> None:
    name = unicodedata.normalize("NFC", name)
    painted = paint_lines([line_of(f"Dear {name}, welcome to the clinic", BODY)], BODY, 20, 60)
    file = page([painted], (900, 80))
    (text,) = by_pdfium(file)
    assert text.startswith(f"Dear {bare(name)}")
    assert text.endswith(", welcome to the clinic")


@pytest.mark.parametrize("word", ["سعود", "גוריון"])
@pytest.mark.parametrize("count", [11, 13, 21, 29])
def test_a_line_full_of_words_from_the_right_is_copied_in_order(word: str, count: int) -> None:
    name = " ".join(["אלף" if word[0] == "ג" else "ألف", *[word] * (count - 1)])
    file = page([paint_lines([line_of(f"{name} · 1968", BODY)], BODY, 20, 60)], (2000, 80))
    for reader in (by_pdfium, by_poppler):
        assert reader(file)[0].startswith(name), reader.__name__


@given(name=st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1, max_size=8))
@settings(deadline=None, max_examples=300)
def test_no_text_at_all_is_printed_with_a_box_in_it(name: str) -> None:
    try:
        run = shape(name, False)
    except MissingGlyphError:
        return
    assert all(b"<0000" not in segment.array for segment in run.segments)


# -- what cannot be printed ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "told", "remedy"),
    [
        ("Ann \U0001f600", "an emoji, U+1F600", "Leave it out."),
        ("Ann \u2764\ufe0f", "U+2764", "Leave it out."),
        ("\ue000", "a private-use character, U+E000", "Correct"),
        ("\u0378", "an unassigned character, U+0378", "Correct"),
        ("\ua98f", "U+A98F", "Correct"),
        ("አበበ", "U+1260, U+12A0", "write it in letters that the fonts have"),
        ("山田", "Chinese, Japanese or Korean characters, U+5C71, U+7530", "Install"),
        ("አ山", "U+12A0; a Chinese, Japanese or Korean character, U+5C71", "Install"),
    ],
)
@pytest.mark.usefixtures("no_east_asian_fonts")
def test_what_no_font_has_is_refused_by_name(text: str, told: str, remedy: str) -> None:
    with pytest.raises(MissingGlyphError) as refused:
        shape(text, False)
    assert told in refused.value.characters
    assert remedy in refused.value.hint


@pytest.mark.usefixtures("no_east_asian_fonts")
def test_an_east_asian_name_without_fonts_tells_what_to_install() -> None:
    with pytest.raises(MissingGlyphError) as refused:
        shape("山田", False)
    assert "U+5C71" in refused.value.characters
    assert "fonts-noto-cjk" in refused.value.hint
    assert "handouts[cjk]" in refused.value.hint


@pytest.mark.usefixtures("east_asian_fonts")
def test_a_subset_of_a_system_font_has_the_same_bytes_every_time() -> None:
    resources = [segment.font for segment in shape("山田太郎", True).segments]
    first = [subset_file(resource) for resource in resources]
    system_fonts.forget()
    assert [subset_file(resource) for resource in resources] == first


def test_a_font_whose_licence_forbids_embedding_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    font = TTFont(EAST_ASIAN / "NotoSansCJKjp-Regular.otf")
    font["OS/2"].fsType = 2
    font.save(tmp_path / "NotoSansCJKjp-Regular.otf")
    monkeypatch.setattr(system_fonts, "FOLDERS", (tmp_path,))
    system_fonts.forget()
    try:
        assert system_fonts.face_for("山", False, "JP") is None
    finally:
        monkeypatch.undo()
        system_fonts.forget()


@pytest.mark.usefixtures("east_asian_fonts")
def test_ideographs_are_those_of_the_language() -> None:
    japanese, chinese = (Style(12, 16.5, language=language) for language in ("ja", "zh-Hans"))
    assert b"jpan" in paint_lines([line_of("骨", japanese)], japanese, 0, 0)
    assert b"hans" in paint_lines([line_of("骨", chinese)], chinese, 0, 0)
    assert b"jpan" in paint_lines([line_of("骨のこと", BODY)], BODY, 0, 0)


# -- lines -----------------------------------------------------------------------------------------


def broken(text: str, width: float) -> list[str]:
    lines = lines_of(words_of((Text(text),), BODY, no_values), BODY, width)
    told = [re.findall(r"ActualText<FEFF([0-9A-F]*)>", paint_lines([line], BODY, 0, 0).decode()) for line in lines]
    return [bytes.fromhex(each[0]).decode("utf-16-be") for each in told]


@pytest.mark.usefixtures("east_asian_fonts")
def test_no_line_begins_with_a_full_stop_or_ends_with_an_opening_bracket() -> None:
    text = "治療説明「患者氏名」、同意書。医師署名「日付」。" * 4
    for width in range(40, 120):
        lines = broken(text, width)
        assert "".join(lines) == text
        assert not any(line[0] in "。、」" or line[-1] == "「" for line in lines)


def test_thai_lines_end_between_words_and_no_vowel_leaves_its_letter() -> None:
    text = "การรักษานี้ใช้เครื่องดึงกระดูกสันหลังเพื่อลดแรงกดบนหมอนรองกระดูก"
    for width in (60, 90, 140, 200):
        lines = broken(text, width)
        assert "".join(lines) == text
        assert not any(unicodedata.category(line[0]) == "Mn" or line[-1] in "เแโใไ" for line in lines)
    assert broken(text, 140)[0].endswith(("นี้", "ใช้", "รักษา", "เครื่อง", "ดึง"))


@pytest.mark.parametrize("bold", [False, True], ids=["regular", "bold"])
@pytest.mark.parametrize("tag", sorted(SHIPPED))
def test_the_shipped_subset_of_every_family_is_the_one_that_would_be_made_now(tag: str, bold: bool) -> None:
    face = SHIPPED[tag][bold]
    resource = face.resources()[0]
    assert zlib.decompress(subset_file(resource)[0]) == make_subset(face, resource)


def test_shipped_faces_of_one_family_have_a_real_bold() -> None:
    for weights in SHIPPED.values():
        regular, bold = weights[False], weights[True]
        glyphs = sorted(regular.base & bold.base)
        assert sum(regular.advance(glyph) != bold.advance(glyph) for glyph in glyphs) > len(glyphs) // 4


@given(st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=40), st.booleans())
def test_ascii_is_shaped_letter_by_letter_as_harfbuzz_shapes_it_whole(text: str, bold: bool) -> None:
    run = fonts._by_letters(text, bold)
    assert run == fonts._forward(SHIPPED[""][bold], text, ("", ""))
