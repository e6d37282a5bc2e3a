"""A YAML file into a checked model; every fault is told with file:line:column and the nearest valid key."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from pydantic import BaseModel, ValidationError

from handouts.errors import HandoutsError, Place
from handouts.intake.yaml_text import Path_, Yaml, position_of, read_yaml

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

Checked = TypeVar("Checked", bound=BaseModel)
_MOST_TOLD = 50


def load(
    path: Path,
    model: type[Checked],
    error: type[HandoutsError],
    given: Mapping[str, Path | tuple[Path, ...]] | None = None,
    behind: Sequence[Path] = (),
) -> Checked:
    """Read `path` and check it against `model`; `given` are values that the file itself may not say.

    behind: files that say what `path` does not; of keys that hold keys themselves, and of lists whose entries have
    an `id`, each entry counts on its own.
    Raises `error` naming every fault at once, each with line and column.
    """
    layers = Layers((path, *behind), error)
    data = layers.joined
    if layers.own and model.model_fields.keys().isdisjoint(layers.own):
        hint = f"Name the file meant for this; it may hold {', '.join(model.model_fields)}."
        raise error("this is another kind of file: none of its keys is known here", where=path, hint=hint)
    forbidden = sorted(set(given or ()) & set(data))
    if forbidden:
        raise error(f"`{forbidden[0]}` cannot be set here", where=path, hint="Remove that line.")
    try:
        return model.model_validate({**data, **(given or {})})
    except ValidationError as fault:
        details = _told_of(fault.errors(include_url=False))[:_MOST_TOLD]
        inner = {tuple(detail["loc"][:-1]) for detail in details}
        told = [
            _tell(layers, model, detail)
            for detail in details
            if not (
                detail["type"] == "too_short" and any(place[: len(detail["loc"])] == detail["loc"] for place in inner)
            )
        ]
        more = [f"and {count} more faults"] if (count := fault.error_count() - len(details)) > 0 else []
        raise error("\n".join([*(f"{place}: {what}" for place, what in told), *more]), faults=tuple(told)) from None


def _told_of(details: list[ErrorDetails]) -> list[ErrorDetails]:
    """Of a file with keys that are not known the others' faults are not told: it may be one of another kind, of which
    no value should be quoted.
    """
    keys = [each for each in details if each["type"] in {"extra_forbidden", "missing"}]
    strange = any(each["type"] == "extra_forbidden" and len(each["loc"]) == 1 for each in keys)
    return keys if strange else details


@dataclass(frozen=True)
class Layers:
    """Files of which an earlier one counts where several say the same. error: what is raised for one that cannot be."""

    files: tuple[Path, ...]
    error: type[HandoutsError]

    @cached_property
    def joined(self) -> dict[str, Yaml]:
        """What they say together."""
        first, *behind = self.files
        data = read_yaml(first, self.error) if behind else self._read[0]
        for file in behind:
            _fill_in(data, read_yaml(file, self.error))
        return data

    @property
    def own(self) -> dict[str, Yaml]:
        """What the first of them says."""
        return self._read[0]

    @cached_property
    def _read(self) -> list[dict[str, Yaml]]:
        return [read_yaml(file, self.error) for file in self.files]

    def place(self, location: Path_) -> Place:
        """Where the value at `location` of what is joined stands, in its own file, or the nearest place above it."""
        best, depth = Place(self.files[0]), 0
        for file, data in zip(self.files, self._read, strict=True):
            there, entry = _translated(location, self.joined, data)
            position = position_of(data, there)
            if position and (entry or len(there) > depth):
                best, depth = Place(file, *position), len(there)
            if position and entry:
                break  # a list's entry counts as a whole, so what it lacks stands nowhere else
        return best


def _translated(location: Path_, joined: Yaml, data: Yaml) -> tuple[Path_, bool]:
    """How far a location of joined data leads in one file's, and whether through an entry of a list."""
    there: list[int | str] = []
    entry = False
    for step in location:
        own: int | str | None = step
        if isinstance(joined, list) and isinstance(step, int) and step < len(joined) and _named(joined[step]):
            before = sum(_id(each) == _id(joined[step]) for each in joined[:step])
            entries = data if isinstance(data, list) else []
            same = [at for at, each in enumerate(entries) if _id(each) == _id(joined[step])]
            own = same[before] if before < len(same) else None
            entry = own is not None
        try:
            joined, data = _inside(joined, step), _inside(data, own)
        except (KeyError, IndexError):
            break
        there += [own] if own is not None else []
    return tuple(there), entry


def _inside(data: Yaml, step: int | str | None) -> Yaml:
    if isinstance(data, dict) and isinstance(step, str):
        return data[step]
    if isinstance(data, list) and isinstance(step, int):
        return data[step]
    raise KeyError(step)


def _fill_in(data: dict[str, Yaml], more: dict[str, Yaml]) -> None:
    for key, value in more.items():
        own = data.setdefault(key, value)
        if own is value:
            continue
        if isinstance(own, dict) and isinstance(value, dict):
            for inner, told in value.items():
                own.setdefault(inner, told)
        elif isinstance(own, list) and isinstance(value, list) and all(map(_named, (*own, *value))):
            data[key] = _joined(own, value)


def _named(entry: Yaml) -> bool:
    return isinstance(entry, dict) and "id" in entry


def _id(entry: Yaml) -> str:
    return str(entry.get("id")) if isinstance(entry, dict) else ""


def _joined(own: list[Yaml], more: list[Yaml]) -> list[Yaml]:
    """Lists whose entries have ids: own entries stand for those of the same id; `remove: true` takes one away.

    No own entry is lost, not even of two with one id; one that takes away what is not there stays, and is refused.
    """
    by_id: dict[str, list[Yaml]] = {}
    for entry in own:
        by_id.setdefault(_id(entry), []).append(entry)
    joined: list[Yaml] = []
    for entry in more:
        in_place = by_id.pop(_id(entry), [entry])
        joined += [each for each in in_place if not (isinstance(each, dict) and each.get("remove") is True)]
    return [*joined, *chain.from_iterable(by_id.values())]


def _tell(layers: Layers, model: type[BaseModel], detail: ErrorDetails) -> tuple[Place, str]:
    place = layers.place(tuple(detail["loc"]))
    return place, _worded(place, model, detail)


def _worded(place: Place, model: type[BaseModel], detail: ErrorDetails) -> str:
    location = tuple(detail["loc"])
    name = ".".join(str(step) for step in location)
    value = detail["input"]
    written = _as_written(place, value)
    shown = f" (it says {written[:60]!r})" if isinstance(value, str | int | float) else ""
    match detail["type"]:
        case "missing":
            return f"`{name}` is missing"
        case "extra_forbidden":
            key = str(location[-1])
            close = difflib.get_close_matches(key, _keys_at(model, location[:-1]), n=1, cutoff=0.5)
            hint = (
                f"did you mean `{close[0]}`?" if close else f"known here: {', '.join(_keys_at(model, location[:-1]))}"
            )
            return f"unknown key `{name}`; {hint}"
        case "string_type" if value is None:
            return f"`{name}` is empty"
        case "string_type" if isinstance(value, int | float):
            return f'`{name}` must be text; put it in quotes: "{written}"'
        case "string_too_short":
            return f"`{name}` is empty"
        case "string_too_long":
            return f"`{name}` is longer than {detail['ctx']['max_length']} characters"
        case "int_type" | "int_parsing" | "int_from_float":
            return f"`{name}` must be a whole number{shown}"
        case "greater_than" | "greater_than_equal" | "less_than" | "less_than_equal":
            limit = detail["msg"].removeprefix("Input should be ")
            return f"`{name}` must be {limit}{shown}"
        case "literal_error" | "enum":
            return f"`{name}` must be {detail['ctx']['expected']}{shown}"
        case "date_type" | "date_parsing" | "date_from_datetime_parsing" | "date_from_datetime_inexact":
            return f"`{name}` must be a day, such as 2026-11-24{shown}"
        case "model_type" | "dict_type":
            return f"`{name}` must hold `key: value` lines{shown}"
        case "tuple_type":
            return f"`{name}` must be a list; put each entry on a line that starts with `- `{shown}"
        case "bool_parsing" | "bool_type":
            return f"`{name}` must be true or false{shown}"
        case _:
            return f"`{name}`: {detail['msg'].removeprefix('Value error, ')}{shown}"


def _as_written(place: Place, value: object) -> str:
    """A number as the file spells it, with the zeros and signs that reading it loses; other values as they are."""
    if isinstance(value, int | float) and place.line:
        line = place.file.read_text(encoding="utf-8-sig").splitlines()[place.line - 1]
        found = re.match(r"""[^:]*:?\s*([-+]?[\w.]+)""", line[place.column - 1 :])
        if found:
            return found[1]
    return str(value)


def _keys_at(model: type[BaseModel], location: Sequence[int | str]) -> list[str]:
    """The keys that the model knows at `location`; empty where it takes any key."""
    current: type[BaseModel] | None = model
    for step in location:
        if current is None:
            return []
        if isinstance(step, str) and step in current.model_fields:
            current = _model_in(current.model_fields[step].annotation)
    return list(current.model_fields) if current else []


def _model_in(annotation: object) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for inner in getattr(annotation, "__args__", ()):
        found = _model_in(inner)
        if found:
            return found
    return None
