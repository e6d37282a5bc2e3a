"""All lists of one run: each goes to its reader, every record through the same rules, all rows are compared."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from handouts.errors import ListError, Place
from handouts.intake.appointments import Outcome, outcome
from handouts.intake.compare import compared
from handouts.intake.files import Format, format_of, load
from handouts.intake.header import check_length, check_mapping, not_recognised
from handouts.intake.record import Record, Refused, problem
from handouts.intake.table import Table
from handouts.model import Clinic, Effect, Intake, Problem
from handouts.packed import Packed

if TYPE_CHECKING:
    from handouts.intake.fhir_pool import Entry

_MOST_SHOWN = 8
_MOST_BAD = 10_000
"""Rows; a list with so many mistakes was exported wrong as a whole."""
_OTHER_SHEET = Refused(
    "other-sheet",
    "this sheet holds an appointment list too, but only the first such sheet is read; "
    "put all rows on one sheet, or save this one as a list of its own",
)


def read(paths: Sequence[Path], clinic: Clinic) -> Intake:
    """Read all lists; see `handouts.intake.read_lists`.

    Raises:
        ListError: a list as a whole cannot be read, or no row of any list can.

    """
    check_mapping(clinic.columns)
    reading = _Reading(clinic, _labels(paths))
    rows: Counter[str] = Counter()

    def outcomes() -> Iterator[Outcome]:
        for record in reading.records():
            found = outcome(record, clinic)
            rows["left out" if found.left_out else "meant"] += 1
            rows["bad"] += found.appointment is None and not found.left_out
            if rows["bad"] > _MOST_BAD:
                raise _too_many_bad(found.problems)
            yield found

    intake = compared(outcomes())
    problems = Packed(reading.problems)
    problems.extend(intake.problems)
    intake = replace(intake, problems=problems, digest=reading.digest.hexdigest())
    if not intake.appointments and not rows["left out"]:
        raise _nothing_readable(paths, rows["meant"], problems)
    return intake


def _labels(paths: Sequence[Path]) -> dict[Path, str]:
    """What messages call each list: its name, or its path where names repeat. A list named twice counts once."""
    unique = {path.resolve(): path for path in reversed(paths)}
    kept = [path for path in dict.fromkeys(paths) if unique[path.resolve()] == path]
    names = Counter(path.name for path in kept)
    return {path: path.name if names[path.name] == 1 else str(path) for path in kept}


class _Reading:
    """Reads the records of all lists; `problems` are those of lists rather than rows, `digest` is over their bytes."""

    def __init__(self, clinic: Clinic, labels: dict[Path, str]) -> None:
        self._columns = clinic.columns
        self._labels = labels
        self._resources: dict[Path, list[Entry]] = {}
        self.problems: list[Problem] = []
        self.digest = hashlib.blake2b(digest_size=32)

    def records(self) -> Iterator[Record]:
        """The records in the order of the lists. FHIR resources may refer to each other across files."""
        rows = {label: _bounded(self._of_file(path, label), path) for path, label in self._labels.items()}
        pooled: dict[str, list[Record]] = {label: [] for label in rows}
        lost: list[Problem] = []
        if self._resources:
            from handouts.intake import fhir
            from handouts.intake.fhir_pool import Pool, missing_pages

            pool = Pool(chain.from_iterable(self._resources.values()))
            for label, record in fhir.records(pool, list(self._resources)):
                pooled[label].append(record)
            lost = list(missing_pages(pool))
        for label, found in rows.items():
            yield from found
            yield from pooled[label]
        self.problems.extend(lost)

    def _tell(self, found: Problem | None) -> None:
        self.problems.extend([found] if found else [])

    def _of_file(self, path: Path, label: str) -> Iterator[Record]:
        """Its rows, to be read one by one; none of a FHIR file, whose resources are kept."""
        id_prefix = f"{label}:" if len(self._labels) > 1 else ""
        data = load(path)
        self.digest.update(b"%d\n" % len(data) + data)
        kind = format_of(data, path)
        if kind is Format.JSON:
            return self._of_json(data, path, label, id_prefix)
        if kind is Format.DELIMITED:
            from handouts.intake import delimited

            tables = delimited.tables(data, path, self._columns)
            self._tell(delimited.doubtful_letters(data, path, label))
        else:
            from handouts.intake import spreadsheet

            tables = spreadsheet.tables(data, path, kind)
        return self._of_tables(tables, path, label, id_prefix)

    def _of_json(self, data: bytes, path: Path, label: str, id_prefix: str) -> Iterator[Record]:
        from handouts.intake import fhir_pool, json_list, json_text

        documents = json_text.documents(data, path)
        if fhir_pool.is_fhir(documents):
            self._resources[path] = list(fhir_pool.entries(documents, path, label))
            return iter(())
        rows = json_list.rows_of(documents, path)
        self._tell(json_list.unused_keys(rows, self._columns, label))
        return json_list.records(rows, path, self._columns, label, id_prefix)

    def _of_tables(self, tables: Iterator[Table], path: Path, label: str, id_prefix: str) -> Iterator[Record]:
        found = False
        for table in tables:
            header = table.header(self._columns)
            if header is None:
                continue
            if not found:
                found = True
                yield from table.records(header, self._columns, label, id_prefix)
                self._tell(table.unused(header, self._columns, label))
            elif table.has_rows():
                self.problems.append(problem(f"{label}:sheet {table.sheet}", "", _OTHER_SHEET))
        if not found:
            raise not_recognised(Place(path))


def _bounded(records: Iterator[Record], path: Path) -> Iterator[Record]:
    for number, record in enumerate(records, start=1):
        check_length(number, Place(path))
        yield record


def _too_many_bad(problems: Sequence[Problem]) -> ListError:
    shown = [f"{each.source}, {each.field or 'row'}: {each.message}" for each in problems[:_MOST_SHOWN]]
    return ListError(
        f"more than {_MOST_BAD:,} rows cannot be read; this is the last that was looked at", hint="\n  ".join(shown)
    )


def _nothing_readable(paths: Sequence[Path], rows: int, problems: Sequence[Problem]) -> ListError:
    where = Place(paths[0]) if len(paths) == 1 else None
    if not rows:
        return ListError(
            "there is no appointment below the column headers" if paths else "no list is named",
            where=where,
            hint="Export the list for the day wanted, and run again.",
        )
    stopping = [each for each in problems if each.effect is Effect.NOT_PRINTED]
    shown = [f"{each.source}, {each.field or 'row'}: {each.message}" for each in stopping[:_MOST_SHOWN]]
    more = len(stopping) - len(shown)
    kinds = ", ".join(f"{count} x {code}" for code, count in Counter(each.code for each in stopping).most_common())
    return ListError(
        f"no appointment can be read: {rows} row{'s' * (rows != 1)} found, each with a problem ({kinds})",
        where=where,
        hint="\n  ".join([*shown, *([f"… and {more} more"] if more else [])]),
    )
