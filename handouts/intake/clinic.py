"""clinic.yaml into a Clinic."""

from __future__ import annotations

from pathlib import Path

from handouts.errors import ClinicError
from handouts.intake.yaml_file import load
from handouts.model import Clinic


def read_clinic(path: Path) -> Clinic:
    """Read and check a clinic's settings. Raises ClinicError with the line and column of every fault."""
    return load(path, Clinic, ClinicError, given={"folder": path.resolve().parent})
