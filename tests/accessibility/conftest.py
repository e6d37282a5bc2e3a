from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.accessibility.judge import Judge


@pytest.fixture(scope="session")
def judge() -> Iterator[Judge]:
    """veraPDF, once for all tests."""
    with Judge() as started:
        yield started
