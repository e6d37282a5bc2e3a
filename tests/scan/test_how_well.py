"""How well scans are read, on a few of the simulated pages over which docs/scanning.md counts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handouts.scan.printed import PrintedRun
from tests.run.making import EXAMPLES, ISSUED, handouts
from tests.scan.figures import Tally, counted, jobs_of
from tests.scan.simulator.sheet import Wanted


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> PrintedRun:
    folder = tmp_path_factory.mktemp("printed") / "run"
    clinic = EXAMPLES / "clinic.yaml"
    done = handouts("generate", EXAMPLES / "appointments.csv", "--clinic", clinic, "--out", folder, *ISSUED)
    assert done.code == 0
    return PrintedRun.of(folder)


def _told(tally: Tally, truth: str, state: str) -> int:
    return sum(number for (_, known, told), number in tally.fields.items() if (known, told) == (truth, state))


@pytest.mark.parametrize("mode", ["gray", "bitonal"])
def test_undamaged_pages_are_all_found_and_no_empty_field_is_called_signed(printed: PrintedRun, mode: str) -> None:
    wanted = replace(Wanted(dpi=200), mode=mode)  # type: ignore[arg-type]  # one of its literals
    tally = counted(printed, jobs_of(printed, 500_000, 24, fields_only=True), wanted)
    assert tally.pages == {"found": 24}
    assert _told(tally, "empty", "signed") == 0
    written = sum(number for (_, known, _), number in tally.fields.items() if known == "written")
    assert written > 50
    assert _told(tally, "written", "empty") <= written * 0.03
    assert _told(tally, "written", "signed") > written * 0.5


def test_badly_damaged_pages_are_found_or_wait_for_a_person(printed: PrintedRun) -> None:
    tally = counted(printed, jobs_of(printed, 600_000, 24, fields_only=True), Wanted(grade="bad"))
    assert tally.pages["WRONG"] == tally.pages["taken for blank"] == 0
    assert tally.pages["found"] >= 22
    assert _told(tally, "empty", "signed") == 0
