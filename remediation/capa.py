"""Verbs of prevention: corrective and preventive action with the proof of its effect, and lessons (DOMAIN §8)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet

import audit
from accounts.roles import Role
from complaints import lifecycle, raci
from complaints.days import company_date
from complaints.gates import Reason, reason
from complaints.lifecycle import Refused
from complaints.models import Complaint, RootCause
from complaints.models.states import Grade
from remediation.models import Capa, CapaAction, CapaDeployment, CapaNumber, CapaWaiver, Lesson
from remediation.models.kinds import ActionKind, CapaSource, CapaStatus, CapaType, Strength

if TYPE_CHECKING:
    from accounts.models import User

WORKING = (CapaStatus.OPEN, CapaStatus.PLANNED, CapaStatus.IN_WORK)
CHECKING = (CapaStatus.IMPLEMENTED, CapaStatus.EFFECTIVENESS_CHECK)
WAIVABLE = (Grade.G3, Grade.G4)
LEAST_WINDOW = 90  # days


@transaction.atomic
def open_capa(
    complaint: Complaint, *, by: User, at: datetime, problem: str, owner: User, due_on: date,
    source: str = CapaSource.CASE, type: str = CapaType.CORRECTIVE, sponsor: User | None = None,
) -> Capa:  # fmt: skip
    """Open a corrective or preventive action on the case."""
    complaint = lifecycle.hold(complaint, by=by, at=at, permission="capa.record")
    _need_text(problem)
    capa = Capa.objects.create(
        number=_next_number(at), complaint=complaint, cycle=complaint.cycle, source=source, type=type, problem=problem,
        owner=owner, sponsor=sponsor, due_on=due_on, opened_by=by, opened_at=at,
    )  # fmt: skip
    facts = {"owner": owner.pk, "due_on": due_on, "source": source, "type": type}
    _record(capa, "capa.opened", by=by, at=at, private={"problem": problem}, **facts)
    return capa


@transaction.atomic
def add_action(
    capa: Capa, *, by: User, at: datetime, description: str, strength: int, owner: User, due_on: date,
    root_cause: RootCause | None = None, kind: str = ActionKind.CORRECTIVE, verification: str = "",
    chosen: bool = True, chosen_because: str = "", documents: list[dict[str, str]] | None = None,
) -> CapaAction:  # fmt: skip
    """Plan an action against one cause, or keep an option that was not chosen. strength: 1 is the strongest."""
    capa = _open(capa, WORKING, by=by, at=at)
    _need_text(description)
    action = CapaAction.objects.create(
        capa=capa, root_cause=root_cause, kind=kind, description=description, strength=strength, owner=owner,
        due_on=due_on, verification=verification, chosen=chosen, chosen_because=chosen_because,
        documents=documents or [], added_by=by, added_at=at,
    )  # fmt: skip
    if capa.status == CapaStatus.OPEN and chosen:
        _become(capa, CapaStatus.PLANNED)
    cause = root_cause and root_cause.pk
    facts = {"action": action.pk, "cause": cause, "strength": strength, "owner": owner.pk, "chosen": chosen}
    _record(capa, "capa.action_planned", by=by, at=at, private={"description": description}, **facts)
    return action


@transaction.atomic
def finish_action(
    action: CapaAction, *, by: User, at: datetime, evidence: str, documents: list[dict[str, str]] | None = None
) -> CapaAction:
    """
    Report an action done with its evidence; a second time changes nothing.

    documents: [{"document", "old", "new"} or {"document", "not_applicable"}], what was revised.
    """
    capa = _open(action.capa, WORKING, by=by, at=at)
    action = capa.actions.get(pk=action.pk)
    if action.done_at is not None:
        return action
    if not evidence.strip():
        raise Refused(reason("line_evidence_missing", line=action.description))
    action.done_at, action.done_by, action.evidence = at, by, evidence
    action.documents = documents if documents is not None else action.documents
    action.save()
    _become(capa, CapaStatus.IN_WORK)
    facts = {"action": action.pk, "documents": [row.get("document", "") for row in action.documents]}
    _record(capa, "capa.action_done", by=by, at=at, private={"evidence": evidence}, **facts)
    return action


@transaction.atomic
def set_criterion(
    capa: Capa, *, by: User, at: datetime, metric: str, baseline: str, target: str, window_days: int = LEAST_WINDOW
) -> Capa:
    """Say, before it is carried out, how the effect will be measured and for how long (at least 90 days)."""
    capa = _open(capa, WORKING, by=by, at=at)
    if not metric.strip() or not target.strip():
        raise Refused(reason("capa_criterion_missing"))
    capa.metric, capa.baseline, capa.target = metric, baseline, target
    capa.window_days, capa.criterion_set_at = max(window_days, LEAST_WINDOW), at
    capa.save()
    _record(capa, "capa.criterion_set", by=by, at=at, private={"metric": metric}, window_days=capa.window_days)
    return capa


@transaction.atomic
def add_similar(capa: Capa, *, by: User, at: datetime, text: str) -> CapaDeployment:
    """Name a similar product, line, plant or supplier, to be decided on before the CAPA is carried out."""
    capa = _open(capa, WORKING, by=by, at=at)
    _need_text(text)
    row = CapaDeployment.objects.create(capa=capa, text=text, by=by, at=at)
    _record(capa, "capa.similar_named", by=by, at=at, private={"text": text}, similar=row.pk)
    return row


@transaction.atomic
def decide_similar(
    row: CapaDeployment, *, by: User, at: datetime, applies: bool, because: str, done_on: date | None = None
) -> CapaDeployment:
    """Decide whether the actions apply there, with the reason, and when that was done."""
    capa = _open(row.capa, WORKING, by=by, at=at)
    _need_text(because)
    row = capa.deployments.get(pk=row.pk)
    row.applies, row.because, row.done_on, row.by, row.at = applies, because, done_on, by, at
    row.save()
    _record(capa, "capa.similar_decided", by=by, at=at, private={"because": because}, similar=row.pk, applies=applies)
    return row


@transaction.atomic
def hand_over(capa: Capa, *, by: User, at: datetime, owner: User, because: str, with_actions: bool = True) -> Capa:
    """
    Let somebody else answer for a CAPA, and do what its owner had not done of it; to the same person changes nothing.

    Raises Refused for somebody who cannot be named, or who has checked its effect.
    """
    capa = _open(capa, (*WORKING, *CHECKING), by=by, at=at)
    before = capa.owner_id
    if before == owner.pk:
        return capa
    _need_text(because)
    if not raci.may_be_named(owner):
        raise Refused(reason("person_unfit", name=owner.name))
    if capa.checked_by_id == owner.pk:
        raise Refused(reason("same_person", name=owner.name))
    capa.owner = owner
    capa.save()
    moved = capa.actions.filter(owner=before, done_at=None).update(owner=owner) if with_actions else 0
    private = {"problem": capa.problem, "because": because}
    _record(capa, "capa.handed_over", by=by, at=at, private=private, owner=owner.pk, before=before, actions=moved)
    return capa


@transaction.atomic
def implement(capa: Capa, *, by: User, at: datetime, weak_because: str = "") -> Capa:
    """
    Report that all its actions are in place; the window in which the effect shows begins.

    weak_because: the quality manager's reason where there are only checks and instructions.
    """
    capa = _open(capa, WORKING, by=by, at=at)
    if weak_because.strip():
        if Role.QM not in by.roles:
            raise PermissionDenied
        capa.weak_because = weak_because
    if found := _implementation_gaps(capa):
        raise Refused(*found)
    capa.implemented_at = at
    capa.window_until = company_date(at) + timedelta(days=capa.window_days)
    _become(capa, CapaStatus.IMPLEMENTED)
    _record(capa, "capa.implemented", by=by, at=at, window_until=capa.window_until)
    return capa


@transaction.atomic
def check_effect(capa: Capa, *, by: User, at: datetime, result: str, effective: bool | None) -> Capa:
    """
    Record a check of the effect, by another than its owner. effective None: looked at, not decided yet.

    Effective is decided after the window; not effective at any time. Raises Refused: same_person, capa_window_open.
    """
    capa = _open(capa, CHECKING, by=by, at=at, permission="capa.check")
    if by.pk == capa.owner_id:
        raise Refused(reason("same_person", name=by.name))
    _need_text(result)
    if effective and capa.window_until and company_date(at) <= capa.window_until:
        raise Refused(reason("capa_window_open", until=capa.window_until + timedelta(days=1)))
    capa.result, capa.checked_by, capa.checked_at = result, by, at
    ended = CapaStatus.CLOSED_EFFECTIVE if effective else CapaStatus.CLOSED_INEFFECTIVE
    _become(capa, CapaStatus.EFFECTIVENESS_CHECK if effective is None else ended)
    _record(capa, "capa.checked", by=by, at=at, private={"result": result}, effective=effective)
    return capa


@transaction.atomic
def waive_capa(complaint: Complaint, *, by: User, at: datetime, because: str) -> CapaWaiver:
    """Go without a CAPA on a G3 or G4 case, with the reason; a second time changes nothing."""
    complaint = lifecycle.hold(complaint, by=by, at=at, permission="capa.waive")
    if complaint.grade not in WAIVABLE:
        raise Refused(reason("capa_waiver_grade", grade=complaint.grade))
    _need_text(because)
    waiver, made = CapaWaiver.objects.get_or_create(
        complaint=complaint, cycle=complaint.cycle,
        defaults={"grade": complaint.grade, "because": because, "by": by, "at": at},
    )  # fmt: skip
    if made:
        facts = {"grade": complaint.grade}
        audit.record("case", complaint.uuid, "capa.waived", by=by, at=at, facts=facts, private={"because": because})
    return waiver


@transaction.atomic
def record_lesson(
    complaint: Complaint, *, by: User, at: datetime, situation: str, rule: str, worked: str = "", did_not: str = "",
    tags: tuple[str, ...] = (), confidential: bool = False,
) -> Lesson:  # fmt: skip
    """Record what the case taught: situation, what worked, what did not, and the rule for the future."""
    complaint = lifecycle.hold(complaint, by=by, at=at, permission="lesson.record")
    _need_text(situation)
    _need_text(rule)
    lesson = Lesson.objects.create(
        complaint=complaint, cycle=complaint.cycle, situation=situation, worked=worked, did_not=did_not, rule=rule,
        tags=list(tags), confidential=confidential, by=by, at=at,
    )  # fmt: skip
    facts = {"lesson": lesson.pk, "tags": lesson.tags}
    audit.record("case", complaint.uuid, "lesson.recorded", by=by, at=at, facts=facts, private={"rule": rule})
    return lesson


@transaction.atomic
def approve_lesson(lesson: Lesson, *, by: User, at: datetime) -> Lesson:
    """Release a lesson to be shown at similar cases; not by who wrote it."""
    complaint = lifecycle.hold(lesson.complaint, by=by, at=at, permission="lesson.approve")
    lesson = complaint.lessons.get(pk=lesson.pk)
    if lesson.by_id == by.pk:
        raise Refused(reason("same_person", name=by.name))
    if lesson.approved_by_id is None:
        lesson.approved_by, lesson.approved_at = by, at
        lesson.save()
        audit.record("case", complaint.uuid, "lesson.approved", by=by, at=at, facts={"lesson": lesson.pk})
    return lesson


def gaps(complaint: Complaint, *, waived: bool, begun: bool) -> list[Reason]:
    """
    Return what prevention still lacks: a CAPA with an action on each verified cause, or the waiver.

    waived, begun: whether this cycle has a waiver, and a CAPA.
    """
    if complaint.grade in WAIVABLE and waived:
        return []
    if not begun:
        return [reason("capa_missing")]
    return [reason("capa_action_missing", cause=cause.text) for cause in _causes_without_action(complaint)]


def without_owner(complaint: Complaint) -> QuerySet[Capa]:
    """Return the CAPAs that are not over, and whose owner, who answers for their actions, has no account any more."""
    return complaint.capas.filter(status__in=(*WORKING, *CHECKING), owner__is_active=False).order_by("pk")


def unassigned(complaint: Complaint) -> list[Reason]:
    """Return each CAPA that nobody answers for (R09)."""
    rows = without_owner(complaint).select_related("owner")
    return [reason("capa_unassigned", capa=row.pk, number=row.number, name=row.owner.name) for row in rows]


def _causes_without_action(complaint: Complaint) -> Any:
    verified = complaint.root_causes.filter(cycle=complaint.cycle, withdrawn_at=None, verified_at__isnull=False)
    acted_on = CapaAction.objects.filter(chosen=True, root_cause__isnull=False).values("root_cause_id")
    return verified.exclude(pk__in=acted_on).order_by("pk")


def _implementation_gaps(capa: Capa) -> list[Reason]:
    actions = list(capa.actions.filter(chosen=True).order_by("pk"))
    found = [] if actions else [reason("capa_no_actions", number=capa.number)]
    found += [reason("capa_action_open", action=row.description) for row in actions if row.done_at is None]
    if capa.criterion_set_at is None:
        found.append(reason("capa_criterion_missing"))
    if actions and min(row.strength for row in actions) >= Strength.CHECK and not capa.weak_because:
        found.append(reason("capa_only_weak"))
    undecided = capa.deployments.filter(applies=None).order_by("pk").values_list("text", flat=True)
    return [*found, *(reason("capa_similar_open", text=text) for text in undecided)]


def _open(
    capa: Capa, statuses: tuple[CapaStatus, ...], *, by: User, at: datetime, permission: str = "capa.record"
) -> Capa:
    complaint = lifecycle.hold(capa.complaint, by=by, at=at, permission=permission)
    fresh = complaint.capas.get(pk=capa.pk)
    if fresh.status not in statuses:
        raise Refused(reason("capa_status_wrong", number=fresh.number, capa_status=fresh.status))
    return fresh


def _become(capa: Capa, status: CapaStatus) -> None:
    capa.status = status
    capa.save()


def _need_text(text: str) -> None:
    if not text.strip():
        raise Refused(reason("reason_missing"))


def _next_number(at: datetime) -> str:
    year = company_date(at).year
    CapaNumber.objects.get_or_create(year=year)
    counter = CapaNumber.objects.select_for_update().get(year=year)
    counter.last += 1
    counter.save()
    return f"CAPA-{year}-{counter.last:04d}"


def _record(
    capa: Capa, kind: str, *, by: User, at: datetime, private: dict[str, str] | None = None, **facts: Any
) -> None:
    facts = {"capa": capa.number, "status": capa.status, **facts}
    audit.record("case", capa.complaint.uuid, kind, by=by, at=at, facts=facts, private=private)
