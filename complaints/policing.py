"""
Verbs of clock targets: put new ones into force from a date on, or let a customer's or contract's own ones end.

A row of SlaPolicy is never overwritten: it ends the day before its successor begins. A clock takes the target that is
in force on the day on which it starts (targets.policies_for), so that open clocks keep theirs. Each change is an event
policy.published in the one stream of all targets, with what was foreseen of it (foresight.py).
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, Q, QuerySet

import audit
from complaints import targets
from complaints.clocks import ROUND
from complaints.days import company_date, midnight
from complaints.foresight import BUSINESS, DATE, Foresight, Row, Target, due_under, foresee
from complaints.gates import Reason, reason
from complaints.lifecycle import Refused
from complaints.models import SlaClock, SlaPause, SlaPolicy
from complaints.models.states import UNCOUNTED, Basis, ClockState, Grade, Metric, Safety
from worktime.calendars import BadInput, Calendar
from worktime.measure import LONGEST_TARGET, Pause
from worktime.models import CalendarVersion, WorkCalendar, kept

if TYPE_CHECKING:
    from accounts.models import Organisation, User
    from audit.models import Event
    from contracts.models import Contract

STREAM_KIND, STREAM = "policy", uuid.UUID("0f7c1e7e-3a43-5d0b-8c55-5b0f0f5f2a11")
PUBLISHED = "policy.published"
GRADES = ("", *Grade.values)  # blank: not graded yet, and the target of every grade that has none of its own
NEVER_PAUSED = (Metric.ACK, Metric.TRIAGE, Metric.CONTAIN, Metric.INITIAL, Metric.UPDATE)  # DOMAIN §3.1 (11)
BY_DATE = (Metric.EIGHT_D, Metric.SURVEY, Metric.LENDER_NOTICE)  # their targets are days (DOMAIN §3.2)
WITHOUT_TARGET = (Metric.VISIT, Metric.REG_REPORT)  # a date is agreed, or set by the duty
BEFORE_GRADING = (Metric.ACK, Metric.TRIAGE, Metric.INITIAL, Metric.UPDATE, Metric.RESOLVE)  # start at receipt
AGREED = "date"  # what a clock names as its rule whose due instant no target sets
LONGEST_DAYS = LONGEST_TARGET // (24 * 60)
FURTHEST = timedelta(days=10 * 366)  # how far ahead a change can be planned
ONE_DAY = timedelta(days=1)
LOOK_BACK = timedelta(days=365)
MOST_LISTED = 50  # clocks that the event names

Chosen = Mapping[str, Target | None]


@dataclass(frozen=True)
class Scope:
    """Whose targets: those of a contract, of a customer, or with neither the defaults."""

    customer: Organisation | None = None
    contract: Contract | None = None

    @property
    def is_default(self) -> bool:
        """Tell whether these are the targets of everybody."""
        return self.customer is None and self.contract is None

    def rows(self, metric: str) -> QuerySet[SlaPolicy]:
        """Return the targets of one clock in this scope, whenever they hold, in order."""
        rows = SlaPolicy.objects.filter(metric=metric).order_by("effective_from", "pk")
        if self.contract:
            return rows.filter(contract=self.contract)
        return rows.filter(contract=None, customer=self.customer)


class Change(NamedTuple):
    """What one grade's target was and what it is to be; None: no target of its own.  until: the last day, if known."""

    before: Target | None
    after: Target | None
    until: date | None


@dataclass(frozen=True)
class Plan:
    """
    Changes of one clock's targets in one scope from the day `on`; `rows` are those of the scope, as they stand.

    dated: the clock's targets are days, not time.
    """

    metric: str
    scope: Scope
    on: date
    rows: tuple[SlaPolicy, ...]
    dated: bool = False
    changes: Mapping[str, Change] = field(default_factory=dict)

    @property
    def may_wait(self) -> bool:
        """Tell whether the clock may be paused at all (DOMAIN §3.1 (11))."""
        return not self.dated and self.metric not in NEVER_PAUSED

    @property
    def seen(self) -> str:
        """Return a mark of the rows that the plan was made from; another one means that somebody changed them."""
        told = [(row.pk, row.grade, row.effective_from, row.effective_to, target_of(row)) for row in self.rows]
        return hashlib.sha256(repr(told).encode()).hexdigest()[:20]

    def made(self) -> list[SlaPolicy]:
        """Return the rows that the plan makes, not saved."""
        return [
            _row(self, grade, change.after, change.until)
            for grade, change in self.changes.items()
            if change.after is not None
        ]

    def left(self) -> list[SlaPolicy]:
        """Return the rows of the scope as the plan leaves them, with those that it makes; none is saved."""
        return [*(_ended(row, self.on) if row.grade in self.changes else row for row in self.rows), *self.made()]


def plan(metric: str, scope: Scope, chosen: Chosen, *, on: date) -> Plan:
    """Return what would change if the grades in `chosen` had these targets from `on` on; those not named stay."""
    rows = tuple(scope.rows(metric))
    changes = {}
    for grade in GRADES:
        before = held(rows, grade, on)
        if grade in chosen and before != chosen[grade]:
            changes[grade] = Change(before, chosen[grade], _until(rows, grade, on))
    return Plan(metric, scope, on, rows, _by_date(metric), changes)


def _by_date(metric: str) -> bool:
    """Tell whether a clock's targets are days: as they have been, and where there are none as DOMAIN has them."""
    bases = set(SlaPolicy.objects.filter(metric=metric).values_list("basis", flat=True))
    return DATE in bases if bases else metric in BY_DATE


def publish(metric: str, scope: Scope, chosen: Chosen, *, on: date, seen: str, by: User, at: datetime) -> Event:
    """
    Put targets into force from the day `on`; return the event. A grade whose target is None falls back.

    seen: `Plan.seen` of what the person looked at.  What is foreseen is reckoned before anything is locked.

    Raises PermissionDenied; Refused with all that stands in the way, or policy_changed if somebody was quicker.
    """
    if not by.may("policies.manage"):
        raise PermissionDenied
    planned = plan(metric, scope, chosen, on=on) if metric in Metric.values else Plan(metric, scope, on, ())
    if metric in Metric.values and planned.seen != seen:
        raise Refused(reason("policy_changed"))
    if reasons := in_the_way(planned, chosen, at=at):
        raise Refused(*reasons)
    return _put(planned, chosen, seen, foreseen(planned, now=at), by=by, at=at)


@transaction.atomic
def _put(planned: Plan, chosen: Chosen, seen: str, foreseen: Foresight, *, by: User, at: datetime) -> Event:
    """Write the rows under lock, unless somebody changed them since they were looked at."""
    list(SlaPolicy.objects.select_for_update().filter(metric=planned.metric).order_by("pk"))
    now = plan(planned.metric, planned.scope, chosen, on=planned.on)
    if now.seen != seen:
        raise Refused(reason("policy_changed"))
    for grade in now.changes:
        rows = now.scope.rows(now.metric).filter(grade=grade, effective_from__lte=now.on)
        rows.filter(Q(effective_to=None) | Q(effective_to__gte=now.on)).update(effective_to=now.on - ONE_DAY)
    SlaPolicy.objects.bulk_create(now.made())
    return audit.record(STREAM_KIND, STREAM, PUBLISHED, by=by, at=at, facts=_facts(now, foreseen))


def published_before(metric: str, scope: Scope, chosen: Chosen, *, on: date, by: User) -> bool:
    """Tell whether this person's change is the newest of all and left nothing to change: it was sent twice."""
    newest = log().first()
    mine = newest is not None and newest.by_id == by.pk and newest.facts["metric"] == metric
    return mine and not plan(metric, scope, chosen, on=on).changes


# What stands in the way ----------------------------------------------------------------------------------------------


def in_the_way(planned: Plan, chosen: Chosen, *, at: datetime) -> list[Reason]:
    """Return why the plan cannot be put into force, all reasons at once."""
    if planned.metric not in managed():
        return [reason("policy_metric_unknown", metric=planned.metric)]
    found = [*_wrong_day(planned.on, at)]
    wrong = list(dict.fromkeys(why for target in chosen.values() if target for why in _unfit(planned, target)))
    found += [reason(code, metric=planned.metric) for code in wrong]
    if found:
        return found
    if not planned.changes:
        return [reason("policy_same")]
    return list(_gaps(planned))


def managed() -> list[str]:
    """Return the clocks whose time comes from targets: all but those whose day is agreed, such as a return visit."""
    return [metric for metric in Metric.values if metric not in WITHOUT_TARGET]


def _wrong_day(on: date, at: datetime) -> Iterator[Reason]:
    today = company_date(at)
    if on < today:
        yield reason("policy_day_past", today=today)
    if on > today + FURTHEST:
        yield reason("policy_day_far", last=today + FURTHEST)


def _unfit(planned: Plan, target: Target) -> Iterator[str]:
    """Return the codes of what a target cannot be."""
    if target.basis not in Basis.values or (target.basis == DATE) != planned.dated:
        yield "policy_basis_unfit"
        return
    size, most = (target.days, LONGEST_DAYS) if target.basis == DATE else (target.minutes, LONGEST_TARGET)
    if not size or size < 0:
        yield "policy_target_none"
    elif size > most:
        yield "policy_target_long"
    else:
        yield from _out_of_reach(planned, target)
    if target.pausable and not planned.may_wait:
        yield "policy_not_pausable"


def _out_of_reach(planned: Plan, target: Target) -> Iterator[str]:
    """A target in working time needs the company's calendar, and enough working time in it."""
    if target.basis != BUSINESS and target.unit != "workday":
        return
    company = company_calendar()
    if company is None:
        yield "policy_calendar_missing"
        return
    try:
        due_under(target, Row("", midnight(planned.on), None, company, target, target))
    except BadInput:
        yield "policy_target_long"


def _gaps(planned: Plan) -> Iterator[Reason]:
    """A default is missing for a grade on some day: a case that starts then would have no such clock."""
    if not planned.scope.is_default:
        return
    rows = planned.left()
    for grade in needed_grades(planned.metric, planned.rows):
        if since := uncovered(rows, grade, planned.on):
            code = "policy_gap" if grade else "policy_gap_ungraded"
            yield reason(code, grade=grade, metric=planned.metric, since=since)


def needed_grades(metric: str, rows: Iterable[SlaPolicy]) -> list[str]:
    """Return the grades that need a default: all where the clock starts at receipt, else those that have one."""
    known = {row.grade for row in rows}
    whole = metric in BEFORE_GRADING or not known or "" in known
    return [grade for grade in GRADES if whole or grade in known]


def uncovered(rows: Iterable[SlaPolicy], grade: str, since: date) -> date | None:
    """Return the first day from `since` on for which no row has a target of that grade; None if all are covered."""
    fitting = [row for row in rows if row.grade in ("", grade)]
    day = since
    while True:
        ends = [row.effective_to for row in fitting if holds(row, day)]
        if not ends:
            return day
        if None in ends:
            return None
        day = max(end for end in ends if end) + ONE_DAY


# Rows ----------------------------------------------------------------------------------------------------------------


def target_of(row: SlaPolicy) -> Target:
    """Return the target that a row holds."""
    if row.basis == DATE:
        return Target(DATE, days=row.days, unit=row.day_unit)
    return Target(row.basis, row.target_minutes, pausable=row.pausable)


def holds(row: SlaPolicy, on: date) -> bool:
    """Tell whether a row is in force on that day."""
    return row.effective_from <= on and (row.effective_to is None or row.effective_to >= on)


def in_force(rows: Iterable[SlaPolicy], grade: str, on: date) -> SlaPolicy | None:
    """Return the row of one scope that holds for exactly that grade on that day: of two the newer."""
    fitting = [row for row in rows if row.grade == grade and holds(row, on)]
    return max(fitting, key=lambda row: (row.effective_from, row.pk), default=None)


def held(rows: Iterable[SlaPolicy], grade: str, on: date) -> Target | None:
    """Return the target that one scope has for exactly that grade on that day."""
    row = in_force(rows, grade, on)
    return target_of(row) if row else None


def starts_later(row: SlaPolicy, on: date) -> bool:
    """Tell whether a row takes force after that day; one that was replaced before it began never does."""
    return row.effective_from > on and (row.effective_to is None or row.effective_to >= row.effective_from)


def _until(rows: Iterable[SlaPolicy], grade: str, on: date) -> date | None:
    """Return the day before the next change of that grade that is planned already."""
    later = [row.effective_from for row in rows if row.grade == grade and starts_later(row, on)]
    return min(later) - ONE_DAY if later else None


def _ended(row: SlaPolicy, on: date) -> SlaPolicy:
    """Return the row as it stands once another begins on that day."""
    if row.effective_from > on or (row.effective_to and row.effective_to < on):
        return row
    return SlaPolicy(grade=row.grade, effective_from=row.effective_from, effective_to=on - ONE_DAY)


def _row(planned: Plan, grade: str, target: Target, until: date | None) -> SlaPolicy:
    scope = planned.scope
    return SlaPolicy(
        metric=planned.metric, grade=grade, customer=None if scope.contract else scope.customer,
        contract=scope.contract, basis=target.basis, target_minutes=target.minutes, days=target.days,
        day_unit=target.unit, pausable=target.pausable, effective_from=planned.on, effective_to=until,
    )  # fmt: skip


def company_calendar() -> Calendar | None:
    """Return the company's calendar as it stands now; None if there is none of that code."""
    try:
        return WorkCalendar.objects.company().as_calendar()
    except CalendarVersion.DoesNotExist:
        return None


# What is foreseen ----------------------------------------------------------------------------------------------------


def foreseen(planned: Plan, *, now: datetime) -> Foresight:
    """
    Return what the change would make of the open clocks, and of those decided in the last year, had they started
    under it: only of those whose target would be another.
    """
    return foresee(_measured(planned, now), now)


COLUMNS = (
    "pk", "complaint__ref", "policy", "complaint__grade", "complaint__safety", "complaint__work_stopped",
    "complaint__customer", "complaint__contract", "started_at", "stopped_at", "due_at", "calendar_version", "basis",
    "target_minutes", "grace_minutes", "pausable", "cycle",
    "subject", "complaint__customer__zone",
)  # fmt: skip


def _measured(planned: Plan, now: datetime) -> Iterator[Row]:
    """Yield the clocks that the change bears on, each with the target it had and the one it would have."""
    clocks = _clocks(planned, now)
    waits, winners = _waits(clocks), _Winners(planned)
    calendars: dict[int | None, Calendar | None] = {None: company_calendar()}
    for told in clocks.iterator(chunk_size=2000):
        pk, ref, rule, grade, safety, stopped, customer, contract, start, stop, due, version, basis, *old = told
        grade = winners.grade(rule, grade, urgent=safety != Safety.NO or stopped)
        new = winners.target(grade, customer, contract)
        if new is None:
            continue
        if version not in calendars:
            calendars[version] = kept(version).as_calendar()
        minutes, grace, pausable, cycle, subject, zone = old
        if new.minutes and subject.startswith(ROUND):  # a further round has half the target
            new = replace(new, minutes=-(-new.minutes // 2))
        yield Row(
            ref or "", start, stop, calendars[version], Target(basis, minutes, pausable=pausable), new, grade,
            tuple(waits.get(pk, ())), grace, known=due if basis == DATE else None, cycle=cycle,
            zone=zone or settings.TIME_ZONE,
        )  # fmt: skip


def _clocks(planned: Plan, now: datetime) -> QuerySet[SlaClock, Any]:
    scope = planned.scope
    clocks = SlaClock.objects.filter(Q(stopped_at=None) | Q(stopped_at__gte=now - LOOK_BACK), metric=planned.metric)
    clocks = clocks.exclude(state=ClockState.CANCELLED).exclude(complaint__state__in=UNCOUNTED).exclude(policy=AGREED)
    if scope.contract:
        clocks = clocks.filter(complaint__contract=scope.contract)
    elif scope.customer:
        clocks = clocks.filter(complaint__customer=scope.customer)
    return clocks.order_by("pk").values_list(*COLUMNS)


def _waits(clocks: QuerySet[SlaClock, Any]) -> dict[int, list[Pause]]:
    found: dict[int, list[Pause]] = {}
    rows = SlaPause.objects.filter(clock__in=clocks.order_by().values("pk"))
    for pk, start, end in rows.values_list("clock", "started_at", "ended_at"):
        found.setdefault(pk, []).append(Pause(start, end))
    return found


class _Winners:
    """Which target a case would have: the rows in force before and after the change, looked up once for each kind."""

    def __init__(self, planned: Plan) -> None:
        on, mine = planned.on, {row.pk for row in planned.rows}
        others = SlaPolicy.objects.filter(Q(effective_to=None) | Q(effective_to__gte=on), metric=planned.metric)
        stay = [row for row in others.filter(effective_from__lte=on).order_by("pk") if row.pk not in mine]
        self.metric = planned.metric
        self.before = [*stay, *(row for row in planned.rows if holds(row, on))]
        self.after = [*stay, *(row for row in planned.left() if holds(row, on))]
        self.defaults = {row.grade for row in self.before if not row.customer_id and not row.contract_id}
        self.known: dict[tuple[str, int | None, int | None], Target | None] = {}

    def grade(self, rule: str, grade: str, *, urgent: bool) -> str:
        """Return the grade that a clock ran by: that of its rule, which may be older than the case's grade of now."""
        named = rule.partition(" ")[2]
        if named:
            return named
        grade = Grade.G1 if urgent and self.metric in targets.HURRIED else grade
        return "" if rule == "default" and grade in self.defaults else grade

    def target(self, grade: str, customer: int | None, contract: int | None) -> Target | None:
        """Return the target after the change; None if the change does not bear on such a clock."""
        key = (grade, customer, contract)
        if key not in self.known:
            old, new = (targets.closest(rows, *key) for rows in (self.before, self.after))
            self.known[key] = target_of(new) if new is not None and new is not old else None
        return self.known[key]


# What is written down ------------------------------------------------------------------------------------------------


def _facts(planned: Plan, foreseen: Foresight) -> dict[str, Any]:
    scope = planned.scope
    changes = {
        grade: {"before": _plain(change.before), "after": _plain(change.after), "until": change.until}
        for grade, change in planned.changes.items()
    }
    named = list(dict.fromkeys(judged.row.ref for judged in foreseen.rows))
    return {
        "metric": planned.metric, "effective_from": planned.on, "changes": changes,
        "customer": scope.customer.code if scope.customer and not scope.contract else None,
        "contract": scope.contract.number if scope.contract else None,
        "foreseen": {**foreseen.counts(), "refs": named[:MOST_LISTED]},
    }  # fmt: skip


def _plain(target: Target | None) -> dict[str, Any] | None:
    return {name: value for name, value in vars(target).items() if value not in (None, "")} if target else None


def read_target(said: Mapping[str, Any] | None) -> Target | None:
    """Return the target that an event holds."""
    return Target(**said) if said else None


def log() -> QuerySet[Event]:
    """Return every change, the newest first."""
    from audit.models import Event

    return Event.objects.filter(stream_kind=STREAM_KIND, stream=STREAM, kind=PUBLISHED).order_by(F("seq").desc())
