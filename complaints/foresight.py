"""
What another target would have made of a clock: pure. Rows in, verdicts and counts out; no Django, no clock read.

A clock is judged twice, as it was measured and as if it had started under the new target: same start, same stop, same
waits. Instants decide (DOMAIN §3.1 (3)).
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from worktime import measure, periods
from worktime.calendars import BadInput, Calendar, seconds, zone_named
from worktime.measure import Pause

CALENDAR, BUSINESS, DATE = "CALENDAR", "BUSINESS", "DATE"
MOST_KEPT = 200  # clocks named in a foresight; the counts hold all


@dataclass(frozen=True)
class Target:
    """
    The time a clock is allowed.

    basis: CALENDAR or BUSINESS with `minutes`; DATE with `days` of `unit` "day" or "workday" after the day of the
    start, moved to a working day, until its midnight.
    """

    basis: str
    minutes: int | None = None
    days: int | None = None
    unit: str = ""
    pausable: bool = False


@dataclass(frozen=True)
class Row:
    """
    A clock as it was measured, and the target it would have had.

    calendar: the version by which the clock counts, or the company's where it counted none.  stop: None while it runs.
    grace: minutes that a tightened target left beyond `old`.  known: its due instant, where it was given as a date.
    zone: in which days are counted, the customer's; empty for that of the calendar.
    """

    ref: str
    start: datetime
    stop: datetime | None
    calendar: Calendar | None
    old: Target
    new: Target
    grade: str = ""
    pauses: tuple[Pause, ...] = ()
    grace: int = 0
    known: datetime | None = None
    cycle: int = 1
    zone: str = ""


class Verdict(StrEnum):
    """How a clock stands: the first two are decided, the others open."""

    MET = "met"
    MISSED = "missed"
    RUNNING = "running"
    OVER = "over"  # open and past due
    WAITING = "waiting"  # open, paused before its target was used up


LATE = (Verdict.MISSED, Verdict.OVER)


@dataclass(frozen=True)
class Judged:
    """A clock under the target it had and under the new one."""

    row: Row
    due_before: datetime | None
    due_after: datetime | None
    before: Verdict
    after: Verdict

    @property
    def changed(self) -> bool:
        """Tell whether the due instant or the verdict would differ."""
        return self.due_before != self.due_after or self.before != self.after

    @property
    def turned(self) -> bool:
        """Tell whether the clock would be late instead of in time, or the other way round."""
        return (self.before in LATE) != (self.after in LATE)

    @property
    def moved_by(self) -> timedelta | None:
        """Return how much later it would be due; None while it waits."""
        if self.due_before is None or self.due_after is None:
            return None
        return self.due_after - self.due_before


@dataclass
class Foresight:
    """
    What a change would do to all clocks that it bears on.

    to_missed, to_met: decided clocks whose verdict turns.  to_over, to_running: likewise of open ones.
    changed: those whose due instant or verdict differs; `rows` holds the first MOST_KEPT of them, the gravest first.
    """

    open: int = 0
    decided: int = 0
    waiting: int = 0
    met_before: int = 0
    met_after: int = 0
    to_missed: int = 0
    to_met: int = 0
    to_over: int = 0
    to_running: int = 0
    changed: int = 0
    rows: list[Judged] = field(default_factory=list)

    @property
    def share_before(self) -> float | None:
        """Return how many percent of the decided clocks were met; None without any."""
        return _share(self.met_before, self.decided)

    @property
    def share_after(self) -> float | None:
        """Return the same as it would have been."""
        return _share(self.met_after, self.decided)

    def counts(self) -> dict[str, int]:
        """Return all numbers by name."""
        return {name: value for name, value in vars(self).items() if isinstance(value, int)}


def foresee(rows: Iterable[Row], now: datetime) -> Foresight:
    """Judge every clock in one pass. Raises as worktime.measure does."""
    found = Foresight()
    changed = _counted(rows, now, found)
    found.rows = heapq.nsmallest(MOST_KEPT, changed, key=_weight)
    return found


def judge(row: Row, now: datetime) -> Judged:
    """Return how one clock stood under the target it had, and how it would stand under the new one."""
    before = row.known or due_under(row.old, row, more=row.grace)
    after = due_under(row.new, row)
    return Judged(row, before, after, _verdict(before, row.stop, now), _verdict(after, row.stop, now))


def due_under(target: Target, row: Row, *, more: int = 0) -> datetime | None:
    """
    Return when the clock would be due under `target`, with `more` minutes; None while a pause is open before it.

    Raises BadInput calendar_missing, else as worktime.measure does.
    """
    if target.basis == DATE:
        return date_due(row.start, target, row.calendar, row.zone)
    assert target.minutes is not None
    if target.basis == BUSINESS and row.calendar is None:  # to worktime no calendar means that all time counts
        raise BadInput("calendar_missing")
    calendar = row.calendar if target.basis == BUSINESS else None
    waits = row.pauses if target.pausable else ()
    return measure.due(row.start, target.minutes + more, calendar=calendar, pauses=waits)


def date_due(start: datetime, target: Target, company: Calendar | None, zone: str) -> datetime:
    """Return the midnight that ends a target in days, counted from the local day of `start` as clocks.start does."""
    assert target.days is not None
    if company is None:
        raise BadInput("calendar_missing")
    first = start.astimezone(zone_named(zone or company.zone)).date()
    last = periods.last_day(first, target.days, target.unit or "day", calendar=company)
    return periods.expires_at(last, zone=zone or company.zone)


def _counted(rows: Iterable[Row], now: datetime, found: Foresight) -> Iterator[Judged]:
    """Count each clock, and give on those that change."""
    for row in rows:
        judged = judge(row, now)
        if row.stop is None:
            _count_open(judged, found)
        else:
            _count_decided(judged, found)
        if judged.changed:
            found.changed += 1
            yield judged


def _count_open(judged: Judged, found: Foresight) -> None:
    found.open += 1
    found.waiting += judged.after is Verdict.WAITING
    found.to_over += judged.turned and judged.after is Verdict.OVER
    found.to_running += judged.turned and judged.before is Verdict.OVER


def _count_decided(judged: Judged, found: Foresight) -> None:
    found.decided += 1
    found.met_before += judged.before is Verdict.MET
    found.met_after += judged.after is Verdict.MET
    found.to_missed += judged.turned and judged.after is Verdict.MISSED
    found.to_met += judged.turned and judged.after is Verdict.MET


def _verdict(due: datetime | None, stop: datetime | None, now: datetime) -> Verdict:
    if stop is not None:
        return Verdict.MET if measure.met(due, stop) else Verdict.MISSED
    if due is None:
        return Verdict.WAITING
    return Verdict.OVER if seconds(due) < seconds(now) else Verdict.RUNNING


def _weight(judged: Judged) -> tuple[bool, bool, bool, float, str]:
    """Sort by gravity: verdicts that turn, to late first; then open ones; then by how far they move."""
    moved = judged.moved_by or timedelta()
    late = judged.after in LATE
    return not judged.turned, not late, judged.row.stop is not None, -abs(moved.total_seconds()), judged.row.ref


def _share(part: int, whole: int) -> float | None:
    return part * 100 / whole if whole else None
