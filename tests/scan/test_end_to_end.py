"""Paper goes out and comes back: every page ends in exactly one place, and the desk knows who has not signed."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import numpy as np
import pikepdf
import pytest

from handouts.scan.assigning import assign
from handouts.scan.collect import Collection, collecting
from handouts.scan.index import PageEntry
from handouts.scan.keeping import Kept
from handouts.scan.model import Fate, PageReading
from tests.run.making import EXAMPLES, clinic_file, codes_on_pages, desk, handouts
from tests.scan.figures import packets_of
from tests.scan.paper import (
    BOTH,
    DPI,
    Paper,
    contradictory,
    covered,
    empty,
    foreign,
    nameless,
    scanned,
    settled,
    shown_pages,
    shuffled,
    turned,
)
from tests.scan.simulator.batch import scanned as simulated
from tests.scan.simulator.batch import stacked, written_files
from tests.scan.simulator.ink import draw
from tests.scan.simulator.pen import write
from tests.scan.simulator.sheet import Wanted

EXAMPLE = ("generate", EXAMPLES / "appointments.csv", "--clinic", EXAMPLES / "clinic.yaml")


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Paper:
    """Two packets of the examples, as they were printed: fifteen pages each, printed on both sides."""
    out = tmp_path_factory.mktemp("clinic") / "run"
    done = handouts(*EXAMPLE, "--only", "EX-1001", "--only", "EX-1003", "--out", out)
    assert done.code in {0, 3}, done.err
    return Paper(out)


@pytest.fixture
def paper(clinic: Paper, tmp_path: Path) -> Paper:
    """The same run, of which nothing came back yet."""
    return clinic.copy(tmp_path / "run")


@pytest.fixture
def small(tmp_path: Path) -> Paper:
    """Three packets of two pages: a handout, and a consent form that patient and clinician sign."""
    place = desk(tmp_path, 3)
    assert place.generate().code == 0
    return Paper(place.out)


def places(paper: Paper, *files: Path) -> dict[tuple[Path, int], PageEntry]:
    """Where each page of each file ended; checked to be one place, and what was written to be those pages and no more.

    Pages of the PDFs are counted for each packet: there are as many as the index says that there are.
    """
    known = {hashlib.sha256(file.read_bytes()).hexdigest(): file for file in files}
    entries = paper.pages()
    found = {(known[each.file], each.number): each for each in entries}
    assert len(found) == len(entries)
    fates = Counter((each.packet_id, each.fate) for each in entries)
    for number, packet_id in enumerate(paper.ids):
        for fate, where in ((Fate.PACKET, ""), (Fate.COPY, "copies")):
            counted = fates[packet_id, fate]
            assert len(paper.bound(number, where) if counted else ()) == counted
    assert {each.stem for each in (paper.returned / "queue").glob("*")} == {
        each.item for each in entries if each.fate is Fate.QUEUE
    }
    for file in files:
        (kept,) = (paper.returned / "originals").glob(f"{hashlib.sha256(file.read_bytes()).hexdigest()[:32]}.*")
        assert kept.read_bytes() == file.read_bytes()
    return found


# -- stacks ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", ["pdf", "tif"])
def test_a_stack_in_any_order_ends_as_packets_with_pages_in_order_and_upright(
    paper: Paper, tmp_path: Path, ending: str
) -> None:
    one, other = paper.form(0), paper.form(1)
    stack = shuffled(
        [
            *(paper.page(0, page, {"all"}) for page in one),
            *(turned(paper.page(1, page, {"all"})) for page in other if page != 12),
            turned(paper.page(0, 14, BOTH, seed=2)),
            foreign(),
        ]
    )
    file = scanned(tmp_path / f"stack.{ending}", *stack)
    done = paper.scan(file)
    assert (done.code, done.err) == (3, "")
    found = places(paper, file)
    assert Counter(each.fate for each in found.values()) == {Fate.PACKET: 11, Fate.COPY: 1, Fate.QUEUE: 1}
    assert (paper.bound(0), paper.bound(1)) == (list(one), [10, 11, 13, 14, 15])
    assert paper.bound(0, "copies") == [14]
    assert paper.standing(0)["state"] == "complete"
    assert (paper.standing(1)["state"], paper.standing(1)["pages_missing"]) == ("returned", [12])


def test_pages_come_one_by_one_as_jpeg_and_png(paper: Paper, tmp_path: Path) -> None:
    endings = ("jpg", "png", "jpeg", "png", "jpg", "png")
    files = [
        scanned(tmp_path / f"{page}.{ending}", paper.page(0, page, {"all"}))
        for page, ending in zip(paper.form(0), endings, strict=True)
    ]
    assert paper.scan(*reversed(files)).code == 0
    places(paper, *files)
    assert paper.bound(0) == [10, 11, 12, 13, 14, 15]
    assert [each["state"] for each in paper.status()["appointments"]] == ["complete", "printed"]
    assert paper.standing(1)["file"] is None


def test_what_an_office_scanner_makes_of_a_stack_is_accounted_for(paper: Paper, tmp_path: Path) -> None:
    sides = stacked(packets_of(paper.run), 5, "interleaved", backs=True, others=0.2, missing=0.8, twice=0.3)
    scans = [simulated(side, Wanted(dpi=200, mode="bitonal")) for side in sides]
    (file,) = written_files(scans, tmp_path, "stack", "tiff")
    paper.scan(file)
    found = places(paper, file)
    assert len(found) == len(scans) > 12
    for (_, number), entry in found.items():
        truth = scans[number - 1].truth
        if truth.what == "page":
            assert (entry.packet_id, entry.page) == (truth.packet_id, truth.page)
            assert entry.fate in {Fate.PACKET, Fate.COPY}
        else:
            assert entry.page is None
            assert entry.fate in ({Fate.QUEUE} if truth.what == "other" else {Fate.BLANK, Fate.QUEUE})


# -- blank sides -----------------------------------------------------------------------------------


def test_a_blank_side_is_dropped_where_its_other_side_is_known_and_waits_where_it_is_not(
    small: Paper, tmp_path: Path
) -> None:
    file = scanned(tmp_path / "duplex.pdf", small.page(0, 2, BOTH), empty(), foreign(), empty(), empty(), empty())
    assert small.scan(file).code == 3
    fates = [each.fate for each in places(small, file).values()]
    assert fates == [Fate.PACKET, Fate.BLANK, *[Fate.QUEUE] * 4]


def test_no_picture_is_held_until_the_end_of_a_file(
    paper: Paper, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held: list[int] = []
    real = Collection._record

    def record(self: Collection, kept: Kept, readings: Sequence[PageReading]) -> None:
        held.extend(len(each.picture) for each in readings)
        real(self, kept, readings)

    monkeypatch.setattr(Collection, "_record", record)
    page, other = paper.page(0, 1), foreign()
    told = paper.told(scanned(tmp_path / "sheets.tif", page, empty(), empty(), page, other, empty(), empty()))
    assert [each["fate"] for each in told["files"][0]["pages"]] == [
        "packet", "blank", "blank", "copy", "queue", "queue", "queue",
    ]  # fmt: skip
    waiting = [each["item"] for each in told["files"][0]["pages"] if each["fate"] == "queue"]
    assert sorted(each.stem for each in (paper.returned / "queue").iterdir()) == sorted(waiting)
    assert held == [0] * 7


def test_the_side_left_blank_behind_a_packet_is_dropped(paper: Paper, tmp_path: Path) -> None:
    numbers = [codes[0].split("/")[2] for codes in codes_on_pages(paper.folder / "print-run.pdf")]
    assert numbers[15] == "PAD"
    file = tmp_path / "sheet.pdf"
    with pikepdf.open(paper.folder / "print-run.pdf") as whole:
        del whole.pages[16:]
        del whole.pages[:14]
        whole.save(file)
    assert paper.scan(settled(file)).code == 0
    assert [each.fate for each in places(paper, file).values()] == [Fate.PACKET, Fate.BLANK]


def test_the_side_left_blank_behind_a_packet_waits_where_it_is_not_that_or_somebody_wrote_on_it(
    paper: Paper, tmp_path: Path
) -> None:
    left_blank = next(islice(shown_pages(paper.folder / "print-run.pdf"), 15, None))
    written, stuck = left_blank.copy(), paper.page(0, 14, BOTH)
    pen = write("signature", (100, 300, 300, 330), np.random.default_rng(5), style="full")
    draw(written, pen.strokes, DPI)
    code = round(26 / 25.4 * DPI)
    for where in ((slice(0, code), slice(-code, None)), (slice(-code, None), slice(0, code))):
        stuck[where] = left_blank[where]
    file = scanned(tmp_path / "sheets.pdf", left_blank, written, stuck)
    told = paper.told(file)["files"][0]["pages"]
    assert [(each["fate"], each["doubt"]) for each in told] == [
        ("blank", None), ("queue", "conflict"), ("queue", "conflict"),
    ]  # fmt: skip
    assert "something is written on it" in told[1]["note"]


# -- again, and more -------------------------------------------------------------------------------


def test_the_same_file_again_changes_nothing(small: Paper, tmp_path: Path) -> None:
    file = scanned(tmp_path / "one.pdf", small.page(0, 2, BOTH), foreign())
    assert small.scan(file).code == 3
    pages, files = small.pages(), small.files()
    again = small.scan(scanned(tmp_path / "other-name.tif", foreign(8)), file)
    assert f"{file}: was read before" in again.out
    assert {name: small.files()[name] for name in files} == files
    assert small.pages()[: len(pages)] == pages
    assert len(small.pages()) == len(pages) + 1
    alone = small.scan(file)
    assert (alone.code, f"({pages[1].item})" in alone.out) == (3, True), "what still waits is told each time"
    assert len(small.pages()) == len(pages) + 1


def test_a_packet_goes_from_printed_to_returned_to_complete(small: Paper, tmp_path: Path) -> None:
    states = [small.standing(0)["state"]]
    for number, signed in enumerate([("patient",), BOTH]):
        file = scanned(tmp_path / f"{number}.pdf", small.page(0, 2, signed))
        assert small.scan(file).code == 0
        states.append(small.standing(0)["state"])
    assert states == ["printed", "returned", "complete"]
    assert {each["role"]: each["state"] for each in small.standing(0)["signatures"]} == dict.fromkeys(BOTH, "signed")


def test_a_second_file_brings_the_pages_that_were_missing(paper: Paper, tmp_path: Path) -> None:
    first = scanned(tmp_path / "first.pdf", *(paper.page(0, page, {"all"}) for page in (10, 14, 15)))
    paper.scan(first)
    assert (paper.standing(0)["state"], paper.standing(0)["pages_missing"]) == ("returned", [11, 12, 13])
    second = scanned(tmp_path / "second.tif", *(paper.page(0, page, {"all"}) for page in (13, 12, 11)))
    paper.scan(second)
    assert (paper.standing(0)["state"], paper.standing(0)["pages_missing"]) == ("complete", [])
    assert paper.bound(0) == [10, 11, 12, 13, 14, 15]


def test_of_two_scans_of_a_page_the_one_with_more_on_it_stands_in_the_packet(small: Paper, tmp_path: Path) -> None:
    less = scanned(tmp_path / "less.png", small.page(0, 2, ("patient",)))
    more = scanned(tmp_path / "more.png", small.page(0, 2, BOTH, seed=2))
    unsigned = scanned(tmp_path / "unsigned.png", small.page(0, 2))
    small.scan(less)
    small.scan(more, unsigned)
    found = places(small, less, more, unsigned)
    assert [found[file, 1].fate for file in (less, more, unsigned)] == [Fate.COPY, Fate.PACKET, Fate.COPY]
    assert small.bound(0, "copies") == [2, 2]
    assert small.standing(0)["state"] == "complete"


def test_a_page_that_was_scanned_badly_gives_way_when_it_is_scanned_again(paper: Paper, tmp_path: Path) -> None:
    whole = paper.page(0, 14, ("patient",))
    dragged = np.ascontiguousarray(whole[::2])
    bad, good = scanned(tmp_path / "bad.png", dragged), scanned(tmp_path / "good.png", whole)
    (page,) = paper.told(bad)["files"][0]["pages"]
    assert paper.assign(page["item"], "--packet", paper.ids[0], "--page", 14).code == 0
    assert {each["state"] for each in paper.standing(0)["signatures"] if each["page"] == 14} == {"look"}
    assert paper.scan(good).code == 0
    found = places(paper, bad, good)
    assert [found[file, 1].fate for file in (bad, good)] == [Fate.COPY, Fate.PACKET]
    states = {each["role"]: each["state"] for each in paper.standing(0)["signatures"]}
    assert (states["patient"], states["clinician"]) == ("signed", "look")


def test_signatures_on_two_scans_of_one_page_are_not_added_up(small: Paper, tmp_path: Path) -> None:
    scans = [small.page(0, 2, (role,)) for role in BOTH]
    small.scan(scanned(tmp_path / "two.pdf", *scans))
    standing = small.standing(0)
    assert standing["state"] == "returned"
    assert sorted(each["state"] for each in standing["signatures"]) == ["look", "signed"]
    assert any("page 2 came back more than once" in note for note in standing["notes"])


# -- who must sign ---------------------------------------------------------------------------------


def test_a_witness_who_need_not_sign_keeps_no_packet_from_being_complete(paper: Paper, tmp_path: Path) -> None:
    pages = [paper.page(0, page, {"all"}) for page in paper.form(0) if page != 14]
    paper.scan(scanned(tmp_path / "stack.pdf", *pages, paper.page(0, 14, BOTH)))
    standing = paper.standing(0)
    assert standing["state"] == "complete"
    states = {each["role"]: each["state"] for each in standing["signatures"]}
    assert states == {"patient": "signed", "clinician": "signed", "witness": "empty", "withdrawal": "empty"}


def test_consent_that_was_taken_back_is_told_and_is_not_complete(paper: Paper, tmp_path: Path) -> None:
    pages = [paper.page(0, page, {"all"}) for page in paper.form(0) if page != 15]
    paper.scan(scanned(tmp_path / "stack.pdf", *pages, paper.page(0, 15, ("withdrawal",))))
    standing = paper.standing(0)
    assert standing["state"] == "returned"
    assert "consent was taken back: page 15" in standing["notes"]
    bundle = json.loads((paper.returned / "fhir" / f"0001-{paper.ids[0]}.json").read_bytes())
    (consent,) = (each["resource"] for each in bundle["entry"] if each["resource"]["resourceType"] == "Consent")
    assert consent["status"] == "inactive"


# -- what a person says ----------------------------------------------------------------------------


def looked_at(paper: Paper, packet: int) -> None:
    """A person finds that everything in doubt is filled in."""
    standing = paper.standing(packet)
    for each in (*standing["signatures"], *standing["fields"]):
        if each["state"] == "look":
            assert paper.decide(each["item"], "--signed").code == 0


def test_a_page_that_waits_is_put_where_a_person_says(small: Paper, tmp_path: Path) -> None:
    file = scanned(tmp_path / "one.pdf", turned(nameless(small.page(0, 2, BOTH))), foreign())
    told = small.told(file)
    page, other = told["files"][0]["pages"]
    assert (told["exit_code"], page["fate"], page["doubt"]) == (3, "queue", "unread")
    assert (small.returned / "queue" / f"{page['item']}.png").stat().st_size > 1000
    printed = "-".join(small.ids[0][start : start + 5] for start in range(0, 20, 5))
    assert small.assign(page["item"], "--packet", printed.lower(), "--page", 2).code == 0
    assert small.assign(other["item"], "--aside").code == 0
    assert [each.fate for each in places(small, file).values()] == [Fate.PACKET, Fate.ASIDE]
    (shown,) = shown_pages(small.returned / small.run.manifest.packets[0].file)
    assert np.abs(shown.astype(int) - nameless(small.page(0, 2, BOTH))).mean() < 3, "it stands upright"
    assert {each["state"] for each in small.standing(0)["signatures"]} == {"look"}, "its foot cannot be compared"
    looked_at(small, 0)
    assert small.standing(0)["state"] == "complete"
    assert small.status()["queued"] == 0
    assert small.scan(file).code == 0, "what a person said is not forgotten when the file comes again"
    assert [each.fate for each in places(small, file).values()] == [Fate.PACKET, Fate.ASIDE]


def test_a_record_system_is_told_when_the_paper_was_scanned_and_not_when_somebody_said_whose_it_is(
    small: Paper, tmp_path: Path
) -> None:
    file = scanned(tmp_path / "one.png", nameless(small.page(0, 2, BOTH)))
    scanned_on, assigned_on = (datetime(2026, 12, day, 8, tzinfo=UTC) for day in (1, 9))
    with collecting(small.folder, None, scanned_on) as collection:
        (page,) = collection.take_in([file], lambda *_: None).files[0].pages
    with collecting(small.folder, None, assigned_on) as collection:
        assign(collection, page.item, small.ids[0], 2)
    bundle = json.loads((small.returned / "fhir" / f"0001-{small.ids[0]}.json").read_bytes())
    assert datetime.fromisoformat(bundle["entry"][1]["resource"]["dateTime"]) == scanned_on


@pytest.mark.parametrize(("packet", "page"), [(0, 13), (1, 14)])
def test_a_page_that_a_person_took_for_another_is_never_called_signed(
    paper: Paper, tmp_path: Path, packet: int, page: int
) -> None:
    file = scanned(tmp_path / "one.png", nameless(paper.page(packet, page, BOTH if packet else ())))
    (told,) = paper.told(file)["files"][0]["pages"]
    assert paper.assign(told["item"], "--packet", paper.ids[0], "--page", 14).code == 0
    doubtful = [each for each in paper.standing(0)["signatures"] if each["page"] == 14]
    assert {each["state"] for each in doubtful} == {"look"}
    assert all((paper.returned / "look" / f"{each['item']}.png").stat().st_size > 1000 for each in doubtful)


def test_what_a_person_cannot_mean_is_refused_and_the_page_goes_on_waiting(small: Paper, tmp_path: Path) -> None:
    (page,) = small.told(scanned(tmp_path / "one.pdf", foreign()))["files"][0]["pages"]
    one = small.ids[0]
    for how, what in (
        (("--packet", "A" * 20, "--page", 1), "no packet of this run has an id like this"),
        (("--packet", one, "--page", 3), "pages 1 to 2"),
        (("--packet", "", "--page", 1), "say --packet and --page, or --aside"),
        (("--packet", one), "say --packet and --page, or --aside"),
        (("--packet", one[:4], "--page", 1), "at least 5 letters"),
        (("--packet", one, "--page", 1, "--aside"), "say --packet and --page, or --aside"),
    ):
        done = small.assign(page["item"], *how)
        assert (done.code, what in done.err) == (2, True), done.err
    assert small.status()["queued"] == 1
    assert small.assign("3f9a1c2e-003", "--aside").code == 2


def test_a_person_who_erred_says_anew_whose_a_page_is(small: Paper, tmp_path: Path) -> None:
    file = scanned(tmp_path / "one.pdf", nameless(small.page(0, 2, BOTH)))
    (page,) = small.told(file)["files"][0]["pages"]
    wrong, right = small.ids[1], small.ids[0]
    assert small.assign(page["item"], "--packet", wrong, "--page", 1).code == 0
    assert small.standing(1)["state"] == "returned"
    assert small.assign(page["item"], "--packet", right, "--page", 2).code == 0
    assert [each["state"] for each in small.status()["appointments"]] == ["returned", "printed", "printed"]
    assert not (small.returned / small.run.manifest.packets[1].file).exists()
    assert small.assign(page["item"], "--aside").code == 0
    assert [each["state"] for each in small.status()["appointments"]] == ["printed"] * 3
    assert [each.fate for each in places(small, file).values()] == [Fate.ASIDE]
    assert {each.parts[0] for each in map(Path, small.files())} == {"originals"}, "nothing else is left of it"


def consent(paper: Paper, packet: int) -> str:
    """What a record system is told of a consent."""
    written = (paper.returned / "fhir" / f"{packet + 1:04}-{paper.ids[packet]}.json").read_bytes()
    (found,) = (
        each["resource"]["status"]
        for each in json.loads(written)["entry"]
        if each["resource"]["resourceType"] == "Consent"
    )
    return str(found)


def test_what_a_person_says_of_a_doubtful_signature_stands_until_they_say_otherwise(
    small: Paper, tmp_path: Path
) -> None:
    small.scan(scanned(tmp_path / "one.pdf", small.page(0, 2, BOTH, seed=2, style="small x")))
    items = [each["item"] for each in small.standing(0)["signatures"] if each["state"] == "look"]
    assert {f"{item}.png" for item in items} == {each.name for each in (small.returned / "look").iterdir()}
    assert len(items) == 2
    for item in items:
        assert small.decide(item, "--signed").code == 0
    assert (small.standing(0)["state"], consent(small, 0)) == ("complete", "active")
    assert not list((small.returned / "look").iterdir())
    assert small.decide(items[0], "--empty").code == 0
    assert (small.standing(0)["state"], consent(small, 0)) == ("returned", "proposed")
    assert [each["state"] for each in small.standing(0)["signatures"]] == ["empty", "signed"]


def test_a_person_may_say_that_nobody_signed_what_was_read_as_signed(small: Paper, tmp_path: Path) -> None:
    file = scanned(tmp_path / "one.pdf", small.page(0, 2, BOTH))
    small.scan(file)
    first = small.standing(0)["signatures"][0]
    assert small.decide(first["item"], "--empty").code == 0
    assert small.scan(file).code == 0, "it is not forgotten when the file comes again"
    assert small.standing(0)["signatures"][0]["state"] == "empty"


def test_a_person_settles_which_of_two_scans_tells_the_truth(small: Paper, tmp_path: Path) -> None:
    small.scan(scanned(tmp_path / "two.pdf", *(small.page(0, 2, (role,)) for role in BOTH)))
    (doubtful,) = (each for each in small.standing(0)["signatures"] if each["state"] == "look")
    assert small.decide(doubtful["item"], "--signed").code == 0
    assert {each["state"] for each in small.standing(0)["signatures"]} == {"signed"}


@pytest.mark.parametrize("before", [False, True], ids=["scanned twice, then said", "said, then scanned again"])
def test_what_a_person_said_is_not_overruled_by_another_scan_of_the_page(
    small: Paper, tmp_path: Path, *, before: bool
) -> None:
    one, other = (scanned(tmp_path / f"{seed}.png", small.page(0, 2, BOTH, seed=seed)) for seed in (1, 2))
    small.scan(*([one] if before else [one, other]))
    item = small.standing(0)["signatures"][0]["item"]
    assert small.decide(item, "--empty").code == 0
    small.scan(other)
    standing = small.standing(0)
    assert (standing["state"], consent(small, 0)) == ("returned", "proposed")
    assert standing["signatures"][0]["state"] == "look"
    assert small.decide(standing["signatures"][0]["item"], "--signed").code == 0
    assert small.standing(0)["signatures"][0]["state"] == "signed"


def test_what_a_person_cannot_decide_is_refused(small: Paper, tmp_path: Path) -> None:
    small.scan(scanned(tmp_path / "one.pdf", small.page(0, 2, BOTH)))
    item = small.standing(0)["signatures"][0]["item"]
    for wrong in (item.replace(small.ids[0], small.ids[1]), item[:-1], "", "A7K2M-1"):
        done = small.decide(wrong, "--signed")
        assert (done.code, "no field of that name came back" in done.err) == (2, True), done.err
    assert small.decide(item).code == 2
    assert small.standing(0)["signatures"][0]["state"] == "signed"


def test_what_else_is_filled_in_is_told_to_machines(paper: Paper, tmp_path: Path) -> None:
    pages = [paper.page(0, page, {"all"} if page < 14 else ()) for page in paper.form(0)]
    paper.scan(scanned(tmp_path / "stack.pdf", *pages))
    standing = paper.standing(0)
    fields = [each for page in paper.form(0) for each in paper.run.fields(paper.run.manifest.packets[0], page)]
    others = [(each.kind, each.name, each.page) for each in fields if each.kind != "signature"]
    assert [(each["kind"], each["name"], each["page"]) for each in standing["fields"]] == others
    assert {"tick", "initials", "date"} <= {kind for kind, _, _ in others}
    looked = {f"{each['item']}.png" for each in standing["fields"] if each["state"] == "look"}
    assert looked == {each.name for each in (paper.returned / "look").rglob("*.png")}
    assert {each["state"] for each in standing["fields"] if each["page"] > 13} == {"empty"}


def test_a_page_whose_code_names_another_is_not_put_where_a_person_says(small: Paper, tmp_path: Path) -> None:
    for number, other in enumerate(((1, 2), (0, 1))):
        file = scanned(tmp_path / f"{number}.png", contradictory(covered(small.page(0, 2)), small.page(*other)))
        (page,) = small.told(file)["files"][0]["pages"]
        done = small.assign(page["item"], "--packet", small.ids[0], "--page", 2)
        assert (done.code, "its code names another page than you do" in done.err) == (2, True), done.err
    assert small.status()["queued"] == 2


def test_people_name_a_packet_as_they_know_it(small: Paper, tmp_path: Path) -> None:
    one = small.ids[1]
    names = [one[:5], f"{one[:5]}-{one[5:8]}", "A-0002", f" {one.lower()} ", one.replace("0", "O")]
    file = scanned(tmp_path / "five.pdf", *[nameless(small.page(1, 2))] * len(names))
    for page, said in zip(small.told(file)["files"][0]["pages"], names, strict=True):
        picture = str(small.returned / "queue" / f"{page['item']}.png")
        done = small.assign(picture, "--packet", said, "--page", 2)
        assert (done.code, "appointment A-0002" in done.out, "consent" in done.out) == (0, True, True), done.err
    assert small.standing(1)["pages_returned"] == [2]


def test_several_pages_are_set_aside_at_once(small: Paper, tmp_path: Path) -> None:
    pages = small.told(scanned(tmp_path / "two.pdf", foreign(1), foreign(2)))["files"][0]["pages"]
    items = [page["item"] for page in pages]
    assert small.assign(items[0], items[1], "--packet", small.ids[0], "--page", 1).code == 2
    assert small.assign(items[0], items[1], "--aside").code == 0
    assert small.status()["queued"] == 0


def test_what_was_printed_is_not_taken_for_a_scan(small: Paper) -> None:
    printed = [settled(small.folder / "print-run.pdf"), small.folder / small.run.manifest.packets[0].file]
    done = small.scan(*printed)
    assert (done.code, done.out.count("it is what was printed")) == (4, 2)
    assert not [each for each in small.files() if "originals" in each]


def test_a_handout_of_which_a_page_comes_back_need_not_come_back_whole(paper: Paper, tmp_path: Path) -> None:
    pages = [paper.page(0, page, {"all"}) for page in (*paper.form(0, "handout")[:1], *paper.form(0))]
    paper.scan(scanned(tmp_path / "stack.pdf", *pages))
    assert paper.standing(0)["pages_missing"] == []


# -- other ways to print and keep ------------------------------------------------------------------


def test_a_run_whose_files_are_locked_is_read_by_its_print_run(tmp_path: Path) -> None:
    place = desk(tmp_path, 2)
    assert place.generate("--encrypt").code == 0
    locked = Paper(place.out)
    file = scanned(tmp_path / "all.pdf", *(page for number in (0, 1) for page in locked.packet(number, BOTH)))
    assert locked.scan(file).code == 0
    assert [each["state"] for each in locked.status()["appointments"]] == ["complete", "complete"]
    assert [locked.bound(0), locked.bound(1)] == [[1, 2], [1, 2]]


@pytest.mark.parametrize("both", [False, True], ids=["the packet", "the print run too"])
def test_a_file_that_was_changed_since_it_was_printed_is_no_blank(small: Paper, tmp_path: Path, both: bool) -> None:
    page = small.page(0, 2, BOTH)
    signed = scanned(tmp_path / "signed.pdf", small.page(0, 1), page)
    shutil.copy(signed, small.folder / small.run.manifest.packets[0].file)
    if both:
        shutil.copy(signed, small.folder / "print-run.pdf")
    assert small.scan(scanned(tmp_path / "one.png", page)).code == (3 if both else 0)
    assert {each["state"] for each in small.standing(0)["signatures"]} == {"missing" if both else "signed"}


def test_what_came_back_is_kept_where_the_desk_wants_it(small: Paper, tmp_path: Path) -> None:
    kept = tmp_path / "kept" / "here"
    file = scanned(tmp_path / "one.pdf", small.page(0, 2, BOTH))
    assert small.scan(file, out=kept).code == 0
    assert (kept / str(small.standing(0)["file"])).is_file()
    assert not small.returned.exists()
    second = scanned(tmp_path / "two.pdf", small.page(1, 2, BOTH))
    elsewhere = small.scan(second, out=tmp_path / "elsewhere")
    assert (elsewhere.code, "Leave out --out" in elsewhere.err) == (2, True)
    assert small.scan(second).code == 0
    assert (kept / str(small.standing(1)["file"])).is_file()


def test_what_came_back_is_never_written_over_what_was_printed(small: Paper, tmp_path: Path) -> None:
    before = {file: file.read_bytes() for file in small.folder.rglob("*.pdf")}
    file = scanned(tmp_path / "one.pdf", small.page(0, 2, BOTH))
    done = small.scan(file, out=small.folder)
    assert (done.code, "would be written over" in done.err) == (2, True)
    assert {file: file.read_bytes() for file in small.folder.rglob("*.pdf")} == before
    assert small.scan(file).code == 0


def test_two_runs_do_not_keep_in_one_folder_what_came_back(small: Paper, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    other = desk(tmp_path / "other", 1)
    assert other.generate().code == 0
    assert small.scan(scanned(tmp_path / "one.png", small.page(0, 2)), out=tmp_path / "kept").code == 0
    second = Paper(other.out)
    done = second.scan(scanned(tmp_path / "two.png", second.page(0, 2)), out=tmp_path / "kept")
    assert (done.code, "another run is kept here" in done.err) == (2, True), done.err
    assert second.scan(tmp_path / "two.png").code == 0


def test_a_file_that_could_not_be_read_keeps_no_run_from_being_printed_again(tmp_path: Path) -> None:
    place = desk(tmp_path, 1)
    assert place.generate().code == 0
    paper = Paper(place.out)
    assert paper.scan(tmp_path / "nosuch.pdf").code == 4
    clinic_file(place.folder, name="Another Clinic")
    assert place.generate("--overwrite").code == 0
    assert paper.scan(scanned(tmp_path / "one.png", paper.page(0, 2))).code == 0
    assert place.generate("--overwrite").code == 2
