"""What the tests of hostile files share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.security.bounded import Bounded


@pytest.fixture(scope="session")
def bounded() -> Iterator[Bounded]:
    """A process in which some seconds and 300 MB are all there is."""
    with Bounded() as process:
        yield process
