"""A template rendered once per variant: Jinja2 in a sandbox, with fields left opaque."""

from __future__ import annotations

import difflib
import re
import traceback
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import NoReturn

from jinja2 import FileSystemLoader, StrictUndefined, TemplateNotFound, TemplateSyntaxError, Undefined, UndefinedError
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from handouts.errors import Place, TemplateError
from handouts.library.document import Blank, Slot
from handouts.library.fields import FIELDS, FORMATTERS, Field, Locale, TemplateFault, write
from handouts.library.flags import Flags
from handouts.model import Flag

OPEN, CLOSE = "\ue000", "\ue001"
"""Private-use characters that bracket a token's number in the rendered Markdown."""

TOKEN = re.compile(f"{OPEN}(\\d+){CLOSE}")

_MARKUP = re.compile(r"([!-/:-@\[-`{-~])")
Plain = object
"""A value that is the same for every patient of a variant."""


class Namespace:
    """Names a template may read with a dot; any other name is an error that tells the nearest one."""

    def __init__(self, name: str, members: Mapping[str, Plain]) -> None:
        self._name = name
        self._members = dict(members)

    def __getattr__(self, member: str) -> Plain:
        if member.startswith("__"):
            raise AttributeError(member)
        if member in self._members:
            return self._members[member]
        raise TemplateFault(f"there is no `{self._name}.{member}`", _nearest(member, list(self._members), self._name))

    def __iter__(self) -> Iterator[Plain]:
        raise TemplateFault(f"`{self._name}` is not a list")


@dataclass(frozen=True, slots=True)
class Rendered:
    """Markdown with tokens in it, and what each token stands for: `tokens[n]` for token number n."""

    path: Path
    source: str
    markdown: str
    tokens: tuple[Slot | Blank, ...]

    def place_of(self, snippet: str) -> Place:
        """The first line of the template that holds `snippet`; the file alone where none does."""
        for number, line in enumerate(self.source.splitlines(), 1):
            if snippet and snippet in line:
                return Place(self.path, number, line.index(snippet) + 1)
        return Place(self.path)


def render(path: Path, names: Mapping[str, Plain], flags: Flags, locale: Locale) -> Rendered:
    """Render the template at `path` for the variant `flags` and `locale`.

    names: the plain values, by their first name (`clinic`, `procedure` …). Raises TemplateError with the
    line of the fault.
    """
    tokens: list[Slot | Blank] = []

    def token(stands_for: Slot | Blank) -> Markup:
        tokens.append(stands_for)
        return Markup(f"{OPEN}{len(tokens) - 1}{CLOSE}")  # noqa: S704 - our own characters

    def finalize(value: object) -> Markup:
        match value:
            case Field():
                return token(Slot(value))
            case Blank():
                return token(value)
            case Markup():
                return value
            case bool() | None:
                raise TemplateFault(
                    "this prints nothing readable (none, true or false)", "Test it with {% if %} first."
                )
            case str() | int() | Decimal():
                return Markup(escape(str(value)))  # noqa: S704 - escaped for Markdown, not for HTML
            case Undefined():
                raise UndefinedError(value._undefined_message)
            case _:
                raise TemplateFault(
                    "a whole group or list cannot be printed", "Print one of its members, or loop over it."
                )

    environment = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(path.parent),
        undefined=StrictUndefined,
        autoescape=True,
        finalize=finalize,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {name: _filter(name, locale) for name in FORMATTERS}
    context = {**_field_namespaces(), **names, "when": _when(flags), "blank": Blank()}
    source = _read(path)
    try:
        return Rendered(path, source, environment.get_template(path.name).render(context), tuple(tokens))
    except TemplateSyntaxError as fault:
        raise TemplateError(f"not valid Jinja2: {fault.message}", where=Place(path, fault.lineno)) from None
    except TemplateNotFound as fault:
        raise TemplateError(f"there is no template `{fault.name}` beside this one", where=_place(path, fault)) from None
    except UndefinedError as fault:
        raise TemplateError(
            str(fault.message), where=_place(path, fault), hint=_undefined_hint(fault, context)
        ) from None
    except TemplateFault as fault:
        raise TemplateError(fault.what, where=_place(path, fault), hint=fault.hint) from None
    except (SecurityError, ArithmeticError, TypeError, ValueError, RecursionError) as fault:
        raise TemplateError(f"this cannot be worked out: {fault}", where=_place(path, fault)) from None


def escape(text: str) -> str:
    """`text` so that Markdown prints it letter by letter, on one line."""
    return _MARKUP.sub(r"\\\1", " ".join(text.split()))


def _filter(name: str, locale: Locale) -> Callable[..., str | Field]:
    def formatter(value: Field | date | Decimal | int, style: str = "") -> str | Field:
        if isinstance(value, Field):
            return value.formatted(name, style)
        if isinstance(value, date | Decimal | int) and not isinstance(value, bool):
            return write(value, name, style, locale)
        raise TemplateFault(f"`{name}` takes a number or a day, not {type(value).__name__}")

    return formatter


def _field_namespaces() -> dict[str, Namespace]:
    members: dict[str, dict[str, Plain]] = {}
    for path in FIELDS:
        namespace, member = path.split(".")
        members.setdefault(namespace, {})[member] = Field(path)
    return {name: Namespace(name, fields) for name, fields in members.items()}


def _when(flags: Flags) -> Namespace:
    return Namespace("when", {flag.value: flag in flags for flag in Flag})


def _read(path: Path) -> str:
    try:
        source = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise TemplateError(
            "there is no such template", where=path, hint="The procedure's `documents` names it."
        ) from None
    except (OSError, UnicodeDecodeError) as fault:
        raise TemplateError(f"cannot be read as UTF-8 text ({type(fault).__name__})", where=path) from None
    for number, line in enumerate(source.splitlines(), 1):
        for column, character in enumerate(line, 1):
            if "\ue000" <= character <= "\uf8ff":
                place = Place(path, number, column)
                raise TemplateError(f"private-use character U+{ord(character):04X}", where=place, hint="Remove it.")
    return source


def _place(path: Path, fault: BaseException) -> Place:
    """The template line that was running; Jinja2 rewrites the traceback so that it names template files."""
    lines = [
        Place(Path(frame.filename), frame.lineno or 0)
        for frame in traceback.extract_tb(fault.__traceback__)
        if Path(frame.filename).parent == path.parent
    ]
    return lines[-1] if lines else Place(path)


def _undefined_hint(fault: UndefinedError, names: Mapping[str, Plain]) -> str:
    quoted = re.match(r"'(\w+)' is undefined", str(fault.message))
    return _nearest(quoted[1], list(names)) if quoted else "Test it with {% if %} first."


def _nearest(name: str, known: list[str], namespace: str = "") -> str:
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    prefix = f"{namespace}." if namespace else ""
    if close:
        return f"Did you mean `{prefix}{close[0]}`?"
    return f"Known here: {', '.join(prefix + each for each in sorted(known))}."


def refuse(rendered: Rendered, what: str, snippet: str = "", hint: str = "") -> NoReturn:
    """Raise TemplateError at the first line of the template that holds `snippet`."""
    raise TemplateError(what, where=rendered.place_of(snippet), hint=hint)
