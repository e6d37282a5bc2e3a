"""A run killed whenever, with workers or without, is finished by --resume as if nothing had happened."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from handouts.run.workers import CHUNK
from tests.run.making import ROOT, Made, desk, started
from tests.run.test_killed import finish


def _killed(folder: Path, seed: int, count: int) -> None:
    place = desk(folder, CHUNK + 20)
    assert place.generate().code == 0
    undisturbed, runs = Made(place.out).digests(), folder / "runs"
    runs.mkdir()
    words = [sys.executable, "-m", "tests.crash.killing", str(seed), str(count), runs, "--", *place.wanted]
    ended = started(words, cwd=ROOT, patience=3600)
    assert (ended.code, ended.err) == (0, "")
    for jobs in "123":
        assert Made(runs / f"whole-{jobs}").digests() == undisturbed
    midway = 0
    for code in sorted(runs.glob("*.code")):
        out = code.with_suffix("")
        assert code.read_text() in {"-9", "0"}  # or it was done before its moment came
        found = {name: sha for name, sha in Made(out).digests().items() if not name.endswith(".part")}
        assert found.items() <= undisturbed.items(), out.name
        midway += 0 < len(found) < len(undisturbed)
        assert finish(place, out) == 0, out.name
        assert Made(out).digests() == undisturbed, out.name
    assert midway > count // 4


def test_a_run_killed_at_a_random_moment_is_finished_by_resuming_it(tmp_path: Path) -> None:
    _killed(tmp_path, seed=20261124, count=8)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(10))
def test_runs_killed_at_200_random_moments_are_finished_by_resuming_them(tmp_path: Path, seed: int) -> None:
    _killed(tmp_path, seed, count=20)
