"""The plan carried out: every packet pressed, kept safely, and added to the print run."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field

from handouts import __version__
from handouts.layout.skeleton import PenField, Skeleton
from handouts.model import Problem
from handouts.packed import Packed
from handouts.press.print_run import Pages, PrintRun, Sink
from handouts.run.folder import RunFolder
from handouts.run.journal import Entry, Journal
from handouts.run.making import Made, Maker, Result, Setup, Task
from handouts.run.manifest import (
    AttachmentRecord,
    Document,
    FieldBox,
    Manifest,
    PacketRecord,
    SignatureBox,
    Template,
    json_of,
    problems_csv,
)
from handouts.run.names import MANIFEST, PASSWORDS, PROBLEMS, packet_file
from handouts.run.passwords import Passwords, passwords_for
from handouts.run.plan import Job, Plan
from handouts.run.pressroom import NotPrinted, template_digest
from handouts.run.print_runs import PrintRuns
from handouts.run.stopping import Stop, Stopped
from handouts.run.summary import Summary
from handouts.run.workers import CHUNK, Workers

CHECKPOINT = 64
"""Packets between two moments at which everything written is synced and recorded in the journal."""

Progress = Callable[[int, int], None]
"""Called with packets done and packets planned."""


@dataclass
class _Tally:
    """What grows while packets are printed. records: of the manifest, as JSON. layouts: by their digest."""

    problems: Packed[Problem]
    records: Packed[str] = field(default_factory=Packed)
    layouts: dict[str, tuple[PenField, ...]] = field(default_factory=dict)
    printed: int = 0
    kept: int = 0
    pages: int = 0
    sheets: int = 0

    def count(self, made: Made, duplex: bool, notice: int) -> None:
        """notice: pages of the clinic's Medicare notice."""
        attached = notice if made.noticed else 0
        self.printed += 1
        self.kept += made.kept
        self.layouts[made.pages.skeleton.layout] = made.pages.skeleton.to_fill_in
        for pages in (len(made.pages.skeleton.pages), attached):
            self.pages += pages
            self.sheets += (pages + 1) // 2 if duplex else pages


class Printing:
    """One run. Compiles all variants first, so that a faulty template stops it before anything is written."""

    def __init__(self, plan: Plan, setup: Setup, run_id: str, workers: int, progress: Progress, stop: Stop) -> None:
        self._plan = plan
        self._setup = setup
        self._workers = workers
        self._progress = progress
        self._stop = stop
        self._room = setup.pressroom()
        self._notice_pages = len(setup.notice.pages) if setup.notice else 0
        self._passwords: Passwords | None = None
        self.run_id = run_id
        for variant in plan.variants:
            self._room.layout(variant)

    def rehearse(self) -> Summary:
        """Press everything, keep nothing."""
        tally = _Tally(self._plan.problems.copy())
        with self._stop.between_packets(), closing(self._made(tally, None, None)) as packets:
            for _, made in packets:
                tally.count(made, self._setup.duplex, self._notice_pages)
        return self._summary(tally, None, ())

    def write(self, folder: RunFolder, journal: Journal) -> Summary:
        """Print into an opened folder. Raises OutputError; KeyboardInterrupt where the run was asked to stop."""
        tally = _Tally(self._plan.problems.copy())
        self._passwords = passwords_for(self._plan.jobs, folder, journal) if self._setup.encrypt else None
        with PrintRuns(folder, self._begin) as print_runs:
            with self._stop.between_packets():
                self._print(tally, print_runs, folder, journal)
            print_runs.finish()
        folder.write(PROBLEMS, problems_csv(tally.problems))
        manifest = Manifest(
            run_id=self.run_id,
            issued_at=self._setup.issued_at.isoformat(),
            handouts_version=__version__,
            templates=self._templates(),
            layouts={digest: _boxes(fields) for digest, fields in sorted(tally.layouts.items())},
            print_run=print_runs.record(self._setup),
        )
        folder.write(MANIFEST, manifest.written(tally.records, tally.problems))
        folder.checkpoint()
        return self._summary(tally, folder, print_runs.names)

    def _print(self, tally: _Tally, print_runs: PrintRuns, folder: RunFolder, journal: Journal) -> None:
        """Make all packets. Whatever was made when the run is asked to stop is kept safe."""
        unrecorded: list[Entry] = []

        def checkpoint() -> None:
            folder.checkpoint()
            journal.record(unrecorded)
            unrecorded.clear()

        with closing(self._made(tally, folder, journal)) as packets:
            try:
                for task, made in packets:
                    if not made.kept:
                        folder.expect(task.file)
                        unrecorded.append(Entry(task.job.packet_id, task.file, made.sha256))
                    tally.count(made, self._setup.duplex, self._notice_pages)
                    notice = self._setup.notice if made.noticed else None
                    print_run = print_runs.for_packet(task.job.position, made.pages, notice)
                    first = print_run.append(made.pages, _bookmark(task.job))
                    if made.padding:
                        print_run.append(made.padding)
                    attached = self._attach(print_run, task, made)
                    tally.records.append(json_of(self._record(task, made, first, attached)))
                    if len(unrecorded) >= CHECKPOINT:
                        checkpoint()
            except Stopped:
                checkpoint()
                raise
            checkpoint()

    def _begin(self, out: Sink) -> PrintRun:
        return PrintRun(out, self._room.about(self._setup.clinic.languages[0]), self._room.logo)

    def _made(self, tally: _Tally, folder: RunFolder | None, journal: Journal | None) -> Generator[tuple[Task, Made]]:
        """The packets that could be made, in order; the others go to the tally."""
        planned = len(self._plan.jobs)
        with ExitStack() as stack:
            for done, (task, result) in enumerate(self._results(stack, folder, journal), 1):
                if isinstance(result, NotPrinted):
                    tally.problems.extend(result.problems)
                else:
                    yield task, result
                self._progress(done, planned)
                self._stop.check()

    def _results(
        self, stack: ExitStack, folder: RunFolder | None, journal: Journal | None
    ) -> Iterator[tuple[Task, Result]]:
        tasks = self._tasks(journal)
        if self._workers < 2 or len(self._plan.jobs) <= CHUNK:
            maker = Maker(self._room, folder)
            return ((task, maker.make(task)) for task in tasks)
        return stack.enter_context(Workers(self._workers, self._setup, folder)).results(tasks)

    def _tasks(self, journal: Journal | None) -> Iterator[Task]:
        for job in self._plan.jobs:
            file = packet_file(job.position, job.packet_id, len(self._plan.jobs))
            recorded = journal.digest(job.packet_id, file) if journal else None
            if self._passwords is None:
                yield Task(job, file, recorded)
            else:
                yield Task(job, file, recorded, self._passwords.of(job))

    def _attach(self, print_run: PrintRun, task: Task, made: Made) -> tuple[AttachmentRecord, ...]:
        """Add what is attached to a packet, on sheets of its own."""
        notice = self._setup.notice
        if notice is None or not made.noticed:
            return ()
        first, pages = print_run.attach(notice), len(notice.pages)
        odd = self._setup.duplex and pages % 2
        if odd:
            packet = task.job.packet_id, len(made.pages.skeleton.pages)
            print_run.append(Pages.of(self._room.layout(task.job.variant).padding_page(*packet)))
        return (
            AttachmentRecord(
                kind=notice.kind,
                sha256=notice.sha256,
                pages=pages,
                print_run_first_page=first,
                padding_pages=1 if odd else 0,
            ),
        )

    def _record(self, task: Task, made: Made, first: int, attachments: tuple[AttachmentRecord, ...]) -> PacketRecord:
        job = task.job
        skeleton = made.pages.skeleton
        return PacketRecord(
            position=job.position,
            packet_id=job.packet_id,
            appointment_id=job.appointment.appointment_id,
            start=job.appointment.start.isoformat(timespec="minutes"),
            source=job.appointment.source,
            procedure=job.procedure,
            language=job.language,
            flags=tuple(sorted(job.flags)),
            file=task.file,
            sha256=made.sha256,
            pages=len(skeleton.pages),
            print_run_first_page=first,
            padding_pages=1 if made.padding else 0,
            documents=self._documents(skeleton, job),
            attachments=attachments,
            signatures=tuple(
                SignatureBox(role=each.name, page=each.page, box=each.box)
                for each in skeleton.to_fill_in
                if each.kind == "signature"
            ),
            layout=skeleton.layout,
        )

    def _documents(self, skeleton: Skeleton, job: Job) -> tuple[Document, ...]:
        owners = [page.copy for page in skeleton.pages]
        return tuple(
            Document(
                kind=copy.form.kind,
                form=copy.form.form_id,
                version=copy.form.version,
                copy_number=copy.number,
                first_page=owners.index(index) + 1,
                pages=owners.count(index),
            )
            for index, copy in enumerate(self._room.layout(job.variant).copies)
        )

    def _templates(self) -> dict[str, Template]:
        templates: dict[str, Template] = {}
        for procedure, language, flags in self._plan.variants:
            for copy in self._room.layout((procedure, language, flags)).copies:
                name = f"{procedure}/{language}/{copy.form.kind}"
                if name not in templates:
                    sha256 = template_digest(self._setup.shelf, procedure, language, copy.form)
                    templates[name] = Template(version=copy.form.version, sha256=sha256)
        return dict(sorted(templates.items()))

    def _summary(self, tally: _Tally, folder: RunFolder | None, print_runs: tuple[str, ...]) -> Summary:
        return Summary(
            run_id=self.run_id,
            folder=folder.path if folder else None,
            printed=tally.printed,
            kept=tally.kept,
            pages=tally.pages,
            sheets=tally.sheets,
            problems=tally.problems,
            print_runs=print_runs,
            passwords=PASSWORDS if self._passwords and self._passwords.random else None,
        )


def _boxes(fields: Iterable[PenField]) -> tuple[FieldBox, ...]:
    return tuple(
        FieldBox(kind=each.kind, name=each.name, page=each.page, box=each.box, optional=each.optional)
        for each in fields
    )


def _bookmark(job: Job) -> str:
    parts = [job.appointment.start.strftime("%H:%M"), job.appointment.room or "", job.packet_id]
    return " · ".join(part for part in parts if part)
