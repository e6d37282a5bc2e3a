"""Runs of which something came back, as `status` finds them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from handouts.run.manifest import Document
from handouts.scan.model import AppointmentStatus, RunStatus, SignatureState, SignatureStatus

FIRST = datetime.fromisoformat("2026-12-01T08:00:00-06:00")
MOMENT = datetime.fromisoformat("2026-12-01T07:12:00-06:00")
CONSENT = range(10, 16)
"""The pages of the consent form."""


def signature(role: str, state: SignatureState, page: int = 14, *, optional: bool = False) -> SignatureStatus:
    return SignatureStatus(role=role, page=page, state=state, optional=optional)


def signatures(patient: SignatureState, clinician: SignatureState) -> tuple[SignatureStatus, ...]:
    """Those of a consent form; who need not sign did not."""
    rest: SignatureState = "missing" if patient == clinician == "missing" else "empty"
    return (
        signature("patient", patient),
        signature("clinician", clinician),
        signature("witness", rest, optional=True),
        signature("withdrawal", rest, 15, optional=True),
    )


def appointment(number: int = 1, **other: Any) -> AppointmentStatus:
    """A complete one, unless `other` tells otherwise."""
    told: dict[str, Any] = {
        "position": number,
        "start": (FIRST + timedelta(minutes=15 * (number - 1))).isoformat(),
        "appointment_id": f"A-{number:04}",
        "source": f"list.csv:{number + 1}",
        "packet_id": f"GNHHMRNMBW7474G8{number:04}",
        "state": "complete",
        "pages": 15,
        "pages_returned": tuple(CONSENT),
        "pages_missing": (),
        "signatures": signatures("signed", "signed"),
        "file": f"{number:04}.pdf",
    }
    return AppointmentStatus.model_validate(told | other)


def unsigned(number: int = 1, **other: Any) -> AppointmentStatus:
    """One whose clinician has not signed."""
    return appointment(number, **({"state": "returned", "signatures": signatures("signed", "empty")} | other))


def printed(number: int = 1, **other: Any) -> AppointmentStatus:
    """One of which nothing came back."""
    nothing = {
        "state": "printed",
        "pages_returned": (),
        "pages_missing": tuple(CONSENT),
        "signatures": signatures("missing", "missing"),
        "file": None,
    }
    return appointment(number, **(nothing | other))


def run(appointments: Sequence[AppointmentStatus], queued: int = 0) -> RunStatus:
    return RunStatus(
        run_id="N8M97KE4", issued_at="2026-11-30T18:00:00-06:00", appointments=tuple(appointments), queued=queued
    )


def day(count: int, queued: int = 0) -> RunStatus:
    """A day of appointments of every kind."""
    kinds = (appointment, unsigned, printed)
    return run([kinds[number % 3](number) for number in range(1, count + 1)], queued)


def document(kind: str, first_page: int, pages: int) -> Document:
    return Document(
        kind=kind, form=f"SM-{kind[0].upper()}", version="1.2", copy_number=1, first_page=first_page, pages=pages
    )


DOCUMENTS = (document("handout", 1, 9), document("consent", CONSENT.start, len(CONSENT)))
