"""Damages, exclusions, caps and shares of the cause (CC 506, 583–585, 591–593). PURE."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from contracts.clauses.asking import Amount, Asked, Named, Names, part
from contracts.clauses.kinds import Problem, Text, YesNo, percent
from contracts.clauses.rules.delay import Capped, capped
from contracts.clauses.terms import asked
from contracts.clauses.working import Step, Working, share, step, to_minor

INJURY = "PERSONAL_INJURY"
OURS = ("SELLER", "SUPPLIER", "CARRIER")  # towards the buyer a third party's fault is no excuse (CC 593)


@dataclass(frozen=True, kw_only=True)
class Damages(Capped):
    loss: Decimal = asked(Amount())
    avoidable: Decimal = asked(Amount(), default=Decimal(0))
    buyer_share_pct: Decimal = asked(part(), default=Decimal(0))
    ld_same_loss: Decimal | None = asked(Amount(), default=None)
    ld_exclusive: bool | None = asked(YesNo(), default=None)
    cap_of: Decimal | None = asked(Amount(), default=None)

    def cap_base(self) -> tuple[str, Decimal | None]:
        return "cap_of", self.cap_of

    def problems(self) -> list[Problem]:
        problems = super().problems()
        if self.avoidable > self.loss:
            problems.append(Problem("avoidable", "over", (("limit", f"{self.loss:f}"),)))
        if self.ld_same_loss is not None and self.ld_exclusive is None:
            problems.append(Problem("ld_exclusive", "required"))
        return problems


def damages(said: Damages) -> Working:
    """
    Return the loss that is made good: what was avoidable out first, then the buyer's share, rounded once.

    result: entitled, before_cap, amount, cap_applied, review. With agreed damages for the same loss also ld,
    extra_damages (only what exceeds them, nothing if they are the sole remedy) and total; amount is the total.
    """
    net = Fraction(said.loss) - Fraction(said.avoidable)
    exact = net * (100 - Fraction(said.buyer_share_pct)) / 100
    steps = [step("damages.loss", "loss", law="CC 584", loss=to_minor(said.loss, said.currency))]
    if said.avoidable:
        facts: dict[str, Any] = {
            "avoidable": to_minor(said.avoidable, said.currency),
            "left": to_minor(net, said.currency),
        }
        steps.append(step("damages.avoidable", "avoidable", law="CC 591(1)", **facts))
    if said.buyer_share_pct:
        facts = {"pct": said.buyer_share_pct, "left": to_minor(exact, said.currency)}
        steps.append(step("damages.shared", "buyer_share_pct", law="CC 592", **facts))
    if said.ld_same_loss is not None:
        return _above_agreed(said, exact, steps)
    result, more = capped(said, exact)
    return Working({**result, "entitled": result["before_cap"].amount > 0, "review": False}, (*steps, *more))


def _above_agreed(said: Damages, exact: Fraction, steps: list[Step]) -> Working:
    assert said.ld_same_loss is not None
    ld = to_minor(said.ld_same_loss, said.currency)
    extra = Fraction(0) if said.ld_exclusive else max(Fraction(0), exact - Fraction(ld.amount))
    code = "damages.sole_remedy" if said.ld_exclusive else "damages.above_agreed"
    law = "CC 585(2), 497, 506" if said.ld_exclusive else "CC 583, 585(2)"
    steps.append(step(code, "ld_same_loss", "ld_exclusive", law=law, ld=ld, extra=to_minor(extra, said.currency)))
    result, more = capped(said, extra)
    total = to_minor(ld.amount + result["amount"].amount, said.currency)
    sums = {"ld": ld, "extra_damages": result["amount"], "total": total, "amount": total,
            "cap_applied": result["cap_applied"]}  # fmt: skip
    steps = [*steps, *(line for line in more if not line.code.startswith("payable"))]
    steps.append(step("damages.total", "ld_same_loss", ld=ld, extra=result["amount"], total=total))
    return Working({"entitled": total.amount > 0, **sums, "review": True}, tuple(steps))


@dataclass(frozen=True, kw_only=True)
class Exclusion(Asked):
    items: tuple[tuple[str, Decimal], ...] = asked(Named())
    excluded: tuple[str, ...] = asked(Names(), default=())
    gross_negligence: bool = asked(YesNo(), default=False)
    intent: bool = asked(YesNo(), default=False)
    seller_silent: bool = asked(YesNo(), default=False)
    form_clause: bool = asked(YesNo(), default=False)
    pointed_out: bool | None = asked(YesNo(), default=None)


def exclusion(said: Exclusion) -> Working:
    """
    Return what is left after an exclusion of kinds of loss. result: entitled, amount, review.

    Void with intent or gross negligence (CC 506(2)), where the seller hid a defect that it knew (CC 618), and always
    for injury (CC 506(1)). A form clause that was not pointed out still excludes here, but Legal must judge it.
    """
    void = said.gross_negligence or said.intent or said.seller_silent
    left, steps, review = Fraction(0), [], void
    for name, value in said.items:
        excluded = name in said.excluded
        saved = excluded and (void or name == INJURY)
        review = review or saved
        left += Fraction(0) if excluded and not saved else Fraction(value)
        code = "exclusion.void" if saved else "exclusion.out" if excluded else "exclusion.kept"
        law = "CC 506(1)" if saved and name == INJURY else "CC 506(2), 618" if saved else "CC 584"
        steps.append(step(code, "items", "excluded", law=law, name=name, amount=to_minor(value, said.currency)))
    if said.form_clause and said.pointed_out is not True and said.excluded:
        review = True
        steps.append(step("exclusion.form_clause", "form_clause", "pointed_out", law="CC 496, 497"))
    amount = to_minor(left, said.currency)
    steps.append(step("payable" if amount.amount else "payable.nothing", amount=amount))
    return Working({"entitled": amount.amount > 0, "amount": amount, "review": review}, tuple(steps))


@dataclass(frozen=True, kw_only=True)
class AggregateCap(Asked):
    heads: tuple[tuple[str, Decimal], ...] = asked(Named())
    contract_price: Decimal | None = asked(Amount(), default=None)
    aggregate_cap: Decimal | None = asked(Amount(), default=None)
    aggregate_cap_pct: Decimal | None = asked(percent(), default=None)
    carve_outs: tuple[str, ...] = asked(Names(), default=())
    already_paid: Decimal = asked(Amount(), default=Decimal(0))
    gross_negligence: bool = asked(YesNo(), default=False)
    intent: bool = asked(YesNo(), default=False)

    def problems(self) -> list[Problem]:
        problems = super().problems()
        if self.aggregate_cap is None and self.aggregate_cap_pct is None:
            problems.append(Problem("aggregate_cap", "one_of_two_needed"))
        if self.aggregate_cap is not None and self.aggregate_cap_pct is not None:
            problems.append(Problem("aggregate_cap", "one_of_two"))
        if self.aggregate_cap_pct is not None and self.contract_price is None:
            problems.append(Problem("contract_price", "required"))
        return problems


def aggregate(said: AggregateCap) -> Working:
    """
    Return what the heads make together under one cap. result: entitled, sum, cap, amount, cap_applied, review.

    Carve-outs stand outside; so does injury, by law. With intent or gross negligence there is no cap (CC 506(2)).
    """
    heads = [(name, to_minor(value, said.currency)) for name, value in said.heads]
    free = {*said.carve_outs, INJURY}
    outside = sum((money.amount for name, money in heads if name in free), Decimal(0))
    inside = sum((money.amount for name, money in heads if name not in free), Decimal(0))
    limit, why = _limit(said)
    void = said.gross_negligence or said.intent
    left = max(Decimal(0), limit - to_minor(said.already_paid, said.currency).amount)
    applied = not void and inside > left
    amount = to_minor((left if applied else inside) + outside, said.currency)
    total, cap = to_minor(inside + outside, said.currency), to_minor(limit, said.currency)
    steps = [step("heads.sum", "heads", sum=total), why]
    if said.already_paid:
        paid = to_minor(said.already_paid, said.currency)
        steps.append(step("heads.paid", "already_paid", paid=paid, left=to_minor(left, said.currency)))
    if outside:
        names = tuple(dict.fromkeys(name for name, _ in heads if name in free))
        facts: dict[str, Any] = {"names": names, "amount": to_minor(outside, said.currency)}
        steps.append(step("heads.outside", "carve_outs", law="CC 506(1)", **facts))
    by_law = not void and any(name == INJURY for name, _ in heads) and INJURY not in said.carve_outs
    code = "heads.cap_void" if void else "heads.cut" if applied else "heads.uncut"
    steps.append(step(code, "heads", law="CC 506(2)" if void else "CC 506", inside=to_minor(inside, said.currency),
                      left=to_minor(left, said.currency)))  # fmt: skip
    steps.append(step("payable" if amount.amount else "payable.nothing", amount=amount))
    result: dict[str, Any] = {"sum": total, "cap": cap, "amount": amount, "cap_applied": applied}
    return Working({"entitled": amount.amount > 0, **result, "review": void or by_law}, tuple(steps))


def _limit(said: AggregateCap) -> tuple[Decimal, Step]:
    if said.aggregate_cap is not None:
        limit = to_minor(said.aggregate_cap, said.currency)
        return limit.amount, step("heads.cap", "aggregate_cap", limit=limit)
    assert said.contract_price is not None
    assert said.aggregate_cap_pct is not None
    limit = to_minor(share(said.contract_price, said.aggregate_cap_pct), said.currency)
    facts: dict[str, Any] = {
        "pct": said.aggregate_cap_pct,
        "base": to_minor(said.contract_price, said.currency),
        "limit": limit,
    }
    return limit.amount, step("heads.cap_pct", "contract_price", "aggregate_cap_pct", **facts)


@dataclass(frozen=True, kw_only=True)
class Attribution(Asked):
    loss: Decimal | None = asked(Amount(), default=None)
    cause: str = asked(Text(100), default="")
    seller_share_pct: Decimal | None = asked(part(), default=None)
    shares: tuple[tuple[str, Decimal], ...] = asked(Named(part()), default=())

    def problems(self) -> list[Problem]:
        problems = super().problems()
        if self.seller_share_pct is None and not self.shares:
            problems.append(Problem("seller_share_pct", "required"))
        if self.seller_share_pct is not None and self.shares:
            problems.append(Problem("shares", "said_twice", (("other", "seller_share_pct"),)))
        if self.shares and (total := sum(pct for _, pct in self.shares)) != 100:
            problems.append(Problem("shares", "not_a_hundred", (("total", f"{total:f}"),)))
        if self.loss is None and self.ours:
            problems.append(Problem("loss", "required"))
        return problems

    @property
    def ours(self) -> Decimal:
        """What the seller answers for, in per cent: its own, its suppliers' and its carriers' share."""
        if self.seller_share_pct is not None:
            return self.seller_share_pct
        return sum((pct for name, pct in self.shares if name.split("(")[0].strip() in OURS), Decimal(0))


def attribution(said: Attribution) -> Working:
    """Return the seller's part of a loss. result: entitled, amount, goodwill_possible, review."""
    amount = to_minor(share(said.loss or Decimal(0), said.ours), said.currency)
    uses = ("shares",) if said.shares else ("seller_share_pct",)
    if not said.ours:
        steps = [step("cause.not_ours", "cause", *uses, law="CC 592", cause=said.cause)]
    else:
        facts: dict[str, Any] = {"loss": to_minor(said.loss or 0, said.currency), "pct": said.ours, "amount": amount}
        steps = [step("cause.shared", "loss", *uses, law="CC 592, 593", **facts)]
    none = amount.amount == 0
    result = {"entitled": not none, "amount": amount, "goodwill_possible": none, "review": False}
    return Working(result, (*steps, *([step("cause.goodwill")] if none else [])))
