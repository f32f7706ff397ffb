"""
Why a deadline is when it is, as frozen lines (code, parameters). Pure; worktime.words puts them into sentences.

Instants among the parameters are aware UTC datetimes, times are whole minutes or seconds as their names say.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol

from worktime import measure, periods
from worktime.calendars import Calendar
from worktime.measure import Pause

COVERAGE = ("decreed", "statutory", "estimated", "none")  # what is known of a year's days off; "none": there are none


@dataclass(frozen=True)
class Line:
    """One line of explanation: a stable code of worktime.words and what its sentence needs."""

    code: str
    params: Mapping[str, Any] = field(default_factory=dict, hash=False)


class KnowsItsYears(Protocol):
    """A calendar version: `years` maps a year, as text, to "decreed", "statutory" or "none"."""

    @property
    def code(self) -> str: ...
    @property
    def years(self) -> Mapping[str, str]: ...


def explain_due(
    start: datetime,
    target_minutes: int,
    *,
    calendar: Calendar | None,
    pauses: Iterable[Pause] = (),
    pausable: bool = True,
    now: datetime | None = None,
) -> Line:
    """
    Return why the clock is due when it is; pauses of a clock that is not pausable are ignored.

    now: the moment of asking, needed only to project the due instant of a clock whose pause is open; without it the
    line says since when the clock waits.

    Codes: due.clock, due.business, each also with .fixed (not pausable), .waited (pauses moved it), .paused (open
    pause, projected) and .waiting (open pause, no `now`). Raises as worktime.measure does.
    """
    waits = measure.merged(pauses, start) if pausable else ()
    due = measure.due(start, target_minutes, calendar=calendar, pauses=waits)
    params = {"start": start, "target_minutes": target_minutes, "calendar": calendar.code if calendar else None}
    basis = "due.business" if calendar else "due.clock"
    if due is None:
        return _open(basis, params, start, target_minutes, calendar, waits, now)
    if not pausable:
        return Line(basis + ".fixed", {**params, "due": due})
    unmoved = measure.due(start, target_minutes, calendar=calendar)
    if unmoved == due:
        return Line(basis, {**params, "due": due})
    waited = measure.elapsed(start, due, calendar=calendar) - target_minutes * 60
    return Line(basis + ".waited", {**params, "due": due, "waited_seconds": waited})


def explain_period(
    start_date: date, n: int, unit: str, *, calendar: Calendar | None, roll: bool = True
) -> tuple[Line, ...]:
    """
    Return how the last day of a date period is found, step by step.

    Codes: period.counted, period.workdays; then period.month_end (no corresponding day), and for a last day that is a
    rest day period.rolled or period.not_rolled, for one that is a make-up workday period.makeup.
    Raises as periods.last_day does.
    """
    last = periods.last_day(start_date, n, unit, calendar=calendar, roll=roll)
    params = {"period": (n, unit), "start": start_date, "calendar": calendar.code if calendar else None}
    if unit == "workday":
        return (Line("period.workdays", {**params, "last": last}),)
    counted = periods.last_day(start_date, n, unit, calendar=None, roll=False)
    lines = [Line("period.counted", {**params, "last": counted})]
    if unit in {"month", "year"} and counted.day != start_date.day:
        lines.append(Line("period.month_end", {"day": start_date.day, "last": counted}))
    return (*lines, *_rolling(counted, last, calendar, roll))


def warnings_for(version: KnowsItsYears, year: int) -> tuple[Line, ...]:
    """
    Return what a reader must know about the days off of `year`: nothing if they were decreed, or if none apply.

    Codes: year.without_data, year.statutory_only (make-up workdays and bridging days are not published yet),
    year.estimated (days that follow the moon are reckoned, not yet proclaimed).
    Nothing is assumed for such a year (DOMAIN §3.1 (7)): its weekdays count as working days.
    """
    return warning_about(version.code, year, version.years.get(str(year), ""))


def warning_about(calendar: str, year: int, coverage: str) -> tuple[Line, ...]:
    """Return the warning that a year needs of which so much is known (one of COVERAGE, or ""), if it needs any."""
    if coverage in {"decreed", "none"}:
        return ()
    code = {"statutory": "year.statutory_only", "estimated": "year.estimated"}.get(coverage, "year.without_data")
    return (Line(code, {"calendar": calendar, "year": year}),)


def _rolling(counted: date, last: date, calendar: Calendar | None, roll: bool) -> tuple[Line, ...]:
    if calendar is None:
        return ()
    params = {"counted": counted, "last": last, "calendar": calendar.code}
    if not calendar.is_workday(counted):
        return (Line("period.rolled" if roll else "period.not_rolled", params),)
    makeup = roll and counted in calendar.exceptions and not calendar.weekly.get(counted.weekday())
    return (Line("period.makeup", params),) if makeup else ()


def _open(
    basis: str,
    params: dict[str, Any],
    start: datetime,
    target_minutes: int,
    calendar: Calendar | None,
    waits: tuple[Pause, ...],
    now: datetime | None,
) -> Line:
    since = waits[-1].start
    left = measure.remaining(start, target_minutes, since, calendar=calendar, pauses=waits)
    params = {**params, "since": since, "left_seconds": left}
    if now is None:
        return Line(basis + ".waiting", params)
    due = measure.projected(start, target_minutes, now, calendar=calendar, pauses=waits)
    return Line(basis + ".paused", {**params, "due": due})
