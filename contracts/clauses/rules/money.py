"""Retention, earnest money, conversion, set-off and late interest (CC 568, 586–588; SPC Sales 15, 16, 18). PURE."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from contracts.amounts import Money
from contracts.clauses.asking import Amount, Asked, Currency, Fine, positive
from contracts.clauses.kinds import Day, Problem, Whole, YesNo, percent
from contracts.clauses.terms import asked
from contracts.clauses.working import Step, Working, share, step, to_minor

EARNEST_PCT = 20  # CC 586(2)


@dataclass(frozen=True, kw_only=True)
class Retention(Asked):
    contract_price: Decimal = asked(Amount())
    retention_pct: Decimal = asked(percent())
    third_party_repair: Decimal = asked(Amount(), default=Decimal(0))
    seller_failed_to_repair: bool | None = asked(YesNo(), default=None)
    open_issue_impairs_use: bool = asked(YesNo(), default=False)

    def problems(self) -> list[Problem]:
        missing = self.third_party_repair and self.seller_failed_to_repair is None
        return [*super().problems(), *([Problem("seller_failed_to_repair", "required")] if missing else [])]


def retention(said: Retention) -> Working:
    """
    Return what is held and what is released. result: held, deducted, released, claim_left, review.

    A repair cost is deducted only if the seller failed to repair; what exceeds the money held stays a claim. An open
    issue that impairs the use keeps all of it, which Legal judges (SPC Sales 15).
    """
    held = to_minor(share(said.contract_price, said.retention_pct), said.currency)
    price = to_minor(said.contract_price, said.currency)
    steps = [step("retention.held", "contract_price", "retention_pct", pct=said.retention_pct, price=price, held=held)]
    nothing = to_minor(0, said.currency)
    if said.open_issue_impairs_use:
        steps.append(step("retention.stays", "open_issue_impairs_use", law="SPC Sales 15"))
        kept = {"held": held, "deducted": nothing, "released": nothing, "claim_left": nothing}
        return Working({**kept, "review": True}, tuple(steps))
    cost = to_minor(said.third_party_repair, said.currency)
    taken = min(cost.amount, held.amount) if said.seller_failed_to_repair else Decimal(0)
    deducted, released = to_minor(taken, said.currency), to_minor(held.amount - taken, said.currency)
    left = to_minor(cost.amount - taken if said.seller_failed_to_repair else 0, said.currency)
    steps += _deduction(said, cost, deducted, left)
    steps.append(step("retention.released", "contract_price", "retention_pct", released=released))
    sums = {"held": held, "deducted": deducted, "released": released, "claim_left": left}
    return Working({**sums, "review": False}, tuple(steps))


def _deduction(said: Retention, cost: Money, deducted: Money, left: Money) -> list[Step]:
    if not cost.amount:
        return []
    uses = ("third_party_repair", "seller_failed_to_repair")
    if not said.seller_failed_to_repair:
        return [step("retention.not_deducted", *uses, law="SPC Sales 16", cost=cost)]
    steps = [step("retention.deducted", *uses, law="SPC Sales 16", deducted=deducted)]
    return [*steps, step("retention.claim_left", *uses, left=left)] if left.amount else steps


@dataclass(frozen=True, kw_only=True)
class Earnest(Asked):
    contract_price: Decimal = asked(Amount())
    earnest_paid: Decimal = asked(Amount())
    liquidated: Decimal | None = asked(Amount(), default=None)
    seller_fundamental_breach: bool = asked(YesNo())


def earnest(said: Earnest) -> Working:
    """
    Return what the buyer gets by earnest money or by agreed damages, one of them (CC 588(1)).

    result: entitled, earnest_effective (at most 20 % of the price), back_by_earnest (that twice, and the rest once),
    back_by_ld (all that was paid, and the damages), better EARNEST, LIQUIDATED or EITHER, review. Without a
    fundamental breach of the seller nothing comes back by this rule.
    """
    most = share(said.contract_price, EARNEST_PCT)
    effective = to_minor(min(Fraction(said.earnest_paid), most), said.currency)
    paid = to_minor(said.earnest_paid, said.currency)
    facts: dict[str, Any] = {
        "paid": paid,
        "effective": effective,
        "limit": to_minor(most, said.currency),
        "pct": EARNEST_PCT,
    }
    steps = [step("earnest.effective", "contract_price", "earnest_paid", law="CC 586", **facts)]
    result: dict[str, Any] = {"earnest_effective": effective, "back_by_earnest": None, "back_by_ld": None}
    if not said.seller_fundamental_breach:
        steps.append(step("earnest.no_breach", "seller_fundamental_breach", law="CC 587"))
        return Working({"entitled": False, **result, "better": None, "review": True}, tuple(steps))
    back = to_minor(effective.amount + paid.amount, said.currency)
    steps.append(step("earnest.twice", "earnest_paid", law="CC 587", effective=effective, back=back,
                      rest=to_minor(paid.amount - effective.amount, said.currency)))  # fmt: skip
    result, better = {**result, "back_by_earnest": back}, "EARNEST"
    if said.liquidated is not None:
        agreed = to_minor(said.liquidated, said.currency)
        other = to_minor(paid.amount + agreed.amount, said.currency)
        better = "EITHER" if other.amount == back.amount else "LIQUIDATED" if back < other else "EARNEST"
        result["back_by_ld"] = other
        steps.append(step("earnest.or_ld", "liquidated", law="CC 588(1)", ld=agreed, paid=paid, back=other))
        steps.append(step(f"earnest.better.{better}", "earnest_paid", "liquidated", law="CC 588(1)"))
    return Working({"entitled": True, **result, "better": better, "review": False}, tuple(steps))


@dataclass(frozen=True, kw_only=True)
class Conversion(Asked):
    amount: Decimal = asked(Amount())
    currency: str = asked(Currency())
    rate: Decimal = asked(positive())
    to: str = asked(Currency())
    rate_date: date = asked(Day())

    def problems(self) -> list[Problem]:
        same = self.currency == self.to and self.rate != 1
        return [*super().problems(), *([Problem("rate", "rate_of_same")] if same else [])]


def conversion(said: Conversion) -> Working:
    """Return the amount in the other currency, rounded once, after it. result: amount, currency, review."""
    found = to_minor(Fraction(said.amount) * Fraction(said.rate), said.to)
    source = Money(said.amount, said.currency)
    facts: dict[str, Any] = {"source": source, "rate": said.rate, "on": said.rate_date, "amount": found, "to": said.to}
    why = step("fx.product", "amount", "rate", "rate_date", **facts)
    return Working({"amount": found, "currency": said.to, "review": False}, (why,))


@dataclass(frozen=True, kw_only=True)
class SetOff(Asked):
    unpaid_price: Decimal = asked(Amount())
    compensation: Decimal = asked(Amount())


def set_off(said: SetOff) -> Working:
    """Return who pays whom after set-off by notice (CC 568). result: buyer_pays, seller_pays, review."""
    price, owed = to_minor(said.unpaid_price, said.currency), to_minor(said.compensation, said.currency)
    rest = price.amount - owed.amount
    result = {"buyer_pays": to_minor(max(rest, Decimal(0)), said.currency),
              "seller_pays": to_minor(max(-rest, Decimal(0)), said.currency)}  # fmt: skip
    why = step("set_off.rest", "unpaid_price", "compensation", law="CC 568", price=price, owed=owed, **result)
    return Working({**result, "review": False}, (why,))


@dataclass(frozen=True, kw_only=True)
class Interest(Asked):
    principal: Decimal = asked(Amount())
    reference_rate_pct: Decimal | None = asked(Fine(least=Decimal(0), most=Decimal(100)), default=None)
    uplift_pct: Decimal = asked(Fine(least=Decimal(0), most=Decimal(100)), default=Decimal(0))
    daily_rate_pct: Decimal | None = asked(percent(), default=None)
    days: int = asked(Whole(0, 40_000))
    day_basis: int | None = asked(Whole(360, 366), default=None)

    def problems(self) -> list[Problem]:
        problems = super().problems()
        if self.reference_rate_pct is None and self.daily_rate_pct is None:
            problems.append(Problem("reference_rate_pct", "one_of_two_needed"))
        if self.reference_rate_pct is not None and self.daily_rate_pct is not None:
            problems.append(Problem("daily_rate_pct", "said_twice", (("other", "reference_rate_pct"),)))
        if self.reference_rate_pct is not None and self.day_basis is None:
            problems.append(Problem("day_basis", "required"))
        return problems


def interest(said: Interest) -> Working:
    """Return simple interest for late payment, a year's rate with its uplift or a rate per day. result: interest."""
    if said.daily_rate_pct is not None:
        exact = share(said.principal, said.daily_rate_pct) * said.days
        uses: tuple[str, ...] = ("principal", "daily_rate_pct", "days")
        code, law = "interest.daily", ""
    else:
        assert said.reference_rate_pct is not None
        assert said.day_basis is not None
        yearly = share(said.reference_rate_pct, 100 + said.uplift_pct)
        exact = share(said.principal, yearly) * said.days / said.day_basis
        uses = ("principal", "reference_rate_pct", "uplift_pct", "days", "day_basis")
        code, law = "interest.yearly", "SPC Sales 18(4)"
    found = to_minor(exact, said.currency)
    why = step(code, *uses, law=law, principal=to_minor(said.principal, said.currency), interest=found, n=said.days,
               rate=said.reference_rate_pct, uplift=said.uplift_pct, basis=said.day_basis,
               daily=said.daily_rate_pct)  # fmt: skip
    return Working({"interest": found, "review": False}, (why,))
