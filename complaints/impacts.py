"""
What a problem does to the money of its project, in three scenarios: reckoned, kept with all that it came from.

The rules are `contracts.finance`; here they meet the case and the project as it stands on the day. Every version keeps
its inputs, the project's data as used included, and its result, so that it works out again whatever changes later.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

import audit
from complaints import lifecycle, reporting
from complaints.gates import Reason, reason
from complaints.models.assessments import FinanceImpact
from complaints.models.states import OPEN
from contracts import finance, project_facts
from contracts.amounts import Money
from contracts.finance import Damages, Name, Recovery, Scenario, Unreckonable, record
from contracts.models import CashPlan, Covenant, Facility, LoanPeriod, Milestone, PaymentItem

if TYPE_CHECKING:
    from accounts.models import User
    from complaints.models import Complaint

RIGHT = "finance.assess"


@dataclass(frozen=True, kw_only=True)
class Asked:
    """
    What Finance says of the case beside what the project's rows say.

    waiting: the payments that wait for the case.  facility: the loan that is looked at, if any.  Clauses are cited as
    they are written here.
    """

    milestone: Milestone
    waiting: Sequence[PaymentItem] = ()
    facility: Facility | None = None
    damages: Damages = field(default_factory=lambda: Damages(base=Decimal(0), rate_pct_per_day=Decimal(0)))
    retention_pct: Decimal = Decimal(0)
    retention_clause: str = ""
    recovery: Recovery = field(default_factory=Recovery)
    scenarios: Sequence[Scenario] = ()


@transaction.atomic
def assess_impact(
    complaint: Complaint, *, by: User, at: datetime, asked: Asked, reputation: int, note: str,
    lender: bool | None = None, lender_reason: str = "",
) -> FinanceImpact:  # fmt: skip
    """
    Reckon the impact in three scenarios and keep it as a new version; the likely one gives the figures of the case.

    lender: whether the lender must be told; None: as the test says. Deciding otherwise needs a reason.

    Raises Refused: what `gaps` returns, lender_reason_missing, impact_unreckonable.
    """
    complaint = lifecycle.hold(complaint, by=by, at=at, permission=RIGHT, states=OPEN)
    if found := gaps(complaint, by):
        raise lifecycle.Refused(*found)
    try:
        inputs = facts(complaint, asked, at=at)
        result = reckon(inputs)
    except Unreckonable as error:
        raise lifecycle.Refused(reason("impact_unreckonable", field=error.field, why=error.code)) from error
    likely = result["scenarios"][Name.LIKELY]
    material = likely["lender"]["material"] if lender is None else lender
    if material != likely["lender"]["material"] and not lender_reason.strip():
        raise lifecycle.Refused(reason("lender_reason_missing"))
    impact = _row(complaint, inputs, result)
    impact.reputation, impact.note = reputation, note
    impact.lender_material, impact.lender_reason = material, lender_reason.strip()
    workdays = asked.facility.notice_workdays if asked.facility else None
    return keep(complaint, impact, by=by, at=at, workdays=workdays)


def keep(
    complaint: Complaint, impact: FinanceImpact, *, by: User, at: datetime, workdays: int | None = None
) -> FinanceImpact:
    """
    Keep an assessment as the next version of a case that is held; return it.

    The case counts as material for the lender as this version says, and where it does, the lender's clock starts.
    workdays: within how many the facility wants the notice; None: the clock's own target.
    """
    impact.complaint, impact.cycle, impact.by, impact.at = complaint, complaint.cycle, by, at
    impact.number = complaint.finance_impacts.filter(cycle=complaint.cycle).count() + 1
    impact.save()
    if complaint.lender_material != impact.lender_material:
        complaint.lender_material = impact.lender_material
        complaint.save()
    if impact.lender_material:
        reporting.found_material(complaint, by=by, at=at, workdays=workdays)
    facts: dict[str, Any] = {
        "number": impact.number,
        "delay_days": impact.delay_days,
        "lender_material": impact.lender_material,
    }
    if impact.is_reckoned:
        facts |= {"project": impact.project_id, "lender_test": impact.lender_test}
    audit.record("case", complaint.uuid, "diagnosis.finance_assessed", by=by, at=at, facts=facts)
    return impact


def gaps(complaint: Complaint, _user: User) -> list[Reason]:
    """Return what case and project lack for an impact in three scenarios."""
    project, contract = complaint.project, complaint.contract
    if project is None:
        return [reason("impact_project_missing")]
    found = []
    if contract is None or contract.price is None:
        found.append(reason("impact_price_missing"))
    elif contract.currency != project.currency:
        found.append(reason("impact_other_currency", contract=contract.currency, project=project.currency))
    if not project.milestones.exists():
        found.append(reason("impact_milestone_missing", project=project.code))
    if not CashPlan.objects.filter(project=project).exists():
        found.append(reason("impact_plan_missing", project=project.code))
    return found


def facts(complaint: Complaint, asked: Asked, *, at: datetime) -> record.Data:
    """
    Return the inputs of an impact as they are kept: the project as it stands now, and what was said of the case.

    The case has no `gaps`. Raises Unreckonable for covenant levels out of order.
    """
    project, contract = complaint.project, complaint.contract
    assert project is not None
    assert contract is not None
    assert contract.price is not None
    rows = list(project.payments.order_by("due_on", "pk"))
    facilities = list(project.facilities.prefetch_related("periods"))
    pure = finance.Project(
        currency=project.currency, contract_price=contract.price.amount, milestone=asked.milestone.planned_on,
        total_float_days=asked.milestone.float_days, damages=asked.damages,
        payments=project_facts.payments_of(rows, {row.pk for row in asked.waiting}),
        payments_clause=_clauses(asked.waiting), funding_rate_pct=project.cash_plan.funding_rate_pct,
        basis=project.cash_plan.basis, retention_pct=asked.retention_pct, retention_clause=asked.retention_clause,
        plan=project_facts.plan_of(project.cash_plan, facilities), loan=_loan(asked.facility),
        recovery=asked.recovery, test=project_facts.lender_test_of(asked.facility),
    )  # fmt: skip
    about = {
        "as_of": timezone.localdate(at), "project": project.code, "contract": contract.number,
        "milestone": _names(asked.milestone), "facility": _names(asked.facility) if asked.facility else None,
        "waiting": [row.pk for row in asked.waiting], "milestone_id": asked.milestone.pk,
        "facility_id": asked.facility.pk if asked.facility else None,
        "names": {row.name: row.name_zh for row in rows if row.name_zh},
    }  # fmt: skip
    return record.inputs(pure, asked.scenarios, complaint.grade or "") | {"about": record.plain(about)}


def reckon(inputs: record.Data) -> record.Data:
    """Return the result of inputs that are to be kept. Raises Unreckonable, also for a best case above the worst."""
    result = record.reckon(inputs)
    best, worst = (result["scenarios"][name] for name in (Name.BEST, Name.WORST))
    if best["delay"]["days"] > worst["delay"]["days"]:
        raise Unreckonable("quality_delay_days", "best_later", best=best["delay"]["days"], worst=worst["delay"]["days"])
    sums = [Decimal(one["exposure"]["net"]) for one in (best, worst)]
    if sums[0] > sums[1]:
        raise Unreckonable("scenarios", "best_dearer", best=sums[0], worst=sums[1], currency=result["currency"])
    return result


def again(impact: FinanceImpact) -> bool:
    """Tell whether the kept inputs still give the kept result, byte for byte."""
    return record.canonical(record.reckon(json.loads(impact.inputs))) == impact.result


def _row(complaint: Complaint, inputs: record.Data, result: record.Data) -> FinanceImpact:
    """Return the unsaved version with the figures of the likely scenario."""
    likely, currency = result["scenarios"][Name.LIKELY], result["currency"]
    impact = FinanceImpact(
        currency=currency, project=complaint.project, delay_days=likely["delay"]["days"],
        lender_test=likely["lender"]["material"], inputs=record.canonical(inputs), result=record.canonical(result),
    )  # fmt: skip
    impact.payments_at_risk = Money(Decimal(likely["payments"]["at_risk"]), currency)
    impact.retention_at_risk = Money(Decimal(likely["retention"]["at_risk"]), currency)
    impact.remedy_cost = Money(Decimal(likely["exposure"]["heads"]["REMEDY"]), currency)
    return impact


def _loan(facility: Facility | None) -> finance.Loan | None:
    if facility is None:
        return None
    periods = list(LoanPeriod.objects.filter(facility=facility).order_by("ends_on"))
    return project_facts.loan_of(facility, periods, list(Covenant.objects.filter(facility=facility)))


def _clauses(rows: Iterable[PaymentItem]) -> str:
    return "; ".join(dict.fromkeys(row.clause for row in rows if row.clause))


def _names(row: Any) -> dict[str, str]:
    return {"name": row.name, "name_zh": row.name_zh}


def covenant_after(complaint: Complaint) -> str:
    """
    Return the gravest state that the latest impact forecasts for the loan: "DEFAULT", "LOCK_UP" or "" (DOMAIN §4.1 O5).

    The likely scenario, tested periods only; "" too where no impact was reckoned in this cycle.
    """
    latest = complaint.finance_impacts.filter(cycle=complaint.cycle).order_by("-number").only("result").first()
    if latest is None or not latest.result:
        return ""
    loan = json.loads(latest.result)["scenarios"][Name.LIKELY]["loan"]
    states = {one["after"]["state"] for one in loan["periods"] if one["tested"]} if loan else set()
    return next((state for state in ("DEFAULT", "LOCK_UP") if state in states), "")
