"""Conditions that can never, or must always, hold, given which flags occur together; flags that nobody asks for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from handouts.errors import Place
from handouts.library.checks.finding import Finding, placed
from handouts.library.flags import MEANINGS, Flags, reachable
from handouts.library.syntax import Path_, Template, outcome
from handouts.model import Flag

_ASKED_BY_LAYOUT = {Flag.LARGE_PRINT}
"""The program itself sets larger print; a template need not ask."""


def check_conditions(templates: Iterable[Template]) -> Iterator[Finding]:
    """Each condition that hangs on flags alone and has one outcome only."""
    for template in templates:
        for test, path in template.conditions:
            outcomes = {outcome(test, flags) for flags in _reaching(path)}
            if outcomes not in ({True}, {False}):
                continue
            place = placed(template.place(test.lineno), "{% if", "{% elif", "{%", "{{")
            if True in outcomes:
                hint = "Leave the condition out, or ask for what makes a difference here."
                yield Finding("condition-always", place, "this condition always holds here", hint)
            else:
                hint = "See which flags go together in docs/templates.md, or leave this part out."
                yield Finding("condition-never", place, "this condition can never hold here", hint)


def _reaching(path: Path_) -> list[Flags]:
    """The sets of flags for which a place in the template is reached."""
    return [flags for flags in reachable() if all(outcome(test, flags) in {None, must} for test, must in path)]


def unused_flags(folder: Path, templates: Iterable[Template]) -> Iterator[Finding]:
    """Each flag that no template of any procedure asks for."""
    asked = {flag for template in templates for flag in template.flags}
    for flag in Flag:
        if flag not in asked | _ASKED_BY_LAYOUT:
            message = f"no template asks for `when.{flag}` ({MEANINGS[flag]})"
            yield Finding("flag-unused", Place(folder), message, "Say what those patients need, or drop the flag.")
