"""A small run of which paper comes back."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.run.making import desk
from tests.scan.paper import Paper


@pytest.fixture(autouse=True)
def without_letters(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The extra `ocr` is there for the tests that ask for it by @pytest.mark.letters."""
    if request.node.get_closest_marker("letters") is None:
        monkeypatch.setenv("WITHOUT_LETTERS", "1")


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
