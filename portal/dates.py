"""Dates as a customer reads them: with the weekday and the month by name, never 05/06 (UX §4.7)."""

from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext, pgettext, pgettext_lazy

from complaints.days import company_date

WEEKDAYS = (
    pgettext_lazy("day of the week", "Mon"),
    pgettext_lazy("day of the week", "Tue"),
    pgettext_lazy("day of the week", "Wed"),
    pgettext_lazy("day of the week", "Thu"),
    pgettext_lazy("day of the week", "Fri"),
    pgettext_lazy("day of the week", "Sat"),
    pgettext_lazy("day of the week", "Sun"),
)
MONTHS = (
    pgettext_lazy("month", "January"),
    pgettext_lazy("month", "February"),
    pgettext_lazy("month", "March"),
    pgettext_lazy("month", "April"),
    pgettext_lazy("month", "May"),
    pgettext_lazy("month", "June"),
    pgettext_lazy("month", "July"),
    pgettext_lazy("month", "August"),
    pgettext_lazy("month", "September"),
    pgettext_lazy("month", "October"),
    pgettext_lazy("month", "November"),
    pgettext_lazy("month", "December"),
)
KEEP_TOGETHER = {ord(" "): "\u00a0"}  # no line break inside a date


def last_day_before(moment: datetime) -> date:
    """Return the company's day that is over at `moment`, such as the last day of a term."""
    return company_date(moment - timedelta(microseconds=1))


def day(value: date | datetime, *, today: date) -> str:
    """Return e.g. "Thu 14 May", with the year where it is not that of `today`; an instant in the reader's zone."""
    on = timezone.localtime(value).date() if isinstance(value, datetime) else value
    parts = {
        "weekday": WEEKDAYS[on.weekday()],
        "day": on.day,
        "month": MONTHS[on.month - 1],
        "year": on.year,
    }
    if on.year == today.year:
        form = pgettext("a day", "%(weekday)s %(day)d %(month)s")
    else:
        form = pgettext("a day", "%(weekday)s %(day)d %(month)s %(year)d")
    return (form % parts).translate(KEEP_TOGETHER)


def moment(at: datetime, *, today: date) -> str:
    """Return e.g. "Thu 14 May 10:15 (GMT+8)": day, time and zone of the reader."""
    said = pgettext("a moment", "%(day)s %(time)s (%(zone)s)") % {
        "day": day(at, today=today),
        "time": clock_time(at),
        "zone": zone_of(at),
    }
    return said.translate(KEEP_TOGETHER)


def clock_time(at: datetime) -> str:
    """Return "10:15" in the reader's zone."""
    return timezone.localtime(at).strftime("%H:%M")


def zone_of(at: datetime) -> str:
    """Return the reader's distance from Greenwich at that instant: "GMT+8", "GMT+5:30"."""
    offset = timezone.localtime(at).utcoffset()
    minutes = int(offset.total_seconds() // 60) if offset else 0
    hours, rest = divmod(abs(minutes), 60)
    sign = "-" if minutes < 0 else "+"
    return f"GMT{sign}{hours}" + (f":{rest:02d}" if rest else "")


def zone_name(at: datetime) -> str:
    """Return the reader's zone in words for the foot of a page."""
    place = str(timezone.get_current_timezone())
    known = {"Asia/Shanghai": gettext("China time")}
    return f"{known.get(place, place.replace('_', ' '))} ({zone_of(at)})"
