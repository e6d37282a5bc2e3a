"""YAML as people write it: the quick reader and the thorough one say the same, and every mistake has its place."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from ruamel.yaml import YAML
from ruamel.yaml.cyaml import CParser  # type: ignore[attr-defined]  # no stub has it
from ruamel.yaml.error import YAMLError

from handouts.errors import HandoutsError
from handouts.intake.yaml_text import Path_, Yaml, position_of, read_yaml

ROOT = Path(__file__).parents[2]
SHIPPED = [ROOT / "examples" / "clinic.yaml", *sorted((ROOT / "templates").rglob("*.yaml"))]
BITS = ("a: ", "b: ", "- ", "  ", "\n", "\n  ", "é", "'", '"', "[", "]", "{", "}", ", ", "#", "1", ".", "|", ">")
TEXTS = st.lists(st.sampled_from(BITS), max_size=24).map(lambda bits: "a: " + "".join(bits))


def _read(text: str, folder: Path) -> dict[str, Yaml]:
    file = folder / "some.yaml"
    file.write_text(text, encoding="utf-8")
    return read_yaml(file, HandoutsError)


def _steps(data: Yaml, path: Path_ = ()) -> list[Path_]:
    inner = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [path, *(each for step, value in inner for each in _steps(value, (*path, step)))]


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: str(file.relative_to(ROOT)))
def test_a_shipped_file_is_read_once(file: Path) -> None:
    events = CParser(file.read_text(encoding="utf-8"))
    while events.check_event():
        events.get_event()


@given(TEXTS)
@example("a: {b: 13:e14207, c: [1, 2.50, ~, yes, 2026-11-24]}\n# said\nd: |\n  two\n  lines\n")
@example("a: &x {b: 1}\nc: *x\n")
@example("a: 1\na: 2\n")
def test_both_readers_say_the_same_at_the_same_places(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    try:
        thorough: Yaml = YAML(typ="rt", pure=True).load(text)
    except (YAMLError, ValueError):
        return
    if not isinstance(thorough, dict):
        return
    read = _read(text, tmp_path_factory.mktemp("yaml"))
    assert read == thorough
    assert [position_of(read, path) for path in _steps(read)] == [position_of(thorough, path) for path in _steps(read)]


@pytest.mark.parametrize(
    ("text", "place"),
    [("a: 1\na: 2\n", "2:1"), ("a: [1, 2\nb: 3\n", "2:2"), ("a: 1\n---\nb: 2\n", "2:1"), ("a: b: c\n", "1:5")],
    ids=["said twice", "not closed", "two documents", "two colons"],
)
def test_a_mistake_is_told_with_its_place(tmp_path: Path, text: str, place: str) -> None:
    with pytest.raises(HandoutsError, match=f"some.yaml:{place}: not valid YAML"):
        _read(text, tmp_path)


@pytest.mark.parametrize("text", ["a: " + "[" * 90_000, "- " * 90_000, "a: " + "[" * 5_000 + "]" * 5_000])
def test_depth_without_end_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(HandoutsError, match="not valid YAML"):
        _read(text, tmp_path)
