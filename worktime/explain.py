"""
Why a deadline is when it is, as frozen lines (code, parameters). Pure; worktime.words puts them into sentences.

Instants among the parameters are aware UTC datetimes, times are whole minutes or seconds as their names say.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple, Protocol

from worktime import measure, periods
from worktime.calendars import Calendar, DayName
from worktime.measure import Pause

ONE_DAY = timedelta(days=1)
COVERAGE = ("decreed", "statutory", "estimated", "none")  # what is known of a year's days off; "none": there are none


@dataclass(frozen=True)
class Line:
    """One line of explanation: a stable code of worktime.words and what its sentence needs."""

    code: str
    params: Mapping[str, Any] = field(default_factory=dict, hash=False)


class NamedDays(NamedTuple):
    """The dates from `first` to `last`, both included, and what they are called."""

    first: date
    last: date
    name: DayName


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


def explain_rest(why: Line, calendar: Calendar | None) -> tuple[Line, ...]:
    """
    Return which named rest days lie on the way of a clock whose line is `why`; nothing where none has a name.

    Code: rest.named. Neighbours of one name are told as one; days on which nobody would work anyway are not told alone.
    """
    start, due = why.params["start"], why.params.get("due")
    if calendar is None or due is None or not calendar.names:
        return ()
    first, last = calendar.local_date(start), calendar.local_date(due)
    named = sorted(on for on in calendar.names if first <= on <= last and not calendar.is_workday(on))
    days = tuple(run for run in _runs(calendar, named) if _takes_time(calendar, run))
    return (Line("rest.named", {"days": days}),) if days else ()


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
    params = {"counted": _named(calendar, counted), "last": last, "calendar": calendar.code}
    if not calendar.is_workday(counted):
        return (Line("period.rolled" if roll else "period.not_rolled", params),)
    makeup = roll and counted in calendar.exceptions and not calendar.usual_windows(counted)
    return (Line("period.makeup", params),) if makeup else ()


def _named(calendar: Calendar, on: date) -> date | NamedDays:
    """Return the date, with its name if it has one."""
    return NamedDays(on, on, calendar.names[on]) if on in calendar.names else on


def _runs(calendar: Calendar, days: Iterable[date]) -> Iterator[NamedDays]:
    """Yield neighbours of the same name as one; the dates come in order."""
    run: NamedDays | None = None
    for on in days:
        name = calendar.names[on]
        if run is not None and run.name == name and run.last + ONE_DAY == on:
            run = run._replace(last=on)
            continue
        if run is not None:
            yield run
        run = NamedDays(on, on, name)
    if run is not None:
        yield run


def _takes_time(calendar: Calendar, run: NamedDays) -> bool:
    days = (run.last - run.first).days + 1
    return any(calendar.usual_windows(run.first + ONE_DAY * number) for number in range(days))


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
