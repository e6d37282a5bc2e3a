"""procedure.yaml: the single home of a procedure's facts, each with its source."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, RootModel, StringConstraints

from handouts.errors import TemplateError
from handouts.intake.yaml_file import load
from handouts.model import Frozen, LanguageTag, Line, Slug, spelled

Sentence = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]


class Words(RootModel[dict[LanguageTag, Sentence]]):
    """The same text in each language that the procedure offers."""


class Code(Frozen):
    """A billing code, such as CPT 97012. The clinic decides which it bills."""

    system: Literal["CPT", "HCPCS", "SNOMED CT", "ICD-10-PCS", "OPCS-4"]
    code: Line
    text: Words


class FormVersion(Frozen):
    """A form's id and version, printed on each of its pages."""

    form: Annotated[str, spelled("[A-Z0-9][A-Z0-9-]{1,15}", "2 to 16 capital letters, digits and hyphens")]
    version: Annotated[str, spelled(r"\d{1,4}(\.\d{1,3}){0,2}", 'a number in quotes, such as "1.0"')]


class Session(Frozen):
    """How long one session lasts, in minutes."""

    minutes_low: int
    minutes_high: int


class Fact(Frozen):
    """A named text."""

    id: Slug
    text: Words
    source: Sentence | None = None


class Contraindication(Frozen):
    """Who should not have the procedure (absolute), or only after the clinician decided (relative)."""

    id: Slug
    kind: Literal["absolute", "relative"]
    name: Words
    question: Words
    source: Sentence


class Risk(Frozen):
    """What can go wrong. `frequency` is how many in `of` people; where it is None, `frequency_text` says not known.

    size, design: of the study that counted, where `source` names none of the evidence.
    """

    id: Slug
    text: Words
    frequency: Annotated[int, Field(ge=0)] | None = None
    of: Annotated[int, Field(gt=0)] | None = None
    frequency_text: Words
    serious: bool
    what_to_do: Words
    source: Sentence
    size: Annotated[int, Field(gt=0)] | None = None
    design: Words | None = None


class Evidence(Frozen):
    """One finding with the study it comes from. size: people in the study. year: of publication.

    trials: how many trials a review took together, for one that does not tell how many people.
    """

    id: Slug
    claim: Words
    figure: Line | None = None
    source: Sentence
    design: Words
    size: Annotated[int, Field(gt=0)] | None = None
    trials: Annotated[int, Field(gt=0)] | None = None
    year: Annotated[int, Field(ge=1900, le=2100)]


class Alternative(Frozen):
    """Another choice the patient has; one of them is no treatment."""

    id: Slug
    name: Words
    text: Words
    source: Sentence | None = None


class Cost(Frozen):
    """What a kind of place usually asks, in whole US dollars: a session, and a usual course of them."""

    id: Slug
    setting: Words
    low: int
    high: int
    sessions_low: int
    sessions_high: int
    total_low: int
    total_high: int


class Procedure(Frozen):
    """Everything procedure.yaml says.

    folders: the procedure's folders, all of one name, which is its id: what an earlier one has hides the same of a
    later one, so that a clinic's own folder holds only what differs from the shipped one.
    shelves: the folders of all procedures, whose pictures they share.
    medicare_notice: whether Original Medicare is expected not to pay, so that its notice CMS-R-131 is due.
    draft: whether the forms are still being written, so that no patient may get them.
    """

    folders: tuple[Path, ...]
    shelves: tuple[Path, ...]
    name: Words
    plain_name: Words
    gloss: Words
    aliases: tuple[Line, ...] = ()
    codes: tuple[Code, ...] = ()
    author: Line | Words
    reviewer: Line | Words
    version: Line
    reviewed: date
    next_review: date
    documents: dict[Slug, FormVersion]
    medicare_notice: bool = False
    draft: bool = False
    session: Session | None = None
    conditions: tuple[Fact, ...] = ()
    contraindications: tuple[Contraindication, ...] = ()
    warnings: tuple[Fact, ...] = ()
    medicines: tuple[Fact, ...] = ()
    preparation: tuple[Fact, ...] = ()
    aftercare: tuple[Fact, ...] = ()
    benefits: tuple[Fact, ...] = ()
    risks: tuple[Risk, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    costs: tuple[Cost, ...] = ()
    emergency_signs: tuple[Fact, ...] = ()
    call_signs: tuple[Fact, ...] = ()
    questions_to_ask: tuple[Fact, ...] = ()

    @property
    def id(self) -> str:
        """The folder's name: how clinic.yaml and `--procedure` call the procedure."""
        return self.folders[0].name

    def template(self, document: str, language: str) -> Path | None:
        """The template of one document in one language; None where there is none."""
        files = (folder / language / f"{document}.md" for folder in self.folders)
        return next((file for file in files if file.is_file()), None)

    def languages(self) -> set[str]:
        """The languages in which it has any forms."""
        return {each.name for folder in self.folders for each in folder.iterdir() if any(each.glob("*.md"))}

    def picture_folders(self) -> tuple[Path, ...]:
        """Where its drawings are: in its own folders, then among those that all procedures share."""
        return tuple(folder / "pictures" for folder in (*self.folders, *self.shelves))

    def facts_files(self) -> tuple[Path, ...]:
        """The files that the facts come from."""
        files = (folder / "procedure.yaml" for folder in self.folders)
        return tuple(file for file in files if file.is_file())

    def spellings(self) -> set[str]:
        """Every way a list may name the procedure, normalised. Codes do not count: one may mean several procedures."""
        names = (self.id, *self.aliases, *self.name.root.values(), *self.plain_name.root.values())
        return {spelling(name) for name in names}


def normal_name(name: str) -> str:
    """A name without case, punctuation and double spaces, for comparing."""
    return " ".join("".join(c if c.isalnum() else " " for c in name.casefold()).split())


def spelling(name: str) -> str:
    """A procedure's name as lists are compared with it: without accents too, as many lists are typed."""
    letters = (each for each in unicodedata.normalize("NFKD", name) if not unicodedata.combining(each))
    return normal_name("".join(letters))


def read_procedure(folders: Sequence[Path], shelves: Sequence[Path]) -> Procedure:
    """Read the facts of the procedure that `folders` of `shelves` hold; what an earlier procedure.yaml says counts.

    Raises TemplateError with the line and column of every fault.
    """
    files = [file for folder in folders if (file := folder / "procedure.yaml").is_file()]
    given = {"folders": tuple(folders), "shelves": tuple(shelves)}
    return load(files[0], Procedure, TemplateError, given=given, behind=files[1:])
