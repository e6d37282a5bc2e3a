"""What a run tells when it ends."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from handouts.errors import ExitCode
from handouts.model import Effect, Problem
from handouts.run.names import PROBLEMS


@dataclass(frozen=True, slots=True)
class Summary:
    """The run in figures. folder is None after a dry run. kept: packets that a resumed run found whole.

    print_runs: the files to print, in order. passwords: the file that lists random ones, if any were made.
    """

    run_id: str
    folder: Path | None
    printed: int
    kept: int
    pages: int
    sheets: int
    problems: Sequence[Problem]
    print_runs: tuple[str, ...]
    passwords: str | None = None

    def having(self, effect: Effect) -> list[Problem]:
        """The problems with this effect."""
        return [problem for problem in self.problems if problem.effect is effect]

    @property
    def exit_code(self) -> ExitCode:
        """OK, unless an appointment that should have a packet got none."""
        return ExitCode.SOME_NOT_PRINTED if self.having(Effect.NOT_PRINTED) else ExitCode.OK

    def to_json(self) -> str:
        """For machines: the figures, every problem, and the exit code."""
        told = {
            "run_id": self.run_id,
            "folder": str(self.folder) if self.folder else None,
            "print_runs": self.print_runs,
            "passwords": self.passwords,
            "printed": self.printed,
            "kept": self.kept,
            "pages": self.pages,
            "sheets": self.sheets,
            "problems": [problem.model_dump(mode="json") for problem in self.problems],
            "exit_code": int(self.exit_code),
        }
        return json.dumps(told, indent=1)

    def failures(self) -> str:
        """Only the rows that should have a packet and got none."""
        return "\n".join(self._section(Effect.NOT_PRINTED))

    def _section(self, effect: Effect) -> Iterator[str]:
        problems = self.having(effect)
        if problems:
            rows = len({problem.source for problem in problems})
            yield f"{_HEADINGS[effect]} ({_count(rows, 'row')}):"
            yield from _told(problems)

    def to_text(self) -> str:
        """For the person at the desk: what there is to print, what to look at, what to do next."""
        verb = "would be printed" if self.folder is None else "printed"
        kept = f" ({self.kept} were there already)" if self.kept else ""
        paper = f"{_count(self.pages, 'page')} on {_count(self.sheets, 'sheet')}"
        lines = [f"{_count(self.printed, 'packet')} {verb}{kept}: {paper}."]
        for effect in _HEADINGS:
            section = list(self._section(effect))
            lines += ["", *section] if section else []
        if self.folder is not None:
            lines += [""]
            if self.print_runs:
                files = [str(self.folder / name) for name in self.print_runs]
                if len(files) == 1:
                    lines += [f"Print this file at 100 %:  {files[0]}"]
                else:
                    lines += ["Print these files at 100 %, in this order:", *(f"  {file}" for file in files)]
            if self.passwords:
                lines += [f"Passwords of the packets:  {self.folder / self.passwords}"]
            if self.problems:
                lines += [f"All problems in a table:   {self.folder / PROBLEMS}"]
        return "\n".join(lines).rstrip()


_HEADINGS = {
    Effect.NOT_PRINTED: "NOT PRINTED, correct these and run again",
    Effect.PRINTED: "Printed, please look at",
    Effect.LEFT_OUT: "Left out on purpose",
}
_MOST_SHOWN = 8
"""Rows listed for one message; the table of problems has them all."""


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _told(problems: Sequence[Problem]) -> Iterator[str]:
    """Each message once, with the rows it is about."""
    shown: dict[tuple[str, str], list[str]] = {}
    rows: Counter[tuple[str, str]] = Counter()
    for problem in problems:
        told = problem.field, problem.message
        rows[told] += 1
        if rows[told] <= _MOST_SHOWN:
            shown.setdefault(told, []).append(problem.source)
    for (field, message), sources in shown.items():
        yield f"  {field}: {message}" if field else f"  {message}"
        yield from (f"    {source}" for source in sources)
        if rows[field, message] > _MOST_SHOWN:
            yield f"    and {rows[field, message] - _MOST_SHOWN} more"
