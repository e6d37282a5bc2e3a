"""The wheel alone is the whole program: templates and fonts are inside, and nothing is taken from a checkout."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from handouts import __version__
from tests.run.making import EXAMPLES, ROOT, Done, Made, handouts, texts_by_pdfium

PIP = ("-m", "pip", "--disable-pip-version-check", "--no-input", "--quiet")


def run(*words: str | Path, cwd: Path | None = None, variables: dict[str, str] | None = None) -> Done:
    """A program that knows nothing of this checkout or of Python settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "HANDOUTS", "VIRTUAL"))}
    ended = subprocess.run(
        [str(word) for word in words],
        cwd=cwd,
        env=kept | (variables or {}),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return Done(ended.returncode, ended.stdout, ended.stderr)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    built = run(sys.executable, *PIP, "wheel", "--no-deps", "--wheel-dir", folder, ROOT)
    assert built.code == 0, built.err
    (made,) = folder.glob("*.whl")
    return made


@dataclass(frozen=True)
class Installed:
    """An environment with the wheel, its pinned dependencies and nothing else."""

    folder: Path

    @property
    def programs(self) -> Path:
        return self.folder / ("Scripts" if os.name == "nt" else "bin")


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    place = Installed(tmp_path_factory.mktemp("installed") / "environment")
    venv.create(place.folder, with_pip=True)
    python = place.programs / "python"
    for words in (("--require-hashes", "-r", ROOT / "requirements.lock"), ("--no-deps", wheel)):
        done = run(python, *PIP, "install", *words)
        assert done.code == 0, done.err
    return place


def test_the_wheel_holds_every_template_font_and_licence(wheel: Path) -> None:
    held = set(zipfile.ZipFile(wheel).namelist())
    fonts, templates = ROOT / "handouts" / "fonts", ROOT / "templates"
    wanted = {f"handouts/fonts/{each.relative_to(fonts).as_posix()}" for each in fonts.rglob("*") if each.is_file()}
    wanted |= {f"handouts/templates/{each.relative_to(templates).as_posix()}" for each in templates.rglob("*.*")}
    assert "handouts/fonts/OFL.txt" in wanted
    assert "handouts/templates/spinal-decompression/en/consent.md" in wanted
    assert not wanted - held
    assert not [name for name in held if not name.startswith(("handouts/", "handouts-"))]


def test_an_empty_environment_prints_from_another_folder(installed: Installed, tmp_path: Path) -> None:
    for name in ("appointments.csv", "clinic.yaml", "logo.svg"):
        shutil.copy(EXAMPLES / name, tmp_path)
    command = installed.programs / "handouts"
    words = ["generate", "appointments.csv", "--clinic", "clinic.yaml", "--issued-at", "2026-11-30T18:00"]
    done = run(command, *words, "--out", "printed", cwd=tmp_path)
    assert (done.code, done.err) == (0, "")
    made = Made(tmp_path / "printed")
    assert len(made.packets) == 15
    assert "Testa Sampleson" in texts_by_pdfium(made.print_run)[0]

    from_checkout = handouts(*(tmp_path / word if (tmp_path / word).exists() else word for word in words),
                             "--out", tmp_path / "again")  # fmt: skip
    assert from_checkout.code == 0
    assert Made(tmp_path / "again").digests() == made.digests()


def test_the_installed_command_tells_its_version_and_completes_in_the_shell(installed: Installed) -> None:
    command = installed.programs / "handouts"
    assert run(command, "--version").out == f"handouts, version {__version__}\n"
    asked = {"_HANDOUTS_COMPLETE": "bash_complete", "COMP_WORDS": "handouts gen", "COMP_CWORD": "1"}
    assert run(command, variables=asked).out == "plain,generate\n"
