"""The example clinic and list: what `make demo` prints shows everything there is to show."""

from __future__ import annotations

import csv

import pytest

from handouts.model import Flag
from tests.run.making import EXAMPLES, ISSUED, Done, Made, bare, command, texts_by_pdfium, texts_by_pypdf

LIST = EXAMPLES / "appointments.csv"


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> tuple[Done, Made]:
    out = tmp_path_factory.mktemp("examples") / "run"
    return command("generate", LIST, "--clinic", EXAMPLES / "clinic.yaml", "--out", out, *ISSUED), Made(out)


@pytest.fixture(scope="module")
def listed() -> dict[str, dict[str, str]]:
    with LIST.open(encoding="utf-8", newline="") as file:
        return {row["appointment_id"]: row for row in csv.DictReader(file)}


def test_at_least_twelve_patients_are_printed_and_nothing_needs_correcting(done: tuple[Done, Made]) -> None:
    ended, made = done
    assert (ended.code, ended.err) == (0, "")
    assert len(made.packets) >= 12
    assert not [each for each in made.problems if each[2] == "not printed"]


def test_every_flag_is_shown_by_some_packets_and_missing_from_others(done: tuple[Done, Made]) -> None:
    _, made = done
    shown = [set(packet["flags"]) for packet in made.packets]
    assert set.union(*shown) == {flag.value for flag in Flag}
    # the example clinic has a price for its only procedure, so `priced` holds for everyone
    assert set.intersection(*shown) <= {Flag.PRICED.value}


def test_the_flags_are_those_that_the_rows_call_for(done: tuple[Done, Made], listed: dict[str, dict[str, str]]) -> None:
    payers = {"Self-pay": "self_pay", "Cash": "self_pay", "Medicare": "medicare", "": None}
    for packet in done[1].packets:
        row, flags = listed[packet["appointment_id"]], set(packet["flags"])
        month, day, year = (int(part) for part in row["birth_date"].split("/"))
        minor = (year + 18, month, day) > (2026, 12, 1)
        foreign = row["language"] not in {"English", "Spanish"}
        payer = payers.get(row["payer"], "insured")
        expected = {
            "minor": minor,
            "representative": minor or bool(row["representative"]),
            "lacks_capacity": not minor and bool(row["representative"]),
            "large_print": row["large_print"] == "yes",
            "interpreter": row["interpreter"] == "yes" or foreign,
            "self_pay": payer == "self_pay",
            "insured": payer == "insured",
            "medicare": payer == "medicare",
            "priced": True,
            "sessions_planned": bool(row["sessions"]),
        }
        assert flags == {flag for flag, holds in expected.items() if holds}, packet["source"]


def test_names_long_short_and_in_other_scripts_stand_whole_on_every_page(
    done: tuple[Done, Made], listed: dict[str, dict[str, str]]
) -> None:
    for packet in done[1].packets:
        name, number = (listed[packet["appointment_id"]][key] for key in ("full_name", "patient_id"))
        file = done[1].file(packet)
        pages = [*texts_by_pdfium(file), *texts_by_pypdf(file)[:1]]
        assert all(bare(name) in bare(text) and number in text for text in pages), packet["source"]
