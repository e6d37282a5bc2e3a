"""`handouts status`: how a run stands, on the screen and as files."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from handouts.errors import UsageError
from handouts.run.folder import RunFolder
from handouts.scan.printed import PrintedRun
from handouts.scan.report import to_csv, to_json, to_text
from handouts.scan.status import status

_REMEDY = "Choose another name, make room or mend the permissions."


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be told. csv_file, pdf_file: where to write it too. width: of the terminal, in characters."""

    as_json: bool
    csv_file: Path | None
    pdf_file: Path | None
    width: int
    coloured: bool


def report(folder: Path, wanted: Wanted, now: datetime) -> str:
    """How the run in a folder stands, for the screen. Raises UsageError where there is none, OutputError."""
    run = PrintedRun.of(folder)
    stands = status(run)
    if wanted.csv_file:
        _write(wanted.csv_file, to_csv(stands))
    if wanted.pdf_file:
        from handouts.scan.huddle import huddle  # which takes long to import

        moment = now.astimezone(datetime.fromisoformat(run.manifest.issued_at).tzinfo)
        _write(wanted.pdf_file, [huddle(stands, run.paper, moment)])
    if wanted.as_json:
        return to_json(stands)
    text = to_text(stands, width=wanted.width, coloured=wanted.coloured)
    written = [f"Written: {file}" for file in (wanted.csv_file, wanted.pdf_file) if file]
    return "\n".join([text, *written])


def _write(file: Path, pieces: Iterable[bytes]) -> None:
    if not file.parent.is_dir():
        raise UsageError("there is no such folder", where=file.parent, hint="Name a folder that is there.")
    folder = RunFolder(file.parent, _REMEDY)
    folder.write(file.name, pieces)
    folder.checkpoint()
