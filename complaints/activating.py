"""
How a plan comes into force: every step of it a task, in one go, of whoever holds its role or stands in (DOMAIN §4.2).

It writes inside the caller's transaction, for a case that the caller holds: the move to the response and the act by
hand both call it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

import audit
from accounts import absences
from complaints import emergency_plans, promises, raci
from complaints.days import company_date
from complaints.gates import Refused, reason
from complaints.models import (
    Complaint,
    EmergencyActivation,
    EmergencyPlan,
    EmergencySeat,
    EmergencyStep,
    Task,
)
from complaints.models.emergency import PlanRole

if TYPE_CHECKING:
    from accounts.models import User

TASK_KIND = "emergency"


class Held(NamedTuple):
    """Who holds a role at a moment, under which number, and in whose stead."""

    user: User
    phone: str
    instead_of: User | None = None


def of(complaint: Complaint) -> EmergencyActivation | None:
    """Return the plan that is in force for a case, if one is."""
    running = complaint.activations.filter(stood_down_at=None).select_related("plan", "commander")
    return running.order_by("-activated_at", "-pk").first()


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

    commander: instead of whom the plan names.  Raises Refused if one is in force already, for a plan that is not in
    force or not for the case's goods, or whose roles are held by people who left.
    """
    _require_fit(complaint, plan, company_date(at))
    named = plan.roles.filter(role=PlanRole.COMMANDER).exists()
    held = holders(plan, at, commander or (None if named else by))
    if gone := [(role, one.user.name) for role, one in held.items() if not one.user.is_active]:
        raise Refused(*(reason("plan_holder_gone", plan_role=role, name=name, plan=plan.code) for role, name in gone))
    activation = EmergencyActivation.objects.create(
        complaint=complaint, cycle=complaint.cycle, plan=plan, grade=complaint.grade or "", because=because,
        commander=held[PlanRole.COMMANDER].user, activated_by=by, activated_at=at,
    )  # fmt: skip
    seat(activation, held)
    steps = _checklist(complaint, activation, held, by=by, at=at)
    promises.begin(activation)
    facts = {
        "activation": activation.pk, "plan": plan.pk, "code": plan.code, "number": plan.number,
        "grade": activation.grade, "commander": activation.commander_id, "steps": len(steps),
        "tasks": [step.task_id for step in steps],
    }  # fmt: skip
    audit.record("case", complaint.uuid, "emergency.activated", by=by, at=at, facts=facts, private={"reason": because})
    return activation


def _require_fit(complaint: Complaint, plan: EmergencyPlan, day: date) -> None:
    """Raise Refused unless the case has no plan in force, and this one is in force on that day and for its goods."""
    if running := of(complaint):
        raise Refused(reason("incident_runs", plan=running.plan.code))
    if not EmergencyPlan.objects.in_force(day).filter(pk=plan.pk).exists():
        raise Refused(reason("plan_not_in_force", plan=plan.code, number=plan.number))
    if plan not in emergency_plans.fitting(complaint, day):
        raise Refused(reason("plan_other_goods", plan=plan.code))


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


def _checklist(
    complaint: Complaint, activation: EmergencyActivation, held: Mapping[str, Held], *, by: User, at: datetime
) -> list[EmergencyStep]:
    """Write down every step, each a task for which the commander answers."""
    steps = plan_steps(activation, held)
    tasks = [_task(complaint, step, by=by, at=at) for step in steps]
    for step, task in zip(steps, tasks, strict=True):
        step.task = task
    raci.name(complaint, *tasks, at=at, who=activation.commander)
    EmergencyStep.objects.bulk_create(steps)
    return steps


def _task(complaint: Complaint, step: EmergencyStep, *, by: User, at: datetime) -> Task:
    """Make the step a task, in the words of whoever is to do it; the activation tells them of all at once."""
    text = (step.text_zh or step.text) if step.owner.language == "zh-hans" else step.text
    return Task.objects.create(
        complaint=complaint, cycle=complaint.cycle, kind=TASK_KIND, text=text, owner=step.owner, due_at=step.due_at,
        created_by=by, created_at=at,
    )  # fmt: skip
