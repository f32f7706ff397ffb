"""
Verbs of drills: a plan tried out without a case (R53). Nothing of it reaches a customer, a mailbox or a task list.

A drill is scored by its steps: how many were done in time. The day of the next one moves with it.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from django.core.exceptions import PermissionDenied
from django.db import transaction

import audit
from complaints import activating, emergencies
from complaints.days import company_date
from complaints.emergencies import Review
from complaints.emergency_plans import STREAM_KIND
from complaints.gates import reason
from complaints.lifecycle import Refused
from complaints.models import EmergencyActivation, EmergencyPlan, EmergencyStep
from complaints.models.emergency import PlanRole
from complaints.response import refuse_other_words

if TYPE_CHECKING:
    from accounts.models import User

RIGHT = "emergency.keep"


class Score(NamedTuple):
    """How many steps there were, and how many of them were done in time."""

    in_time: int
    steps: int

    @property
    def percent(self) -> int:
        return round(100 * self.in_time / self.steps) if self.steps else 0


@transaction.atomic
def begin_drill(plan: EmergencyPlan, *, by: User, at: datetime, scenario: str) -> EmergencyActivation:
    """Begin a drill of a version in force; a second one of the same plan waits until the first is over."""
    if not by.may(RIGHT):
        raise PermissionDenied
    list(EmergencyPlan.objects.select_for_update().filter(code=plan.code).order_by("pk"))
    if not EmergencyPlan.objects.in_force(company_date(at)).filter(pk=plan.pk).exists():
        raise Refused(reason("plan_not_in_force", plan=plan.code, number=plan.number))
    if EmergencyActivation.objects.filter(drill=True, stood_down_at=None, plan__code=plan.code).exists():
        raise Refused(reason("drill_runs", plan=plan.code))
    held = activating.holders(plan, at, None if plan.roles.filter(role=PlanRole.COMMANDER).exists() else by)
    drill = EmergencyActivation.objects.create(
        plan=plan, drill=True, scenario=scenario, grade=plan.grade, commander=held[PlanRole.COMMANDER].user,
        activated_by=by, activated_at=at,
    )  # fmt: skip
    activating.seat(drill, held)
    EmergencyStep.objects.bulk_create(activating.plan_steps(drill, held))
    _record(drill, "drill.begun", by=by, at=at)
    return drill


@transaction.atomic
def finish_drill_step(step: EmergencyStep, *, by: User, at: datetime, result: str) -> EmergencyStep:
    """Tick a step of a drill off. A second time changes nothing; with another result it raises Refused."""
    drill = _running(step.activation, by=by, at=at)
    step = EmergencyStep.objects.select_for_update().get(pk=step.pk)
    if step.status == EmergencyStep.Status.OPEN:
        step.status, step.done_by, step.done_at, step.result = EmergencyStep.Status.DONE, by, at, result
        step.save()
        _record(drill, "drill.step_done", by=by, at=at, step=step.position, in_time=step.in_time)
    else:
        refuse_other_words(step.result, result, step.done_by)
    return step


@transaction.atomic
def finish_drill(drill: EmergencyActivation, *, by: User, at: datetime, review: Review) -> EmergencyActivation:
    """
    End a drill with its review; what was not done counts as not done. A second time with the same review changes
    nothing; with another one it raises Refused, so that nobody's words are lost in silence.
    """
    if not by.may(RIGHT):
        raise PermissionDenied
    drill = EmergencyActivation.objects.select_for_update().get(pk=drill.pk)
    if not drill.is_active:
        _refuse_other_review(drill, review)
        return drill
    _in_order(drill, at)
    emergencies.end(drill, review, by=by, at=at)
    found = score(drill)
    _record(drill, "drill.finished", by=by, at=at, steps=found.steps, in_time=found.in_time)
    return drill


def _refuse_other_review(drill: EmergencyActivation, review: Review) -> None:
    kept = (drill.went_well, drill.shortcomings, drill.improvements)
    if kept != (review.went_well, review.shortcomings, "\n".join(review.improvements)):
        by = drill.stood_down_by
        raise Refused(reason("drill_ended", name=by.name if by else ""))


def score(drill: EmergencyActivation) -> Score:
    """Return the score of a drill as it stands."""
    steps = list(drill.steps.all())
    return Score(sum(step.in_time for step in steps), len(steps))


def may_tick(drill: EmergencyActivation, user: User) -> bool:
    """Tell whether somebody keeps plans or holds a role in the drill."""
    return user.may(RIGHT) or drill.seats.filter(user=user, until=None).exists()


def _running(drill: EmergencyActivation, *, by: User, at: datetime) -> EmergencyActivation:
    if not may_tick(drill, by):
        raise PermissionDenied
    drill = EmergencyActivation.objects.select_for_update().get(pk=drill.pk)
    if not drill.is_active:
        raise Refused(reason("drill_over"))
    _in_order(drill, at)
    return drill


def _in_order(drill: EmergencyActivation, at: datetime) -> None:
    if at < drill.activated_at:
        raise Refused(reason("incident_before", since=drill.activated_at))


def _record(drill: EmergencyActivation, kind: str, *, by: User, at: datetime, **more: int) -> None:
    facts = {"drill": drill.pk, "plan": drill.plan_id, "code": drill.plan.code, **more}
    audit.record(STREAM_KIND, drill.plan.stream, kind, by=by, at=at, facts=facts)
