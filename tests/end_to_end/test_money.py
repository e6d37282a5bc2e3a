"""Estimates: totals equal their rows, the notice that is due is in the packet or named, the due day is right."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from handouts.run.estimates import due_day
from handouts.run.workers import CHUNK
from tests.accessibility.sample import build
from tests.press.test_attachment import official
from tests.run.making import EXAMPLES, ISSUED, Made, codes_on_pages, handouts, list_file, row, texts_by_pdfium


def printed(folder: Path, *rows: dict[str, str], more: str = "", words: tuple[str, ...] = ()) -> tuple[Made, str]:
    """Real forms for these rows: the run folder and what it told."""
    text = (EXAMPLES / "clinic.yaml").read_text(encoding="utf-8")
    (folder / "clinic.yaml").write_text(text + more, encoding="utf-8")
    (folder / "logo.svg").write_bytes((EXAMPLES / "logo.svg").read_bytes())
    arguments: list[str | Path] = ["generate", list_file(folder, list(rows)), "--clinic", folder / "clinic.yaml"]
    done = handouts(*arguments, "--out", folder / "out", "--overwrite", *words, *ISSUED)
    assert done.code == 0, done.err
    return Made(folder / "out"), done.out


def estimate_of(made: Made, index: int = 0) -> str:
    packet = made.packets[index]
    (document,) = [each for each in packet["documents"] if each["kind"] == "estimate"]
    first = document["first_page"] - 1
    return " ".join(texts_by_pdfium(made.file(packet))[first : first + document["pages"]])


@pytest.mark.parametrize("sessions", ["1", "7", "20", "199"])
def test_the_total_is_the_row_and_the_row_is_price_times_sessions(tmp_path: Path, sessions: str) -> None:
    text = estimate_of(printed(tmp_path, row(1, sessions=sessions, payer="Self-pay"))[0])
    amounts = [Decimal(each.replace(",", "")) for each in re.findall(r"\$([\d,]+\.\d\d)", text)]
    total = Decimal("145.00") * int(sessions)
    assert f"You can expect to pay about ${total:,.2f}. Sessions counted: {sessions}." in text
    assert f"$145.00 {sessions} ${total:,.2f} Total you may expect ${total:,.2f}" in text  # no empty row before it
    assert amounts.count(total) >= 3


def test_every_element_of_a_good_faith_estimate_is_there(tmp_path: Path) -> None:
    listed = row(1, sessions="20", payer="Self-pay", clinician="Dr. Ada Fernhill", booked_on="2026-11-02")
    text = estimate_of(printed(tmp_path, listed)[0])
    wanted = [
        "Given001 Family001, born April 2, 1931",
        "Spinal decompression therapy. A table with a motor",
        "Tuesday, December 1, 2026, 8:00 AM",
        "Dr. Ada Fernhill, NPI 0000000001",
        "2400 Example Avenue, Suite 120, Springfield, IL 62700. State: Illinois. Tax ID 00-0000000",
        "Your diagnosis and its code",
        "HCPCS S9090",
        "CPT 97012",
        "Ask for an estimate of each",
        "You may need more care than this page lists",
        "It is only an estimate",
        "$400 or more above this estimate",
        "It is not a contract",
        "does not change the quality of the care",
        "www.cms.gov/nosurprises/consumers",
        "Due to you by November 5, 2026",
    ]
    assert not [each for each in wanted if each not in text]


@pytest.mark.parametrize(
    ("booked", "visit", "due"),
    [
        (date(2026, 11, 16), date(2026, 12, 1), date(2026, 11, 17)),
        (date(2026, 11, 17), date(2026, 12, 1), date(2026, 11, 18)),
        (date(2026, 12, 15), date(2026, 12, 31), date(2026, 12, 18)),
        (date(2026, 11, 18), date(2026, 12, 1), date(2026, 11, 19)),
        (date(2026, 11, 26), date(2026, 12, 1), date(2026, 11, 27)),
        (date(2026, 11, 27), date(2026, 12, 1), None),
        (date(2026, 11, 13), date(2026, 12, 1), date(2026, 11, 18)),
        (date(2026, 11, 14), date(2026, 12, 1), date(2026, 11, 18)),
        (date(2026, 12, 1), date(2026, 12, 1), None),
    ],
)
def test_the_estimate_is_due_one_or_three_business_days_after_booking(
    booked: date, visit: date, due: date | None
) -> None:
    assert due_day(booked, visit) == due


def test_an_estimate_that_comes_late_is_told(tmp_path: Path) -> None:
    rows = [row(1, payer="Self-pay", booked_on="2026-11-02"), row(2, payer="Medicare", booked_on="2026-11-02")]
    rows += [row(3, payer="Self-pay", booked_on="2026-12-05"), row(4, payer="Self-pay", booked_on="2026-11-27")]
    made, told = printed(tmp_path, *rows)
    found = [(source, code) for source, code, _ in made.problems if code != "medicare-notice-due"]
    assert found == [("list.csv:2", "estimate-late"), ("list.csv:4", "booked-after-visit")]
    assert "was due on 2026-11-05" in told


@pytest.mark.parametrize("duplex", ["--duplex", "--simplex"])
def test_the_medicare_notice_goes_untouched_into_the_packets_it_is_due_for(tmp_path: Path, duplex: str) -> None:
    official(tmp_path)
    rows = [row(1, payer="Medicare"), row(2, payer="Self-pay"), row(3, payer="Medicare; Medigap Plan G")]
    made, _ = printed(tmp_path, *rows, more="medicare_notice: official.pdf\n", words=(duplex,))
    assert [len(packet["attachments"]) for packet in made.packets] == [1, 0, 1]
    assert [problem for problem in made.problems if problem[0] != "clinic.yaml"] == []
    texts, codes = texts_by_pdfium(made.print_run), codes_on_pages(made.print_run)
    for packet in (made.packets[0], made.packets[2]):
        (attached,) = packet["attachments"]
        at = attached["print_run_first_page"] - 1
        assert "Advance notice (sample), page 1" in texts[at]
        assert "Family" not in texts[at]
        assert codes[at] == []
        assert at == packet["print_run_first_page"] - 1 + packet["pages"] + packet["padding_pages"]
        assert duplex == "--simplex" or at % 2 == 0
        own = texts_by_pdfium(made.file(packet))
        assert len(own) == packet["pages"] + 1
        assert "Advance notice (sample), page 1" in own[-1]
    following = made.packets[1]["print_run_first_page"] - 1
    assert codes[following][0].split("/")[1:3] == [made.packets[1]["packet_id"], "001"]


def test_the_notice_stands_once_in_a_print_run_whoever_presses(tmp_path: Path) -> None:
    official(tmp_path)
    rows = [row(number, payer="Medicare") for number in range(1, CHUNK + 4)]
    made = []
    for jobs in ("1", "2"):
        run, _ = printed(tmp_path, *rows, more="medicare_notice: official.pdf\n", words=("--jobs", jobs))
        made.append(run.digests())
        assert run.print_run.read_bytes().count(b"/Times-Roman") == 1
    assert made[0] == made[1]


def test_a_notice_that_is_not_archival_is_told_once_in_runs_that_have_it(tmp_path: Path) -> None:
    official(tmp_path)
    more = "medicare_notice: official.pdf\n"
    made, told = printed(tmp_path, row(1, payer="Medicare"), row(2, payer="Medicare"), more=more)
    assert made.problems == [("clinic.yaml", "medicare-notice-not-archival", "printed")]
    assert "is not saved as PDF/A-2 or PDF/A-3" in told
    made, _ = printed(tmp_path, row(1, payer="Self-pay"), more=more)
    assert made.problems == []
    build().save(tmp_path / "official.pdf")
    made, _ = printed(tmp_path, row(1, payer="Medicare"), more=more)
    assert made.problems == []


def test_a_medicare_notice_that_is_missing_is_named(tmp_path: Path) -> None:
    made, told = printed(tmp_path, row(1, payer="Medicare"), row(2, payer="Self-pay"))
    assert made.problems == [("list.csv:2", "medicare-notice-due", "printed")]
    assert "CMS-R-131" in told
