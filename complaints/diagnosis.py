"""Verbs of the diagnosis: statement, causes with proof, attribution, entitlement, finance impact (DOMAIN §5, §12)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import transaction

import audit
from complaints import assessing, cause_trees, impacts, lifecycle, look_alikes, tracing
from complaints.gates import reason
from complaints.models import (
    Attribution,
    AttributionShare,
    CauseExemption,
    CauseNode,
    Complaint,
    DefectStatement,
    EntitlementAssessment,
    FinanceImpact,
    RootCause,
)
from complaints.models.states import OPEN
from complaints.reasoning import only_blames_people

if TYPE_CHECKING:
    from accounts.models import Organisation, User
    from contracts.models import Clause
    from contracts.money import Money

DIAGNOSIS_STATES = cause_trees.DIAGNOSIS_STATES


@transaction.atomic
def state_defect(complaint: Complaint, *, by: User, at: datetime, sentence: str, **parts: Any) -> DefectStatement:
    """Write or rewrite the defect statement of this cycle: sentence, conditions, reproduced, grid."""
    complaint = lifecycle.hold(complaint, by=by, at=at, permission="diagnosis.record", states=OPEN)
    statement = complaint.defect_statements.select_for_update().filter(cycle=complaint.cycle).first()
    if statement is None:
        statement = DefectStatement(complaint=complaint, cycle=complaint.cycle, version=0)
    statement.sentence, statement.written_by, statement.written_at = sentence, by, at
    for name in ("conditions", "reproduced", "grid"):
        setattr(statement, name, parts.get(name, getattr(statement, name)))
    statement.version += 1
    statement.save()
    look_alikes.keep(complaint, statement.sentence, statement.conditions)
    facts = {"version": statement.version}
    audit.record(
        "case", complaint.uuid, "diagnosis.defect_stated", by=by, at=at, facts=facts, private={"sentence": sentence}
    )
    return statement


@transaction.atomic
def finish_extent(complaint: Complaint, *, by: User, at: datetime) -> DefectStatement:
    """
    Declare the extent final. Raises Refused without a statement, without affected goods, or with goods of their lots
    that nobody decided about.
    """
    complaint = lifecycle.hold(complaint, by=by, at=at, permission="diagnosis.record", states=OPEN)
    statement = complaint.defect_statements.select_for_update().filter(cycle=complaint.cycle).first()
    if statement is None:
        raise lifecycle.Refused(reason("defect_statement_missing"))
    if not complaint.affected_items.exists():
        raise lifecycle.Refused(reason("extent_empty"))
    if tracing.open_shipments(complaint).exists():
        raise lifecycle.Refused(reason("goods_untraced"))
    statement.extent_final_at, statement.extent_final_by = at, by
    statement.save()
    totals = [item.total for item in complaint.affected_items.all()]
    audit.record("case", complaint.uuid, "diagnosis.extent_final", by=by, at=at, facts={"total": sum(totals)})
    return statement


@transaction.atomic
def ask_why(
    complaint: Complaint, *, by: User, at: datetime, leg: str, text: str, parent: CauseNode | None = None, **parts: Any
) -> CauseNode:
    """Add an answer to "why?" under `parent` (None: the problem itself). parts: tool, test, evidence, result."""
    complaint = lifecycle.hold(complaint, by=by, at=at, permission="diagnosis.record", states=DIAGNOSIS_STATES)
    position = cause_trees.room_below(complaint, leg, parent)
    node = CauseNode.objects.create(
        complaint=complaint, cycle=complaint.cycle, leg=leg, text=text, parent=parent, position=position,
        by=by, at=at, **parts,
    )  # fmt: skip
    cause_trees.touched(complaint, leg, by=by, at=at)
    facts = {"node": node.pk, "leg": leg, "result": node.result}
    audit.record("case", complaint.uuid, "diagnosis.why_asked", by=by, at=at, facts=facts, private={"text": text})
    return node


@transaction.atomic
def judge_why(node: CauseNode, *, by: User, at: datetime, result: str, evidence: str = "", test: str = "") -> CauseNode:
    """Confirm or rule out a node, with its evidence. Raises Refused if it was removed meanwhile."""
    complaint = lifecycle.hold(node.complaint, by=by, at=at, permission="diagnosis.record", states=DIAGNOSIS_STATES)
    node = CauseNode.objects.select_for_update().get(pk=node.pk)
    if node.removed_at:
        raise lifecycle.Refused(reason("changed_meanwhile"))
    node.result, node.evidence, node.test = result, evidence or node.evidence, test or node.test
    node.save()
    cause_trees.touched(complaint, cause_trees.part_of(node), by=by, at=at)
    facts = {"node": node.pk, "result": result}
    audit.record("case", complaint.uuid, "diagnosis.why_judged", by=by, at=at, facts=facts)
    return node


@transaction.atomic
def record_cause(
    complaint: Complaint, *, by: User, at: datetime, leg: str, code: str, text: str, node: CauseNode | None = None
) -> RootCause:
    """
    Record a coded root cause for one leg. An escape cause is coded DET or UNK, others anything but DET.

    Raises Refused for "operator error" alone: the process allowed it (DOMAIN §5.2); for what the leg names already; and
    for an answer to stand on that is ruled out or belongs to another leg.
    """
    complaint = lifecycle.hold(complaint, by=by, at=at, permission="diagnosis.record", states=DIAGNOSIS_STATES)
    if (leg == "ESCAPE") != (code == "DET") and code != "UNK":
        raise lifecycle.Refused(reason("cause_code_does_not_fit"))
    if only_blames_people(text):
        raise lifecycle.Refused(reason("operator_error"))
    named = complaint.root_causes.filter(cycle=complaint.cycle, leg=leg, withdrawn_at=None)
    if _plain(text) in {_plain(before) for before in named.values_list("text", flat=True)}:
        raise lifecycle.Refused(reason("cause_twice", text=text.strip()))
    if node is not None:
        node = CauseNode.objects.select_for_update().get(pk=node.pk)
        if node.removed_at or node.leg != leg or node.result == CauseNode.Result.EXCLUDED:
            raise lifecycle.Refused(reason("cause_on_other_answer", text=node.text))
    cause = RootCause.objects.create(
        complaint=complaint, cycle=complaint.cycle, leg=leg, code=code, text=text, node=node,
        recorded_by=by, recorded_at=at,
    )  # fmt: skip
    facts = {"cause": cause.pk, "leg": leg, "code": code}
    audit.record("case", complaint.uuid, "diagnosis.cause_recorded", by=by, at=at, facts=facts, private={"text": text})
    return cause


def _plain(text: str) -> str:
    return " ".join(text.lower().split()).rstrip(".。 ")


@transaction.atomic
def verify_cause(
    cause: RootCause, *, by: User, at: datetime, method: str, result: str, prediction: str = ""
) -> RootCause:
    """Record the proof of a cause: method and result are required (DOMAIN §5.4)."""
    complaint = lifecycle.hold(cause.complaint, by=by, at=at, permission="diagnosis.record", states=DIAGNOSIS_STATES)
    if not (method.strip() and result.strip()):
        raise lifecycle.Refused(reason("proof_missing"))
    cause = RootCause.objects.select_for_update().get(pk=cause.pk)
    cause.method, cause.result, cause.prediction = method, result, prediction
    cause.verified_by, cause.verified_at = by, at
    cause.save()
    facts = {"cause": cause.pk, "leg": cause.leg, "code": cause.code}
    audit.record("case", complaint.uuid, "diagnosis.cause_verified", by=by, at=at, facts=facts)
    return cause


@transaction.atomic
def withdraw_cause(cause: RootCause, *, by: User, at: datetime, why: str) -> RootCause:
    """Take a recorded cause back; it stays in the record."""
    complaint = lifecycle.hold(cause.complaint, by=by, at=at, permission="diagnosis.record", states=DIAGNOSIS_STATES)
    cause = RootCause.objects.select_for_update().get(pk=cause.pk)
    cause.withdrawn_at = cause.withdrawn_at or at
    cause.save()
    audit.record(
        "case",
        complaint.uuid,
        "diagnosis.cause_withdrawn",
        by=by,
        at=at,
        facts={"cause": cause.pk},
        private={"why": why},
    )
    return cause


@transaction.atomic
def exempt(complaint: Complaint, *, by: User, at: datetime, leg: str, because: str) -> CauseExemption:
    """Exempt one leg from naming a cause, with the reason."""
    complaint = lifecycle.hold(complaint, by=by, at=at, permission="diagnosis.exempt", states=DIAGNOSIS_STATES)
    if not because.strip():
        raise lifecycle.Refused(reason("reason_missing"))
    row, _ = CauseExemption.objects.update_or_create(
        complaint=complaint, cycle=complaint.cycle, leg=leg, defaults={"because": because, "by": by, "at": at}
    )
    audit.record(
        "case", complaint.uuid, "diagnosis.exempted", by=by, at=at, facts={"leg": leg}, private={"because": because}
    )
    return row


@transaction.atomic
def attribute(
    complaint: Complaint,
    *,
    by: User,
    at: datetime,
    shares: Iterable[tuple[str, Decimal, str, Organisation | None]],
) -> Attribution:
    """
    Propose who bears which share of the cause, as a new version.

    shares: (party code, percent with at most two decimals, reason, supplier or None). Raises Refused unless they sum
    to exactly 100.
    """
    complaint = lifecycle.hold(complaint, by=by, at=at, permission="diagnosis.record", states=DIAGNOSIS_STATES)
    rows = list(shares)
    points = [_basis_points(percent) for _, percent, _, _ in rows]
    if sum(points) != 10000:
        raise lifecycle.Refused(reason("attribution_sum", sum=f"{sum(points) // 100}.{sum(points) % 100:02d}"))
    number = complaint.attributions.filter(cycle=complaint.cycle).count() + 1
    version = Attribution.objects.create(
        complaint=complaint, cycle=complaint.cycle, number=number, proposed_by=by, proposed_at=at
    )
    for (party, _, because, supplier), share in zip(rows, points, strict=True):
        AttributionShare.objects.create(
            attribution=version, party=party, supplier=supplier, basis_points=share, because=because
        )
    facts = {"number": number, "shares": [[party, share] for (party, *_), share in zip(rows, points, strict=True)]}
    audit.record("case", complaint.uuid, "diagnosis.attributed", by=by, at=at, facts=facts)
    return version


def _basis_points(percent: Decimal) -> int:
    exact = percent * 100
    if exact != exact.to_integral_value() or not 0 <= exact <= 10000:
        raise lifecycle.Refused(reason("attribution_share_form"))
    return int(exact)


@transaction.atomic
def approve_attribution(version: Attribution, *, by: User, at: datetime) -> Attribution:
    """Approve the shares; not by who proposed them."""
    complaint = lifecycle.hold(version.complaint, by=by, at=at, permission="diagnosis.approve_attribution")
    version = Attribution.objects.select_for_update().get(pk=version.pk)
    if version.proposed_by_id == by.pk:
        raise lifecycle.Refused(reason("same_person", name=by.name))
    if version.approved_by_id is None:
        version.approved_by, version.approved_at = by, at
        version.save()
        facts = {"number": version.number}
        audit.record("case", complaint.uuid, "diagnosis.attribution_approved", by=by, at=at, facts=facts)
        assessing.recheck(complaint, at=at)
    return version


@transaction.atomic
def assess_entitlement(
    complaint: Complaint, *, by: User, at: datetime, status: str, reasoning: str, clauses: Iterable[Clause] = (),
    heads: Iterable[dict[str, str]] = (),
) -> EntitlementAssessment:  # fmt: skip
    """Record Legal's judgement of what the contract grants, as a new version, citing clauses."""
    complaint = lifecycle.hold(complaint, by=by, at=at, permission="entitlement.assess", states=OPEN)
    number = complaint.entitlements.filter(cycle=complaint.cycle).count() + 1
    assessment = EntitlementAssessment.objects.create(
        complaint=complaint, cycle=complaint.cycle, number=number, contract_version=complaint.contract_version,
        status=status, heads=list(heads), reasoning=reasoning, by=by, at=at,
    )  # fmt: skip
    assessment.clauses.set(clauses)
    facts = {"number": number, "status": status, "clauses": [clause.pk for clause in clauses]}
    audit.record("case", complaint.uuid, "diagnosis.entitlement_assessed", by=by, at=at, facts=facts)
    return assessment


@transaction.atomic
def assess_finance(
    complaint: Complaint, *, by: User, at: datetime, delay_days: int, payments_at_risk: Money, retention_at_risk: Money,
    remedy_cost: Money, reputation: int, lender_material: bool, note: str,
) -> FinanceImpact:  # fmt: skip
    """Record what the problem does to dates and cash, as a new version; all amounts in one currency."""
    complaint = lifecycle.hold(complaint, by=by, at=at, permission="finance.assess", states=OPEN)
    if len({money.currency for money in (payments_at_risk, retention_at_risk, remedy_cost)}) != 1:
        raise lifecycle.Refused(reason("one_currency"))
    impact = FinanceImpact(
        currency=remedy_cost.currency, delay_days=delay_days, reputation=reputation, lender_material=lender_material,
        note=note,
    )  # fmt: skip
    impact.payments_at_risk, impact.retention_at_risk, impact.remedy_cost = (
        payments_at_risk, retention_at_risk, remedy_cost,
    )  # fmt: skip
    return impacts.keep(complaint, impact, by=by, at=at)
