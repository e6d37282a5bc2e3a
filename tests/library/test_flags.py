"""Which flags a row calls for: who decides, who interprets, who pays."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from handouts.library.fields import Estimate
from handouts.library.flags import Flags, flags_of
from handouts.library.payers import is_unclear, payer_flags
from handouts.model import Appointment, Flag, Patient
from tests.press.making import clinic

ZONE = ZoneInfo("America/Chicago")


def flags(birth_date: date, day: date, **changed: object) -> Flags:
    patient = Patient(name="Ana Ruiz", birth_date=birth_date)
    start = datetime(day.year, day.month, day.day, 9, tzinfo=ZONE)
    visit = Appointment(appointment_id="A", source="list.csv:2", start=start, patient=patient).model_copy(
        update=changed
    )
    return flags_of(visit, clinic(), Estimate(None, None), priced=False, foreign=False)


@pytest.mark.parametrize(
    ("born", "day", "minor"),
    [
        (date(2008, 12, 1), date(2026, 12, 1), False),
        (date(2008, 12, 2), date(2026, 12, 1), True),
        (date(2008, 2, 29), date(2026, 2, 28), True),
        (date(2008, 2, 29), date(2026, 3, 1), False),
        (date(2026, 11, 30), date(2026, 12, 1), True),
    ],
)
def test_a_patient_comes_of_age_on_the_birthday(born: date, day: date, minor: bool) -> None:
    found = flags(born, day)
    assert (Flag.MINOR in found, Flag.REPRESENTATIVE in found) == (minor, minor)


def test_an_adult_has_a_representative_only_if_the_list_names_one() -> None:
    born, day = date(1950, 1, 1), date(2026, 12, 1)
    assert Flag.REPRESENTATIVE not in flags(born, day)
    assert Flag.REPRESENTATIVE in flags(born, day, representative="Eva Ruiz")


@pytest.mark.parametrize(
    ("payer", "expected", "unclear"),
    [
        (None, set(), False),
        ("Self-pay", {Flag.SELF_PAY}, False),
        ("Self-pay (cash)", {Flag.SELF_PAY}, False),
        ("Cash pay", {Flag.SELF_PAY}, False),
        ("Out of pocket", {Flag.SELF_PAY}, False),
        ("No insurance", {Flag.SELF_PAY}, False),
        ("Patient", {Flag.SELF_PAY}, False),
        ("Selfridge Health", {Flag.INSURED}, False),
        ("Patient First Health Plan", {Flag.INSURED}, False),
        ("Sin seguro", {Flag.SELF_PAY}, False),
        ("Pago propio (efectivo)", {Flag.SELF_PAY}, False),
        ("Blue Cross", {Flag.INSURED}, False),
        ("Medicare", {Flag.MEDICARE}, False),
        ("Medicare Part A and B", {Flag.MEDICARE}, False),
        ("Medicare A/B", {Flag.MEDICARE}, False),
        ("Traditional Medicare", {Flag.MEDICARE}, False),
        ("Medicare (Original)", {Flag.MEDICARE}, False),
        ("Medicare FFS", {Flag.MEDICARE}, False),
        ("Railroad Medicare", {Flag.MEDICARE}, False),
        ("Medicare; Medigap Plan G", {Flag.MEDICARE, Flag.INSURED}, False),
        ("Medicare + AARP supplement", {Flag.MEDICARE, Flag.INSURED}, False),
        ("Aetna Medicare Advantage", {Flag.INSURED}, False),
        ("Medicare HMO", {Flag.INSURED}, False),
        ("Medicare supplement", {Flag.INSURED}, False),
        ("Humana Medicare", {Flag.MEDICARE}, True),
        ("Medicare (Noridian)", {Flag.MEDICARE}, True),
    ],
)
def test_the_payer_decides_which_notices_are_printed(payer: str | None, expected: set[Flag], unclear: bool) -> None:
    assert (set(payer_flags(payer)), is_unclear(payer)) == (expected, unclear)
