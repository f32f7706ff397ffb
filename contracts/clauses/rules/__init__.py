"""
The rules: what a clause gives on the facts, with every step (DOMAIN §6). PURE.

`RULES` maps the kind of clause to its rule; `answer(kind, data, calendar)` reads the facts and asks it. The clauses of
a real contract are asked in the same way by `contracts.entitlement`, which makes the same facts from typed terms.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Context, localcontext
from typing import Any

from contracts.clauses.asking import Asked, unknown
from contracts.clauses.rules import dates, delay, liability, liquidated, money, quality, remedies
from contracts.clauses.working import Working, step
from worktime.calendars import Calendar

PRECISION = 120  # more digits than any product of facts has, so that nothing is rounded but by `to_minor`


@dataclass(frozen=True)
class Rule:
    """The facts that a rule must be told, and the rule; `dated` rules may need a calendar to move a last day."""

    shape: type[Asked]
    solve: Callable[..., Working]
    dated: bool = False


def exactly() -> Any:
    """Return a context in which decimals keep every digit."""
    return localcontext(Context(prec=PRECISION))


RULES: dict[str, Rule] = {
    "LD_DELAY_DAY": Rule(delay.DelayPerDay, delay.per_day),
    "LD_DELAY_WEEK": Rule(delay.DelayPerWeek, delay.per_week),
    "LD_PER_UNIT": Rule(liquidated.PerUnit, liquidated.per_unit),
    "LD_PERFORMANCE": Rule(liquidated.Performance, liquidated.performance),
    "LD_FIXED_PCT": Rule(liquidated.FixedPct, liquidated.fixed_pct),
    "LD_ADJUSTMENT": Rule(liquidated.Adjustment, liquidated.adjustment),
    "QUALITY_STANDARD": Rule(quality.Measured, quality.conformity),
    "ACCEPTANCE": Rule(quality.Sampled, quality.lot_accepted),
    "CONCESSION": Rule(quality.Conceded, quality.concession),
    "INSPECTION_NOTICE": Rule(dates.Notice, dates.notice, dated=True),
    "GUARANTEE_PERIOD": Rule(dates.Guarantee, dates.guarantee, dated=True),
    "LIMITATION_OF_ACTION": Rule(dates.Limitation, dates.limitation),
    "PRICE_REDUCTION": Rule(remedies.Reduction, remedies.reduction),
    "REMEDY_ORDER": Rule(remedies.Order, remedies.order),
    "SELF_REPAIR": Rule(remedies.SelfRepair, remedies.self_repair),
    "DAMAGES": Rule(liability.Damages, liability.damages),
    "EXCLUSION": Rule(liability.Exclusion, liability.exclusion),
    "LIABILITY_CAP": Rule(liability.AggregateCap, liability.aggregate),
    "ATTRIBUTION": Rule(liability.Attribution, liability.attribution),
    "RETENTION": Rule(money.Retention, money.retention),
    "EARNEST_MONEY": Rule(money.Earnest, money.earnest),
    "FX": Rule(money.Conversion, money.conversion),
    "SET_OFF": Rule(money.SetOff, money.set_off),
    "LATE_INTEREST": Rule(money.Interest, money.interest),
}


def read(kind: str, data: Any) -> tuple[Asked, list[str]]:
    """
    Return the facts that the raw data give for a kind of clause, and the names in them that its rule does not know.

    Raises TermsError with every problem, KeyError for an unknown kind.
    """
    shape = RULES[kind].shape
    strange = unknown(shape, data)
    with exactly():
        known: dict[str, Any] = {name: raw for name, raw in data.items() if name not in strange} if strange else data
        return shape.from_data(known), strange


def apply(kind: str, facts: Asked, calendar: Calendar | None = None) -> Working:
    """Return what the rule says. Raises BadInput where a period cannot be reckoned."""
    rule = RULES[kind]
    with exactly():
        return rule.solve(facts, calendar) if rule.dated else rule.solve(facts)


def answer(kind: str, data: Any, calendar: Calendar | None = None) -> Working:
    """Return what the rule says on raw data; facts that it does not know are named in a step of their own."""
    facts, strange = read(kind, data)
    found = apply(kind, facts, calendar)
    if not strange:
        return found
    return Working(found.result, (*found.steps, step("not_used", names=tuple(strange))))
