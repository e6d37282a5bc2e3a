"""Dates and times as lists write them. Where two readings are possible, none is chosen."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Literal
from zoneinfo import ZoneInfo

from handouts.intake.record import Refused, Value
from handouts.intake.text import checked

Order = Literal["MM/DD/YYYY", "DD/MM/YYYY"]

_MONTH_NAMES = (
    "jan january, feb february, mar march, apr april, may, jun june, jul july, aug august, sep sept september, "
    "oct october, nov november, dec december"
)
_MONTHS = {name: number for number, names in enumerate(_MONTH_NAMES.split(", "), start=1) for name in names.split()}
_ISO = re.compile(r"([0-9]{4})([-/])([0-9]{1,2})\2([0-9]{1,2})")
_NUMERIC = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4})")
_DAY_FIRST = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th)?[ -]+([a-z]+)\.?,?[ -]+([0-9]{4})", re.IGNORECASE)
_MONTH_FIRST = re.compile(r"([a-z]+)\.?[ -]+([0-9]{1,2})(?:st|nd|rd|th)?,?[ -]+([0-9]{4})", re.IGNORECASE)
_SHORT_YEAR = re.compile(
    r"[0-9]{1,2}[-/. ][0-9]{1,2}[-/. ]'?[0-9]{2}|[0-9]{1,2}[ -]+[a-z]+\.?,?[ -]+'?[0-9]{2}"
    r"|[a-z]+\.? +[0-9]{1,2},? +'?[0-9]{2}",
    re.IGNORECASE,
)
_TIME_AT_END = re.compile(
    r"(?:^|(?<=[0-9])T|,? +)"
    r"(?:([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:\.[0-9]+)?)?(?: ?([ap])\.?m\.?)?|([0-9]{1,2}) ?([ap])\.?m\.?)"
    r"(?: ?(Z|[+-][0-9]{2}:?[0-9]{2}))?$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Moment:
    """What one cell says about a moment: a date, a time of day, or both, and the offset if it gives one."""

    day: date | None = None
    clock: time | None = None
    offset: timezone | None = None


def moment(value: Value, order: Order | None) -> Moment | None:
    """Read a cell of a date, time, or date-and-time column; None if it is blank.

    Raises:
        Refused: it cannot be read, or can be read in two ways.

    """
    value = checked(value)
    if value is None:
        return None
    if isinstance(value, datetime):
        rounded = _to_seconds(value)
        return Moment(rounded.date(), rounded.time())
    if isinstance(value, date):
        return Moment(value)
    if isinstance(value, time):
        return Moment(clock=_to_seconds(datetime.combine(date.min, value)).time())
    if isinstance(value, timedelta):
        return Moment(clock=_clock_of(value))
    if isinstance(value, int | float | Decimal):
        raise Refused(
            "number-instead-of-date",
            "there is a bare number where a date or time is wanted; format the column as a date and enter it again",
        )
    return _written_moment(str(value), order)


def _clock_of(duration: timedelta) -> time:
    if not timedelta(0) <= duration < timedelta(days=1):
        raise _bad_time()
    return _to_seconds(datetime(1, 1, 1) + duration).time()  # noqa: DTZ001 - a clock has no zone


def _to_seconds(exact: datetime) -> datetime:
    # A spreadsheet keeps 9:30 as a fraction of a day, which may come out as 9:29:59.999.
    try:
        return (exact + timedelta(milliseconds=500)).replace(microsecond=0)
    except OverflowError:  # the last moment of the year 9999
        raise _no_such_date() from None


def _written_moment(text: str, order: Order | None) -> Moment:
    found = _TIME_AT_END.search(text)
    if not found:
        return Moment(written_date(text, order))
    clock, offset = _written_time(found)
    before = text[: found.start()]
    if offset and not before:
        raise _bad_time()
    return Moment(written_date(before, order) if before else None, clock, offset)


def _written_time(found: re.Match[str]) -> tuple[time, timezone | None]:
    hours, minutes, seconds, half, lone_hours, lone_half, zone = found.groups()
    hour, half = int(hours or lone_hours), (half or lone_half or "").lower()
    if half:
        if not 1 <= hour <= 12:
            raise _bad_time()
        hour = hour % 12 + (12 if half == "p" else 0)
    try:
        return time(hour, int(minutes or 0), int(seconds or 0)), _offset(zone)
    except ValueError:
        raise _bad_time() from None


def _offset(zone: str | None) -> timezone | None:
    if not zone:
        return None
    if zone in "Zz":
        return UTC
    hours, minutes = int(zone[1:3]), int(zone[-2:])
    if hours > 14 or minutes > 59:
        raise _bad_time()
    size = timedelta(hours=hours, minutes=minutes)
    return timezone(-size if zone[0] == "-" else size)


def _bad_time() -> Refused:
    return Refused("bad-time", "the time cannot be read; write it as 14:30 or 2:30 PM")


def written_date(text: str, order: Order | None) -> date:
    """Read a date: ISO or with the month's English name always; numeric by `order`, or if only one reading exists.

    Raises:
        Refused: it cannot be read, does not exist, or can be read in two ways.

    """
    if found := _ISO.fullmatch(text):
        return _real(int(found[1]), int(found[3]), int(found[4]))
    if found := _DAY_FIRST.fullmatch(text):
        return _real(int(found[3]), _month(found[2]), int(found[1]))
    if found := _MONTH_FIRST.fullmatch(text):
        return _real(int(found[3]), _month(found[1]), int(found[2]))
    if found := _NUMERIC.fullmatch(text):
        return _numeric(int(found[1]), found[2], int(found[3]), int(found[4]), order)
    if _SHORT_YEAR.fullmatch(text):
        raise Refused("two-digit-year", "the year has only two digits; write all four, as in 1980-04-13")
    raise _bad_date()


def _numeric(first: int, separator: str, second: int, year: int, order: Order | None) -> date:
    if order == "MM/DD/YYYY" and separator != ".":  # where months come first, dots are not used
        return _real(year, first, second)
    if order == "DD/MM/YYYY":
        return _real(year, second, first)
    readings = {day for day in (_date(year, first, second), _date(year, second, first)) if day}
    if not readings:
        raise _no_such_date()
    if len(readings) > 1:
        raise Refused(
            "ambiguous-date",
            "the date can be read as day/month or as month/day; set date_format in clinic.yaml to MM/DD/YYYY "
            "or DD/MM/YYYY, or write dates as 1980-04-13",
        )
    return readings.pop()


def _month(name: str) -> int:
    number = _MONTHS.get(name.lower())
    if number is None:
        raise _bad_date()
    return number


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _real(year: int, month: int, day: int) -> date:
    found = _date(year, month, day)
    if found is None:
        raise _no_such_date()
    return found


def _bad_date() -> Refused:
    return Refused("bad-date", "the date cannot be read; write it in full, as in 1980-04-13")


def _no_such_date() -> Refused:
    return Refused(
        "no-such-date",
        "there is no such day in the calendar; correct the date, or date_format in clinic.yaml if all dates fail",
    )


def whole_date(value: Value, order: Order | None) -> date | None:
    """Read a cell that must hold a date and no time of day (midnight counts as none).

    Raises:
        Refused: it cannot be read or says a time of day.

    """
    found = moment(value, order)
    if found is None:
        return None
    if found.day is None or found.offset or found.clock not in (None, time(0)):
        raise _bad_date()
    return found.day


def in_zone(day: date, clock: time, offset: timezone | None, zone: ZoneInfo) -> datetime:
    """The moment in the clinic's time zone.

    Raises:
        Refused: the clock does not show this time on that day, or shows it twice.

    """
    try:
        if offset:
            return datetime.combine(day, clock, offset).astimezone(zone)
        early = datetime.combine(day, clock, zone)
        if early.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != early.replace(tzinfo=None):
            raise Refused(
                "no-such-time", "the clocks skip this time when summer time begins; correct the time of the appointment"
            )
        if early.utcoffset() != early.replace(fold=1).utcoffset():
            raise Refused(
                "ambiguous-time",
                "the clocks show this time twice when summer time ends; write it with its offset from UTC, "
                "as in 2026-11-01T01:30-05:00",
            )
    except OverflowError:
        raise _no_such_date() from None
    return early
