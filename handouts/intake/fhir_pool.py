"""The FHIR resources of all lists together, and the references between them."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from handouts.errors import ListError, Place
from handouts.intake.json_text import Json, Object
from handouts.intake.record import Refused, problem
from handouts.model import Problem

_TAIL = re.compile(r"(?:^|/)([A-Z][A-Za-z]+)/([A-Za-z0-9.-]{1,64})$")
_CONDITIONAL = re.compile(r"(?:^|/)([A-Z][A-Za-z]+)\?")
_HISTORY = re.compile(r"/_history/[^/#]*$")
_NOT_READ = frozenset({"text", "photo"})
_LARGEST = 2_000
"""Values of a resource, a thousand characters being one; a patient of whom much is known has some hundred."""
_MOST_COVERAGES = 100
_ABSOLUTE = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)


def text(value: Json) -> str | None:
    """The value if it is text that is not blank."""
    return value if isinstance(value, str) and value.strip() else None


def one(value: Json) -> Object:
    """The value if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def many(value: Json) -> list[Object]:
    """The objects of an array; a lone object counts as an array of one."""
    items = value if isinstance(value, list) else [value]
    return [item for item in items if isinstance(item, dict)]


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """A resource, the file it stands in, its number there, and its address if the Bundle gives one.

    container: the entry that a contained resource is part of.
    """

    resource: Object
    label: str = ""
    number: int = 0
    full_url: str | None = None
    container: Entry | None = None

    @property
    def kind(self) -> str:
        """The resource's type."""
        return text(self.resource.get("resourceType")) or ""

    @property
    def key(self) -> str:
        """`Type/id`."""
        return f"{self.kind}/{text(self.resource.get('id')) or ''}"

    @property
    def base(self) -> str | None:
        """The server's address, if `full_url` tells it."""
        url = self.full_url or ""
        return url.removesuffix(self.key) if url.endswith(f"/{self.key}") else None

    @property
    def content(self) -> Object:
        """All the resource says of its subject: without the server's own notes and the narrative."""
        return {key: value for key, value in self.resource.items() if key not in ("meta", "text")}


def is_fhir(documents: Sequence[Json]) -> bool:
    """Whether any document, or any member of the one array, is a FHIR resource."""
    return any("resourceType" in item for item in _top(documents) if isinstance(item, dict))


def _top(documents: Sequence[Json]) -> Sequence[Json]:
    only = documents[0] if len(documents) == 1 else None
    return only if isinstance(only, list) else documents


def entries(documents: Sequence[Json], path: Path, label: str) -> Iterator[Entry]:
    """The resources of one file, those of Bundles included.

    Raises:
        ListError: something in it is no resource.

    """
    number = 0
    for item in _top(documents):
        if not isinstance(item, dict) or not text(item.get("resourceType")):
            raise ListError(
                "the file mixes FHIR resources with something else",
                where=Place(path),
                hint="Export FHIR resources and plain lists to files of their own.",
            )
        for resource, full_url in _unpacked(item, None):
            number += 1
            yield Entry(resource, label, number, full_url)


def _unpacked(resource: Object, full_url: str | None) -> Iterator[tuple[Object, str | None]]:
    yield resource, full_url
    if resource.get("resourceType") == "Bundle":
        for entry in many(resource.get("entry")):
            inner = one(entry.get("resource"))
            deleted = one(entry.get("request")).get("method") == "DELETE"
            if inner and not deleted:
                yield from _unpacked(inner, text(entry.get("fullUrl")))


def _is_oversized(entry: Entry) -> bool:
    """Whether a resource holds far more than any does, so that reading it once for each appointment would take long."""
    size = 0
    waiting: list[Json] = [value for key, value in entry.resource.items() if key not in _NOT_READ]
    while waiting and size <= _LARGEST:
        value = waiting.pop()
        size += 1 + (len(value) // 1_000 if isinstance(value, str) else 0)
        waiting.extend(value.values() if isinstance(value, dict) else value if isinstance(value, list) else ())
    return size > _LARGEST


TOO_LARGE = Refused(
    "too-large", "the resource referred to holds far more than one of its kind ever does; export the lists again"
)


class _Index:
    """Entries by what they are called: the first of each name, and the first with other content than that one."""

    def __init__(self) -> None:
        self._found: dict[object, list[Entry]] = defaultdict(list)

    def add(self, name: object, entry: Entry) -> None:
        """An entry of that name. Of a third and further ones nobody needs to know: two that differ are a conflict."""
        found = self._found[name]
        if not found or (len(found) == 1 and found[0].content != entry.content):
            found.append(entry)

    def get(self, name: object) -> list[Entry]:
        """The entries of that name."""
        return self._found.get(name, [])


class Pool:
    """Finds the resource a reference means."""

    def __init__(self, pooled: Iterable[Entry]) -> None:
        self._kinds: dict[str, list[Entry]] = defaultdict(list)
        self._by_key = _Index()
        self._by_base = _Index()
        self._by_url = _Index()
        self._contained: dict[Entry, _Index] = {}
        self._oversized: set[Entry | None] = set()
        for entry in pooled:
            if _is_oversized(entry):
                self._oversized.add(entry)
            self._kinds[entry.kind].append(entry)
            self._by_key.add(entry.key, entry)
            self._by_base.add((entry.base, entry.key), entry)
            if entry.full_url:
                self._by_url.add(_HISTORY.sub("", entry.full_url), entry)
        self._coverages: dict[str, list[Entry]] | None = None

    def of_kind(self, kind: str) -> Sequence[Entry]:
        """All resources of one type, in the order of the lists."""
        return self._kinds.get(kind, ())

    def is_oversized(self, entry: Entry) -> bool:
        """Whether it holds far more than any resource does."""
        return entry in self._oversized

    def counts(self) -> Counter[str]:
        """How many resources of each type there are, Bundles not counted."""
        return Counter({kind: len(found) for kind, found in self._kinds.items() if kind != "Bundle"})

    def resolve(self, reference: Json, owner: Entry) -> Entry | None:
        """The resource that `owner` refers to, if it is in the pool.

        Raises:
            Refused: it is there more than once, with different content.

        """
        candidates = self._candidates(reference, owner)
        if any(each.content != candidates[0].content for each in candidates[1:]):
            raise Refused(
                "conflicting-resource",
                "the resource referred to is in the lists more than once, with different content; "
                "export the lists again at one time",
            )
        found = candidates[0] if candidates else None
        if found in self._oversized:
            raise TOO_LARGE
        return found

    def _candidates(self, reference: Json, owner: Entry) -> list[Entry]:
        wanted = _HISTORY.sub("", text(reference) or "")
        owner = owner.container or owner
        if wanted.startswith("#"):
            return self._contained_in(owner).get(wanted[1:])
        tail = _TAIL.search(wanted)
        key = f"{tail[1]}/{tail[2]}" if tail else ""
        if _ABSOLUTE.match(wanted):
            return self._by_url.get(wanted) + self._by_base.get((None, key))
        if owner.base is None:
            return self._by_key.get(key)
        return self._by_base.get((owner.base, key)) + self._by_base.get((None, key))

    def _contained_in(self, owner: Entry) -> _Index:
        if owner not in self._contained:
            index = self._contained[owner] = _Index()
            for each in many(owner.resource.get("contained")):
                index.add(text(each.get("id")), Entry(each, owner.label, owner.number, container=owner))
        return self._contained[owner]

    def kind_of(self, reference: Object, owner: Entry) -> str | None:
        """The type of the resource referred to, as far as the reference or the pool tells it."""
        wanted = _HISTORY.sub("", text(reference.get("reference")) or "")
        named = _TAIL.search(wanted) or _CONDITIONAL.search(wanted)
        if named:
            return named[1]
        candidates = self._candidates(wanted, owner)
        return candidates[0].kind if candidates else text(reference.get("type"))

    def coverages(self, patient: Entry) -> list[Entry]:
        """The Coverage resources whose beneficiary the patient is.

        Raises:
            Refused: the beneficiary of one is in the lists with different content.

        """
        if self._coverages is None:
            self._coverages = defaultdict(list)
            for each in self.of_kind("Coverage"):
                tail = _HISTORY.sub("", text(one(each.resource.get("beneficiary")).get("reference")) or "")
                self._coverages[re.split("[/:]", tail)[-1]].append(each)
        names = {text(patient.resource.get("id")) or "", re.split("[/:]", patient.full_url or "")[-1]} - {""}
        near = [each for name in sorted(names) for each in self._coverages.get(name, ())]
        if len(near) > _MOST_COVERAGES:
            raise Refused(
                "several-payers", f"the patient has more than {_MOST_COVERAGES} coverages; export those that count"
            )
        return [each for each in near if self.is_same(one(each.resource.get("beneficiary")), each, patient)]

    def is_same(self, reference: Object, owner: Entry, patient: Entry) -> bool:
        """Whether `owner` refers to this patient.

        Raises:
            Refused: what it refers to is in the lists with different content.

        """
        found = self.resolve(reference.get("reference"), owner)
        return found is not None and found.content == patient.content


def missing_pages(pool: Pool) -> list[Problem]:
    """A problem for each Bundle that says there is a further page which is in none of the lists."""
    bundles = pool.of_kind("Bundle")
    known = {None, *(_link(bundle, "self") for bundle in bundles)}
    incomplete = Refused(
        "incomplete-list",
        "the Bundle is one page of several and the next page is in none of the lists, so appointments are missing; "
        "export all pages and name them together",
    )
    return [
        problem(bundle.label, "Bundle.link", incomplete) for bundle in bundles if _link(bundle, "next") not in known
    ]


def _link(bundle: Entry, relation: str) -> str | None:
    links = many(bundle.resource.get("link"))
    return next((text(link.get("url")) for link in links if link.get("relation") == relation), None)
