"""What the page of a project shows: its rows, its cash as planned, the cover of its loans. Reads, never writes."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from contracts import period_chart
from contracts.amounts import Money
from contracts.finance import Cover, Levels
from contracts.finance.cash import CashTable
from contracts.finance.working import written
from contracts.finance_words import number, scale_in_words, state_in_words
from contracts.models import CashPlan, Covenant, Facility, LoanPeriod, PaymentItem, Project
from contracts.period_chart import Level, Series
from contracts.project_facts import baseline, payments_of, plan_of
from contracts.shown import Badge, Table

DASH = "–"
TONES = {"OK": "ok", "LOCK_UP": "warn", "DEFAULT": "danger", None: ""}


def page_of(project: Project) -> dict[str, Any]:
    """Return milestones, payments, cash and facilities as contracts/project.html shows them."""
    milestones = list(project.milestones.order_by("planned_on", "pk"))
    payments = list(project.payments.select_related("milestone").order_by("due_on", "pk"))
    facilities = list(_facilities(project))
    plan = CashPlan.objects.filter(project=project).first()
    return {
        "milestones": [(step, _later(step.planned_on, step.forecast_on)) for step in milestones],
        "payments": payments,
        "unpaid": _sum([row for row in payments if row.paid_on is None], project.currency),
        "plan": plan,
        "cash": _cash(project, plan, payments, facilities) if plan else None,
        "facilities": [_facility(facility) for facility in facilities],
    }


def _facilities(project: Project) -> Any:
    periods = Prefetch("periods", LoanPeriod.objects.order_by("ends_on"))
    covenants = Prefetch("covenants", Covenant.objects.order_by("kind"))
    found = project.facilities.select_related("lender").prefetch_related(periods, covenants)
    return found.order_by("name", "pk")


def _later(planned: date, forecast: date | None) -> int:
    """Return by how many days the forecast lies after the plan, below zero before it."""
    return (forecast - planned).days if forecast else 0


def _sum(rows: list[PaymentItem], currency: str) -> Money:
    return Money(sum((row.amount.amount for row in rows), Decimal(0)), currency)


def _cash(project: Project, plan: CashPlan, payments: list[PaymentItem], facilities: list[Facility]) -> dict[str, Any]:
    """Return the table and chart of the closing cash by month, and where it is lowest."""
    found = baseline(project, plan, payments, facilities)
    table = Table(
        _("Cash as planned"),
        [_("Month"), _("Receipts"), _("Cost"), _("Debt service"), _("Closing")],
        _cash_rows(plan, payments, facilities, found),
    )
    unit = period_chart.unit_of(found.closing_baseline)
    chart = period_chart.draw(
        list(found.months), Series([closing / unit for closing in found.closing_baseline], gettext("as planned")),
        None, [Level(found.minimum_cash / unit, gettext("minimum cash"))], unit=scale_in_words(unit, plan.currency),
    )  # fmt: skip
    lowest = f"{plan.currency} {number(written(found.lowest, 2))}"
    finding = gettext("Lowest in {month}: {lowest}.").format(month=found.lowest_month, lowest=lowest)
    if found.funding_gap:
        gap = f"{plan.currency} {number(written(found.funding_gap, 2))}"
        finding += " " + gettext("{gap} is missing to the minimum cash.").format(gap=gap)
    outside = _outside(plan, payments)
    return {"table": table, "chart": chart, "finding": finding, "outside": outside, "gap": bool(found.funding_gap)}


def _cash_rows(
    plan: CashPlan, payments: list[PaymentItem], facilities: list[Facility], found: CashTable
) -> list[list[Any]]:
    facts = plan_of(plan, facilities)
    came: dict[str, Decimal] = {}
    for item in payments_of([row for row in payments if row.paid_on is None]):
        month = item.planned_cash.isoformat()[:7]
        came[month] = came.get(month, Decimal(0)) + item.amount
    return [
        [month, _or_dash(came.get(month)), number(plan.monthly_cost.amount), _or_dash(facts.debt_service.get(month)),
         number(written(closing, 2)) if closing >= found.minimum_cash else Badge(number(written(closing, 2)), "warn")]
        for month, closing in zip(found.months, found.closing_baseline, strict=True)
    ]  # fmt: skip


def _outside(plan: CashPlan, payments: list[PaymentItem]) -> list[PaymentItem]:
    """Return unpaid payments of months that the plan does not show."""
    months = set(plan.month_names)
    return [row for row in payments if row.paid_on is None and row.due_on.isoformat()[:7] not in months]


def _or_dash(value: Any) -> str:
    return number(value) if value else DASH


def _facility(facility: Facility) -> dict[str, Any]:
    """Return a facility with its covenants, and the cover of its periods where single periods are tested."""
    periods, covenants = list(facility.periods.all()), list(facility.covenants.all())
    asked = next((one for one in covenants if one.kind == Covenant.Kind.DSCR), None)
    return {
        "row": facility, "covenants": covenants, "periods": periods, "table": _cover_table(periods, asked),
        "chart": _cover_chart(periods, asked) if asked and any(one.debt_service.amount for one in periods) else None,
        "add_covenant": len(covenants) < len(Covenant.Kind),
    }  # fmt: skip


def _covers(periods: list[LoanPeriod], asked: Covenant) -> list[Cover]:
    levels = Levels(asked.lock_up, asked.default)
    return [Cover(Fraction(one.cfads.amount), Fraction(one.debt_service.amount), levels) for one in periods]


def _cover_table(periods: list[LoanPeriod], asked: Covenant | None) -> Table:
    heads: list[Any] = [_("Ends on"), _("Cash (CFADS)"), _("Debt service")]
    rows: list[list[Any]] = [
        [one.ends_on.isoformat(), number(one.cfads.rounded().amount), number(one.debt_service.rounded().amount)]
        for one in periods
    ]
    if asked:
        heads += [_("Ratio"), _("Covenant")]
        for row, period, cover in zip(rows, periods, _covers(periods, asked), strict=True):
            tested = asked.tests(period.ends_on)
            state = Badge(state_in_words(cover.state), TONES[cover.state]) if tested and cover.state else DASH
            row += [DASH if cover.shown is None else str(cover.shown), state]
    return Table(_("Cover by period, as planned"), heads, rows)


def _cover_chart(periods: list[LoanPeriod], asked: Covenant) -> dict[str, Any]:
    lines = [
        Level(Fraction(asked.lock_up), gettext("lock-up {level}").format(level=asked.lock_up)),
        Level(Fraction(asked.default), gettext("default {level}").format(level=asked.default)),
    ]
    series = Series([cover.ratio for cover in _covers(periods, asked)], gettext("as planned"))
    return period_chart.draw([one.name for one in periods], series, None, lines)
