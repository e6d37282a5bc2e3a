"""A run that is killed, at whichever moment, is finished by --resume as if nothing had happened."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from handouts.run.workers import CHUNK

from .making import MOMENTS, ROOT, Desk, Made, command, desk, list_file, row, started, strike, struck_at_moments


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Three patients, and a fourth whose row is bad, so that problems.csv has something to say."""
    return desk(tmp_path_factory.mktemp("place"), [row(1), row(2), row(3), row(4, birth_date="?")])


@pytest.fixture(scope="module")
def undisturbed(place: Desk) -> dict[str, str]:
    assert place.generate().code == 3
    return Made(place.out).digests()


def finish(place: Desk, out: Path) -> int:
    """What a person does after a crash: resume, and where there is nothing to resume, print."""
    done = place.generate("--resume", out=out)
    if done.code == 2 and "there is no run to resume" in done.err:
        done = place.generate(out=out)
    return done.code


@MOMENTS
def test_a_run_killed_at_any_moment_is_finished_by_resuming_it(
    place: Desk, undisturbed: dict[str, str], tmp_path: Path, every: int
) -> None:
    struck = struck_at_moments("SIGKILL", every, tmp_path / "runs", place.wanted)
    assert len(struck) > 30 // every
    for each in struck:
        assert (each.code, each.told) == (-9, "")
        before = Made(each.out).digests()
        assert {name: before[name] for name in before if not name.endswith(".part")}.items() <= undisturbed.items()
        assert finish(place, each.out) == 3, each.out.name
        assert Made(each.out).digests() == undisturbed, each.out.name


@MOMENTS
def test_an_overwriting_run_killed_at_any_moment_leaves_no_mixture(
    place: Desk, undisturbed: dict[str, str], tmp_path: Path, every: int
) -> None:
    other = list_file(tmp_path, [row(1, given_name="Older"), row(2), row(7), row(8)], "older.csv")
    old, runs = tmp_path / "old", tmp_path / "runs"
    assert Desk(tmp_path, place.clinic, other).generate(out=old).code == 0
    for moment in range(1, 100):
        shutil.copytree(old, runs / f"{moment:04}")
    older = Made(old).digests()
    struck = struck_at_moments("SIGKILL", every, runs, [*place.wanted, "--overwrite"])
    assert 30 // every < len(struck) < 99
    for each in struck:
        found = {item for item in Made(each.out).digests().items() if not item[0].endswith(".part")}
        assert found <= set(older.items()) or found <= set(undisturbed.items()), each.out.name
        done = place.generate("--overwrite", out=each.out)
        assert done.code == 3, (each.out.name, done.err)
        assert Made(each.out).digests() == undisturbed, each.out.name


def test_a_run_killed_while_resuming_is_resumed_again(place: Desk, undisturbed: dict[str, str], tmp_path: Path) -> None:
    for moment in ("18", "22", "26"):
        out = tmp_path / moment
        for how in ([], ["--resume"], ["--resume"]):
            assert started(strike("once", "SIGKILL", int(moment), out, [*place.wanted, *how]), cwd=ROOT).code == -9
        assert finish(place, out) == 3
        assert Made(out).digests() == undisturbed


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_killed_run_leaves_no_process_behind_and_is_finished_with_any_number_of_jobs(
    tmp_path: Path, jobs: str
) -> None:
    place = desk(tmp_path, 2 * CHUNK + 6)
    assert place.generate().code == 0
    out = tmp_path / "killed"
    # `started` comes back only when everything that holds the run's standard output is gone
    assert started(strike("once", "SIGKILL", 60, out, [*place.wanted, "--jobs", "2"]), cwd=ROOT).code == -9
    assert 0 < len(list((out / "packets").glob("*.pdf"))) < 2 * CHUNK
    done = place.generate("--resume", "--jobs", jobs, out=out)
    assert done.code == 0
    assert "were there already" in done.out
    assert Made(out).digests() == Made(place.out).digests()


def test_packets_lost_or_garbled_since_are_printed_again(
    place: Desk, undisturbed: dict[str, str], tmp_path: Path
) -> None:
    shutil.copytree(place.out, tmp_path / "out")
    made = Made(tmp_path / "out")
    first, second, third = (made.file(packet) for packet in made.packets)
    first.unlink()
    second.write_bytes(second.read_bytes()[:-1])
    (made.path / "manifest.json").unlink()
    made.print_run.write_bytes(b"%PDF-1.7 garbled")
    done = place.generate("--resume", out=made.path)
    assert (done.code, Made(made.path).digests()) == (3, undisturbed)
    assert "3 packets printed (1 were there already)" in done.out
    assert third.exists()


def test_a_finished_run_resumed_stays_as_it_is(place: Desk, undisturbed: dict[str, str], tmp_path: Path) -> None:
    shutil.copytree(place.out, tmp_path / "out")
    done = place.generate("--resume", out=tmp_path / "out")
    assert (done.code, Made(tmp_path / "out").digests()) == (3, undisturbed)
    assert "(3 were there already)" in done.out


def test_resuming_keeps_the_moment_of_the_first_start(tmp_path: Path) -> None:
    place = desk(tmp_path, 2)
    words = [word for word in place.wanted if word not in {"--issued-at", "2026-11-30T18:00"}]
    out = tmp_path / "out"
    killed = started(strike("once", "SIGKILL", 24, out, [*words, "--issued-at", "2026-11-30T06:59"]), cwd=ROOT)
    assert killed.code == -9
    from .making import handouts

    assert handouts(*words, "--out", out, "--resume").code == 0
    assert Made(out).manifest["issued_at"] == "2026-11-30T06:59:00-06:00"


def test_workers_run_wherever_the_folder_for_temporary_files_is(tmp_path: Path) -> None:
    place = desk(tmp_path, CHUNK + 2)
    far = tmp_path / ("a folder of a long name " * 6)
    far.mkdir()
    done = command(*place.wanted, "--jobs", "2", "--out", tmp_path / "out", env={"TMPDIR": str(far)})
    assert done.code == 0, done.err
    assert not list(far.iterdir())
