"""What a problem does to the money of a project: questions to contracts.finance (DOMAIN §12)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from rest_framework import serializers

from complaints.calculators import Answer, Question, Result, Unfit, offer
from complaints.calculators.sum_shapes import PERIODS, Amount, ByMonth, Count, Exact, Month, OneCurrency, series
from complaints.models.states import Grade
from contracts import finance, finance_words
from contracts.amounts import write_number
from contracts.finance import Cover, Levels, State, Unreckonable

HEAD_NAMES = {"REMEDY_COST": "REMEDY", "NONE": ""}  # other words for an insured head


class Asked(OneCurrency):
    """What every question may say: the currency of its amounts, and the clause that its figures rest on."""

    clause = serializers.CharField(required=False, allow_blank=True, max_length=300, default="")


class MilestoneDelay(Asked):
    planned = serializers.DateField()
    forecast = serializers.DateField()
    base = Amount()
    rate_pct_per_day = Exact()
    cap_pct = Exact(required=False, allow_null=True)


class Float(serializers.Serializer[Any]):
    quality_delay_days = Count()
    total_float_days = Count()
    second_case_delay_days = Count(required=False, allow_null=True)


class Payment(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=300, required=False, default="")
    amount = Amount(least=0)
    planned_cash = serializers.DateField()
    depends_on_case = serializers.BooleanField()
    paid = serializers.BooleanField(required=False, default=False)


class PaymentsAtRisk(Asked):
    payments = serializers.ListField(child=Payment(), allow_empty=False, max_length=PERIODS)
    shift_days = Count()
    funding_rate_pct = Exact()
    basis = serializers.CharField(max_length=20)


class RetentionAtRisk(Asked):
    contract_price = Amount()
    retention_pct = Exact()
    open_claim_estimate = Amount()
    guarantee_end = serializers.DateField(required=False, allow_null=True)
    open_issue_impairs_use = serializers.BooleanField(required=False, default=False)


class CashTable(Asked):
    months = serializers.ListField(child=Month(), allow_empty=False, max_length=PERIODS)
    opening = Amount()
    monthly_cost = Amount()
    minimum_cash = Amount()
    receipts_baseline = ByMonth()
    receipts_revised = ByMonth()
    debt_service = ByMonth(required=False, default=dict)
    remedy_cost = ByMonth(required=False, default=dict)
    ld = ByMonth(required=False, default=dict)
    unit = Exact(required=False, least=1, default=1)


class Levelled(Asked):
    """A question about covenants: their levels, and the unit of its numbers."""

    lock_up = Exact()
    default = Exact()
    unit = Exact(required=False, least=1, default=1)


class Dscr(Levelled):
    cfads = series()
    impact = series(required=False)
    debt_service = series()


class Covenant(Levelled):
    cfads = series()
    debt_service = series()


class Cure(Levelled):
    cfads = Amount()
    impact = Amount(required=False, default=0)
    debt_service = Amount()


class Llcr(Asked):
    cfads = series()
    impact = series(required=False)
    rate_per_period = Exact()
    debt = Amount()
    dsra_included = serializers.BooleanField(required=False, default=False)
    dsra = Amount(required=False, allow_null=True)


class ExtraInterest(Asked):
    drawn = Amount()
    rate_pct = Exact()
    basis = serializers.CharField(max_length=20)
    days = Count()


class NetExposure(Asked):
    ld = Amount(required=False, default=0)
    remedy_cost = Amount(required=False, default=0)
    extra_interest = Amount(required=False, default=0)
    lost_margin = Amount(required=False, default=0)
    supplier_share_of_remedy_pct = Exact(required=False, default=0)
    insured_head = serializers.CharField(max_length=40, required=False, allow_blank=True, allow_null=True, default="")
    deductible = Amount(required=False, default=0)
    supplier_probability = Exact(required=False, default=1)
    insurance_probability = Exact(required=False, default=1)


class Scenario(serializers.Serializer[Any]):
    p = Exact(least=0)
    amount = Amount()


class ExpectedValue(Asked):
    scenarios = serializers.ListField(child=Scenario(), allow_empty=False, max_length=PERIODS)


class LenderMaterial(serializers.Serializer[Any]):
    project_delay_days = Count()
    payments_at_risk = Amount(required=False, default=0)
    contract_price = Amount(required=False, default=0)
    cap_used_pct = Exact(required=False, default=0)
    states = serializers.ListField(
        child=serializers.ChoiceField([one.value for one in State], allow_null=True), required=False, default=list,
        max_length=PERIODS,
    )  # fmt: skip
    grade = serializers.ChoiceField(Grade.values, required=False, allow_blank=True, allow_null=True, default="")


def solve_milestone_delay(said: dict[str, Any]) -> Answer:
    """Return the delay, its damages and their limit."""
    found = finance.milestone_delay(**said)
    result = {
        "delay_days": found.delay_days, "ld": _text(found.ld), "cap": _text(found.cap),
        "days_until_cap": found.days_until_cap,
    }  # fmt: skip
    return Answer(result, found.working, found=found)


def solve_float(said: dict[str, Any]) -> Answer:
    """Return the days that float does not absorb, for one or two cases on an activity."""
    second = said.get("second_case_delay_days")
    found = finance.project_delay(said["quality_delay_days"], said["total_float_days"], second)
    result: Result = {"project_delay_days": found.project_delay_days}
    if second is not None:
        result["second_case_project_delay_days"] = found.second_case_project_delay_days
    return Answer(result, found.working, found=found)


def solve_payments_at_risk(said: dict[str, Any]) -> Answer:
    """Return what is at risk, the new days of cash in the order of the payments, and the cost of waiting."""
    items = [finance.PaymentItem(**item) for item in said.pop("payments")]
    found = finance.payments_at_risk(items, **{**said, "basis": _basis(said)})
    result = {
        "at_risk": _text(found.at_risk), "new_dates": [day.isoformat() for day in found.new_dates],
        "funding_cost": _text(found.funding_cost),
    }  # fmt: skip
    return Answer(result, found.working, found=found)


def solve_retention_at_risk(said: dict[str, Any]) -> Answer:
    """Return what is held, at risk, and to be released."""
    found = finance.retention_at_risk(impairs_use=said.pop("open_issue_impairs_use"), **said)
    names = ("held", "at_risk", "expected_release")
    return Answer({name: _text(getattr(found, name)) for name in names}, found.working, found=found)


def solve_cash_table(said: dict[str, Any]) -> Answer:
    """Return the table in the unit of the question: whole numbers if it had only such, else text."""
    names = ("months", "opening", "monthly_cost", "minimum_cash", "receipts_baseline", "receipts_revised",
             "debt_service", "remedy_cost", "ld")  # fmt: skip
    found = finance.cash_table(finance.CashPlan(**{name: said[name] for name in names}))
    write = _as_asked([said[name] for name in names[1:]])
    result = {
        **{name: [write(value) for value in getattr(found, name)]
           for name in ("closing_baseline", "closing_revised", "difference")},
        "lowest": write(found.lowest), "lowest_month": found.lowest_month, "funding_gap": write(found.funding_gap),
    }  # fmt: skip
    return Answer(result, found.working, found=found)


def solve_dscr(said: dict[str, Any]) -> Answer:
    """Return the cover of each period, cut to two digits, its state after the impact, and the first headroom."""
    found = finance.dscr(levels=_levels(said), **said)
    result = {
        "before": _shown(found.before), "after": _shown(found.after), "state_after": _states(found.after),
        "headroom_p1": _text(found.headroom_p1),
    }  # fmt: skip
    return Answer(result, found.working, found=found)


def solve_look_back(said: dict[str, Any]) -> Answer:
    """Return the ratio of sums before and after, and its state."""
    levels, _unit, _currency = _levels(said), said.pop("unit"), said.pop("currency")
    found = finance.look_back(levels=levels, **said)
    result = {"before": _text(found.before), "after": _text(found.after), "state": found.state}
    return Answer(result, found.working, found=found)


def solve_cure(said: dict[str, Any]) -> Answer:
    """Return the cover of a period and what would cure it."""
    found = finance.cure(levels=_levels(said), **said)
    result = {"dscr": _text(found.dscr), "state": found.state, "cure_to_default": _text(found.cure_to_default),
              "cure_to_lock_up": _text(found.cure_to_lock_up)}  # fmt: skip
    return Answer(result, found.working, found=found)


def solve_covenant(said: dict[str, Any]) -> Answer:
    """Return cover and state of each period."""
    found = finance.covenant(said["cfads"], said["debt_service"], _levels(said), clause=said["clause"])
    return Answer({"dscr": _shown(found.covers), "state": _states(found.covers)}, found.working, found=found)


def solve_llcr(said: dict[str, Any]) -> Answer:
    """Return present values and loan life cover before and after."""
    included, reserve = said.pop("dsra_included"), said.pop("dsra", None)
    if included and reserve is None:
        raise Unreckonable("dsra", "reserve_missing")
    said.pop("currency")
    found = finance.llcr(**said, reserve=reserve if included else 0)
    names = ("npv_before", "npv_after", "before", "after")
    result = {**{name: _text(getattr(found, name)) for name in names}, "shown": [_text(one) for one in found.shown]}
    return Answer(result, found.working, found=found)


def solve_extra_interest(said: dict[str, Any]) -> Answer:
    """Return the interest of the additional days."""
    found = finance.extra_interest(**{**said, "basis": _basis(said)})
    return Answer({"extra_interest": _text(found.extra_interest)}, found.working, found=found)


def solve_net_exposure(said: dict[str, Any]) -> Answer:
    """Return gross and net exposure and what others bear."""
    head = (said.pop("insured_head") or "").upper()
    names = {"LD": "ld", "REMEDY": "remedy_cost", "EXTRA_INTEREST": "extra_interest", "LOST_MARGIN": "lost_margin"}
    heads = {code: said.pop(name) for code, name in names.items()}
    currency, clause = said.pop("currency"), said.pop("clause")
    recovery = finance.Recovery(insured_head=HEAD_NAMES.get(head, head), **said)
    found = finance.net_exposure(heads, recovery, currency=currency, clause=clause)
    result = {name: _text(getattr(found, name)) for name in ("gross", "supplier", "insurance", "net")}
    return Answer(result, found.working, found=found)


def solve_expected_value(said: dict[str, Any]) -> Answer:
    """Return the weighted amount, the likeliest and the worst."""
    found = finance.expected_value([finance.Chance(**one) for one in said.pop("scenarios")], **said)
    names = ("expected", "most_likely", "worst")
    return Answer({name: _text(getattr(found, name)) for name in names}, found.working, found=found)


def solve_lender_material(said: dict[str, Any]) -> Answer:
    """Return whether Finance must decide on a notice to the lender, and what says so."""
    states = [State(one) if one else None for one in said.pop("states")]
    found = finance.lender_material(states=states, grade=said.pop("grade") or "", **said)
    return Answer({"material": found.material, "hits": list(found.hits)}, found.working, found=found)


def _reckoned(solve: Callable[[dict[str, Any]], Answer]) -> Callable[[dict[str, Any]], Answer]:
    """Return the solver that says by field which facts do not go together."""

    def solved(said: dict[str, Any]) -> Answer:
        try:
            return solve(said)
        except Unreckonable as refusal:
            raise unfit(refusal) from refusal

    return solved


def unfit(refusal: Unreckonable) -> Unfit:
    """Return the refusal in words, under the field that it is about."""
    return Unfit({"input": {refusal.field: [finance_words.refusal(refusal)]}})


KINDS: Mapping[str, tuple[type[serializers.Serializer[Any]], Callable[[dict[str, Any]], Answer]]] = {
    "milestone_delay": (MilestoneDelay, solve_milestone_delay),
    "float": (Float, solve_float),
    "payments_at_risk": (PaymentsAtRisk, solve_payments_at_risk),
    "retention_at_risk": (RetentionAtRisk, solve_retention_at_risk),
    "cash_table": (CashTable, solve_cash_table),
    "dscr": (Dscr, solve_dscr),
    "look_back_dscr": (Dscr, solve_look_back),
    "cure": (Cure, solve_cure),
    "covenant": (Covenant, solve_covenant),
    "llcr": (Llcr, solve_llcr),
    "extra_interest": (ExtraInterest, solve_extra_interest),
    "net_exposure": (NetExposure, solve_net_exposure),
    "expected_value": (ExpectedValue, solve_expected_value),
    "lender_material": (LenderMaterial, solve_lender_material),
}
offer("finance", {name: Question(shape, _reckoned(solve)) for name, (shape, solve) in KINDS.items()})


def _text(value: Decimal | None) -> str | None:
    return None if value is None else write_number(value)


def _shown(covers: tuple[Cover, ...]) -> list[str | None]:
    return [_text(cover.shown) for cover in covers]


def _states(covers: tuple[Cover, ...]) -> list[State | None]:
    return [cover.state for cover in covers]


def _levels(said: dict[str, Any]) -> Levels:
    """Take the covenant levels out of what was said."""
    return Levels(said.pop("lock_up"), said.pop("default"))


def _basis(said: dict[str, Any]) -> str:
    return str(said["basis"]).upper().replace(" ", "")


def _as_asked(said: list[Any]) -> Callable[[Any], int | str]:
    """Return how to write exact sums of what was said: ints if all were, else text with as many digits as any had."""
    flat = [one for value in said for one in (value.values() if isinstance(value, dict) else [value])]
    if all(isinstance(one, int) for one in flat):
        return int
    digits = max(-int(one.as_tuple().exponent) for one in flat if isinstance(one, Decimal))
    return lambda value: write_number(finance.rounded(value, digits))
