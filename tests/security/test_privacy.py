"""Nothing about a patient leaves the pages: not in messages, file names, properties, codes, tables or logs."""

from __future__ import annotations

import json
import os
import pty
import re
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

import pytest

from tests.run.making import (
    EXAMPLES,
    MOMENTS,
    ROOT,
    Desk,
    Done,
    Made,
    codes_on_pages,
    command,
    desk,
    handouts,
    list_file,
    mentions,
    started,
    strike,
    struck_at_moments,
)
from tests.security.marked import marked, people, secrets, spoilt, told

REAL = ("generate", "--clinic", EXAMPLES / "clinic.yaml")
PATIENTS = people()
SECRETS = secrets(PATIENTS)


@pytest.fixture
def temporary(tmp_path: Path) -> Path:
    """The folder that the system gives programs for files of a moment."""
    folder = tmp_path / "tmp"
    folder.mkdir()
    return folder


def run(place: Desk, temporary: Path, *how: str | Path, out: Path | None = None) -> Done:
    """The command as a shell starts it, in a folder that it should leave empty."""
    return command(*place.arguments(*how, out=out), cwd=temporary, env={"TMPDIR": str(temporary)})


def silent(done: Done, place: Desk, *around: Path) -> None:
    """Nothing was told that may not be. The desk's own list and clinic are not what is told."""
    assert "Traceback" not in done.err
    assert mentions(told(done, place.out, *around), SECRETS) == []


# -- every way to run, with good rows and bad ------------------------------------------------------

WAYS: dict[str, list[str]] = {
    "plainly": [],
    "as JSON": ["--json"],
    "quietly": ["--quiet"],
    "with workers": ["--jobs", "2"],
    "locked": ["--encrypt"],
    "rehearsed": ["--dry-run"],
    "on other paper": ["--paper", "a4", "--simplex"],
    "one only": ["--only", "A-0011"],
    "another day": ["--date", "2026-12-02"],
    "another language": ["--language", "es"],
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("faults", [False, True], ids=["good rows", "every kind of bad row"])
def test_names_birth_dates_and_numbers_stand_on_pages_only(
    tmp_path: Path, temporary: Path, way: str, *, faults: bool
) -> None:
    place = desk(tmp_path, spoilt(PATIENTS) if faults else PATIENTS)
    done = run(place, temporary, *WAYS[way])
    assert done.code == 3 * faults, done.err
    silent(done, place)
    assert not list(temporary.iterdir())


def test_resuming_and_overwriting_tell_nothing_either(tmp_path: Path, temporary: Path) -> None:
    place = desk(tmp_path, PATIENTS)
    assert run(place, temporary).code == 0
    refused = run(place, temporary)
    assert refused.code == 2
    silent(refused, place)
    for file in Made(place.out).all_files()[::7]:
        if file.suffix == ".pdf":
            file.unlink()
    resumed = run(place, temporary, "--resume")
    assert "were there already" in resumed.out
    changed = list_file(tmp_path, PATIENTS[1:])
    told_apart = run(place, temporary, "--resume")
    assert "changed since this run began" in told_apart.err
    overwritten = run(place, temporary, "--overwrite")
    assert (overwritten.code, changed) == (0, place.listed)
    for done in (resumed, told_apart, overwritten):
        silent(done, place)
    assert not list(temporary.iterdir())


def test_a_progress_bar_counts_packets_and_tells_nothing_of_them(tmp_path: Path) -> None:
    place = desk(tmp_path, people(30))
    words = [sys.executable, str(ROOT / "cli.py"), *map(str, place.arguments())]
    screen, terminal = pty.openpty()
    with subprocess.Popen(words, stdout=terminal, stderr=terminal, cwd=tmp_path) as running:
        os.close(terminal)
        seen = b""
        with suppress(OSError):  # the terminal is gone when the command ends
            while read := os.read(screen, 65536):
                seen += read
    os.close(screen)
    assert running.returncode == 0
    assert b"30 packets printed" in seen
    assert b"\x1b[" in seen
    assert not mentions([seen.decode("utf-8", "replace")], SECRETS)


def test_the_codes_of_the_shipped_forms_hold_nothing_of_the_patient(tmp_path: Path) -> None:
    patients = [marked(1), marked(3)]
    done = command(
        *REAL, list_file(tmp_path, patients), "--out", tmp_path / "out", "--procedure", "spinal-decompression"
    )
    assert done.code == 0, done.err
    made = Made(tmp_path / "out")
    codes = [code for page in codes_on_pages(made.print_run) for code in page]
    assert len(codes) > 2 * len(patients)
    assert not mentions(codes, [*secrets(patients), *(each["appointment_id"] for each in patients)])
    assert not mentions(told(done, made.path), secrets(patients))


# -- lists and files that cannot be used -----------------------------------------------------------

BROKEN: dict[str, Callable[[str], bytes]] = {
    "not UTF-8 text": lambda text: text.encode("utf-16-le")[1:],
    "a quote without end": lambda text: text.replace("Zqgiven002", '"Zqgiven002').encode(),
    "a row with more cells": lambda text: text.replace("Zqfamily002", "Zqfamily002,x,y,z,x,y,z").encode(),
    "no headers": lambda text: text.partition("\n")[2].encode(),
    "headers below the rows": lambda text: "\n".join(reversed(text.splitlines())).encode(),
    "a header twice": lambda text: text.replace("room", "family_name").encode(),
    "null bytes": lambda text: text.replace("Zqfamily002", "Zqfamily002\0").encode(),
    "a workbook that is none": lambda text: b"PK\x03\x04" + text.encode(),
    "a folder's worth of binary": lambda text: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + text.encode(),
    "JSON cut short": lambda text: b'[{"given_name": "Zqgiven001", "birth_date": "1932-07-01", "family',
    "JSON with a key twice": lambda text: b'[{"family_name": "Zqgiven001", "family_name": "Zqgiven002"}]',
    "JSON of another kind": lambda text: b'[{"Zqgiven001": {"Zqfamily001": ["1932-07-01"]}}, "Zqgiven002", 3]',
    "FHIR of another kind": lambda text: b'{"resourceType": "Patient", "id": "Zqgiven01", "name": [{"family": 1}]}',
}


@pytest.mark.parametrize("fault", BROKEN)
def test_a_broken_list_is_told_without_its_values(tmp_path: Path, temporary: Path, fault: str) -> None:
    place = desk(tmp_path, people(3))
    place.listed.write_bytes(BROKEN[fault](place.listed.read_text(encoding="utf-8")))
    done = run(place, temporary)
    assert done.code in {3, 4}
    silent(done, place)


def mistaken(place: Desk) -> dict[str, list[str | Path]]:
    """Command lines with the list where another file is meant, or a folder with it where forms are."""
    listed, clinic = place.listed, place.clinic
    return {
        "list and clinic swapped": ["generate", clinic, "--clinic", listed],
        "the list as the clinic": ["generate", listed, "--clinic", listed],
        "a preview of the list": ["preview", "spinal-decompression", "--clinic", listed],
        "the list as a procedure": ["preview", str(listed)],
        "the list's folder as forms": ["check", listed.parent],
        "the list's folder compared": ["diff", listed.parent, listed.parent],
        "a run compared": ["diff", place.out, place.out],
        "a run checked": ["check", place.out],
        "the list's folder purged": ["purge", listed.parent],
        "forms made over the list": ["new", "knee-taping", "--out", listed],
    }


@pytest.mark.parametrize("mistake", mistaken(Desk(Path(), Path(), Path())))
@pytest.mark.parametrize("ending", ["csv", "json"])
def test_a_list_in_the_place_of_another_file_is_not_quoted(
    tmp_path: Path, temporary: Path, mistake: str, ending: str
) -> None:
    place = desk(tmp_path, people(5))
    assert place.generate().code == 0
    if ending == "json":  # which is YAML too
        place.listed.write_text(json.dumps(people(5)))
    shutil.copy(place.listed, tmp_path / "procedure.yaml")
    done = command(*mistaken(place)[mistake], cwd=temporary, env={"TMPDIR": str(temporary)})
    assert done.code != 0, done.out
    assert not mentions([done.out, done.err], SECRETS)
    assert "Traceback" not in done.err


ONE = marked(1)
SETTINGS = {
    "one row as JSON": json.dumps(ONE),
    "rows by number as JSON": json.dumps({each["patient_id"]: each for each in people(3)}),
    "a row that has keys of a clinic's too": json.dumps({**ONE, "name": "Zqgiven001", "address": "Zqfamily001 Lane"}),
    "a key twice": '{"name": "Zqgiven001 Zqfamily001", "name": "Zqgiven002"}',
    "a label twice": "Patient: Zqgiven001\nPatient: Zqgiven002\n",
    "a star before a name": "*Zqfamily001,Zqgiven001\n",
    "an exclamation mark before a name": "!Zqfamily001!Zqgiven001 seen\n",
    "a name in quotes": '"Zqfamily001" "Zqgiven001"\n',
    "a name where a colon should be": "? Zqfamily001\n'Zqgiven001': [Zqfamily001\n",
}


@pytest.mark.parametrize("text", SETTINGS.values(), ids=SETTINGS)
def test_a_list_in_the_place_of_settings_or_facts_is_not_quoted(tmp_path: Path, text: str) -> None:
    place = desk(tmp_path, people(1))
    kept = place.clinic.read_text(encoding="utf-8")
    place.clinic.write_text(text, encoding="utf-8")
    of_clinic = place.generate()
    place.clinic.write_text(kept, encoding="utf-8")
    (tmp_path / "templates" / "spinal-decompression" / "procedure.yaml").write_text(text, encoding="utf-8")
    of_procedure = place.generate()
    for done, name in ((of_clinic, "clinic.yaml"), (of_procedure, "procedure.yaml")):
        assert (done.code, name in done.err) == (4, True)
        assert mentions([done.out, done.err], SECRETS) == []


@pytest.mark.parametrize("fault", ["{{ patient.nme }}", "{% include 'gone.md' %}", "{{ patient.name[0] }}", "::: sign"])
def test_a_fault_of_a_template_is_told_without_values(tmp_path: Path, temporary: Path, fault: str) -> None:
    place = desk(tmp_path, people(5))
    form = tmp_path / "templates" / "spinal-decompression" / "en" / "consent.md"
    form.write_text(f"{form.read_text(encoding='utf-8')}\n\n{fault}\n", encoding="utf-8")
    done = run(place, temporary)
    assert (done.code, "consent.md" in done.err) == (4, True)
    silent(done, place)


# -- the machine fails, or the program ------------------------------------------------------------


@MOMENTS
def test_a_run_that_is_stopped_tells_nothing(tmp_path: Path, every: int) -> None:
    place = desk(tmp_path, people(3))
    for each in struck_at_moments("SIGINT", every, tmp_path / "runs", place.wanted):
        silent(Done(each.code, "", each.told), place, each.out)


@MOMENTS
def test_a_run_that_is_killed_leaves_pages_only(tmp_path: Path, every: int) -> None:
    place = desk(tmp_path, people(3))
    for each in struck_at_moments("SIGKILL", every, tmp_path / "runs", place.wanted):
        silent(Done(each.code, "", each.told), place, each.out)
        for left in each.out.rglob("*"):
            assert stat.S_IMODE(left.stat().st_mode) == (0o700 if left.is_dir() else 0o600), left.name


@MOMENTS
def test_a_disk_that_fails_is_told_without_values(tmp_path: Path, every: int) -> None:
    place = desk(tmp_path, people(3))
    runs = tmp_path / "runs"
    runs.mkdir()
    words = [
        sys.executable,
        "-m",
        "tests.crash.failing",
        "ENOSPC,EIO,EACCES,EROFS",
        str(every),
        runs,
        "--",
        *place.wanted,
    ]
    assert started(words, cwd=ROOT, patience=600).code == 0
    said = [each.read_text(encoding="utf-8") for each in runs.glob("*.told")]
    assert any("could not be written" in each for each in said)
    silent(Done(0, "", "\n".join(said)), place, runs)


def everywhere(folder: Path, program: str) -> dict[str, str]:
    """The environment in which a program runs at the start of every Python process, workers too."""
    folder.mkdir()
    offline = "import tests.offline.sitecustomize\n"  # this file hides that one
    (folder / "sitecustomize.py").write_text(offline + program, encoding="utf-8")
    return {"PYTHONPATH": f"{folder}{os.pathsep}{ROOT}"}


DYING = """
import os, signal, sys
def on_event(event, arguments):
    if event == "open" and "0011-" in str(arguments[0]) and arguments[2] & os.O_CREAT:
        os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(on_event)
"""


def test_a_worker_that_dies_is_told_without_values(tmp_path: Path, temporary: Path) -> None:
    place = desk(tmp_path, people(40))
    env = {**everywhere(tmp_path / "site", DYING), "TMPDIR": str(temporary)}
    done = command(*place.arguments("--jobs", "2"), cwd=temporary, env=env)
    assert done.code == 3, done.err
    assert "ended the program's worker process twice" in done.out
    silent(done, place)
    assert not list(temporary.iterdir())


BROKEN_WORKER = """
import handouts.run.{module} as module
def broken(*values, **others):
    raise ValueError(repr(values) + "Zqgiven001 Zqfamily001")
module.{name} = broken
"""


@pytest.mark.parametrize(
    ("module", "name"),
    [("pressroom", "text_of"), ("making", "Maker.make"), ("workers", "_answer"), ("workers", "Packing.packed")],
)
def test_a_fault_of_a_worker_tells_no_value(tmp_path: Path, temporary: Path, module: str, name: str) -> None:
    place = desk(tmp_path, people(40))
    env = {**everywhere(tmp_path / "site", BROKEN_WORKER.format(module=module, name=name)), "TMPDIR": str(temporary)}
    done = command(*place.arguments("--jobs", "2"), cwd=temporary, env=env)
    assert done.code in {1, 5}, done.err
    silent(done, place)


class Panic(BaseException):
    """As libraries written in Rust raise where they fail: no Exception."""


PLACES = [
    "handouts.intake.lists.load",
    "handouts.intake.lists.outcome",
    "handouts.intake.lists.compared",
    "handouts.run.plan.flags_of",
    "handouts.run.pressroom.text_of",
    "handouts.press.packet.PacketPress.file",
    "handouts.press.print_run.PrintRun.append",
    "handouts.run.folder.RunFolder.put",
    "handouts.run.folder.RunFolder.checkpoint",
    "handouts.run.journal.Journal.record",
    "handouts.run.printing.json_of",
    "handouts.run.printing.problems_csv",
    "handouts.run.summary.Summary.to_text",
]


@pytest.mark.parametrize("kind", [ValueError, KeyError, AssertionError, RecursionError, Panic])
@pytest.mark.parametrize("where", PLACES)
def test_a_fault_of_the_program_itself_tells_no_value(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str, kind: type[BaseException]
) -> None:
    place = desk(tmp_path, people(2))

    def broken(*values: object, **others: object) -> None:
        raise kind(f"Zqgiven001 Zqfamily001 {values} {others}")

    monkeypatch.setattr(where, broken)
    done = place.generate()
    assert done.code == 1
    assert kind.__name__ in done.err
    silent(done, place)


@pytest.mark.parametrize(
    ("words", "where"),
    [
        (["check"], "handouts.library.checks.check.check_all"),
        (["preview", "spinal-decompression"], "handouts.run.preview.preview"),
        (["new", "knee-taping"], "handouts.library.new.new_procedure"),
        (["diff", ".", "."], "handouts.run.diff.diff"),
        (["purge", "."], "handouts.run.purge.purge"),
    ],
)
def test_a_fault_of_any_command_tells_no_value(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: Sequence[str], where: str
) -> None:
    def broken(*values: object, **others: object) -> None:
        raise ValueError("Zqgiven001 Zqfamily001")

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(where, broken)
    done = handouts(*words)
    assert done.code == 1
    assert "ValueError" in done.err
    assert not mentions([done.out, done.err], SECRETS)


CORES = """
import atexit, resource, sys
resource.setrlimit(resource.RLIMIT_CORE, (resource.getrlimit(resource.RLIMIT_CORE)[1],) * 2)
if "cli.py" in " ".join(sys.orig_argv):
    atexit.register(lambda: print("cores:", resource.getrlimit(resource.RLIMIT_CORE)[0], file=sys.stderr))
"""


def test_a_crash_writes_no_memory_to_disk(tmp_path: Path, temporary: Path) -> None:
    place = desk(tmp_path, people(2))
    done = command(*place.arguments(), cwd=temporary, env=everywhere(tmp_path / "site", CORES))
    assert (done.code, done.err) == (0, "cores: 0\n")


@pytest.mark.parametrize("signal", ["SIGSEGV", "SIGABRT"])
def test_a_crash_tells_where_and_no_value(tmp_path: Path, temporary: Path, signal: str) -> None:
    place = desk(tmp_path, people(3))
    words = strike("once", signal, 25, place.out, place.wanted)
    env = {
        "PYTHONFAULTHANDLER": "1",
        "TMPDIR": str(temporary),
        "PYTHONPATH": f"{ROOT / 'tests' / 'offline'}{os.pathsep}{ROOT}",
    }
    done = started(words, cwd=temporary, env=env)
    assert done.code < 0
    assert "hread 0x" in done.err  # faulthandler says where; a thread of a library may be the one that was struck
    assert not mentions(told(Done(0, done.out, done.err), place.out, temporary), SECRETS)
    assert not [each for each in temporary.iterdir() if "core" in each.name]


# -- files are their owner's alone -----------------------------------------------------------------


LOOKING = """
import os, stat, sys
def on_event(event, arguments):
    if event == "os.rename" and str(arguments[0]).endswith(".part"):
        top = os.path.dirname(os.path.dirname(arguments[0])) if "packets" in str(arguments[0]) else None
        for folder, _, files in os.walk(top) if top else ():
            for each in [folder, *(os.path.join(folder, name) for name in files)]:
                print(os.path.basename(each), oct(stat.S_IMODE(os.stat(each).st_mode)), file=sys.stderr)
    if event == "os.chmod":
        print(f"before={stat.S_IMODE(os.stat(arguments[0]).st_mode):o}", file=sys.stderr)
sys.addaudithook(on_event)
"""


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077, 0o277, 0o777], ids=oct)
def test_while_a_run_writes_nobody_else_can_read(tmp_path: Path, umask: int) -> None:
    place = desk(tmp_path, people(2))
    env = everywhere(tmp_path / "site", LOOKING)
    shell = 'umask "$1"; shift; exec "$@"'
    words = ["sh", "-c", shell, "sh", f"{umask:o}", sys.executable, "-B", ROOT / "cli.py", *place.arguments()]
    done = started(words, env=env)
    assert done.code == 0, done.err
    seen = dict(re.findall(r"^(\S+) (0o\d+)$", done.err, re.M))
    assert {".lock", "journal.sqlite", "journal.sqlite-wal", "journal.sqlite-shm", "packets", "out"} <= set(seen)
    for name, mode in seen.items():
        assert mode == ("0o700" if name in {"out", "packets"} else "0o600"), name
    made = [int(mode, 8) for mode in re.findall(r"^before=(\d+)$", done.err, re.M)]
    assert len(made) > 8
    assert not [oct(mode) for mode in made if mode & 0o077]  # nor until its rights are set


@pytest.mark.parametrize("words", [["generate"], ["preview"]])
@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077, 0o277, 0o777], ids=oct)
def test_folders_made_on_the_way_are_the_owners_alone_too(tmp_path: Path, umask: int, words: list[str]) -> None:
    place = desk(tmp_path, people(2))
    out = tmp_path / "some" / "where" / "else"
    before = os.umask(umask)
    try:
        if words == ["generate"]:
            done = place.generate(out=out)
        else:
            done = handouts("preview", "spinal-decompression", "--clinic", place.clinic, "--png", "--out", out)
    finally:
        os.umask(before)
    assert done.code == 0, done.err
    made = [tmp_path / "some", *(tmp_path / "some").rglob("*")]
    assert len(made) > 8
    for each in made:
        assert stat.S_IMODE(each.stat().st_mode) == (0o700 if each.is_dir() else 0o600), each.name


def test_a_folder_that_was_there_keeps_its_rights_where_a_preview_is_put_into_it(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    assert handouts("preview", "spinal-decompression", "--out", tmp_path).code == 0
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755
