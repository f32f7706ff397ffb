"""What a delay does to the money of a contract: damages, retention, interest (DOMAIN §12). PURE."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from contracts.finance.working import (
    Step,
    Unreckonable,
    beside,
    by_clause,
    least_zero,
    minor,
    money,
    percent_of,
    step,
    total,
    written,
)

BASES = {"ACT/360": 360, "ACT/365": 365, "ACT/365F": 365}  # days of the year in which interest is reckoned


@dataclass(frozen=True)
class MilestoneDelay:
    """Whole calendar days late and the agreed damages; no limit: `cap` None. Amounts are rounded, damages after cap."""

    delay_days: int
    ld: Decimal
    cap: Decimal | None
    days_until_cap: int | None  # from the planned day; None: never
    working: tuple[Step, ...]

    @property
    def cap_used_pct(self) -> Fraction:
        """Return which share of the limit the damages take, in per cent; 0 without a limit."""
        return Fraction(self.ld) * 100 / Fraction(self.cap) if self.cap else Fraction(0)


def milestone_delay(
    planned: date, forecast: date, *, base: Decimal, rate_pct_per_day: Decimal, cap_pct: Decimal | None = None,
    currency: str = "", clause: str = "",
) -> MilestoneDelay:  # fmt: skip
    """
    Return the delay of a milestone and its damages: days × rate × base, at most cap_pct of base.

    The planned day is not counted, the forecast day is; a forecast on or before the planned day is no delay. Damages
    and limit are rounded once each, half away from zero; the limit first. `days_until_cap` is the day of delay on
    which the limit is reached.

    Raises Unreckonable for a sum or percentage below zero.
    """
    least_zero("base", base)
    least_zero("rate_pct_per_day", rate_pct_per_day)
    least_zero("cap_pct", cap_pct or 0)
    days = max(0, (forecast - planned).days)
    daily, facts = percent_of(rate_pct_per_day, base), {"rate": rate_pct_per_day, "base": base}
    raw = days * daily
    cap = None if cap_pct is None else money(percent_of(cap_pct, base), currency)
    ld = money(raw if cap is None else min(raw, Fraction(cap)), currency)
    until = -(-Fraction(cap) // daily) if cap is not None and daily else None
    steps = [
        step("delay_days", "delay" if days else "no_delay", planned=planned, forecast=forecast, days=days),
        step("ld", "ld", days=days, raw=written(raw, minor(currency)), **facts),
    ]
    if cap is not None:
        steps.append(step("cap", "cap", pct=cap_pct, base=base, cap=cap))
        steps.append(step("ld", "ld_capped" if raw > cap else "ld_below_cap", ld=ld, cap=cap))
    if until is not None:
        steps.append(step("days_until_cap", "until_cap", cap=cap, daily=written(daily, minor(currency)), days=until))
    return MilestoneDelay(days, ld, cap, until, (*steps, *by_clause("ld", clause)))


@dataclass(frozen=True)
class ProjectDelay:
    """Days by which the project ends later: of the case, of a second one, and of both on the same activity."""

    project_delay_days: int
    second_case_project_delay_days: int | None
    together_days: int
    working: tuple[Step, ...]


def project_delay(quality_delay_days: int, total_float_days: int, second: int | None = None) -> ProjectDelay:
    """
    Return what is left of a delay after the float of the activity, and of a second case on the same activity.

    Of two cases on one activity the later finish counts, not the sum; delays of activities one after the other are
    added by the caller after their floats. Raises Unreckonable for days below zero.
    """
    least_zero("quality_delay_days", quality_delay_days)
    least_zero("total_float_days", total_float_days)
    least_zero("second_case_delay_days", second or 0)
    first = max(0, quality_delay_days - total_float_days)
    facts = {"days": quality_delay_days, "spare": total_float_days, "left": first}
    steps = [step("project_delay_days", "float", **facts)]
    if second is None:
        return ProjectDelay(first, None, first, tuple(steps))
    other = max(0, second - total_float_days)
    steps.append(step("second_case_project_delay_days", "float", days=second, spare=total_float_days, left=other))
    steps.append(step("together_days", "same_activity", days=max(first, other)))
    return ProjectDelay(first, other, max(first, other), tuple(steps))


@dataclass(frozen=True)
class PaymentItem:
    """A payment of the customer: its amount, its planned day of cash, and whether the case holds up its trigger."""

    name: str
    amount: Decimal
    planned_cash: date
    depends_on_case: bool
    paid: bool = False

    @property
    def at_risk(self) -> bool:
        return self.depends_on_case and not self.paid

    def cash_day(self, shift_days: int) -> date:
        """Return the day on which the cash comes if the case takes so many days. Raises Unreckonable after 9999."""
        try:
            return self.planned_cash + timedelta(days=shift_days) if self.at_risk else self.planned_cash
        except OverflowError:
            raise Unreckonable("shift_days", "beyond_calendar", name=self.name) from None


@dataclass(frozen=True)
class PaymentsAtRisk:
    """The unpaid payments that wait for the case, all days of cash as they are now, and what waiting costs."""

    at_risk: Decimal
    new_dates: tuple[date, ...]
    funding_cost: Decimal
    working: tuple[Step, ...]


def payments_at_risk(
    payments: Sequence[PaymentItem], shift_days: int, *, funding_rate_pct: Decimal, basis: str, currency: str = "",
    clause: str = "",
) -> PaymentsAtRisk:  # fmt: skip
    """
    Return what is at risk, the new days, and the cost of waiting: amount × rate × days / basis.

    basis: one of BASES. The cost is rounded once, over all payments. Raises Unreckonable for negative facts, an
    unknown basis, or a day beyond the calendar.
    """
    least_zero("shift_days", shift_days)
    least_zero("payments", *(item.amount for item in payments))
    waiting = [item for item in payments if item.at_risk]
    at_risk = total([item.amount for item in waiting])
    days = tuple(item.cash_day(shift_days) for item in payments)
    cost = _interest("funding_rate_pct", at_risk, funding_rate_pct, shift_days, basis)
    risk = money(at_risk, currency)
    steps = [
        *(step("new_dates", "payment_moves", name=item.name, old=item.planned_cash, days=shift_days,
               new=item.cash_day(shift_days)) for item in waiting),
        *(step("at_risk", "payment_paid" if item.paid else "payment_safe", name=item.name)
          for item in payments if not item.at_risk),
        step("at_risk", "at_risk", sum=risk, n=len(waiting)),
        _interest_step("funding_cost", at_risk, funding_rate_pct, shift_days, basis, money(cost, currency)),
    ]  # fmt: skip
    return PaymentsAtRisk(risk, days, money(cost, currency), (*steps, *by_clause("at_risk", clause)))


@dataclass(frozen=True)
class RetentionAtRisk:
    """What is held back, what of it is at risk, and what will be released."""

    held: Decimal
    at_risk: Decimal
    expected_release: Decimal
    working: tuple[Step, ...]


def retention_at_risk(
    contract_price: Decimal, retention_pct: Decimal, open_claim_estimate: Decimal, *, impairs_use: bool = False,
    guarantee_end: date | None = None, currency: str = "", clause: str = "",
) -> RetentionAtRisk:  # fmt: skip
    """
    Return the retention at risk: the estimate of open claims, at most what is held.

    impairs_use: an issue raised in the guarantee period is unsolved and impairs use; then all of it is at risk (EV-55).
    Raises Unreckonable for negative facts or more than 100 per cent.
    """
    least_zero("contract_price", contract_price)
    least_zero("open_claim_estimate", open_claim_estimate)
    _share("retention_pct", retention_pct)
    held = money(percent_of(retention_pct, contract_price), currency)
    risk = held if impairs_use else min(held, money(open_claim_estimate, currency))
    steps = [step("held", "held", pct=retention_pct, price=contract_price, held=held)]
    if impairs_use:
        steps.append(step("at_risk", "retention_all", held=held))
    else:
        steps.append(step("at_risk", "retention_least", held=held, estimate=open_claim_estimate, risk=risk))
    release = money(Fraction(held) - Fraction(risk), currency)
    steps.append(step("expected_release", "released", held=held, risk=risk, release=release))
    if guarantee_end:
        steps.append(step("expected_release", "guarantee_ends", day=guarantee_end))
    return RetentionAtRisk(held, risk, release, (*steps, *by_clause("held", clause)))


@dataclass(frozen=True)
class ExtraInterest:
    """Interest on the drawn loan for the days that construction takes longer."""

    extra_interest: Decimal
    working: tuple[Step, ...]


def extra_interest(
    drawn: Decimal, rate_pct: Decimal, days: int, *, basis: str, currency: str = "", clause: str = ""
) -> ExtraInterest:
    """Return drawn × rate × days / basis, rounded once. Raises Unreckonable as payments_at_risk does."""
    least_zero("drawn", drawn)
    least_zero("days", days)
    found = money(_interest("rate_pct", drawn, rate_pct, days, basis), currency)
    line = _interest_step("extra_interest", Fraction(drawn), rate_pct, days, basis, found)
    return ExtraInterest(found, (line, *by_clause("extra_interest", clause)))


def _interest(field: str, amount: Decimal | Fraction, rate_pct: Decimal, days: int, basis: str) -> Fraction:
    least_zero(field, rate_pct)
    if basis not in BASES:
        raise Unreckonable("basis", "unknown_basis", given=basis, known=", ".join(BASES))
    return percent_of(rate_pct, amount) * days / BASES[basis]


def _interest_step(figure: str, amount: Fraction, rate: Decimal, days: int, basis: str, found: Decimal) -> Step:
    return step(figure, "interest", amount=beside(amount, found), rate=rate, days=days, year=BASES[basis], basis=basis,
                sum=found)  # fmt: skip


def _share(field: str, pct: Decimal) -> None:
    if not 0 <= pct <= 100:
        raise Unreckonable(field, "not_a_share")
