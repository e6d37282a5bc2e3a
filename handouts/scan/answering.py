"""What the process that opens foreign files does when it is asked."""

from __future__ import annotations

import io
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Self

import cv2
import pikepdf

from handouts.scan.blanks import Blanks
from handouts.scan.child import MOST_PAGES, Answer, Bind, Leaf, Read, Tell, broken
from handouts.scan.files import opened
from handouts.scan.identity import Identity
from handouts.scan.model import PageReading
from handouts.scan.printed import PrintedRun
from handouts.scan.reading import read_page, told_page
from handouts.scan.sheets import Stack, Unreadable

_AGAIN = "scan the paper again"


class Answering:
    """Answers as the bytes that are sent. Used with `with`."""

    def __init__(self, run: Path) -> None:
        cv2.setNumThreads(1)
        self._run = PrintedRun.of(run)
        self._blanks = Blanks(self._run)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._blanks.close()

    def answers(self, request: Read | Tell | Bind) -> Iterator[bytes]:
        """First an Answer; then a reading of each page, or one PDF."""
        try:
            match request:
                case Read():
                    yield from self._read(request)
                case Tell():
                    yield from self._tell(request)
                case Bind():
                    bound = self._bound(request.leaves)
                    yield _json(Answer(pages=len(request.leaves)))
                    yield bound
        except Unreadable as fault:
            yield _json(Answer(unreadable=str(fault)))
        except MemoryError:
            yield _json(Answer(unreadable=f"it needs more memory than a scan does; {_AGAIN}"))
        except Exception as fault:  # a library's, whose text may quote the file
            yield _json(Answer(unreadable=f"it cannot be read ({type(fault).__name__}); {_AGAIN}"))

    def _read(self, request: Read) -> Iterator[bytes]:
        with opened(request.file) as stack:
            if len(stack) > MOST_PAGES:
                raise Unreadable(f"it has more than {MOST_PAGES:,} pages; scan the paper in several files")
            yield _json(Answer(pages=len(stack)))
            for number in range(request.first, len(stack) + 1):
                yield self._reading(stack, number).model_dump_json().encode()

    def _reading(self, stack: Stack, number: int) -> PageReading:
        try:
            sheet = stack.sheet(number - 1)
            return read_page(number, sheet.picture, sheet.text, self._run, self._blanks)
        except Unreadable as fault:
            return broken(number, str(fault))
        except MemoryError:
            return broken(number, "the page needs more memory than a scan does")
        except Exception as fault:  # a library's, whose text may quote the file
            return broken(number, f"the page cannot be read ({type(fault).__name__})")

    def _tell(self, request: Tell) -> Iterator[bytes]:
        """The page's codes, if it has any, help to lay it over its blank."""
        number = request.leaf.number
        with opened(request.leaf.file) as stack:
            picture = stack.sheet(number - 1).picture
        identity = Identity(self._run.packets[request.packet_id], request.page)
        told = told_page(number, picture, identity, self._run, self._blanks)
        yield _json(Answer(pages=1))
        yield told.model_dump_json().encode()

    def _bound(self, leaves: tuple[Leaf, ...]) -> bytes:
        out = io.BytesIO()
        with pikepdf.new() as whole:
            for file, group in groupby(leaves, lambda leaf: leaf.file):
                with opened(file) as stack:
                    for leaf in group:
                        with pikepdf.open(io.BytesIO(stack.pdf(leaf.number - 1, leaf.turned))) as single:
                            whole.pages.extend(single.pages)
            whole.save(out, deterministic_id=True)
        return out.getvalue()


def _json(answer: Answer) -> bytes:
    return answer.model_dump_json().encode()
