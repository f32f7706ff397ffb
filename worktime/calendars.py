"""
Working calendars: which instants of a zone's wall clock are working time. Pure: no Django, no reading of the clock.

Source: DOMAIN §3.1 (2), (5), (6).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from worktime.ledger import Ledger, Rule, ledger_of, union
from worktime.zones import DAY_MINUTES, BadInput, Window, at, day_span, local_date, seconds, window_spans, zone_named

__all__ = [
    "BadInput", "Calendar", "Interval", "Window", "at", "checked_windows", "day_end", "read_time", "seconds",
    "wall_text", "windows", "zone_named",
]  # fmt: skip

MOST_WINDOWS = 48  # of a day: half hours
WALL_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)|24:00", re.ASCII)
DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)

Interval = tuple[datetime, datetime]  # half-open


@dataclass(frozen=True)
class Calendar:
    """
    The working windows of one place; compares by value. Those of the same content share what was worked out.

    zone: IANA name.  weekly: weekday (0 Monday … 6) → windows.  off: rest days.
    exceptions: date → the windows of that very date (a make-up workday, a half day, or none).
    The windows of a date are those of `exceptions`, else none if it is `off`, else those of `weekly` (DOMAIN §3.1 (6)).

    Raises BadInput (a ValueError) for: zone_unknown, window_malformed, window_backwards, windows_overlap,
    windows_too_many, weekday_unknown, date_malformed, calendar_without_windows.
    """

    code: str
    zone: str
    weekly: Mapping[int, tuple[Window, ...]] = field(hash=False)
    off: frozenset[date] = frozenset()
    exceptions: Mapping[date, tuple[Window, ...]] = field(default_factory=dict, hash=False)
    _zone: ZoneInfo = field(init=False, repr=False, compare=False)
    ledger: Ledger = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_zone", zone_named(self.zone))
        _check_weekdays(self.weekly)
        object.__setattr__(self, "weekly", {day: checked_windows(windows) for day, windows in self.weekly.items()})
        object.__setattr__(
            self, "exceptions", {day: checked_windows(windows) for day, windows in self.exceptions.items()}
        )
        if not any(self.weekly.values()) and not any(self.exceptions.values()):
            raise BadInput("calendar_without_windows", calendar=self.code)
        object.__setattr__(self, "ledger", ledger_of(self._rule()))

    @classmethod
    def from_data(cls, data: Mapping[str, Any], code: str = "") -> "Calendar":
        """
        Return the calendar written as plain data, as in `calendars` of the shared vectors.

        data: {"tz": IANA name, "weekly": {"0".."6": [["09:00", "12:00"], …]}, "off": [ISO dates],
        "makeup": {ISO date: windows}}; the last two may be absent. "24:00" is the end of a day.

        Raises BadInput as the class does, and for: calendar_malformed, time_malformed, date_malformed.
        """
        if not isinstance(data, Mapping):
            raise BadInput("calendar_malformed", part="calendar")
        weekly, makeup = _part(data, "weekly", Mapping, {}), _part(data, "makeup", Mapping, {})
        return cls(
            code=code,
            zone=_part(data, "tz", str, ""),
            weekly={_weekday(key): _read_windows(windows) for key, windows in weekly.items()},
            off=frozenset(_read_date(text) for text in _part(data, "off", (list, tuple), ())),
            exceptions={_read_date(text): _read_windows(windows) for text, windows in makeup.items()},
        )

    def wall_windows(self, day: date) -> tuple[Window, ...]:
        """Return the windows of a local date, in wall minutes, in order."""
        return self.ledger.wall_windows(day)

    def is_workday(self, day: date) -> bool:
        """Tell whether any time of the local date is working time; a make-up Saturday is (DOMAIN §3.1 (15))."""
        return bool(self.wall_windows(day))

    def local_date(self, instant: datetime) -> date:
        """Return the date of an aware instant in the calendar's zone. Raises BadInput instant_out_of_range."""
        return local_date(self._zone, instant)

    def _rule(self) -> Rule:
        for day in (*self.off, *self.exceptions):
            if type(day) is not date:  # a datetime is a date to Python, and equal to none
                raise BadInput("date_malformed", date=str(day))
        weekly, exceptions = tuple(sorted(self.weekly.items())), tuple(sorted(self.exceptions.items()))
        return Rule(self.zone, weekly, frozenset(self.off), exceptions)


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


def _check_weekdays(weekly: Mapping[int, Any]) -> None:
    for day in weekly:
        if day not in range(7):
            raise BadInput("weekday_unknown", weekday=str(day))


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
