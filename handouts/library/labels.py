"""The few words the program itself prints, per language: templates/labels/<language>.yaml."""

from __future__ import annotations

from pathlib import Path

from handouts.errors import TemplateError
from handouts.intake.yaml_file import load
from handouts.model import Frozen, Line


class Labels(Frozen):
    """Words for page furniture and signature blocks. `page` and `copy_of` hold their numbers in braces."""

    page: Line
    copy_of: Line
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
    roles: dict[str, Line]


def read_labels(file: Path) -> Labels:
    """Read the labels of one language. Raises TemplateError with the line and column of every fault."""
    return load(file, Labels, TemplateError)
