"""A project's rows as the pure rules of `contracts.finance` take them."""

from collections.abc import Collection
from datetime import date
from decimal import Decimal

from contracts.amounts import Money
from contracts.finance import Covenants, LenderTest, Levels, Loan, PaymentItem, Plan, cash_table, receipts_by_month
from contracts.finance.cash import CashPlan as Cash
from contracts.finance.cash import CashTable, month_of
from contracts.finance.working import percent_of, written
from contracts.models import CashPlan, Covenant, Facility, LoanPeriod, Milestone, Project
from contracts.models import PaymentItem as Row


def plan_of(plan: CashPlan, facilities: Collection[Facility]) -> Plan:
    """Return the plan month by month; debt service falls into the month in which its period ends."""
    service: dict[str, Decimal] = {}
    for period in (one for facility in facilities for one in facility.periods.all()):
        month = month_of(period.ends_on)
        if month in plan.month_names:
            service[month] = service.get(month, Decimal(0)) + period.debt_service.amount
    return Plan(
        months=tuple(plan.month_names), opening=plan.opening.amount, monthly_cost=plan.monthly_cost.amount,
        minimum_cash=plan.minimum_cash.amount, debt_service={month: paid for month, paid in service.items() if paid},
    )  # fmt: skip


def open_milestones(project: Project, on: date) -> list[Milestone]:
    """Return the milestones that are still ahead on a day, by their forecast, else by their plan; the next first."""
    rows = [(row.forecast_on or row.planned_on, row.pk, row) for row in project.milestones.all()]
    return [row for day, _pk, row in sorted(rows, key=lambda one: one[:2]) if day >= on]


def next_milestone(project: Project, on: date) -> Milestone | None:
    """Return the milestone whose float a delay uses up first; None if every one is reached."""
    return next(iter(open_milestones(project, on)), None)


def payments_of(rows: Collection[Row], waiting: Collection[int] = ()) -> list[PaymentItem]:
    """
    Return the payments; of those in `waiting` (their ids) the share at risk waits for the case.

    A payment of which only a share waits becomes two, named after their shares.
    """
    return [item for row in rows for item in _items(row, row.pk in waiting)]


def _items(row: Row, waits: bool) -> list[PaymentItem]:
    paid, whole = row.paid_on is not None, row.amount.amount
    share = Money(written(percent_of(row.share_pct, whole)), row.currency).rounded().amount
    if not waits or share in (0, whole):
        return [PaymentItem(row.name, whole, row.due_on, waits and bool(share), paid)]
    rest = 100 - row.share_pct
    return [
        PaymentItem(f"{row.name} · {row.share_pct:f} %", share, row.due_on, True, paid),
        PaymentItem(f"{row.name} · {rest:f} %", whole - share, row.due_on, False, paid),
    ]


def loan_of(facility: Facility, periods: Collection[LoanPeriod], covenants: Collection[Covenant]) -> Loan:
    """Return the facility with its periods in order and what it asks for."""
    asked = {covenant.kind: covenant for covenant in covenants}
    dscr, look_back, llcr = (asked.get(kind) for kind in Covenant.Kind)
    return Loan(
        drawn=facility.drawn.amount, rate_pct=facility.rate_pct, basis=facility.basis, clause=facility.clause,
        levels=_levels(dscr), periods=tuple(period.name for period in periods),
        cfads=tuple(period.cfads.amount for period in periods),
        debt_service=tuple(period.debt_service.amount for period in periods),
        covenants=Covenants(
            dscr_clause=dscr.clause if dscr else "", tested=_tested(dscr, periods),
            look_back=_levels(look_back), look_back_periods=(look_back.periods or 0) if look_back else 0,
            look_back_clause=look_back.clause if look_back else "", look_back_tested=_tested(look_back, periods),
            llcr=_levels(llcr), llcr_clause=llcr.clause if llcr else "", debt=facility.outstanding.amount,
            rate_pct_per_period=facility.period_rate_pct, reserve=facility.reserve.amount,
        ),
    )  # fmt: skip


def lender_test_of(facility: Facility | None) -> LenderTest:
    """Return from where on the lender is asked about: as the facility says, or as the house does."""
    if facility is None:
        return LenderTest()
    return LenderTest(facility.asks_from_days, facility.asks_from_payments_pct, facility.asks_from_cap_pct)


def baseline(project: Project, plan: CashPlan, rows: Collection[Row], facilities: Collection[Facility]) -> CashTable:
    """Return the cash table of the project without any problem."""
    facts = plan_of(plan, facilities)
    receipts = receipts_by_month([item for item in payments_of(rows) if not item.paid])
    return cash_table(
        Cash(
            months=facts.months, opening=facts.opening, monthly_cost=facts.monthly_cost,
            minimum_cash=facts.minimum_cash, receipts_baseline=receipts, receipts_revised=receipts,
            debt_service=facts.debt_service, remedy_cost={}, ld={},
        )
    )  # fmt: skip


def _levels(covenant: Covenant | None) -> Levels | None:
    return Levels(covenant.lock_up, covenant.default) if covenant else None


def _tested(covenant: Covenant | None, periods: Collection[LoanPeriod]) -> tuple[int, ...]:
    """Return the places of the periods at whose end the covenant is tested."""
    return tuple(place for place, period in enumerate(periods) if covenant and covenant.tests(period.ends_on))
