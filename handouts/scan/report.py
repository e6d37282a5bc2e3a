"""How a run stands, told on a terminal, to machines and to a spreadsheet."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

from handouts.run.manifest import table
from handouts.run.names import PACKETS
from handouts.scan.model import AppointmentStatus, RunStatus
from handouts.scan.showing import COPIES, LOOK, QUEUE
from handouts.scan.telling import (
    counted,
    days,
    needs_someone,
    not_printed,
    page_ranges,
    signed,
    times,
    totals,
    unsigned,
)

if TYPE_CHECKING:
    from rich.table import Table

_COLUMNS = (
    "appointment_id", "start", "state", "not_signed", "pages_missing", "signed", "notes", "pages_returned", "pages",
    "source", "packet_id", "position", "file",
)  # fmt: skip


def to_json(status: RunStatus) -> str:
    """For machines; docs/scanning.md lists the keys."""
    return json.dumps({**status.model_dump(mode="json"), "totals": totals(status)}, indent=1)


def to_csv(status: RunStatus) -> Iterator[bytes]:
    """For a spreadsheet: a row for each appointment, row by row."""
    return table(_COLUMNS, map(_cells, status.appointments))


def _cells(each: AppointmentStatus) -> tuple[str, ...]:
    not_signed = "; ".join(f"{roles}: {why}" for roles, why in unsigned(each))
    told = (each.appointment_id, each.start, each.state, not_signed, page_ranges(each.pages_missing), signed(each))
    back = ("; ".join(each.notes), page_ranges(each.pages_returned), str(each.pages))
    return (*told, *back, each.source, each.packet_id, str(each.position), each.file or "")


def to_text(status: RunStatus, *, width: int = 120, coloured: bool = False) -> str:
    """For the person at the desk: a table in the order of the day, then what to do next.

    width: of the terminal, in characters. coloured: whether it may hold the escape codes of a terminal.
    """
    from rich.console import Console
    from rich.text import Text

    out = io.StringIO()
    colours: Literal["standard"] | None = "standard" if coloured else None
    console = Console(file=out, width=width, force_terminal=coloured, color_system=colours, highlight=False)
    counts = ", ".join(f"{number} {state}" for state, number in reversed(totals(status).items()))
    console.print(Text(f"{days(status) or 'No appointments'}. Run {status.run_id}: {counts}."), soft_wrap=True)
    if status.appointments:
        console.print()
        console.print(_table(status))
    console.print()
    for line in _next_steps(status):
        console.print(Text(line, "bold"), soft_wrap=True)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines())


def _table(status: RunStatus) -> Table:
    from rich.table import Table
    from rich.text import Text

    made = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="bold underline")
    made.add_column("Time", justify="right", no_wrap=True)
    for header in ("Appointment", "State", "Not signed, notes", "Pages missing", "Signed"):
        made.add_column(header, overflow="fold", no_wrap=header == "State")
    for time, each in zip(times(status), status.appointments, strict=True):
        done = not needs_someone(each)
        to_see = [*(f"{roles.upper()} {why}" for roles, why in unsigned(each)), *each.notes]
        made.add_row(
            time,
            Text(each.appointment_id, "" if done else "bold"),
            Text(each.state, "green" if done else "yellow"),
            Text("\n".join(to_see), "bold red"),
            Text(page_ranges(each.pages_missing), "red"),
            Text(signed(each), "green"),
        )
    return made


def _next_steps(status: RunStatus) -> Iterator[str]:
    waiting = [each for each in status.appointments if needs_someone(each)]
    doubtful = sum(signature.state == "look" for each in waiting for signature in each.signatures)
    if doubtful:
        pictures = f"{counted(doubtful, 'signature')} in {status.folder}/{LOOK}"
        yield f"Look at {pictures}; say what you see: handouts scan decide"
        twice = f"{status.folder}/{PACKETS} and {status.folder}/{COPIES}"
        yield f"Where scans of a page differ, they are in {twice}; its `item` in --json is what to decide"
    if waiting:
        yield f"See to {counted(len(waiting), 'appointment')}, and scan what is signed: handouts scan"
    if status.queued:
        yield f"Look at {counted(status.queued, 'page')} in {status.folder}/{QUEUE}; say whose: handouts scan assign"
    if missing := not_printed(status):
        yield missing
    elif status.appointments and not waiting and not status.queued:
        yield "Everything that is to be signed came back and is signed."
