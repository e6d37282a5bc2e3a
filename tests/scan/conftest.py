"""A small run of which paper comes back."""

from __future__ import annotations

import multiprocessing
from pathlib import Path
from types import SimpleNamespace

import pytest

from handouts.scan import opening
from tests.run.making import desk
from tests.scan.paper import Paper


@pytest.fixture(autouse=True)
def reader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The process that reads scans is forked from one that has loaded the libraries, which takes a tenth of the time.

    The extra `ocr` is there for the tests that ask for it by @pytest.mark.letters: they start it as people do, as does
    every test that starts the command.
    """
    if request.node.get_closest_marker("letters") is not None:
        monkeypatch.delenv("WITHOUT_LETTERS")
        return
    forked = multiprocessing.get_context("forkserver")
    forked.set_forkserver_preload(["handouts.scan.answering"])
    monkeypatch.setattr(opening, "multiprocessing", SimpleNamespace(get_context=lambda _: forked))


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Paper:
    """Two packets of two pages."""
    place = desk(tmp_path_factory.mktemp("desk"), 2)
    assert place.generate().code == 0
    return Paper(place.out)


@pytest.fixture
def paper(printed: Paper, tmp_path: Path) -> Paper:
    """The same, of which nothing came back yet."""
    return printed.copy(tmp_path / "run")
