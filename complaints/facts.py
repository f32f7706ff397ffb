"""Verbs that say what the case is about: its facts, its owner, its grade (DOMAIN §2.2 T03, §4.1)."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

import audit
from accounts.models import Absence
from accounts.roles import Role
from complaints import assessing, clock_moves, clocks, grade_facts, grade_rules, grading, guards, lifecycle
from complaints.days import company_date
from complaints.gates import reason
from complaints.models import Complaint, Grading
from complaints.models.states import OPEN

if TYPE_CHECKING:
    from accounts.models import Department, User
    from contracts.models import ContractVersion

EDITABLE = frozenset(
    {
        "title", "contact", "contact_name", "contact_email", "contact_phone", "language", "found_on", "found_where",
        "found_place", "remedy_asked", "quantity_affected", "quantity_delivered", "quantity_confirmed", "unit",
        "safety", "work_stopped", "milestone_at_risk", "project", "contract", "contract_version",
        "no_contract_because", "product", "delivery", "lot", "serial", "goods_unknown_because", "nonconformity",
        "claim_8d", "legal_hold", "reportable",
    }
)  # fmt: skip  # the original text is not here: it stays as told


@dataclass(frozen=True)
class Triage:
    """What triage decides. Scores are 1–5; `grade` is given only to differ from the computed one, with a reason."""

    consequence: int
    extent: int
    customer_impact: int
    recurrence: int
    owner: User | None
    department: Department | None
    nonconformity: tuple[str, ...] = ()
    contract_version: ContractVersion | None = None
    no_contract_because: str = ""
    duplicate_checked: bool = False
    repeat_after_capa: bool = False
    dscr: str = ""
    grade: str = ""
    override_reason: str = ""
    facts: dict[str, Any] = field(default_factory=dict)  # what intake left open, by field name


@transaction.atomic
def edit_facts(
    complaint: Complaint, *, by: User, at: datetime, expected: int | None = None, **changes: Any
) -> Complaint:
    """
    Change facts of the case; only the names in EDITABLE. Raises Refused for an ended case, or if it is no longer at
    version `expected`; KeyError for other names.

    A change of danger or stoppage re-targets ACK and TRIAGE while the case is not graded.
    """
    complaint = lifecycle.hold(complaint, by=by, at=at, permission="case.edit", states=OPEN)
    if expected is not None and complaint.version != expected:
        raise lifecycle.Refused(reason("changed_meanwhile"))
    urgent = complaint.urgent
    changed = apply_facts(complaint, changes)
    if not changed:
        return complaint
    complaint.save()
    if complaint.urgent != urgent and not complaint.grade:
        clocks.retarget(complaint, at=at, by=by)
    facts = {"fields": sorted(changed)}
    private = {name: f"{old} → {new}" for name, (old, new) in changed.items()}
    audit.record("case", complaint.uuid, "case.facts_changed", by=by, at=at, facts=facts, private=private)
    assessing.recheck(complaint, at=at)
    return complaint


def apply_facts(complaint: Complaint, changes: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Set the fields on the instance; return name → (old, new) of those that differ. Raises Refused."""
    if unknown := changes.keys() - EDITABLE:
        raise KeyError(f"not editable: {sorted(unknown)}")
    changed = {}
    for name, new in changes.items():
        old = getattr(complaint, name)
        new = lifecycle.title_of(new, complaint.description) if name == "title" else new
        if old != new:
            setattr(complaint, name, new)
            changed[name] = (old, new)
    problems = guards.found_when(complaint) if "found_on" in changed else []
    if changed.keys() & {"quantity_affected", "quantity_delivered"}:
        problems += guards.quantities(complaint)
    if problems:
        raise lifecycle.Refused(*problems)
    return changed


@transaction.atomic
def assign(
    complaint: Complaint, *, by: User, at: datetime, owner: User, department: Department | None = None
) -> Complaint:
    """Hand the case to `owner`."""
    complaint = lifecycle.hold(complaint, by=by, at=at, permission="case.assign")
    before = complaint.owner_id
    complaint.owner = owner
    complaint.department = department or complaint.department
    complaint.save()
    audit.record("case", complaint.uuid, "case.assigned", by=by, at=at, facts={"from": before, "to": owner.pk})
    return complaint


def owner_away(complaint: Complaint, at: datetime) -> Absence | None:
    """Return the absence of the owner that holds at that moment."""
    away = Absence.objects.covering(at).select_related("person", "deputy")
    return away.filter(person=complaint.owner).first() if complaint.owner_id else None


def apply_triage(complaint: Complaint, triage: Triage, *, by: User, at: datetime) -> Grading:
    """Write what triage decides on the locked instance and keep the grading; the caller moves and saves."""
    apply_facts(complaint, triage.facts)
    complaint.owner, complaint.department = triage.owner, triage.department
    complaint.nonconformity = list(triage.nonconformity) or complaint.nonconformity
    if triage.contract_version:
        complaint.contract_version = triage.contract_version
        complaint.contract = triage.contract_version.contract
    complaint.no_contract_because = triage.no_contract_because or complaint.no_contract_because
    if triage.duplicate_checked:
        complaint.duplicate_checked_at = at
    return _grade(complaint, triage, by=by, at=at)


@transaction.atomic
def regrade(complaint: Complaint, *, by: User, at: datetime, triage: Triage, reason: str) -> Complaint:
    """Change the grade mid-way, with a reason; every clock is re-targeted, breaches stay (DOMAIN §3.5)."""
    complaint = lifecycle.hold(complaint, by=by, at=at, permission="case.regrade", states=OPEN)
    if not complaint.grade:
        raise lifecycle.Refused(_refusal("grade_missing"))
    if not reason.strip():
        raise lifecycle.Refused(_refusal("reason_missing"))
    before = complaint.grade
    grading_row = _grade(complaint, triage, by=by, at=at, why=reason)
    complaint.save()
    clock_moves.regraded(complaint, at=at, by=by)
    facts = {"from": before, "to": complaint.grade, "score": grading_row.score}
    audit.record("case", complaint.uuid, "case.regraded", by=by, at=at, facts=facts, private={"reason": reason})
    return complaint


def _scores(triage: Triage) -> grading.Scores:
    return grading.Scores(triage.consequence, triage.extent, triage.customer_impact, triage.recurrence)


def _circumstances(complaint: Complaint, triage: Triage) -> grading.Circumstances:
    return grade_facts.circumstances(complaint, repeat_after_capa=triage.repeat_after_capa, dscr=triage.dscr)


def _grade(complaint: Complaint, triage: Triage, *, by: User, at: datetime, why: str = "") -> Grading:
    version = grade_rules.in_force(company_date(at))
    rules, facts = grade_rules.table_of(version), _circumstances(complaint, triage)
    result = grading.grade(_scores(triage), facts, rules)
    grade = triage.grade or result.grade
    _check_override(complaint, result, grade, triage.override_reason, by, rules)
    former = complaint.gradings.filter(cycle__lt=complaint.cycle).order_by("-at").first()
    if former and grading.graver(former.grade, grade):
        raise lifecycle.Refused(_refusal("reopened_grade_lower", grade=former.grade))
    complaint.grade = grade
    complaint.major_issue = complaint.major_issue or grade == "G1"
    return Grading.objects.create(
        complaint=complaint, cycle=complaint.cycle, consequence=triage.consequence, extent=triage.extent,
        customer_impact=triage.customer_impact, recurrence=triage.recurrence, score=result.score,
        computed=result.grade, floors=[code for code, _ in result.floors], facts=asdict(facts), rules=version,
        grade=grade, override_reason=triage.override_reason if grade != result.grade else "", reason=why, by=by, at=at,
    )  # fmt: skip


def _check_override(
    complaint: Complaint, result: grading.Result, grade: str, why: str, by: User, rules: grading.Rules
) -> None:
    """Upward and downward by the roles of the table, with a reason; below a floor with Legal too (DOMAIN §4.1)."""
    if grade == result.grade:
        return
    if not why.strip():
        raise lifecycle.Refused(_refusal("override_reason_missing", computed=result.grade))
    upward = grading.graver(grade, result.grade)
    floors = [] if upward else [floor for _, floor in result.floors if grading.graver(floor, grade)]
    if floors:
        legal = complaint.signoffs.filter(cycle=complaint.cycle, move="below_floor", role=Role.LEG).exists()
        if not (by.roles & set(rules.below_floor) and legal):
            raise lifecycle.Refused(
                _refusal("below_floor", floor=grading.gravest(*floors), roles=list(rules.below_floor))
            )
    elif not by.roles & set(rules.upward if upward else rules.downward):
        may = rules.upward if upward else rules.downward
        raise lifecycle.Refused(_refusal("override_not_yours", computed=result.grade, roles=list(may)))


_refusal = reason
