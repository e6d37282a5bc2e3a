"""The command line: help that is true, options from the environment, errors with the right exit code."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

import cli

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "examples"
GENERATE = ["generate", str(EXAMPLES / "appointments.csv")]


def helped(*words: str) -> str:
    """What `--help` tells at a width of 80."""
    return CliRunner().invoke(cli.main, [*words, "--help"], prog_name="handouts", terminal_width=80).output


@pytest.mark.parametrize("words", [(), *((name,) for name in cli.main.commands)])
def test_the_guide_shows_every_commands_help_as_it_is(words: tuple[str, ...]) -> None:
    guide = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    assert helped(*words).strip() in guide


@pytest.mark.parametrize("words", [(), *((name,) for name in cli.main.commands)])
def test_every_help_shows_examples_on_lines_of_their_own(words: tuple[str, ...]) -> None:
    _, _, below = helped(*words).partition("  Example")
    first = below.splitlines()[1]
    assert first.startswith("    handouts ")
    assert "\b" not in helped(*words)
    assert "\\b" not in helped(*words)


def test_every_option_has_a_help_text() -> None:
    for command in cli.main.commands.values():
        for parameter in command.params:
            assert not isinstance(parameter, click.Option) or parameter.help


def test_options_come_from_the_environment(tmp_path: Path) -> None:
    variables = {
        "HANDOUTS_GENERATE_CLINIC": str(EXAMPLES / "clinic.yaml"),
        "HANDOUTS_GENERATE_OUT": str(tmp_path / "r"),
    }
    done = CliRunner().invoke(cli.main, [*GENERATE, "--only", "EX-1001"], env=variables)
    assert done.exit_code == 0, done.output
    assert (tmp_path / "r" / "print-run.pdf").is_file()


def test_a_mistake_in_clinic_yaml_is_told_with_place_value_and_nearest_key(tmp_path: Path) -> None:
    clinic = tmp_path / "clinic.yaml"
    clinic.write_text(
        (EXAMPLES / "clinic.yaml").read_text(encoding="utf-8").replace("emergency_phone", "emergncy_phone")
    )
    done = CliRunner().invoke(cli.main, [*GENERATE, "--clinic", str(clinic), "--dry-run"])
    assert done.exit_code == 4
    assert "did you mean `emergency_phone`?" in done.output
    assert f"{clinic}:" in done.output


def loaded(*words: str) -> set[str]:
    """What a fresh run of the command imports beside the standard library, click and the program itself."""
    program = (
        "import sys\nbefore = set(sys.modules)\nimport cli\ntry: cli.main(sys.argv[1:])\nexcept SystemExit: pass\n"
        "print(*{name.partition('.')[0] for name in set(sys.modules) - before} - sys.stdlib_module_names)"
    )
    done = subprocess.run([sys.executable, "-c", program, *words], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(done.stdout.splitlines()[-1].split()) - {"cli", "click", "handouts"}


@pytest.mark.parametrize("words", [["--help"], ["--version"], ["generate", "--help"], ["check", "--help"]])
def test_help_loads_nothing_heavy(words: list[str]) -> None:
    assert loaded(*words) == set()


def test_a_run_loads_only_what_its_packets_need(tmp_path: Path) -> None:
    drawings = {"PIL", "lxml", "reportlab", "svglib"}
    other = {"bidi", "budoux", "fontTools", "pypdf", "pypdfium2", "python_calamine", "rich", "syllapy"}
    shown = loaded(*GENERATE, "--clinic", str(EXAMPLES / "clinic.yaml"), "--out", str(tmp_path / "shown"))
    assert drawings < shown
    assert not other & shown
    plain = "".join(
        line
        for line in (EXAMPLES / "clinic.yaml").read_text(encoding="utf-8").splitlines(keepends=True)
        if not line.startswith(("logo:", "  - {document: handout"))
    )
    clinic = tmp_path / "clinic.yaml"
    clinic.write_text(plain, encoding="utf-8")
    assert not (drawings | other) & loaded(*GENERATE, "--clinic", str(clinic), "--out", str(tmp_path / "plain"))


def test_the_command_runs_from_a_checkout(tmp_path: Path) -> None:
    words = [
        sys.executable,
        "cli.py",
        *GENERATE,
        "--clinic",
        str(EXAMPLES / "clinic.yaml"),
        "--out",
        str(tmp_path / "r"),
    ]
    done = subprocess.run(
        words, cwd=ROOT, capture_output=True, text=True, check=False, env={**os.environ, "LC_ALL": "C.UTF-8"}
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "15 packets printed" in done.stdout
