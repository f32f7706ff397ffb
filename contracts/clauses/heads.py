"""The heads of money: what each clause of the contract gives on the facts of the case, before the common cap. PURE."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from contracts.amounts import Money
from contracts.clauses.asking import Asked
from contracts.clauses.case import CaseFacts, InForce
from contracts.clauses.choices import Base
from contracts.clauses.gates import Passed, Setting
from contracts.clauses.liability import Damages, Exclusion
from contracts.clauses.limits import Capped
from contracts.clauses.liquidated import (
    Counting,
    CountRule,
    Direction,
    Grace,
    Late,
    LdDelay,
    LdFixedPct,
    LdPerformance,
    LdPerUnit,
    Per,
    ToleranceUse,
)
from contracts.clauses.measures import NoConversion, convert
from contracts.clauses.remedies import Method, PriceReduction
from contracts.clauses.rules import delay, liability, liquidated, remedies
from contracts.clauses.rules.remedies import LawSet
from contracts.clauses.terms import Terms
from contracts.clauses.working import Step, Working, share, step, to_minor

DELAYS = {
    Late.LATE_DELIVERY: ("due_on", "delivered_on"),
    Late.LATE_COMMISSIONING: ("commissioning_due_on", "commissioned_on"),
    Late.LATE_REPAIR: ("repair_due_on", "repaired_on"),
}
AT_GATES = ("INSPECTION_NOTICE", "GUARANTEE_PERIOD")  # unchecked, they keep a gate from being known
DEFECT_GATES, DELAY_GATES, LOSS_GATES = ("Q", "N", "G", "C"), ("C",), ("Q", "N", "C")


@dataclass(frozen=True)
class Sum:
    """
    What one clause gives if every gate is open: sums before and after its own cap, or the facts that it lacks.

    A sum of None with nothing missing means that the clause gives a right other than money.
    """

    type: str
    clause: InForce | None
    gates: tuple[str, ...]
    before_cap: Money | None = None
    amount: Money | None = None
    steps: tuple[Step, ...] = ()
    missing: tuple[str, ...] = ()
    review: bool = False
    exclusive: bool = False
    cap_reached: bool = False

    @property
    def unchecked(self) -> bool:
        """Whether it only stands for a clause that may not be computed with yet."""
        return self.clause is None and "unchecked" in self.missing


def sums(setting: Setting, law: LawSet | None) -> list[Sum]:
    """Return the sum of each money clause in force, in the order of the paper; `damages` come after, above these."""
    found = []
    for clause in setting.clauses:
        if clause.type in HEADS:
            head = _in_currency(setting.facts, clause) or HEADS[clause.type](setting, clause, law)
            found += [_held_back(setting, _with_vat(setting.facts, head))] if head is not None else []
    return [*found, *_unchecked(setting)]


def _with_vat(facts: CaseFacts, one: Sum) -> Sum:
    """Return the sum with a step for each price that its clause counts with VAT where it is known without, or back."""
    told = vat_steps(facts, one.clause.terms) if one.clause and one.steps else ()
    return replace(one, steps=(*told, *one.steps)) if told else one


def vat_steps(facts: CaseFacts, terms: Terms) -> tuple[Step, ...]:
    """Return what each price that the terms take a percentage of is with and without VAT, once for each."""
    by_unit = isinstance(terms, LdPerUnit) and terms.unit_price_pct is not None
    bases = (
        (Base.UNIT_PRICE if by_unit else getattr(terms, "base_kind", None), getattr(terms, "vat", None)),
        (getattr(terms, "cap_base", None), getattr(terms, "cap_vat", None)),
    )
    found = {str(base): facts.vat_step(Base(base), vat) for base, vat in bases if base is not None and vat is not None}
    return tuple(line for line in found.values() if line is not None)


def _held_back(setting: Setting, one: Sum, *types: str) -> Sum:
    """Return the sum, lacking a clause that nobody checked: the common cap, the order it needs, one of these types."""
    types = ("LIABILITY_CAP", *types, *(("REMEDY_ORDER",) if "O" in one.gates else ()))
    nothing = one.amount is not None and not one.amount.amount and not one.missing
    if nothing or not setting.waits_for(*types):
        return one
    return replace(one, missing=tuple(dict.fromkeys((*one.missing, "unchecked"))))


def _unchecked(setting: Setting) -> list[Sum]:
    """
    Return what stands for each unchecked clause of which no gate speaks: undetermined, never nothing.

    A clause on money has a sum that is not known; of any other, nothing is due by itself.
    """
    facts = setting.facts
    told = (*AT_GATES, *(("DAMAGES", "EXCLUSION") if facts.losses else ()))  # with a loss, `damages` lacks them
    return [
        Sum(kind, None, (), amount=None if kind in HEADS else to_minor(0, facts.currency),
            steps=(step("clause.unchecked"),), missing=("unchecked",), review=True)
        for kind in facts.unchecked if kind not in told
    ]  # fmt: skip


def _in_currency(facts: CaseFacts, clause: InForce) -> Sum | None:
    """Return a head that cannot be reckoned, for a clause whose sums are in another currency than the case."""
    for name in clause.terms.asks():
        money = getattr(clause.terms, name)
        if isinstance(money, Money) and money.currency != facts.currency:
            why = step("head.currency", "currency", clause=money.currency, case=facts.currency)
            return Sum(clause.type, clause, DEFECT_GATES, steps=(why,), missing=("currency",), review=True)
    return None


def _asked(
    kind: str, clause: InForce, gates: tuple[str, ...], shape: type[Asked], rule: Callable[..., Working],
    said: dict[str, Any], missing: list[str], exclusive: bool = False,
) -> Sum:  # fmt: skip
    """Return what the rule says, or what it lacks; what is wrong between the facts is lacking too."""
    if missing:
        return Sum(kind, clause, gates, missing=tuple(dict.fromkeys(missing)), exclusive=exclusive)
    question = shape(**said)
    if wrong := question.problems():
        names = tuple(dict.fromkeys(problem.field for problem in wrong))
        return Sum(kind, clause, gates, missing=names, review=True, exclusive=exclusive)
    found = rule(question)
    before, amount = found.result.get("before_cap"), found.result.get("amount")
    reached = amount is not None and question.limit == amount if isinstance(question, delay.Capped) else False
    return Sum(kind, clause, gates, before, amount, found.steps, (), bool(found.result.get("review")), exclusive,
               reached)  # fmt: skip


def _cap(facts: CaseFacts, terms: Capped, missing: list[str], base_name: str = "cap_of") -> dict[str, Any]:
    """Return the cap as facts of a rule, noting what is missing for its base."""
    if terms.cap_amount is not None:
        return {"cap": terms.cap_amount.amount}
    if terms.cap_pct is None or terms.cap_base is None or terms.cap_vat is None:
        return {}
    base, lacks = facts.base_of(terms.cap_base, terms.cap_vat)
    missing += lacks
    return {"cap_pct": terms.cap_pct, base_name: base}


def _late(setting: Setting, clause: InForce, law: LawSet | None) -> Sum | None:
    """Return the head of a delay clause; None if nothing of the kind was due."""
    terms, facts = clause.terms, setting.facts
    assert isinstance(terms, LdDelay)
    due, done = DELAYS[terms.late]
    if getattr(facts, due) is None and terms.late != Late.LATE_DELIVERY:
        return None
    base, lacks = facts.base_of(terms.base_kind, terms.vat)
    missing = [name for name in (due, done) if getattr(facts, name) is None] + list(lacks)
    said: dict[str, Any] = {
        "currency": facts.currency, "due": getattr(facts, due), "actual": getattr(facts, done), "base": base,
        "inclusive": terms.counting == Counting.DUE_DAY_INCLUDED, "grace_days": terms.grace_days,
        "grace_kind": None if terms.grace_kind == Grace.NO_GRACE else terms.grace_kind,
        "force_majeure": facts.force_majeure, "fm_mode": terms.fm_mode,
        "fm_notified": facts.fm_notified is True or not facts.force_majeure,
    }  # fmt: skip
    if facts.force_majeure and facts.fm_notified is None:
        missing.append("fm_notified")
    if terms.shared_fault_reduces:
        missing += [] if facts.seller_share_pct is not None else ["seller_share_pct"]
        said["buyer_share_pct"] = 100 - (facts.seller_share_pct or Decimal(0))
    said |= _cap(facts, terms, missing)
    if terms.per == Per.PER_DAY:
        said["rate_pct_per_day"] = terms.rate_pct
        return _asked(clause.type, clause, DELAY_GATES, delay.DelayPerDay, delay.per_day, said, missing,
                      terms.exclusive)  # fmt: skip
    said |= {"rate_pct_per_week": terms.rate_pct, "part_week": terms.part_week}
    return _asked(clause.type, clause, DELAY_GATES, delay.DelayPerWeek, delay.per_week, said, missing, terms.exclusive)


def _per_unit(setting: Setting, clause: InForce, law: LawSet | None) -> Sum | None:
    terms, facts = clause.terms, setting.facts
    assert isinstance(terms, LdPerUnit)
    missing = ["units_confirmed"] if facts.units_confirmed is None else []
    said: dict[str, Any] = {"currency": facts.currency, "units_confirmed": facts.units_confirmed,
                            "units_claimed": facts.units_claimed}  # fmt: skip
    if terms.amount_per_unit is not None:
        said["amount_per_unit"] = terms.amount_per_unit.amount
    elif terms.vat is not None:
        price, lacks = facts.base_of(Base.UNIT_PRICE, terms.vat)
        missing += lacks
        said |= {"unit_price": price, "unit_price_pct": terms.unit_price_pct}
    said |= _cap(facts, terms, missing, "affected_price")
    return _asked(clause.type, clause, DEFECT_GATES, liquidated.PerUnit, liquidated.per_unit, said, missing,
                  terms.exclusive)  # fmt: skip


def _performance(setting: Setting, clause: InForce, law: LawSet | None) -> Sum | None:
    terms, facts = clause.terms, setting.facts
    assert isinstance(terms, LdPerformance)
    name = terms.characteristic.strip().casefold()
    measured = next((one for one in facts.measurements if one.characteristic.strip().casefold() == name), None)
    missing = [] if measured is not None else ["measurements"]
    higher = terms.direction == Direction.HIGHER_IS_BETTER
    said: dict[str, Any] = {
        "currency": facts.currency, "guaranteed": terms.guaranteed, "unit": terms.unit, "direction": terms.direction,
        "tolerance": terms.tolerance, "step": terms.step, "amount_per_step": terms.amount_per_step.amount,
        "part_step": terms.part_step, ("reject_below" if higher else "reject_above"): terms.reject_limit,
        "tolerance_kind": liquidated.ToleranceKind.DEADBAND
        if terms.tolerance_use == ToleranceUse.FROM_TOLERANCE_EDGE else liquidated.ToleranceKind.THRESHOLD,
    }  # fmt: skip
    if measured is not None:
        try:
            said["measured"] = convert(measured.value, measured.unit, terms.unit)
        except NoConversion:
            missing.append("measurements")
    said |= _cap(facts, terms, missing)
    gates = tuple(gate for gate in DEFECT_GATES if gate != "Q")  # the measurement itself shows the shortfall
    return _asked(clause.type, clause, gates, liquidated.Performance, liquidated.performance, said, missing,
                  terms.exclusive)  # fmt: skip


def _fixed(setting: Setting, clause: InForce, law: LawSet | None) -> Sum | None:
    """Return the percentages of every breach that the case counts, together; None if it counts none of them."""
    terms, facts = clause.terms, setting.facts
    assert isinstance(terms, LdFixedPct)
    counts = dict(facts.breaches)
    rates = [(row, counts[row.breach]) for row in terms.breaches if counts.get(row.breach)]
    if not rates:
        return None
    base, missing = facts.base_of(terms.base_kind, terms.vat)
    lacks = list(missing)
    cap = _cap(facts, terms, lacks)
    if lacks or base is None:
        return Sum(clause.type, clause, ("C",), missing=tuple(lacks), exclusive=terms.exclusive)
    exact, steps = Fraction(0), []
    said: dict[str, Any] = {"currency": facts.currency, "base": base, "count_rule": terms.count_rule}
    for row, times in rates:
        one = liquidated.FixedPct(**said, pct=row.pct, events=int(times))
        steps.append(liquidated.fixed_pct(one).steps[0])
        exact += (min(one.events, 1) if terms.count_rule == CountRule.ONCE else one.events) * share(base, row.pct)
    limits = liquidated.FixedPct(**said, pct=Decimal(1), events=0, **cap)
    result, more = delay.capped(limits, exact)
    return Sum(clause.type, clause, ("C",), result["before_cap"], result["amount"], (*steps, *more),
               exclusive=terms.exclusive, cap_reached=limits.limit == result["amount"])  # fmt: skip


def _reduction(setting: Setting, clause: InForce, law: LawSet | None) -> Sum | None:
    """Return the reduction of the price; None if nobody asks for one."""
    terms, facts = clause.terms, setting.facts
    assert isinstance(terms, PriceReduction)
    if "PRICE_REDUCTION" not in facts.requested:
        return None
    price, lacks = facts.base_of(terms.base_kind, terms.vat)
    names = ("deviation",) if terms.method == Method.SCALE else ("value_conforming", "value_delivered")
    missing = [*lacks, *(name for name in names if getattr(facts, name) is None)]
    said = {"currency": facts.currency, "method": terms.method, "price": price, "governing_law": law,
            "scale": terms.scale or (), **{name: getattr(facts, name) for name in names}}  # fmt: skip
    return _asked(clause.type, clause, (*DEFECT_GATES, "O"), remedies.Reduction, _reduced, said, missing)


def _reduced(said: remedies.Reduction) -> Working:
    found = remedies.reduction(said)
    sums = {"before_cap": found["reduction"], "amount": found["reduction"], "review": found["review"]}
    return Working(sums, found.steps)


@dataclass(frozen=True)
class Agreed:
    """Agreed damages after their gates: PASS is due, FAIL is not; UNKNOWN has in `missing` what would settle it."""

    sum: Sum
    verdict: Passed
    stopped_by: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def shut_remedy(self) -> bool:
        """Whether it is the sole remedy and barred by what does not bar damages: Legal says what is left."""
        return self.sum.exclusive and bool(self.stopped_by) and not set(self.stopped_by) & set(LOSS_GATES)


def damages(setting: Setting, agreed: Sequence[Agreed]) -> Sum:
    """
    Return the proven loss beside the agreed damages: kinds of loss not covered or excluded out, what was avoidable
    out, the buyer's share out, and of the rest only what exceeds the agreed damages that are due for the same loss.

    While such a sum is not settled, what it lacks is lacking here too, unless it cannot matter. The amount is then the
    one if it were due, and None if that sum is not known. While nobody has said whether they are for the same loss,
    that is lacking, and the amount is the one if they are not.
    """
    return _held_back(setting, _damages(setting, agreed), "DAMAGES", "EXCLUSION")


def _damages(setting: Setting, agreed: Sequence[Agreed]) -> Sum:
    facts = setting.facts
    clause = next(iter(setting.of("DAMAGES")), None)
    items, steps = _covered(facts, clause)
    excluded, void, steps = _excluded(setting, items, steps)
    left = _kept(items, set() if void else excluded)
    review = clause is None or (void and bool(excluded))
    missing = ["seller_share_pct"] if facts.seller_share_pct is None else []
    if missing:
        return Sum("DAMAGES", clause, LOSS_GATES, steps=tuple(steps), missing=tuple(missing), review=review)
    same = () if facts.same_loss is False else agreed
    due = [one.sum for one in same if one.verdict == Passed.PASS]
    open_ = [one for one in same if one.verdict == Passed.UNKNOWN]
    review = review or any(one.shut_remedy for one in same)
    before = to_minor(left, facts.currency)
    amount, lines = _above(facts, left, due)
    whole, told = _above(facts, left, ())
    if facts.same_loss is None and whole.amount and (open_ or amount != whole):
        lacks = ("same_loss", *(name for one in open_ for name in one.missing))
        lacks = tuple(dict.fromkeys(lacks))
        return Sum("DAMAGES", clause, LOSS_GATES, before, whole, (*steps, *told), lacks, True)
    if open_ and amount.amount:
        lacks = tuple(dict.fromkeys(name for one in open_ for name in one.missing))
        known = all(one.sum.amount is not None or not one.sum.missing for one in open_)
        at_most, more = _above(facts, left, [*due, *(replace(one.sum, exclusive=False) for one in open_)])
        return Sum("DAMAGES", clause, LOSS_GATES, before, at_most if known else None,
                   (*steps, *(more if known else ())), lacks, True)  # fmt: skip
    return Sum("DAMAGES", clause, LOSS_GATES, before, amount, (*steps, *lines), (), review or bool(_total(due)))


def loss_left(setting: Setting) -> tuple[Decimal, set[str]]:
    """Return the loss that is covered and not excluded, and the kinds that are excluded."""
    items, _steps = _covered(setting.facts, next(iter(setting.of("DAMAGES")), None))
    excluded, void, _steps = _excluded(setting, items, [])
    out = set() if void else excluded - {liability.INJURY}
    return _kept(items, out), out


def _kept(items: list[tuple[str, Decimal]], excluded: set[str]) -> Decimal:
    return sum((value for name, value in items if name not in excluded or name == liability.INJURY), Decimal(0))


def _above(facts: CaseFacts, loss: Decimal, due: Sequence[Sum]) -> tuple[Money, tuple[Step, ...]]:
    """Return what of the loss is payable above the agreed damages; nothing where one of them is the sole remedy."""
    ld = _total(due)
    question = liability.Damages(
        currency=facts.currency, loss=loss, avoidable=min(facts.avoidable, loss),
        buyer_share_pct=100 - (facts.seller_share_pct or Decimal(0)), ld_same_loss=ld or None,
        ld_exclusive=any(one.exclusive for one in due) if ld else None,
    )  # fmt: skip
    found = liability.damages(question)
    amount = found["extra_damages"] if ld else found["amount"]
    return amount, tuple(line for line in found.steps if line.code != "damages.total")


def _total(sums: Sequence[Sum]) -> Decimal:
    return sum((one.amount.amount for one in sums if one.amount is not None), Decimal(0))


def _covered(facts: CaseFacts, clause: InForce | None) -> tuple[list[tuple[str, Decimal]], list[Step]]:
    """Return the losses that the clause on damages covers; without one the law covers all."""
    if clause is None:
        return list(facts.losses), [step("damages.by_law", "losses", law="CC 584")]
    assert isinstance(clause.terms, Damages)
    heads = set(clause.terms.heads)
    out = [name for name, _ in facts.losses if name not in heads]
    steps = [step("damages.not_covered", "losses", names=tuple(out))] if out else []
    return [(name, value) for name, value in facts.losses if name in heads], steps


def _excluded(
    setting: Setting, items: list[tuple[str, Decimal]], steps: list[Step]
) -> tuple[set[str], bool, list[Step]]:
    """Return the kinds that an exclusion takes out, whether it is void, and the steps with its own."""
    facts = setting.facts
    void = any((facts.gross_negligence, facts.intent, facts.seller_silent))
    excluded: set[str] = set()
    for clause in setting.of("EXCLUSION"):
        terms = clause.terms
        assert isinstance(terms, Exclusion)
        excluded |= set(terms.heads)
        question = liability.Exclusion(
            currency=facts.currency, items=tuple(items), excluded=tuple(terms.heads),
            gross_negligence=bool(facts.gross_negligence), intent=bool(facts.intent),
            seller_silent=bool(facts.seller_silent), form_clause=terms.form_clause, pointed_out=terms.pointed_out,
        )  # fmt: skip
        found = liability.exclusion(question)
        steps = steps + [line for line in found.steps if line.code.startswith("exclusion") and not line.code.endswith(
            "kept")]  # fmt: skip
    return excluded, void, steps


HEADS: dict[str, Callable[[Setting, InForce, LawSet | None], Sum | None]] = {
    "LD_DELAY": _late,
    "LD_PER_UNIT": _per_unit,
    "LD_PERFORMANCE": _performance,
    "LD_FIXED_PCT": _fixed,
    "PRICE_REDUCTION": _reduction,
}
