"""A clinic that offers three procedures in two languages, and its lists."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.right_patient.people import PRACTITIONERS, PROCEDURES, Visit
from tests.run.making import ISSUED, clinic_file, list_file


def wanted(folder: Path, listed: Sequence[Visit]) -> list[str | Path]:
    """The command line of a run, but for its folder; lists and clinic are written into `folder`."""
    without_estimate = [{"document": "handout"}, {"document": "consent", "copies": 2}]
    clinic = clinic_file(
        folder,
        procedures=PROCEDURES | {"dry-needling": {"packet": without_estimate}},
        languages=["en", "es"],
        practitioners=[{"name": name, "licence": "IL-1"} for name in PRACTITIONERS],
        packet=[{"document": "handout"}, {"document": "estimate"}, {"document": "consent"}],
        tax_id="00-0000000",
        state="Illinois",
    )
    return ["generate", *_lists(folder, listed), "--clinic", clinic, *ISSUED]


def _lists(folder: Path, listed: Sequence[Visit]) -> Iterator[Path]:
    """One list has record numbers; one without such a column is of those who have none."""
    numbered = [each.row for each in listed if each.row["patient_id"]]
    others = [each.row for each in listed if not each.row["patient_id"]]
    yield list_file(folder, numbered)
    yield list_file(folder, [{key: row[key] for key in row if key != "patient_id"} for row in others], "others.csv")
