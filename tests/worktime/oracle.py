"""
A slow second opinion: step through the minutes and look at the wall clock of each.

It shares no arithmetic with worktime. It needs calendars whose windows are disjoint on every date asked.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from worktime.calendars import Calendar
from worktime.measure import Pause

MINUTE = timedelta(minutes=1)


def counts(instant: datetime, calendar: Calendar | None, pauses: Sequence[Pause]) -> bool:
    """Tell whether the minute that begins at `instant` is working time and not paused."""
    if any(pause.start <= instant and (pause.end is None or instant < pause.end) for pause in pauses):
        return False
    return calendar is None or in_window(instant, calendar)


def in_window(instant: datetime, calendar: Calendar) -> bool:
    """Tell whether, on its local date, the minute lies between the first and the last instant of some window."""
    zone = ZoneInfo(calendar.zone)
    local = _local(instant, zone)
    for start, end in calendar.wall_windows(local.date()):
        begun = any(_wall(earlier) >= start for earlier in _same_date(instant, zone, -MINUTE))
        lasting = any(_wall(later) < end for later in _same_date(instant, zone, MINUTE))
        if begun and lasting:
            return True
    return False


def due(
    start: datetime, target: int, calendar: Calendar | None, pauses: Sequence[Pause], limit: int
) -> datetime | None:
    """Return the due instant, or None if `limit` minutes do not reach it."""
    instant = start.astimezone(UTC)
    for _ in range(limit):
        if counts(instant, calendar, pauses):
            target -= 1
        instant += MINUTE
        if target == 0:
            return instant
    return None


def elapsed(start: datetime, at: datetime, calendar: Calendar | None, pauses: Sequence[Pause]) -> int:
    """Return the minutes that count in [start, at)."""
    return sum(counts(start + MINUTE * step, calendar, pauses) for step in range((at - start) // MINUTE))


def _wall(local: datetime) -> int:
    return local.hour * 60 + local.minute


def _same_date(instant: datetime, zone: ZoneInfo, step: timedelta) -> Iterator[datetime]:
    """Yield the local times from `instant` stepwise to two hours away, as long as the date is the same."""
    date = _local(instant, zone).date()
    for number in range(121):
        wall = _local(instant + step * number, zone)
        if wall.date() == date:
            yield wall


@lru_cache(maxsize=200_000)
def _local(instant: datetime, zone: ZoneInfo) -> datetime:
    return instant.astimezone(zone)
