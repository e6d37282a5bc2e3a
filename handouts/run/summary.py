"""What a run tells when it ends."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from handouts.errors import ExitCode
from handouts.model import Effect, Frozen, Problem
from handouts.run.folder import PRINT_RUN, PROBLEMS


class Summary(Frozen):
    """The run in figures. folder is None after a dry run. kept: packets that a resumed run found whole."""

    run_id: str
    folder: Path | None
    printed: int
    kept: int
    pages: int
    sheets: int
    problems: tuple[Problem, ...]

    def having(self, effect: Effect) -> list[Problem]:
        """The problems with this effect."""
        return [problem for problem in self.problems if problem.effect is effect]

    @property
    def exit_code(self) -> ExitCode:
        """OK, unless an appointment that should have a packet got none."""
        return ExitCode.SOME_NOT_PRINTED if self.having(Effect.NOT_PRINTED) else ExitCode.OK

    def to_json(self) -> str:
        """For machines: the figures, every problem, and the exit code."""
        return json.dumps({**self.model_dump(mode="json"), "exit_code": int(self.exit_code)}, indent=1)

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
            if self.printed:
                lines += [f"Print this file at 100 %:  {self.folder / PRINT_RUN}"]
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
    rows: dict[tuple[str, str], list[str]] = {}
    for problem in problems:
        rows.setdefault((problem.field, problem.message), []).append(problem.source)
    for (field, message), sources in rows.items():
        yield f"  {field}: {message}" if field else f"  {message}"
        yield from (f"    {source}" for source in sources[:_MOST_SHOWN])
        if len(sources) > _MOST_SHOWN:
            yield f"    and {len(sources) - _MOST_SHOWN} more"
