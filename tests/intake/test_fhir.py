"""FHIR R4: the right values through every kind of reference, and never another patient's."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from handouts.errors import ListError
from handouts.intake import read_lists
from handouts.model import Effect

from .making import Resource, appointment, clinic, codes, patient, read_fhir, written

DAY = Path(__file__).parents[1] / "data" / "fhir" / "day.bundle.json"
SOURCE = "list.ndjson:Appointment/a1"


def _bundle(*entries: tuple[str, Resource], **more: object) -> str:
    listed = [{"fullUrl": url, "resource": resource} for url, resource in entries]
    return json.dumps({"resourceType": "Bundle", "type": "searchset", "entry": listed} | more)


def test_a_real_day_is_read() -> None:
    found = read_lists([DAY], clinic())
    reasons = Counter(problem.code for problem in found.problems)
    assert reasons == Counter({"cancelled": 1, "no-show": 1, "not-confirmed": 1, "entered-in-error": 1, "deceased": 1})
    assert {problem.effect for problem in found.problems} == {Effect.LEFT_OUT}
    assert len(found.appointments) == 6
    assert {"it", "es"} & {each.patient.language for each in found.appointments}
    assert all(each.clinician and "," in each.clinician and each.room and each.procedure for each in found.appointments)


def test_resources_are_found_across_files(tmp_path: Path) -> None:
    one = written(tmp_path, json.dumps(appointment()), "day.json")
    two = written(tmp_path, json.dumps(patient("p0")) + "\n" + json.dumps(patient()), "patients.ndjson")
    found = read_lists([one, two], clinic())
    visit = found.appointments[0]
    assert visit.source == "day.json:Appointment/a1"
    assert (visit.patient.name, visit.patient.patient_id) == ("Ana Maria Perez", "MRN-p1")
    assert visit.start.isoformat() == "2026-12-01T09:30:00-05:00"


@pytest.mark.parametrize(
    ("url", "reference"),
    [
        ("https://a.example/fhir/Patient/p1", "Patient/p1"),
        ("https://a.example/fhir/Patient/p1", "https://a.example/fhir/Patient/p1"),
        ("https://a.example/fhir/Patient/p1", "Patient/p1/_history/3"),
        ("urn:uuid:7c2", "urn:uuid:7c2"),
    ],
)
def test_every_kind_of_reference_is_followed(tmp_path: Path, url: str, reference: str) -> None:
    visit = ("https://a.example/fhir/Appointment/a1", appointment("a1", reference))
    path = written(tmp_path, _bundle(visit, (url, patient())))
    assert read_lists([path], clinic()).appointments[0].patient.patient_id == "MRN-p1"


def test_contained_resources_are_followed(tmp_path: Path) -> None:
    related = {"resourceType": "RelatedPerson", "id": "r", "patient": {"reference": "#p"}, "name": [{"text": "Eva P"}]}
    visit = appointment("a1", "#p", "#r", contained=[patient("p"), related])
    assert read_fhir(tmp_path, visit).appointments[0].representative == "Eva P"


def test_the_record_number_of_a_contained_patient_is_read(tmp_path: Path) -> None:
    found = read_fhir(tmp_path, appointment("a1", "#p", contained=[patient("p")]))
    assert found.appointments[0].patient.patient_id == "MRN-p"


def test_a_deleted_appointment_is_not_printed(tmp_path: Path) -> None:
    bundle = json.loads(_bundle(("https://a.example/Patient/p1", patient()), ("https://a.example/Appointment/a1",
                        appointment("a1")), ("https://a.example/Appointment/a2", appointment("a2"))))  # fmt: skip
    bundle["entry"][2]["request"] = {"method": "DELETE", "url": "Appointment/a2"}
    found = read_lists([written(tmp_path, json.dumps(bundle), "list.json")], clinic())
    assert [each.appointment_id for each in found.appointments] == ["a1"]


def test_equal_ids_on_two_servers_are_not_mixed_up(tmp_path: Path) -> None:
    entries = []
    for server, family in (("a", "Perez"), ("b", "Stone")):
        base = f"https://{server}.example/fhir"
        number = patient()["identifier"]
        person = patient("p1", name=[{"family": family}], identifier=[{**_first(number), "value": f"MRN-{server}"}])
        entries += [(f"{base}/Patient/p1", person), (f"{base}/Appointment/{server}", appointment(server))]
    found = read_lists([written(tmp_path, _bundle(*entries))], clinic())
    assert [each.patient.name for each in found.appointments] == ["Perez", "Stone"]


def _first(value: object) -> Resource:
    assert isinstance(value, list)
    assert isinstance(value[0], dict)
    return value[0]


def test_a_patient_told_in_two_ways_is_never_chosen_between(tmp_path: Path) -> None:
    good = (patient("p2"), appointment("a2", "Patient/p2"))
    found = read_fhir(tmp_path, patient(), patient(birthDate="1981-04-13"), appointment(), *good)
    assert codes(found) == [(SOURCE, "Appointment.participant.actor", "conflicting-resource")]
    assert [each.appointment_id for each in found.appointments] == ["a2"]


def test_the_same_patient_in_two_versions_with_equal_content_is_one(tmp_path: Path) -> None:
    found = read_fhir(tmp_path, patient(), patient(meta={"versionId": "2"}, text={"div": "<p/>"}), appointment())
    assert len(found.appointments) == 1


@pytest.mark.parametrize(
    ("references", "code"),
    [
        (("Patient/p9",), "unresolved-reference"),
        (("Patient/p1", "Patient/p2"), "not-one-patient"),
        (("Location/l1",), "not-one-patient"),
        (("Patient?identifier=x",), "unresolved-reference"),
        (("Patient/p1", "RelatedPerson/r9"), "unresolved-reference"),
        (("Patient/p1", "urn:uuid:unknown"), "unresolved-reference"),
        (("Patient/p1", "RelatedPerson/of-p2"), "other-patient"),
    ],
)
def test_appointments_that_cannot_be_resolved_are_problems(
    tmp_path: Path, references: tuple[str, ...], code: str
) -> None:
    related: Resource = {"resourceType": "RelatedPerson", "id": "of-p2", "patient": {"reference": "Patient/p2"}}
    good = (patient(), patient("p2"), related, appointment("a2", "Patient/p2"))
    found = read_fhir(tmp_path, *good, appointment("a1", *references))
    assert [each.appointment_id for each in found.appointments] == ["a2"]
    assert (SOURCE, code) in [(problem.source, problem.code) for problem in found.problems]


def test_a_missing_room_is_reported_and_the_packet_printed(tmp_path: Path) -> None:
    found = read_fhir(tmp_path, patient(), appointment("a1", "Patient/p1", "Location/l9"))
    assert len(found.appointments) == 1
    assert [(each.code, each.effect) for each in found.problems] == [("unresolved-reference", Effect.PRINTED)]


def test_the_people_and_places_are_named(tmp_path: Path) -> None:
    doctor = {"family": "Okafor", "given": ["Adaeze"], "suffix": ["MD"]}
    resources: list[Resource] = [
        {"resourceType": "Practitioner", "id": "d", "name": [doctor]},
        {"resourceType": "PractitionerRole", "id": "role", "practitioner": {"reference": "Practitioner/d"}},
        {"resourceType": "Location", "id": "l", "name": "Room 2"},
        {
            "resourceType": "RelatedPerson",
            "id": "r",
            "patient": {"reference": "Patient/p1"},
            "name": [{"given": ["Eva"], "family": "Perez"}],
        },
        {
            "resourceType": "Coverage",
            "id": "c",
            "status": "active",
            "beneficiary": {"reference": "Patient/p1"},
            "payor": [{"display": "Medicare"}],
        },
        {
            "resourceType": "ServiceRequest",
            "id": "s",
            "subject": {"reference": "Patient/p1"},
            "quantityQuantity": {"value": 12.0},
        },
    ]
    references = ("Patient/p1", "PractitionerRole/role", "Location/l", "RelatedPerson/r")
    services = [{"text": "Spinal decompression", "coding": [{"code": "97012", "display": "Traction"}]}]
    visit = appointment("a1", *references, basedOn=[{"reference": "ServiceRequest/s"}], serviceType=services)
    found = read_fhir(tmp_path, patient(), *resources, visit)
    read = found.appointments[0]
    assert (read.clinician, read.room, read.representative) == ("Adaeze Okafor, MD", "Room 2", "Eva Perez")
    assert (read.payer, read.sessions, read.procedure) == ("Medicare", 12, "Spinal decompression")


@pytest.mark.parametrize(
    ("service", "expected"),
    [
        ({"coding": [{"code": "97012"}, {"code": "x", "display": "Traction"}]}, "Traction"),
        ({"coding": [{"code": "97012"}]}, "97012"),
    ],
)
def test_a_service_without_text_is_told_by_its_coding(tmp_path: Path, service: Resource, expected: str) -> None:
    assert read_fhir(tmp_path, patient(), appointment(serviceType=[service])).appointments[0].procedure == expected


@pytest.mark.parametrize(
    ("names", "printed"),
    [
        ([{"use": "maiden", "family": "Old"}, {"use": "usual", "family": "Two"}, {"family": "Three"}], "Two"),
        ([{"use": "old", "family": "Old"}, {"use": "nickname", "text": "Annie"}], "Annie"),
        ([{"family": "Gone", "period": {"end": "2025"}}, {"use": "temp", "family": "Here"}], "Here"),
        ([{"family": "Perez", "given": ["Ana"], "suffix": ["Jr."], "prefix": ["Ms."]}], "Ana Perez Jr."),
    ],
)
def test_the_name_in_use_is_printed(tmp_path: Path, names: list[Resource], printed: str) -> None:
    assert read_fhir(tmp_path, patient(name=names), appointment()).appointments[0].patient.name == printed


@pytest.mark.parametrize(
    ("changed", "field", "code"),
    [
        ({"birthDate": "1980-04"}, "Patient.birthDate", "bad-date"),
        ({"birthDate": None}, "Patient.birthDate", "missing-value"),
        ({"name": [{"use": "old", "family": "Old"}]}, "Patient.name.text", "missing-value"),
        ({"name": [{"family": "One"}, {"family": "Two"}]}, "Patient.name", "several-names"),
        ({"identifier": []}, "Patient.identifier", "missing-value"),
        ({"link": [{"type": "replaced-by"}]}, "Patient.link", "replaced-patient"),
        ({"birthDate": ["1980-04-13"]}, "Patient.birthDate", "not-one-value"),
    ],
)
def test_patients_that_cannot_be_identified_are_problems(
    tmp_path: Path, changed: Resource, field: str, code: str
) -> None:
    good = (patient("p2"), appointment("a2", "Patient/p2"))
    assert (SOURCE, field, code) in codes(read_fhir(tmp_path, patient(**changed), appointment(), *good))


def test_without_any_record_number_none_is_asked_for(tmp_path: Path) -> None:
    found = read_fhir(tmp_path, patient(identifier=[{"value": "no MR"}]), appointment())
    assert found.appointments[0].patient.patient_id is None


def test_language_and_interpreter_are_read(tmp_path: Path) -> None:
    def spoken(code: str) -> Resource:
        return {"language": {"coding": [{"code": code}]}}

    needed = {"url": "http://hl7.org/fhir/StructureDefinition/patient-interpreterRequired", "valueBoolean": True}
    communication = [spoken("en-US"), spoken("es-MX") | {"preferred": True}]
    person = patient(communication=communication, extension=[needed])
    read = read_fhir(tmp_path, person, appointment()).appointments[0].patient
    assert (read.language, read.interpreter, read.sex) == ("es", True, "female")


@pytest.mark.parametrize(
    ("visit", "person", "code"),
    [
        ({"status": "noshow"}, {}, "no-show"),
        ({"status": "cancelled", "participant": []}, {}, "cancelled"),
        ({}, {"deceasedBoolean": True}, "deceased"),
        ({}, {"deceasedDateTime": "2020"}, "deceased"),
        ({"participant": [{"actor": {"reference": "Patient/p1"}, "status": "declined"}]}, {}, "declined"),
    ],
)
def test_what_was_not_meant_to_be_printed_is_only_left_out(
    tmp_path: Path, visit: Resource, person: Resource, code: str
) -> None:
    found = read_fhir(tmp_path, patient(**person), appointment(**visit))
    assert [(each.source, each.code, each.effect) for each in found.problems] == [(SOURCE, code, Effect.LEFT_OUT)]


def test_patients_without_appointments_are_refused_with_their_number(tmp_path: Path) -> None:
    with pytest.raises(ListError, match="hold 2 Patient resources but no Appointment"):
        read_fhir(tmp_path, patient(), patient("p2"))


def test_a_missing_page_of_a_searchset_is_reported(tmp_path: Path) -> None:
    link = [{"relation": "next", "url": "https://a.example/?page=2"}]
    first = written(tmp_path, _bundle(("urn:x", appointment()), ("urn:y", patient()), link=link), "one.json")
    found = read_lists([first], clinic())
    assert codes(found) == [("one.json", "Bundle.link", "incomplete-list")]
    page = [{"relation": "self", "url": "https://a.example/?page=2"}]
    second = written(tmp_path, _bundle(link=page), "two.json")
    assert not read_lists([first, second], clinic()).problems


def test_resources_mixed_with_other_objects_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ListError, match="mixes FHIR"):
        read_fhir(tmp_path, patient(), {"start": "2026-12-01"})
