"""
Clocks for the property tests: any zone, most of them near a night on which its wall clock jumps.

The same examples are tried each time; `WORKTIME_EXAMPLES=50 bin/test tests/worktime` tries fifty times more, anew.
"""

import os
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from hypothesis import settings
from hypothesis import strategies as st

from worktime.calendars import Calendar
from worktime.measure import Pause

NIGHTS = [  # zone, and a UTC midnight near which its wall clock jumps (or an ordinary or leap one)
    ("Asia/Shanghai", datetime(2026, 5, 12, tzinfo=UTC)),
    ("Asia/Shanghai", datetime(2024, 2, 29, tzinfo=UTC)),
    ("America/New_York", datetime(2028, 2, 29, tzinfo=UTC)),
    ("America/New_York", datetime(2026, 3, 8, tzinfo=UTC)),
    ("America/New_York", datetime(2026, 11, 1, tzinfo=UTC)),
    ("Europe/Berlin", datetime(2026, 3, 29, tzinfo=UTC)),
    ("Europe/Berlin", datetime(2026, 10, 25, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2026, 4, 5, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2026, 10, 4, tzinfo=UTC)),
    ("America/Havana", datetime(2026, 11, 1, tzinfo=UTC)),  # 01:00 falls back to 00:00
    ("America/Santiago", datetime(2026, 9, 6, tzinfo=UTC)),  # 00:00 does not exist
    ("America/St_Johns", datetime(2010, 11, 7, tzinfo=UTC)),  # 00:01 falls back to 23:01 of the day before
    ("Antarctica/Troll", datetime(2026, 3, 29, tzinfo=UTC)),  # two hours at once
    ("Pacific/Apia", datetime(2011, 12, 30, tzinfo=UTC)),  # the whole date does not exist
]
NIGHT_HOURS = (0, 30, 60, 75, 90, 105, 120, 135, 150, 165, 180, 210, 1380, 1410, 1425, 1440)
ZONES = sorted(name for name in available_timezones() if "/" in name)
YEARS = (1976, 2037)  # what every copy of the zones agrees on to the minute
SECOND, MINUTE, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(days=1)


TIMES = int(os.environ.get("WORKTIME_EXAMPLES", "1"))


def examples(number: int) -> settings:
    """Return settings for so many examples, or so many times more of them, drawn anew, if one is searching."""
    return settings(max_examples=number * TIMES, deadline=None, derandomize=TIMES == 1)


@dataclass(frozen=True)
class Clock:
    calendar: Calendar | None
    start: datetime
    pauses: list[Pause]

    @property
    def counting(self) -> dict:
        return {"calendar": self.calendar, "pauses": self.pauses}


@st.composite
def nights(draw):
    if draw(st.booleans()):
        return draw(st.sampled_from(NIGHTS))
    zone = draw(st.sampled_from(ZONES))
    year = draw(st.integers(*YEARS))
    return zone, draw(st.sampled_from(jumps(zone, year) or [datetime(year, 12, 31, tzinfo=UTC)]))


@lru_cache(maxsize=1000)
def jumps(zone: str, year: int) -> list[datetime]:
    """Return the UTC dates of a year after which the zone's offset is another."""
    place, first = ZoneInfo(zone), datetime(year, 1, 1, tzinfo=UTC)
    offsets = [(first + DAY * number).astimezone(place).utcoffset() for number in range(367)]
    return [first + DAY * number for number in range(366) if offsets[number] != offsets[number + 1]]


@st.composite
def day_windows(draw, step: int = 15):
    """Windows of a day, many of them around the hours at which clocks jump."""
    often = st.sampled_from([minute for minute in NIGHT_HOURS if minute % step == 0])
    minutes = st.one_of(often, st.integers(0, 1440 // step).map(lambda number: number * step))
    edges = sorted(draw(st.sets(minutes, max_size=6)))
    return tuple(zip(edges[::2], edges[1::2], strict=False))


@st.composite
def weeks(draw):
    weekly = {day: draw(day_windows()) for day in range(7)}
    weekly[draw(st.integers(0, 6))] = ((0, 1440),)
    return weekly


@st.composite
def calendars(draw, zone: str, night: datetime):
    """A calendar of that zone; the hours of half of them change on one or two dates near the night."""
    weekly = draw(weeks())
    near = [night.date() + timedelta(days=days) for days in range(-2, 4)]
    exceptions: dict[date, tuple] = draw(st.dictionaries(st.sampled_from(near), day_windows(1), max_size=2))
    off = frozenset(draw(st.sets(st.sampled_from(near), max_size=2)))
    later = draw(st.one_of(st.just({}), st.dictionaries(st.sampled_from(near), weeks(), min_size=1, max_size=2)))
    return Calendar("ANY", zone, weekly, off, exceptions, later)


@st.composite
def clocks(draw, step: timedelta = SECOND, open_too: bool = False):
    """A clock that starts at most a day and a half before a night of note; its moments are whole steps."""
    zone, night = draw(nights())
    calendar = draw(st.one_of(calendars(zone, night), calendars(zone, night), st.none()))
    start = night + step * (draw(st.integers(-36 * 3600, 24 * 3600)) // int(step.total_seconds()))
    return Clock(calendar, start, draw(pauses(start, step=step, open_too=open_too)))


@st.composite
def pauses(draw, start: datetime, *, step: timedelta = SECOND, open_too: bool = False):
    unit = int(step.total_seconds())
    spans = draw(st.lists(st.tuples(st.integers(-18000, 90000), st.integers(0, 54000)), max_size=3))
    begins = [start + step * (begin // unit) for begin, _ in spans]
    found = [Pause(begin, begin + step * (length // unit)) for begin, (_, length) in zip(begins, spans, strict=True)]
    if open_too and draw(st.booleans()):
        found.append(Pause(start + step * (draw(st.integers(-18000, 90000)) // unit)))
    return found
