"""Template files as Jinja2 reads them, marked so that each rendered line can be traced to the line it came from."""

from __future__ import annotations

import difflib
import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from jinja2 import BaseLoader, Environment, TemplateNotFound, nodes
from jinja2.loaders import split_template_path

from handouts.errors import Place, TemplateError
from handouts.intake.text import UNSEEN

_SYNTAX = Environment(autoescape=True)
_SHIPPED = "shipped"
_OPEN, _CLOSE = "\ue002", "\ue003"
_MARK = re.compile(f"{_OPEN}(\\d+):(\\d+){_CLOSE}")
_CLOSED_BY = {"{{": "}}", "{%": "%}", "{#": "#}"}
_OPENING = re.compile(r"\{[{%#]")
_LARGEST = 200_000
"""Bytes of one file of templates; a long form has some ten thousand."""
_REMEMBERED = 64
"""Texts of templates that were looked through before: the variants of a form share them."""
_EXTENDS = re.compile(r"\{%[-+]?\s*extends\b")
_BLOCK_FIRST = re.compile(r"\s*\{[%#]")
_HTML = re.compile(r"</?[A-Za-z][A-Za-z0-9-]*(\s[^<>]*)?/?>|<!--")


def within(path: Path, folder: Path) -> bool:
    """Whether no link leads from `path` out of `folder`."""
    return path.resolve().is_relative_to(folder.resolve())


class Sources(BaseLoader):
    """Loads templates from some folders and nowhere else; the first folder that has a file counts.

    `shipped/consent.md` is the file of the last folder, for templates that extend the one they hide.
    files: all that were loaded, in order. texts: what counts as the text of a file, in place of what it holds.
    """

    def __init__(self, folders: Sequence[Path], texts: Mapping[Path, str] | None = None) -> None:
        self._folders = tuple(folders)
        self._texts = texts or {}
        self.files: list[Path] = []

    def find(self, template: str) -> Path | None:
        """The file that a template's name means; None where there is none, or a link leads out of its folder."""
        prefix, *parts = split_template_path(template)
        shipped = prefix == _SHIPPED and bool(parts)
        for folder in self._folders[-1:] if shipped else self._folders:
            path = folder.joinpath(*(parts if shipped else (prefix, *parts)))
            if path.is_file() and within(path, folder):
                return path
        return None

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        """The marked text of a template, or of one that it includes or extends."""
        path = self.find(template)
        if path is None:
            raise TemplateNotFound(template)
        if path not in self.files:
            self.files.append(path)
        text = self._texts.get(path)
        source = read_template(path) if text is None else checked(path, text)
        if _EXTENDS.search(source):
            self._check_extension(path, environment.parse(source))
        return _marked(source, self.files.index(path)), str(path), lambda: True

    def _check_extension(self, path: Path, tree: nodes.Template) -> None:
        """Refuse what Jinja2 would drop from a template that extends another: text, and blocks the other lacks."""
        extends = tree.find(nodes.Extends)
        if extends is None or not isinstance(extends.template, nodes.Const):
            return
        for node in tree.body:
            line = _first_line(node)
            if line:
                what = "this stands outside every block, so it would not be printed"
                hint = "Write it inside a block of the form that is extended."
                raise TemplateError(what, where=Place(path, line), hint=hint)
        known = self._blocks(str(extends.template.value))
        for block in tree.find_all(nodes.Block):
            if block.name not in known:
                close = difflib.get_close_matches(block.name, known, n=1, cutoff=0.5)
                hint = f"Did you mean `{close[0]}`?" if close else f"Its blocks: {', '.join(sorted(known))}."
                what = f"the extended form has no block `{block.name}`, so this would not be printed"
                raise TemplateError(what, where=Place(path, block.lineno), hint=hint)

    def _blocks(self, template: str) -> set[str]:
        """The names of all blocks of a template and of those that it extends."""
        path = self.find(template)
        if path is None:
            return set()
        tree = _SYNTAX.parse(read_template(path))
        extends = tree.find(nodes.Extends)
        further = extends.template.value if extends and isinstance(extends.template, nodes.Const) else None
        inherited = self._blocks(str(further)) if further and further != template else set()
        return {block.name for block in tree.find_all(nodes.Block)} | inherited

    def traced(self, rendered: str) -> tuple[str, tuple[Place, ...]]:
        """Rendered text without marks, and for each of its lines the place it came from."""
        lines: list[str] = []
        places: list[Place] = []
        place = Place(self.files[0], 1)
        for line in rendered.splitlines(keepends=True):
            marks = _MARK.findall(line)
            if marks:
                file, number = marks[0]
                place = Place(self.files[int(file)], int(number))
            lines.append(unmarked(line))
            places.append(place)
        return "".join(lines), tuple(places)


def _first_line(node: nodes.Node) -> int:
    """The line on which something is printed or asked; 0 for a node that prints nothing of its own."""
    if isinstance(node, nodes.If | nodes.For | nodes.Include | nodes.With | nodes.CallBlock | nodes.FilterBlock):
        return node.lineno
    for part in node.nodes if isinstance(node, nodes.Output) else ():
        if not isinstance(part, nodes.TemplateData):
            return part.lineno
        if part.data.strip():
            return part.lineno + part.data[: len(part.data) - len(part.data.lstrip())].count("\n")
    return 0


@lru_cache(maxsize=_REMEMBERED)
def _marked(source: str, file: int) -> str:
    """`source` with its number at the beginning of each line where that changes nothing that is rendered."""
    code = list(_code_in(source))
    firsts = [span.start for span in code]
    marked: list[str] = []
    start = 0
    for number, line in enumerate(source.splitlines(keepends=True), 1):
        # a mark inside a tag would be code, and before one it would keep Jinja2 from trimming the line
        before = bisect_left(firsts, start) - 1
        within = before >= 0 and start < code[before].stop
        free = line.strip() and not _BLOCK_FIRST.match(line) and not within
        marked.append(f"{_OPEN}{file}:{number}{_CLOSE}{line}" if free else line)
        start += len(line)
    return "".join(marked)


def unmarked(source: str) -> str:
    """`source` as its file holds it."""
    return _MARK.sub("", source)


def read_template(path: Path) -> str:
    """A template's text. Raises TemplateError where it is no text, or holds what no form can."""
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST + 1)
        source = data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except (OSError, UnicodeDecodeError) as fault:
        raise TemplateError(f"cannot be read as UTF-8 text ({type(fault).__name__})", where=path) from None
    if len(data) > _LARGEST:
        what = f"this template is larger than {_LARGEST // 1000} kilobytes"
        raise TemplateError(what, where=path, hint="Split it into parts that it includes.")
    return checked(path, source)


@lru_cache(maxsize=_REMEMBERED)
def checked(path: Path, source: str) -> str:
    """The text of the template at `path`. Raises TemplateError where it holds what no form can."""
    for found in re.finditer("[\ue000-\uf8ff]", source):
        what = f"private-use character U+{ord(found[0]):04X}"
        raise TemplateError(what, where=_place(path, source, found.start()), hint="Remove it.")
    for found in UNSEEN.finditer(source):
        what = f"the character U+{ord(found[0]):04X}, which nobody can see"
        raise TemplateError(what, where=_place(path, source, found.start()), hint="Remove it.")
    text = prose_of(source)
    for found in _HTML.finditer(text):
        hint = "Write it as Markdown, or as one of the ::: blocks of docs/templates.md."
        raise TemplateError("HTML does not print", where=_place(path, source, found.start()), hint=hint)
    return source


def prose_of(source: str) -> str:
    """A template's own words, at the places where they stand, with blanks for what is Jinja2."""
    pieces: list[str] = []
    end = 0
    for code in _code_in(source):
        pieces += (source[end : code.start], re.sub(r"[^\n]", " ", source[code.start : code.stop]))
        end = code.stop
    return "".join((*pieces, source[end:]))


def _code_in(source: str) -> Iterator[range]:
    """Where the tags, values and comments of Jinja2 stand."""
    last = {opening: source.rfind(closing) for opening, closing in _CLOSED_BY.items()}
    end = 0
    for found in _OPENING.finditer(source):
        opening = found[0]
        if end <= found.start() and found.end() <= last[opening]:
            end = source.index(_CLOSED_BY[opening], found.end()) + 2
            yield range(found.start(), end)


def _place(path: Path, source: str, position: int) -> Place:
    line = source.count("\n", 0, position) + 1
    return Place(path, line, position - source.rfind("\n", 0, position))
