"""Which packets of a run are safe on disk: what a resumed run need not write again."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from handouts.run.database import Database

_SCHEMA = """
CREATE TABLE IF NOT EXISTS run (run_key TEXT NOT NULL, issued_at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS packet (packet_id TEXT PRIMARY KEY, file TEXT NOT NULL, sha256 TEXT NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """A packet's file that is whole and synced. file: relative to the run folder."""

    packet_id: str
    file: str
    sha256: str


@dataclass(frozen=True, slots=True)
class RunEntry:
    """Which run the journal is of. issued_at: with its time zone."""

    run_key: str
    issued_at: datetime


class Journal(Database):
    """An SQLite file in the run folder. Holds nothing about a patient. Raises OutputError where it cannot be used."""

    def __init__(self, path: Path) -> None:
        hint = "Make room or mend the permissions; if the file is damaged, start again with --overwrite."
        super().__init__(path, _SCHEMA, "the run's journal cannot be used", hint)

    def begin(self, run_key: str, issued_at: datetime) -> None:
        """Say which run this is, before its first packet."""
        with self._told(), self._connection as connection:
            connection.execute("INSERT INTO run VALUES (?, ?)", (run_key, issued_at.isoformat()))

    def run(self) -> RunEntry | None:
        """The run that began here, if one did."""
        with self._told():
            row: tuple[str, str] | None = self._connection.execute("SELECT run_key, issued_at FROM run").fetchone()
            return RunEntry(row[0], datetime.fromisoformat(row[1])) if row else None

    def count(self) -> int:
        """How many packets are safe."""
        with self._told():
            row: tuple[int] = self._connection.execute("SELECT count(*) FROM packet").fetchone()
        return row[0]

    def digest(self, packet_id: str, file: str) -> str | None:
        """The SHA-256 of a packet's file; None where no such file is safe."""
        query = "SELECT sha256 FROM packet WHERE packet_id = ? AND file = ?"
        with self._told():
            row: tuple[str] | None = self._connection.execute(query, (packet_id, file)).fetchone()
        return row[0] if row else None

    def record(self, entries: Sequence[Entry]) -> None:
        """Packets whose files are synced and renamed."""
        rows = [(entry.packet_id, entry.file, entry.sha256) for entry in entries]
        with self._told(), self._connection as connection:
            connection.executemany("INSERT OR REPLACE INTO packet VALUES (?, ?, ?)", rows)

    def forget(self, packet_ids: Iterable[str]) -> None:
        """Packets whose files are to be written again."""
        with self._told(), self._connection as connection:
            connection.executemany("DELETE FROM packet WHERE packet_id = ?", ((each,) for each in packet_ids))


def issued_at(path: Path) -> datetime | None:
    """When the run of the journal at `path` was issued; None where the file does not tell. It is not changed."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            row: tuple[str] | None = connection.execute("SELECT issued_at FROM run").fetchone()
        return datetime.fromisoformat(row[0]).astimezone() if row else None
    except (sqlite3.Error, ValueError, TypeError):
        return None
