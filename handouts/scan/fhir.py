"""What came back of one packet, for a record system: FHIR R4B resources (https://hl7.org/fhir/R4B).

The bundle is a transaction: sent to a FHIR server's base address it is carried out whole or not at all, whereas a
collection is stored as a lump whose parts nobody finds. Both resources are put by the packet's identifier (a
conditional update), so that a bundle made after more pages came back replaces what an earlier one said.

The run folder knows no patient. `context.related` tells the appointment's id, and whoever loads the bundle puts the
patient of that appointment in place of `subject` and `patient`. Nothing here lets a server look for the patient on its
own: an id without a system may be another clinic's.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from hashlib import sha1
from html import escape
from typing import Literal, TypeAlias
from uuid import UUID, uuid5

from handouts.run.manifest import Document
from handouts.scan.model import AppointmentStatus
from handouts.scan.status import DECIDING, REFUSAL, TAKEN_BACK
from handouts.scan.telling import page_ranges, signed, unsigned

Json: TypeAlias = str | int | Sequence["Json"] | Mapping[str, "Json"]
ConsentStatus = Literal["active", "proposed", "rejected", "inactive"]

NAMESPACE = UUID("a97444e7-33e2-42d6-bdb5-c07f6dabe044")
"""Of all packets: the system of their identifiers, and the root of the ids made from them."""

_PDF = "VGhlIFBERiBzdGFuZHMgaGVyZQ=="
"""Stands for the PDF while the resources are checked: they would decode it and encode it again, twice."""

_CONSENT = "consent"
_LOINC_CONSENT: Json = {"coding": [{"system": "http://loinc.org", "code": "59284-0", "display": "Consent Document"}]}
_TREATMENT: Json = {
    "coding": [
        {
            "system": "http://terminology.hl7.org/CodeSystem/consentscope",
            "code": "treatment",
            "display": "Treatment",
        }
    ]
}
_PATIENT_NOT_KNOWN: Json = {
    "extension": [{"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "temp-unknown"}]
}
"""The value may become known from the workflow: the appointment has it."""


def bundle(appointment: AppointmentStatus, pdf: bytes, documents: Sequence[Document], scanned_at: datetime) -> bytes:
    """In JSON, the DocumentReference of a packet of which something came back, and its Consent if it has such a form.

    The same bytes for the same arguments. pdf: the pages that came back. documents: of the packet, as the manifest has
    them. scanned_at: when the last page came back, with its zone.
    Raises ValueError where `scanned_at` has no zone, which FHIR demands of an instant.
    """
    from fhir.resources.R4B.bundle import Bundle

    if scanned_at.tzinfo is None:
        raise ValueError("scanned_at has no time zone")
    moment = scanned_at.isoformat(timespec="seconds")
    consents = [each for each in documents if each.kind == _CONSENT]
    entries = [_entry("DocumentReference", appointment, _document(appointment, pdf, moment, bool(consents)))]
    if consents:
        entries.append(_entry("Consent", appointment, _consent(appointment, documents, moment)))
    told: Json = {
        "resourceType": "Bundle",
        "id": _uuid("Bundle", appointment.packet_id),
        "type": "transaction",
        "timestamp": moment,
        "entry": entries,
    }
    before, after = (
        Bundle.model_validate(told).model_dump_json(indent=1).encode().split(_PDF.encode(), 1)
    )  # the first is the PDF's
    return b"".join((before, b64encode(pdf), after, b"\n"))


def consent_status(appointment: AppointmentStatus, documents: Sequence[Document]) -> ConsentStatus:
    """What a record system may take the consent for; where in doubt, for one that is not to be acted upon.

    inactive ("terminated"): it was taken back. rejected: the person said no, on the form for that. active ("to be
    followed"): a copy of the consent form came back, no copy in part, all who must sign did, and nothing is left for a
    person to look at, notes included. proposed ("not yet agreed to by all parties"): everything else.
    """
    returned = set(appointment.pages_returned)
    refusals = _pages(each for each in documents if each.kind == REFUSAL)
    form = _pages(each for each in documents if each.kind == _CONSENT and returned & _pages([each]))
    done = [each for each in appointment.signatures if each.state == "signed"]
    if any(each.role == TAKEN_BACK for each in done):
        return "inactive"
    if any(each.page in refusals and each.role in DECIDING for each in done):
        return "rejected"
    own = [each for each in appointment.signatures if each.page in form]
    whole = (
        appointment.state == "complete"
        and not appointment.pages_missing
        and not appointment.notes
        and form <= returned
        and not any(each.state == "look" for each in appointment.signatures)
        and any(not each.optional for each in own)
        and all(each.state == "signed" or (each.optional and each.state == "empty") for each in own)
    )
    return "active" if whole else "proposed"


def _pages(documents: Iterable[Document]) -> set[int]:
    return {page for each in documents for page in range(each.first_page, each.first_page + each.pages)}


# -- resources -------------------------------------------------------------------------------------


def _document(appointment: AppointmentStatus, pdf: bytes, moment: str, of_consent: bool) -> dict[str, Json]:
    """The PDF and what it is. final: all that must come back did, and no signature is in doubt."""
    final = appointment.state == "complete" and not any(each.state == "look" for each in appointment.signatures)
    digest = sha1(pdf, usedforsecurity=False)
    version = _uuid("DocumentReference", f"{appointment.packet_id}/{digest.hexdigest()}")
    described = (
        f"Pages {page_ranges(appointment.pages_returned)} of {appointment.pages} of packet {appointment.packet_id}"
    )
    if appointment.pages_missing:
        described += f"; missing: {page_ranges(appointment.pages_missing)}"
    kind: Json = _LOINC_CONSENT if of_consent else {"text": "Forms of an appointment, filled in on paper"}
    return {
        "resourceType": "DocumentReference",
        "text": _narrative([described]),
        "masterIdentifier": {"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{version}"},
        "identifier": [_identifier(appointment)],
        "status": "current",
        "docStatus": "final" if final else "preliminary",
        "type": kind,
        **({"category": [kind]} if of_consent else {}),
        "subject": _PATIENT_NOT_KNOWN,
        "date": moment,
        "description": described,
        "content": [
            {
                "attachment": {
                    "contentType": "application/pdf",
                    "data": _PDF,
                    "size": len(pdf),
                    "hash": b64encode(digest.digest()).decode(),
                    "title": f"Packet {appointment.packet_id}, as it came back",
                    "creation": moment,
                }
            }
        ],
        "context": {"related": [{"type": "Appointment", "identifier": {"value": appointment.appointment_id}}]},
    }


def _consent(appointment: AppointmentStatus, documents: Sequence[Document], moment: str) -> dict[str, Json]:
    """What the forms say about consent. policyRule names the form: what is agreed to is what is printed there.

    No code of the value set for policies fits: they are about sharing data. ppc-1 wants policy or policyRule, ppc-5 a
    patient.
    """
    status = consent_status(appointment, documents)
    forms = sorted({f"{each.form}, version {each.version}" for each in documents if each.kind == _CONSENT})
    told = [f"Consent to treatment by form {'; '.join(forms)}: {status}."]
    if signed(appointment):
        told.append(f"Signed: {signed(appointment)}.")
    told += [f"Not signed: {roles} ({why})." for roles, why in unsigned(appointment)]
    told += [f"To be noted: {note}." for note in appointment.notes]
    return {
        "resourceType": "Consent",
        "text": _narrative(told),
        "identifier": [_identifier(appointment)],
        "status": status,
        "scope": _TREATMENT,
        "category": [_LOINC_CONSENT],
        "patient": _PATIENT_NOT_KNOWN,
        "dateTime": moment,
        "sourceReference": {"reference": f"urn:uuid:{_uuid('DocumentReference', appointment.packet_id)}"},
        "policyRule": {"text": f"Consent form {'; '.join(forms)}"},
    }


def _entry(kind: str, appointment: AppointmentStatus, resource: Json) -> dict[str, Json]:
    """A resource that replaces the one that the packet has already, if it has one."""
    return {
        "fullUrl": f"urn:uuid:{_uuid(kind, appointment.packet_id)}",
        "resource": resource,
        "request": {"method": "PUT", "url": f"{kind}?identifier=urn:uuid:{NAMESPACE}|{appointment.packet_id}"},
    }


def _identifier(appointment: AppointmentStatus) -> Json:
    return {"system": f"urn:uuid:{NAMESPACE}", "value": appointment.packet_id}


def _uuid(kind: str, name: str) -> str:
    return str(uuid5(NAMESPACE, f"{kind}/{name}"))


def _narrative(lines: Sequence[str]) -> Json:
    paragraphs = "".join(f"<p>{escape(line)}</p>" for line in lines)
    return {"status": "generated", "div": f'<div xmlns="http://www.w3.org/1999/xhtml">{paragraphs}</div>'}
