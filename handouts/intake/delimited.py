"""CSV and TSV: the delimiter is the one that makes the headers known."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from handouts.errors import ListError, Place
from handouts.intake.decode import decoded, is_doubtful
from handouts.intake.record import Refused, problem
from handouts.intake.table import Row, Table
from handouts.model import Effect, Problem

_DELIMITERS = ",;\t|"
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_MOST_LINES = 1_048_576
"""As many as a spreadsheet has rows."""
_MOST_CELLS = 100_000
_DOUBTFUL = Refused(
    "doubtful-letters",
    "the file is not UTF-8 and was read as Windows-1252, which gives words no language has; look at the names on the "
    'packets, and save the list as UTF-8 (in Excel: "CSV UTF-8")',
    Effect.PRINTED,
)
_SEP = re.compile(r"sep=([,;\t|])[\r\n]", re.IGNORECASE)


def tables(data: bytes, path: Path, columns: Mapping[str, str]) -> Iterator[Table]:
    """The one table a delimited file holds.

    Raises:
        ListError: its encoding or its quotes are broken.

    """
    text = decoded(data, path)
    declared = _SEP.match(text)
    delimiter = declared[1] if declared else _delimiter(text, path, columns)
    yield Table(path, _rows(text, path, delimiter, skip_first=declared is not None))


def doubtful_letters(data: bytes, path: Path, label: str) -> Problem | None:
    """What to tell where the letters were probably saved in another encoding than they were read in."""
    return problem(label, "", _DOUBTFUL) if is_doubtful(data, path) else None


def _delimiter(text: str, path: Path, columns: Mapping[str, str]) -> str:
    return max(_DELIMITERS, key=lambda delimiter: _score(text, path, delimiter, columns))


def _score(text: str, path: Path, delimiter: str, columns: Mapping[str, str]) -> int:
    try:
        return Table(path, _rows(text, path, delimiter, skip_first=False)).headers_recognised(columns)
    except ListError:
        return -1


class _Lines:
    """The lines of a text as an editor shows them, with their ends, for one row after another."""

    def __init__(self, text: str, path: Path, delimiter: str) -> None:
        self._lines = _LINE.finditer(text)
        self._path = path
        self._delimiter = delimiter
        self._cells = 0

    def begin_row(self) -> None:
        """What follows is another row."""
        self._cells = 0

    def __iter__(self) -> Iterator[str]:
        """The lines.

        Raises:
            ListError: there are more of them, or of cells in a row, than in any list.

        """
        for number, found in enumerate(self._lines, start=1):
            line = found[0]
            self._cells += line.count(self._delimiter)
            if number > _MOST_LINES or self._cells > _MOST_CELLS:
                what = f"{_MOST_LINES:,} lines" if number > _MOST_LINES else f"{_MOST_CELLS:,} cells in one row"
                hint = "Export it again, one day only and only the columns needed."
                raise ListError(f"the list has more than {what}", where=Place(self._path, number), hint=hint)
            yield line


def _rows(text: str, path: Path, delimiter: str, *, skip_first: bool) -> Iterator[Row]:
    # csv counts the lines it takes: they are to be those that an editor shows
    lines = _Lines(text, path, delimiter)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    line, width = 1, 0
    try:
        for cells in reader:
            lines.begin_row()
            width = max(width, len(cells))
            if not (skip_first and line == 1):
                yield Row(line, cells, _joined(cells, delimiter, width, line, reader.line_num))
            line = reader.line_num + 1
    except csv.Error as error:
        raise ListError(
            f"the row that begins here cannot be split into cells ({_reason(error)})",
            where=Place(path, line),
            hint='A quotation mark is missing or too many here; inside a quoted cell it is written twice, "".',
        ) from error


def _joined(cells: list[str], delimiter: str, width: int, first: int, last: int) -> Refused | None:
    """A stray quotation mark can make one cell of all rows up to the next: such a cell holds a row's delimiters."""
    if first == last or not any("\n" in cell and cell.count(delimiter) >= max(width - 1, 2) for cell in cells):
        return None
    return Refused(
        "joined-rows",
        f"lines {first} to {last} were read as one row, because a quotation mark opens a cell that ends only there; "
        "delete the stray quotation mark, or write it twice",
    )


def _reason(error: csv.Error) -> str:
    known = {"unexpected end of data": "a quoted cell is never closed", "field larger": "a cell is endless"}
    return next((said for start, said in known.items() if str(error).startswith(start)), "a quoted cell ends badly")
