"""Parts of FHIR resources that are told the same way everywhere: names, concepts, identifiers, periods."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from handouts.intake.fhir_pool import many, one, text
from handouts.intake.json_text import Json, Object
from handouts.intake.record import Refused

_USES = ("official", "usual", None)


def is_current(thing: Object, day: date | None) -> bool:
    """Whether an identifier or a name is in use on that day; without a day, by its `use` alone."""
    if thing.get("use") == "old":
        return False
    period = one(thing.get("period"))
    start, end = text(period.get("start")), text(period.get("end"))
    if day is None:
        return True
    ended = end is not None and day.isoformat()[: len(end)] > end[:10]
    begun = start is None or start[:10] <= day.isoformat()
    return begun and not ended


def _best(things: Sequence[Object], day: date | None) -> list[Object]:
    current = [thing for thing in things if is_current(thing, day)]
    for use in _USES:
        if found := [thing for thing in current if thing.get("use") == use]:
            return found
    return current


def best_name(names: Json, day: date | None) -> Object:
    """The name to print: official before usual before one without a use before any other; empty if there is none.

    Raises:
        Refused: two different names have the same claim.

    """
    best = _best(many(names), day)
    if len({(given_of(name), text(name.get("family")), text(name.get("text"))) for name in best}) > 1:
        raise Refused(
            "several-names",
            "the resource has several different names of the same use; give all but one an end or another use",
        )
    return best[0] if best else {}


def words_of(value: Json) -> str:
    """The texts of an array, joined by spaces."""
    items = value if isinstance(value, list) else [value]
    return " ".join(item for item in items if isinstance(item, str) and item.strip())


def given_of(name: Object) -> str | None:
    """All given names, joined by spaces."""
    return words_of(name.get("given")) or None


def printed_name(name: Object) -> str | None:
    """`Given Family, Suffix`, or the name's own text if it has no parts."""
    parts = " ".join(part for part in (given_of(name), text(name.get("family"))) if part)
    suffix = words_of(name.get("suffix"))
    return f"{parts}, {suffix}" if parts and suffix else parts or text(name.get("text"))


def concept(value: Json) -> str | None:
    """What a CodeableConcept is called: its text, else a coding's display, else a code."""
    codings = many(one(value).get("coding"))
    named = next((text(coding.get("display")) for coding in codings if text(coding.get("display"))), None)
    code = next((text(coding.get("code")) for coding in codings if text(coding.get("code"))), None)
    return text(one(value).get("text")) or named or code


def record_number(identifiers: Json, day: date | None) -> str | None:
    """The medical record number: the identifier of type MR.

    Raises:
        Refused: two different ones have the same claim.

    """
    best = _best([each for each in many(identifiers) if is_record_number(each)], day)
    numbers = sorted({number for each in best if (number := text(each.get("value")))})
    if len(numbers) > 1:
        raise Refused(
            "several-patient-ids",
            "the patient has several medical record numbers in use; give all but one an end or the use old",
        )
    return numbers[0] if numbers else None


def is_record_number(identifier: Object) -> bool:
    """Whether an identifier is of type MR."""
    return any(
        coding.get("code") == "MR" and (text(coding.get("system")) or "").endswith("v2-0203")
        for coding in many(one(identifier.get("type")).get("coding"))
    )


def spoken_language(communications: Json) -> str | None:
    """The patient's preferred language, or the only one.

    Raises:
        Refused: there are several and none is preferred.

    """
    spoken = many(communications)
    preferred = [each for each in spoken if each.get("preferred") is True] or spoken
    tags = {tag for each in preferred if (tag := _tag(each.get("language")))}
    if len(tags) > 1:
        raise Refused("several-languages", "the patient has several languages; mark the preferred one")
    return tags.pop() if tags else None


def _tag(language: Json) -> str | None:
    codes = (text(coding.get("code")) for coding in many(one(language).get("coding")))
    return next((code for code in codes if code), None) or concept(language)


def interpreter_needed(extensions: Json) -> bool | str | None:
    """What the extension for a needed interpreter says, in FHIR's own or US Core's form."""
    for each in many(extensions):
        url = text(each.get("url")) or ""
        if url.endswith(("/patient-interpreterRequired", "/us-core-interpreter-needed")):
            answer = each.get("valueBoolean")
            return answer if isinstance(answer, bool) else concept({"coding": [one(each.get("valueCoding"))]})
    return None
