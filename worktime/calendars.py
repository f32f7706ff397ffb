"""
Working calendars: which instants of a zone's wall clock are working time. Pure: no Django, no reading of the clock.

Inside this package an instant is a whole number of seconds since 1970 (UTC); outside it is an aware datetime in UTC.
Source: DOMAIN §3.1 (2), (5), (6).
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

DAY_MINUTES = 24 * 60
SECOND = timedelta(seconds=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EPOCH_ORDINAL = EPOCH.toordinal()
WALL_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)|24:00")

Window = tuple[int, int]  # wall minutes since local midnight, half-open, 0 ≤ start < end ≤ 1440
Interval = tuple[datetime, datetime]  # half-open


class BadInput(ValueError):
    """What cannot be reckoned with: a stable `code` and the `params` of its sentence (worktime.words)."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code, params)
        self.code, self.params = code, params

    def __str__(self) -> str:
        return f"{self.code} {self.params}" if self.params else self.code


@dataclass(frozen=True)
class Calendar:
    """
    The working windows of one place; compares by value, and keeps what it has worked out about its years.

    zone: IANA name.  weekly: weekday (0 Monday … 6) → windows.  off: rest days.
    exceptions: date → the windows of that very date (a make-up workday, a half day, or none).
    The windows of a date are those of `exceptions`, else none if it is `off`, else those of `weekly` (DOMAIN §3.1 (6)).

    Raises BadInput (a ValueError) for: zone_unknown, window_malformed, window_backwards, windows_overlap,
    weekday_unknown, calendar_without_windows.
    """

    code: str
    zone: str
    weekly: Mapping[int, tuple[Window, ...]] = field(hash=False)
    off: frozenset[date] = frozenset()
    exceptions: Mapping[date, tuple[Window, ...]] = field(default_factory=dict, hash=False)
    _zone: ZoneInfo = field(init=False, repr=False, compare=False)
    _years: dict[int, "Year"] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_zone", zone_named(self.zone))
        _check_weekdays(self.weekly)
        object.__setattr__(self, "weekly", {day: _checked(windows) for day, windows in self.weekly.items()})
        object.__setattr__(self, "exceptions", {day: _checked(windows) for day, windows in self.exceptions.items()})
        if not any(self.weekly.values()) and not any(self.exceptions.values()):
            raise BadInput("calendar_without_windows", calendar=self.code)

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
        if day in self.exceptions:
            return self.exceptions[day]
        return () if day in self.off else self.weekly.get(day.weekday(), ())

    def is_workday(self, day: date) -> bool:
        """Tell whether any time of the local date is working time; a make-up Saturday is (DOMAIN §3.1 (15))."""
        return bool(self.wall_windows(day))

    def local_date(self, instant: datetime) -> date:
        """Return the date of an aware instant in the calendar's zone. Raises BadInput instant_out_of_range."""
        try:
            return instant.astimezone(self._zone).date()
        except OverflowError as error:
            raise BadInput("instant_out_of_range") from error

    def year(self, number: int) -> "Year":
        """Return the working time of one local year (2 … 9998), worked out once."""
        if not date.min.year < number < date.max.year:
            raise BadInput("instant_out_of_range")
        if number not in self._years:
            self._years[number] = _year(self, number)
        return self._years[number]


def windows(calendar: Calendar, day: date) -> tuple[Interval, ...]:
    """
    Return the working intervals of a local date: UTC, half-open, in order, none overlapping.

    Each runs from the first instant of the date whose wall clock is not before the window's start to just after the
    last instant whose wall clock is before its end: a start in a DST gap moves to the gap's end; of a repeated hour
    the start is the first, the end the last (DOMAIN §3.1 (5)).
    """
    return tuple((at(start), at(end)) for start, end in _union(_spans(calendar, day)))


def day_end(zone: ZoneInfo, day: date) -> datetime:
    """Return the instant, in UTC, at which the local date is over (24:00). Raises BadInput instant_out_of_range."""
    if not date.min.year < day.year < date.max.year:
        raise BadInput("instant_out_of_range")
    return at(_last_before(zone, day, DAY_MINUTES))


def zone_named(name: str) -> ZoneInfo:
    """Return the zone. Raises BadInput zone_unknown."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, TypeError, OSError) as error:
        raise BadInput("zone_unknown", zone=str(name)) from error


@dataclass(frozen=True, slots=True)
class Year:
    """The working time of one local year as sorted spans, with the seconds worked before each."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]
    before: tuple[int, ...]
    total: int

    def worked(self, instant: int) -> int:
        """Return the seconds of this year's working time that lie before `instant`."""
        index = bisect_right(self.starts, instant) - 1
        if index < 0:
            return 0
        return self.before[index] + min(instant, self.ends[index]) - self.starts[index]

    def reaching(self, worked: int) -> int:
        """Return the first instant at which `worked` seconds (1 … total) are worked: closing time, not next morning."""
        index = bisect_left(self.before, worked) - 1
        return self.starts[index] + worked - self.before[index]


def seconds(instant: datetime) -> int:
    """Return the whole seconds since 1970 of an aware datetime; parts of a second are cut. Raises BadInput."""
    if instant.utcoffset() is None:
        raise BadInput("instant_without_zone", at=instant.isoformat())
    return (instant - EPOCH) // SECOND


def at(instant: int) -> datetime:
    """Return the aware UTC datetime of seconds since 1970. Raises BadInput beyond the year 9999."""
    try:
        return EPOCH + timedelta(seconds=instant)
    except OverflowError as error:
        raise BadInput("instant_out_of_range") from error


def _year(calendar: Calendar, number: int) -> Year:
    spans = _union(span for day in _days(number) for span in _spans(calendar, day))
    starts, ends = zip(*spans, strict=True) if spans else ((), ())
    before, total = [], 0
    for start, end in spans:
        before.append(total)
        total += end - start
    return Year(starts, ends, tuple(before), total)


def _days(year: int) -> Iterable[date]:
    first = date(year, 1, 1).toordinal()
    return (date.fromordinal(number) for number in range(first, date(year, 12, 31).toordinal() + 1))


def _union(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the spans, sorted by start, without what an earlier one covers: DST nights can make windows overlap."""
    apart: list[tuple[int, int]] = []
    for start, end in spans:
        start = max(start, apart[-1][1]) if apart else start
        if start < end:
            apart.append((start, end))
    return apart


def _spans(calendar: Calendar, day: date) -> list[tuple[int, int]]:
    """Return the windows of a local date as instants; some may be empty or overlap on a DST night."""
    wall = calendar.wall_windows(day)
    if not wall:
        return []
    zone = calendar._zone
    ordinal = day.toordinal()
    offset = _noon_offset(zone, ordinal - 1)
    if offset == _noon_offset(zone, ordinal + 1):  # an ordinary day
        midnight = (ordinal - EPOCH_ORDINAL) * 86400 - offset
        return [(midnight + start * 60, midnight + end * 60) for start, end in wall]
    return [(_first_from(zone, day, start), _last_before(zone, day, end)) for start, end in wall]


@lru_cache(maxsize=8192)
def _noon_offset(zone: ZoneInfo, ordinal: int) -> int:
    """Return the zone's offset from UTC, in seconds, at noon of a date."""
    offset = datetime.fromordinal(ordinal).replace(hour=12, tzinfo=zone).utcoffset()
    return offset // SECOND if offset is not None else 0


def _first_from(zone: ZoneInfo, day: date, minute: int) -> int:
    """Return the first instant of the date whose wall clock is at or after `minute`."""
    wall = _wall(day, minute)
    return _gap_end(zone, wall) if _in_gap(zone, wall) else _instant(zone, wall, fold=0)


def _last_before(zone: ZoneInfo, day: date, minute: int) -> int:
    """Return the second just after the last instant of the date whose wall clock is before `minute`."""
    wall = _wall(day, minute) - SECOND
    return _gap_end(zone, wall) if _in_gap(zone, wall) else _instant(zone, wall, fold=1) + 1


def _wall(day: date, minute: int) -> datetime:
    return datetime.combine(day, time()) + timedelta(minutes=minute)


def _instant(zone: ZoneInfo, wall: datetime, fold: int) -> int:
    return (wall.replace(tzinfo=zone, fold=fold) - EPOCH) // SECOND


def _in_gap(zone: ZoneInfo, wall: datetime) -> bool:
    """Tell whether the wall time is skipped (PEP 495: then fold 0 lies after fold 1)."""
    return _instant(zone, wall, fold=0) > _instant(zone, wall, fold=1)


def _gap_end(zone: ZoneInfo, wall: datetime) -> int:
    """Return the instant of the change that skips `wall`: the first with the later offset."""
    early, late = _instant(zone, wall, fold=1), _instant(zone, wall, fold=0)
    offset_then = _offset_at(zone, late)
    while late - early > 1:
        middle = (early + late) // 2
        if _offset_at(zone, middle) == offset_then:
            late = middle
        else:
            early = middle
    return late


def _offset_at(zone: ZoneInfo, instant: int) -> int:
    offset = at(instant).astimezone(zone).utcoffset()
    return offset // SECOND if offset is not None else 0


def _check_weekdays(weekly: Mapping[int, Any]) -> None:
    for day in weekly:
        if day not in range(7):
            raise BadInput("weekday_unknown", weekday=str(day))


def _checked(windows: Iterable[Window]) -> tuple[Window, ...]:
    """Return the windows in order. Raises BadInput if one is backwards or two overlap."""
    ordered = tuple(sorted((start, end) for start, end in windows))
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
    return _read_time(pair[0]), _read_time(pair[1])


def _read_time(text: Any) -> int:
    if not isinstance(text, str) or not WALL_TIME.fullmatch(text):
        raise BadInput("time_malformed", time=str(text))
    return int(text[:2]) * 60 + int(text[3:])


def _read_date(text: Any) -> date:
    try:
        return date.fromisoformat(text)
    except (TypeError, ValueError) as error:
        raise BadInput("date_malformed", date=str(text)) from error
