"""What an appointment is expected to cost, and by when the patient is to know (45 CFR 149.610)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import islice

from handouts.library.fields import Estimate
from handouts.model import Appointment, Offer


def estimate_of(appointment: Appointment, offer: Offer) -> Estimate:
    """The list's number of sessions, else the clinic's usual one, times the clinic's price."""
    sessions = appointment.sessions or offer.usual_sessions
    price = offer.price_per_session
    total = Decimal(sessions) * price if sessions and price is not None else None
    due = due_day(appointment.booked_on, appointment.start.date()) if appointment.booked_on else None
    return Estimate(sessions, total, due)


def due_day(booked: date, visit: date) -> date | None:
    """The day by which a good faith estimate is due; None where it is due only on request.

    Booked ten or more business days ahead: three business days after booking; three or more ahead: one
    (45 CFR 149.610(b)(1)(vi)). Federal holidays are not known here. Two of them at most fall on ten business days, so
    only twelve weekdays ahead are surely ten business days; and in the days after booking a holiday is counted as one.
    So the day may be too early, and never too late.
    """
    ahead = sum(1 for _ in _weekdays(booked, visit))
    wait = 3 if ahead >= 12 else 1 if ahead >= 3 else 0
    return next(islice(_weekdays(booked, date.max), wait - 1, None)) if wait else None


def _weekdays(after: date, until: date) -> Iterator[date]:
    """Mondays to Fridays after the first day, up to and with the last."""
    day = after
    while day < until:
        day += timedelta(days=1)
        if day.weekday() < 5:
            yield day
