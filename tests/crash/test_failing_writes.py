"""Whatever step of writing fails, the run ends with a clear error, or prints all the same; and it can be finished."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.run.making import ROOT, Desk, Made, desk, row, started
from tests.run.test_killed import finish

KINDS = {"open", "write", "fsync", "os.mkdir", "os.rename", "sqlite3.connect", "sqlite execute", "sqlite commit"}


def _every_step_failing(place: Desk, errors: str) -> None:
    assert place.generate().code == 3
    undisturbed = Made(place.out).digests()
    runs = place.folder / "runs"
    runs.mkdir()
    ended = started(
        [sys.executable, "-m", "tests.crash.failing", errors, "1", runs, "--", *place.wanted], cwd=ROOT, patience=1800
    )
    assert (ended.code, ended.err) == (0, "")
    kinds = set()
    for step in sorted(runs.glob("*.step")):
        out, what = step.with_suffix(""), step.read_text()
        code, told = int(step.with_suffix(".code").read_text()), step.with_suffix(".told").read_text()
        assert "Traceback" not in told, (step.name, what, told)
        found = {name: sha for name, sha in Made(out).digests().items() if not name.endswith(".part")}
        if code == 3:  # the step was not needed: something old that could not be removed
            assert found == undisturbed, (step.name, what)
            continue
        assert code == 5, (step.name, what, told)
        assert "could not be written" in told or "cannot be used" in told, (step.name, what, told)
        assert "Make room" in told or "permissions" in told, (step.name, what, told)
        assert found.items() <= undisturbed.items(), (step.name, what)
        assert finish(place, out) == 3, (step.name, what)
        assert Made(out).digests() == undisturbed, (step.name, what)
        kinds.add(what)
    assert kinds >= KINDS


def _place(folder: Path) -> Desk:
    return desk(folder, [row(1), row(2), row(3, birth_date="?")])


def test_every_write_failing_once_ends_in_a_clear_error_and_a_folder_that_resumes(tmp_path: Path) -> None:
    _every_step_failing(_place(tmp_path), "ENOSPC,EIO,EACCES,EROFS,EDQUOT")


@pytest.mark.soak
@pytest.mark.parametrize("error", ["ENOSPC", "EIO", "EACCES"])
def test_each_error_at_every_write(tmp_path: Path, error: str) -> None:
    _every_step_failing(_place(tmp_path), error)
