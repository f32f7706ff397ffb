"""Agreed damages per unit, per step of performance, per breach, and their comparison with the loss (CC 585). PURE."""

from dataclasses import dataclass
from decimal import Decimal
from enum import auto
from fractions import Fraction
from typing import Any

from contracts.clauses.asking import Amount, Asked, Fine, positive
from contracts.clauses.choices import PartUnit, Upper
from contracts.clauses.kinds import Choice, Problem, Text, Whole, percent
from contracts.clauses.liquidated import CountRule, Direction
from contracts.clauses.measures import convert, problems_of_units
from contracts.clauses.rules.delay import Capped, capped, of_parts
from contracts.clauses.terms import asked
from contracts.clauses.working import Step, Working, share, step, to_minor

EXCESSIVE = Fraction(13, 10)  # SPC General Part of Contracts 65(2): more than 30 % above the loss
REJECTION = ("REJECT_GOODS", "TERMINATE", "REPLACE")


@dataclass(frozen=True, kw_only=True)
class PerUnit(Capped):
    units_confirmed: int = asked(Whole(0, 1_000_000_000))
    units_claimed: int | None = asked(Whole(0, 1_000_000_000), default=None)
    amount_per_unit: Decimal | None = asked(Amount(), default=None)
    unit_price: Decimal | None = asked(Amount(), default=None)
    unit_price_pct: Decimal | None = asked(percent(), default=None)
    affected_price: Decimal | None = asked(Amount(), default=None)

    def cap_base(self) -> tuple[str, Decimal | None]:
        return "affected_price", self.affected_price

    def problems(self) -> list[Problem]:
        problems = super().problems()
        if self.amount_per_unit is None and self.unit_price_pct is None:
            problems.append(Problem("amount_per_unit", "one_of_two_needed"))
        if self.amount_per_unit is not None and self.unit_price_pct is not None:
            problems.append(Problem("unit_price_pct", "said_twice", (("other", "amount_per_unit"),)))
        if self.unit_price_pct is not None and self.unit_price is None:
            problems.append(Problem("unit_price", "required"))
        return problems

    @property
    def rate(self) -> Fraction:
        if self.amount_per_unit is not None:
            return Fraction(self.amount_per_unit)
        assert self.unit_price is not None
        assert self.unit_price_pct is not None
        return share(self.unit_price, self.unit_price_pct)


def per_unit(said: PerUnit) -> Working:
    """Return the damages for each confirmed unit; claimed units never count. result: as `delay.capped`, entitled."""
    steps = []
    if said.units_claimed is not None and said.units_claimed != said.units_confirmed:
        counts: dict[str, Any] = {"claimed": said.units_claimed, "confirmed": said.units_confirmed}
        steps.append(step("units.confirmed_count", "units_confirmed", "units_claimed", **counts))
    exact = said.units_confirmed * said.rate
    uses = ("amount_per_unit",) if said.amount_per_unit is not None else ("unit_price", "unit_price_pct")
    steps.append(
        step("units.product", "units_confirmed", *uses, law="CC 585(1)", n=said.units_confirmed,
             each=to_minor(said.rate, said.currency), raw=to_minor(exact, said.currency))
    )  # fmt: skip
    result, more = capped(said, exact)
    return Working({**result, "entitled": result["before_cap"].amount > 0, "review": False}, (*steps, *more))


class ToleranceKind(Upper):
    """Where the shortfall is measured from: the edge of the tolerance, or the guaranteed value once it is left."""

    DEADBAND = auto()
    THRESHOLD = auto()


@dataclass(frozen=True, kw_only=True)
class Performance(Capped):
    guaranteed: Decimal = asked(Fine())
    unit: str = asked(Text(20), default="")
    measured: Decimal = asked(Fine())
    measured_unit: str = asked(Text(20), default="")
    direction: Direction = asked(Choice(Direction), default=Direction.HIGHER_IS_BETTER)
    tolerance: Decimal = asked(Fine(least=Decimal(0)), default=Decimal(0))
    tolerance_kind: ToleranceKind | None = asked(Choice(ToleranceKind), default=None)
    step: Decimal = asked(positive())
    amount_per_step: Decimal = asked(Amount())
    part_step: PartUnit = asked(Choice(PartUnit))
    reject_below: Decimal | None = asked(Fine(), default=None)
    reject_above: Decimal | None = asked(Fine(), default=None)
    cap_of: Decimal | None = asked(Amount(), default=None)

    def cap_base(self) -> tuple[str, Decimal | None]:
        return "cap_of", self.cap_of

    def problems(self) -> list[Problem]:
        problems = super().problems() + problems_of_units(self.measured_unit, self.unit, "measured_unit")
        if self.tolerance and self.tolerance_kind is None:
            problems.append(Problem("tolerance_kind", "required"))
        wrong = "reject_above" if self.higher else "reject_below"
        if getattr(self, wrong) is not None:
            problems.append(Problem(wrong, "not_applicable"))
        if self.reject is not None and not self.worse(self.reject, self.edge):
            problems.append(Problem("reject_below" if self.higher else "reject_above", "upside_down"))
        return problems

    @property
    def higher(self) -> bool:
        return self.direction == Direction.HIGHER_IS_BETTER

    @property
    def reject(self) -> Decimal | None:
        return self.reject_below if self.higher else self.reject_above

    @property
    def edge(self) -> Decimal:
        """The worst value that is still within the tolerance."""
        return self.guaranteed - self.tolerance if self.higher else self.guaranteed + self.tolerance

    def worse(self, value: Decimal, than: Decimal) -> bool:
        return value < than if self.higher else value > than


def performance(said: Performance) -> Working:
    """
    Return the damages for a guaranteed value that is missed.

    result: state WITHIN, LD or REJECT; entitled, shortfall, before_cap, amount, cap_applied, review. Beyond the limit
    of rejection no damages are due (amount None): the goods may be refused (`remedies`), which Legal judges.
    """
    measured = convert(said.measured, said.measured_unit, said.unit)
    known: dict[str, Any] = {
        "measured": measured,
        "guaranteed": said.guaranteed,
        "tolerance": said.tolerance,
        "unit": said.unit,
    }
    if not said.worse(measured, said.edge):
        nothing = to_minor(0, said.currency)
        zero = said.guaranteed - said.guaranteed
        why = (step("perf.within", "measured", "guaranteed", "tolerance", edge=said.edge, **known),)
        sums = {"before_cap": nothing, "amount": nothing, "cap_applied": False}
        return Working({"state": "WITHIN", "entitled": False, "shortfall": zero, **sums, "review": False}, why)
    start = said.guaranteed if said.tolerance_kind == ToleranceKind.THRESHOLD else said.edge
    short = abs(start - measured)
    if said.reject is not None and said.worse(measured, said.reject):
        return _rejected(said, measured, short)
    return _missed(said, short, start, measured)


def _rejected(said: Performance, measured: Decimal, short: Decimal) -> Working:
    why = step("perf.rejected", "measured", "reject_below", "reject_above", law="CC 582, 610", measured=measured,
               limit=said.reject, unit=said.unit)  # fmt: skip
    sums = {"before_cap": None, "amount": None, "cap_applied": False}
    result = {"state": "REJECT", "entitled": True, "shortfall": short, **sums, "remedies": REJECTION, "review": True}
    return Working(result, (why, step("perf.remedies", remedies=REJECTION)))


def _missed(said: Performance, short: Decimal, start: Decimal, measured: Decimal) -> Working:
    units = of_parts(Fraction(short) / Fraction(said.step), said.part_step)
    exact = units * Fraction(said.amount_per_step)
    steps: list[Step] = [
        step("perf.short", "measured", "guaranteed", "tolerance", "tolerance_kind", start=start, measured=measured,
             short=short, unit=said.unit),
        step("perf.steps", "step", "amount_per_step", "part_step", law="CC 585(1)", step=said.step, unit=said.unit,
             n=units, part_step=said.part_step, each=to_minor(said.amount_per_step, said.currency),
             raw=to_minor(exact, said.currency)),
    ]  # fmt: skip
    result, more = capped(said, exact)
    entitled = result["before_cap"].amount > 0
    return Working(
        {"state": "LD", "entitled": entitled, "shortfall": short, **result, "review": False}, (*steps, *more)
    )


@dataclass(frozen=True, kw_only=True)
class FixedPct(Capped):
    base: Decimal = asked(Amount())
    pct: Decimal = asked(percent())
    count_rule: CountRule = asked(Choice(CountRule))
    events: int = asked(Whole(0, 100_000))
    cap_of: Decimal | None = asked(Amount(), default=None)

    def cap_base(self) -> tuple[str, Decimal | None]:
        return "cap_of", self.cap_of


def fixed_pct(said: FixedPct) -> Working:
    """Return a fixed percentage of the base, once or for each event or lot. result: as `delay.capped`, entitled."""
    times = min(said.events, 1) if said.count_rule == CountRule.ONCE else said.events
    exact = times * share(said.base, said.pct)
    why = step("fixed.product", "base", "pct", "events", "count_rule", law="CC 585(1)", n=times, pct=said.pct,
               base=to_minor(said.base, said.currency), raw=to_minor(exact, said.currency))  # fmt: skip
    result, more = capped(said, exact)
    return Working({**result, "entitled": result["before_cap"].amount > 0, "review": False}, (why, *more))


@dataclass(frozen=True, kw_only=True)
class Adjustment(Asked):
    liquidated: Decimal = asked(Amount())
    proven_loss: Decimal = asked(Amount())


def adjustment(said: Adjustment) -> Working:
    """
    Return whether agreed damages invite an adjustment; the amount itself is never changed here.

    result: payable_by_contract, reference_130pct, flag (REDUCTION_MAY_BE_ASKED, INCREASE_MAY_BE_ASKED, NONE), review.
    """
    reference = Fraction(said.proven_loss) * EXCESSIVE
    flag = "NONE"
    if said.liquidated > reference:
        flag = "REDUCTION_MAY_BE_ASKED"
    elif said.liquidated < said.proven_loss:
        flag = "INCREASE_MAY_BE_ASKED"
    sums = {
        "payable_by_contract": to_minor(said.liquidated, said.currency),
        "reference_130pct": to_minor(reference, said.currency),
    }
    law = "CC 585(2); SPC General Part 65(2)"
    why = step(f"adjust.{flag}", "liquidated", "proven_loss", law=law, loss=to_minor(said.proven_loss, said.currency),
               **sums)  # fmt: skip
    return Working({**sums, "flag": flag, "review": flag != "NONE"}, (why, step("adjust.never_cut", law=law)))
