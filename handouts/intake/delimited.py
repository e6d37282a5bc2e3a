"""CSV and TSV: the delimiter is the one that makes the headers known."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from handouts.errors import ListError, Place
from handouts.intake.decode import decoded
from handouts.intake.table import Row, Table

_DELIMITERS = ",;\t|"
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


def _delimiter(text: str, path: Path, columns: Mapping[str, str]) -> str:
    return max(_DELIMITERS, key=lambda delimiter: _score(text, path, delimiter, columns))


def _score(text: str, path: Path, delimiter: str, columns: Mapping[str, str]) -> int:
    try:
        return Table(path, _rows(text, path, delimiter, skip_first=False)).headers_recognised(columns)
    except ListError:
        return -1


def _rows(text: str, path: Path, delimiter: str, *, skip_first: bool) -> Iterator[Row]:
    # csv counts the lines it takes; newline="" makes them those an editor shows.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for cells in reader:
            if not (skip_first and line == 1):
                yield Row(line, cells)
            line = reader.line_num + 1
    except csv.Error as error:
        raise ListError(
            f"the row that begins here cannot be split into cells ({_reason(error)})",
            where=Place(path, line),
            hint='A quotation mark is missing or too many here; inside a quoted cell it is written twice, "".',
        ) from error


def _reason(error: csv.Error) -> str:
    known = {"unexpected end of data": "a quoted cell is never closed", "field larger": "a cell is endless"}
    return next((said for start, said in known.items() if str(error).startswith(start)), "a quoted cell ends badly")
