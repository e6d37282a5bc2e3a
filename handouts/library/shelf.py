"""Which procedures there are, and the forms of one variant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from pathlib import Path

from pydantic import BaseModel

from handouts.errors import ClinicError, TemplateError
from handouts.library.document import Form
from handouts.library.fields import Locale
from handouts.library.flags import Flags
from handouts.library.labels import Labels, read_labels
from handouts.library.markdown import parse
from handouts.library.procedure import Procedure, Words, read_procedure, spelling
from handouts.library.sources import within
from handouts.library.templates import Namespace, Plain, render
from handouts.model import Clinic, Offer

_CHECKOUT = Path(__file__).parents[2] / "templates"
_WHEEL = Path(__file__).parents[1] / "templates"
SHIPPED = _WHEEL if _WHEEL.is_dir() else _CHECKOUT
"""The templates that come with the program: beside the package in a wheel, at the top of a checkout."""


@dataclass(frozen=True)
class Shelf:
    """All procedures found in `folders`; what an earlier folder has hides the same of a later one."""

    folders: tuple[Path, ...]

    @cached_property
    def procedures(self) -> dict[str, Procedure]:
        """By id. Raises TemplateError for a procedure.yaml that cannot be used."""
        names = {file.parent.name for folder in self.folders for file in folder.glob("*/procedure.yaml")}
        held = {name: [folder / name for folder in self.folders if (folder / name).is_dir()] for name in sorted(names)}
        for folder in chain.from_iterable(held.values()):
            for path in (folder, *folder.iterdir()):
                _check_within(path, folder.parent)
        return {name: read_procedure(folders, self.folders) for name, folders in held.items()}

    @cached_property
    def _by_spelling(self) -> dict[str, set[str]]:
        named: dict[str, set[str]] = {}
        for procedure in self.procedures.values():
            for spelled in procedure.spellings():
                named.setdefault(spelled, set()).add(procedure.id)
        return named

    def find(self, name: str) -> list[str]:
        """The ids of the procedures that a list's `name` can mean: none, one, or several."""
        return sorted(self._by_spelling.get(spelling(name), ()))

    def files(self) -> list[Path]:
        """Every file that decides what forms say."""
        folders = [folder for procedure in self.procedures.values() for folder in procedure.folders]
        shared = [file for folder in self.folders for file in sorted(folder.glob("labels/*.yaml"))]
        shared += [file for folder in self.folders for file in sorted(folder.glob("pictures/*.svg"))]
        return shared + [file for folder in folders for file in sorted(folder.rglob("*")) if file.is_file()]

    def labels_file(self, language: str) -> Path:
        """Where the program's own words in `language` stand: the first folder that has them."""
        for folder in self.folders:
            file = folder / "labels" / f"{language}.yaml"
            if file.is_file():
                _check_within(file, folder)
                return file
        place = self.folders[-1] / "labels" / f"{language}.yaml"
        raise TemplateError(
            "the labels of this language are missing", where=place, hint="Copy en.yaml and translate it."
        )

    def labels(self, language: str) -> Labels:
        """The program's own words in `language`."""
        return read_labels(self.labels_file(language))


def _check_within(path: Path, folder: Path) -> None:
    if not within(path, folder):
        raise TemplateError("this leads outside the folder of templates", where=path, hint="Copy it there.")


def shelf_for(clinic: Clinic) -> Shelf:
    """The clinic's own `templates` folder, where there is one, before the shipped templates. Raises ClinicError."""
    own = clinic.folder / "templates"
    if not within(own, clinic.folder):
        raise ClinicError(
            "the templates folder leads outside the clinic's folder", where=own, hint="Copy it beside clinic.yaml."
        )
    return Shelf(tuple(folder for folder in (own, SHIPPED) if folder.is_dir()))


def languages_of(procedure: Procedure, documents: Sequence[str]) -> set[str]:
    """The languages in which every one of `documents` exists."""
    return {each for each in procedure.languages() if all(procedure.template(name, each) for name in documents)}


def form_of(
    procedure: Procedure,
    document: str,
    clinic: Clinic,
    flags: Flags,
    locale: Locale,
    labels: Labels,
    texts: Mapping[Path, str] | None = None,
) -> Form:
    """One document of one variant. Raises TemplateError with file and line.

    texts: what counts as the text of a template, in place of what its file holds.
    """
    version = procedure.documents.get(document)
    if version is None:
        known = ", ".join(procedure.documents)
        place = procedure.facts_files()[0]
        raise TemplateError(
            f"`documents` has no `{document}`, which the clinic's packet asks for; it has {known}", where=place
        )
    names = {
        "clinic": _plain(clinic, locale.language, "clinic"),
        "offer": _offer(clinic.procedures.get(procedure.id, Offer())),
        "procedure": _plain(procedure, locale.language, "procedure"),
        "document": Namespace(
            "document",
            {
                "kind": document,
                "form": version.form,
                "version": version.version,
                "language": own_name(locale.language),
            },
        ),
    }
    folders = [folder / locale.language for folder in procedure.folders]
    rendered = render(f"{document}.md", folders, names, flags, locale, texts, procedure.picture_folders())
    return parse(rendered, version, locale.language, labels.roles)


def own_name(language: str) -> str:
    """A language's name in itself: English, español."""
    from babel import Locale as Names

    return Names(language).get_language_name(language) or language


def _offer(offer: Offer) -> Namespace:
    packages = [
        Namespace("package", {**dict(package), "price_per_session": round(package.price / package.sessions, 2)})
        for package in offer.packages
    ]
    return Namespace("offer", {**dict(offer), "packages": packages})


def _plain(value: object, language: str, name: str) -> Plain:
    """Models as namespaces, texts in `language`, everything else as it is."""
    match value:
        case Words():
            if language not in value.root:
                raise TemplateError(f"`{name}` has no text in {language}", hint="Add it to procedure.yaml.")
            return value.root[language]
        case BaseModel():
            return Namespace(name, {key: _plain(member, language, key) for key, member in value})
        case tuple() | list():
            return [_plain(member, language, name) for member in value]
        case dict():
            return Namespace(name, {str(key): _plain(member, language, str(key)) for key, member in value.items()})
        case _:
            return value
