"""Every page is of one patient, the same in its codes, its footer, its text, the manifest and the list."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from itertools import chain, combinations, islice
from pathlib import Path
from typing import Any

import pytest

from handouts.layout.codes import PageCode
from handouts.run import print_runs
from tests.right_patient.clinic import wanted
from tests.right_patient.paper import Page, codes_in_pictures, pages
from tests.right_patient.people import MARK, Visit, visits, vocabulary, words
from tests.run.making import TEMPLATES, Made, bare, handouts, squeezed

SPANISH = "ene feb mar abr may jun jul ago sept oct nov dic".split()
ENGLISH = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
MONTHS = {each[:3]: number for months in (ENGLISH, SPANISH) for number, each in enumerate(months, 1)}
LABELS = {
    "en": ("Born", "Record no.", "Page {} of {}", "This page is left blank on purpose"),
    "es": ("Nac.", "Exp. n.º", "Página {} de {}", "Esta página se dejó en blanco a propósito"),
}
DATES = (
    re.compile(r"(?P<month>[A-Z][a-z]{2,8}) (?P<day>\d{1,2}), (?P<year>\d{4})"),
    re.compile(r"(?P<day>\d{1,2}) (?:de )?(?P<month>[a-z]{3,10}) (?:de )?(?P<year>\d{4})"),
)
NO_MARKS = dict.fromkeys(map(ord, "\u200b\u200e\u200f"))
"""They tell readers which way a line runs."""
TIME = re.compile(r"\b(\d{1,2}):(\d\d)\s?([AaPp])\.?\s?[Mm]\b")
FORMS_FROM = 2026
"""Days before this year are birthdays, but for the one that a form names, of a decision of Medicare's."""
OF_FORMS = (1997, 4, 15)


@dataclass
class Proof:
    """A run and the list it is of. wrong: what is not as it must be, each told once for its kind of mistake."""

    made: Made
    listed: Sequence[Visit]

    def __post_init__(self) -> None:
        self.wrong: list[str] = []
        self.pages = 0
        forms = (file for file in TEMPLATES.rglob("*.*") if file.suffix in {".md", ".yaml"})
        said = set().union(*(words(file.read_text(encoding="utf-8")) for file in forms))
        self._people = vocabulary(self.listed, said)

    @cached_property
    def visits(self) -> dict[str, Visit]:
        """Those to be printed, by the appointment's id."""
        return {each.identifier: each for each in self.listed if each.printed}

    def mind(self, right: bool, what: str) -> None:
        """Take note of what is wrong."""
        if not right and len(self.wrong) < 100:
            self.wrong.append(what)

    # -- the whole ---------------------------------------------------------------------------------

    def prove(self) -> None:
        """Read every page of every file, and compare."""
        packets = self.made.packets
        printed = Counter(packet["appointment_id"] for packet in packets)
        expected = Counter(list(self.visits))
        self.mind(printed == expected, f"printed {printed - expected}, not printed {expected - printed}")
        self.mind(len({packet["packet_id"] for packet in packets}) == len(packets), "packet ids differ")
        self.mind(len({packet["file"] for packet in packets}) == len(packets), "file names differ")
        files = {str(path.relative_to(self.made.path)) for path in (self.made.path / "packets").rglob("*.pdf")}
        self.mind(files == {packet["file"] for packet in packets}, "files are those of the manifest")
        runs = {str(path.relative_to(self.made.path)) for path in self.made.path.glob("print-run*.pdf")}
        self.mind(runs == {each["file"] for _, each in self.print_runs}, "print runs are those of the manifest")
        ends = [position for position, _ in self.print_runs[1:]] + [len(packets) + 1]
        for (start, record), end in zip(self.print_runs, ends, strict=True):
            self.print_run(record, packets[start - 1 : end - 1])

    @cached_property
    def print_runs(self) -> list[tuple[int, dict[str, Any]]]:
        """The files of the print run, each with the position of the packet that it begins with."""
        record = self.made.manifest["print_run"]
        return [(1, record), *((each["first_position"], each) for each in record["further_files"])]

    def print_run(self, record: dict[str, Any], packets: Sequence[dict[str, Any]]) -> None:
        """One file of the print run, and the files of its packets."""
        run, next_page = pages(self.made.path / record["file"]), 1
        for packet in packets:
            self.mind(packet["print_run_first_page"] == next_page, f"{packet['file']} begins at {next_page}")
            own = list(pages(self.made.file(packet)))
            self.packet(packet, own)
            copies = list(islice(run, packet["pages"]))
            self.mind(copies == own, f"{packet['file']} is the same in the print run")
            for blank in islice(run, packet["padding_pages"]):
                self.blank(packet, blank)
            next_page += packet["pages"] + packet["padding_pages"]
            self.pages += packet["pages"] * 2 + packet["padding_pages"]
        self.mind(next(run, None) is None, "no page follows the last packet")
        self.mind(record["pages"] == next_page - 1, "the print run's pages are the packets'")

    def packet(self, packet: dict[str, Any], own: list[Page]) -> None:
        """One packet's file."""
        visit, name = self.visits[packet["appointment_id"]], packet["file"]
        told = packet["procedure"], packet["language"], set(packet["flags"])
        expected = visit.procedure, visit.language, {str(flag) for flag in visit.flags}
        self.mind(told == expected, f"{name}: {told} for {expected}")
        self.mind(len(own) == packet["pages"], f"{name}: {len(own)} pages")
        self.mind(sum(each["pages"] for each in packet["documents"]) == packet["pages"], f"{name}: pages of documents")
        self.mind(packet["padding_pages"] == packet["pages"] % 2, f"{name}: whole sheets")
        forms = chain.from_iterable([each["form"]] * each["pages"] for each in packet["documents"])
        for number, (page, form) in enumerate(zip(own, forms, strict=True), 1):
            self.page(packet, visit, number, form, page)
        said = set().union(*(words(line) for page in own for line in page.lines))
        for value in (visit.row["representative"], visit.row["clinician"]):
            self.mind(words(value) <= said, f"{name}: representative and clinician are printed")
        if visit.total and "estimate" in {each["kind"] for each in packet["documents"]}:
            self.mind(f"${visit.total:,.2f}" in said, f"{name}: the total is printed")

    def page(self, packet: dict[str, Any], visit: Visit, number: int, form: str, page: Page) -> None:
        """One page of a packet."""
        place = f"{packet['file']} page {number}"
        text = squeezed(" ".join(page.lines))
        self.codes(place, packet, page, number)
        self.mind(LABELS[packet["language"]][2].format(number, packet["pages"]) in text, f"{place}: its number")
        self.mind(form in words(text), f"{place}: its form")
        self.mind(_footers(page, visit, packet["language"]) == 1, f"{place}: one footer, of its patient")
        said = words(text)
        others = {word for word in said if (word in self._people or MARK in word) and word not in visit.words}
        self.mind(not others, f"{place}: words of others, {others}")
        born, visit_day = _day(visit.born), _day(visit.start)
        for day in _dates(text):
            self.mind(day in {born, OF_FORMS} or day[0] >= FORMS_FROM, f"{place}: a birthday of another")
            self.mind(day == visit_day or day[:2] != visit_day[:2], f"{place}: another's appointment")
        for hour, minute, half in TIME.findall(text):
            told = int(hour) % 12 + (12 if half in "Pp" else 0), int(minute)
            self.mind(told == (visit.start.hour, visit.start.minute), f"{place}: another's time")

    def blank(self, packet: dict[str, Any], page: Page) -> None:
        """A page left blank behind a packet."""
        place, text = f"{packet['file']} blank", squeezed(" ".join(page.lines))
        self.codes(place, packet, page, None)
        self.mind(LABELS[packet["language"]][3] in text, f"{place}: says so")
        tells = [*_dates(text)] or words(text) & self._people or MARK in text
        self.mind(not tells, f"{place}: tells of somebody")

    def codes(self, place: str, packet: dict[str, Any], page: Page, number: int | None) -> None:
        """Both codes, at their corners."""
        read = [PageCode.parse(code) for code in page.codes]
        self.mind(len(read) == 2 and read[0] == read[1], f"{place}: two codes alike")
        self.mind([x < 300 for x, _ in page.corners] == [False, True], f"{place}: at the corners")
        for code in read:
            told = code and (code.packet_id, code.page, code.pages)
            self.mind(told == (packet["packet_id"], number, packet["pages"]), f"{place}: code says {told}")

    def pictures(self, every: int) -> None:
        """Codes read off the pages' pictures, for a sample of packets: they are what was read from the paths."""
        for packet in self.made.packets[::every]:
            file, first = self.made.file(packet), packet["print_run_first_page"] - 1
            numbers = range(packet["pages"])
            own = codes_in_pictures(file, numbers)
            run = next(run["file"] for start, run in reversed(self.print_runs) if start <= packet["position"])
            copies = codes_in_pictures(self.made.path / run, range(first, first + packet["pages"]))
            for number, page in zip(numbers, pages(file), strict=True):
                same = own[number] == copies[first + number] == list(page.codes)
                self.mind(same, f"{packet['file']} page {number + 1}: its picture")


def _footers(page: Page, visit: Visit, language: str) -> int:
    """How often whole lines say exactly: this name, this birth date, this record number."""
    lines = [bare(line.translate(NO_MARKS)) for line in page.lines]
    ends, text = {0}, ""
    for line in lines:
        text += line
        ends.add(len(text))
    born, record, *_ = LABELS[language]
    year, month, day = visit.born.year, visit.born.month - 1, visit.born.day
    birthday = f"{day}{SPANISH[month]}{year}" if language == "es" else f"{ENGLISH[month]}{day},{year}"
    behind = f"·{bare(born)}{birthday}" + (f"·{bare(record)}{bare(visit.record)}" if visit.record else "")
    found = 0
    for name in visit.names_as_read:
        footer = bare(name) + behind
        at = text.find(footer)
        while at >= 0:
            found += at in ends and at + len(footer) in ends
            at = text.find(footer, at + 1)
    return found


def _day(moment: date) -> tuple[int, int, int]:
    return moment.year, moment.month, moment.day


def _dates(text: str) -> Iterator[tuple[int, int, int]]:
    for found in chain.from_iterable(each.finditer(text) for each in DATES):
        month = MONTHS.get(found["month"][:3])
        if month:
            yield int(found["year"]), month, int(found["day"])


def _printed(folder: Path, listed: Sequence[Visit], jobs: str) -> Made:
    done = handouts(*wanted(folder, listed), "--out", folder / "out", "--jobs", jobs)
    assert done.code == 3, done.err
    return Made(folder / "out")


def _proven(made: Made, listed: Sequence[Visit], pictures: int) -> Proof:
    proof = Proof(made, listed)
    proof.prove()
    proof.pictures(pictures)
    assert not proof.wrong
    return proof


@pytest.fixture(scope="module")
def crowd() -> list[Visit]:
    """A day's patients."""
    return visits(120, 20261124, kinds=24)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, crowd: list[Visit]) -> Made:
    """Their packets, made by two workers, and two files of the print run."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(print_runs, "MOST_PACKETS", 70)
        return _printed(tmp_path_factory.mktemp("crowd"), crowd, "2")


def test_every_page_is_of_the_patient_whom_its_code_its_footer_and_the_list_name(
    made: Made, crowd: list[Visit]
) -> None:
    assert len(_proven(made, crowd, pictures=30).visits) == 120


def test_so_it_is_with_names_of_east_asia(tmp_path: Path, east_asian_fonts: None) -> None:
    crowd = visits(30, 20261126, kinds=3, east_asian=True)
    assert sum(any("\u3000" <= letter < "\ufb00" for letter in each.name) for each in crowd) > 2
    _proven(_printed(tmp_path, crowd, "1"), crowd, pictures=10)


def test_patients_in_each_others_place_are_noticed(made: Made, crowd: list[Visit]) -> None:
    """The proof itself: whichever value two patients exchange, every page with that value is found."""
    packets = made.packets
    printed = {each.identifier: each for each in crowd if each.printed}
    first, second = next(_namesakes([printed[packet["appointment_id"]] for packet in packets]))
    for exchanged in (
        replace(first, record=second.record),
        replace(first, name=f"{first.name} {MARK}00000"),
        replace(first, born=first.born.replace(year=first.born.year - 1)),
        replace(first, row=first.row | {"appointment_id": second.identifier}),
    ):
        (packet,) = [each for each in packets if each["appointment_id"] == exchanged.identifier]
        proof = Proof(made, [exchanged])
        proof.packet(packet, list(pages(made.file(packet))))
        footers = {
            f"{packet['file']} page {page}: one footer, of its patient" for page in range(1, packet["pages"] + 1)
        }
        assert footers <= set(proof.wrong)


def _namesakes(printed: Sequence[Visit]) -> Iterator[tuple[Visit, Visit]]:
    """Who have name and birth date in common, and not the record number."""
    for one, other in combinations(printed, 2):
        if (one.name, one.born) == (other.name, other.born) and one.record and other.record != one.record:
            yield one, other


@pytest.mark.soak
def test_10000_packets_are_each_of_their_patient(tmp_path: Path) -> None:
    crowd = visits(10_000, 20261125, kinds=400)
    proof = _proven(_printed(tmp_path, crowd, "2"), crowd, pictures=100)
    assert len(proof.visits) == 10_000
