"""What came back on paper: pages, what is filled in on them, and how a run stands. All frozen.

Nothing here holds a patient's name, birth date or record number.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import ConfigDict

from handouts.model import FieldKind, Frozen


class Sent(Frozen):
    """What the process that opens foreign files tells: as JSON, with pictures in base64."""

    model_config = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")


class Ink(StrEnum):
    """Whether something is written where it should be. LOOK: a person must decide."""

    SIGNED = "signed"
    EMPTY = "empty"
    LOOK = "look"


class FieldReading(Sent):
    """A field of a scanned page. number: its place among those of its page, from 0, as the run's layout lists them.

    length: of the pen's strokes, in millimetres. picture: a PNG of the field, where a person must look; of its page,
    where that could not be laid over its blank.
    """

    number: int
    kind: FieldKind
    name: str
    optional: bool
    state: Ink
    length: float
    picture: bytes = b""


class Doubt(StrEnum):
    """Why a page waits for a person."""

    UNREAD = "unread"
    OTHER_RUN = "other-run"
    OTHER_VERSION = "other-version"
    CONFLICT = "conflict"
    BROKEN = "broken"


class PageReading(Sent):
    """What a scanned page is. number: in its file, from 1.

    packet_id, page: whose it is; padding: it is the one left blank behind a packet. Otherwise it is `blank`, or there
    is a doubt, with a note for people. turned: how it lies, in degrees clockwise. agreement: the share of its print
    that stands where it belongs; None where it could not be laid over its blank. picture: a PNG of a page that may have
    to wait for a person.
    """

    number: int
    packet_id: str | None = None
    page: int | None = None
    padding: bool = False
    blank: bool = False
    doubt: Doubt | None = None
    note: str = ""
    turned: int = 0
    agreement: float | None = None
    fields: tuple[FieldReading, ...] = ()
    picture: bytes = b""


class Fate(StrEnum):
    """Where a scanned page ended.

    PACKET: it is a page of a packet. COPY: so it is, and another scan of that page stands in the packet.
    BLANK: it is the empty back of a page that is known. QUEUE: it waits for a person. ASIDE: a person said that it is
    no page of this run.
    """

    PACKET = "packet"
    COPY = "copy"
    BLANK = "blank"
    QUEUE = "queue"
    ASIDE = "aside"


State = Literal["printed", "returned", "complete"]
"""Of a packet: nothing came back; something did; all that must come back did, and nobody need see to anything."""

SignatureState = Literal["signed", "empty", "look", "missing"]
"""missing: its page did not come back."""


class SignatureStatus(Frozen):
    """One signature of a packet. page: within the packet. optional: the form is whole without it. item: what `handouts
    scan decide` calls it; empty where the page did not come back.
    """

    role: str
    page: int
    state: SignatureState
    optional: bool
    item: str = ""


class FieldStatus(Frozen):
    """Something else to fill in, on a page that came back. name: whose it is, or which answer a box stands for."""

    kind: FieldKind
    name: str
    page: int
    state: Ink
    item: str


class AppointmentStatus(Frozen):
    """How one appointment's packet stands. Page numbers are those within the packet.

    pages_missing: of forms that are signed. notes: what a person must see to, such as a consent that was taken back.
    file: the pages that came back, relative to the folder of what was returned.
    """

    position: int
    start: str
    appointment_id: str
    source: str
    packet_id: str
    state: State
    pages: int
    pages_returned: tuple[int, ...]
    pages_missing: tuple[int, ...]
    signatures: tuple[SignatureStatus, ...]
    fields: tuple[FieldStatus, ...] = ()
    notes: tuple[str, ...] = ()
    file: str | None = None


class RunStatus(Frozen):
    """How all appointments of a run stand, in their order.

    queued: pages that wait for a person. folder: where what came back is kept; None before anything did. not_printed:
    where the list has the appointments that should have got a packet and did not.
    """

    run_id: str
    issued_at: str
    appointments: tuple[AppointmentStatus, ...]
    queued: int
    folder: str | None = None
    not_printed: tuple[str, ...] = ()
