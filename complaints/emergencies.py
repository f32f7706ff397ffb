"""
Verbs of an incident: a plan in force for a case, from activation to stand-down (DOMAIN §4.2).

Activation makes every step of the plan a task of whoever holds its role, or stands in, in one go. What is done, told
and decided from then on is written down beside it; who leads the incident, and each who holds a role, may write.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from django.core.exceptions import PermissionDenied
from django.db import transaction

import audit
from complaints import lifecycle, promises, reserving, response, standing
from complaints.activating import of, put_in_force
from complaints.days import company_date, midnight
from complaints.gates import Reason, reason
from complaints.lifecycle import Refused
from complaints.models import (
    Assignment,
    Complaint,
    EmergencyActivation,
    EmergencyDecision,
    EmergencyPlan,
    EmergencySeat,
    EmergencyStep,
    EmergencyUpdate,
    Task,
)
from complaints.models.emergency import Line, PlanRole
from complaints.models.states import OPEN
from complaints.seats import begin

if TYPE_CHECKING:
    from accounts.models import User

# Activation -----------------------------------------------------------------------------------------------------------


@transaction.atomic
def activate_plan(
    complaint: Complaint, *, by: User, at: datetime, plan: EmergencyPlan, because: str, commander: User | None = None
) -> EmergencyActivation:
    """Put a plan into force for a case by hand, whatever its grade. Raises Refused if one is in force already."""
    complaint = lifecycle.hold(complaint, by=by, at=at, permission="emergency.activate", states=OPEN)
    return put_in_force(complaint, plan, by=by, at=at, commander=commander, because=because)


# What runs ------------------------------------------------------------------------------------------------------------


def before_activating(complaint: Complaint, user: User) -> list[Reason]:
    """Return that a plan is in force already."""
    running = of(complaint) if standing.of(complaint).plan_active else None
    return [reason("incident_runs", plan=running.plan.code)] if running else []


def without_incident(complaint: Complaint, user: User) -> list[Reason]:
    """Return that no plan is in force."""
    return [] if standing.of(complaint).plan_active else [reason("incident_none")]


@transaction.atomic
def finish_step(step: EmergencyStep, *, by: User, at: datetime, result: str, cancelled: bool = False) -> EmergencyStep:
    """Tick a step of a case off with its result; its task ends with it. A second time changes nothing."""
    assert step.task is not None
    if at < step.activation.activated_at:
        raise Refused(reason("incident_before", since=step.activation.activated_at))
    response.finish_task(step.task, by=by, at=at, result=result, cancelled=cancelled)
    return EmergencyStep.objects.get(pk=step.pk)


@transaction.atomic
def decide(complaint: Complaint, *, by: User, at: datetime, what: str, because: str) -> EmergencyDecision:
    """Write a decision down, with its reason. Nothing changes it later."""
    complaint, running = begin(complaint, by=by, at=at)
    row = EmergencyDecision.objects.create(activation=running, what=what, because=because, by=by, at=at)
    facts, private = {"decision": row.pk}, {"text": what, "because": because}
    audit.record("case", complaint.uuid, "emergency.decided", by=by, at=at, facts=facts, private=private)
    return row


@transaction.atomic
def give_update(complaint: Complaint, *, by: User, at: datetime, audience: str, text: str) -> EmergencyUpdate:
    """Write down that an audience of the plan was told how things stand; the next update is due from then on."""
    complaint, running = begin(complaint, by=by, at=at)
    if audience not in {line.audience for line in running.plan.informed}:
        raise Refused(reason("incident_audience_unknown", informed=audience))
    row = EmergencyUpdate.objects.create(activation=running, audience=audience, text=text, by=by, at=at)
    promises.renew(complaint, running, audience, at=at)
    facts = {"informed": audience}
    audit.record("case", complaint.uuid, "emergency.update_given", by=by, at=at, facts=facts, private={"text": text})
    return row


@dataclass(frozen=True)
class Due:
    """When an audience is to be told next, and when they were told last."""

    line: Line
    last: EmergencyUpdate | None
    due_at: datetime


def next_updates(running: EmergencyActivation) -> list[Due]:
    """Return for each line of the plan when its next update is due, the nearest first; none of a drill."""
    latest: dict[str, EmergencyUpdate] = {}
    for update in running.updates.select_related("by").order_by("at", "pk"):
        latest[update.audience] = update
    by = {row.audience: row.due_at for row in running.promises.all()}
    found = [
        Due(line, latest.get(line.audience), by[line.audience])
        for line in promises.lines(running)
        if line.audience in by
    ]
    return sorted(found, key=lambda one: one.due_at)


@transaction.atomic
def hand_over(
    complaint: Complaint,
    *,
    by: User,
    at: datetime,
    role: str,
    to: User,
    phone: str,
    because: str,
    expected: int | None = None,
) -> EmergencySeat:
    """
    Give a role of the incident to somebody else, with the steps that its holder has not done.

    expected: the newest seat that the person knew of; Refused if the role was handed over since.
    """
    complaint, running = begin(complaint, by=by, at=at)
    commands = running.commander_id == by.pk or by.may("emergency.lead") or by.may("emergency.stand_down")
    before = running.seats.select_for_update().filter(role=role, until=None).select_related("user").first()
    if before is not None and expected is not None and before.pk > expected:
        raise Refused(reason("incident_role_moved", plan_role=role, name=before.user.name))
    if not commands and (role == PlanRole.COMMANDER or before is None or before.user_id != by.pk):
        raise PermissionDenied  # who holds a seat hands over that seat, never the command
    if before is None:
        raise Refused(reason("incident_role_none", plan_role=role))
    if before.user == to:
        raise Refused(reason("incident_role_same", plan_role=role, name=to.name))
    running.seats.filter(pk=before.pk).update(until=at)
    made = EmergencySeat.objects.create(activation=running, role=role, user=to, phone=phone, since=at)
    if role == PlanRole.COMMANDER:
        _answer_for_steps(running, to, at=at)
        EmergencyActivation.objects.filter(pk=running.pk).update(commander=to)
    steps = running.steps.filter(role=role, status=Task.Status.OPEN)
    Task.objects.filter(step__in=steps).update(owner=to)
    moved = steps.update(owner=to)
    facts = {"plan_role": role, "before": before.user_id, "owner": to.pk, "steps": moved}
    audit.record(
        "case", complaint.uuid, "emergency.role_handed_over", by=by, at=at, facts=facts, private={"reason": because}
    )
    return made


def _answer_for_steps(running: EmergencyActivation, to: User, *, at: datetime) -> None:
    """Let another commander answer for the steps that are not done."""
    steps = running.steps.filter(status=Task.Status.OPEN, task__isnull=False)
    rows = Assignment.objects.filter(task__in=steps.values("task"))
    rows.filter(user=to).exclude(role=Assignment.Role.ACCOUNTABLE).delete()  # nobody has two letters
    rows.filter(role=Assignment.Role.ACCOUNTABLE, user=running.commander).update(user=to, at=at)


# Stand-down -----------------------------------------------------------------------------------------------------------


class Left(NamedTuple):
    """What becomes of a step that is not done: somebody goes on with it, or (nobody) it is cancelled; and why."""

    to: User | None
    because: str


@dataclass(frozen=True)
class Review:
    """What is said at the end: why it is over, what went well, what was lacking, and what is to be bettered by whom."""

    reason: str
    went_well: str
    shortcomings: str
    improvements: Sequence[str] = ()
    owner: User | None = None
    due_on: date | None = None


@transaction.atomic
def stand_down(
    complaint: Complaint, *, by: User, at: datetime, review: Review, left: Mapping[int, Left]
) -> EmergencyActivation:
    """
    End the incident with its review; what is to be bettered becomes tasks.

    left: by id of the step, what becomes of each that is not done. Raises Refused naming each that it leaves out.
    """
    complaint, running = begin(complaint, by=by, at=at, permission="emergency.stand_down")
    steps = list(running.steps.filter(status=Task.Status.OPEN).select_related("task").order_by("position"))
    if open_ones := _undecided(steps, left):
        raise Refused(*open_ones)
    if review.improvements and not (review.owner and review.due_on):
        raise Refused(reason("incident_review_nobody"))
    if review.improvements and review.due_on and review.due_on < (today := company_date(at)):
        raise Refused(reason("incident_review_past", today=today))
    for step in steps:
        _leave(complaint, step, left[step.pk], by=by, at=at)
    for text in review.improvements:
        response.give_task(
            complaint, by=by, at=at, kind="improvement", text=text, owner=review.owner, blocking=False,
            due_at=_day_end(review.due_on) if review.due_on else None,
        )  # fmt: skip
    reserving.release_all(complaint, running, by=by, at=at)
    promises.end(complaint, running, at=at)
    end(running, review, by=by, at=at)
    facts = {
        "activation": running.pk, "improvements": len(review.improvements),
        "cancelled": [step.pk for step in steps if left[step.pk].to is None],
        "handed_on": [step.pk for step in steps if left[step.pk].to],
    }  # fmt: skip
    audit.record(
        "case", complaint.uuid, "emergency.stood_down", by=by, at=at, facts=facts, private={"reason": review.reason}
    )
    return running


def end(running: EmergencyActivation, review: Review, *, by: User, at: datetime) -> None:
    """Write the end and its review into the activation."""
    running.stood_down_at, running.stood_down_by = at, by
    running.stand_down_reason, running.went_well = review.reason, review.went_well
    running.shortcomings, running.improvements = review.shortcomings, "\n".join(review.improvements)
    running.save()


def _undecided(steps: Iterable[EmergencyStep], left: Mapping[int, Left]) -> list[Reason]:
    missing = [step for step in steps if step.pk not in left or not left[step.pk].because.strip()]
    return [reason("incident_step_open", text=step.shown_text, step=step.pk) for step in missing]


def _leave(complaint: Complaint, step: EmergencyStep, left: Left, *, by: User, at: datetime) -> None:
    assert step.task is not None
    if left.to is None:
        response.finish_task(step.task, by=by, at=at, result=left.because, cancelled=True)
        return
    Task.objects.filter(pk=step.task.pk).update(owner=left.to)
    EmergencyStep.objects.filter(pk=step.pk).update(owner=left.to, left_because=left.because)
    facts: dict[str, Any] = {"task": step.task_id, "owner": left.to.pk}
    private = {"text": step.task.text, "because": left.because}
    audit.record("case", complaint.uuid, "task.handed_on", by=by, at=at, facts=facts, private=private)


def _day_end(day: date) -> datetime:
    """Return the last minute of a day of the company."""
    return midnight(day + timedelta(days=1)) - timedelta(minutes=1)
