"""What each kind of form must have: the table, and the check of every variant against it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from handouts.errors import Place
from handouts.library.checks.finding import Finding, placed
from handouts.library.checks.prose import form_units, key, plain
from handouts.library.checks.syntax import Template
from handouts.library.checks.variants import EMERGENCY_PHONE, Variant
from handouts.library.document import Block, Callout, Form, Items, Screening, Signature, Slot, contents
from handouts.library.markdown import MOST_INITIALS
from handouts.library.procedure import Procedure
from handouts.library.templates import TOKEN
from handouts.model import Flag

Kind = Literal["block", "signature", "field", "name"]


@dataclass(frozen=True, slots=True)
class Element:
    """Something that a kind of form must have: a block, someone's signature, a field, or a name that it prints.

    A block may be a section, or one line within it. when, unless: the flags for which it must. given: the facts, or
    what the clinic offers, without which it need not. says: what the block's words must hold, in every language.
    source: who asks for it.
    """

    document: str
    kind: Kind
    name: str
    source: str
    when: tuple[Flag, ...] = ()
    unless: tuple[Flag, ...] = ()
    given: str = ""
    says: str = ""

    def applies(self, variant: Variant, procedure: Procedure) -> bool:
        """Whether the variant must have it."""
        held = variant.flags.issuperset(self.when) and variant.flags.isdisjoint(self.unless)
        source: object = variant.offer if self.given == "packages" else procedure
        return held and (not self.given or bool(getattr(source, self.given)))

    @property
    def condition(self) -> str:
        """When it must be there, in words."""
        parts = [f"`when.{flag}`" for flag in self.when] + [f"not `when.{flag}`" for flag in self.unless]
        if self.given:
            parts.append(f"there are {self.given.replace('_', ' ')}")
        return ", ".join(parts) or "always"

    @property
    def written(self) -> str:
        """What it is, as it stands in a template or as people call it."""
        match self.kind:
            case "block":
                return f"block `{self.name}`" + (f", which says {self.says}" if self.says else "")
            case "signature":
                return f"`::: sign {self.name}`"
        return f"`{self.name}` printed"


CMS = "CMS guidance on 42 CFR 482.24 and 482.51"
GMC = "GMC 2020; Montgomery v Lanarkshire"
AHRQ = "AHRQ, Making Informed Consent an Informed Choice"
NHS = "NHS consent forms 1 to 4"
PEMAT = "PEMAT-P"
DISCERN = "DISCERN"
GFE = "45 CFR 149.610"
NPSG = "Joint Commission NPSG.01.01.01"
REFUSAL = "refusal form in Medical Economics"
OURS = "our judgement"

ELEMENTS: tuple[Element, ...] = (
    Element("handout", "block", "summary", f"{PEMAT}: a summary"),
    Element("handout", "block", "visit", f"{PEMAT}: it is clear what it is for"),
    Element("handout", "block", "deciding", NHS, when=(Flag.REPRESENTATIVE,)),
    Element("handout", "block", "interpreter", "Section 1557 rule of 2024", when=(Flag.INTERPRETER,)),
    Element("handout", "block", "what", f"{DISCERN}: how it works"),
    Element("handout", "block", "who_for", f"{DISCERN}: aims"),
    Element("handout", "block", "not_for", "labels of devices", given="contraindications"),
    Element("handout", "block", "session", f"{PEMAT}: explicit steps"),
    Element("handout", "block", "risks", DISCERN),
    Element("handout", "block", "evidence", f"{DISCERN}: benefits, sources, what is uncertain"),
    Element("handout", "block", "alternatives", f"{DISCERN}: other choices, no treatment"),
    Element("handout", "block", "before_after", f"{PEMAT}: steps to take, something to use"),
    Element("handout", "block", "help", OURS),
    Element("handout", "block", "questions", f"{DISCERN}: shared decision"),
    Element("handout", "block", "about", "PIF TICK; DISCERN: author, sources, dates"),
    Element("handout", "field", "patient.name", NPSG),
    Element("handout", "field", "appointment.start", OURS),
    Element("consent", "name", "clinic.name", f"{CMS}: facility"),
    Element("consent", "name", "procedure.name", f"{CMS}: procedure"),
    Element("consent", "name", "procedure.codes", f"{CMS}: procedure", given="codes"),
    Element("consent", "name", "procedure.documents.handout.version", "NHS Ayrshire G082: leaflet and its version"),
    Element("refusal", "name", "clinic.name", REFUSAL),
    Element("refusal", "name", "procedure.name", REFUSAL),
    Element("withdrawal", "name", "clinic.name", NHS),
    Element("withdrawal", "name", "procedure.name", NHS),
    Element("estimate", "name", "clinic.name", GFE),
    Element("estimate", "name", "clinic.tax_id", GFE),
    Element("estimate", "name", "procedure.codes", GFE, given="codes"),
    Element("estimate", "block", "summary", f"{PEMAT}: a summary, no sums left to the reader"),
    Element("estimate", "block", "deciding", NHS, when=(Flag.REPRESENTATIVE,)),
    Element("estimate", "block", "who", GFE),
    Element("estimate", "block", "charges", GFE),
    Element("estimate", "block", "codes", GFE, given="codes"),
    Element("estimate", "block", "packages", OURS, given="packages"),
    Element("estimate", "block", "separate", f"{GFE}: services to be booked apart"),
    Element("estimate", "block", "payer", f"{GFE}: the estimate's limits, the right to dispute; payer rules"),
    Element("estimate", "block", "not_contract", GFE, when=(Flag.SELF_PAY,)),
    Element("estimate", "block", "only_estimate", f"{GFE}: more may be needed", when=(Flag.SELF_PAY,)),
    Element("estimate", "block", "dispute", GFE, when=(Flag.SELF_PAY,), says="400"),
    Element("estimate", "block", "where_to_dispute", GFE, when=(Flag.SELF_PAY,)),
    Element("estimate", "block", "same_care", f"{GFE}: a dispute changes no care", when=(Flag.SELF_PAY,)),
    Element("estimate", "field", "patient.name", GFE),
    Element("estimate", "field", "patient.birth_date", GFE),
    Element("estimate", "field", "appointment.start", GFE),
    Element("estimate", "field", "appointment.clinician", GFE),
    Element("estimate", "field", "appointment.clinician_npi", GFE),
    Element("estimate", "field", "packet.issued_at", OURS),
    Element("estimate", "field", "estimate.due", GFE, when=(Flag.SELF_PAY,)),
    Element("estimate", "field", "estimate.total", GFE, when=(Flag.PRICED, Flag.SESSIONS_PLANNED)),
    Element("consent", "block", "before", f"{CMS}; nothing is signed with blanks left"),
    Element("consent", "block", "deciding", NHS, when=(Flag.REPRESENTATIVE,)),
    Element("consent", "block", "treatment", CMS),
    Element("consent", "block", "screening", "labels of devices", given="contraindications"),
    Element("consent", "block", "benefits", f"{CMS}; {GMC}"),
    Element("consent", "block", "risks", f"{CMS}; {GMC}"),
    Element("consent", "block", "alternatives", f"{CMS}; {GMC}; {AHRQ}"),
    Element("consent", "block", "statements", f"{CMS}: what was explained"),
    Element("consent", "block", "explained", f"{AHRQ}; {NHS}"),
    Element("consent", "block", "teach_back", AHRQ),
    Element("consent", "block", "copy_taken", NHS),
    Element("consent", "block", "copy_declined", NHS),
    Element("consent", "block", "interpreter", f"{NHS}; Section 1557 rule of 2024", when=(Flag.INTERPRETER,)),
    Element("consent", "block", "signatures", CMS),
    Element("consent", "block", "confirmation", f"{NHS}; VA Handbook 1004.01"),
    Element("consent", "block", "withdrawal", NHS),
    Element("consent", "field", "patient.name", NPSG),
    Element("consent", "field", "patient.birth_date", NPSG),
    Element("consent", "field", "appointment.clinician", CMS),
    Element("consent", "field", "appointment.representative", CMS, when=(Flag.REPRESENTATIVE,)),
    Element("consent", "signature", "patient", CMS, unless=(Flag.REPRESENTATIVE,)),
    Element("consent", "signature", "representative", CMS, when=(Flag.REPRESENTATIVE,)),
    Element("consent", "signature", "child", "NHS consent form 2", when=(Flag.MINOR,)),
    Element("consent", "signature", "interpreter", NHS, when=(Flag.INTERPRETER,)),
    Element("consent", "signature", "clinician", NHS),
    Element("consent", "signature", "witness", f"{CMS}; {NHS}: who can only make a mark"),
    Element("refusal", "block", "before", f"{REFUSAL}: blanks filled first"),
    Element("refusal", "block", "deciding", NHS, when=(Flag.REPRESENTATIVE,)),
    Element("refusal", "block", "treatment", REFUSAL),
    Element("refusal", "block", "consequences", REFUSAL),
    Element("refusal", "block", "alternatives", REFUSAL),
    Element("refusal", "block", "help", OURS, given="emergency_signs"),
    Element("refusal", "block", "statements", REFUSAL),
    Element("refusal", "block", "signatures", REFUSAL),
    Element("refusal", "block", "declined", f"{REFUSAL}: declined to sign"),
    Element("refusal", "field", "patient.name", NPSG),
    Element("refusal", "field", "patient.birth_date", NPSG),
    Element("refusal", "signature", "patient", REFUSAL, unless=(Flag.REPRESENTATIVE,)),
    Element("refusal", "signature", "representative", REFUSAL, when=(Flag.REPRESENTATIVE,)),
    Element("refusal", "signature", "interpreter", REFUSAL, when=(Flag.INTERPRETER,)),
    Element("refusal", "signature", "clinician", REFUSAL),
    Element("refusal", "signature", "witness", REFUSAL),
    Element("withdrawal", "block", "before", NHS),
    Element("withdrawal", "block", "treatment", NHS),
    Element("withdrawal", "block", "next", NHS),
    Element("withdrawal", "block", "signatures", NHS),
    Element("withdrawal", "block", "declined", OURS),
    Element("withdrawal", "field", "patient.name", NPSG),
    Element("withdrawal", "field", "patient.birth_date", NPSG),
    Element("withdrawal", "signature", "withdrawal", NHS),
    Element("withdrawal", "signature", "interpreter", NHS, when=(Flag.INTERPRETER,)),
    Element("withdrawal", "signature", "clinician", NHS),
)
"""In the order of the forms; a block's name is the name of its Jinja2 block."""


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
    for element in wanted:
        match element.kind:
            case "block":
                yield from _block(element, variant, templates, top)
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


def _block(element: Element, variant: Variant, templates: list[Template], top: Place) -> Iterator[tuple[Finding, str]]:
    if not any(element.name in template.blocks for template in templates):
        message = f"a {element.document} must have the block `{element.name}`"
        hint = f"Write it between {{% block {element.name} %}} and {{% endblock %}}; {element.source} asks for it."
        yield Finding("block-missing", top, message, hint), element.name
        return
    said = _said(element.name, variant.form, templates)
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


def _said(name: str, form: Form, templates: list[Template]) -> str:
    """What the lines of a Jinja2 block print, without headings, titles of boxes and patients' values."""
    lines = {template.file: template.blocks.get(name, range(0)) for template in templates}
    return " ".join(
        TOKEN.sub(" ", text)
        for place, text in form.lines
        if place.line in lines.get(place.file, ()) and not text.startswith(("#", ":::"))
    )


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
