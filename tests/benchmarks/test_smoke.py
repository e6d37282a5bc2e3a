"""The benchmark runs, and what it compares is the same work. Nothing is asserted about time."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks import growth
from benchmarks.check import DifferentWorkError, check
from benchmarks.engines.ours import Handouts
from benchmarks.engines.overlay import Overlay
from benchmarks.engines.platypus import Platypus
from benchmarks.engines.writing import Writing
from benchmarks.judge import judge, printed
from benchmarks.measure import RunEngine, packets, print_runs
from benchmarks.report import BEGIN, END, Measured, put_into, this_machine
from benchmarks.work import Patient, Work, work_for


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Work:
    return work_for(4, tmp_path_factory.mktemp("work"))


@pytest.fixture(scope="module")
def fonts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fonts")


@pytest.fixture(scope="module")
def platypus(work: Work, fonts: Path) -> Platypus:
    return Platypus(work, fonts, accelerated=False)


def test_platypus_presses_the_same_words_and_codes_as_we_do(work: Work, platypus: Platypus) -> None:
    check(platypus, Handouts(work), work.patients()[:1], in_order=True)


def test_stamped_packets_have_the_same_words_and_codes_in_some_order(work: Work, fonts: Path) -> None:
    overlay = Overlay(work, fonts, accelerated=False)
    check(overlay, Handouts(work), work.patients()[:1], in_order=False)


def test_another_patients_packet_is_noticed(work: Work) -> None:
    first, second = work.patients()[:2]

    class Wrong:
        name = "wrong"

        def packet(self, patient: Patient) -> bytes:
            return Handouts(work).packet(second)

    with pytest.raises(DifferentWorkError, match="wrong, foot of page 1"):
        check(Wrong(), Handouts(work), [first], in_order=True)


def test_a_tiny_benchmark_ends_in_a_table_and_in_json(work: Work, platypus: Platypus, tmp_path: Path) -> None:
    ours, patients = Handouts(work), work.patients()
    timed = packets([ours, platypus, Writing(work)], patients, rounds=2, seconds=0.01, folder=tmp_path)
    runs = print_runs([RunEngine(ours.name, ours.print_run, 2)], patients, rounds=1)
    run = printed(ours, patients[:2], tmp_path)
    judged = judge(work, patients[:1], sorted((tmp_path / "timed").iterdir()), {2: run})
    assert "nor in print runs of 2 packets" in judged
    commands = [growth.generate(2, 1, tmp_path)]
    measured = Measured(this_machine(0.0), work.pages, 2, timed, runs, commands, growth.imports(tmp_path, 3), judged)
    page = tmp_path / "performance.md"
    page.write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n", encoding="utf-8")
    put_into(page, measured)
    written = page.read_text(encoding="utf-8")
    assert written.startswith("before\n")
    assert written.endswith("after\n")
    assert "\nold\n" not in written
    for name in ("| handouts |", "| ReportLab Platypus |", "| writing the same bytes |"):
        assert name in written
    told = json.loads(measured.to_json())
    assert [each["name"] for each in told["packets"]] == ["handouts", "ReportLab Platypus", "writing the same bytes"]
    assert len(told["imports"]) == 3
    assert told["commands"][0]["memory"] > 10_000_000
