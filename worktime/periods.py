"""
Date periods of law and contract: the last day of “15 days”, “2 years”, “10 working days”. Pure.

The day of the start does not count; a month without the corresponding day ends on its last; a last day that is a rest
day moves to the next working day where the clause says so. Source: DOMAIN §3.1 (15), Civil Code 200–204.
"""

from calendar import monthrange
from datetime import date, datetime, timedelta

from worktime.calendars import BadInput, Calendar, day_end, windows, zone_named
from worktime.ledger import HORIZON_YEARS
from worktime.measure import NoWorkingTime

UNITS = ("day", "week", "month", "year", "workday")
ONE_DAY = timedelta(days=1)


def last_day(start_date: date, n: int, unit: str, *, calendar: Calendar | None, roll: bool = True) -> date:
    """
    Return the last day of a period of `n` units that follows `start_date`.

    unit: one of UNITS.  roll: move a last day that is a rest day of `calendar` to its next working day; a make-up
    Saturday is no rest day.  calendar may be None if nothing rolls and no working days are counted.

    Raises BadInput: date_malformed (a datetime is no date), unit_unknown, period_not_positive, period_too_long,
    calendar_missing; NoWorkingTime.
    """
    if type(start_date) is not date:
        raise BadInput("date_malformed", date=str(start_date))
    if unit not in UNITS:
        raise BadInput("unit_unknown", unit=str(unit))
    if not isinstance(n, int) or isinstance(n, bool) or n <= 0:
        raise BadInput("period_not_positive", n=str(n))
    try:
        if unit == "workday":
            return _nth_workday(start_date, n, _needed(calendar))
        last = _counted(start_date, n, unit)
        return next_workday(last, _needed(calendar)) if roll else last
    except OverflowError as error:
        raise BadInput("period_too_long", n=n, unit=unit) from error


def next_workday(day: date, calendar: Calendar) -> date:
    """Return `day` if it is a working day, else the first one after it. Raises NoWorkingTime."""
    limit = min(day.year + HORIZON_YEARS, date.max.year - 1)
    while not calendar.is_workday(day):
        day += ONE_DAY
        if day.year > limit:
            raise NoWorkingTime(calendar)
    return day


def expires_at(
    last: date, *, calendar: Calendar | None = None, zone: str | None = None, at_close: bool = False
) -> datetime:
    """
    Return the instant, in UTC, at which a period with that last day is over.

    It is 24:00 in `zone` (else in the calendar's), or the close of business of the calendar if the contract says so
    (`at_close`); on a day without business it is 24:00.

    Raises BadInput: zone_unknown; calendar_missing if there is neither zone nor calendar, or no calendar to close.
    """
    if at_close and (open_times := windows(_needed(calendar), last)):
        return open_times[-1][1]
    return day_end(zone_named(zone or _needed(calendar).zone), last)


def _needed(calendar: Calendar | None) -> Calendar:
    if calendar is None:
        raise BadInput("calendar_missing")
    return calendar


def _counted(start: date, n: int, unit: str) -> date:
    if unit in {"day", "week"}:
        return start + timedelta(days=n * (7 if unit == "week" else 1))
    return _corresponding_day(start, n * (12 if unit == "year" else 1))


def _corresponding_day(start: date, months: int) -> date:
    """Return the same day of the month `months` later, or that month's last day (Civil Code 202)."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    if year > date.max.year:
        raise OverflowError
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def _nth_workday(day: date, n: int, calendar: Calendar) -> date:
    limit = day.year + HORIZON_YEARS
    for _ in range(min(n, HORIZON_YEARS * 366 + 1)):
        day = next_workday(day + ONE_DAY, calendar)
        if day.year > limit:
            raise BadInput("period_too_long", n=n, unit="workday")
    return day
