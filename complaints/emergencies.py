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
from accounts import absences
from complaints import lifecycle, raci, response, standing
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

if TYPE_CHECKING:
    from accounts.models import User

TASK_KIND = "emergency"


class Held(NamedTuple):
    """Who holds a role at a moment, under which number, and in whose stead."""

    user: User
    phone: str
    instead_of: User | None = None


# Activation -----------------------------------------------------------------------------------------------------------


@transaction.atomic
def activate_plan(
    complaint: Complaint, *, by: User, at: datetime, plan: EmergencyPlan, because: str, commander: User | None = None
) -> EmergencyActivation:
    """Put a plan into force for a case by hand, whatever its grade. Raises Refused if one is in force already."""
    complaint = lifecycle.hold(complaint, by=by, at=at, permission="emergency.activate", states=OPEN)
    return put_in_force(complaint, plan, by=by, at=at, commander=commander, because=because)


def put_in_force(
    complaint: Complaint,
    plan: EmergencyPlan,
    *,
    by: User,
    at: datetime,
    commander: User | None = None,
    because: str = "",
) -> EmergencyActivation:
    """
    Put a plan into force for a case that the caller holds, inside its transaction.

    commander: instead of whom the plan names.
    """
    if running := of(complaint):
        raise Refused(reason("incident_runs", plan=running.plan.code))
    if not EmergencyPlan.objects.in_force(company_date(at)).filter(pk=plan.pk).exists():
        raise Refused(reason("plan_not_in_force", plan=plan.code, number=plan.number))
    named = plan.roles.filter(role=PlanRole.COMMANDER).exists()
    held = holders(plan, at, commander or (None if named else by))
    activation = EmergencyActivation.objects.create(
        complaint=complaint, cycle=complaint.cycle, plan=plan, grade=complaint.grade or "", because=because,
        commander=held[PlanRole.COMMANDER].user, activated_by=by, activated_at=at,
    )  # fmt: skip
    seat(activation, held)
    steps = plan_steps(activation, held)
    tasks = [_task(complaint, step, by=by, at=at) for step in steps]
    for step, task in zip(steps, tasks, strict=True):
        step.task = task
    raci.name(complaint, *tasks, at=at, who=activation.commander)
    EmergencyStep.objects.bulk_create(steps)
    facts = {
        "activation": activation.pk, "plan": plan.pk, "code": plan.code, "number": plan.number,
        "grade": activation.grade, "commander": activation.commander_id, "steps": len(steps),
        "tasks": [step.task_id for step in steps],
    }  # fmt: skip
    audit.record("case", complaint.uuid, "emergency.activated", by=by, at=at, facts=facts, private={"reason": because})
    return activation


def holders(plan: EmergencyPlan, at: datetime, commander: User | None = None) -> dict[str, Held]:
    """Return who holds each role of the plan at `at`: its deputy for who is away, else who stands in for them."""
    away = {row.person_id for row in absences.between(at, at)}
    found: dict[str, Held] = {}
    for row in plan.roles.select_related("person", "deputy"):
        if row.person_id not in away and row.person.is_active:
            found[row.role] = Held(row.person, row.phone)
        elif row.deputy and row.deputy_id not in away and row.deputy.is_active:
            found[row.role] = Held(row.deputy, row.deputy_phone, row.person)
        else:
            found[row.role] = _stand_in(row.person, row.phone, at)
    if commander and (PlanRole.COMMANDER not in found or found[PlanRole.COMMANDER].user != commander):
        numbers = {held.user.pk: held.phone for held in found.values()}
        found[PlanRole.COMMANDER] = Held(commander, numbers.get(commander.pk, ""))
    return found


def _stand_in(person: User, phone: str, at: datetime) -> Held:
    reached = absences.reached([person], at)
    user = reached[0][0] if reached else person
    return Held(person, phone) if user == person else Held(user, "", person)


def seat(activation: EmergencyActivation, held: Mapping[str, Held]) -> None:
    """Write down who holds which role."""
    EmergencySeat.objects.bulk_create(
        EmergencySeat(
            activation=activation, role=role, user=one.user, phone=one.phone, instead_of=one.instead_of,
            since=activation.activated_at,
        )
        for role, one in held.items()
    )  # fmt: skip


def plan_steps(activation: EmergencyActivation, held: Mapping[str, Held]) -> list[EmergencyStep]:
    """Return the checklist of an activation, not saved; what nobody's role is falls to the commander."""
    return [
        EmergencyStep(
            activation=activation, position=position, minutes=action.minutes, text=action.text, text_zh=action.text_zh,
            role=action.role, owner=held.get(action.role, held[PlanRole.COMMANDER]).user,
            due_at=activation.activated_at + timedelta(minutes=action.minutes),
        )
        for position, action in enumerate(activation.plan.actions, start=1)
    ]  # fmt: skip


def _task(complaint: Complaint, step: EmergencyStep, *, by: User, at: datetime) -> Task:
    """Make the step a task, in the words of whoever is to do it; the activation tells them of all at once."""
    text = (step.text_zh or step.text) if step.owner.language == "zh-hans" else step.text
    return Task.objects.create(
        complaint=complaint, cycle=complaint.cycle, kind=TASK_KIND, text=text, owner=step.owner, due_at=step.due_at,
        created_by=by, created_at=at,
    )  # fmt: skip


# What runs ------------------------------------------------------------------------------------------------------------


def of(complaint: Complaint) -> EmergencyActivation | None:
    """Return the plan that is in force for a case, if one is."""
    running = complaint.activations.filter(stood_down_at=None).select_related("plan", "commander")
    return running.order_by("-activated_at", "-pk").first()


def before_activating(complaint: Complaint, user: User) -> list[Reason]:
    """Return that a plan is in force already."""
    running = of(complaint) if standing.of(complaint).plan_active else None
    return [reason("incident_runs", plan=running.plan.code)] if running else []


def without_incident(complaint: Complaint, user: User) -> list[Reason]:
    """Return that no plan is in force."""
    return [] if standing.of(complaint).plan_active else [reason("incident_none")]


def may_lead(complaint: Complaint, user: User) -> bool:
    """Tell whether somebody holds a role in the incident of a case, whatever else they may."""
    return _seated(complaint, user)


def may_stand_down(complaint: Complaint, user: User) -> bool:
    """Tell whether somebody commands the incident of a case."""
    return _seated(complaint, user, role=PlanRole.COMMANDER)


def _seated(complaint: Complaint, user: User, **which: str) -> bool:
    if not standing.of(complaint).plan_active:  # known already where every act is asked
        return False
    seats = EmergencySeat.objects.filter(user=user, until=None, activation__stood_down_at=None, **which)
    return seats.filter(activation__complaint=complaint).exists()


def begin(
    complaint: Complaint, *, by: User, at: datetime, permission: str = "emergency.lead"
) -> tuple[Complaint, EmergencyActivation]:
    """
    Lock a case and return it with its incident, for an act of it by somebody who may.

    Raises PermissionDenied; Refused where no plan is in force, or for a moment before its activation.
    """
    also = may_stand_down if permission == "emergency.stand_down" else may_lead
    locked = Complaint.objects.select_for_update(of=("self",)).get(pk=complaint.pk)  # roles are handed over under it
    right = permission if by.may(permission) or not also(locked, by) else "case.note"
    complaint = lifecycle.hold(complaint, by=by, at=at, permission=right)
    running = of(complaint)
    if running is None:
        raise Refused(reason("incident_none"))
    if at < running.activated_at:
        raise Refused(reason("incident_before", since=running.activated_at))
    return complaint, running


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
    """Return for each line of the plan when its next update is due, the nearest first."""
    latest: dict[str, EmergencyUpdate] = {}
    for update in running.updates.select_related("by").order_by("at", "pk"):
        latest[update.audience] = update
    found = []
    for line in running.plan.informed:
        last = latest.get(line.audience)
        found.append(Due(line, last, (last.at if last else running.activated_at) + timedelta(minutes=line.minutes)))
    return sorted(found, key=lambda one: one.due_at)


@transaction.atomic
def hand_over(
    complaint: Complaint, *, by: User, at: datetime, role: str, to: User, phone: str, because: str
) -> EmergencySeat:
    """Give a role of the incident to somebody else, with the steps that its holder has not done."""
    complaint, running = begin(complaint, by=by, at=at)
    commands = running.commander_id == by.pk or by.may("emergency.lead") or by.may("emergency.stand_down")
    before = running.seats.select_for_update().filter(role=role, until=None).select_related("user").first()
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
    for step in steps:
        _leave(complaint, step, left[step.pk], by=by, at=at)
    for text in review.improvements:
        response.give_task(
            complaint, by=by, at=at, kind="improvement", text=text, owner=review.owner, blocking=False,
            due_at=_day_end(review.due_on) if review.due_on else None,
        )  # fmt: skip
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
    """Write the end and its review into the activation; what was reserved longer is given back."""
    running.stood_down_at, running.stood_down_by = at, by
    running.stand_down_reason, running.went_well = review.reason, review.went_well
    running.shortcomings, running.improvements = review.shortcomings, "\n".join(review.improvements)
    running.save()
    for kept in running.reservations.filter(until_at__gt=at):
        kept.until_at = max(at, kept.from_at)
        kept.save(update_fields=["until_at"])


def _undecided(steps: Iterable[EmergencyStep], left: Mapping[int, Left]) -> list[Reason]:
    missing = [step for step in steps if step.pk not in left or not left[step.pk].because.strip()]
    return [reason("incident_step_open", text=step.shown_text, step=step.pk) for step in missing]


def _leave(complaint: Complaint, step: EmergencyStep, left: Left, *, by: User, at: datetime) -> None:
    assert step.task is not None
    if left.to is None:
        response.finish_task(step.task, by=by, at=at, result=left.because, cancelled=True)
        return
    Task.objects.filter(pk=step.task.pk).update(owner=left.to)
    EmergencyStep.objects.filter(pk=step.pk).update(owner=left.to, result=left.because)
    facts: dict[str, Any] = {"task": step.task_id, "owner": left.to.pk}
    private = {"text": step.task.text, "because": left.because}
    audit.record("case", complaint.uuid, "task.handed_on", by=by, at=at, facts=facts, private=private)


def _day_end(day: date) -> datetime:
    """Return the last minute of a day of the company."""
    return midnight(day + timedelta(days=1)) - timedelta(minutes=1)
