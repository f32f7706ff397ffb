"""The money of the demo's project in Zhangbei: payments, cash plan, a loan with three covenants."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from accounts.models import Organisation, User
from contracts import projects
from contracts.amounts import Money
from contracts.models import CashPlan, Covenant, Facility, PaymentItem, Project
from contracts.projects import Period

CLAUSE = "§9.1"  # of the contract (demo/huaneng.py)
LOAN = "NDB 2025-07"  # the loan agreement, whose clauses are named with it
# milestone, share at risk of its payment, days from the milestone to the cash by clause 9.1
STEPS = (
    ("M1 Order", "100", 15),
    ("M2 Delivery", "100", 30),
    ("M3 Commissioning", "100", 30),
    ("M4 Final acceptance", "75", 30),
)
CFADS = ("14200000", "14600000", "15000000", "15400000", "15800000", "16000000")
SERVICE = "11000000"
COVENANTS = (
    (Covenant.Kind.DSCR, "1.20", "1.05", None, 30, f"{LOAN} §21.3 a"),
    (Covenant.Kind.LOOK_BACK, "1.20", "1.10", 2, None, f"{LOAN} §21.3 b"),
    (Covenant.Kind.LLCR, "1.30", "1.15", None, None, f"{LOAN} §21.3 c"),
)


def load(project: Project, lender: Organisation, *, keeper: User, at: datetime, today: date) -> None:
    """Enter what the project lacks of it; nothing where it has payments already. keeper: of Finance (fay)."""
    if project.payments.exists():
        return
    _payments(project, keeper, at, today)
    facts: dict[str, Any] = {"starts_on": today, "months": 9, "funding_rate_pct": Decimal("6.5"), "basis": "ACT/360"}
    plan = CashPlan(project=project, **facts)
    sums = {"opening": "20000000", "monthly_cost": "3000000", "minimum_cash": "1000000"}
    projects.keep(plan, sums=_sums(project, sums), by=keeper, at=at)
    _loan(project, lender, keeper, at, today)


def _payments(project: Project, keeper: User, at: datetime, today: date) -> None:
    for name, share, days in STEPS:
        step = project.milestones.get(name=name)
        due = step.planned_on + timedelta(days=days)
        facts: dict[str, Any] = {
            "name": step.name, "name_zh": step.name_zh, "due_on": due, "clause": CLAUSE, "share_pct": Decimal(share),
            "paid_on": due if due < today else None,
        }  # fmt: skip
        item = PaymentItem(project=project, milestone=step, **facts)
        projects.keep(item, sums={"amount": step.payment}, by=keeper, at=max(at, _noon(at, today)))


def _noon(at: datetime, today: date) -> datetime:
    """Return noon of today: payments that have come are entered as such today."""
    return at.replace(year=today.year, month=today.month, day=today.day, hour=4)


def _loan(project: Project, lender: Organisation, keeper: User, at: datetime, today: date) -> None:
    facts: dict[str, Any] = {
        "name": "Term loan NDB 2025-07", "name_zh": "北方开发银行定期贷款 2025-07", "rate_pct": Decimal("5.2"),
        "basis": "ACT/360", "period_rate_pct": Decimal("2.6"), "clause": f"{LOAN} §8.1", "notice_clause": f"{LOAN} §22.5",
        "notice_workdays": 5, "asks_from_payments_pct": Decimal(5), "asks_from_cap_pct": Decimal(50),
    }  # fmt: skip
    facility = Facility(project=project, lender=lender, **facts)
    sums = {"amount": "80000000", "drawn": "58000000", "outstanding": "58000000", "reserve": "0"}
    service = Money(Decimal(SERVICE), project.currency)
    periods = [
        Period(ends_on, Money(Decimal(cash), project.currency), service)
        for ends_on, cash in zip(_halves(today, len(CFADS)), CFADS, strict=True)
    ]
    projects.keep(facility, sums=_sums(project, sums), periods=periods, by=keeper, at=at)
    for kind, lock_up, default, back, days, clause in COVENANTS:
        asked: dict[str, Any] = {"kind": kind, "lock_up": Decimal(lock_up), "default": Decimal(default)}
        covenant = Covenant(facility=facility, periods=back, cure_days=days, clause=clause, **asked)
        projects.keep(covenant, by=keeper, at=at)


def _halves(today: date, count: int) -> list[date]:
    """Return the next ends of half-years that are three weeks away or more."""
    ends = [day for year in range(today.year, today.year + 6) for day in (date(year, 6, 30), date(year, 12, 31))]
    return [day for day in ends if day >= today + timedelta(days=21)][:count]


def _sums(project: Project, amounts: dict[str, str]) -> dict[str, Money]:
    return {name: Money(Decimal(amount), project.currency) for name, amount in amounts.items()}
