"""Which password opens which packet: the list's own, else a random one that passwords.csv keeps."""

from __future__ import annotations

import csv
import re
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from handouts.model import Appointment, Effect, Problem
from handouts.run.folder import RunFolder
from handouts.run.journal import Journal
from handouts.run.manifest import table
from handouts.run.names import PASSWORDS

if TYPE_CHECKING:
    from handouts.run.plan import Job

_USABLE = re.compile(r"[!-~]{8,127}")
"""Printable ASCII: other letters are typed in several ways. PDF takes 127 bytes at most (ISO 32000-2, 7.6.4.3.3)."""

_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""None that is taken for another when it is read out or typed."""

_GROUPS, _IN_A_GROUP = 4, 4
"""16 letters of 31: 79 bits."""


def own_password(appointment: Appointment) -> str | None:
    """The list's password, if it can be used."""
    given = appointment.password
    return given if given is not None and _USABLE.fullmatch(given) else None


def not_usable(appointment: Appointment) -> Iterator[Problem]:
    """The problem of a password that no file can be locked with."""
    if appointment.password is not None and own_password(appointment) is None:
        message = (
            "The password must be 8 to 127 letters, digits and signs of ASCII without spaces: the packet's file is "
            "locked with a random one instead, which passwords.csv lists."
        )
        code, field = "password-not-usable", "password"
        yield Problem(source=appointment.source, field=field, code=code, message=message, effect=Effect.PRINTED)


def not_used(lists: Sequence[Path]) -> Problem:
    """What to tell where rows give passwords and nobody asked for locked files."""
    message = "There are passwords in the list, and the packets' files are not locked: that is done by --encrypt."
    source = ", ".join(path.name for path in lists)
    code = "passwords-not-used"
    return Problem(source=source, field="password", code=code, message=message, effect=Effect.PRINTED)


def random_password() -> str:
    """A password to be read out and typed, such as 7KQ3-M9XT-2HBD-WR5N."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(_IN_A_GROUP)) for _ in range(_GROUPS))


@dataclass(frozen=True, slots=True)
class Passwords:
    """random: of the packets whose row has none, by packet id."""

    random: Mapping[str, str]

    def of(self, job: Job) -> str:
        """What the packet's file is locked with."""
        return own_password(job.appointment) or self.random[job.packet_id]


def passwords_for(jobs: Iterable[Job], folder: RunFolder, journal: Journal) -> Passwords:
    """The passwords of a run. Random ones are safe on the disk before the first file is locked with them.

    A resumed run takes them from passwords.csv. A packet that is not in it gets another, and before that is written the
    journal forgets its file: whenever the run is stopped, no file stays that is locked with a password nobody knows.
    Raises OutputError.
    """
    sources = {job.packet_id: job.appointment.source for job in jobs if own_password(job.appointment) is None}
    known = _read(folder)
    random = {packet: known.get(packet) or random_password() for packet in sources}
    if random != known:
        journal.forget(packet for packet in random if packet not in known)
        rows = ((source, packet, random[packet]) for packet, source in sources.items())
        folder.write(PASSWORDS, table(("source", "packet_id", "password"), rows))
        folder.checkpoint()
    return Passwords(random)


def _read(folder: RunFolder) -> dict[str, str]:
    try:
        with (folder.path / PASSWORDS).open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
    except (FileNotFoundError, UnicodeDecodeError, csv.Error):
        return {}
    return {row["packet_id"]: row["password"] for row in rows if row.get("packet_id") and row.get("password")}
