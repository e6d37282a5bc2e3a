"""Does one thing after another, each in a process that may use so many seconds of a processor and 300 MB of memory.

Reads lines `KIND PATH` and answers each with a line of JSON: `code`, how the process ended (an exit code of the
command, 0 if nothing was refused), and `told`. The process is a copy of this one, which has loaded every library
before, so that what is measured is the work alone.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from handouts.errors import HandoutsError
from handouts.intake import read_lists
from handouts.intake.clinic import read_clinic
from handouts.layout.logo import read_logo
from handouts.library.markdown import parse
from handouts.library.procedure import FormVersion
from handouts.library.templates import render
from tests.intake.making import HEADERS, ROW, appointment, clinic, csv_text, ods, patient, written, xlsx
from tests.press import making

SECONDS = 60 if "COVERAGE_RUN" in os.environ else 15
"""Three times what is asked, as a shared processor's second may be worth a third: what has no bound takes minutes.
`python -m benchmarks.hostile` says how long it takes. Measuring which branches are reached takes several times as long.
"""

MEMORY = 300_000_000


def _list(path: Path) -> str:
    found = read_lists([path], clinic())
    return f"{len(found.appointments)} appointments, {' '.join(sorted({each.code for each in found.problems}))}"


def _form(path: Path) -> str:
    rendered = render(path.name, [path.parent], {}, frozenset(), making.ENGLISH, pictures=[path.parent / "pictures"])
    roles = making.shelf().labels("en").roles
    form = parse(rendered, FormVersion(form="TEST-1", version="1.0"), "en", roles)
    pages = making.layout([form]).press(making.values_of(making.facts()), making.identifier("x")).skeleton.pages
    return f"{len(pages)} pages"


def _logo(path: Path) -> str:
    logo = read_logo(making.clinic().model_copy(update={"folder": path.parent, "logo": path.name}))
    return f"{len(logo.data) if logo else 0} bytes"


def _settings(path: Path) -> str:
    return f"{len(read_clinic(path).address)} lines of address"


KINDS: dict[str, Callable[[Path], str]] = {"list": _list, "form": _form, "logo": _logo, "settings": _settings}


def _load_all() -> None:
    """One good file of each kind."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        fhir = "\n".join(map(json.dumps, (patient(), appointment())))
        plain = json.dumps([dict(zip(HEADERS, ROW, strict=True))])
        good = [
            written(folder, csv_text(HEADERS, ROW)),
            written(folder, fhir, "fhir.json"),
            written(folder, plain, "plain.json"),
            xlsx(folder, [HEADERS, ROW]),
            ods(folder, [HEADERS, ROW]),
        ]
        for path in good:
            _list(path)
        _form(written(folder, "# Title\n\n{{ patient.name }} **x**\n", "form.md"))
        _logo(making.ROOT / "examples" / "logo.svg")
        _settings(making.ROOT / "examples" / "clinic.yaml")


def _in_use() -> int:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    return pages * resource.getpagesize()


def _confined(kind: str, path: Path) -> str:
    resource.setrlimit(resource.RLIMIT_AS, (_in_use() + MEMORY,) * 2)
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS,) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        told, code = KINDS[kind](path), 0
    except HandoutsError as error:
        told, code = str(error), int(error.exit_code)
    except BaseException as fault:
        told, code = repr(fault)[:300], -1
    return json.dumps({"code": code, "told": told, "seconds": sum(os.times()[:2])})


def _answer(line: str) -> str:
    kind, _, path = line.rstrip("\n").partition(" ")
    ours, theirs = os.pipe()
    child = os.fork()
    if not child:
        os.close(ours)
        with os.fdopen(theirs, "w", encoding="utf-8") as out:
            out.write(_confined(kind, Path(path)))
        os._exit(0)
    os.close(theirs)
    with os.fdopen(ours, encoding="utf-8") as answers:
        answer = answers.read()
    _, ended, used = os.wait4(child, 0)
    known = json.loads(answer or '{"told": "ended from outside"}')
    code = known.get("code", -1) if os.waitstatus_to_exitcode(ended) == 0 else os.waitstatus_to_exitcode(ended)
    return json.dumps({"code": code, "told": known["told"], "seconds": round(used.ru_utime + used.ru_stime, 2)})


class Answer(NamedTuple):
    """How it ended: an exit code of the command, or less than 0 for what may not be. told: message or outcome."""

    code: int
    told: str
    seconds: float


class Bounded:
    """A process that does what it is asked within the bounds."""

    def __enter__(self) -> Self:
        words = [sys.executable, "-m", "tests.security.bounded"]
        self._process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8")
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        self._process.communicate()

    def ask(self, kind: str, path: Path) -> Answer:
        """What becomes of the file or folder."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(f"{kind} {path}\n")
        self._process.stdin.flush()
        return Answer(**json.loads(self._process.stdout.readline()))


def main() -> None:
    """Answer until there is no further line."""
    _load_all()
    for line in sys.stdin:
        sys.stdout.write(_answer(line) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
