"""What the person at the desk chose on the command line."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from handouts.model import Frozen, Paper


class Options(Frozen):
    """One run's choices. None means: as the clinic says, or for every appointment in the lists.

    language: `auto` for the patient's own, else a primary subtag. issued_at: stamped on every packet;
    without a time zone it is the clinic's. jobs: worker processes. encrypt: lock packets' files, not the print run.
    """

    lists: tuple[Path, ...]
    clinic: Path
    day: date | None = None
    procedure: str | None = None
    language: str = "auto"
    out: Path | None = None
    jobs: int = 1
    paper: Paper | None = None
    duplex: bool | None = None
    only: tuple[str, ...] = ()
    issued_at: datetime | None = None
    resume: bool = False
    overwrite: bool = False
    dry_run: bool = False
    encrypt: bool = False
