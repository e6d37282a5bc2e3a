"""For any pages: each goes somewhere, the better scan of two stands in the packet, and what is missing is told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handouts.run.manifest import PacketRecord
from handouts.scan.fhir import consent_status
from handouts.scan.index import INDEX, FileEntry, Index, PageEntry
from handouts.scan.model import Doubt, Fate, FieldReading, Ink, PageReading
from handouts.scan.printed import PrintedRun
from handouts.scan.sorting import NO_OTHER_SIDE, chosen, sorted_pages
from handouts.scan.status import status
from tests.run.making import EXAMPLES, ISSUED, clinic_file, desk, handouts, list_file, rows
from tests.scan.paper import Paper

ONE = "A7K2M" * 4
INKS = st.sampled_from(list(Ink))


@st.composite
def readings(draw: st.DrawFn) -> list[PageReading]:
    """The pages of a file."""
    kinds = draw(st.lists(st.sampled_from(["page", "blank", "padding", "doubt"]), max_size=12))
    made: dict[str, dict[str, object]] = {
        "page": {"packet_id": ONE, "page": 3, "turned": 180},
        "blank": {"blank": True},
        "padding": {"packet_id": ONE, "padding": True},
        "doubt": {"doubt": Doubt.CONFLICT, "note": "its codes are of different pages"},
    }
    return [PageReading.model_validate({"number": number, **made[kind]}) for number, kind in enumerate(kinds, 1)]


@given(readings())
def test_every_page_of_a_file_goes_to_one_place(pages: list[PageReading]) -> None:
    entries = sorted_pages("f" * 64, pages)
    assert [each.number for each in entries] == list(range(1, len(pages) + 1))
    for place, (page, entry) in enumerate(zip(pages, entries, strict=True)):
        other = pages[place ^ 1] if place ^ 1 < len(pages) else None
        if page.blank:
            dropped = other is not None and other.packet_id is not None
            assert entry.fate is (Fate.BLANK if dropped else Fate.QUEUE)
            assert dropped or entry.note == NO_OTHER_SIDE
        elif page.doubt:
            assert (entry.fate, entry.packet_id, entry.doubt) == (Fate.QUEUE, None, page.doubt)
        else:
            assert (entry.fate, entry.page) == ((Fate.BLANK, None) if page.padding else (Fate.PACKET, 3))


@st.composite
def scans(draw: st.DrawFn) -> tuple[list[PageEntry], dict[tuple[str, int], dict[int, Ink]]]:
    """Scans of a packet's pages, and what is written on each."""
    pages = draw(st.lists(st.integers(1, 4), max_size=10))
    fates = draw(st.lists(st.sampled_from([Fate.PACKET, Fate.COPY]), min_size=len(pages), max_size=len(pages)))
    found = [
        PageEntry("f" * 64, number, fate, ONE, page)
        for number, (page, fate) in enumerate(zip(pages, fates, strict=True), 1)
    ]
    return found, {(each.file, each.number): dict(enumerate(draw(st.lists(INKS, max_size=3)))) for each in found}


@given(scans())
def test_of_each_page_one_scan_stands_in_the_packet_and_no_other_has_more_on_it(
    drawn: tuple[list[PageEntry], dict[tuple[str, int], dict[int, Ink]]],
) -> None:
    entries, fields = drawn
    told = list(chosen(entries, fields))
    assert Counter(entry for entry, _ in told) == Counter(entries)
    worth = {Ink.SIGNED: 100, Ink.LOOK: 1, Ink.EMPTY: 0}
    written = {each: sum(worth[ink] for ink in fields[each.file, each.number].values()) for each in entries}
    for page in {each.page for each in entries}:
        standing = [entry for entry, fate in told if fate is Fate.PACKET and entry.page == page]
        assert len(standing) == 1
        same = [each for each in entries if each.page == page]
        assert written[standing[0]] == max(written[each] for each in same)
        assert standing[0] == next(each for each in same if written[each] == written[standing[0]]), "the earlier one"


# -- how a run stands ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Paper:
    """Two packets of three pages: a handout, and the consent form twice, one to keep."""
    place = desk(tmp_path_factory.mktemp("desk"), 2)
    clinic_file(place.folder, packet=[{"document": "handout"}, {"document": "consent", "copies": 2}])
    assert place.generate().code == 0
    return Paper(place.out)


Came: TypeAlias = dict[tuple[int, int], list[Ink]]
"""Pages of packets that came back, and what is in the fields of each."""


@st.composite
def came_back(draw: st.DrawFn) -> Came:
    pages = draw(st.sets(st.tuples(st.integers(0, 1), st.integers(1, 3))))
    return {each: draw(st.lists(INKS, min_size=6, max_size=6)) for each in sorted(pages)}


def recorded(paper: Paper, came: Came, folder: Path) -> PrintedRun:
    """The run with an index that tells of these pages."""
    (folder / "manifest.json").write_bytes((paper.folder / "manifest.json").read_bytes())
    run = PrintedRun.of(folder)
    entries, fields = [], []
    for number, ((place, page), inks) in enumerate(came.items(), 1):
        packet = run.manifest.packets[place]
        entries.append(PageEntry("f" * 64, number, Fate.PACKET, packet.packet_id, page))
        for field, (box, ink) in enumerate(zip(run.fields(packet, page), inks, strict=False)):
            read = FieldReading(
                number=field, kind=box.kind, name=box.name, optional=box.optional, state=ink, length=9.0
            )
            fields.append(("f" * 64, number, read))
    with Index(folder / INDEX) as index:
        index.record(FileEntry("f" * 64, "originals/f.pdf", len(entries), "2026-12-01"), entries, fields, ())
    return run


@settings(max_examples=40)
@given(came_back())
def test_what_is_missing_and_how_a_packet_stands_follow_from_what_came_back(paper: Paper, came: Came) -> None:
    with TemporaryDirectory() as folder:
        run = recorded(paper, came, Path(folder))
        told = status(run).appointments
    for place, (packet, each) in enumerate(zip(run.manifest.packets, told, strict=True)):
        back = {page for number, page in came if number == place}
        assert set(each.pages_returned) == back
        consents = back & {2, 3} or {2}
        assert set(each.pages_missing) == consents - back
        inks = {page: came.get((place, page)) for page in consents}
        kinds = [field.kind for field in run.fields(packet, 2)]
        signs = [number for number, kind in enumerate(kinds) if kind == "signature"]
        expected = [(page, read[sign] if read else "missing") for page, read in inks.items() for sign in signs]
        assert sorted((one.page, one.state) for one in each.signatures) == sorted(expected)
        whole = all(state == "signed" for _, state in expected) and not each.notes
        assert each.state == ("printed" if not back else "complete" if whole else "returned")
        assert (each.file is None) == (not back)
        assert set(each.notes) == set(_beside(run, packet, {page: came[place, page] for page in back}))


def _beside(run: PrintedRun, packet: PacketRecord, inks: dict[int, list[Ink]]) -> Iterator[str]:
    """What must be told of dates and times beside signatures."""
    for page, read in inks.items():
        fields = list(zip(run.fields(packet, page), read, strict=False))
        signed = {field.name for field, ink in fields if field.kind == "signature" and ink is Ink.SIGNED}
        for field, ink in fields:
            if field.kind in {"date", "time"} and field.name in signed and ink is not Ink.SIGNED:
                what = "missing" if ink is Ink.EMPTY else "to be looked at"
                yield f"page {page}: the {field.kind} is {what} ({field.name})"


def test_initials_that_are_missing_or_in_doubt_are_told(tmp_path: Path) -> None:
    clinic = EXAMPLES / "clinic.yaml"
    wanted = ("--clinic", clinic, "--out", tmp_path / "run", "--only", "EX-1001", *ISSUED)
    assert handouts("generate", EXAMPLES / "appointments.csv", *wanted).code == 0
    run = PrintedRun.of(tmp_path / "run")
    (packet,) = run.manifest.packets
    (page,) = {each.page for each in run.manifest.layouts[packet.layout] if each.kind == "initials"}
    inks = [Ink.EMPTY, Ink.LOOK, Ink.SIGNED, Ink.EMPTY, Ink.SIGNED, Ink.SIGNED]
    (tmp_path / "index").mkdir()
    (told,) = status(recorded(Paper(run.folder), {(0, page): inks}, tmp_path / "index")).appointments
    assert told.notes == (
        f"page {page}: 2 of 6 initials are missing", f"page {page}: 1 of 6 initials are to be looked at",
    )  # fmt: skip


@pytest.fixture(scope="module")
def with_refusals(tmp_path_factory: pytest.TempPathFactory) -> PrintedRun:
    """A packet with the consent form, and the forms to refuse and to take consent back: everybody gets them."""
    folder = tmp_path_factory.mktemp("with_refusals")
    clinic = clinic_file(folder, packet=[{"document": kind} for kind in ("consent", "refusal", "withdrawal")])
    done = handouts("generate", list_file(folder, rows(1)), "--clinic", clinic, "--out", folder / "run", *ISSUED)
    assert done.code == 0, done.err
    return PrintedRun.of(folder / "run")


@pytest.mark.parametrize("back", [(), ("refusal",), ("refusal", "withdrawal")])
@pytest.mark.parametrize(
    ("signed", "note"),
    [
        ((), ""),
        (("refusal",), "treatment was refused"),
        (("withdrawal",), "consent was taken back"),
    ],
)
def test_forms_to_refuse_that_are_printed_for_all_matter_once_somebody_signs_them(
    with_refusals: PrintedRun, tmp_path: Path, back: tuple[str, ...], signed: tuple[str, ...], note: str
) -> None:
    (packet,) = with_refusals.manifest.packets
    came: Came = {}
    for document in packet.documents:
        if document.kind not in {"consent", *back, *signed}:
            continue
        for page in range(document.first_page, document.first_page + document.pages):
            roles = {field.name for field in with_refusals.fields(packet, page)} - {"withdrawal", "yes"}
            filled = {"consent": roles}.get(document.kind, {"withdrawal", *roles} if document.kind in signed else set())
            fields = with_refusals.fields(packet, page)
            came[0, page] = [Ink.SIGNED if field.name in filled else Ink.EMPTY for field in fields]
    (told,) = status(recorded(Paper(with_refusals.folder), came, tmp_path)).appointments
    assert told.state == ("returned" if signed else "complete")
    assert not told.pages_missing
    assert bool(told.notes) == bool(signed)
    assert all(note in each for each in told.notes[:1])


@pytest.mark.parametrize("kind", ["refusal", "withdrawal"])
@pytest.mark.parametrize("how", ["filled in but not signed", "in part"])
def test_a_form_to_refuse_that_is_used_or_comes_back_in_part_is_no_consent(
    with_refusals: PrintedRun, tmp_path: Path, kind: str, how: str
) -> None:
    (packet,) = with_refusals.manifest.packets
    came: Came = {}
    signed = {each.page for each in packet.signatures}
    for document in packet.documents:
        for page in range(document.first_page, document.first_page + document.pages):
            fields = with_refusals.fields(packet, page)
            if document.kind == "consent":
                came[0, page] = [Ink.EMPTY if each.name in {"withdrawal", "yes"} else Ink.SIGNED for each in fields]
            elif document.kind == kind and (how != "in part" or page not in signed):
                came[0, page] = [
                    Ink.EMPTY if each.kind == "signature" or how == "in part" else Ink.SIGNED for each in fields
                ]
    (told,) = status(recorded(Paper(with_refusals.folder), came, tmp_path)).appointments
    assert told.state == "returned"
    assert any("not signed" in each for each in told.notes)
    assert consent_status(told, packet.documents) == "proposed"


@pytest.mark.parametrize(
    ("yes", "no", "told"),
    [
        (Ink.EMPTY, Ink.SIGNED, None),
        (Ink.EMPTY, Ink.LOOK, None),
        (Ink.LOOK, Ink.SIGNED, None),
        (Ink.SIGNED, Ink.EMPTY, "answered yes"),
        (Ink.SIGNED, Ink.SIGNED, "answered yes"),
        (Ink.LOOK, Ink.EMPTY, "perhaps answered yes"),
        (Ink.LOOK, Ink.LOOK, "perhaps answered yes"),
        (Ink.EMPTY, Ink.EMPTY, "not answered"),
    ],
)
def test_a_question_that_was_answered_yes_or_not_at_all_is_told(
    with_refusals: PrintedRun, tmp_path: Path, yes: Ink, no: Ink, told: str | None
) -> None:
    (packet,) = with_refusals.manifest.packets
    asked = {each.page for each in with_refusals.manifest.layouts[packet.layout] if each.name == "yes"}
    page = min(asked)
    fields = with_refusals.fields(packet, page)
    count = sum(field.name == "yes" for field in fields)
    assert [fields[place + 1].name for place, field in enumerate(fields) if field.name == "yes"] == ["no"] * count
    first = next(place for place, field in enumerate(fields) if field.name == "yes")
    inks = [Ink.SIGNED if field.name == "no" else Ink.EMPTY for field in fields]
    inks[first : first + 2] = yes, no
    (stands,) = status(recorded(Paper(with_refusals.folder), {(0, page): inks}, tmp_path)).appointments
    assert [each for each in stands.notes if "question" in each] == (
        [f"page {page}: 1 of {count} questions {told}"] if told else []
    )
