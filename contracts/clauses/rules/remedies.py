"""Which remedy, how much less to pay, and repair by the buyer (CC 581, 582; CISG 46–50; SPC Sales 16, 17). PURE."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import auto
from fractions import Fraction
from typing import Any

from contracts.clauses.asking import Amount, Asked, Coded, Fine
from contracts.clauses.choices import Upper
from contracts.clauses.kinds import Choice, Day, Many, Problem, Text, Whole, YesNo
from contracts.clauses.remedies import Chooser, Method, Remedy
from contracts.clauses.remedies import Step as ScaleStep
from contracts.clauses.rules.delay import later
from contracts.clauses.terms import Rows, asked
from contracts.clauses.working import Working, share, step, to_minor


class LawSet(Upper):
    """The rules that fill what the contract leaves open."""

    PRC = auto()
    CISG = auto()


@dataclass(frozen=True, kw_only=True)
class Reduction(Asked):
    method: Method | None = asked(Choice(Method), default=None)
    price: Decimal | None = asked(Amount(), default=None)
    value_conforming: Decimal | None = asked(Amount(), default=None)
    value_delivered: Decimal | None = asked(Amount(), default=None)
    deviation: Decimal | None = asked(Fine(), default=None)
    scale: tuple[ScaleStep, ...] = asked(Rows(ScaleStep), default=())
    governing_law: LawSet | None = asked(Choice(LawSet), default=None)
    cure_offered: bool = asked(YesNo(), default=False)
    cure_refused: bool = asked(YesNo(), default=False)

    def problems(self) -> list[Problem]:
        if self.barred:
            return super().problems()
        needed = ["method", "price"]
        if self.method == Method.SCALE:
            needed += ["deviation", "scale"]
        elif self.method:
            needed += ["value_conforming", "value_delivered"]
        missing = [Problem(name, "required") for name in needed if getattr(self, name) in (None, ())]
        if self.method == Method.PROPORTIONAL and self.value_conforming == 0:
            missing.append(Problem("value_conforming", "not_above", (("limit", "0"),)))
        return [*super().problems(), *missing]

    @property
    def barred(self) -> bool:
        """Under the convention, who refuses a proper cure may not reduce the price."""
        return self.governing_law == LawSet.CISG and self.cure_offered and self.cure_refused


def reduction(said: Reduction) -> Working:
    """
    Return by how much the price falls. result: entitled, reduction, reduced_price, review.

    MARKET_DIFFERENCE: the difference of the values on delivery. PROPORTIONAL: price × difference ÷ value as agreed.
    SCALE: the step that holds the deviation. Never below 0 nor above the price.
    """
    if said.barred:
        why = step("reduction.cure_refused", "cure_offered", "cure_refused", law="CISG 37, 48, 50")
        return Working({"entitled": False, "reduction": None, "reduced_price": None, "review": True}, (why,))
    assert said.price is not None
    exact, why = _scaled(said) if said.method == Method.SCALE else _by_values(said)
    found = to_minor(max(Fraction(0), min(exact, Fraction(said.price))), said.currency)
    reduced = to_minor(Fraction(said.price) - Fraction(found.amount), said.currency)
    steps = [why, step("reduction.result", "price", price=to_minor(said.price, said.currency), reduction=found,
                       reduced=reduced)]  # fmt: skip
    review = said.cure_offered and said.cure_refused
    if review:
        steps.append(step("reduction.cure_review", "cure_offered", "cure_refused"))
    entitled = found.amount > 0
    return Working({"entitled": entitled, "reduction": found, "reduced_price": reduced, "review": review}, tuple(steps))


def _by_values(said: Reduction) -> tuple[Fraction, Any]:
    assert said.price is not None
    assert said.value_conforming is not None
    assert said.value_delivered is not None
    exact = Fraction(said.value_conforming) - Fraction(said.value_delivered)
    law = "CC 582; SPC Sales 17"
    if said.method == Method.PROPORTIONAL:
        exact = Fraction(said.price) * exact / Fraction(said.value_conforming)
        law = "CISG 50" if said.governing_law == LawSet.CISG else "CC 582"
    return exact, step(
        f"reduction.{said.method}", "price", "value_conforming", "value_delivered", "method", law=law,
        price=to_minor(said.price, said.currency), conforming=said.value_conforming, delivered=said.value_delivered,
        raw=to_minor(exact, said.currency),
    )  # fmt: skip


def _scaled(said: Reduction) -> tuple[Fraction, Any]:
    assert said.price is not None
    assert said.deviation is not None
    for row in said.scale:
        if row.from_value <= said.deviation and (row.to_value is None or said.deviation < row.to_value):
            exact = share(said.price, row.reduction_pct)
            facts: dict[str, Any] = {
                "pct": row.reduction_pct,
                "raw": to_minor(exact, said.currency),
                "deviation": said.deviation,
            }
            return exact, step("reduction.SCALE", "deviation", "scale", "price", **facts)
    return Fraction(0), step("reduction.no_step", "deviation", "scale", deviation=said.deviation)


BUYER_MAY = (Remedy.REPAIR, Remedy.REMAKE, Remedy.REPLACEMENT, Remedy.RETURN, Remedy.PRICE_REDUCTION)
ALSO = (("REPLACE", "REPLACEMENT"), ("TERMINATE", "TERMINATION"), ("REWORK", "REPAIR"))


@dataclass(frozen=True, kw_only=True)
class Order(Asked):
    clause: str = asked(Text(), default="")
    governing_law: LawSet | None = asked(Choice(LawSet), default=None)
    order: tuple[Remedy, ...] = asked(Many(Remedy, ordered=True), default=())
    chooser: Chooser = asked(Choice(Chooser), default=Chooser.IN_ORDER)
    max_repairs: int | None = asked(Whole(0, 20), default=None)
    failed_repairs: int = asked(Whole(0, 100), default=0)
    failed: tuple[Remedy, ...] = asked(Many(Remedy), default=())
    requested: Remedy | None = asked(Coded(Remedy, ALSO), default=None)
    remedy: Remedy | None = asked(Coded(Remedy, ALSO), default=None)
    fundamental_breach: bool | None = asked(YesNo(), default=None)
    repair_reasonable: bool = asked(YesNo(), default=True)

    def problems(self) -> list[Problem]:
        problems = super().problems()
        if self.asked_for is None:
            problems.append(Problem("requested", "required"))
        if not self.order and self.governing_law is None:
            problems.append(Problem("order", "order_or_law"))
        if Remedy.REPAIR in self.order and self.chooser == Chooser.IN_ORDER and self.max_repairs is None:
            problems.append(Problem("max_repairs", "required"))
        if not self.order and self.governing_law == LawSet.CISG and self.fundamental_breach is None:
            problems.append(Problem("fundamental_breach", "required"))
        return problems

    @property
    def asked_for(self) -> Remedy | None:
        return self.requested or self.remedy


def order(said: Order) -> Working:
    """
    Return which remedies are open now. result: entitled (to the one asked for), available, review.

    A clause goes before the law (CC 582 sentence 1): its remedies in order, the next when the one before has failed.
    Without a clause: by CC 582 sentence 2 the buyer chooses reasonably; by CISG 46 substitute goods need a
    fundamental breach.
    """
    if said.order:
        available, review, why = _by_clause(said), False, step(
            "order.clause", "order", "max_repairs", "failed_repairs", law="CC 582", order=said.order,
            failed=said.failed_repairs, most=said.max_repairs or 0,
        )  # fmt: skip
    elif said.governing_law == LawSet.CISG:
        available, review = _by_convention(said), True
        code = "order.cisg.fundamental" if said.fundamental_breach else "order.cisg"
        why = step(code, "fundamental_breach", "repair_reasonable", law="CISG 46(2), 46(3)")
    else:
        available, review, why = BUYER_MAY, True, step("order.law", "governing_law", law="CC 582 sentence 2")
    entitled = said.asked_for in available
    verdict = step("order.open" if entitled else "order.shut", "requested", asked=said.asked_for, available=available)
    return Working({"entitled": entitled, "available": available, "review": review}, (why, verdict))


def _by_clause(said: Order) -> tuple[Remedy, ...]:
    left = tuple(remedy for remedy in said.order if not _used_up(said, remedy))
    return left if said.chooser != Chooser.IN_ORDER else left[:1]


def _used_up(said: Order, remedy: Remedy) -> bool:
    spent = remedy == Remedy.REPAIR and said.max_repairs is not None and said.failed_repairs >= said.max_repairs
    return spent or remedy in said.failed


def _by_convention(said: Order) -> tuple[Remedy, ...]:
    grave = bool(said.fundamental_breach)
    may = (
        (Remedy.REPAIR, said.repair_reasonable), (Remedy.REPLACEMENT, grave), (Remedy.PRICE_REDUCTION, True),
        (Remedy.DAMAGES, True), (Remedy.TERMINATION, grave),
    )  # fmt: skip
    return tuple(remedy for remedy, allowed in may if allowed)


@dataclass(frozen=True, kw_only=True)
class SelfRepair(Asked):
    in_time: bool = asked(YesNo())
    seller_asked: date | None = asked(Day(), default=None)
    cure_days: int | None = asked(Whole(0, 1000), default=None)
    seller_acted: bool | None = asked(YesNo(), default=None)
    urgent: bool = asked(YesNo(), default=False)
    repair_date: date | None = asked(Day(), default=None)
    cost: Decimal = asked(Amount())
    reasonable: bool = asked(YesNo())

    def problems(self) -> list[Problem]:
        needed = () if self.urgent else ("seller_asked", "cure_days", "seller_acted", "repair_date")
        return [*super().problems(), *(Problem(name, "required") for name in needed if getattr(self, name) is None)]


def self_repair(said: SelfRepair) -> Working:
    """
    Return the cost of a repair that the buyer had done elsewhere. result: entitled, amount, review.

    The claim must be in time, the cost reasonable, and the seller asked, silent and the days of cure over, unless it
    was urgent (SPC Sales 16). A cost that is not reasonable is left to Legal.
    """
    codes = []
    if not said.in_time:
        codes.append(step("self.not_in_time", "in_time"))
    if not said.urgent:
        codes += _too_early(said)
    if not codes and not said.reasonable:
        codes.append(step("self.unreasonable", "reasonable", "cost", law="CC 591"))
        return Working({"entitled": False, "amount": to_minor(0, said.currency), "review": True}, tuple(codes))
    entitled = not codes
    amount = to_minor(said.cost if entitled else 0, said.currency)
    if entitled:
        code = "self.urgent" if said.urgent else "self.after_inaction"
        uses = ("urgent", "cost") if said.urgent else ("seller_asked", "cure_days", "repair_date", "cost")
        codes = [step(code, *uses, law="SPC Sales 16; CC 581", asked=said.seller_asked, n=said.cure_days,
                      on=said.repair_date, cost=amount)]  # fmt: skip
    return Working({"entitled": entitled, "amount": amount, "review": False}, tuple(codes))


def _too_early(said: SelfRepair) -> list[Any]:
    assert said.seller_asked is not None
    assert said.cure_days is not None
    assert said.repair_date is not None
    if said.seller_acted:
        return [step("self.seller_acted", "seller_acted")]
    over = later(said.seller_asked, said.cure_days)
    if said.repair_date <= over:
        return [step("self.too_early", "seller_asked", "cure_days", "repair_date", last=over, on=said.repair_date)]
    return []
