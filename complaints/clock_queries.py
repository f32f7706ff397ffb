"""
Questions about clocks over many cases, as conditions and annotations on cases: one source for lists and figures.

`breached` and `at_risk` exclude each other, so that a case counts once.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery

from complaints import incident_queries
from complaints.ladder import AT_RISK_LEVEL
from complaints.models import Complaint, SlaClock
from complaints.models.states import UNDECIDED, ClockState

SOON = timedelta(hours=24)  # of a clock that runs by date, such as a return visit, and has no target to use up


def breached(now: datetime) -> Q:
    """
    Return the condition that a clock of the case is past due and still not stopped, or something of its incident.

    A missed clock keeps its due instant while it waits, so the due instant alone tells.
    """
    late = SlaClock.objects.filter(state__in=UNDECIDED, due_at__lt=now.replace(microsecond=0))
    return Q(pk__in=late.values("complaint").union(*incident_queries.overdue(now)))


def at_risk(now: datetime) -> Q:
    """Return the condition that a running clock of the case is near, and none breached."""
    ahead = SlaClock.objects.filter(state=ClockState.RUNNING, due_at__gte=now.replace(microsecond=0))
    worn, dated = (ahead.filter(rule).values("complaint") for rule in _near(now))  # each of which an index answers
    late = _clocks(state__in=UNDECIDED, due_at__lt=now.replace(microsecond=0))
    steps, updates = incident_queries.overdue(now)
    return (Q(pk__in=worn) | Q(pk__in=dated)) & ~Q(Exists(late)) & ~Q(pk__in=steps.union(updates))


def near(now: datetime) -> Q:
    """
    Return the condition that a running clock is at risk: the one rule of lists, tiles and colours (UX §4.6).

    Three quarters of its target are used; one that runs by date and has no target is due within 24 hours.
    """
    worn, dated = _near(now)
    return worn | dated


def _near(now: datetime) -> tuple[Q, Q]:
    return Q(level__gte=AT_RISK_LEVEL), Q(target_minutes=None, due_at__lte=now + SOON)


def next_due(cases: QuerySet[Complaint]) -> QuerySet[Complaint]:
    """
    Annotate each case with its nearest undecided clock: `next_due_at`, `next_metric`, `next_clock` (its key).

    A clock that is past due comes first; a paused one, which has no due instant, last. All three are None without.
    """
    nearest = _clocks(state__in=UNDECIDED).order_by(F("due_at").asc(nulls_last=True), "pk")
    return cases.annotate(
        next_due_at=Subquery(nearest.values("due_at")[:1]),
        next_metric=Subquery(nearest.values("metric")[:1]),
        next_clock=Subquery(nearest.values("pk")[:1]),
    )


def with_clocks(cases: QuerySet[Complaint]) -> QuerySet[Complaint]:
    """Fetch the undecided clocks of all cases in one statement, nearest first, as `open_clocks` on each case."""
    clocks = SlaClock.objects.filter(state__in=UNDECIDED).select_related("calendar_version__calendar")
    ordered = clocks.order_by(F("due_at").asc(nulls_last=True), "pk")
    return cases.prefetch_related(Prefetch("clocks", queryset=ordered, to_attr="open_clocks"))


def _clocks(**which: object) -> QuerySet[SlaClock]:
    return SlaClock.objects.filter(complaint=OuterRef("pk"), **which)
