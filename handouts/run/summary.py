"""What a run tells when it ends."""

from __future__ import annotations

import json
from collections import Counter
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

    def to_text(self) -> str:
        """For the person at the desk: what there is to print, what to look at, what to do next."""
        missing, left_out, look = (
            self.having(effect) for effect in (Effect.NOT_PRINTED, Effect.LEFT_OUT, Effect.PRINTED)
        )
        verb = "would be printed" if self.folder is None else "printed"
        kept = f" ({self.kept} were there already)" if self.kept else ""
        paper = f"{_count(self.pages, 'page')} on {_count(self.sheets, 'sheet')}"
        lines = [f"{_count(self.printed, 'packet')} {verb}{kept}: {paper}."]
        if missing:
            lines += ["", f"NOT PRINTED, correct these and run again ({_count(len(missing), 'row problem')}):"]
            lines += [_told(problem) for problem in missing]
        if look:
            lines += ["", f"Printed, please look at ({len(look)}):", *(_told(problem) for problem in look)]
        if left_out:
            reasons = Counter(problem.code for problem in left_out)
            told = ", ".join(f"{count} {code.replace('-', ' ')}" for code, count in sorted(reasons.items()))
            lines += ["", f"Left out on purpose ({len(left_out)}): {told}."]
        if self.folder is not None:
            lines += [""]
            if self.printed:
                lines += [f"Print this file at 100 %:  {self.folder / PRINT_RUN}"]
            if self.problems:
                lines += [f"All problems in a table:   {self.folder / PROBLEMS}"]
        return "\n".join(lines).rstrip()


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _told(problem: Problem) -> str:
    field = f" ({problem.field})" if problem.field else ""
    return f"  {problem.source}{field}: {problem.message}"
