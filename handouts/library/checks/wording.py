"""Words that do not belong in a form: vague frequencies, capitals for stress, long sentences, releases of liability."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from handouts.library.checks.prose import words

LONGEST = 25
"""Words in a sentence. Longer ones are hard to hold in mind."""

_NEVER = re.compile(r"(?!)")
_FREQUENCY = {
    "en": r"(?<!how )\b(?:rare|rarely|seldom|(?:un)?common(?:ly)?|often|(?:in)?frequent(?:ly)?|usual(?:ly)?|sometimes|"
    r"almost (?:never|always)|very few|hardly ever|"
    r"occasional(?:ly)?|(?:un)?likely|probab(?:le|ly)|mostly)\b",
    "es": r"\b(?:rar[oa]s?|raramente|rara vez|(?:in|poco )?frecuentes?|(?:in)?frecuentemente|(?<!qué )(?<!que )"
    r"con frecuencia|com[uú]n(?:es|mente)?|a menudo|a veces|algunas veces|muchas veces|en ocasiones|"
    r"ocasional(?:es|mente)?|normalmente|habitualmente|usualmente|generalmente|por lo general|"
    r"suelen?|(?:im)?probable(?:s|mente)?)\b",
}
_NOT_KNOWN = {
    "en": r"not known|unknown|(?:no one|nobody|we do not|do not) know",
    "es": r"no se sabe|no se conoce|se desconoce|desconocid|nadie (?:lo )?sabe|no sabemos",
}
_LIABILITY = {
    "en": r"\b(?:liab(?:le|ility|ilities)|hold(?:s|ing)?\s+(?:\S+\s+){0,4}?harmless|indemnif\w+|"
    r"(?<!not )waiv(?:e|es|ed|er|ers|ing)|(?:no|not\s+take\s+any)\s+responsibility|"
    r"(?:not\s+(?:be\s+)?|cannot\s+be\s+)(?:held\s+)?responsible\s+for|(?:not|cannot)\s+be\s+held\s+(?:responsible|accountable)|"
    r"(?<!not )releas(?:e|es|ed|ing)\s+(?:\S+\s+){0,8}?(?:from\s+(?:all|any|every)|claims?|responsibility|damages)|"
    r"at\s+(?:my|your|his|her|their|our|the\s+patient[’']s)\s+own\s+risk|"
    r"assum(?:e|es|ed|ing|ption\s+of)\s+(?:\S+\s+){0,3}?(?:risks?|responsibility)|"
    r"(?:not|never)\s+(?:\S+\s+){0,2}?(?:sue\b|(?:bring|file|make)\s+(?:\S+\s+){0,2}?(?:claims?|lawsuits?|suits?)\b|"
    r"take\s+legal\s+action)|(?<!not )giv(?:e|es|ing)\s+up\s+(?:\S+\s+){0,3}?rights?\s+to\s+(?:sue|claim|damages))",
    "es": r"\b(?:no\s+(?:es|ser[áa]n?|somos|son|se\s+hacen?|nos\s+hacemos)\s+responsables?|"
    r"(?:ninguna|sin)\s+responsabilidad|responsabilidad\s+(?:legal|civil|alguna)|libres?\s+de\s+(?:toda\s+)?(?:culpa|"
    r"responsabilidad)|exim\w+|exoner\w+|indemne|indemniz\w+|deslind\w+|"
    r"libero\s+(?:\S+\s+){0,8}?de\s+toda|liberar?\s+(?:\S+\s+){0,8}?de\s+(?:toda\s+)?responsabilidad|"
    r"(?<!no )renunci\w+\s+a\s+(?:\S+\s+){0,4}?(?:derechos?|reclam\w+|demand\w+|acci[oó]n\w*)|"
    r"(?:bajo|a|por)\s+(?:mi|su|nuestro|nuestra)\s+(?:propio\s+riesgo|cuenta\s+y\s+riesgo|(?:propia|entera)\s+responsabilidad)|"
    r"asum(?:o|e|en|imos|ir)\s+(?:\S+\s+){0,3}?(?:riesgos?|responsabilidad)|no\s+(?:voy\s+a\s+)?demandar\w*|"
    r"no\s+(?:presentar|interpondr|har)\w*\s+(?:\S+\s+){0,2}?(?:demandas?|reclam\w+))",
}
_ACRONYMS = frozenset(
    "CMS CPT CT EUR HCPCS ID MRI NPI QR TENS US USA USD HIV DNI EE UU RM TC SNOMED ICD OPCS PCS".split()
)
_STRESS = frozenset(
    "ALL ALWAYS AND ANY ARE AT BUT CALL DO DOES EACH EVER EVERY GO IF IN IS IT MAY MUST NEVER NO NONE NOT NOW ONLY OR "
    "READ SIGN STOP THE THIS TO WAIT WILL YOU YOUR "
    "ALTO AHORA ANTES CADA DEBE ES FIRME HOY LEA LLAME NADA NADIE NI NUNCA PARE SI SIEMPRE SÍ SIN SOLO SU TODA TODO UD "
    "USTED YA".split()
)
"""Words that are no acronym in any text."""

_WHO = (
    r"(?:(?:people|persons?|patients?|adults?|women|woman|men|man|children|"
    r"personas?|pacientes?|adult[oa]s?|mujer(?:es)?|hombres?|niñ[oa]s?)\s+)?"
)
_OF = rf"\s+{_WHO}(?:in|of|out of|per|de|de cada|por cada|entre)\s+(?:every\s+|cada\s+)?"
_FIGURE = re.compile(
    r"\d+(?:[.,]\d+)?\s*(?:%|per ?cent\b|por ciento\b)"
    r"|\b[a-z]+(?:ty|teen|one|two|three|four|five|six|seven|eight|nine|ten)\s+per ?cent\b"
    r"|\b(?:half|a third|two thirds|a quarter|three quarters)\s+of\s+(?:all|the|those|people|patients)\b"
    r"|\b(?:la mitad|un tercio|dos tercios|un cuarto|tres cuartos)\s+de\s+(?:las|los|la|quienes)\b"
    r"|\b\d{1,3}/(?:10|100|1,?000|10,?000)\b"
    rf"|\b\d[\d.,]*{_OF}\d(?:[\d.,]*\d)?\b"
    rf"|\b(?:one|two|three|four|five|six|seven|eight|nine)\s+{_WHO}(?:in|out of)\s+(?:every\s+)?"
    r"(?:two|three|four|five|six|seven|eight|nine|ten|twenty|fifty|a hundred|a thousand|a million|\d(?:[\d.,]*\d)?)\b"
    rf"|\b(?:un[ao]?|dos|tres|cuatro|cinco|seis|siete|ocho|nueve)\s+{_WHO}de\s+cada\s+"
    r"(?:dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|veinte|cincuenta|cien|mil|\d(?:[\d.,]*\d)?)\b",
    re.IGNORECASE,
)

_MONEY = re.compile(
    r"(?:[$€£]|\b(?:USD|EUR))\s?\d(?:[\d.,]*\d)?"
    r"|\b\d(?:[\d.,]*\d)?\s?(?:€|£|(?:US )?dollars\b|d[oó]lares\b|euros?\b|USD\b|EUR\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Fault:
    """A word or sentence at fault, and what is wrong with it. word: as it stands in the text."""

    code: str
    word: str
    message: str
    hint: str


def _search(table: dict[str, str], language: str, text: str) -> re.Match[str] | None:
    return re.search(table.get(language, _NEVER.pattern), text, re.IGNORECASE)


def frequency_word(sentence: str, language: str) -> str:
    """The word for how often something happens that stands without a number or “not known”; empty if none does."""
    found = _search(_FREQUENCY, language, sentence)
    if not found or _FIGURE.search(sentence) or _search(_NOT_KNOWN, language, sentence):
        return ""
    return found[0]


def is_not_known(text: str, language: str) -> bool:
    """Whether a text says that something is not known; True for a language whose words for it are not listed."""
    return language not in _NOT_KNOWN or bool(_search(_NOT_KNOWN, language, text))


def figures(text: str) -> list[str]:
    """Percentages and counts such as 3 in 100, as they are written; “6 in 2019” is no count."""
    return [found[0] for found in _FIGURE.finditer(text) if not re.search(r"\s(?:19|20)\d\d$", found[0])]


def money(text: str) -> list[str]:
    """Amounts of money, as they are written."""
    return [found[0] for found in _MONEY.finditer(text)]


Amount = tuple[str, ...]


def amount(figure: str) -> Amount:
    """The numbers of a figure, by which two figures are the same: 63% is 63 of 100. One in words is like no other."""
    if not re.search(r"\d", figure):
        return (figure.casefold(),)
    numbers = re.findall(r"\d+", re.sub(r"(?<=\d),(?=\d{3}\b)", "", figure))
    return (*numbers, "100") if not re.search(r"\d\D+\d", figure.replace(",", "").replace(".", "")) else tuple(numbers)


def faults_of(sentence: str, language: str, acronyms: Collection[str]) -> Iterator[Fault]:
    """What is wrong with a sentence in any place. acronyms: words in capitals that the facts use."""
    release = _search(_LIABILITY, language, sentence)
    if release:
        hint = "A consent tells and asks; it releases nobody. Leave it to the clinic's lawyer, on a paper of its own."
        yield Fault("liability", release[0], f"“{release[0]}” releases the clinic from liability", hint)
    for found in re.finditer(r"(\()?(?<![\w-])([A-ZÁÉÍÓÚÜÑ]{2,})(?![\w-])", sentence):
        told, word = found.groups()  # in brackets an acronym stands after what it is short for
        known = told or word in _ACRONYMS or (len(word) <= 4 and word in acronyms)
        if word in _STRESS or not known:
            hint = "Stress with **bold**, or write it out: capitals are hard to read (RNIB clear print)."
            yield Fault("capitals", word, f"“{word}” stands in capitals", hint)


def shortened(sentence: str) -> str:
    """A sentence by its first words."""
    said = sentence.split()
    return " ".join(said[:4]) + (" …" if len(said) > 4 else "")


def long_sentence(sentence: str) -> Fault | None:
    """The fault of a sentence that is too long."""
    length = len(words(sentence))
    if length <= LONGEST:
        return None
    start = " ".join(sentence.split()[:4])
    message = f"a sentence of {length} words: “{shortened(sentence)}”"
    return Fault("long-sentence", start, message, f"Make two; {LONGEST} words at most.")


def vague(sentence: str, language: str) -> Fault | None:
    """The fault of a sentence that tells how often without a number."""
    word = frequency_word(sentence, language)
    hint = "Give the number, such as 3 in 100 people, or say that it is not known. Else leave the word out."
    return Fault("vague-frequency", word, f"“{word}” without a number", hint) if word else None
