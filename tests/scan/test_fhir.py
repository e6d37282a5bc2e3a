"""What a record system is told of a packet: nothing that is not so, in FHIR that other programs read."""

from __future__ import annotations

import base64
import hashlib
import json
import subprocess
import sys
from collections.abc import Sequence
from datetime import datetime
from typing import Any, get_args

import pytest
from fhir.resources.R4B.bundle import Bundle
from fhir.resources.R4B.consent import Consent
from fhir.resources.R4B.documentreference import DocumentReference
from hypothesis import given, settings
from hypothesis import strategies as st

from handouts.run.manifest import Document
from handouts.scan.fhir import bundle, consent_status
from handouts.scan.model import AppointmentStatus, SignatureState, SignatureStatus, State

from ..run.making import ROOT
from .standing import CONSENT, DOCUMENTS, MOMENT, appointment, document, printed, signature, signatures, unsigned

PDF = b"%PDF-1.7 the pages that came back"


def told(
    status: AppointmentStatus, documents: Sequence[Document] = DOCUMENTS, pdf: bytes = PDF, moment: datetime = MOMENT
) -> dict[str, Any]:
    """The bundle, as any program reads JSON."""
    read: dict[str, Any] = json.loads(bundle(status, pdf, documents, moment))
    return read


def resource(told: dict[str, Any], kind: str) -> dict[str, Any]:
    (found,) = (each["resource"] for each in told["entry"] if each["resource"]["resourceType"] == kind)
    return dict(found)


# -- what is claimed -------------------------------------------------------------------------------

SIGNATURES = st.builds(
    SignatureStatus,
    role=st.sampled_from(["patient", "representative", "interpreter", "clinician", "witness", "withdrawal"]),
    page=st.integers(1, 15),
    state=st.sampled_from(get_args(SignatureState)),
    optional=st.booleans(),
)
SOME_PAGES = st.sets(st.integers(1, 15)).map(lambda pages: tuple(sorted(pages)))
APPOINTMENTS = st.builds(
    appointment,
    state=st.sampled_from(get_args(State)),
    pages_returned=st.one_of(
        st.just(tuple(CONSENT)), st.sets(st.integers(1, 15)).map(lambda pages: tuple(sorted(pages)))
    ),
    pages_missing=st.one_of(st.just(()), SOME_PAGES),
    signatures=st.one_of(
        st.lists(SIGNATURES, max_size=5).map(tuple),
        st.builds(signatures, st.sampled_from(get_args(SignatureState)), st.just("signed")),
    ),
    notes=st.sampled_from([(), (), ("look at page 10",)]),
)


@settings(max_examples=1000, deadline=None)
@given(APPOINTMENTS)
def test_nothing_is_active_while_anything_is_missing_or_must_be_looked_at(status: AppointmentStatus) -> None:
    if consent_status(status, DOCUMENTS) == "active":
        assert status.state == "complete"
        assert not status.pages_missing
        assert not status.notes
        assert set(CONSENT) <= set(status.pages_returned)
        assert all(each.state != "look" for each in status.signatures)
        on_form = [each for each in status.signatures if each.page in CONSENT]
        assert any(each.state == "signed" and not each.optional for each in on_form)
        assert all(each.state == "signed" for each in on_form if not each.optional)
        assert all(each.state != "missing" for each in on_form)
        assert not any(each.role == "withdrawal" and each.state == "signed" for each in status.signatures)


def test_a_consent_that_is_whole_and_signed_is_active_and_its_document_final() -> None:
    read = told(appointment())
    assert resource(read, "Consent")["status"] == "active"
    assert resource(read, "DocumentReference")["docStatus"] == "final"


@pytest.mark.parametrize("state", ["empty", "look", "missing"])
@pytest.mark.parametrize("said", get_args(State))
def test_a_signature_that_is_not_there_leaves_a_proposal_whatever_the_state(said: State, state: SignatureState) -> None:
    for found in (signatures(state, "signed"), signatures("signed", state)):
        assert consent_status(appointment(state=said, signatures=found), DOCUMENTS) == "proposed"


def test_a_page_of_the_form_that_did_not_come_back_leaves_a_proposal() -> None:
    for page in CONSENT:
        rest = tuple(each for each in CONSENT if each != page)
        assert consent_status(appointment(pages_returned=rest), DOCUMENTS) == "proposed"
        assert consent_status(appointment(pages_missing=(page,)), DOCUMENTS) == "proposed"


def test_a_form_that_nobody_must_sign_is_no_consent() -> None:
    assert consent_status(appointment(signatures=()), DOCUMENTS) == "proposed"
    only_witness = (signature("witness", "signed", optional=True),)
    assert consent_status(appointment(signatures=only_witness), DOCUMENTS) == "proposed"


def test_of_two_copies_one_may_stay_with_the_patient_and_none_may_come_back_in_part() -> None:
    copies = (document("consent", 1, 2), document("consent", 3, 2))
    one, two = signature("patient", "signed", 2), signature("patient", "signed", 4)
    for signed, pages, status in (
        ((one,), (1, 2), "active"),
        ((two,), (3, 4), "active"),
        ((one, two), (1, 2, 3, 4), "active"),
        ((one, two), (1, 2, 4), "proposed"),
        ((one, signature("patient", "empty", 4)), (1, 2, 3, 4), "proposed"),
    ):
        assert consent_status(appointment(pages_returned=pages, signatures=signed), copies) == status


def test_a_note_for_a_person_leaves_a_proposal() -> None:
    read = told(appointment(notes=("the box <declined> is ticked",)))
    assert resource(read, "Consent")["status"] == "proposed"
    assert "the box &lt;declined&gt; is ticked" in resource(read, "Consent")["text"]["div"]


def test_consent_that_was_taken_back_has_ended_whatever_else_is_missing() -> None:
    taken_back = signature("withdrawal", "signed", 15, optional=True)
    for status in (appointment(), unsigned(), unsigned(pages_missing=(10,), pages_returned=(15,))):
        gone = status.model_copy(update={"signatures": (*status.signatures[:-1], taken_back)})
        assert consent_status(gone, DOCUMENTS) == "inactive"
        alone = status.model_copy(update={"signatures": (*status.signatures, signature("withdrawal", "signed", 5))})
        assert consent_status(alone, (*DOCUMENTS, document("withdrawal", 5, 1))) == "inactive"


@pytest.mark.parametrize("state", ["look", "missing"])
def test_consent_that_may_have_been_taken_back_is_not_active(state: SignatureState) -> None:
    doubtful = signature("withdrawal", state, 15, optional=True)
    status = appointment(signatures=(*signatures("signed", "signed")[:-1], doubtful))
    assert consent_status(status, DOCUMENTS) == "proposed"


def test_a_refusal_that_is_signed_is_rejected() -> None:
    documents = (*DOCUMENTS, document("refusal", 16, 2))
    for role in ("patient", "representative"):
        status = appointment(pages=17, signatures=(*signatures("signed", "signed"), signature(role, "signed", 17)))
        assert consent_status(status, documents) == "rejected"
    witnessed = appointment(pages=17, signatures=(*signatures("signed", "signed"), signature("witness", "signed", 17)))
    assert consent_status(witnessed, documents) != "rejected"


def test_a_document_is_preliminary_while_anything_is_missing_or_in_doubt() -> None:
    doubtful = (*signatures("signed", "signed")[:-1], signature("withdrawal", "look", 15, optional=True))
    for status in (unsigned(), appointment(signatures=doubtful)):
        document_reference = resource(told(status), "DocumentReference")
        assert (document_reference["status"], document_reference["docStatus"]) == ("current", "preliminary")


def test_a_packet_without_a_consent_form_tells_of_no_consent() -> None:
    read = told(appointment(signatures=()), (document("estimate", 1, 2),))
    assert [each["resource"]["resourceType"] for each in read["entry"]] == ["DocumentReference"]
    assert "coding" not in resource(read, "DocumentReference")["type"]
    assert "category" not in resource(read, "DocumentReference")


def test_people_read_who_signed_and_who_did_not() -> None:
    text = resource(told(unsigned()), "Consent")["text"]["div"]
    for each in ("SM-C, version 1.2: proposed.", "Signed: patient.", "Not signed: clinician (empty, p. 14)."):
        assert each in text


# -- the PDF ---------------------------------------------------------------------------------------


def test_the_pdf_comes_out_as_it_went_in_with_its_size_and_hash() -> None:
    pdf = bytes(range(256)) * 4000
    attachment = resource(told(appointment(), pdf=pdf), "DocumentReference")["content"][0]["attachment"]
    assert base64.b64decode(attachment["data"], validate=True) == pdf
    assert attachment["size"] == len(pdf)
    assert base64.b64decode(attachment["hash"]) == hashlib.sha1(pdf).digest()  # noqa: S324 - as FHIR asks
    assert attachment["contentType"] == "application/pdf"


# -- what FHIR demands -----------------------------------------------------------------------------


def test_the_bundle_is_fhir_to_a_program_that_knows_it() -> None:
    for status in (appointment(), unsigned(), unsigned(notes=("<>&\"'",))):
        read = Bundle.model_validate_json(bundle(status, PDF, DOCUMENTS, MOMENT))
        resources = [each.resource for each in read.entry or ()]
        assert [type(each) for each in resources] == [DocumentReference, Consent]
        assert read.timestamp == MOMENT


def test_the_invariants_of_fhir_hold() -> None:
    read = told(unsigned())
    # bdl-3, bdl-7, bdl-8: each entry of a transaction has a request, and an address of its own without a version
    addresses = [each["fullUrl"] for each in read["entry"]]
    assert len(set(addresses)) == len(addresses)
    assert all(address.startswith("urn:uuid:") for address in addresses)
    assert all(set(each["request"]) == {"method", "url"} for each in read["entry"])
    consent, reference = resource(read, "Consent"), resource(read, "DocumentReference")
    # ppc-1: a policy or a rule; ppc-5: of a treatment, a patient; and source is a reference to what is there
    assert consent["policyRule"]["text"] == "Consent form SM-C, version 1.2"
    assert consent["patient"]
    assert consent["scope"]["coding"][0]["code"] == "treatment"
    assert consent["category"][0]["coding"][0] == {
        "system": "http://loinc.org",
        "code": "59284-0",
        "display": "Consent Document",
    }
    assert consent["sourceReference"] == {"reference": addresses[0]}
    # att-1: data has a type; an instant has seconds and a zone; dom-6: there is something for people to read
    assert reference["date"] == consent["dateTime"] == "2026-12-01T07:12:00-06:00"
    assert reference["text"]["status"] == consent["text"]["status"] == "generated"


def test_no_patient_is_named_or_looked_for() -> None:
    read = told(appointment())
    absent = {"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "temp-unknown"}
    assert resource(read, "Consent")["patient"] == {"extension": [absent]}
    assert resource(read, "DocumentReference")["subject"] == {"extension": [absent]}
    assert resource(read, "DocumentReference")["context"] == {
        "related": [{"type": "Appointment", "identifier": {"value": "A-0001"}}]
    }
    assert "Patient?" not in json.dumps(read)


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        bundle(appointment(), PDF, DOCUMENTS, MOMENT.replace(tzinfo=None))


# -- twice -----------------------------------------------------------------------------------------


def test_what_is_told_later_replaces_what_was_told_before() -> None:
    before, after = told(unsigned()), told(appointment(), pdf=PDF + b"and more")
    assert [each["request"] for each in before["entry"]] == [each["request"] for each in after["entry"]]
    assert [each["fullUrl"] for each in before["entry"]] == [each["fullUrl"] for each in after["entry"]]
    versions = [resource(each, "DocumentReference")["masterIdentifier"] for each in (before, after)]
    assert versions[0] != versions[1]
    packet = resource(after, "DocumentReference")["identifier"][0]
    for each in after["entry"]:
        kind = each["resource"]["resourceType"]
        query = f"{kind}?identifier={packet['system']}|{packet['value']}"
        assert each["request"] == {"method": "PUT", "url": query}
        assert each["resource"]["identifier"] == [packet]
        assert "id" not in each["resource"]
    assert packet["value"] == appointment().packet_id


def test_no_two_packets_share_an_id() -> None:
    first, second = told(appointment(1)), told(appointment(2))
    found = [each["fullUrl"] for read in (first, second) for each in read["entry"]]
    found += [read["id"] for read in (first, second)]
    found += [resource(read, "DocumentReference")["masterIdentifier"]["value"] for read in (first, second)]
    assert len(set(found)) == len(found)


def test_the_same_packet_gives_the_same_bytes_in_another_process() -> None:
    code = (
        "import sys; from tests.scan.standing import *; from handouts.scan.fhir import bundle\n"
        "sys.stdout.buffer.write(bundle(appointment(), b'pdf', DOCUMENTS, MOMENT))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True)
    assert done.stdout == bundle(appointment(), b"pdf", DOCUMENTS, MOMENT)


def test_nothing_of_fhir_is_loaded_before_a_bundle_is_made() -> None:
    code = "import sys, handouts.scan.fhir, handouts.scan.report, handouts.scan.huddle\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = {module.split(".")[0] for module in done.stdout.split()}
    assert not {"fhir", "fhir_core", "rich", "reportlab", "babel"} & loaded


def test_a_printed_packet_is_proposed_at_most() -> None:
    assert consent_status(printed(), DOCUMENTS) == "proposed"
