"""What was done with scanned files, for people and for programs."""

from __future__ import annotations

import json
import shlex
from collections import Counter
from dataclasses import dataclass

from handouts.errors import ExitCode, HandoutsError
from handouts.scan.index import PageEntry
from handouts.scan.model import Fate
from handouts.scan.telling import counted

_FATES = {
    Fate.PACKET: "{} in {packets}",
    Fate.COPY: "{} came back before",
    Fate.BLANK: "{} blank",
    Fate.QUEUE: "{} waiting for you",
    Fate.ASIDE: "{} set aside",
}


@dataclass(frozen=True, slots=True)
class FileOutcome:
    """What became of a file. problem: why it was not taken in. again: it was read before; its pages are told as they
    stand now.
    """

    file: str
    pages: tuple[PageEntry, ...] = ()
    problem: str = ""
    again: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of all files.

    queued: pages that wait for a person, those of earlier files too. folder: where what came back is kept. run: the
    run's folder. not_bound: why packets could not be bound, those of earlier files too.
    """

    files: tuple[FileOutcome, ...]
    queued: int
    folder: str
    run: str
    not_bound: HandoutsError | None = None

    @property
    def exit_code(self) -> ExitCode:
        """5: a packet could not be bound; 4: no file could be read; 3: one could not, or a page waits for a person."""
        if self.not_bound:
            return self.not_bound.exit_code
        failed = [each for each in self.files if each.problem]
        if len(failed) == len(self.files):
            return ExitCode.UNUSABLE_INPUT
        waiting = any(page.fate is Fate.QUEUE for each in self.files for page in each.pages)
        return ExitCode.SOME_NOT_PRINTED if failed or waiting else ExitCode.OK

    def to_text(self) -> str:
        """For the person at the desk."""
        lines = [line for each in self.files for line in _told(each)]
        lines.append("")
        run = shlex.quote(_printable(self.run))
        if self.queued:
            pages = "1 page waits" if self.queued == 1 else f"{self.queued} pages wait"
            shown = f"{_printable(self.folder)}/queue, with a picture where they can be read"
            lines += [f"{pages} for you in {shown}. Say whose each is, or set it aside:"]
            lines += [f"  handouts scan assign NAME --run {run} --packet ID --page N"]
            lines += [f"  handouts scan assign NAME --run {run} --aside"]
        lines += ["Who has signed, and what to look at:", f"  handouts status {run}"]
        return "\n".join(lines)

    def to_json(self) -> str:
        """For programs."""
        files = [
            {
                "file": each.file,
                "problem": each.problem,
                "again": each.again,
                "pages": [_page(page) for page in each.pages],
            }
            for each in self.files
        ]
        told = {
            "files": files,
            "queued": self.queued,
            "folder": self.folder,
            "not_bound": str(self.not_bound or ""),
            "exit_code": int(self.exit_code),
        }
        return json.dumps(told, indent=1)


def _printable(path: str) -> str:
    """Without what a terminal would take for an order."""
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in path)


def _told(each: FileOutcome) -> list[str]:
    file = _printable(each.file)
    if each.problem:
        return [f"{file}: not taken in: {each.problem}"]
    waiting = [f"  page {page.number}: {page.note} ({page.item})" for page in each.pages if page.fate is Fate.QUEUE]
    if each.again:
        return [f"{file}: was read before", *waiting]
    count = Counter(page.fate for page in each.pages)
    packets = len({page.packet_id for page in each.pages if page.fate is Fate.PACKET})
    of_packets = "1 packet" if packets == 1 else f"{packets} packets"
    parts = [_FATES[fate].format(count[fate], packets=of_packets) for fate in Fate if count[fate]]
    return [f"{file}: {counted(len(each.pages), 'page')}: {', '.join(parts)}", *waiting]


def _page(page: PageEntry) -> dict[str, str | int | None]:
    return {
        "number": page.number,
        "fate": page.fate,
        "packet_id": page.packet_id,
        "page": page.page,
        "doubt": page.doubt,
        "note": page.note,
        "item": page.item if page.fate is Fate.QUEUE else None,
    }
