"""The cash of a project month by month, as planned and as it becomes (DOMAIN §12). PURE."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from contracts.finance.delay import PaymentItem
from contracts.finance.working import Number, Step, Unreckonable, least_zero, step, total, written

Months = Mapping[str, Number]  # "2026-09" → amount


@dataclass(frozen=True)
class CashPlan:
    """
    What comes and goes, month by month; all amounts in the same unit.

    Damages that the customer deducts from a payment make that receipt smaller; `ld` are those paid by themselves.
    """

    months: Sequence[str]
    opening: Number
    monthly_cost: Number
    minimum_cash: Number
    receipts_baseline: Months
    receipts_revised: Months
    debt_service: Months
    remedy_cost: Months
    ld: Months


@dataclass(frozen=True)
class CashTable:
    """Closing cash by month as planned and as revised, exact; the lowest point and what is missing there."""

    months: tuple[str, ...]
    closing_baseline: tuple[Fraction, ...]
    closing_revised: tuple[Fraction, ...]
    difference: tuple[Fraction, ...]
    lowest: Fraction
    lowest_month: str
    minimum_cash: Fraction
    funding_gap: Fraction
    working: tuple[Step, ...]


def cash_table(plan: CashPlan) -> CashTable:
    """
    Return the table: opening + receipts − cost − debt service, in the revised one also − remedy − damages.

    The gap is what the lowest revised closing lacks to the minimum cash. Raises Unreckonable unless the months follow
    each other and what is paid or received is not negative.
    """
    _check(plan)
    planned = _closings(plan, plan.receipts_baseline)
    revised = _closings(plan, plan.receipts_revised, plan.remedy_cost, plan.ld)
    lowest = min(revised)
    month = plan.months[revised.index(lowest)]
    gap = max(Fraction(0), Fraction(plan.minimum_cash) - lowest)
    return CashTable(
        tuple(plan.months), planned, revised, tuple(new - old for old, new in zip(planned, revised, strict=True)),
        lowest, month, Fraction(plan.minimum_cash), gap, _working(plan, planned, revised, month, gap),
    )  # fmt: skip


def receipts_by_month(payments: Sequence[PaymentItem], shift_days: int = 0) -> dict[str, Decimal]:
    """Return the cash of the payments by month; one that waits for the case comes on its own day plus the delay."""
    found: dict[str, Decimal] = {}
    for item in payments:
        month = month_of(item.cash_day(shift_days))
        found[month] = Decimal(written(total([found.get(month, 0), item.amount])))
    return found


def month_of(day: date) -> str:
    """Return the month of a day: 2026-09."""
    return day.isoformat()[:7]


def _check(plan: CashPlan) -> None:
    if not plan.months:
        raise Unreckonable("months", "no_period")
    for before, after in pairwise(plan.months):
        if _number(after) - _number(before) != 1:
            raise Unreckonable("months", "months_out_of_order", before=before, after=after)
    least_zero("monthly_cost", plan.monthly_cost)
    for name in ("receipts_baseline", "receipts_revised", "debt_service", "remedy_cost", "ld"):
        least_zero(name, *getattr(plan, name).values())


def _number(month: str) -> int:
    year, number = month.split("-")
    return int(year) * 12 + int(number)


def _closings(plan: CashPlan, receipts: Months, *costs: Months) -> tuple[Fraction, ...]:
    cash, found = Fraction(plan.opening), []
    for month in plan.months:
        paid = [Fraction(one.get(month, 0)) for one in (plan.debt_service, *costs)]
        cash += Fraction(receipts.get(month, 0)) - Fraction(plan.monthly_cost) - sum(paid)
        found.append(cash)
    return tuple(found)


def _working(
    plan: CashPlan, planned: Sequence[Fraction], revised: Sequence[Fraction], lowest: str, gap: Fraction
) -> tuple[Step, ...]:
    """Return the sum of the lowest month, what stands outside the table, and the gap."""
    place = plan.months.index(lowest)
    opening = revised[place - 1] if place else Fraction(plan.opening)
    costs = total([plan.remedy_cost.get(lowest, 0), plan.ld.get(lowest, 0)])
    steps = [
        step("closing_revised", "cash_month", month=lowest, opening=written(opening),
             receipts=written(plan.receipts_revised.get(lowest, 0)), cost=written(plan.monthly_cost),
             debt=written(plan.debt_service.get(lowest, 0)), remedy=written(costs), closing=written(revised[place])),
        step("difference", "cash_difference", month=lowest, planned=written(planned[place]),
             revised=written(revised[place]), difference=written(revised[place] - planned[place])),
        step("lowest", "cash_lowest", month=lowest, lowest=written(revised[place])),
        step("funding_gap", "funding_gap" if gap else "no_funding_gap", minimum=written(plan.minimum_cash),
             lowest=written(revised[place]), gap=written(gap)),
    ]  # fmt: skip
    return (*steps, *_outside(plan))


def _outside(plan: CashPlan) -> list[Step]:
    """Return a step for each amount of a month that the table does not show."""
    named = ("receipts_baseline", "receipts_revised", "debt_service", "remedy_cost", "ld")
    return [
        step(name, "outside_table", what=name, month=month, amount=written(amount))
        for name in named
        for month, amount in getattr(plan, name).items()
        if month not in plan.months
    ]
