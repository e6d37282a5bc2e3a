"""A worker that dies is replaced: its packets are made again, and a packet that two of them died of is told."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from datetime import date
from itertools import islice
from multiprocessing import active_children
from pathlib import Path
from typing import cast

import pytest

from handouts.errors import OutputError
from handouts.intake import read_lists
from handouts.intake.clinic import read_clinic
from handouts.layout.xobject import XObject
from handouts.library.shelf import shelf_for
from handouts.run.folder import RunFolder, packet_file
from handouts.run.making import Made, Result, Setup, Task
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


@pytest.mark.parametrize("position", [7, COUNT - 1])
def test_a_packet_that_two_workers_died_of_is_told_with_its_row_and_all_others_are_made(
    work: tuple[Setup, list[Task]], tmp_path: Path, position: int
) -> None:
    setup, tasks = work
    results = made(setup, deadly(tasks, position, 2, tmp_path), tmp_path / "out")
    (lost,) = [each for each in results if not isinstance(each, Made)]
    assert results.index(lost) == position
    assert isinstance(lost, NotPrinted)
    (problem,) = lost.problems
    assert (problem.source, problem.code) == (tasks[position].job.appointment.source, "worker-ended")


def test_a_run_whose_workers_keep_dying_ends_and_says_so(work: tuple[Setup, list[Task]], tmp_path: Path) -> None:
    setup, tasks = work
    for position in range(9):
        tasks = deadly(tasks, position, 2, tmp_path)
    with pytest.raises(OutputError, match="worker processes keep ending") as raised:
        made(setup, tasks, tmp_path / "out")
    assert "--resume" in raised.value.hint


def test_workers_that_die_with_nothing_in_hand_are_replaced_too(work: tuple[Setup, list[Task]], tmp_path: Path) -> None:
    setup, tasks = work
    folder = RunFolder(tmp_path / "out")
    with folder.opened(resume=False, overwrite=False), Workers(2, setup, folder) as workers:
        results = workers.results(iter(tasks))
        first = list(islice(results, CHUNK + 1))  # whoever made the first chunk has nothing left to do
        for each in active_children():
            each.kill()
            each.join()
        assert all(isinstance(result, Made) for _, result in [*first, *results])


class Ending:
    """Ends the process into which it is sent."""

    def __reduce__(self) -> tuple[Callable[[int], None], tuple[int]]:
        return signal.raise_signal, (signal.SIGKILL,)


def test_a_worker_that_cannot_start_is_told(work: tuple[Setup, list[Task]], tmp_path: Path) -> None:
    setup, tasks = work
    with pytest.raises(OutputError, match="a worker process could not start") as raised:
        made(replace(setup, logo=cast("XObject", Ending())), tasks, tmp_path / "out")
    assert "--jobs" in raised.value.hint


class Nonsense(NotPrinted):
    """Comes out of a worker as something else."""

    def __reduce__(self) -> tuple[type[str], tuple[str]]:
        return str, ("packet",)


class Muddled(Setup):
    """Everything that its press makes is nonsense."""

    def pressroom(self) -> Pressroom:
        room = super().pressroom()
        room.press = lambda job: Nonsense(())  # type: ignore[method-assign]
        return room


def test_a_worker_that_answers_nonsense_ends_the_run(work: tuple[Setup, list[Task]], tmp_path: Path) -> None:
    setup, tasks = work
    muddled = Muddled(**{each.name: getattr(setup, each.name) for each in fields(setup)})
    with pytest.raises(TypeError, match="a worker gave an answer that nobody asked for"):
        made(muddled, tasks, tmp_path / "out")


def test_what_a_worker_cannot_write_is_told_as_without_workers(work: tuple[Setup, list[Task]], tmp_path: Path) -> None:
    setup, tasks = work
    file = f"packets/{'long' * 100}.pdf"
    with pytest.raises(OutputError, match="could not be written: File name too long") as raised:
        made(setup, [*tasks[:5], replace(tasks[5], file=file), *tasks[6:]], tmp_path / "out")
    assert file in str(raised.value.where)


def test_no_worker_outlives_a_run(
    work: tuple[Setup, list[Task]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    setup, tasks = work
    monkeypatch.setattr("handouts.run.workers._PATIENCE", 0.1)
    with Workers(2, setup, None) as workers:
        assert next(workers.results(iter(tasks)))
        begun = [each.pid for each in active_children() if each.pid]
        for pid in begun:
            os.kill(pid, signal.SIGSTOP)  # so that it hears nothing
    assert len(begun) == 2
    assert not active_children()
