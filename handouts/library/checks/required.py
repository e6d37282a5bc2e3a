"""What each kind of form must have, and who asks for it: the table that every variant is checked against."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from handouts.library.checks.variants import Variant
from handouts.library.procedure import Procedure
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
