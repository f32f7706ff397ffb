"""
Working calendars: which instants of a zone's wall clock are working time. Pure: no Django, no reading of the clock.

Source: DOMAIN §3.1 (2), (5), (6).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import pairwise
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from worktime.ledger import Ledger, Rule, Week, ledger_of, union
from worktime.zones import DAY_MINUTES, BadInput, Window, at, day_span, local_date, seconds, window_spans, zone_named

__all__ = [
    "BadInput", "Calendar", "DayName", "Interval", "Weekly", "Window", "at", "checked_windows", "day_end",
    "read_time", "read_weekly", "seconds", "wall_text", "windows", "zone_named",
]  # fmt: skip

MOST_WINDOWS = 48  # of a day: half hours
LONGEST_NAME = 120  # of a day
WALL_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)|24:00", re.ASCII)
DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)

Interval = tuple[datetime, datetime]  # half-open
Weekly = Mapping[int, tuple[Window, ...]]  # weekday, 0 Monday … 6 → windows


class DayName(NamedTuple):
    """What people call a date, and what they call it in Chinese where that is known as well."""

    name: str
    name_zh: str = ""


@dataclass(frozen=True)
class Calendar:
    """
    The working windows of one place; compares by value. Those of the same content share what was worked out.

    zone: IANA name.  weekly: weekday (0 Monday … 6) → windows.  off: rest days.
    exceptions: date → the windows of that very date (a make-up workday, a half day, or none).
    weekly_from: local date → the week that takes the place of the one before it from that date on.
    names: date → what it is called; names change no working time.
    The windows of a date are those of `exceptions`, else none if it is `off`, else those of the week in force on it
    (DOMAIN §3.1 (6)).

    Raises BadInput (a ValueError) for: zone_unknown, window_malformed, window_backwards, windows_overlap,
    windows_too_many, weekday_unknown, date_malformed, calendar_without_windows.
    """

    code: str
    zone: str
    weekly: Weekly = field(hash=False)
    off: frozenset[date] = frozenset()
    exceptions: Mapping[date, tuple[Window, ...]] = field(default_factory=dict, hash=False)
    weekly_from: Mapping[date, Weekly] = field(default_factory=dict, hash=False)
    names: Mapping[date, DayName] = field(default_factory=dict, hash=False)
    _zone: ZoneInfo = field(init=False, repr=False, compare=False)
    ledger: Ledger = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_zone", zone_named(self.zone))
        object.__setattr__(self, "weekly", _checked_week(self.weekly))
        weeks = {since: _checked_week(week) for since, week in self.weekly_from.items()}
        object.__setattr__(self, "weekly_from", weeks)
        object.__setattr__(
            self, "exceptions", {day: checked_windows(windows) for day, windows in self.exceptions.items()}
        )
        if not any(any(week.values()) for week in (self.weekly, *weeks.values())) and not any(self.exceptions.values()):
            raise BadInput("calendar_without_windows", calendar=self.code)
        object.__setattr__(self, "ledger", ledger_of(self._rule()))

    @classmethod
    def from_data(cls, data: Mapping[str, Any], code: str = "") -> "Calendar":
        """
        Return the calendar written as plain data, as in `calendars` of the shared vectors.

        data: {"tz": IANA name, "weekly": {"0".."6": [["09:00", "12:00"], …]}, "off": [ISO dates],
        "makeup": {ISO date: windows}, "weekly_from": {ISO date: as "weekly"},
        "names": {ISO date: "National Day" or ["National Day", "国庆节"]}}; all after "weekly" may be absent.
        "24:00" is the end of a day.

        Raises BadInput as the class does, and for: calendar_malformed, time_malformed, date_malformed,
        name_malformed.
        """
        if not isinstance(data, Mapping):
            raise BadInput("calendar_malformed", part="calendar")
        makeup, weeks, names = (_part(data, name, Mapping, {}) for name in ("makeup", "weekly_from", "names"))
        return cls(
            code=code,
            zone=_part(data, "tz", str, ""),
            weekly=read_weekly(_part(data, "weekly", Mapping, {})),
            off=frozenset(_read_date(text) for text in _part(data, "off", (list, tuple), ())),
            exceptions={_read_date(text): _read_windows(windows) for text, windows in makeup.items()},
            weekly_from={_read_date(text): read_weekly(week) for text, week in weeks.items()},
            names={_read_date(text): read_name(name) for text, name in names.items() if name},
        )

    def wall_windows(self, day: date) -> tuple[Window, ...]:
        """Return the windows of a local date, in wall minutes, in order."""
        return self.ledger.wall_windows(day)

    def usual_windows(self, day: date) -> tuple[Window, ...]:
        """Return the windows of the date's weekday in the week in force on it, whatever is said of the date itself."""
        return self.ledger.usual_windows(day)

    def week_of(self, day: date) -> Weekly:
        """Return the week that is in force on a local date."""
        since = max((date for date in self.weekly_from if date <= day), default=None)
        return self.weekly if since is None else self.weekly_from[since]

    def makeup_windows(self, day: date) -> tuple[Window, ...]:
        """Return the hours of a make-up workday on that date: those of the first weekday of its week that has any."""
        week = self.week_of(day)
        return next((week[weekday] for weekday in sorted(week) if week[weekday]), ())

    def is_workday(self, day: date) -> bool:
        """Tell whether any time of the local date is working time; a make-up Saturday is (DOMAIN §3.1 (15))."""
        return bool(self.wall_windows(day))

    def local_date(self, instant: datetime) -> date:
        """Return the date of an aware instant in the calendar's zone. Raises BadInput instant_out_of_range."""
        return local_date(self._zone, instant)

    def _rule(self) -> Rule:
        for day in (*self.off, *self.exceptions, *self.weekly_from, *self.names):
            if type(day) is not date:  # a datetime is a date to Python, and equal to none
                raise BadInput("date_malformed", date=str(day))
        weeks = tuple((since, _by_value(self.weekly_from[since])) for since in sorted(self.weekly_from))
        exceptions = tuple(sorted(self.exceptions.items()))
        return Rule(self.zone, _by_value(self.weekly), frozenset(self.off), exceptions, weeks)


def windows(calendar: Calendar, day: date) -> tuple[Interval, ...]:
    """
    Return the working intervals of a local date: UTC, half-open, in order, none overlapping.

    Each runs from the first instant of the date whose wall clock is not before the window's start to just after the
    last instant whose wall clock is before its end: a start in a DST gap moves to the gap's end; of a repeated hour
    the start is the first, the end the last (DOMAIN §3.1 (5)).
    """
    spans = window_spans(calendar._zone, day, calendar.wall_windows(day))
    return tuple((at(start), at(end)) for start, end in union(spans))


def day_end(zone: ZoneInfo, day: date) -> datetime:
    """Return the instant, in UTC, at which the local date is over (24:00). Raises BadInput instant_out_of_range."""
    if not date.min.year < day.year < date.max.year:
        raise BadInput("instant_out_of_range")
    return at(day_span(zone, day)[1])


def _checked_week(weekly: Mapping[int, Iterable[Window]]) -> dict[int, tuple[Window, ...]]:
    for day in weekly:
        if day not in range(7):
            raise BadInput("weekday_unknown", weekday=str(day))
    return {day: checked_windows(windows) for day, windows in weekly.items()}


def _by_value(weekly: Weekly) -> Week:
    return tuple(sorted(weekly.items()))


def checked_windows(windows: Iterable[Window]) -> tuple[Window, ...]:
    """Return the windows in order. Raises BadInput if one is backwards or two overlap."""
    ordered = tuple(sorted((start, end) for start, end in windows))
    if len(ordered) > MOST_WINDOWS:
        raise BadInput("windows_too_many", count=len(ordered), most=MOST_WINDOWS)
    for start, end in ordered:
        if not 0 <= start <= DAY_MINUTES or not 0 <= end <= DAY_MINUTES:
            raise BadInput("window_malformed", window=f"{start}-{end}")
        if end <= start:
            raise BadInput("window_backwards", start=wall_text(start), end=wall_text(end))
    for (start, end), (following, _) in pairwise(ordered):
        if following < end:
            raise BadInput("windows_overlap", start=wall_text(start), end=wall_text(end), other=wall_text(following))
    return ordered


def wall_text(minute: int) -> str:
    """Return a wall minute as HH:MM."""
    return f"{minute // 60:02}:{minute % 60:02}"


def read_weekly(data: Any) -> dict[int, tuple[Window, ...]]:
    """Return a week written as in Calendar.from_data. Raises BadInput."""
    if not isinstance(data, Mapping):
        raise BadInput("calendar_malformed", part="weekly")
    return {_weekday(key): _read_windows(windows) for key, windows in data.items()}


def read_name(data: Any) -> DayName:
    """Return the name of a day: a text, or two, the second in Chinese. Raises BadInput name_malformed."""
    parts = [data] if isinstance(data, str) else data
    if not isinstance(parts, list | tuple) or not 1 <= len(parts) <= 2:
        raise BadInput("name_malformed", name=str(data)[:40])
    if not all(isinstance(part, str) and len(part) <= LONGEST_NAME for part in parts):
        raise BadInput("name_malformed", name=str(parts[0])[:40])
    return DayName(*parts)


def _part(data: Mapping[str, Any], name: str, kind: Any, default: Any) -> Any:
    value = data.get(name)
    if value is None:
        return default
    if not isinstance(value, kind):
        raise BadInput("calendar_malformed", part=name)
    return value


def _weekday(key: Any) -> int:
    if str(key) not in {"0", "1", "2", "3", "4", "5", "6"}:
        raise BadInput("weekday_unknown", weekday=str(key))
    return int(key)


def _read_windows(pairs: Any) -> tuple[Window, ...]:
    if not isinstance(pairs, list | tuple):
        raise BadInput("window_malformed", window=str(pairs))
    return tuple(_read_window(pair) for pair in pairs)


def _read_window(pair: Any) -> Window:
    if not isinstance(pair, list | tuple) or len(pair) != 2:
        raise BadInput("window_malformed", window=str(pair))
    return read_time(pair[0]), read_time(pair[1])


def read_time(text: Any) -> int:
    """Return the wall minute of HH:MM, 24:00 included. Raises BadInput time_malformed."""
    if not isinstance(text, str) or not WALL_TIME.fullmatch(text):
        raise BadInput("time_malformed", time=str(text))
    return int(text[:2]) * 60 + int(text[3:])


def _read_date(text: Any) -> date:
    try:
        if DATE.fullmatch(text):  # the other ways of ISO 8601 would let one date stand twice
            return date.fromisoformat(text)
    except (TypeError, ValueError) as error:
        raise BadInput("date_malformed", date=str(text)) from error
    raise BadInput("date_malformed", date=text)
