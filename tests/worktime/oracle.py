"""
A slow second opinion: look at the wall clock of every single minute, and where it matters at every second.

It shares no arithmetic with worktime. It holds where a zone is whole minutes from UTC, as all have been since 1972.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from worktime.calendars import Calendar
from worktime.measure import Pause

MARGIN = 27 * 60  # minutes around what is asked, so that each local date in it is seen whole


class Oracle:
    """What a clock of this calendar shows within `minutes` of `first`, an aware instant."""

    def __init__(self, calendar: Calendar | None, first: datetime, minutes: int, pauses: Sequence[Pause] = ()) -> None:
        self.begin = _stamp(first) // 60
        self.minutes = range(self.begin, self.begin + minutes + 1)
        self.working = set(self.minutes) if calendar is None else _working(calendar, self.minutes)
        self.pauses = [(_stamp(pause.start), pause.end and _stamp(pause.end)) for pause in pauses]

    def elapsed(self, start: datetime, at: datetime) -> int:
        """Return the seconds that count in [start, at)."""
        begin, stop = _stamp(start), _stamp(at)
        return sum(self._counted(minute, begin, stop) for minute in self.minutes)

    def due(self, start: datetime, seconds: int) -> datetime | None:
        """Return the first instant at which so many seconds have counted, None if it is not within reach."""
        begin = _stamp(start)
        for minute in self.minutes:
            counted = self._counted(minute, begin, minute * 60 + 60)
            if counted >= seconds:
                return self._second(minute, begin, seconds)
            seconds -= counted
        return None

    def counts(self, second: int) -> bool:
        """Tell whether a second is working time and not paused."""
        return second // 60 in self.working and not self._paused(second)

    def _counted(self, minute: int, begin: int, stop: int) -> int:
        if minute not in self.working:
            return 0
        low, high = max(minute * 60, begin), min(minute * 60 + 60, stop)
        if any(low < edge < high for pause in self.pauses for edge in pause if edge is not None):
            return sum(self.counts(second) for second in range(low, high))
        return max(0, high - low) if low < high and self.counts(low) else 0

    def _second(self, minute: int, begin: int, seconds: int) -> datetime:
        second = max(minute * 60, begin)
        while seconds:
            seconds -= self.counts(second)
            second += 1
        return datetime.fromtimestamp(second, UTC)

    def _paused(self, second: int) -> bool:
        return any(start <= second and (end is None or second < end) for start, end in self.pauses)


def _working(calendar: Calendar, minutes: range) -> set[int]:
    """Return the minutes that lie, on their local date, between the first and the last instant of a window."""
    dates = defaultdict(list)
    for minute in range(minutes.start - MARGIN, minutes.stop + MARGIN):
        day, wall = _wall(minute, calendar.zone)
        dates[day].append((minute, wall))
    working = set()
    for day, seen in dates.items():
        for start, end in _windows(calendar, day):
            begun = [minute for minute, wall in seen if wall >= start]
            lasting = [minute for minute, wall in seen if wall < end]
            if begun and lasting:
                working.update(range(begun[0], lasting[-1] + 1))
    return working


def _windows(calendar: Calendar, day: date) -> Sequence[tuple[int, int]]:
    if day in calendar.exceptions:
        return calendar.exceptions[day]
    if day in calendar.off:
        return ()
    week = calendar.weekly
    for since in sorted(calendar.weekly_from):
        if not day < since:
            week = calendar.weekly_from[since]
    return week.get(day.weekday(), ())


@lru_cache(maxsize=100_000)
def _wall(minute: int, zone: str) -> tuple[date, int]:
    local = datetime.fromtimestamp(minute * 60, ZoneInfo(zone))
    return local.date(), local.hour * 60 + local.minute


def _stamp(instant: datetime) -> int:
    return (instant - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(seconds=1)
