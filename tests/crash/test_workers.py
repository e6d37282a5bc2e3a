"""A worker that dies is replaced: its packets are made again, and a packet that two of them died of is told."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import date
from pathlib import Path
from typing import cast

import pytest

import handouts.run.workers
from handouts.errors import HandoutsError, OutputError
from handouts.intake import read_lists
from handouts.intake.clinic import read_clinic
from handouts.library.shelf import shelf_for
from handouts.run.folder import RunFolder
from handouts.run.making import Made, Result, Setup, Task
from handouts.run.names import packet_file
from handouts.run.options import Options
from handouts.run.plan import make_plan
from handouts.run.pressroom import NotPrinted, Pressroom
from handouts.run.workers import CHUNK, Workers
from tests.run.making import desk

COUNT = CHUNK + 8


class Deadly(str):
    """A file's name that ends the process which writes that file, as often as there are deaths left in a folder."""

    deaths: Path

    def __add__(self, other: str) -> str:
        for death in self.deaths.iterdir():
            death.unlink()
            os.kill(os.getpid(), signal.SIGKILL)
        return super().__add__(other)


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> tuple[Setup, list[Task]]:
    place = desk(tmp_path_factory.mktemp("place"), COUNT)
    clinic = read_clinic(place.clinic)
    shelf = shelf_for(clinic)
    options = Options(lists=(place.listed,), clinic=place.clinic)
    intake = read_lists([place.listed], clinic)
    plan = make_plan(intake, clinic, shelf, None, options, b"key", date(2026, 11, 30))
    setup = Setup(clinic, shelf, None, None, "letter", False, plan.jobs[0].appointment.start)
    return setup, [Task(job, packet_file(job.position, job.packet_id, COUNT)) for job in plan.jobs]


def deadly(tasks: Sequence[Task], position: int, times: int, folder: Path) -> list[Task]:
    """The tasks, one of them deadly so many times."""
    deaths = folder / f"deaths-{position}"
    deaths.mkdir()
    for number in range(times):
        (deaths / str(number)).touch()
    name = Deadly(tasks[position].file)
    name.deaths = deaths
    return [*tasks[:position], replace(tasks[position], file=name), *tasks[position + 1 :]]


def made(setup: Setup, tasks: Sequence[Task], out: Path) -> list[Result]:
    """What two workers make of the tasks; checked to be in order."""
    folder = RunFolder(out)
    with folder.opened(resume=False, overwrite=False), Workers(2, setup, folder) as workers:
        results = list(workers.results(iter(tasks)))
    assert [task.job.position for task, _ in results] == [task.job.position for task in tasks]
    return [result for _, result in results]


@pytest.mark.parametrize("position", [0, 5, CHUNK - 1, COUNT - 1])
def test_the_packets_of_a_worker_that_died_are_made_again(
    work: tuple[Setup, list[Task]], tmp_path: Path, position: int
) -> None:
    setup, tasks = work
    undisturbed = made(setup, tasks, tmp_path / "undisturbed")
    results = made(setup, deadly(tasks, position, 1, tmp_path), tmp_path / "out")
    assert all(isinstance(each, Made) for each in results)
    assert [each.sha256 for each in results if isinstance(each, Made)] == [
        each.sha256 for each in undisturbed if isinstance(each, Made)
    ]


def test_a_packet_that_two_workers_died_of_is_told_with_its_row_and_all_others_are_made(
    work: tuple[Setup, list[Task]], tmp_path: Path
) -> None:
    setup, tasks = work
    results = made(setup, deadly(tasks, 7, 2, tmp_path), tmp_path / "out")
    (lost,) = [each for each in results if not isinstance(each, Made)]
    assert results.index(lost) == 7
    assert isinstance(lost, NotPrinted)
    (problem,) = lost.problems
    assert (problem.source, problem.code) == (tasks[7].job.appointment.source, "worker-ended")


def test_a_run_whose_workers_keep_dying_ends_and_says_so(work: tuple[Setup, list[Task]], tmp_path: Path) -> None:
    setup, tasks = work
    for position in range(9):
        tasks = deadly(tasks, position, 2, tmp_path)
    with pytest.raises(OutputError, match="worker processes keep ending") as raised:
        made(setup, tasks, tmp_path / "out")
    assert "--resume" in raised.value.hint


class Faulty(str):
    """A file's name at which whoever writes that file goes wrong."""

    fault: Exception

    def __add__(self, other: str) -> str:
        raise self.fault


@pytest.mark.parametrize(
    ("fault", "told"), [(OutputError("no room"), "no room"), (ValueError("Zqname"), "the program failed")]
)
def test_what_goes_wrong_in_a_worker_ends_the_run_and_tells_nothing_of_patients(
    work: tuple[Setup, list[Task]], tmp_path: Path, fault: Exception, told: str
) -> None:
    setup, tasks = work
    name = Faulty(tasks[3].file)
    name.fault = fault
    with pytest.raises(HandoutsError, match=told) as raised:
        made(setup, [*tasks[:3], replace(tasks[3], file=name), *tasks[4:]], tmp_path / "out")
    assert "Zqname" not in str(raised.value)


class Unstartable:
    """Ends the process that unpacks it."""

    def __reduce__(self) -> tuple[object, ...]:
        return signal.raise_signal, (signal.SIGKILL,)


def test_workers_that_cannot_start_are_told(work: tuple[Setup, list[Task]]) -> None:
    unstartable = cast(Setup, Unstartable())
    with Workers(2, unstartable, None) as workers, pytest.raises(OutputError, match="could not start"):
        list(workers.results(iter(work[1])))


def test_a_worker_that_dies_idle_is_replaced(work: tuple[Setup, list[Task]]) -> None:
    setup, tasks = work
    others = set(multiprocessing.active_children())  # veraPDF's, where tests before this one asked it
    with Workers(2, setup, None) as workers:
        before = set(multiprocessing.active_children()) - others
        results = workers.results(iter(tasks[:CHUNK]))  # one chunk: for one of two workers
        next(results)
        for each in before:
            each.kill()
        assert [task for task, result in results if isinstance(result, Made)] == tasks[1:CHUNK]


def test_a_worker_that_two_last_packets_of_a_chunk_killed_goes_on(
    work: tuple[Setup, list[Task]], tmp_path: Path
) -> None:
    setup, tasks = work
    results = made(setup, deadly(tasks, CHUNK - 1, 2, tmp_path), tmp_path / "out")
    assert [index for index, each in enumerate(results) if not isinstance(each, Made)] == [CHUNK - 1]


class Slow(str):
    """A file's name that takes a minute to write."""

    def __add__(self, other: str) -> str:
        time.sleep(60)
        return super().__add__(other)


def test_a_worker_that_does_not_end_is_ended(
    work: tuple[Setup, list[Task]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    setup, tasks = work
    monkeypatch.setattr(handouts.run.workers, "_PATIENCE", 0.1)
    folder = RunFolder(tmp_path / "out")
    slow = [replace(tasks[1], file=Slow(tasks[1].file))]
    others = set(multiprocessing.active_children())
    with folder.opened(resume=False, overwrite=False), Workers(2, setup, folder) as workers:
        assert next(workers.results(iter([tasks[0], *slow])))
        running = set(multiprocessing.active_children()) - others
    assert running
    assert not [each for each in running if each.is_alive()]


class Nonsense(NotPrinted):
    """Comes out of a worker as something else."""

    def __reduce__(self) -> tuple[type[str], tuple[str]]:
        return str, ("packet",)


class Muddled(Setup):
    """Everything that its press makes is nonsense."""

    def pressroom(self) -> Pressroom:
        room = super().pressroom()
        room.press = lambda job: Nonsense(())  # type: ignore[method-assign]  # that is the test
        return room


def test_a_worker_that_answers_nonsense_ends_the_run(work: tuple[Setup, list[Task]], tmp_path: Path) -> None:
    setup, tasks = work
    muddled = Muddled(**{each.name: getattr(setup, each.name) for each in fields(setup)})
    with pytest.raises(TypeError, match="a worker gave an answer that nobody asked for"):
        made(muddled, tasks, tmp_path / "out")
