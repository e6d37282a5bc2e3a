"""Every variant of a form against the table of what it must have."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from handouts.errors import Place
from handouts.library.checks.finding import Finding, placed
from handouts.library.checks.prose import form_units, key, plain
from handouts.library.checks.required import ELEMENTS, Element
from handouts.library.checks.variants import EMERGENCY_PHONE, Variant
from handouts.library.containers import MOST_INITIALS
from handouts.library.document import Block, Callout, Form, Items, Screening, Signature, Slot, contents
from handouts.library.procedure import Procedure
from handouts.library.syntax import Template
from handouts.library.templates import TOKEN
from handouts.model import Flag


def flags_that_matter(document: str) -> set[Flag]:
    """The flags on which the elements of a kind of form depend."""
    return {flag for each in ELEMENTS if each.document == document for flag in (*each.when, *each.unless)}


def check_elements(procedure: Procedure, variants: list[Variant], templates: list[Template]) -> Iterator[Finding]:
    """Everything that the variants of one document lack. `templates`: the document's file first."""
    top = Place(templates[0].file, 1, 1)
    told: set[tuple[str, str]] = set()
    for variant in variants:
        for finding, about in _lacks(procedure, variant, templates, top):
            if (finding.code, about) not in told:
                told.add((finding.code, about))
                yield finding


def _lacks(
    procedure: Procedure, variant: Variant, templates: list[Template], top: Place
) -> Iterator[tuple[Finding, str]]:
    wanted = [each for each in ELEMENTS if each.document == variant.document and each.applies(variant, procedure)]
    roles = {block.role for block in variant.form.blocks if isinstance(block, Signature)}
    printed = {
        part.field.path
        for block in variant.form.blocks
        for content in contents(block)
        for part in content
        if isinstance(part, Slot)
    }
    said = _said(variant.form, templates)
    for element in wanted:
        match element.kind:
            case "block":
                yield from _block(element, variant, said, templates, top)
            case "signature" if element.name not in roles:
                place = _block_place("signatures", templates, top)
                message = f"nobody can sign as {element.name} ({_who(variant)})"
                hint = f"Add a `::: sign {element.name}` block; {element.source} asks for it."
                yield Finding("signature-missing", place, message, hint), element.name
            case "field" if element.name not in printed:
                message = f"`{element.name}` is not printed ({_who(variant)})"
                hint = f"Write {{{{ {element.name} }}}}; {element.source} asks for it."
                yield Finding("field-missing", top, message, hint), element.name
            case "name" if not any(_is_part(element.name, name) for each in templates for name in each.names):
                message = f"`{element.name}` is not printed"
                hint = f"Write it where it belongs; {element.source} asks for it."
                yield Finding("field-missing", top, message, hint), element.name
    yield from _facts(procedure, variant, templates, top)


def _is_part(wanted: str, name: str) -> bool:
    """Whether a name that a template reads is the wanted one, or something of it."""
    return name == wanted or name.startswith((f"{wanted}.", f"{wanted}[]"))


def _who(variant: Variant) -> str:
    return ", ".join(f"when.{flag}" for flag in sorted(variant.flags)) or "no flag set"


def _block(
    element: Element, variant: Variant, printed: Mapping[str, str], templates: list[Template], top: Place
) -> Iterator[tuple[Finding, str]]:
    said = printed.get(element.name)
    if said is None:
        message = f"a {element.document} must have the block `{element.name}`"
        hint = f"Write it between {{% block {element.name} %}} and {{% endblock %}}; {element.source} asks for it."
        yield Finding("block-missing", top, message, hint), element.name
        return
    if not key(said):
        message = f"the block `{element.name}` prints nothing ({_who(variant)})"
        hint = f"{element.source} asks for it: {element.condition}."
        yield Finding("block-empty", _block_place(element.name, templates, top), message, hint), element.name
    elif not re.search(rf"(?<!\d){element.says}(?!\d)", said):
        message = f"the block `{element.name}` does not say {element.says} ({_who(variant)})"
        hint = f"{element.source} asks for it: {element.condition}."
        yield Finding("block-empty", _block_place(element.name, templates, top), message, hint), element.name


def _block_place(name: str, templates: Iterable[Template], otherwise: Place) -> Place:
    found = (template.place(template.blocks[name][0]) for template in templates if name in template.blocks)
    place = next(found, None)
    return placed(place, "{% block") if place else otherwise


def _within(name: str, variant: Variant, templates: list[Template]) -> Iterator[Block]:
    lines = {template.file: template.blocks.get(name, range(0)) for template in templates}
    for block, place in zip(variant.form.blocks, variant.form.places, strict=True):
        if place.line in lines.get(place.file, ()):
            yield block


def _said(form: Form, templates: list[Template]) -> dict[str, str]:
    """What the lines of each Jinja2 block print, without headings, titles of boxes and patients' values."""
    blocks = {template.file: template.blocks for template in templates}
    said: dict[str, list[str]] = {name: [] for each in blocks.values() for name in each}
    for place, text in form.lines:
        if text.startswith(("#", ":::")):
            continue
        for name, lines in blocks.get(place.file, {}).items():
            if place.line in lines:
                said[name].append(TOKEN.sub(" ", text))
    return {name: " ".join(texts) for name, texts in said.items()}


def _facts(
    procedure: Procedure, variant: Variant, templates: list[Template], top: Place
) -> Iterator[tuple[Finding, str]]:
    language, form = variant.language, variant.form
    said = [key(unit.text) for unit in form_units(form)]
    if variant.document in {"consent", "handout"}:
        at = _block_place("risks", templates, top)
        for risk in procedure.risks:
            parts = [key(risk.text.root.get(language, ""))]
            if variant.document == "consent":
                parts.append(key(risk.frequency_text.root.get(language, "")))
            if not any(all(part in unit for part in parts) for unit in said):
                what = " with its `frequency_text`" if len(parts) > 1 else ""
                yield _unsaid(at, f"the risk `{risk.id}` is not printed{what}"), f"risk {risk.id}"
        at = _block_place("alternatives", templates, top)
        if all(each.id != "no-treatment" for each in procedure.alternatives):
            yield _unsaid(at, "the facts have no alternative with the id `no-treatment`"), "no treatment"
        for choice in procedure.alternatives:
            if not any(key(choice.name.root.get(language, "")) in unit for unit in said):
                yield _unsaid(at, f"the alternative `{choice.id}` is not printed"), f"alternative {choice.id}"
    if variant.document == "consent":
        questions = {
            key(plain(each)) for block in form.blocks if isinstance(block, Screening) for each in block.questions
        }
        at = _block_place("screening", templates, top)
        for item in procedure.contraindications:
            if key(item.question.root.get(language, "")) not in questions:
                message = f"the question of the contraindication `{item.id}` is not in a `::: screening` list"
                yield _unsaid(at, message), f"question {item.id}"
        initials = sum(
            len(block.items) for block in form.blocks if isinstance(block, Items) and block.marker == "initial"
        )
        if initials > MOST_INITIALS:
            message = f"{initials} statements to initial ({_who(variant)}); {MOST_INITIALS} are the most"
            hint = "More invite initialling without reading. Join some, or print them without a line."
            yield Finding("initials", _block_place("statements", templates, top), message, hint), "initials"
    if variant.document == "handout":
        boxes = [block for block in _within("help", variant, templates) if isinstance(block, Callout)]
        urgent = " ".join(plain(each) for box in boxes if box.kind == "emergency" for each in contents(box))
        if EMERGENCY_PHONE not in urgent:
            message = "the block `help` has no `::: emergency` box with `clinic.emergency_phone`"
            yield _unsaid(_block_place("help", templates, top), message), "emergency"


def _unsaid(place: Place, message: str) -> Finding:
    return Finding("fact-missing", place, message, "Loop over the facts of procedure.yaml, so that none is left out.")
