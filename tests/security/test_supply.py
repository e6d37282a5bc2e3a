"""What the program is made of: few packages, each pinned by hash, each under a licence that we know."""

from __future__ import annotations

import re
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
LOCKS = ("requirements.lock", "requirements-dev.lock", "benchmarks/requirements.lock", "tests/fuzz/requirements.lock")
ALLOWED = {
    "0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "LGPL-2.1-or-later", "LGPL-3.0-only",
    "LGPL-3.0-or-later", "MIT", "MIT-CMU", "MPL-2.0", "PSF-2.0", "Zlib",
}  # fmt: skip
"""Free to use in a program of any licence. Neither GPL nor AGPL."""

SPELT = {
    "Apache License 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD license (see license.txt for details)": "BSD-3-Clause",
    "BSD License": "BSD-3-Clause",
    "GNU Lesser General Public License v2 or later (LGPLv2+)": "LGPL-2.1-or-later",
    "GNU Lesser General Public License v3 (LGPLv3)": "LGPL-3.0-only",
    "GNU Library or Lesser General Public License (LGPL)": "LGPL-3.0-only",
    "MIT License": "MIT",
}
"""SPDX's name for how packages write their licence where they do not write SPDX's."""

MORE = {"pypdfium2": "BSD-3-Clause AND Apache-2.0"}
"""Packages that write several licences as a sentence."""


def pinned(lock: str) -> dict[str, str]:
    """The versions that a lock file pins."""
    return dict(re.findall(r"^([a-z0-9._-]+)==(\S+)", (ROOT / lock).read_text(encoding="utf-8"), re.M))


def runtime() -> list[str]:
    """The packages that pyproject.toml asks for."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return [Requirement(each).name.replace(".", "-") for each in project["dependencies"]]


def licence(package: str) -> str:
    """A package's licence as an SPDX expression, from what is installed."""
    about = metadata.metadata(package)
    if package in MORE:
        return MORE[package]
    for expression in about.get_all("License-Expression") or []:
        return str(expression)
    classifiers = [each.rpartition(" :: ")[2] for each in about.get_all("Classifier") or [] if "License ::" in each]
    written: list[str] = [*classifiers, *(each.partition(", Copyright")[0] for each in about.get_all("License") or [])]
    (found,) = {SPELT.get(each, each) for each in written} & {*ALLOWED, *SPELT.values()}
    return found


@pytest.mark.parametrize("package", sorted(pinned("requirements.lock")))
def test_every_package_of_the_program_has_a_licence_that_asks_nothing_of_a_clinic(package: str) -> None:
    assert metadata.version(package) == pinned("requirements.lock")[package]
    either = [set(re.split(r" AND ", each.strip("() "))) for each in licence(package).split(" OR ")]
    assert any(each <= ALLOWED for each in either), licence(package)


def test_the_guide_names_every_package_with_its_licence() -> None:
    guide = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    table = re.findall(r"^\| `([a-z0-9.-]+)` \| ([^|]+) \| ([^|]+) \|$", guide, re.M)
    assert {name: said for name, said, _ in table} == {name: licence(name) for name in runtime()}
    assert all(len(why.split()) > 2 for *_, why in table)


def test_the_program_needs_few_packages_and_no_other_than_those() -> None:
    locked = set(pinned("requirements.lock"))
    needed: set[str] = set()
    waiting = runtime()
    while waiting:
        name = waiting.pop()
        if name not in needed:
            needed.add(name)
            for each in map(Requirement, metadata.requires(name) or []):
                if each.marker is None or each.marker.evaluate({"extra": ""}):
                    waiting.append(each.name.lower().replace(".", "-").replace("_", "-"))
    assert needed == locked
    assert len(runtime()) <= 30
    assert len(locked) < 45


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_files_pin_every_package_by_hash_and_name_no_host(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert not re.search(
        r"://|--index-url|--extra-index|--find-links|--trusted-host| @ |[\w-]\.(com|org|net|io)\b", text
    )
    entries = re.split(r"\n(?=[a-z])", text)[1:]
    assert len(entries) == len(pinned(lock)) > 0
    for entry in entries:
        assert re.match(r"[a-z0-9._-]+==[^ ]+ \\\n(    --hash=sha256:[0-9a-f]{64}( \\)?\n?)+", entry), entry[:80]


@pytest.mark.parametrize("lock", LOCKS[1:])
def test_tests_and_benchmarks_run_with_the_versions_of_the_program(lock: str) -> None:
    program, other = pinned("requirements.lock"), pinned(lock)
    assert {name: other[name] for name in program.keys() & other.keys()} == {
        name: program[name] for name in program.keys() & other.keys()
    }
    assert program.keys() <= other.keys() or lock.startswith("tests/fuzz")
