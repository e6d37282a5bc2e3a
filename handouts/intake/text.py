"""Text values: cleaned of accidents of spacing, refused if they hold what cannot be printed as it stands."""

from __future__ import annotations

import math
import re
import unicodedata
from decimal import Decimal

from handouts.intake.record import Damage, Refused, Value

LONGEST = 200
LONGEST_LOOKED_AT = 20_000
"""Characters of which it is still told what else is wrong with them."""
MOST_DIGITS = 15
_JOINERS = "\u200c\u200d"
_LINE_ENDS = "\t\n\r"
_FORBIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn"}
_INVISIBLE = frozenset("\u034f\u115f\u1160\u2800\u3164\uffa0")
MOST_MARKS = 4
"""On one letter; no orthography of the scripts printed here needs more, and a tower would run into other lines."""
_TOWER = re.compile(f"m{{{MOST_MARKS + 1}}}")
_LONE_MARK = re.compile(r"(^|\s)m")
_GUARDED = re.compile(r'\s*="([^"]*)"\s*')
UNSEEN = re.compile(
    "[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\u202a-\\u202e\\u2066-\\u2069\\ufff9-\\ufffb\\U000e0000-\\U000e007f]"
)
"""Controls, direction overrides and tags: in no text of a clinic's or a form's do they do anything but deceive."""
_LOST = frozenset("\ufffc\ufffd")
"""What programs leave in the place of something that they could not keep."""
_SPREADSHEET_ERROR = re.compile(r"#(N/A|REF!|VALUE!|NAME\?|DIV/0!|NULL!|NUM!|SPILL!|CALC!|#+)|Err:[0-9]{3}")
_DAMAGE = {
    Damage.SPREADSHEET_ERROR: "the cell shows a spreadsheet error instead of a value; correct its formula",
    Damage.NO_RESULT: "the cell holds a formula that was never calculated; open the list in the spreadsheet program "
    "and save it",
    Damage.SHOWN_WITH_ZEROS: "the cell holds a number that is shown with zeros or letters it does not have; "
    "format the column as text and enter it as it is shown",
    Damage.MERGED: "the cell is part of a merged one, so it holds no value of its own; "
    "split the merged cells and fill in each row",
    Damage.NOT_ONE_VALUE: "there is a list or an object where one value is wanted; write a single text here",
}


def clean(text: str) -> str:
    """The text in Unicode's composed form with single spaces, without the `="…"` that exports put round numbers.

    Raises:
        Refused: it holds a forbidden character, a spreadsheet's error, or is too long.

    """
    if guarded := _GUARDED.fullmatch(text):
        text = guarded[1]
    if len(text) > LONGEST_LOOKED_AT:
        raise _too_long()
    if not (text.isascii() and text.isprintable()):
        text = unicodedata.normalize("NFC", text)
        bad = sorted(f"U+{ord(character):04X}" for character in set(text) if _forbidden(character))
        if bad:
            raise Refused(
                "forbidden-character",
                f"the value holds a character that cannot be printed as it stands ({', '.join(bad[:5])}); "
                "type the value anew",
            )
        marks = "".join(map(_mark_or_letter, text))
        if _TOWER.search(marks):
            raise Refused("too-many-marks", f"one letter carries more than {MOST_MARKS} accents; type the value anew")
        if _LONE_MARK.search(marks):
            raise Refused("lone-mark", "an accent or a vowel sign stands without its letter; type the value anew")
    text = " ".join(text.split())
    if len(text) > LONGEST:
        raise _too_long()
    if _SPREADSHEET_ERROR.fullmatch(text):
        raise Refused(Damage.SPREADSHEET_ERROR.value, _DAMAGE[Damage.SPREADSHEET_ERROR])
    return text


def _too_long() -> Refused:
    return Refused("too-long", f"the value is longer than {LONGEST} characters; shorten it")


def _forbidden(character: str) -> bool:
    if character in _LINE_ENDS or character in _JOINERS:
        return False
    return unicodedata.category(character) in _FORBIDDEN or character in _INVISIBLE | _LOST


def _mark_or_letter(character: str) -> str:
    return "m" if unicodedata.category(character)[0] == "M" else " " if character.isspace() else "-"


def checked(value: Value) -> Value:
    """The value with its text cleaned; blank text becomes None.

    Raises:
        Refused: the text cannot be used, or the reader could not tell what the cell holds.

    """
    if isinstance(value, Damage):
        raise Refused(value.value, _DAMAGE[value])
    return (clean(value) or None) if isinstance(value, str) else value


def text_of(value: Value) -> str | None:
    """A value as the text it would be printed as; a spreadsheet's 12345.0 is 12345.

    Raises:
        Refused: it is a date, a yes/no, or a number that the spreadsheet has rounded.

    """
    value = checked(value)
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        raise Refused("not-text", "there is a yes/no value where text is wanted; write it as text")
    if isinstance(value, int | float | Decimal):
        return _number_text(value)
    raise Refused(
        "date-instead-of-text",
        "there is a date or time where text is wanted, perhaps made so by the spreadsheet program; "
        "format the column as text and enter the value again",
    )


def _number_text(value: float | Decimal) -> str:
    if isinstance(value, int):
        return str(value)
    if not math.isfinite(value):
        raise Refused("not-a-number", "the value is not a finite number; write it as text")
    exact = Decimal(repr(value)) if isinstance(value, float) else value
    if exact.adjusted() >= MOST_DIGITS or exact.adjusted() < -MOST_DIGITS or len(exact.as_tuple().digits) > 2 * LONGEST:
        raise _too_precise()
    whole = exact.to_integral_value()
    if exact == whole:
        return str(int(whole))
    if len(exact.normalize().as_tuple().digits) > MOST_DIGITS:
        raise _too_precise()
    return format(exact.normalize(), "f")


def _too_precise() -> Refused:
    return Refused(
        "number-too-long",
        f"the value is a number of more than {MOST_DIGITS} digits, which spreadsheets round; "
        "format the column as text and enter it again",
    )
