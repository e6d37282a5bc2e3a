"""A template rendered once per variant: Jinja2 in a sandbox, with fields left opaque."""

from __future__ import annotations

import difflib
import re
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from types import CodeType

from jinja2 import StrictUndefined, TemplateNotFound, TemplateSyntaxError, Undefined, UndefinedError
from jinja2 import TemplateError as Jinja2Error
from jinja2.bccache import Bucket, BytecodeCache
from markupsafe import Markup

from handouts.errors import Place, TemplateError
from handouts.library.document import Blank, Slot
from handouts.library.fields import FIELDS, FORMATTERS, Field, Locale, TemplateFault, write
from handouts.library.flags import Flags
from handouts.library.sandbox import Meter, Sandbox
from handouts.library.sources import Sources
from handouts.model import Flag

OPEN, CLOSE = "\ue000", "\ue001"
"""Private-use characters that bracket a token's number in the rendered Markdown."""

MOST_LETTERS = 100_000
"""Of a form, with its markup; some 40 pages."""

TOKEN = re.compile(f"{OPEN}(\\d+){CLOSE}")

_BLANKS = re.compile(r"[ \t\n\r\f\v]+")
"""Where a line may break; a no-break space stays what it is."""
_MARKUP = re.compile(r"([!-/:-@\[-`{-~])")
_MISTAKES = (
    (r"unknown tag '(end\w+)'.*to be closed is '(\w+)'", r"`{% \1 %}` stands where `{% end\2 %}` is missing"),
    (r"unknown tag 'end(\w+)'", r"`{% end\1 %}` closes nothing, since no `{% \1 %}` is open"),
    (r"unknown tag '(else|elif)'", r"`{% \1 %}` belongs to no `{% if %}`"),
    (r"unknown tag '(\w+)'", r"there is no tag `{% \1 %}`"),
    (r"Unexpected end of template.*to be closed is '(\w+)'", r"the file ends, and `{% end\1 %}` is missing"),
    (r"unexpected end of template", "the file ends within a `{{ … }}` or `{% … %}`"),
    (r"block '(\w+)' defined twice", r"two blocks are called `\1`"),
    (r"No (filter|test) named '(\w+)'", r"there is no \1 `\2`"),
)
"""What Jinja2 says, and what is told instead."""
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
    """Markdown with tokens in it, and what each token stands for: `tokens[n]` for token number n.

    places: for each line of `markdown`, where in the templates it came from. files: all templates used.
    pictures: where drawings are looked for, the first that has one counts.
    """

    path: Path
    markdown: str
    tokens: tuple[Slot | Blank, ...]
    places: tuple[Place, ...]
    files: tuple[Path, ...]
    pictures: tuple[Path, ...]

    def place_of(self, line: int | None) -> Place:
        """Where line number `line` of the Markdown, counted from 0, came from; the file alone if that is not known."""
        return self.places[line] if line is not None and line < len(self.places) else Place(self.path)


class _Compiled(BytecodeCache):
    """Templates compiled before, in memory: the variants of a form share them."""

    def __init__(self) -> None:
        self._code: dict[tuple[str, str], CodeType | None] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """The code of the same source, if it was compiled before."""
        bucket.code = self._code.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the code."""
        self._code[bucket.key, bucket.checksum] = bucket.code


@cache
def _compiled(locale: Locale) -> _Compiled:
    """By locale, since Jinja2 works out formatted constants when it compiles."""
    return _Compiled()


def render(
    template: str,
    folders: Sequence[Path],
    names: Mapping[str, Plain],
    flags: Flags,
    locale: Locale,
    texts: Mapping[Path, str] | None = None,
    pictures: Sequence[Path] = (),
) -> Rendered:
    """Render the file `template` of the first of `folders` that has it, for the variant `flags` and `locale`.

    names: the plain values, by their first name (`clinic`, `procedure` …). texts: what counts as the text of a
    file, in place of what it holds. pictures: the folders of drawings. Raises TemplateError with the line of the fault.
    """
    tokens: list[Slot | Blank] = []
    meter = Meter()

    def token(stands_for: Slot | Blank) -> Markup:
        tokens.append(stands_for)
        return Markup(f"{OPEN}{len(tokens) - 1}{CLOSE}")  # noqa: S704 - our own characters

    def finalize(value: object) -> Markup:
        meter.weigh(value)
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

    sources = Sources(folders, texts)
    path = sources.find(template)
    if path is None:
        hint = "The procedure's `documents` names it."
        raise TemplateError("there is no such template", where=folders[0] / template, hint=hint)
    environment = Sandbox(
        meter,
        {name: _filter(name, locale) for name in FORMATTERS},
        loader=sources,
        undefined=StrictUndefined,
        autoescape=True,
        finalize=finalize,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        bytecode_cache=_compiled(locale),
    )
    context = {**_field_namespaces(), **names, "when": _when(flags), "blank": Blank()}
    try:
        markdown, places = sources.traced(environment.get_template(template).render(context))
    except TemplateFault as fault:
        raise TemplateError(fault.what, where=_place(path, fault), hint=fault.hint) from None
    except TemplateSyntaxError as fault:
        place = Place(Path(fault.filename or path), fault.lineno)
        raise TemplateError(f"not valid Jinja2: {_worded(fault.message or '')}", where=place) from None
    except TemplateNotFound as fault:
        raise TemplateError(f"there is no template `{fault.name}` beside this one", where=_place(path, fault)) from None
    except UndefinedError as fault:
        raise TemplateError(
            str(fault.message), where=_place(path, fault), hint=_undefined_hint(fault, context)
        ) from None
    except (RecursionError, SyntaxError) as fault:
        raise TemplateError("this calls itself, or is nested too deeply", where=_place(path, fault)) from None
    except (Jinja2Error, ArithmeticError, LookupError, TypeError, ValueError) as fault:
        raise TemplateError(f"this cannot be worked out: {fault}", where=_place(path, fault)) from None
    if len(markdown) > MOST_LETTERS:
        what = f"the form would have more than {MOST_LETTERS:,} letters"
        raise TemplateError(what, where=path, hint="Look at its loops, and at the texts it prints.")
    return Rendered(path, markdown, tuple(tokens), places, tuple(sources.files), tuple(pictures))


def _worded(message: str) -> str:
    """What Jinja2 says of a mistake, in words for those who write forms."""
    for pattern, words in _MISTAKES:
        found = re.search(pattern, message)
        if found:
            return found.expand(words)
    return message


def escape(text: str) -> str:
    """`text` so that Markdown prints it letter by letter, on one line."""
    return _MARKUP.sub(r"\\\1", _BLANKS.sub(" ", text).strip(" "))


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


def _place(path: Path, fault: BaseException) -> Place:
    """The template line that was running; Jinja2 rewrites the traceback so that it names template files."""
    lines = [
        Place(Path(frame.filename), frame.lineno or 0)
        for frame in traceback.extract_tb(fault.__traceback__)
        if frame.filename.endswith(path.suffix)
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
