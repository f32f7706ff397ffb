"""The demo's case that touches the money of its project: two versions of its impact, the second after the repair plan."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from accounts.models import User
from complaints import impacts
from complaints.models import Complaint
from contracts.finance import Damages, Name, Recovery, Scenario

D = Decimal
NOTES = {
    "zh": ("首次估算：备用齿轮箱未确认。", "备用齿轮箱已确认，维修期缩短；供应商承担 60% 维修费。"),
    "en": (
        "First estimate: the spare gearbox is not confirmed.",
        "The spare gearbox is confirmed, the repair shorter.",
    ),
}
# probability, days of the repair, cost this month and next, open claims, lost margin, taken from the first periods
FIRST = {
    Name.BEST: ("0.25", 30, ("400000", "0"), "300000", "0", ("600000", "0")),
    Name.LIKELY: ("0.50", 57, ("1200000", "600000"), "1850000.50", "0", ("1900000", "300000")),
    Name.WORST: ("0.25", 110, ("3000000", "2000000"), "3200000", "500000", ("3200000", "1200000")),
}  # fmt: skip
SECOND = {
    Name.BEST: ("0.35", 12, ("400000", "0"), "300000", "0", ("400000", "0")),
    Name.LIKELY: ("0.50", 47, ("1100000", "500000"), "1650000", "0", ("1500000", "200000")),
    Name.WORST: ("0.15", 95, ("2600000", "1800000"), "2900000", "400000", ("2900000", "900000")),
}  # fmt: skip


def assess(case: Complaint, *, by: User, at: datetime, again_at: datetime, language: str) -> None:
    """Reckon the impact twice on a case whose project has payments, a cash plan and a loan; else do nothing."""
    project = case.project
    if project is None or impacts.gaps(case, by) or not project.payments.exists():
        return
    first, second = NOTES[language]
    recovery = Recovery(D(60), "LD", D("500000"))
    impacts.assess_impact(case, by=by, at=at, asked=_asked(case, FIRST, at, Recovery()), reputation=3, note=first)
    again = _asked(case, SECOND, again_at, recovery)
    impacts.assess_impact(case, by=by, at=again_at, asked=again, reputation=3, note=second)


def _asked(case: Complaint, scenarios: dict[Name, Any], at: datetime, recovery: Recovery) -> impacts.Asked:
    project: Any = case.project
    contract: Any = case.contract
    every = list(case.contract_version.clauses.all()) if case.contract_version else []
    retention = next((one for one in every if one.type == "RETENTION"), None)
    late = next((one for one in every if one.terms.get("late") == "LATE_COMMISSIONING"), None)
    return impacts.Asked(
        milestone=project.milestones.get(name="M3 Commissioning"), waiting=tuple(project.payments.filter(paid_on=None)),
        facility=project.facilities.first(), retention_pct=D(5), retention_clause=_cited(retention),
        damages=Damages(
            base=contract.price.amount, rate_pct_per_day=D("0.05"), cap_pct=D(10), clause=_cited(late),
        ),
        recovery=recovery, scenarios=tuple(_scenario(name, at.date(), *said) for name, said in scenarios.items()),
    )  # fmt: skip


def _cited(clause: Any) -> str:
    return f"§{clause.number}" if clause else ""


def _scenario(
    name: Name, today: date, p: str, days: int, remedy: tuple[str, str], claims: str, margin: str, lost: tuple[str, str]
) -> Scenario:
    months = [day.isoformat()[:7] for day in (today, today.replace(day=1) + timedelta(days=32))]
    return Scenario(
        name=name, p=D(p), quality_delay_days=days, open_claims=D(claims), lost_margin=D(margin),
        remedy_by_month={month: D(cost) for month, cost in zip(months, remedy, strict=True) if D(cost)},
        impact=(*map(D, lost), *(D(0),) * 4),
    )  # fmt: skip
