"""Made-up patients for property tests: names short and long, in every script the fonts have, and missing values."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

from handouts.library.fields import Estimate, Facts
from handouts.model import Appointment, Patient, Practitioner
from tests.press.making import ISSUED_AT, ZONE, identifier


def examples(most: int) -> settings:
    """So many examples, however long one takes; a failure is not shrunk, which would take minutes."""
    slow = [HealthCheck.too_slow, HealthCheck.data_too_large]
    phases = (Phase.explicit, Phase.reuse, Phase.generate)
    return settings(deadline=None, max_examples=most, suppress_health_check=slow, phases=phases)


_ALPHABETS = (
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "AVTWoyafiljt.,'-",
    "éèüñçßøåžšłőŐÆŒðþĐ",
    "ĐđƠơƯưẠạẢảẤấẦầẨẩẪẫẬậẮắẰằẲẳẴẵẶặẸẹẺẻẼẽỀềỂểỄễỆệỈỉỊịỌọỎỏỐốỒồỔổỖỗỘộỚớỜờỞởỠỡỢợỤụỦủỨứỪừỬửỮữỰựỲỳỴỵỶỷỸỹ",
    "ΆΈΉΊΌΎΏΐαβγδεζηθικλμνξοπρστυφχψωςΣ",
    "абвгдежзийклмнопрстуфхцчшщъыьэюяЁёЇїЄєҐґЂЉ",
    '0123456789()&/+:;!?#%*_[]{}<>|\\^~`$@="',
)
_MARKS = "\u0300\u0301\u0302\u0303\u0304\u0306\u0307\u0308\u030a\u030c\u0323\u0327\u0328"


_DECOMPOSED = st.builds(lambda letter, mark: letter + mark, st.sampled_from("aeounycsgqmnrz"), st.sampled_from(_MARKS))
_WORDS = st.one_of(*(st.text(alphabet, min_size=1, max_size=14) for alphabet in _ALPHABETS)) | st.lists(
    _DECOMPOSED, min_size=1, max_size=7
).map("".join)
_LONG_WORDS = st.one_of(*(st.text(alphabet, min_size=60, max_size=200) for alphabet in _ALPHABETS)) | st.lists(
    _DECOMPOSED, min_size=40, max_size=100
).map("".join)

names = st.one_of(
    st.lists(_WORDS, min_size=1, max_size=4).map(" ".join),
    st.lists(_WORDS, min_size=10, max_size=40).map(" ".join),
    _LONG_WORDS,
    st.lists(st.text("abcxyz", min_size=1, max_size=2), min_size=40, max_size=80).map(" ".join),
).map(lambda name: name[:200].strip())
"""1 to 200 characters."""

hostile = st.sampled_from(
    [
        "{{ 7*7 }}", "{% raw %}", "{# x #}", "${7*7}", "**x**", "__x__", "_x_", "# x", "- x", "1. x", "| a | b |",
        "::: sign patient", ":::", "[x](y)", "![x](y)", "`x`", "<b>x</b>", "<br/>", "&amp;", "&lt;", "<para>", "(\\)",
        "\\", "\\n", ")Tj", "<0041>", "%PDF", "%%EOF", "endstream", "endobj", "stream", "xref 0 1", "/Type/Page",
        "{{ patient.name }}", "patient.id", "None", "%s", "{0}", "{page}", "'; DROP TABLE", "a\\*b",
    ]
)  # fmt: skip
"""Values that are syntax of something that packets pass through."""

_short = st.lists(_WORDS, min_size=1, max_size=3).map(" ".join).map(lambda text: text[:60].strip())
_practitioners = st.builds(Practitioner, name=st.just("Dr. Ada Fernhill"), licence=st.just("IL-EX-000111") | st.none())


@st.composite
def people(draw: st.DrawFn, names: st.SearchStrategy[str] = names) -> Facts:
    """Everything a packet prints about one patient."""
    name = draw(names)
    patient = Patient(
        name=name,
        birth_date=draw(st.dates(date(1920, 1, 1), date(2026, 11, 30))),
        patient_id=draw(st.none() | _short | hostile),
    )
    sessions = draw(st.none() | st.integers(1, 200))
    appointment = Appointment(
        appointment_id="A1",
        source="list.csv:2",
        start=draw(st.datetimes(datetime(2026, 12, 1), datetime(2027, 12, 31), timezones=st.just(ZONE))),
        patient=patient,
        clinician=draw(st.none() | _short),
        room=draw(st.none() | _short),
        payer=draw(st.none() | _short | hostile),
        sessions=sessions,
        representative=draw(st.none() | names),
    )
    estimate = Estimate(sessions, Decimal(sessions) * 145 if sessions else None)
    return Facts(appointment, draw(st.none() | _practitioners), estimate, identifier(name), ISSUED_AT)
