"""What was measured, as Markdown for people and as JSON for comparing."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from benchmarks.growth import Ran
from benchmarks.measure import Timing

BEGIN, END = "<!-- measured: written by `make bench` -->", "<!-- end of what was measured -->"
_PEERS = ("reportlab", "rl_accel", "typst", "weasyprint", "fpdf2", "pikepdf")


@dataclass(frozen=True)
class Machine:
    """Where and when it was measured. load: processes that wanted a core when it began and when it ended."""

    day: str
    processor: str
    cores: int
    system: str
    python: str
    packages: dict[str, str]
    load: tuple[float, float]


def this_machine(load_before: float) -> Machine:
    """The machine that this runs on."""
    return Machine(
        date.today().isoformat(),  # noqa: DTZ011 - the day where the machine stands
        _processor(),
        os.cpu_count() or 1,
        f"{platform.system()} {platform.machine()}",
        platform.python_version(),
        {name: found for name in _PEERS if (found := _version(name))},
        (round(load_before, 1), round(os.getloadavg()[0], 1)),
    )


def _processor() -> str:
    told = Path("/proc/cpuinfo")
    lines = told.read_text(encoding="utf-8").splitlines() if told.is_file() else []
    fields = dict(line.replace("\t", "").split(":", 1) for line in lines if ":" in line)
    name = fields.get("model name", "").strip() or platform.processor() or "unknown"
    return f"{name} (family {fields['cpu family'].strip()}, model {fields['model'].strip()})" if lines else name


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


@dataclass(frozen=True)
class Measured:
    """Everything that one `make bench` found. imports: name, own milliseconds, milliseconds with all it imports.

    judged: a sentence on whether what was timed is any good.
    """

    machine: Machine
    pages: int
    rounds: int
    packets: Sequence[Timing]
    print_runs: Sequence[Timing]
    commands: Sequence[Ran]
    imports: Sequence[tuple[str, float, float]]
    judged: str

    def to_json(self) -> str:
        """All of it."""
        return json.dumps(asdict(self), indent=1) + "\n"

    def to_markdown(self) -> str:
        """The tables."""
        machine = self.machine
        packages = ", ".join(f"{name} {number}" for name, number in machine.packages.items())
        parts = [
            f"{machine.day}, {machine.processor}, {machine.cores} cores, {machine.system}, Python {machine.python}; "
            f"{packages}. Load when it began and ended: {machine.load[0]} and {machine.load[1]}.",
            f"A packet is {self.pages} pages. Medians of {self.rounds} interleaved rounds, one core. {self.judged}",
            "### A packet a file",
            timing_table(self.packets),
            "### One print run",
            timing_table(self.print_runs),
            "### The whole command",
            command_table(self.commands),
            "### What a cold start imports",
            _table(
                ("module", "own ms", "with what it imports, ms"),
                ((f"`{name}`", f"{own:.1f}", f"{whole:.1f}") for name, own, whole in self.imports),
            ),
        ]
        return "\n\n".join(parts) + "\n"


def timing_table(timings: Sequence[Timing]) -> str:
    """Engines by rate; the last column says how many times ours is as fast."""
    ours = timings[0]
    rows = (
        (
            each.name,
            f"{each.rate:,.1f}",
            f"{1000 / each.rate:,.2f}",
            f"{each.elapsed_rate:,.1f}",
            f"{100 * each.spread:.0f} %",
            f"{each.size / 1000:,.1f}",
            f"{ours.rate / each.rate:,.2f}",
        )
        for each in sorted(timings, key=lambda each: -each.rate)
    )
    return _table(
        ("engine", "packets per CPU second", "CPU ms a packet", "packets per second by the clock",
         "slowest to quickest round", "KB a packet", f"{ours.name} is faster by"),
        rows,
    )  # fmt: skip


def command_table(commands: Sequence[Ran]) -> str:
    """Runs of the command, files and print run and journal and manifest together."""
    rows = (
        (
            f"{each.packets:,}",
            str(each.workers),
            f"{each.processor:,.2f}" if each.workers == 1 else "",
            f"{each.elapsed:,.2f}",
            f"{each.packets / each.elapsed:,.1f}",
            f"{each.memory / 1e6:,.0f}",
            f"{each.print_run / each.packets / 1000:,.1f}",
        )
        for each in commands
    )
    return _table(
        ("packets", "workers", "CPU seconds", "seconds by the clock", "packets per second", "main process, MB",
         "print run, KB a packet"),
        rows,
    )  # fmt: skip


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def put_into(page: Path, measured: Measured) -> None:
    """Replace what was measured before in a Markdown file."""
    text = page.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    _, after = rest.split(END)
    page.write_text(f"{before}{BEGIN}\n\n{measured.to_markdown()}\n{END}{after}", encoding="utf-8")
