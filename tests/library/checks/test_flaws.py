"""A corpus of deliberate flaws: each is caught in its file, at its line and column, with its code."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from handouts.library.checks.check import check
from handouts.library.checks.translation import unmatched
from handouts.library.checks.wording import faults_of
from tests.library.checks.making import TODAY, Found, bilingual, clean, found, spoil


@dataclass(frozen=True)
class Flaw:
    """`old` of `file` becomes `new`, and `code` is found where the line's text from the column on begins with `at`.

    where: the file in which it is found, if it is another one. also: what else follows from it.
    """

    name: str
    file: str
    old: str
    new: str
    code: str
    at: str
    where: str = ""
    also: tuple[str, ...] = ()

    @property
    def documents(self) -> set[str]:
        """The forms that it needs; a consent names the handout."""
        return {"handout", *(Path(file).stem for file in (self.file, self.where) if file.endswith(".md"))}


HANDOUT, CONSENT, ESTIMATE = "en/handout.md", "en/consent.md", "en/estimate.md"
REFUSAL, WITHDRAWAL, FACTS = "en/refusal.md", "en/withdrawal.md", "procedure.yaml"
WHAT = "Say here in plain words what is done."
RISK_LINE = "- {{ risk.text }}: {{ risk.frequency_text }}."
LONG = " ".join(["word"] * 26)
STUDY = 'claim: {en: "Say what the study found."}'
TEACH_BACK = (
    "- The patient, or the person who decides, said what will be done, what can go wrong and what else they could "
    "choose. Their own words: {{ blank }}\n"
)
DECLINED = "- A copy of this form was offered, and the person did not want it.\n"
MILD = "    serious: false"
COUNTED = f"{MILD}\n    frequency: 2\n    of: 100"
RISKS = "# frequency and of"
SESSION = "session: {{minutes_low: {}, minutes_high: {}}}\n\n"
COSTS = (
    "costs:\n  - {{id: a, setting: {{en: a place}}, low: {}, high: {}, sessions_low: 10, sessions_high: 10, "
    "total_low: {}, total_high: {}}}\n\n"
)
UNSAID = ("frequency",)
DUE = ("review-overdue",)
COPY = "- A copy of this form was offered and taken.\n"
STATEMENT = "- I was told the risks, and how often they happen where that is known.\n"
ASKED = '{% for item in procedure.contraindications if item.kind == "absolute" %}\n'
TOOK_BACK = "- The person took back consent in words and declined to sign. Said to: {{ blank }}\n"
DISPUTE = "- You can dispute a bill that is **$400** or more above this estimate."

FLAWS = (
    # what cannot be rendered or printed
    Flaw("unknown field", HANDOUT, "{{ patient.name }}", "{{ patient.nam }}", "template", "patient.nam }}"),
    Flaw("unknown name", HANDOUT, WHAT, "{{ pacient.name }}", "template", "pacient.name"),
    Flaw("unknown flag", HANDOUT, "{% if when.minor %}", "{% if when.minr %}", "template", "when.minr"),
    Flaw("unknown fact", HANDOUT, "{{ procedure.gloss }}", "{{ procedure.glos }}", "template", "procedure.glos"),
    Flaw("field in a condition", HANDOUT, WHAT, "{% if patient.sex %}x{% endif %}", "template", "patient.sex"),
    Flaw("field compared", HANDOUT, WHAT, "{% if patient.sex == 'f' %}x{% endif %}", "template", "patient.sex"),
    Flaw("field in a filter", HANDOUT, WHAT, "{{ patient.name | upper }}", "template", "patient.name"),
    Flaw("wrong formatter", HANDOUT, WHAT, "{{ patient.name | date }}", "template", "patient.name"),
    Flaw("unknown style", HANDOUT, '| date("weekday")', '| date("wekday")', "template", 'date("wekday")'),
    Flaw("a clinic without it", HANDOUT, WHAT, "See {{ clinic.website }}.", "template", "See {{"),
    Flaw(
        "no price",
        ESTIMATE,
        "{% if when.priced %}{{ offer",
        "{% if true %}{{ offer",
        "template",
        "money }}",
        also=("condition-always",),
    ),
    Flaw("unclosed condition", WITHDRAWAL, "## What happens next", "{% if when.minor %}", "template", ""),
    Flaw("HTML", HANDOUT, WHAT, "Very <b>bold</b>.", "template", "<b>"),
    Flaw("italics", HANDOUT, WHAT, "This is *slanted*.", "template", "This is"),
    Flaw("link", HANDOUT, WHAT, "See [us](here).", "template", "See"),
    Flaw("unknown block", HANDOUT, "::: tick", "::: tik", "template", "::: tik"),
    Flaw("unknown role", CONSENT, "::: sign witness", "::: sign witnes", "template", "witnes"),
    Flaw("two titles", HANDOUT, "## What is it?", "# What is it?", "template", "# What is it?"),
    Flaw("list in a list", HANDOUT, WHAT, "- a\n  - b", "template", "- a"),
    Flaw("block closed too soon", HANDOUT, WHAT, "{% if when.minor %}x", "template", "{% endblock %}"),
    Flaw("nothing to close", HANDOUT, WHAT, "x{% endfor %}", "template", "{% endfor %}"),
    Flaw("unknown tag", HANDOUT, WHAT, "{% fi %}", "template", "{% fi %}"),
    Flaw("box not closed", HANDOUT, WHAT, "::: note Take care\nof this", "template", "::: note Take care"),
    Flaw("list not closed", CONSENT, "::: initial", "::: note x\n\n::: initial", "template", "::: note x"),
    Flaw("box closed twice", HANDOUT, WHAT, "::: note x\nof this\n:::\n:::", "template", ":::"),
    # elements
    Flaw(
        "no block", HANDOUT, "{% block questions %}", "{% block others %}", "block-missing", "{# A handout" and "# {{"
    ),
    Flaw("no teach-back", CONSENT, "{% block explained %}", "{% block said %}", "block-missing", "# Consent"),
    Flaw("no teach-back line", CONSENT, TEACH_BACK, "", "block-empty", "{% block teach_back"),
    Flaw("no copy taken", CONSENT, COPY, "", "block-empty", "{% block copy_t"),
    Flaw("no copy declined", CONSENT, DECLINED, "", "block-empty", "{% block copy_declined"),
    Flaw(
        "copy line and its block",
        CONSENT,
        f"{{% block copy_declined %}}\n{DECLINED}{{% endblock %}}\n",
        "",
        "block-missing",
        "#",
    ),
    Flaw(
        "no way to decline",
        REFUSAL,
        "- The person declined to sign. Reason, if given: {{ blank }}\n",
        "",
        "block-empty",
        "{% block decl",
    ),
    Flaw("no line of those who leave", WITHDRAWAL, TOOK_BACK, "", "block-empty", "{% block declined"),
    Flaw("no right to dispute", ESTIMATE, f"{DISPUTE}\n", "", "block-empty", "{% block dispute"),
    Flaw(
        "another amount to dispute",
        ESTIMATE,
        "**$400**",
        "**$4000**",
        "block-empty",
        "{% block disp",
        also=("money-in-prose",),
    ),
    Flaw(
        "no place to dispute", ESTIMATE, "{% block where_to_dispute %}", "{% block where %}", "block-missing", "# Cost"
    ),
    Flaw(
        "same care not said",
        ESTIMATE,
        "- A dispute does not change the quality of the care you get from us.\n",
        "",
        "block-empty",
        "{% block same_care",
    ),
    Flaw(
        "line for some only",
        CONSENT,
        DECLINED,
        f"{{% if when.minor %}}\n{DECLINED}{{% endif %}}\n",
        "block-empty",
        "{% block copy_declined",
    ),
    Flaw("empty block", HANDOUT, WHAT, "{% if when.minor %}Say it.{% endif %}", "block-empty", "{% block what %}"),
    Flaw("no witness", CONSENT, "::: sign witness", "::: sign clinician", "signature-missing", "{% block signatures"),
    Flaw("no child", CONSENT, "::: sign child", "::: sign witness", "signature-missing", "{% block signatures"),
    Flaw("nobody for the patient", CONSENT, "::: sign representative", "::: sign patient", "signature-missing", "{% b"),
    Flaw("no clinician", REFUSAL, "::: sign clinician", "::: sign witness", "signature-missing", "{% block signatures"),
    Flaw("no interpreter", WITHDRAWAL, "::: sign interpreter", "::: sign clinician", "signature-missing", "{% block"),
    Flaw("no birth date", CONSENT, ', born {{ patient.birth_date | date("long") }}', "", "field-missing", "# Consent"),
    Flaw("no due day", ESTIMATE, '{{ estimate.due | date("long") }}', "soon", "field-missing", "# Cost"),
    Flaw("no NPI", ESTIMATE, ", NPI {{ appointment.clinician_npi }}", "", "field-missing", "# Cost"),
    Flaw("risk left out", CONSENT, "if risk.serious %}", "if risk.id == 'x' %}", "fact-missing", "{% block risks %}"),
    Flaw("no frequency", CONSENT, RISK_LINE, "- {{ risk.text }}.", "fact-missing", "{% block risks %}"),
    Flaw(
        "risk not in the handout", HANDOUT, "if not risk.serious %}", "if risk.serious %}", "fact-missing", "{% block r"
    ),
    Flaw(
        "no treatment", FACTS, "id: no-treatment", "id: nothing", "fact-missing", "{% block alternatives", "consent.md"
    ),
    Flaw("alternative left out", HANDOUT, "- **{{ choice.name }}.** ", "- ", "fact-missing", "{% block alternatives"),
    Flaw("question not asked", CONSENT, "- {{ item.question }}", "- {{ item.name }}", "fact-missing", "{% block scr"),
    Flaw("no emergency box", HANDOUT, "::: emergency Get", "::: note Get", "fact-missing", "{% block help %}"),
    Flaw("number by heart", HANDOUT, "**{{ clinic.emergency_phone }}**", "911", "fact-missing", "{% block help %}"),
    Flaw(
        "seven initials",
        CONSENT,
        "- I was told the risks",
        "- I know it.\n:::\n\n::: initial\n- I was told the risks",
        "initials",
        "{% block statements",
    ),
    # facts
    Flaw("unknown key", FACTS, "gloss:", "glos:", "facts", "glos:"),
    Flaw("no YAML", FACTS, "aliases: []", "aliases: [", "facts", ""),
    Flaw("percentage", FACTS, "Say what it may do,", "It helps 86% of people,", "figure-without-source", "86%"),
    Flaw("some of some", FACTS, "Say what it is.", "It helps 3 of 4 people.", "figure-without-source", "3 of 4"),
    Flaw("figure in prose", HANDOUT, WHAT, "It helps 86% of people.", "figure-without-source", "86%"),
    Flaw("figure of no size", FACTS, "size: 100", "figure: 86%", "figure-without-source", "86%"),
    Flaw("figure without a size", FACTS, "size: 100", "figure: two reviews", "figure-without-source", "figure: two"),
    Flaw("figure after people", HANDOUT, WHAT, "9 people out of 10 feel better.", "figure-without-source", "9 people"),
    Flaw("figure after patients", HANDOUT, WHAT, "9 patients in 10 improve.", "figure-without-source", "9 patients"),
    Flaw("figure of one person", HANDOUT, WHAT, "1 person in 50 bleeds.", "figure-without-source", "1 person"),
    Flaw("figure half in words", HANDOUT, WHAT, "One in 10,000 bleeds.", "figure-without-source", "One in 10,000"),
    Flaw("figure as a fraction", HANDOUT, WHAT, "It helps 86/100.", "figure-without-source", "86/100"),
    Flaw(
        "percentage in words", HANDOUT, WHAT, "Eighty percent feel better.", "figure-without-source", "Eighty percent"
    ),
    Flaw("half of all", HANDOUT, WHAT, "Half of all people feel better.", "figure-without-source", "Half of all"),
    Flaw("rare in 2 weeks", HANDOUT, WHAT, "It is rare in the first 2 weeks.", "vague-frequency", "rare"),
    Flaw("almost never", HANDOUT, WHAT, "It almost never hurts.", "vague-frequency", "almost never"),
    Flaw("no clinic", CONSENT, ": {{ clinic.name }}", ": Our clinic", "field-missing", "#"),
    Flaw("figure in words", HANDOUT, WHAT, "One in five feels better.", "figure-without-source", "One in five"),
    Flaw(
        "frequency without of", FACTS, "serious: false", "frequency: 2\n    serious: false", "frequency", "frequency: 2"
    ),
    Flaw("of without frequency", FACTS, "serious: false", "of: 100\n    serious: false", "frequency", "of: 100"),
    Flaw(
        "more than all",
        FACTS,
        "frequency_text: {en: how often is not known}\n    serious: false",
        "frequency_text: {en: 9 in 5}\n    frequency: 9\n    of: 5\n    serious: false",
        "frequency",
        "frequency: 9",
        also=("figure-without-source",),
    ),
    Flaw(
        "another number in words",
        FACTS,
        "frequency_text: {en: how often is not known}\n    serious: false",
        "frequency_text: {en: about 3 in 100}\n    frequency: 2\n    of: 100\n    serious: false",
        "frequency",
        "about 3 in 100",
        also=("figure-without-source",),
    ),
    Flaw("counted without a study", FACTS, MILD, COUNTED, "figure-without-source", "frequency: 2", also=UNSAID),
    Flaw(
        "study without design",
        FACTS,
        MILD,
        f"{COUNTED}\n    size: 5",
        "figure-without-source",
        "frequency: 2",
        also=UNSAID,
    ),
    Flaw("same id twice", FACTS, "id: example-serious", "id: example-mild", "facts", "id: example-mild"),
    Flaw("review before the last", FACTS, "next_review: 2027", "next_review: 2024", "facts", "next_rev", also=DUE),
    Flaw("source of signs", FACTS, "source: Authors, journal, year", 'source: "?"', "facts", "source"),
    Flaw("empty source", FACTS, "source: Authors, journal, year", 'source: ""', "facts", "source"),
    Flaw("minutes in the wrong order", FACTS, RISKS, f"{SESSION.format(45, 30)}{RISKS}", "facts", "minutes_low"),
    Flaw("no minutes", FACTS, RISKS, f"{SESSION.format(0, 30)}{RISKS}", "facts", "minutes_low"),
    Flaw("prices in the wrong order", FACTS, RISKS, f"{COSTS.format(90, 50, 900, 500)}{RISKS}", "facts", "low: 90"),
    Flaw("wrong total", FACTS, RISKS, f"{COSTS.format(50, 90, 500, 960)}{RISKS}", "facts", "total_high"),
    Flaw("number of the wrong kind", FACTS, "size: 100", "size: many", "facts", "size: many"),
    Flaw("a price by heart", ESTIMATE, DISPUTE, f"{DISPUTE} You pay $80.", "money-in-prose", "$80"),
    Flaw("a price with its currency first", HANDOUT, WHAT, "It costs USD 80.", "money-in-prose", "USD 80"),
    Flaw("dollars by heart", HANDOUT, WHAT, "It costs 80 dollars.", "money-in-prose", "80 dollars"),
    Flaw("no number in words", FACTS, "how often is not known", "it may happen", "frequency", "it may happen"),
    Flaw(
        "overdue",
        FACTS,
        "next_review: 2027-11-24",
        "next_review: 2026-11-23",
        "review-overdue",
        "next_review",
        also=("facts",),
    ),
    Flaw("soon due", FACTS, "next_review: 2027-11-24", "next_review: 2027-01-23", "review-soon", "next_review"),
    Flaw(
        "fact repeated", HANDOUT, WHAT, "Say what it may do,\nand how sure that is.", "fact-in-prose", "Say what it may"
    ),
    Flaw(
        "no template",
        FACTS,
        "  handout: {",
        "  leaflet: {form: KT-L, version: '1.0'}\n  handout: {",
        "document-missing",
        "leaf",
    ),
    Flaw(
        "no document",
        FACTS,
        '  refusal: {form: KT-R, version: "0.1"}\n',
        "",
        "document-unlisted",
        "# Saying",
        "refusal.md",
    ),
    Flaw("another's name", FACTS, "aliases: []", "aliases: [knee tape, vax d]", "name-shared", "vax d"),
    # words
    Flaw("rare risk", FACTS, "An example of something serious", "Rare damage", "frequency-word", "Rare"),
    Flaw("common risk", FACTS, "An example of something mild", "Common soreness", "frequency-word", "Common"),
    Flaw("vague fact", FACTS, "Say what it may do,", "It often helps,", "vague-frequency", "often"),
    Flaw("vague prose", HANDOUT, WHAT, "It usually helps.", "vague-frequency", "usually"),
    Flaw("capitals in prose", HANDOUT, WHAT, "Do NOT wait.", "capitals", "NOT"),
    Flaw("capitals in a fact", FACTS, "Tell us.", "Tell us NOW.", "capitals", "NOW"),
    Flaw("long word in capitals", HANDOUT, WHAT, "This is IMPORTANT.", "capitals", "IMPORTANT"),
    Flaw("long sentence", HANDOUT, WHAT, f"{LONG}.", "long-sentence", "word word"),
    Flaw("long fact", FACTS, "Say in one plain sentence what is done.", f"{LONG}.", "long-sentence", "word word"),
    Flaw(
        "hold harmless",
        CONSENT,
        "- The health answers",
        "- I hold the clinic harmless. The health answers",
        "liability",
        "hold the",
    ),
    Flaw("liability", REFUSAL, "- I had my questions", "- No liability. I had my questions", "liability", "liability"),
    Flaw(
        "release",
        REFUSAL,
        "- I had my questions",
        "- I release you from all claims. I had my questions",
        "liability",
        "release",
    ),
    Flaw("own risk", CONSENT, STATEMENT, "- I do this at my own risk.\n", "liability", "at my own"),
    Flaw("assumed risk", CONSENT, STATEMENT, "- I assume all risks.\n", "liability", "assume"),
    Flaw("no suit", REFUSAL, "- I had my", "- I will not sue the clinic. I had my", "liability", "not sue"),
    Flaw("no claim", REFUSAL, "- I had my", "- I will never bring any claim. I had my", "liability", "never bring"),
    Flaw("right to sue", REFUSAL, "- I had my", "- I give up my right to sue. I had my", "liability", "give up"),
    Flaw("not held responsible", HANDOUT, WHAT, "We cannot be held responsible.", "liability", "cannot be held"),
    Flaw("no responsibility", HANDOUT, WHAT, "The clinic takes no responsibility.", "liability", "no resp"),
    Flaw("waiver", HANDOUT, WHAT, "You waive your rights.", "liability", "waive"),
    Flaw(
        "hard words",
        HANDOUT,
        WHAT,
        "Musculoskeletal rehabilitation necessitates individualized biomechanical evaluation. "
        "Practitioners subsequently incorporate neuromuscular facilitation methodologies. "
        "Contraindications necessitate multidisciplinary consultation beforehand. "
        "Immobilization inevitably deteriorates musculature. Physiological adaptation requires "
        "considerable determination, sustained participation and continual "
        "re-evaluation.",
        "reading-grade",
        "## What is it?",
    ),
    # conditions
    Flaw(
        "never",
        HANDOUT,
        WHAT,
        "{% if when.minor and not when.representative %}x{% endif %}{{ procedure.gloss }}",
        "condition-never",
        "{% if",
    ),
    Flaw("both", HANDOUT, WHAT, "{% if when.minor and when.lacks_capacity %}x{% endif %}y", "condition-never", "{% if"),
    Flaw(
        "always",
        HANDOUT,
        WHAT,
        "{% if when.minor %}{% if when.representative %}x{% endif %}{% endif %}{{ procedure.gloss }}",
        "condition-always",
        "{% if",
    ),
    Flaw(
        "never, by another name",
        HANDOUT,
        WHAT,
        "{% set young = when.minor %}{% if young and not when.representative %}x{% endif %}y",
        "condition-never",
        "{% if",
    ),
    Flaw(
        "always, by another name",
        HANDOUT,
        WHAT,
        "{% set decides = when.representative %}{% if when.minor %}\n{% if decides %}x{% endif %}\n{% endif %}y",
        "condition-always",
        "{% if decides",
    ),
    Flaw(
        "field by another name",
        HANDOUT,
        WHAT,
        "{% set s = patient.sex %}\n{% if s %}x{% endif %}y",
        "template",
        "{% if s",
    ),
    Flaw(
        "never here",
        HANDOUT,
        "{% if when.minor %}Let",
        "{% if not when.representative %}Wait.{% endif %}{% if when.minor %}Let",
        "condition-never",
        "{% if",
    ),
)


@pytest.mark.parametrize("flaw", FLAWS, ids=lambda flaw: flaw.name)
def test_a_flaw_is_caught_at_its_place(tmp_path: Path, flaw: Flaw) -> None:
    templates = clean(tmp_path, *flaw.documents)
    spoil(templates, flaw.file, flaw.old, flaw.new)
    _, told = found(templates)
    assert {each.code for each in told} <= {flaw.code, *flaw.also}
    file = Path(flaw.where or flaw.file).name
    assert [each for each in told if (each.code, each.file) == (flaw.code, file) and each.at.startswith(flaw.at)], told


def test_a_figure_of_a_study_without_size_has_no_source(tmp_path: Path) -> None:
    templates = clean(tmp_path, "handout")
    spoil(templates, FACTS, STUDY, 'claim: {en: "9 in 10 felt better."}')
    assert found(templates)[1] == []
    spoil(templates, FACTS, "    size: 100\n", "")
    assert [(each.code, each.at[:7]) for each in found(templates)[1]] == [("figure-without-source", "9 in 10")]


def test_a_number_makes_a_word_for_frequency_good(tmp_path: Path) -> None:
    templates = clean(tmp_path, "handout")
    spoil(templates, HANDOUT, WHAT, "Nobody knows how often it helps. It is not known if that is rare.")
    spoil(templates, FACTS, "how often is not known}\n    serious: false", "rare (2 in 100)}\n    serious: false")
    spoil(templates, FACTS, "    serious: false", "    frequency: 2\n    of: 100\n    serious: false")
    spoil(templates, FACTS, '"Tell us."}\n    source: Name the study', '"Tell us."}\n    source: Example study; page 2')
    assert found(templates)[1] == []


def test_a_number_has_a_source_where_the_entry_names_the_study(tmp_path: Path) -> None:
    templates = clean(tmp_path, "handout")
    spoil(templates, FACTS, STUDY, 'claim: {en: "9 in 10 felt better."}')
    spoil(templates, FACTS, '    text: {en: "Say what it is."}', '    text: {en: "It helps 9 in 10."}')
    assert [(each.code, each.at[:7]) for each in found(templates)[1]] == [("figure-without-source", "9 in 10")]
    spoil(
        templates, FACTS, '"It helps 9 in 10."}', '"It helps 9 in 10."}\n    source: Authors, Journal, Year; a textbook'
    )
    assert found(templates)[1] == []


SPANISH = (
    Flaw("precio", "es/estimate.md", DISPUTE, f"{DISPUTE} Son 80 dólares.", "money-in-prose", "80 dólares"),
    Flaw("raro", "es/handout.md", WHAT, "Es raro.", "vague-frequency", "raro"),
    Flaw("a menudo", "es/handout.md", WHAT, "A menudo ayuda.", "vague-frequency", "A menudo"),
    Flaw("por ciento", "es/handout.md", WHAT, "Ayuda al 86 por ciento.", "figure-without-source", "86 por"),
    Flaw("de cada", "es/handout.md", WHAT, "Ayuda a 3 de cada 4.", "figure-without-source", "3 de cada 4"),
    Flaw("responsabilidad", "es/consent.md", "- The health answers", "- Eximo a la clínica. x", "liability", "Eximo"),
    Flaw("renuncia", "es/consent.md", "- The health answers", "- Renuncio a mis derechos. x", "liability", "Renuncio"),
    Flaw("responsable", "es/consent.md", "- The health answers", "- No somos responsables. x", "liability", "No somos"),
    Flaw("propio riesgo", "es/refusal.md", "- I had", "- Es bajo mi propio riesgo. I had", "liability", "bajo mi"),
    Flaw("asumo", "es/refusal.md", "- I had", "- Asumo todos los riesgos. I had", "liability", "Asumo"),
    Flaw("no demandaré", "es/refusal.md", "- I had", "- No demandaré a nadie. I had", "liability", "No demandar"),
    Flaw("sin culpa", "es/handout.md", WHAT, "La clínica queda libre de culpa.", "liability", "libre de"),
    Flaw("sin reclamar", "es/refusal.md", "- I had", "- No haré ningún reclamo. I had", "liability", "No har"),
    Flaw("uno de cada", "es/handout.md", WHAT, "Ayuda a uno de cada tres.", "figure-without-source", "uno de cada"),
    Flaw("mayúsculas", "es/handout.md", WHAT, "NUNCA espere.", "capitals", "NUNCA"),
    Flaw("no text", FACTS, 'es: "Tell us."', 'fr: "Tell us."', "text-missing", "what_to_do"),
    Flaw("no teach-back line in Spanish", "es/consent.md", TEACH_BACK, "", "block-empty", "{% block teach_back"),
    Flaw("no right to dispute in Spanish", "es/estimate.md", f"{DISPUTE}\n", "", "block-empty", "{% block dispute"),
    Flaw("fact left out", "es/handout.md", "{{ procedure.gloss }} ", "", "language-differs", "# {{"),
    Flaw("flag left out", "es/handout.md", "{% if when.minor %}", "{% if true %}", "language-differs", "# {{"),
    Flaw(
        "block renamed",
        "es/refusal.md",
        "{% block before %}",
        "{% block first %}",
        "language-differs",
        "{% block first" and "first",
    ),
    Flaw("field added", "es/handout.md", WHAT, "{{ patient.sex }}", "language-differs", "patient.sex"),
    Flaw("another number", "es/estimate.md", "within 120 days", "within 130 days", "language-differs", "130 days"),
    Flaw(
        "number left out", "es/estimate.md", "within 120 days", "within some days", "language-differs", "{% block whe"
    ),
    Flaw("another number in a fact", FACTS, 'es: "Tell us."', 'es: "En 3 días."', "language-differs", "3 días"),
    Flaw("statement left out", "es/consent.md", STATEMENT, "", "language-differs", "{% block statements"),
    Flaw("tick left out", "es/refusal.md", COPY, "", "language-differs", "{% block signatures"),
    Flaw(
        "point left out",
        "es/withdrawal.md",
        "- Ask what you owe for",
        "\nAsk what",
        "language-differs",
        "{% block next",
    ),
    Flaw("a question more", "es/consent.md", ASKED, f"- Fuma?\n{ASKED}", "language-differs", "{% block screening"),
    Flaw("row left out", "es/consent.md", "| | | | | |\n", "", "language-differs", "{% block confirmation"),
    Flaw(
        "rule to write on left out",
        "es/withdrawal.md",
        "Said to: {{ blank }}",
        "x",
        "language-differs",
        "{% block sign",
    ),
    Flaw(
        "one signs twice",
        "es/refusal.md",
        "::: sign witness",
        "::: sign clinician",
        "language-differs",
        "{% block sign",
    ),
    Flaw("lines left out", "es/consent.md", "::: lines 2", "::: lines 1", "language-differs", "{% block screening"),
    Flaw("label missing", "../labels/es.yaml", "born: Born\n", "", "labels", ""),
    Flaw("label unknown", "../labels/es.yaml", "born: Born", "borne: Born", "labels", "borne"),
    Flaw("role missing", "../labels/es.yaml", "  witness: Witness\n", "", "labels", "roles"),
)


@pytest.fixture(scope="module")
def unspoilt(tmp_path_factory: pytest.TempPathFactory) -> Callable[[frozenset[str]], list[Found]]:
    """What is found in forms in two languages before one is spoilt."""

    @cache
    def told(documents: frozenset[str]) -> list[Found]:
        return found(bilingual(tmp_path_factory.mktemp("unspoilt"), *documents))[1]

    return told


@pytest.mark.parametrize("flaw", SPANISH, ids=lambda flaw: flaw.name)
def test_a_flaw_of_a_second_language_is_caught_at_its_place(
    tmp_path: Path, unspoilt: Callable[[frozenset[str]], list[Found]], flaw: Flaw
) -> None:
    templates, before = bilingual(tmp_path, *flaw.documents), unspoilt(frozenset(flaw.documents))
    assert {each.code for each in before} <= {"reading-grade", "untranslated"}
    spoil(templates, flaw.file, flaw.old, flaw.new)
    file = Path(flaw.where or flaw.file).name
    told = [each for each in found(templates)[1] if each not in before]
    assert [each for each in told if (each.code, each.file) == (flaw.code, file) and each.at.startswith(flaw.at)], told


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("en/handout.md", "{{ patient.name }}", "{{ patient.nam }}"),
        ("en/handout.md", "{% block questions %}", "{% block others %}"),
        ("en/consent.md", "{% block explained %}", "{% if when.minor %}"),
        ("en/consent.md", "::: sign witness", "::: sign clinician"),
        ("en/consent.md", TEACH_BACK, ""),
    ],
)
def test_an_error_in_english_is_not_told_again_for_the_other_language(
    tmp_path: Path, unspoilt: Callable[[frozenset[str]], list[Found]], file: str, old: str, new: str
) -> None:
    documents = {"handout", Path(file).stem}
    templates, before = bilingual(tmp_path, *documents), unspoilt(frozenset(documents))
    spoil(templates, file, old, new)
    report, after = found(templates)
    told = [each for each in report.findings if each.place.file.parent.name == "es"]
    assert "language-differs" not in {each.code for each in told}
    assert [each for each in after if each not in before]


def test_english_in_a_spanish_form(tmp_path: Path) -> None:
    file = tmp_path / "dry-needling" / "es" / "handout.md"
    file.parent.mkdir(parents=True)
    sentences = {
        "Bring your insurance card and a towel.": True,
        "Some soreness is normal.": False,
        "Call the desk.": False,
        "Ask us anything.": False,
        "What it is:": False,
        "Traiga «Your Back and You», si lo tiene.": True,
        "Llame a Made-up Clinic of the West.": True,
        "Traiga una toalla.": False,
    }
    text = '{% extends "shipped/handout.md" %}\n\n{% block before_after %}\n{{ super() }}\n\n'
    first = text.count("\n") + 1
    file.write_text(text + "".join(f"{each}\n\n" for each in sentences) + "{% endblock %}\n", encoding="utf-8")
    told = [each for each in check(tmp_path, TODAY).findings if each.place.file == file]
    assert [(each.code, each.place.line, each.place.column) for each in told] == [
        ("untranslated", first + 2 * number, 1) for number, caught in enumerate(sentences.values()) if caught
    ]


def test_a_sentence_of_the_english_form_is_no_spanish_one(tmp_path: Path) -> None:
    file = tmp_path / "dry-needling" / "es" / "withdrawal.md"
    file.parent.mkdir(parents=True)
    text = '{% extends "shipped/withdrawal.md" %}\n{% block next %}\n{{ super() }}\nEs así. Your other care goes on.\n'
    file.write_text(text + "{% endblock %}\n", encoding="utf-8")
    (told,) = [each for each in check(tmp_path, TODAY).findings if each.place.file == file]
    assert (told.code, told.place.line, told.place.column) == ("untranslated", 4, 9)


def test_numbers_in_words_are_numbers_too() -> None:
    assert unmatched("Wait 2 hours, then 1,500 steps.", "Espere dos horas, y 1.500 pasos.", "es") == []
    assert unmatched("Wait 2 hours.", "Espere tres horas.", "es") == ["2"]
    assert unmatched("En 1 hora.", "In an hour.", "en") == []
    assert unmatched("It fell from 6.2 to 1.6.", "Bajó de 6,2 a 1,7.", "es") == ["1.6"]
    assert unmatched("Wait 2 hours, not 40.", "Attendez deux heures.", "fr") == ["40"]


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "Signing does not waive your rights."),
        ("en", "You do not give up your right to sue."),
        ("en", "You are responsible for what your plan does not pay."),
        ("en", "A parent takes responsibility for the ride home."),
        ("en", "Ask us about the risks."),
        ("es", "Usted no renuncia a sus derechos."),
        ("es", "Pregunte por los riesgos."),
        ("es", "La persona responsable es su clínica."),
    ],
)
def test_what_releases_nobody_is_no_release(language: str, sentence: str) -> None:
    assert not [fault for fault in faults_of(sentence, language, ()) if fault.code == "liability"]


def test_a_language_without_one_form_is_told_at_the_document(tmp_path: Path) -> None:
    templates = bilingual(tmp_path)
    (templates / "knee-taping" / "es" / "refusal.md").unlink()
    assert ("document-missing", "refusal:") in [(each.code, each.at[:8]) for each in found(templates)[1]]


def test_labels_that_are_missing_are_told(tmp_path: Path) -> None:
    templates = bilingual(tmp_path, "handout")
    (templates / "labels" / "es.yaml").rename(templates / "labels" / "fr.yaml")
    (templates / "knee-taping" / "es").rename(templates / "knee-taping" / "xx")
    assert "labels" in {each.code for each in found(templates)[1]}


def test_there_are_enough_flaws() -> None:
    assert len(FLAWS) + len(SPANISH) >= 60
