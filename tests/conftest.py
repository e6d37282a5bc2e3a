"""What every test stands on: no network, and the same fonts whatever the machine has or lacks."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from handouts.layout import fonts, system_fonts, text
from tests.offline import sitecustomize as _no_network_from_here_on

FOLDER = Path(__file__).parent / "data" / "fonts"
OFFLINE = Path(_no_network_from_here_on.__file__).parent
os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (str(OFFLINE), os.environ.get("PYTHONPATH"))))
"""For the processes that tests start; tests/test_wheel.py, where pip runs, starts others without it."""
os.environ["WITHOUT_LETTERS"] = "1"
"""But for tests marked `letters`."""


def _use(folders: tuple[Path, ...], patch: pytest.MonkeyPatch) -> None:
    patch.setattr(system_fonts, "FOLDERS", folders)
    system_fonts.forget()
    fonts.shape.cache_clear()
    text.glyphs.cache_clear()
    text._cut.cache_clear()


@pytest.fixture
def east_asian_fonts() -> Iterator[None]:
    """A machine whose only fonts are the tests' few hundred glyphs of Noto Sans CJK."""
    with pytest.MonkeyPatch.context() as patch:
        _use((FOLDER,), patch)
        yield
    _use(system_fonts.FOLDERS, pytest.MonkeyPatch())


@pytest.fixture
def no_east_asian_fonts(tmp_path: Path) -> Iterator[None]:
    """A machine without any font of its own."""
    with pytest.MonkeyPatch.context() as patch:
        _use((tmp_path,), patch)
        yield
    _use(system_fonts.FOLDERS, pytest.MonkeyPatch())
