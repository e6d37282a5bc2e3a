"""Settings and facts made to break the program end in a clear error within 5 seconds and 300 MB."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.library.test_templates import made, refusal
from tests.security.bounded import Bounded

GOOD = (Path(__file__).parents[2] / "examples" / "clinic.yaml").read_text(encoding="utf-8")
LAUGHS = "".join(f"k{n + 1}: &k{n + 1} [{', '.join([f'*k{n}'] * 10)}]\n" for n in range(12))

SETTINGS: dict[str, tuple[str, str]] = {
    "aliases of aliases": (f"k0: &k0 [x]\n{LAUGHS}{GOOD}", "far more values"),
    "aliases of aliases as a name": (
        f"k0: &k0 [x]\n{LAUGHS}{GOOD.replace('name: ', 'name: *k12 #', 1)}",
        "far more values",
    ),
    "a list within itself": (f"k: &k [*k]\n{GOOD}", "`k`"),
    "nothing that is known": ("".join(f"k{n}: 1\n" for n in range(20_000)), "another kind of file"),
    "lists in lists": ("[" * 60_000, "not valid YAML"),
    "keys in keys": ("{a: " * 40_000, "not valid YAML"),
    "90,000 numbers": (f"{GOOD}\na: [{'1,' * 90_000}]", "unknown key `a`"),
    "20,000 unknown keys": (GOOD + "\n" + "".join(f"k{n}: 1\n" for n in range(20_000)), "more faults"),
    "an anchor twice": (f"a: &a 1\nb: &a 2\n{GOOD}", "an anchor is defined twice"),
    "an object of Python": (f"{GOOD}\nz: !!python/object/apply:os.system ['true']\n", "unknown key `z`"),
    "an endless number": (f"{GOOD}\nz: {'9' * 100_000}\n", "not valid YAML"),
    "a day that is none": (f"{GOOD}\nz: 2026-99-99\n", "not valid YAML"),
    "an endless name": (f"name: {'x' * 190_000}\n", "longer than 200 characters"),
    "a name turned round": (GOOD.replace("name: ", "name: \u202e", 1), "U+202E"),
    "a name turned round by an escape": (GOOD.replace("website: ", 'website: "\\u202e" # '), "U+202E"),
    "a null character": (f"{GOOD}\0", "not valid YAML"),
    "half a megabyte": (GOOD + "#\n" * 250_000, "larger than 200 kilobytes"),
}


@pytest.mark.parametrize("fault", SETTINGS)
def test_hostile_settings_are_refused_in_bounded_time_and_memory(tmp_path: Path, bounded: Bounded, fault: str) -> None:
    content, said = SETTINGS[fault]
    path = tmp_path / "clinic.yaml"
    path.write_text(content, encoding="utf-8")
    answer = bounded.ask("settings", path)
    assert said in answer.told
    assert answer.code == 4


@pytest.mark.parametrize("unseen", ["\u202e", "\u2066", "\x07", "\x1b", "\x9b", "\U000e0041"])
def test_a_template_hides_nothing_from_who_reads_it(tmp_path: Path, unseen: str) -> None:
    told = refusal(tmp_path, f"First line.\n\nHere{unseen} is more.")
    assert f"U+{ord(unseen):04X}" in told.what
    assert told.where.endswith("form.md:5:5")
    assert made(tmp_path, "Here is more.")
