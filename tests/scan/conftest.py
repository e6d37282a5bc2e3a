"""A small run of which paper comes back."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.run.making import desk
from tests.scan.paper import Paper


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
