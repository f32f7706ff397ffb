"""
Questions about incidents over many cases, as conditions and annotations on cases: what runs, what is overdue in it.

Incidents are few at a time, so each question starts from those that run.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Min, OuterRef, Q, QuerySet, Subquery

from complaints.models import Complaint, EmergencyActivation, EmergencyPromise, EmergencySeat, EmergencyStep

if TYPE_CHECKING:
    from accounts.models import User

RUNS: dict[str, Any] = {"activation__stood_down_at": None, "activation__drill": False}


def runs() -> Q:
    """Return the condition that an emergency plan is in force for the case."""
    return Q(pk__in=EmergencyActivation.objects.filter(stood_down_at=None, drill=False).values("complaint"))


def overdue(now: datetime) -> tuple[QuerySet[Any], QuerySet[Any]]:
    """Return the ids of cases with a step that is overdue, and with an update that is."""
    late = now.replace(microsecond=0)
    steps = EmergencyStep.objects.filter(**RUNS, status=EmergencyStep.Status.OPEN, due_at__lt=late)
    updates = EmergencyPromise.objects.filter(**RUNS, due_at__lt=late)
    return steps.values("activation__complaint"), updates.values("activation__complaint")


def with_role_of(user: User) -> Q:
    """Return the condition that somebody holds a role in an incident of the case that runs."""
    seats = EmergencySeat.objects.filter(**RUNS, user=user, until=None)
    return Q(pk__in=seats.values("activation__complaint"))


def with_next(cases: QuerySet[Complaint]) -> QuerySet[Complaint]:
    """Annotate each case with when the next step of its incident is due, `step_at`, and the next update, `told_at`."""
    updates = EmergencyPromise.objects.filter(**RUNS, activation__complaint=OuterRef("pk"))
    return cases.annotate(step_at=next_step(), told_at=Subquery(_first(updates)))


def next_step() -> Subquery:
    """Return the expression of when the next step of a case's incident is due; None where none is."""
    steps = EmergencyStep.objects.filter(**RUNS, status=EmergencyStep.Status.OPEN)
    return Subquery(_first(steps.filter(activation__complaint=OuterRef("pk"))))


def _first(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.order_by().values("activation__complaint").annotate(at=Min("due_at")).values("at")
