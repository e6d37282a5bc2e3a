"""Every file that ever broke something, or leads fuzzing into a corner, is read or refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fuzz.targets import CORPORA, TARGETS

FILES = sorted(path for path in CORPORA.glob("*/*") if path.is_file())


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_kept_file_breaks_nothing(path: Path) -> None:
    TARGETS[path.parent.name](path.read_bytes())


def test_every_target_has_a_corpus() -> None:
    assert {path.parent.name for path in FILES} == set(TARGETS)
