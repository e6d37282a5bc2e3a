"""What `::: picture`, `::: people` and `::: times` show: a drawing from a file, or a risk as an icon array."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from pathlib import Path

from handouts.errors import Place, TemplateError
from handouts.library.document import Icon, IconArray, Inlines, Picture, Text
from handouts.library.sources import within

LEAST_PICTURE, MOST_PICTURE = 10, 240
"""Millimetres."""

ICONS: tuple[Icon, ...] = ("people", "times")
WHOLES = (100, 1000)
"""How many marks an icon array can have: few enough to be seen one by one, and easy denominators."""

_GROUPED = re.compile(r"(?<=\d)[.,’\u00a0\u202f](?=\d{3}\b)")


def picture(said: str, caption: Inlines, folders: Sequence[Path], place: Place) -> Picture:
    """The drawing that `::: picture <said>` names; the first of `folders` that has it counts. Raises TemplateError."""
    found = re.fullmatch(r"([a-z][a-z0-9-]*) +(\d{1,3})", said)
    if found is None or not LEAST_PICTURE <= int(found[2]) <= MOST_PICTURE:
        what = f"`::: picture` takes a name and a height from {LEAST_PICTURE} to {MOST_PICTURE} millimetres"
        raise TemplateError(what, where=place, hint="Such as `::: picture body 90`.")
    return Picture(found[1], _file(found[1], folders, place), int(found[2]), caption)


def _file(name: str, folders: Sequence[Path], place: Place) -> Path:
    for folder in folders:
        file = folder / f"{name}.svg"
        if file.is_file():
            if not within(file, folder.parent):
                what = f"the picture {name}.svg leads outside the folder of its templates"
                raise TemplateError(what, where=place, hint="Copy it there.")
            return file
    known = sorted({file.stem for folder in folders for file in folder.glob("*.svg")})
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    hint = f"Did you mean `{close[0]}`?" if close else f"Draw it as {folders[0] / f'{name}.svg'}."
    raise TemplateError(f"there is no picture {name}.svg", where=place, hint=hint)


def icon_array(icon: Icon, said: str, caption: Inlines, place: Place) -> IconArray:
    """The icon array of `::: people <said>` or `::: times <said>`.

    Its caption tells the count, the whole and the rest, so that words and picture agree, whoever reads which.
    Raises TemplateError.
    """
    found = re.fullmatch(r"(\d+) of (\d+)", said)
    example = f"Such as `::: {icon} {{{{ risk.frequency }}}} of {{{{ risk.of }}}}`, with no formatter."
    if found is None:
        raise TemplateError(f"`::: {icon}` takes a whole number and of how many", where=place, hint=example)
    affected, of = int(found[1]), int(found[2])
    if of not in WHOLES:
        hint = "Other wholes cannot be compared at a glance: count per 100 or per 1,000."
        raise TemplateError(f"`::: {icon}` shows 100 or 1000 marks, not {of}", where=place, hint=hint)
    if affected > of:
        raise TemplateError(f"{affected} is more than {of}", where=place)
    words = "".join(part.text if isinstance(part, Text) else " " for part in caption)
    told = {int(number) for number in re.findall(r"\d+", _GROUPED.sub("", words))}
    missing = [f"{number:,}" for number in (affected, of, of - affected) if number not in told]
    if missing:
        what = f"the words below {affected} of {of} marks do not say {' and '.join(missing)}"
        hint = "They are all that some readers get: tell how many it happens to, how many not, and of how many."
        raise TemplateError(what, where=place, hint=hint)
    return IconArray(icon, affected, of, caption)
