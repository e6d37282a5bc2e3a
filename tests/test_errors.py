"""Errors keep their words wherever they go."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from handouts.errors import ExitCode, HandoutsError, MissingGlyphError, Place, TemplateError, UnexpectedError

ERRORS: list[HandoutsError] = [
    TemplateError("what happened", where=Place(Path("consent.md"), 3, 7), hint="Do this."),
    MissingGlyphError("U+65E5"),
    UnexpectedError(ValueError("Jane Doe")),
]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_an_error_of_a_worker_process_arrives_whole(error: HandoutsError) -> None:
    arrived = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert type(arrived) is type(error)
    assert str(arrived) == str(error)
    assert arrived.exit_code is error.exit_code


def test_an_error_tells_place_event_and_remedy() -> None:
    assert str(ERRORS[0]) == "consent.md:3:7: what happened\n  Do this."


def test_an_unexpected_fault_tells_its_kind_and_no_value() -> None:
    assert "Jane Doe" not in str(ERRORS[2])
    assert "ValueError" in str(ERRORS[2])
    assert ERRORS[2].exit_code is ExitCode.UNEXPECTED
