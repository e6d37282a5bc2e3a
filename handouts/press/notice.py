"""The clinic's copy of the Medicare notice CMS-R-131."""

from __future__ import annotations

from handouts.errors import ClinicError
from handouts.model import Clinic
from handouts.press.attachment import Attachment


def read_notice(clinic: Clinic) -> Attachment | None:
    """The notice that clinic.yaml names. Raises ClinicError where it cannot be used."""
    if clinic.medicare_notice is None:
        return None
    path = (clinic.folder / clinic.medicare_notice).resolve()
    if not path.is_relative_to(clinic.folder.resolve()):
        hint = "Copy it beside clinic.yaml."
        raise ClinicError("the Medicare notice lies outside the clinic's folder", where=path, hint=hint)
    from handouts.press.finished import read_attachment  # a PDF library, which runs without a notice do not need

    return read_attachment("medicare-notice", "Medicare CMS-R-131", path)
