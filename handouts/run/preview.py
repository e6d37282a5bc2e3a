"""`handouts preview`: a procedure's packets for people who are plainly made up, the awkward ones among them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from handouts.errors import OutputError, UsageError
from handouts.intake.clinic import read_clinic
from handouts.layout.codes import packet_id
from handouts.layout.logo import read_logo
from handouts.library.flags import Flags
from handouts.library.made_up import CLINIC, OFFER
from handouts.library.procedure import Procedure
from handouts.library.shelf import Shelf, languages_of, shelf_for
from handouts.model import Appointment, Clinic, Flag, Frozen, Offer, PacketPart, Paper, Patient
from handouts.press.notice import read_notice
from handouts.run.agreement import check_agreement
from handouts.run.estimates import estimate_of
from handouts.run.plan import Job
from handouts.run.pressroom import NotPrinted, Pressroom
from handouts.run.private import make_private, open_private

_DAY = date(2030, 1, 31)
_ISSUED = (2030, 1, 14, 18, 0)
_DOTS_PER_INCH = 110


class PreviewOptions(Frozen):
    """What to show. flags: None for a person of each kind, else everybody with exactly these. png: pictures too."""

    procedure: str
    clinic: Path | None = None
    language: str | None = None
    flags: tuple[Flag, ...] | None = None
    paper: Paper | None = None
    out: Path | None = None
    png: bool = False


@dataclass(frozen=True, slots=True)
class _Person:
    """kind: what is special about this person, for the file's name."""

    kind: str
    name: str
    flags: Flags
    record: str | None = "MADE-UP-0001"
    clinician: str | None = "Dr. Sample Signwell"


_PEOPLE = (
    _Person("ordinary", "Testa Sampleson", frozenset({Flag.SELF_PAY, Flag.SESSIONS_PLANNED})),
    _Person("minor", "Minna Madeup", frozenset({Flag.MINOR, Flag.REPRESENTATIVE, Flag.INSURED, Flag.SESSIONS_PLANNED})),
    _Person("one-word-name", "Mononym", frozenset({Flag.MEDICARE, Flag.INTERPRETER, Flag.SESSIONS_PLANNED})),
    _Person(
        "very-long-name",
        "Wilhelmina Alexandra Bartholomea Featherstonehaugh-Cholmondeley van der Voorbeeld tot Langenaam Pretendington "
        "de Ejemplo y de la Muestra Interminable",
        frozenset({Flag.INSURED, Flag.SESSIONS_PLANNED}),
        record="MADE-UP-00000000000000000000000000000002",
    ),
    _Person(
        "accents", "Zoë Łukasiewicz Đỗ Přílišný", frozenset({Flag.LACKS_CAPACITY, Flag.REPRESENTATIVE, Flag.SELF_PAY})
    ),
    _Person("nothing-known", "Nemo Nobody", frozenset({Flag.LARGE_PRINT}), record=None, clinician=None),
)
_PREVIEW = re.compile(rf"[0-9]{{2}}-({'|'.join(each.kind for each in _PEOPLE)})(-[0-9]{{2,3}})?\.(pdf|png)")
"""A file of an earlier preview, which is deleted; in its folder may be others."""


def preview(options: PreviewOptions) -> list[Path]:
    """Print the packets; the files written, in order. Raises HandoutsError."""
    clinic = read_clinic(options.clinic) if options.clinic else CLINIC
    shelf = shelf_for(clinic)
    if options.clinic:
        check_agreement(clinic, shelf, options.clinic)
    procedure = _procedure(options.procedure, shelf)
    if options.clinic is None:
        everything = tuple(PacketPart(document=name) for name in procedure.documents)
        clinic = clinic.model_copy(update={"procedures": {procedure.id: OFFER}, "packet": everything})
    language = options.language or clinic.languages[0]
    offered = languages_of(procedure, [part.document for part in clinic.packet_of(procedure.id)])
    if language not in offered:
        hint = f"It has: {', '.join(sorted(offered))}."
        raise UsageError(f"`{procedure.id}` has no forms in `{language}`", hint=hint)
    issued_at = datetime(*_ISSUED, tzinfo=clinic.zone)
    paper = options.paper or clinic.paper
    room = Pressroom(clinic, shelf, read_logo(clinic), read_notice(clinic), paper, clinic.duplex, issued_at)
    folder = options.out or Path("output") / f"preview-{procedure.id}-{language}"
    try:
        return _written(room, folder, options, procedure, clinic, language)
    except OSError as fault:
        hint = "Choose another --out, or mend its permissions."
        raise OutputError(f"could not be written: {fault.strerror or fault}", where=folder, hint=hint) from None


def _written(
    room: Pressroom, folder: Path, options: PreviewOptions, procedure: Procedure, clinic: Clinic, language: str
) -> list[Path]:
    make_private(folder)
    for old in folder.iterdir():
        if _PREVIEW.fullmatch(old.name):
            old.unlink()
    written: list[Path] = []
    people = [person for person in _PEOPLE if options.flags is None or person.kind != "minor"]
    for number, person in enumerate(people, 1):
        flags = person.flags if options.flags is None else _consistent(options.flags)
        result = room.press(_job(number, person, flags, procedure, clinic, language))
        if isinstance(result, NotPrinted):
            raise UsageError(f"{person.kind}: {result.problems[0].message}")
        path = folder / f"{number:02}-{person.kind}.pdf"
        with open(path, "wb", opener=open_private) as out:
            out.write(result.file)
        written += [path, *(_pictures(path) if options.png else [])]
    return written


def _procedure(name: str, shelf: Shelf) -> Procedure:
    if name not in shelf.procedures:
        raise UsageError(f"there are no templates for `{name}`", hint=f"Known: {', '.join(shelf.procedures)}.")
    return shelf.procedures[name]


def _consistent(flags: Sequence[Flag]) -> Flags:
    """With the flags that always come with these."""
    chosen = frozenset(flags)
    if {Flag.MINOR, Flag.LACKS_CAPACITY} <= chosen:
        raise UsageError("`minor` and `lacks_capacity` exclude each other")
    if Flag.REPRESENTATIVE in chosen and not chosen & {Flag.MINOR, Flag.LACKS_CAPACITY}:
        return chosen | {Flag.LACKS_CAPACITY}
    return chosen | {Flag.REPRESENTATIVE} if chosen & {Flag.MINOR, Flag.LACKS_CAPACITY} else chosen


def _job(number: int, person: _Person, flags: Flags, procedure: Procedure, clinic: Clinic, language: str) -> Job:
    offer = clinic.procedures.get(procedure.id, Offer())
    born = date(_DAY.year - (12 if Flag.MINOR in flags else 60), 2, 28)
    payers = {Flag.SELF_PAY: "Self-pay", Flag.INSURED: "Made-up Mutual Health", Flag.MEDICARE: "Medicare"}
    appointment = Appointment(
        appointment_id=f"PREVIEW-{number}",
        source="preview",
        start=datetime(_DAY.year, _DAY.month, _DAY.day, 9, 30, tzinfo=clinic.zone),
        patient=Patient(name=person.name, birth_date=born, patient_id=person.record, language="vi"),
        clinician=person.clinician,
        payer="; ".join(name for flag, name in payers.items() if flag in flags) or None,
        sessions=3 if Flag.SESSIONS_PLANNED in flags else None,
        representative="Paula Pretend" if Flag.REPRESENTATIVE in flags else None,
        booked_on=date(*_ISSUED[:3]),
    )
    practitioner = next((each for each in clinic.practitioners if each.name == person.clinician), None)
    if offer.price_per_session is not None:
        flags |= {Flag.PRICED}
    identifier = packet_id(b"preview", f"{procedure.id}/{language}/{number}")
    estimate = estimate_of(appointment, offer)
    due = procedure.medicare_notice and Flag.MEDICARE in flags
    return Job(number, identifier, appointment, practitioner, procedure.id, language, flags, estimate, due)


def _pictures(path: Path) -> Iterator[Path]:
    """Each page of a file as a PNG beside it."""
    import pypdfium2

    with pypdfium2.PdfDocument(path) as document:
        for number, page in enumerate(document, 1):
            picture = path.with_name(f"{path.stem}-{number:02}.png")
            with open(picture, "wb", opener=open_private) as out:
                page.render(scale=_DOTS_PER_INCH / 72).to_pil().save(out, "PNG")
            yield picture
