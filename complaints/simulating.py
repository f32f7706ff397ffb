"""
A complaint that nobody made: when each of its clocks would be due, by which rule, and what does not count on the way.

Reads the targets and the company's calendar as open_cycle would; keeps nothing (UX §3.13: the simulator).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import NamedTuple
from zoneinfo import ZoneInfo

from accounts.models import Organisation
from complaints import targets
from complaints.days import company_date, customer_zone
from complaints.foresight import BUSINESS, DATE, Row, Target, due_under
from complaints.models import Complaint, SlaPolicy
from complaints.models.states import Metric, Safety
from complaints.policing import managed, target_of
from contracts.models import Contract
from worktime import measure
from worktime.calendars import Calendar
from worktime.explain import Line, explain_due, explain_period, warnings_for
from worktime.measure import Warned
from worktime.models import CalendarVersion, WorkCalendar

# Clocks that start when another stops; here it is taken to stop at its due instant (DOMAIN §3.2).
FOLLOWS: dict[str, Metric] = {
    Metric.CONTAIN: Metric.TRIAGE, Metric.ROOT_CAUSE: Metric.INITIAL, Metric.PROPOSAL: Metric.INITIAL,
    Metric.SURVEY: Metric.RESOLVE,
}  # fmt: skip
DECIDED_ON = (Metric.LENDER_NOTICE,)  # they start with a decision, of which nothing can be supposed
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Supposed:
    """What is supposed of the complaint; a contract without a customer is its customer's."""

    received: datetime
    grade: str = ""
    urgent: bool = False
    customer: Organisation | None = None
    contract: Contract | None = None

    def case(self) -> Complaint:
        """Return a complaint of that kind, which is not kept."""
        customer = self.customer or (self.contract.customer if self.contract else None)
        return Complaint(
            customer=customer, contract=self.contract, grade=self.grade, safety=Safety.NO, work_stopped=self.urgent
        )


class Skipped(NamedTuple):
    """Days between start and due instant that are not as their weekday is: first and last of each run."""

    rest: tuple[tuple[date, date], ...]
    makeup: tuple[tuple[date, date], ...]


class Simulated(NamedTuple):
    """
    One clock. `after` is the clock at whose due instant it starts, "" for receipt; `rules` are the targets that fit,
    the one that holds first; without any the clock would not start. `due` is None then.
    """

    metric: str
    after: str
    start: datetime
    due: datetime | None = None
    rules: tuple[SlaPolicy, ...] = ()
    because: tuple[Line, ...] = ()
    warned: tuple[Warned, ...] = ()
    skipped: Skipped = Skipped((), ())
    unsure: tuple[Line, ...] = ()


def simulate(supposed: Supposed) -> list[Simulated]:
    """
    Return every clock of such a complaint in order.

    Raises BadInput calendar_missing where working time is counted without a calendar, else as worktime.measure does.
    """
    case, version = supposed.case(), _version()
    known = [metric for metric in managed() if metric not in DECIDED_ON]
    found: dict[str, Simulated] = {}
    for metric in sorted(known, key=lambda one: one in FOLLOWS):  # those that others wait for come first
        after = FOLLOWS.get(metric, "")
        start = supposed.received if not after else found[after].due if after in found else None
        if start is not None:
            found[metric] = _simulated(case, metric, after, start, version)
    return [found[metric] for metric in known if metric in found]


def _simulated(
    case: Complaint, metric: str, after: str, start: datetime, version: CalendarVersion | None
) -> Simulated:  # fmt: skip
    rules = tuple(targets.ranked(case, metric, company_date(start)))
    if not rules:
        return Simulated(metric, after, start)
    target, calendar = target_of(rules[0]), version.as_calendar() if version else None
    zone = customer_zone(case.customer)
    due = due_under(target, Row("", start, None, calendar, target, target, zone=zone.key))
    assert due is not None  # nothing waits
    counts = calendar if target.basis == BUSINESS else None
    warned = measure.warnings(start, target.minutes, calendar=counts) if target.minutes else ()
    uses = calendar is not None and (counts is not None or target.unit == "workday")
    return Simulated(
        metric, after, start, due, rules, _because(start, target, calendar, zone), warned,
        skipped(calendar, start, due) if uses and calendar else Skipped((), ()),
        _unsure(version, start, due) if uses and version else (),
    )  # fmt: skip


def _because(start: datetime, target: Target, calendar: Calendar | None, zone: ZoneInfo) -> tuple[Line, ...]:
    if target.basis == DATE:
        assert target.days is not None
        on = start.astimezone(zone).date()
        return explain_period(on, target.days, target.unit or "day", calendar=calendar)
    assert target.minutes is not None
    counts = calendar if target.basis == BUSINESS else None
    return (explain_due(start, target.minutes, calendar=counts, pausable=target.pausable),)


def skipped(calendar: Calendar, start: datetime, due: datetime) -> Skipped:
    """Return the days, from that of start to that of due, that are not as their weekday is."""
    days = list(_days(calendar.local_date(start), calendar.local_date(due - timedelta(seconds=1))))
    idle = _runs([day for day in days if not calendar.is_workday(day)])
    makeup = [day for day in days if calendar.is_workday(day) and not calendar.weekly.get(day.weekday())]
    return Skipped(tuple(run for run in (_rest(calendar, *span) for span in idle) if run), _runs(makeup))


def _rest(calendar: Calendar, first: date, last: date) -> tuple[date, date] | None:
    """Return a stretch of days without work without the weekends at its ends; None if it is only a weekend."""
    days = [day for day in _days(first, last) if calendar.weekly.get(day.weekday())]
    return (days[0], days[-1]) if days else None


def _days(first: date, last: date) -> Iterator[date]:
    for n in range((last - first).days + 1):
        yield first + n * ONE_DAY


def _runs(days: list[date]) -> tuple[tuple[date, date], ...]:
    """Return the days as runs of neighbours."""
    grouped = groupby(enumerate(days), key=lambda pair: pair[1].toordinal() - pair[0])
    runs = [[day for _n, day in group] for _key, group in grouped]
    return tuple((run[0], run[-1]) for run in runs)


def _unsure(version: CalendarVersion, start: datetime, due: datetime) -> tuple[Line, ...]:
    """Return what is not known of the years that are counted in."""
    calendar = version.as_calendar()
    years = range(calendar.local_date(start).year, calendar.local_date(due).year + 1)
    return tuple(line for year in years for line in warnings_for(version, year))


def _version() -> CalendarVersion | None:
    try:
        return WorkCalendar.objects.company()
    except CalendarVersion.DoesNotExist:
        return None
