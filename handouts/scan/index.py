"""Which scanned pages came back in a run, where each ended, and what is written on it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from handouts.run.database import Database
from handouts.run.names import CAME_BACK
from handouts.scan.model import Doubt, Fate, FieldReading, Ink

INDEX = CAME_BACK

_SCHEMA = """
CREATE TABLE IF NOT EXISTS place (folder TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS file (
    sha256 TEXT PRIMARY KEY, kept TEXT NOT NULL, pages INTEGER NOT NULL, added TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS page (
    file TEXT NOT NULL, number INTEGER NOT NULL, fate TEXT NOT NULL, packet_id TEXT, page INTEGER, doubt TEXT,
    note TEXT NOT NULL, turned INTEGER NOT NULL, PRIMARY KEY (file, number));
CREATE INDEX IF NOT EXISTS of_packet ON page (packet_id, page);
CREATE TABLE IF NOT EXISTS field (
    file TEXT NOT NULL, number INTEGER NOT NULL, field INTEGER NOT NULL, state TEXT NOT NULL, length REAL NOT NULL,
    PRIMARY KEY (file, number, field));
CREATE TABLE IF NOT EXISTS decided (
    file TEXT NOT NULL, number INTEGER NOT NULL, field INTEGER NOT NULL, state TEXT NOT NULL,
    PRIMARY KEY (file, number, field));
CREATE TABLE IF NOT EXISTS stale (packet_id TEXT PRIMARY KEY);
"""


@dataclass(frozen=True, slots=True)
class FileEntry:
    """A scanned file. kept: its copy, relative to the folder of what was returned. added: when it was read, in ISO
    8601. What it was called is not kept: people call files by their patients.
    """

    sha256: str
    kept: str
    pages: int
    added: str


@dataclass(frozen=True, slots=True)
class PageEntry:
    """A scanned page. file: the SHA-256 of its file. number: within that, from 1. page: within the packet; None for the
    one left blank behind it, and where the page is no page of a packet. turned: how it lies, in degrees clockwise.
    """

    file: str
    number: int
    fate: Fate
    packet_id: str | None = None
    page: int | None = None
    doubt: Doubt | None = None
    note: str = ""
    turned: int = 0

    @property
    def item(self) -> str:
        """What people call it by where it waits for them."""
        return f"{self.file[:8]}-{self.number:03}"


class Index(Database):
    """An SQLite file in the run's folder. Holds nothing about a patient. Raises OutputError where it cannot be used."""

    def __init__(self, path: Path) -> None:
        hint = "Make room or mend the permissions. If the file is damaged, remove it and read the scans again."
        super().__init__(path, _SCHEMA, "what came back cannot be looked up", hint)

    # -- asking ------------------------------------------------------------------------------------

    def folder(self) -> str | None:
        """Where what came back is kept, if anything did."""
        with self._told():
            row: tuple[str] | None = self._connection.execute("SELECT folder FROM place").fetchone()
        return row[0] if row else None

    def files(self) -> dict[str, FileEntry]:
        """All files, by their SHA-256, in the order in which they were read."""
        with self._told():
            rows = self._connection.execute("SELECT sha256, kept, pages, added FROM file ORDER BY rowid")
            return {row[0]: FileEntry(*row) for row in rows}

    def pages(self, packet_id: str | None = None, fate: Fate | None = None) -> list[PageEntry]:
        """Pages, of one packet or all, of one fate or any, in the order in which they were read."""
        with self._told():
            rows = self._connection.execute(
                "SELECT file, number, fate, packet_id, page, doubt, note, turned FROM page"
                " WHERE (packet_id = ?1 OR ?1 IS NULL) AND (fate = ?2 OR ?2 IS NULL) ORDER BY rowid",
                (packet_id, fate),
            )
            return [_page(*row) for row in rows]

    def fields(self, packet_id: str | None = None) -> dict[tuple[str, int], dict[int, Ink]]:
        """What is in the fields of pages, of one packet or all, by the page's file and number: what a person said, or
        what was read.
        """
        found: dict[tuple[str, int], dict[int, Ink]] = {}
        with self._told():
            rows = self._connection.execute(
                "SELECT file, number, field, COALESCE(decided.state, field.state) FROM field JOIN page"
                " USING (file, number) LEFT JOIN decided USING (file, number, field)"
                " WHERE packet_id = ?1 OR ?1 IS NULL",
                (packet_id,),
            )
            for file, number, field, state in rows:
                found.setdefault((file, number), {})[field] = Ink(state)
        return found

    def decided(self) -> set[tuple[str, int, int]]:
        """Fields of which a person said what is in them: file, number of the page, place among its fields."""
        with self._told():
            return set(self._connection.execute("SELECT file, number, field FROM decided"))

    def stale(self) -> list[str]:
        """Packets of which something came back since they were last bound."""
        with self._told():
            return [row[0] for row in self._connection.execute("SELECT packet_id FROM stale ORDER BY packet_id")]

    # -- telling -----------------------------------------------------------------------------------

    def keep_in(self, folder: str) -> None:
        """Say where what comes back is kept, unless that was said before."""
        with self._told(), self._connection as connection:
            connection.execute("INSERT INTO place SELECT ? WHERE NOT EXISTS (SELECT * FROM place)", (folder,))

    def record(
        self,
        file: FileEntry | None,
        pages: Sequence[PageEntry],
        fields: Iterable[tuple[str, int, FieldReading]],
        stale: Iterable[str],
    ) -> None:
        """Pages whose files are safe, all or none of them. Those that are known already are told anew.

        file: that they are of, where it is new. fields: each with its page's file and number. stale: packets to bind.
        """
        with self._told(), self._connection as connection:
            if file:
                row = file.sha256, file.kept, file.pages, file.added
                connection.execute("INSERT INTO file VALUES (?, ?, ?, ?)", row)
            for page in pages:
                place = page.file, page.number
                connection.execute("DELETE FROM field WHERE file = ? AND number = ?", place)
                connection.execute("DELETE FROM decided WHERE file = ? AND number = ?", place)
                connection.execute(
                    "INSERT INTO page VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (file, number) DO UPDATE SET"
                    " fate = excluded.fate, packet_id = excluded.packet_id, page = excluded.page,"
                    " doubt = excluded.doubt, note = excluded.note, turned = excluded.turned",
                    (page.file, page.number, page.fate, page.packet_id, page.page, page.doubt, page.note, page.turned),
                )
            connection.executemany(
                "INSERT INTO field VALUES (?, ?, ?, ?, ?)",
                [(sha256, number, each.number, each.state, each.length) for sha256, number, each in fields],
            )
            connection.executemany("INSERT OR IGNORE INTO stale VALUES (?)", [(each,) for each in stale])

    def decide(self, page: PageEntry, field: int, state: Ink) -> None:
        """What a person says is in a field. field: its place among those of the page."""
        with self._told(), self._connection as connection:
            row = page.file, page.number, field, state
            connection.execute("INSERT OR REPLACE INTO decided VALUES (?, ?, ?, ?)", row)
            connection.execute("INSERT OR IGNORE INTO stale VALUES (?)", (page.packet_id,))

    def place(self, fates: Iterable[tuple[PageEntry, Fate]]) -> None:
        """Say where pages ended."""
        rows = [(fate, page.file, page.number) for page, fate in fates]
        with self._told(), self._connection as connection:
            connection.executemany("UPDATE page SET fate = ? WHERE file = ? AND number = ?", rows)

    def bound(self, packet_ids: Iterable[str]) -> None:
        """Packets whose PDFs are safe."""
        with self._told(), self._connection as connection:
            connection.executemany("DELETE FROM stale WHERE packet_id = ?", [(each,) for each in packet_ids])


def _page(
    file: str, number: int, fate: str, packet_id: str | None, page: int | None, doubt: str | None, note: str,
    turned: int,
) -> PageEntry:  # fmt: skip
    return PageEntry(file, number, Fate(fate), packet_id, page, Doubt(doubt) if doubt else None, note, turned)
