"""
Measure a clock's questions on a warmed calendar against the plain way: walk the days and add up their windows.

bin/bench worktime [--seconds S]

The calendar is CN-STD, the clock one that paused for a day; both ways must give the same answers before it counts.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from time import perf_counter
from zoneinfo import ZoneInfo

HOUSE = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(HOUSE))

from worktime import measure  # noqa: E402
from worktime.calendars import Calendar  # noqa: E402
from worktime.measure import Pause  # noqa: E402

SPANS = (("1 day", 1), ("30 days", 30), ("3 years", 3 * 365))
START = datetime.fromisoformat("2024-05-13T10:15:00+08:00")
WAIT = Pause(START + timedelta(hours=2), START + timedelta(hours=26))
REPEATS = 5
ROW = "{:<12}{:<18}{:>12}{:>14}{:>10}"

Asked = Callable[[], object]


def main() -> None:
    parser = argparse.ArgumentParser(prog="bin/bench worktime", description=__doc__.splitlines()[1])
    parser.add_argument("--seconds", type=float, default=0.2, help="how long each question is asked, five times (0.2)")
    options = parser.parse_args()
    calendar = company_calendar()
    print(ROW.format("span", "question", "µs", "walking µs", "times"))
    for name, days in SPANS:
        for question, ours, plain in questions(calendar, START + timedelta(days=days)):
            if ours() != plain():
                sys.exit(f"{question}, {name}: {ours()}, but walking gives {plain()}")
            quick, slow = microseconds(ours, options.seconds), microseconds(plain, options.seconds)
            print(ROW.format(name, question, f"{quick:.1f}", f"{slow:,.0f}", f"{slow / quick:,.0f}"), flush=True)


def company_calendar() -> Calendar:
    data = json.loads((HOUSE / "worktime" / "data" / "cn_std.json").read_text(encoding="utf-8"))
    return Calendar.from_data({**data, "tz": data["zone"], "makeup": data["exceptions"]}, data["code"])


def questions(calendar: Calendar, stop: datetime) -> list[tuple[str, Asked, Asked]]:
    """Return each question with its two ways to the answer: a clock that is due at, or looked at, about `stop`."""
    target = max(60, measure.elapsed(START, stop, calendar=calendar) // 60)
    walk = Walk(calendar)
    return [
        ("due", lambda: measure.due(START, target, calendar=calendar), lambda: walk.due(target)),
        (
            "due, paused",
            lambda: measure.due(START, target, calendar=calendar, pauses=(WAIT,)),
            lambda: walk.due(target, WAIT),
        ),
        ("elapsed", lambda: measure.elapsed(START, stop, calendar=calendar), lambda: walk.elapsed(stop)),
        (
            "elapsed, paused",
            lambda: measure.elapsed(START, stop, calendar=calendar, pauses=(WAIT,)),
            lambda: walk.elapsed(stop, WAIT),
        ),
        (
            "remaining",
            lambda: measure.remaining(START, target, stop, calendar=calendar),
            lambda: target * 60 - walk.elapsed(stop),
        ),
    ]


class Walk:
    """The plain way, written for a zone without summer time: from window to window, day by day."""

    def __init__(self, calendar: Calendar) -> None:
        self.calendar, self.zone = calendar, ZoneInfo(calendar.zone)

    def due(self, minutes: int, wait: Pause | None = None) -> datetime:
        left = timedelta(minutes=minutes)
        day = START.astimezone(self.zone).date()
        while True:
            for start, end in self.stretches(day, wait):
                if end - start >= left:
                    return start + left
                left -= end - start
            day += timedelta(days=1)

    def elapsed(self, stop: datetime, wait: Pause | None = None) -> int:
        worked = timedelta()
        day, last = (moment.astimezone(self.zone).date() for moment in (START, stop))
        while day <= last:
            worked += sum((min(end, stop) - min(start, stop) for start, end in self.stretches(day, wait)), timedelta())
            day += timedelta(days=1)
        return int(worked.total_seconds())

    def stretches(self, day: date, wait: Pause | None) -> list[tuple[datetime, datetime]]:
        """Return what counts of a day after the start, without what the pause takes."""
        midnight = datetime(day.year, day.month, day.day, tzinfo=self.zone)
        found = []
        for begin, finish in self.calendar.wall_windows(day):
            start, end = max(midnight + timedelta(minutes=begin), START), midnight + timedelta(minutes=finish)
            parts = [(start, end)] if wait is None or wait.end is None else (
                [(start, min(end, wait.start)), (max(start, wait.end), end)]
            )  # fmt: skip
            found += [(low, high) for low, high in parts if low < high]
        return found


def microseconds(ask: Asked, seconds: float) -> float:
    """Return the best of some rounds, which is what the machine can do when nobody else uses it."""
    return min(_round(ask, seconds) for _ in range(REPEATS)) * 1e6


def _round(ask: Asked, seconds: float) -> float:
    number, began = 0, perf_counter()
    while perf_counter() - began < seconds:
        for _ in range(10):
            ask()
        number += 10
    return (perf_counter() - began) / number


if __name__ == "__main__":
    main()
