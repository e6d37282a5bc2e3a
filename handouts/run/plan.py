"""Which packets there will be, in which order, and for whom there can be none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from datetime import date

from handouts.errors import ListError, TemplateError, UsageError
from handouts.layout.codes import packet_id
from handouts.library.fields import Estimate
from handouts.library.flags import Flags, flags_of
from handouts.library.payers import is_unclear
from handouts.library.procedure import Procedure
from handouts.library.shelf import Shelf, languages_of
from handouts.model import Appointment, Clinic, Effect, Flag, Intake, Offer, PacketPart, Practitioner, Problem
from handouts.packed import Packed
from handouts.press.attachment import Attachment
from handouts.run.estimates import estimate_of
from handouts.run.options import Options
from handouts.run.passwords import not_usable, not_used
from handouts.run.practitioners import find

Variant = tuple[str, str, Flags]


@dataclass(frozen=True, slots=True)
class Job:
    """One packet to press. position: from 1, in appointment order. medicare_notice: whether CMS-R-131 is due."""

    position: int
    packet_id: str
    appointment: Appointment
    practitioner: Practitioner | None
    procedure: str
    language: str
    flags: Flags
    estimate: Estimate
    medicare_notice: bool

    @property
    def variant(self) -> Variant:
        """What decides the packet's text, fields apart: procedure, language and flags."""
        return self.procedure, self.language, self.flags


@dataclass(frozen=True, slots=True)
class Plan:
    """All packets of a run, in appointment order, their variants, and every problem known before the first is pressed.

    day: of the first appointment, if there is any.
    """

    jobs: Packed[Job]
    problems: Packed[Problem]
    variants: tuple[Variant, ...]
    day: date | None


def parts_for(clinic: Clinic, procedure: str, flags: Flags) -> list[PacketPart]:
    """The documents of a packet for this procedure and these flags, in the clinic's order."""
    return [
        part for part in clinic.packet_of(procedure) if flags.issuperset(part.when) and flags.isdisjoint(part.unless)
    ]


def make_plan(
    intake: Intake,
    clinic: Clinic,
    shelf: Shelf,
    notice: Attachment | None,
    options: Options,
    run_key: bytes,
    issued_on: date,
) -> Plan:
    """Decide on every appointment. notice: for Medicare. issued_on: the day the packets say they are of.

    Raises ListError, UsageError where nothing in the lists is meant.
    """
    if options.procedure is not None and options.procedure not in shelf.procedures:
        known = ", ".join(shelf.procedures)
        raise UsageError(f"there are no templates for `--procedure {options.procedure}`", hint=f"Known: {known}.")
    chosen = _chosen(intake, options)
    named = any(each.procedure for each in intake.appointments)
    planner = _Planner(clinic, shelf, options, issued_on, named=named)
    jobs: Packed[Job] = Packed()
    variants: dict[Variant, None] = {}
    days: dict[date, None] = {}
    noticed = password_given = False
    for index in chosen:
        appointment = intake.appointments[index]
        identifier = packet_id(run_key, appointment.appointment_id)
        job = planner.job(len(jobs) + 1, identifier, appointment)
        if job:
            jobs.append(job)
            variants[job.variant] = None
            days[appointment.start.date()] = None
            noticed = noticed or job.medicare_notice
            password_given = password_given or appointment.password is not None
    problems = Packed(_asked(intake, options))
    problems.extend(_several_days(list(days), options))
    problems.extend(_doubted(notice if noticed else None))
    if password_given and not options.encrypt:
        problems.append(not_used(options.lists))
    problems.extend(planner.problems)
    return Plan(jobs, problems, tuple(variants), next(iter(days), None))


def _chosen(intake: Intake, options: Options) -> list[int]:
    """Where the appointments stand that are meant, in appointment order."""
    days = {row.day for row in intake.rows if row.day} if options.day else set[date]()
    if days and options.day not in days:
        raise ListError(
            f"no appointment in the lists is on {options.day}",
            hint=f"They are on {_span(sorted(days))}; correct `--date`.",
        )
    known = {row.appointment_id for row in intake.rows} if options.only else set[str | None]()
    missing = [f"`--only {each}`" for each in options.only if each not in known]
    if missing:
        raise UsageError(
            f"{', '.join(missing)}: the lists have no such appointment", hint="Look up the id in the list."
        )
    meant = [
        (each.start, each.appointment_id, index)
        for index, each in enumerate(intake.appointments)
        if options.day in {None, each.start.date()} and (not options.only or each.appointment_id in options.only)
    ]
    return [index for *_, index in sorted(meant)]


def _asked(intake: Intake, options: Options) -> Iterable[Problem]:
    """The problems of the day and the appointments that were chosen, and those of whole lists."""
    if not options.day and not options.only:
        return intake.problems
    other = {
        row.source
        for row in intake.rows
        if (options.day and row.day and row.day != options.day)
        or (options.only and row.appointment_id and row.appointment_id not in options.only)
    }
    return (problem for problem in intake.problems if problem.source not in other)


def _several_days(days: Sequence[date], options: Options) -> Iterator[Problem]:
    """days: of the packets, in order."""
    if options.day is None and len(days) > 1:
        message = f"Packets of {len(days)} days are printed, {_span(days)}. Choose one day with --date."
        source = ", ".join(path.name for path in options.lists)
        yield Problem(source=source, field="start", code="several-days", message=message, effect=Effect.PRINTED)


def _doubted(notice: Attachment | None) -> Iterator[Problem]:
    """notice: the one that is in any packet."""
    if notice and notice.doubt:
        message = (
            f"The Medicare notice {notice.doubt}: the print run and the packets with it do not say that they are "
            "PDF/A and PDF/UA. They print as ever; for an archive, name a copy that is saved as PDF/A-2u."
        )
        field, code = "medicare_notice", "medicare-notice-not-archival"
        yield Problem(source="clinic.yaml", field=field, code=code, message=message, effect=Effect.PRINTED)


def _span(days: Sequence[date]) -> str:
    return str(days[0]) if len(days) == 1 else f"{days[0]} to {days[-1]}"


class _Planner:
    """Turns appointments into jobs and collects what stands in the way.

    named: whether the lists name procedures at all.
    """

    def __init__(self, clinic: Clinic, shelf: Shelf, options: Options, issued_on: date, *, named: bool) -> None:
        self._clinic = clinic
        self._shelf = shelf
        self._options = options
        self._named = named
        self._issued_on = issued_on
        self._overdue: set[str] = set()
        self._offered: dict[str, Set[str]] = {}
        self.problems: Packed[Problem] = Packed()

    def _tell(self, appointment: Appointment, field: str, code: str, message: str, effect: Effect) -> None:
        self.problems.append(Problem(source=appointment.source, field=field, code=code, message=message, effect=effect))

    def job(self, position: int, identifier: str, appointment: Appointment) -> Job | None:
        """The packet for one appointment; None (and a problem) where there can be none."""
        procedure = self._procedure(appointment)
        if procedure is None or not self._has_forms(procedure, appointment):
            return None
        if procedure.draft:
            message = f"The forms of `{procedure.id}` are a draft. Finish them, and take `draft` out of procedure.yaml."
            self._tell(appointment, "procedure", "procedure-draft", message, Effect.NOT_PRINTED)
            return None
        self._look_at_review(procedure)
        offer = self._clinic.procedures.get(procedure.id, Offer())
        estimate = estimate_of(appointment, offer)
        language = self._language(procedure, appointment)
        foreign = appointment.patient.language not in {None, language}
        flags = flags_of(
            appointment, self._clinic, estimate, priced=offer.price_per_session is not None, foreign=foreign
        )
        if foreign:
            chosen = self._options.language != "auto"
            why = "Another language was chosen than the patient's" if chosen else "No forms in the patient's language"
            message = f"{why}: printed in `{language}`. An interpreter is needed."
            self._tell(appointment, "language", "language-not-available", message, Effect.PRINTED)
        if is_unclear(appointment.payer):
            message = (
                "The payer may be Original Medicare or a plan that replaces it: printed as Original Medicare. "
                "If it is a plan, write Medicare Advantage and print again."
            )
            self._tell(appointment, "payer", "payer-unclear", message, Effect.PRINTED)
        documents = {part.document for part in parts_for(self._clinic, procedure.id, flags)}
        if not documents:
            message = "The clinic's `packet` has no document for this appointment."
            self._tell(appointment, "packet", "nothing-to-print", message, Effect.LEFT_OUT)
            return None
        practitioner = self._practitioner(appointment)
        if estimate.due and estimate.due < self._issued_on and Flag.SELF_PAY in flags:
            message = f"The good faith estimate was due on {estimate.due}, before the day it is printed with."
            self._tell(appointment, "booked_on", "estimate-late", message, Effect.PRINTED)
        if Flag.SELF_PAY in flags and "estimate" not in documents and self._clinic.currency == "USD":
            message = (
                "The patient pays and the packet has no estimate. In the United States a good faith estimate is due "
                "(45 CFR 149.610): hand out your own."
            )
            self._tell(appointment, "payer", "estimate-due", message, Effect.PRINTED)
        if appointment.booked_on and appointment.booked_on > appointment.start.date():
            message = "The appointment was made after it takes place: the day the estimate is due is left to write in."
            self._tell(appointment, "booked_on", "booked-after-visit", message, Effect.PRINTED)
        if self._options.encrypt:
            self.problems.extend(not_usable(appointment))
        due = procedure.medicare_notice and Flag.MEDICARE in flags
        if due and self._clinic.medicare_notice is None:
            message = (
                "The Medicare notice CMS-R-131 is due and is not in the packet. Add your copy of the official form by "
                "hand, or name its PDF as `medicare_notice` in clinic.yaml."
            )
            self._tell(appointment, "payer", "medicare-notice-due", message, Effect.PRINTED)
        return Job(position, identifier, appointment, practitioner, procedure.id, language, flags, estimate, due)

    def _look_at_review(self, procedure: Procedure) -> None:
        """Tell once where the day of the next review is past."""
        if procedure.next_review < self._issued_on and procedure.id not in self._overdue:
            self._overdue.add(procedure.id)
            message = f"The forms of `{procedure.id}` were to be reviewed by {procedure.next_review}."
            source = f"{procedure.id}/procedure.yaml"
            self.problems.append(
                Problem(source=source, field="", code="review-overdue", message=message, effect=Effect.PRINTED)
            )

    def _procedure(self, appointment: Appointment) -> Procedure | None:
        wanted = self._options.procedure
        if appointment.procedure is None:
            only = next(iter(self._clinic.procedures)) if len(self._clinic.procedures) == 1 else None
            name = wanted or only
            if name is None or name not in self._shelf.procedures:
                message = "The list names no procedure. Add the column, or choose one with --procedure."
                self._tell(appointment, "procedure", "procedure-missing", message, Effect.NOT_PRINTED)
                return None
            if self._named and wanted is None:
                message = f"The row names no procedure, as other rows do: printed for `{name}`."
                self._tell(appointment, "procedure", "procedure-assumed", message, Effect.PRINTED)
            return self._shelf.procedures[name]
        found = self._shelf.find(appointment.procedure)
        if wanted is not None and wanted not in found:
            message = f"This appointment is for another procedure than `{wanted}`."
            self._tell(appointment, "procedure", "other-procedure", message, Effect.LEFT_OUT)
            return None
        if wanted is None and len(found) != 1:
            message = (
                f"Several procedures go by this name ({', '.join(found)}). Choose one with --procedure."
                if found
                else "No templates go by this procedure's name. Add the spelling to `aliases` in its procedure.yaml, "
                f"or use one of: {', '.join(self._shelf.procedures)}."
            )
            self._tell(appointment, "procedure", "procedure-unknown", message, Effect.NOT_PRINTED)
            return None
        return self._shelf.procedures[wanted or found[0]]

    def _has_forms(self, procedure: Procedure, appointment: Appointment) -> bool:
        """Whether there is a form for each document of the packet; clinic.yaml need not name every procedure."""
        parts = self._clinic.packet_of(procedure.id)
        missing = [part.document for part in parts if part.document not in procedure.documents]
        if missing:
            message = (
                f"`{procedure.id}` has no form for {', '.join(missing)}. "
                "Name it under `procedures` in clinic.yaml, with a `packet` of its own."
            )
            self._tell(appointment, "procedure", "form-missing", message, Effect.NOT_PRINTED)
        return not missing

    def _language(self, procedure: Procedure, appointment: Appointment) -> str:
        documents = [part.document for part in self._clinic.packet_of(procedure.id)]
        if procedure.id not in self._offered:
            self._offered[procedure.id] = languages_of(procedure, documents)
        offered = self._offered[procedure.id]
        if self._options.language != "auto":
            if self._options.language not in offered:
                hint = f"It has: {', '.join(sorted(offered))}."
                raise UsageError(f"`{procedure.id}` has no forms in `{self._options.language}`", hint=hint)
            return self._options.language
        wanted = (appointment.patient.language, *self._clinic.languages)
        for language in wanted:
            if language in offered and language in self._clinic.languages:
                return language
        raise TemplateError(
            f"no language of the clinic has all of: {', '.join(documents)}",
            where=procedure.folders[0],
            hint="Add the missing templates, or change `packet` or `languages` in clinic.yaml.",
        )

    def _practitioner(self, appointment: Appointment) -> Practitioner | None:
        if appointment.clinician is None or not self._clinic.practitioners:
            return None
        found = find(appointment.clinician, self._clinic.practitioners)
        if found is None:
            message = "clinic.yaml lists no practitioner of this name: licence and NPI are left to write in."
            self._tell(appointment, "clinician", "clinician-not-listed", message, Effect.PRINTED)
        return found
