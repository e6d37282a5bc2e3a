"""clinic.yaml against the templates: what it names must exist there."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from pathlib import Path

from handouts.errors import ClinicError
from handouts.intake.header import wrong_mapping
from handouts.intake.yaml_text import place_of
from handouts.library.shelf import Shelf
from handouts.model import Clinic
from handouts.run.practitioners import same_name


def check_agreement(clinic: Clinic, shelf: Shelf, path: Path) -> None:
    """Check that every procedure, document and language exists, and that no two practitioners go by one name.

    path: clinic.yaml itself. Raises ClinicError naming every fault with line and column.
    """
    procedures = shelf.procedures.values()
    documents = sorted({name for procedure in procedures for name in procedure.documents})
    languages = sorted({language for procedure in procedures for language in procedure.languages()})
    told = [
        _unknown(path, ("procedures", name), "there are no templates for the procedure", name, list(shelf.procedures))
        for name in clinic.procedures
        if name not in shelf.procedures
    ]
    told += _packets(clinic, shelf, path)
    told += [
        _unknown(path, ("packet", index, "document"), "no procedure has the document", part.document, documents)
        for index, part in enumerate(clinic.packet)
        if part.document not in documents
    ]
    told += [
        _unknown(path, ("languages", index), "no procedure has forms in the language", language, languages)
        for index, language in enumerate(clinic.languages)
        if language not in languages
    ]
    told += _money(clinic, path)
    wrong = wrong_mapping(clinic.columns)
    if wrong:
        told.append(f"{place_of(path, ('columns', wrong.name))}: {wrong.what}; {wrong.hint}")
    twice = same_name(clinic.practitioners)
    if twice is not None:
        place = place_of(path, ("practitioners", twice, "name"))
        told.append(f"{place}: a practitioner above goes by the same name; list each person once, by the full name")
    if told:
        raise ClinicError("\n".join(told))


def _packets(clinic: Clinic, shelf: Shelf, path: Path) -> list[str]:
    """Faults of what each procedure's packet asks for: its own packet, or the clinic's where it has none."""
    told = []
    for name, offer in clinic.procedures.items():
        if name not in shelf.procedures:
            continue
        documents = shelf.procedures[name].documents
        if offer.packet:
            told += [
                _unknown(
                    path, ("procedures", name, "packet", index, "document"), f"`{name}` has no document",
                    part.document, documents,
                )
                for index, part in enumerate(offer.packet)
                if part.document not in documents
            ]  # fmt: skip
            continue
        known = {document for procedure in shelf.procedures.values() for document in procedure.documents}
        missing = [part.document for part in clinic.packet if part.document in known - documents.keys()]
        if missing:
            place = place_of(path, ("procedures", name))
            asked = ", ".join(f"`{document}`" for document in missing)
            told.append(f"{place}: `{name}` has no form for {asked} of the clinic's packet; give it a `packet` here")
    return told


def _money(clinic: Clinic, path: Path) -> list[str]:
    """Faults of the currency, and of prices with more decimals than it has."""
    from babel.numbers import get_currency_precision, list_currencies

    if clinic.currency not in list_currencies():
        return [_unknown(path, ("currency",), "no country pays in", clinic.currency, ["USD"])]
    digits = get_currency_precision(clinic.currency)
    prices = [
        (("procedures", name, "price_per_session"), offer.price_per_session)
        for name, offer in clinic.procedures.items()
        if offer.price_per_session is not None
    ] + [
        (("procedures", name, "packages", index, "price"), package.price)
        for name, offer in clinic.procedures.items()
        for index, package in enumerate(offer.packages)
    ]
    return [
        f"{place_of(path, location)}: a price in {clinic.currency} has {digits} decimals at most"
        for location, price in prices
        if round(price, digits) != price
    ]


def _unknown(path: Path, location: tuple[int | str, ...], what: str, name: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    hint = f"did you mean `{close[0]}`?" if close else f"known here: {', '.join(known)}"
    return f"{place_of(path, location)}: {what} `{name}`; {hint}"
