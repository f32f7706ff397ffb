"""The whole chain for one way it may go, and the three ways side by side (DOMAIN §12). PURE."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from contracts.finance.cash import CashPlan, CashTable, cash_table, month_of, receipts_by_month
from contracts.finance.cover import Dscr
from contracts.finance.delay import (
    ExtraInterest,
    MilestoneDelay,
    PaymentItem,
    PaymentsAtRisk,
    ProjectDelay,
    RetentionAtRisk,
    extra_interest,
    milestone_delay,
    payments_at_risk,
    project_delay,
    retention_at_risk,
)
from contracts.finance.exposure import (
    Chance,
    Expected,
    LenderMaterial,
    LenderTest,
    NetExposure,
    Recovery,
    expected_value,
    lender_material,
    net_exposure,
)
from contracts.finance.lending import Lending, Loan, lend
from contracts.finance.working import Number, Unreckonable, money, total, written


class Name(StrEnum):
    """The three ways that are compared."""

    BEST = "BEST"
    LIKELY = "LIKELY"
    WORST = "WORST"


@dataclass(frozen=True, kw_only=True)
class Damages:
    """The agreed damages for a late milestone, and whether the customer deducts them from what it pays."""

    base: Decimal
    rate_pct_per_day: Decimal
    cap_pct: Decimal | None = None
    deducted: bool = True
    clause: str = ""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The cash plan without the case, by month, in currency units; receipts come from the payments."""

    months: Sequence[str]
    opening: Number
    monthly_cost: Number
    minimum_cash: Number
    debt_service: Mapping[str, Number]


@dataclass(frozen=True, kw_only=True)
class Project:
    """What contract, plan and facility say, whatever happens. All amounts in one currency."""

    currency: str
    contract_price: Decimal
    milestone: date
    total_float_days: int
    damages: Damages
    payments: Sequence[PaymentItem]
    funding_rate_pct: Decimal
    basis: str
    retention_pct: Decimal
    plan: Plan
    payments_clause: str = ""
    retention_clause: str = ""
    loan: Loan | None = None
    recovery: Recovery = field(default_factory=Recovery)
    test: LenderTest = field(default_factory=LenderTest)


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """One way it may go: how long the repair delays the activity, what it costs and when, what it takes from CFADS."""

    name: Name
    p: Decimal
    quality_delay_days: int
    remedy_by_month: Mapping[str, Number]
    open_claims: Decimal = Decimal(0)
    impairs_use: bool = False
    lost_margin: Decimal = Decimal(0)
    impact: Sequence[Number] = ()


@dataclass(frozen=True)
class Impact:
    """All figures of one scenario; each part carries its own working. Without a loan: no interest, no cover."""

    scenario: Scenario
    delay: ProjectDelay
    milestone: MilestoneDelay
    payments: PaymentsAtRisk
    retention: RetentionAtRisk
    interest: ExtraInterest | None
    cash: CashTable
    loan: Lending | None
    exposure: NetExposure
    lender: LenderMaterial

    @property
    def cover(self) -> Dscr | None:
        return self.loan.dscr if self.loan else None

    @property
    def days(self) -> int:
        return self.delay.project_delay_days


@dataclass(frozen=True)
class Compared:
    """The three scenarios side by side, and what to expect of the net exposure."""

    impacts: Mapping[Name, Impact]
    expected: Expected


def compare(project: Project, scenarios: Sequence[Scenario], *, grade: str = "") -> Compared:
    """
    Return the impact of each scenario and the probability-weighted net exposure.

    Raises Unreckonable unless each of BEST, LIKELY and WORST is there once and the probabilities sum to exactly 1.
    """
    if sorted(scenario.name for scenario in scenarios) != sorted(Name):
        raise Unreckonable("scenarios", "not_the_three", known=", ".join(Name))
    impacts = {scenario.name: assess(project, scenario, grade=grade) for scenario in scenarios}
    chances = [Chance(impact.scenario.p, impact.exposure.net) for impact in impacts.values()]
    return Compared(impacts, expected_value(chances, currency=project.currency))


def assess(project: Project, scenario: Scenario, *, grade: str = "") -> Impact:
    """
    Return the impact of one scenario: problem → activity → milestone → payments → cash → cover, and what stays with us.

    The milestone, the payments that wait for the case and the construction loan all move by the days that float does
    not absorb. Raises Unreckonable as the rules it joins do.
    """
    delay = project_delay(scenario.quality_delay_days, project.total_float_days)
    days, currency = delay.project_delay_days, project.currency
    forecast = _later(project.milestone, days)
    late = milestone_delay(
        project.milestone, forecast, base=project.damages.base, rate_pct_per_day=project.damages.rate_pct_per_day,
        cap_pct=project.damages.cap_pct, currency=currency, clause=project.damages.clause,
    )  # fmt: skip
    waiting = payments_at_risk(
        project.payments, days, funding_rate_pct=project.funding_rate_pct, basis=project.basis, currency=currency,
        clause=project.payments_clause,
    )  # fmt: skip
    retention = retention_at_risk(
        project.contract_price, project.retention_pct, scenario.open_claims, impairs_use=scenario.impairs_use,
        currency=currency, clause=project.retention_clause,
    )  # fmt: skip
    interest, loan = _of_loan(project.loan, scenario, days, currency)
    exposure = _exposure(project, scenario, late, interest)
    lender = lender_material(
        project_delay_days=days, payments_at_risk=waiting.at_risk, contract_price=project.contract_price,
        cap_used_pct=late.cap_used_pct, states=loan.states if loan else [], grade=grade,
        test=project.test,
    )  # fmt: skip
    cash = _cash(project, scenario, days, forecast, late.ld)
    return Impact(scenario, delay, late, waiting, retention, interest, cash, loan, exposure, lender)


def _later(day: date, days: int) -> date:
    try:
        return day + timedelta(days=days)
    except OverflowError:
        raise Unreckonable("quality_delay_days", "beyond_calendar", name=day.isoformat()) from None


def _of_loan(
    loan: Loan | None, scenario: Scenario, days: int, currency: str
) -> tuple[ExtraInterest | None, Lending | None]:
    if loan is None:
        return None, None
    interest = extra_interest(loan.drawn, loan.rate_pct, days, basis=loan.basis, currency=currency, clause=loan.clause)
    return interest, lend(loan, scenario.impact, currency)


def _exposure(
    project: Project, scenario: Scenario, late: MilestoneDelay, interest: ExtraInterest | None
) -> NetExposure:
    heads = {
        "LD": late.ld,
        "REMEDY": money(total(list(scenario.remedy_by_month.values())), project.currency),
        "EXTRA_INTEREST": interest.extra_interest if interest else Decimal(0),
        "LOST_MARGIN": scenario.lost_margin,
    }
    return net_exposure(heads, project.recovery, currency=project.currency)


def _cash(project: Project, scenario: Scenario, days: int, forecast: date, ld: Decimal) -> CashTable:
    plan = project.plan
    payments, rest = _less(project.payments, days, ld) if project.damages.deducted else (project.payments, ld)
    revised = CashPlan(
        months=plan.months, opening=plan.opening, monthly_cost=plan.monthly_cost, minimum_cash=plan.minimum_cash,
        receipts_baseline=receipts_by_month(_open(project.payments)),
        receipts_revised=receipts_by_month(_open(payments), days), debt_service=plan.debt_service,
        remedy_cost=scenario.remedy_by_month, ld={month_of(forecast): rest} if rest else {},
    )  # fmt: skip
    return cash_table(revised)


def _open(payments: Sequence[PaymentItem]) -> list[PaymentItem]:
    """Return the payments still to come: the opening cash holds the others."""
    return [item for item in payments if not item.paid]


def _less(payments: Sequence[PaymentItem], days: int, ld: Decimal) -> tuple[list[PaymentItem], Decimal]:
    """Return the payments after the customer took the damages off those that wait, the next first, and what is left."""
    order = sorted((item.cash_day(days), place) for place, item in enumerate(payments) if item.at_risk)
    found, left = list(payments), Fraction(ld)
    for _day, place in order:
        taken = min(left, Fraction(found[place].amount))
        found[place] = replace(found[place], amount=written(Fraction(found[place].amount) - taken))
        left -= taken
    return found, written(left)
