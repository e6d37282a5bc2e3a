"""The few words the program itself prints, per language: templates/labels/<language>.yaml."""

from __future__ import annotations

from pathlib import Path
from string import Formatter
from typing import Annotated

from pydantic import AfterValidator

from handouts.errors import TemplateError
from handouts.intake.yaml_file import load
from handouts.model import Frozen, Line


def _holding(*names: str) -> AfterValidator:
    """Words with exactly these places, each in braces, for numbers."""

    def check(words: str) -> str:
        try:
            found = sorted(name for _, name, _, _ in Formatter().parse(words) if name is not None)
        except ValueError:
            found = []
        if found != sorted(names):
            places = " and ".join(f"{{{name}}}" for name in names)
            raise ValueError(f"it must hold {places}, each once, and no other braces")
        return words

    return AfterValidator(check)


class Labels(Frozen):
    """Words for page furniture, signature blocks and screen readers. `page` and `copy_of` hold numbers in braces."""

    page: Annotated[Line, _holding("page", "pages")]
    copy_of: Annotated[Line, _holding("copy", "copies")]
    born: Line
    record: Line
    packet: Line
    version: Line
    blank_page: Line
    yes: Line
    no: Line
    signature: Line
    date: Line
    time: Line
    initials: Line
    write_here: Line
    roles: dict[str, Line]


def read_labels(file: Path) -> Labels:
    """Read the labels of one language. Raises TemplateError with the line and column of every fault."""
    return load(file, Labels, TemplateError)
