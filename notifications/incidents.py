"""What is told of plans and incidents. A drill tells nobody anything: it is silent by its kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from accounts.models import User
from accounts.roles import Role
from audit.models import Event
from complaints.models import EmergencyActivation, EmergencyStep
from notifications.notice import Notice

_INCIDENT = "whoever works on the incident sees it on its page"
_REGISTER = "the page of the plan shows it"
_DRILL = "a drill sends nothing"

SILENT: dict[str, str] = {
    "plan.begun": _REGISTER,
    "plan.written": _REGISTER,
    "plan.approved": _REGISTER,
    "emergency.decided": _INCIDENT,
    "emergency.update_given": _INCIDENT,
    "emergency.resource_reserved": _INCIDENT,
    "emergency.resource_released": _INCIDENT,
    "drill.begun": _DRILL,
    "drill.step_done": _DRILL,
    "drill.finished": _DRILL,
}

ToStaff = Callable[..., Iterator[Notice]]  # recipients._to_staff, which is the only one that knows whom not to tell


def activated(
    event: Event, case: Any, to_staff: ToStaff, owners: Callable[..., list[User]], holding: Callable[..., list[User]]
) -> Iterator[Notice]:
    """Everybody who holds a role, with their own steps; the owner and the quality managers, that it is so."""
    others = [*owners(case), *holding(Role.QM)]
    running = EmergencyActivation.objects.select_related("plan", "commander").get(pk=event.facts["activation"])
    common = {"plan": running.plan.code, "commander": running.commander.name, "happened_at": event.at}
    first = running.seats.filter(since=running.activated_at).select_related("user").order_by("pk")
    people = {seat.user_id: seat.user for seat in first}
    steps = list(running.steps.order_by("position"))
    for person in [*people.values(), *(one for one in others if one.pk not in people)]:
        mine = [step for step in steps if step.task_id in event.facts["tasks"] and step.owner_id == person.pk]
        yield from to_staff(event, case, [person], "plan_activated", body=_listed(mine, person), **common)


def _listed(steps: list[EmergencyStep], person: User) -> str:
    chinese = person.language == "zh-hans"
    return "\n".join(f"{step.minutes} min: {(step.text_zh or step.text) if chinese else step.text}" for step in steps)


def handed_over(event: Event, case: Any, to_staff: ToStaff) -> Iterator[Notice]:
    """Who holds the role from now on."""
    person = User.objects.filter(pk=event.facts["owner"])
    return to_staff(event, case, person, "role_handed_over", body=event.text("reason") or "",
                    plan_role=event.facts["plan_role"])  # fmt: skip


def update_overdue(
    event: Event, case: Any, to_reachable: ToStaff, holding: Callable[..., list[User]]
) -> Iterator[Notice]:
    """Who commands and who was to tell; later, one level above the command."""
    facts = event.facts
    running = EmergencyActivation.objects.select_related("plan", "commander").get(pk=facts["activation"])
    roles = [line.role for line in running.plan.informed if line.audience == facts["informed"]]
    tells = [seat.user for seat in running.seats.filter(role__in=roles, until=None).select_related("user")]
    here = {"COMMANDER": [running.commander], "TELLS": tells}
    people = [person for name in facts["told"] for person in here.get(name) or holding(Role(name))]
    return to_reachable(
        event, case, people, "update_overdue", about=facts["dedup"], informed=facts["informed"],
        commander=running.commander.name, due_at=facts["due_at"], plan=running.plan.code,
    )  # fmt: skip
