"""Weekly working hours as data, and as people write them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from itertools import groupby
from typing import Any, NamedTuple

from worktime.calendars import Calendar, Weekly, Window, read_weekly, wall_text
from worktime.days import write_windows

WEEK = range(7)


class Run(NamedTuple):
    """Neighbouring weekdays (0 Monday … 6) with the same windows."""

    first: int
    last: int
    windows: tuple[Window, ...]


def week_data(week: Weekly) -> dict[str, list[list[str]]]:
    """Return a week as `weekly` of a CalendarVersion; weekdays without windows are left out."""
    return {
        str(weekday): [[wall_text(start), wall_text(end)] for start, end in week[weekday]]
        for weekday in sorted(week)
        if week[weekday]
    }


def week_texts(week: Weekly) -> list[str]:
    """Return the seven days of a week from Monday, as days.read_windows reads them."""
    return [write_windows(week.get(weekday, ())) for weekday in WEEK]


def with_week(weekly: Mapping[str, Any], weekly_from: Mapping[str, Any], since: date, week: Weekly) -> dict[str, Any]:
    """
    Return `weekly_from` of a CalendarVersion with that week from `since` on, up to the next date that is planned.

    A date that changes nothing is left out, so that a planned change is taken back by giving it the hours before it.
    """
    planned = {**weekly_from, since.isoformat(): week_data(week)}
    kept: dict[str, Any] = {}
    before = week_data(read_weekly(weekly))
    for on in sorted(planned):
        data = week_data(read_weekly(planned[on]))
        if data != before:
            kept[on] = before = data
    return kept


def runs(week: Weekly) -> list[Run]:
    """Return the working weekdays of a week, neighbours with the same windows as one."""
    days = [(weekday, tuple(week.get(weekday, ()))) for weekday in WEEK]
    found = []
    for windows, same in groupby(days, key=lambda day: day[1]):
        numbers = [weekday for weekday, _ in same]
        if windows:
            found.append(Run(numbers[0], numbers[-1], windows))
    return found


def minutes_of(week: Weekly) -> int:
    """Return the working minutes of a week."""
    return sum(end - start for windows in week.values() for start, end in windows)


def weeks_of(calendar: Calendar) -> list[tuple[date | None, Weekly]]:
    """Return the weeks of a calendar in order, each with the date from which it holds; the first has none."""
    return [(None, calendar.weekly), *((since, calendar.weekly_from[since]) for since in sorted(calendar.weekly_from))]
