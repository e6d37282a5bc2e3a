"""Tables of any format: the header row is found, and each row below becomes a record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from handouts.intake.header import FEWEST_RECOGNISED, MOST_COLUMNS, recognised, shown, table_columns, unused
from handouts.intake.record import Cell, Record, Refused, Value, is_blank, problem
from handouts.model import Problem

_MOST_TITLES = 5
_LAST_HEADER = 1_000
"""The last row that can hold the column headers."""
_TOO_MANY = Refused(
    "too-many-cells",
    "the row has more cells than there are column headers, so its values may stand in the wrong columns; "
    "put a cell that holds the delimiter in quotation marks, or give the extra column a header",
)


@dataclass(frozen=True, slots=True)
class Row:
    """One row as its file numbers it. joined: why it may hold several rows of the list, read as one."""

    number: int
    cells: Sequence[Value]
    joined: Refused | None = None


class Table:
    """Rows with a header among the first, after blank rows or a few title lines. Read it once, from the top.

    sheet: the number of the sheet, 0 in a file without sheets.
    """

    def __init__(self, path: Path, rows: Iterator[Row], sheet: int = 0) -> None:
        self._path = path
        self._rows = rows
        self.sheet = sheet

    def headers_recognised(self, columns: Mapping[str, str]) -> int:
        """How many headers of the header row are known; 0 if there is no header row. Takes the rows up to it."""
        header = self.header(columns)
        return recognised(_texts(header.cells[: MOST_COLUMNS + 1]), columns) if header else 0

    def header(self, columns: Mapping[str, str]) -> Row | None:
        """The header row, if there is one. Takes the rows up to it."""
        titles = 0
        for row in self._rows:
            if row.number > _LAST_HEADER:
                return None
            if all(map(is_blank, row.cells)):
                continue
            if recognised(_texts(row.cells[: MOST_COLUMNS + 1]), columns) >= FEWEST_RECOGNISED:
                return row
            titles += 1
            if titles > _MOST_TITLES:
                return None
        return None

    def records(self, header: Row, columns: Mapping[str, str], label: str, id_prefix: str) -> Iterator[Record]:
        """The rows below the header.

        Raises:
            ListError: the header names a field twice or lacks one that is needed, or a row cannot be split.

        """
        headers = _texts(header.cells)
        found = table_columns(headers, columns, self._path, header.number)
        named = {field: (position, shown(headers[position])) for field, position in found.items()}
        width = _width(header.cells)
        for row in self._rows:
            if all(map(is_blank, row.cells)):
                continue
            source = f"{label}:{row.number}"
            cells = {
                field: Cell(column, row.cells[position] if position < len(row.cells) else None)
                for field, (position, column) in named.items()
            }
            shifted = not self.sheet and _width(row.cells) > width
            why = (row.joined, _TOO_MANY if shifted else None)
            problems = tuple(problem(source, "", refused) for refused in why if refused)
            yield Record(source, cells, f"{id_prefix}row-{row.number}", problems)

    def unused(self, header: Row, columns: Mapping[str, str], label: str) -> Problem | None:
        """What to tell of the columns that mean no field."""
        return unused(_texts(header.cells), columns, f"{label}:{header.number}")

    def has_rows(self) -> bool:
        """Whether any row that is left holds something. Takes the rows."""
        return any(not all(map(is_blank, row.cells)) for row in self._rows)


def _texts(cells: Sequence[Value]) -> list[str]:
    return [cell if isinstance(cell, str) else "" for cell in cells]


def _width(cells: Sequence[Value]) -> int:
    width = len(cells)
    while width and is_blank(cells[width - 1]):
        width -= 1
    return width
