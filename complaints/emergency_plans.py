"""
Verbs of emergency plans: begin a version, write it, approve it (DOMAIN §4.2).

A version is a draft until another person approves it; from then on nothing in it changes but its last day, which its
successor sets. Each change is an event in the one stream of all versions of a plan.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q

import audit
from complaints.days import company_date
from complaints.gates import Reason, Refused, reason
from complaints.models import EmergencyActivation, EmergencyPlan, EmergencyResource, EmergencyRole
from complaints.models.emergency import Action, Informed, Line, PlanRole, months_later, resource_key

if TYPE_CHECKING:
    from accounts.models import User
    from complaints.models import Complaint

STREAM_KIND = "plan"
FIRST_HOUR, FIRST_DAY = 60, 24 * 60
REVIEW_MONTHS = 12  # DOMAIN §4.2: a review is due within so many
HEAD = (
    "name", "name_zh", "grade", "family", "project", "standard", "responsibilities", "resources", "valid_from",
    "review_on", "drill_months",
)  # fmt: skip


@dataclass(frozen=True)
class Content:
    """What a version says: fields of its head, who holds which role, what can be counted, actions, who is told."""

    head: dict[str, Any] = field(default_factory=dict)
    roles: Sequence[dict[str, Any]] = ()
    stock: Sequence[dict[str, Any]] = ()
    actions: Sequence[Action] = ()
    lines: Sequence[Line] = ()


@transaction.atomic
def begin_plan(*, by: User, at: datetime, code: str, name: str, name_zh: str = "", grade: str = "G1") -> EmergencyPlan:
    """Begin a plan with an empty draft. Raises PermissionDenied, or Refused if the code is taken."""
    _require(by, "emergency.keep")
    if EmergencyPlan.objects.filter(code__iexact=code).exists():
        raise Refused(reason("plan_code_taken", plan=code))
    today = company_date(at)
    plan = EmergencyPlan.objects.create(
        code=code, number=1, name=name, name_zh=name_zh, grade=grade, valid_from=today,
        review_on=months_later(today, REVIEW_MONTHS), written_by=by, written_at=at,
    )  # fmt: skip
    _record(plan, "plan.begun", by=by, at=at)
    return plan


@transaction.atomic
def begin_version(plan: EmergencyPlan, *, by: User, at: datetime) -> EmergencyPlan:
    """Return the draft of the plan, beginning one with all that `plan` says if there is none."""
    _require(by, "emergency.keep")
    versions = _locked(plan.code)
    if draft := next((one for one in versions if one.is_draft), None):
        return draft
    today = company_date(at)
    said = {name: getattr(plan, name) for name in (*HEAD, "first_actions", "lines")}
    said |= {"valid_from": today, "review_on": months_later(today, REVIEW_MONTHS)}
    made = EmergencyPlan.objects.create(
        code=plan.code, number=versions[-1].number + 1, written_by=by, written_at=at, **said
    )
    _put_rows(made, _rows(plan.roles.all(), ROLE), _rows(plan.stock.all(), (*STOCK, "key")))
    _record(made, "plan.begun", by=by, at=at)
    return made


def _locked(code: str) -> list[EmergencyPlan]:
    """Lock the versions of a plan and return them, with one that was made while this waited for the lock."""
    versions = EmergencyPlan.objects.filter(code=code).order_by("number")
    list(versions.select_for_update())
    return list(versions)


@transaction.atomic
def write_plan(
    plan: EmergencyPlan, *, by: User, at: datetime, content: Content, seen: str | None = None
) -> EmergencyPlan:
    """
    Replace what a draft says. Incomplete is allowed; an approved version is refused.

    seen: the edition that the person began with; Refused if it was written anew since, were it by the same person.
    """
    _require(by, "emergency.keep")
    plan = EmergencyPlan.objects.select_for_update().get(pk=plan.pk)
    if not plan.is_draft:
        raise Refused(reason("plan_approved", plan=plan.code, number=plan.number))
    if changed := changed_since(plan, seen, by):
        raise Refused(changed)
    for name, value in content.head.items():
        setattr(plan, name, value)
    plan.first_actions = [list(action) for action in sorted(content.actions, key=lambda one: one.minutes)]
    plan.lines = [list(line) for line in content.lines]
    plan.written_by, plan.written_at = by, at
    plan.save()
    plan.roles.all().delete()
    plan.stock.all().delete()
    _put_rows(plan, content.roles, content.stock)
    _record(plan, "plan.written", by=by, at=at)
    return plan


@transaction.atomic
def approve_plan(plan: EmergencyPlan, *, by: User, at: datetime, seen: str | None = None) -> EmergencyPlan:
    """
    Approve a version, by another person than its writer; its predecessor ends the day before it begins.

    A second time by the same person changes nothing. Raises Refused with all that it lacks, or if it was written anew
    since the person has `seen` it.
    """
    _require(by, "emergency.approve")
    versions = _locked(plan.code)
    plan = next(one for one in versions if one.pk == plan.pk)
    if plan.approved_by_id == by.pk:
        return plan
    if changed := changed_since(plan, seen, by):
        raise Refused(changed)
    if found := list(before_approval(plan, by=by, at=at, versions=versions)):
        raise Refused(*found)
    for one in versions:
        if not one.is_draft and (one.valid_to is None or one.valid_to >= plan.valid_from):
            one.valid_to = plan.valid_from - timedelta(days=1)
            one.save(update_fields=["valid_to"])
    plan.approved_by, plan.approved_at = by, at
    plan.save(update_fields=["approved_by", "approved_at"])
    _record(plan, "plan.approved", by=by, at=at)
    return plan


def changed_since(plan: EmergencyPlan, seen: str | None, by: User) -> Reason | None:
    """Return that the draft was written anew since it was seen, by whom; None without `seen`."""
    if seen in (None, plan.edition) or plan.written_by is None:
        return None
    if plan.written_by == by:
        return reason("plan_changed_by_you")
    return reason("plan_changed", name=plan.written_by.name)


# What stands in the way -----------------------------------------------------------------------------------------------


def before_approval(
    plan: EmergencyPlan, *, by: User, at: datetime, versions: Iterable[EmergencyPlan]
) -> Iterator[Reason]:
    """Yield why this person cannot approve the version now."""
    if not plan.is_draft:
        yield reason("plan_approved", plan=plan.code, number=plan.number)
        return
    if plan.written_by_id == by.pk:
        yield reason("same_person", name=by.name)
    yield from lacking(plan)
    if plan.valid_from < (today := company_date(at)):
        yield reason("plan_from_past", today=today)
    held = [one.valid_from for one in versions if not one.is_draft]
    if held and plan.valid_from <= max(held):
        yield reason("plan_before_predecessor", since=max(held))


def lacking(plan: EmergencyPlan) -> list[Reason]:
    """Return what a version lacks, one reason for each gap."""
    roles = {row.role: row for row in plan.roles.select_related("person", "deputy")}
    found = [*_lacking_head(plan), *_lacking_roles(plan, roles)]
    minutes = [action.minutes for action in plan.actions]
    if not any(each <= FIRST_HOUR for each in minutes):
        found.append(reason("plan_first_hour_missing"))
    if not any(FIRST_HOUR < each <= FIRST_DAY for each in minutes):
        found.append(reason("plan_first_day_missing"))
    if Informed.CUSTOMER not in {line.audience for line in plan.informed}:
        found.append(reason("plan_line_missing"))
    return found


def _lacking_head(plan: EmergencyPlan) -> Iterator[Reason]:
    if not plan.standard.strip():
        yield reason("plan_standard_missing")
    latest = months_later(plan.valid_from, REVIEW_MONTHS)
    if plan.review_on is None:
        yield reason("plan_review_missing", latest=latest)
    elif not plan.valid_from < plan.review_on <= latest:
        yield reason("plan_review_late", latest=latest)


def _lacking_roles(plan: EmergencyPlan, roles: dict[str, EmergencyRole]) -> Iterator[Reason]:
    """One commander with a deputy; a person for each role that has something to do; everybody can be called."""
    if PlanRole.COMMANDER not in roles:
        yield reason("plan_commander_missing")
    elif roles[PlanRole.COMMANDER].deputy is None:
        yield reason("plan_deputy_missing")
    for action in plan.actions:
        if action.role not in roles and action.role != PlanRole.COMMANDER:
            yield reason("plan_action_unfilled", text=action.text, plan_role=action.role)
    for line in plan.informed:
        if line.role not in roles and line.role != PlanRole.COMMANDER:
            yield reason("plan_line_unfilled", informed=line.audience, plan_role=line.role)
    for role, row in roles.items():
        people = [(row.person, row.phone), *([(row.deputy, row.deputy_phone)] if row.deputy else [])]
        for person, phone in people:
            if not phone.strip():
                yield reason("plan_phone_missing", name=person.name, plan_role=role)
            yield from _gone(person, role)
        if row.deputy_id == row.person_id:
            yield reason("plan_deputy_same", name=row.person.name, plan_role=role)


def _gone(person: User | None, role: str) -> Iterator[Reason]:
    if person and not person.is_active:
        yield reason("plan_person_gone", name=person.name, plan_role=role)


def people_gone(plans: Iterable[EmergencyPlan]) -> dict[int, list[Reason]]:
    """Return for each of the plans, by id, who of those whom it names does not work here any more."""
    found: dict[int, list[Reason]] = {}
    rows = EmergencyRole.objects.filter(plan__in=list(plans)).select_related("person", "deputy")
    for row in rows.filter(Q(person__is_active=False) | Q(deputy__is_active=False)).order_by("plan", "pk"):
        found.setdefault(row.plan_id, []).extend([*_gone(row.person, row.role), *_gone(row.deputy, row.role)])
    return found


# Which plan -----------------------------------------------------------------------------------------------------------


def fitting(complaint: Complaint, day: date) -> list[EmergencyPlan]:
    """Return the plans in force that are for this case's goods, those of its grade first, of these the closest."""
    family = complaint.product.family if complaint.product else ""
    plans = EmergencyPlan.objects.in_force(day).select_related("project").order_by("code", "-number")
    fit = [one for one in plans if one.family in ("", family) and one.project_id in (None, complaint.project_id)]
    return sorted(fit, key=lambda one: (one.grade != complaint.grade, -bool(one.project_id) - bool(one.family)))


def last_drills(codes: Iterable[str]) -> dict[str, datetime]:
    """Return when the last finished drill of each plan began."""
    held = EmergencyActivation.objects.filter(drill=True, stood_down_at__isnull=False, plan__code__in=list(codes))
    return dict(held.order_by("activated_at", "pk").values_list("plan__code", "activated_at"))


# Rows -----------------------------------------------------------------------------------------------------------------

ROLE = ("role", "person", "phone", "deputy", "deputy_phone")
STOCK = ("code", "name", "name_zh", "kind", "quantity", "place", "keeper")


def _rows(rows: Iterable[Any], names: Sequence[str]) -> list[dict[str, Any]]:
    return [{name: getattr(row, name) for name in names} for row in rows]


def _put_rows(plan: EmergencyPlan, roles: Iterable[dict[str, Any]], stock: Iterable[dict[str, Any]]) -> None:
    EmergencyRole.objects.bulk_create(EmergencyRole(plan=plan, **row) for row in roles)
    EmergencyResource.objects.bulk_create(
        EmergencyResource(plan=plan, **{"key": resource_key(row["code"]), **row}) for row in stock
    )


def _record(plan: EmergencyPlan, kind: str, *, by: User, at: datetime) -> None:
    facts = {"plan": plan.pk, "code": plan.code, "number": plan.number, "grade": plan.grade}
    audit.record(STREAM_KIND, plan.stream, kind, by=by, at=at, facts=facts)


def _require(by: User, permission: str) -> None:
    if not by.may(permission):
        raise PermissionDenied
