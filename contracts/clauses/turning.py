"""
Which changes of facts would turn a verdict: of a head of money, or of a remedy. PURE.

A verdict that is NOT has locks: gates that fail, its place in the order, a sum that is nothing. What opens all of them
turns it; where that takes several facts, one is named with the others beside it (`Flip.also`). A verdict that is YES is
turned by whatever shuts one gate, or makes its sum nothing. Each change is the nearest that does, and is tried before
it is named wherever it does not follow from the rule itself.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from math import ceil
from typing import Any

from contracts.clauses import heads
from contracts.clauses.case import CaseFacts, InForce
from contracts.clauses.gates import Flip, Gate, Passed, Setting, finest, with_measured
from contracts.clauses.heads import DELAYS, Agreed, Sum
from contracts.clauses.liability import Damages
from contracts.clauses.liquidated import Counting, Direction, LdDelay, LdPerformance, ToleranceUse
from contracts.clauses.measures import NoConversion, convert
from contracts.clauses.remedies import Chooser, Method, PriceReduction, Remedy, RemedyOrder
from contracts.clauses.rules.remedies import LawSet
from contracts.clauses.working import to_minor

Lock = tuple[Flip, ...]  # of which each alone opens it
GRAVE = (Remedy.REPLACEMENT, Remedy.TERMINATION)  # that need a fundamental breach by CISG 46, 49
OF_GATES = {  # facts that gates and the order of remedies ask for, and no sum
    "notified_on", "found_on", "seller_knew", "nonconforming", "usage", "failed_repairs", "failed",
    "fundamental_breach", "repair_reasonable",
}  # fmt: skip
OF_NOTICE = {"notified_on", "found_on", "seller_knew"}  # of these, what opens notice shuts no other gate
OF_SUMS = {"losses", "avoidable", "same_loss", "gross_negligence"}  # facts that damages ask for, and no other sum
LATER = (1, 7, 30, 365)  # days after the last on which nothing is due


@dataclass(frozen=True)
class Stand:
    """How a head or remedy stands: its gates, its verdict as a gate has it, and what stops it or is missing."""

    gates: tuple[Gate, ...]
    verdict: Passed
    stopped: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class Asking:
    """
    A head of money as it is reckoned again on other facts.

    agreed, afresh: of damages only, the sums that they may lie above, and whether nothing is due on other facts once
    all gates and sums are found anew, for these facts may move the agreed sums as well.
    """

    setting: Setting
    law: LawSet | None
    one: Sum
    agreed: tuple[Agreed, ...] = ()
    afresh: Callable[[Setting], bool] | None = None

    def on(self, flip: Flip | None) -> "Asking":
        """Return it on the facts as the flip would have them."""
        if flip is None:
            return self
        return replace(self, setting=replace(self.setting, facts=changed(self.setting.facts, flip)))

    def opened(self, names: tuple[str, ...]) -> "Asking":
        """Return it with the agreed sums as they stand once these gates, and no others, are open."""
        return replace(self, agreed=tuple(_opened(each, names) for each in self.agreed))

    def is_moved(self, names: tuple[str, ...]) -> bool:
        """Tell whether the agreed sums wait for more than these gates, so that they are not simply open with them."""
        waits = any(each.missing or not set(each.stopped_by) <= set(names) for each in self.agreed)
        return self.one.type == "DAMAGES" and self.setting.facts.same_loss is not False and waits

    @cached_property
    def as_is(self) -> bool:
        """Whether nothing is due on these facts, once the gates are open."""
        return self.is_nothing if self.one.type == "DAMAGES" else _is_nothing(self.one)

    def after(self, flip: Flip) -> bool:
        """Return whether nothing is due on the facts as the flip would have them."""
        facts = {each.fact for each in (flip, *flip.also)}
        if self.afresh is not None and self.agreed and not facts <= OF_SUMS:
            return self.afresh(self.on(flip).setting)
        return self.as_is if facts <= OF_GATES else self.on(flip).is_nothing

    @property
    def is_nothing(self) -> bool:
        clause = self.one.clause
        if self.one.type == "DAMAGES":
            found: Sum | None = heads.damages(self.setting, self.agreed)
        else:
            found = heads.HEADS[self.one.type](self.setting, clause, self.law) if clause else self.one
        return _is_nothing(found)


def _is_nothing(one: Sum | None) -> bool:
    return one is None or (one.amount is not None and not one.amount.amount and not one.missing)


def _opened(one: Agreed, names: tuple[str, ...]) -> Agreed:
    if one.verdict != Passed.FAIL or not one.stopped_by or not set(one.stopped_by) <= set(names):
        return one
    nothing = one.sum.amount is not None and not one.sum.amount.amount
    verdict = Passed.UNKNOWN if one.sum.missing else Passed.FAIL if nothing else Passed.PASS
    return Agreed(one.sum, verdict, (), one.sum.missing)


def of_head(asking: Asking, stand: Stand, order: Lock) -> tuple[Flip, ...]:
    """Return what would turn the verdict on a head; `order` opens its place among the remedies."""
    one = asking.one
    if stand.verdict == Passed.PASS:
        edges = EDGES[one.type](asking.setting, one.clause) if one.type in EDGES and one.clause else ()
        return tuple(dict.fromkeys((*_shutting(stand), *edges)))
    if stand.verdict == Passed.UNKNOWN:
        return _settling(stand)
    locks = _locks(stand, order)
    if not all(locks):
        return ()
    tries: Iterable[Flip | None] = _combined(asking.setting.facts, locks) if locks else (None,)
    after = asking.opened(stand.stopped)
    gates_only = all(flip.fact in OF_NOTICE for lock in locks for flip in lock)
    if gates_only and not asking.is_moved(stand.stopped):
        after = replace(after, afresh=None)
    return tuple(dict.fromkeys(found for each in tries for found in _with_sum(after, each)))


def of_remedy(
    setting: Setting, law: LawSet | None, stand: Stand, remedy: Remedy, clause: InForce | None
) -> tuple[Flip, ...]:
    """Return what would turn the verdict on a remedy."""
    if stand.verdict == Passed.PASS:
        shut = _shut(setting.facts, remedy, clause) if clause or law == LawSet.CISG else ()
        return tuple(dict.fromkeys((*_shutting(stand), *shut)))
    if stand.verdict == Passed.UNKNOWN:
        return _settling(stand)
    locks = _locks(stand, opening(setting.facts, remedy, clause))
    return tuple(_combined(setting.facts, locks)) if all(locks) else ()


def changed(facts: CaseFacts, flip: Flip) -> CaseFacts:
    """Return the facts as the flip would have them."""
    return replace(facts, **{each.fact: each.to for each in (flip, *flip.also)})


# Gates ----------------------------------------------------------------------------------------------------------------


def _shutting(stand: Stand) -> tuple[Flip, ...]:
    return tuple(flip for gate in stand.gates if gate.verdict == Passed.PASS for flip in gate.flips)


def _settling(stand: Stand) -> tuple[Flip, ...]:
    """Return what settles an open verdict other than the facts that it lacks: what turns the one gate that is open."""
    unknown = [gate for gate in stand.gates if gate.verdict == Passed.UNKNOWN]
    own = set(stand.missing) - {name for gate in unknown for name in gate.missing or ("review",)}
    return unknown[0].flips if len(unknown) == 1 and not own else ()


def _locks(stand: Stand, order: Lock) -> list[Lock]:
    locks = [gate.flips for gate in stand.gates if gate.name in stand.stopped]
    return [*locks, order] if "O" in stand.stopped else locks


def _combined(facts: CaseFacts, locks: Sequence[Lock]) -> Iterator[Flip]:
    """Yield the changes that open all locks: each of the first lock with what the others need beside it."""
    for first in locks[0]:
        flip: Flip | None = first
        for lock in locks[1:]:
            flip = next((both for each in lock if flip and (both := _both(flip, each)) and _fits(facts, both)), None)
        if flip is not None and _fits(facts, flip):
            yield flip


def _both(one: Flip, other: Flip) -> Flip | None:
    """Return two changes as one; of a day that both move the earlier, None where they want two values of one fact."""
    wanted: dict[str, Any] = {one.fact: one.to}
    for each in (*one.also, other, *other.also):
        known = wanted.get(each.fact, each.to)
        if known != each.to and not (isinstance(known, date) and isinstance(each.to, date)):
            return None
        wanted[each.fact] = min(known, each.to) if known != each.to else known
    (fact, to), *more = wanted.items()
    return Flip(fact, to, tuple(Flip(*each) for each in more))


def _fits(facts: CaseFacts, flip: Flip) -> bool:
    """Tell whether the days stay in their order."""
    said = {each.fact: each.to for each in (flip, *flip.also)}
    told = said.get("notified_on", facts.notified_on)
    before = (said.get(name, getattr(facts, name)) for name in ("delivered_on", "found_on"))
    return told is None or all(on is None or on <= told for on in before)


# The order of remedies ------------------------------------------------------------------------------------------------


def opening(facts: CaseFacts, remedy: Remedy, clause: InForce | None) -> Lock:
    """Return what would bring a remedy to its turn."""
    if clause is None or not isinstance(terms := clause.terms, RemedyOrder):
        return (Flip("fundamental_breach", True),) if remedy in GRAVE else (Flip("repair_reasonable", True),)
    repairs, failed = facts.failed_repairs, set(facts.failed)
    if remedy == Remedy.REPAIR and repairs >= terms.max_repairs:
        if terms.max_repairs == 0:
            return ()
        repairs = terms.max_repairs - 1
    failed.discard(remedy)
    before = terms.order[: terms.order.index(remedy)] if terms.chooser == Chooser.IN_ORDER else ()
    for each in before:
        if each == Remedy.REPAIR:
            repairs = max(repairs, terms.max_repairs) if each not in failed else repairs
        else:
            failed.add(each)
    return _order(facts, repairs, failed)


def _shut(facts: CaseFacts, remedy: Remedy, clause: InForce | None) -> Lock:
    """Return what would end the turn of a remedy that is open: it, or one before it that no longer failed."""
    if clause is None or not isinstance(terms := clause.terms, RemedyOrder):
        if facts.fundamental_breach is None or remedy not in (*GRAVE, Remedy.REPAIR):
            return ()
        return (Flip("fundamental_breach", False),) if remedy in GRAVE else (Flip("repair_reasonable", False),)
    if remedy == Remedy.REPAIR:
        return (Flip("failed_repairs", terms.max_repairs),)
    return _order(facts, facts.failed_repairs, {*facts.failed, remedy})


def _order(facts: CaseFacts, repairs: int, failed: set[Remedy]) -> Lock:
    found = [Flip("failed_repairs", repairs)] if repairs != facts.failed_repairs else []
    if failed != set(facts.failed):
        found.append(Flip("failed", tuple(each for each in Remedy if each in failed)))
    return (replace(found[0], also=tuple(found[1:])),) if found else ()


# Sums -----------------------------------------------------------------------------------------------------------------


def _with_sum(asking: Asking, first: Flip | None) -> Iterator[Flip]:
    """Yield the change that opens the gates, with what makes the sum more than nothing where it would be nothing."""
    if first is not None and not asking.after(first):
        yield first
        return
    for flip in GROUNDS[asking.one.type](asking.on(first)) if asking.one.type in GROUNDS else ():
        both = flip if first is None else _both(first, flip)
        if both is not None and _fits(asking.setting.facts, both) and not asking.after(both):
            yield both
            if asking.one.type != "DAMAGES":
                return


def _free_until(facts: CaseFacts, terms: LdDelay) -> tuple[str, date] | None:
    """Return the fact that holds the day of performance, and the last day on which nothing is due."""
    due, done = DELAYS[terms.late]
    if None in (getattr(facts, due), getattr(facts, done)) or facts.force_majeure:
        return None
    free = max(0, terms.grace_days - (terms.counting == Counting.DUE_DAY_INCLUDED))
    return done, getattr(facts, due) + timedelta(days=free)


def _on_time(setting: Setting, clause: InForce) -> Lock:
    assert isinstance(clause.terms, LdDelay)
    found = _free_until(setting.facts, clause.terms)
    return (Flip(*found),) if found else ()


def _late(asking: Asking) -> Iterator[Flip]:
    facts, clause = asking.setting.facts, asking.one.clause
    assert clause is not None
    assert isinstance(clause.terms, LdDelay)
    found = _free_until(facts, clause.terms)
    for days in LATER if found else ():
        assert found is not None
        on = found[1] + timedelta(days=days)
        after_notice = found[0] == "delivered_on" and facts.notified_on is not None and facts.notified_on < on
        yield Flip(found[0], on, (Flip("notified_on", on),) if after_notice else ())


def _no_unit(setting: Setting, clause: InForce) -> Lock:
    return (Flip("units_confirmed", 0),)


def _one_unit(asking: Asking) -> Iterator[Flip]:
    yield Flip("units_confirmed", 1)


def _reached(setting: Setting, clause: InForce) -> Lock:
    """Return the measured value that just keeps the guarantee with its tolerance."""
    terms = clause.terms
    assert isinstance(terms, LdPerformance)
    flip = _measured(setting.facts, terms, terms.guaranteed - _sign(terms) * terms.tolerance)
    return (flip,) if flip else ()


def _missed(asking: Asking) -> Iterator[Flip]:
    assert asking.one.clause is not None
    terms = asking.one.clause.terms
    assert isinstance(terms, LdPerformance)
    sign, old = _sign(terms), _named(asking.setting.facts, terms.characteristic)
    edge = terms.guaranteed - sign * terms.tolerance
    start = edge if terms.tolerance_use == ToleranceUse.FROM_TOLERANCE_EDGE else terms.guaranteed
    least = finest(edge, *([old.value] if old else []))
    for value in (edge - sign * least, start - sign * terms.step):
        if flip := _measured(asking.setting.facts, terms, value):
            yield flip


def _sign(terms: LdPerformance) -> int:
    return 1 if terms.direction == Direction.HIGHER_IS_BETTER else -1


def _named(facts: CaseFacts, name: str) -> Any:
    wanted = name.strip().casefold()
    return next((one for one in facts.measurements if one.characteristic.strip().casefold() == wanted), None)


def _measured(facts: CaseFacts, terms: LdPerformance, value: Decimal) -> Flip | None:
    old = _named(facts, terms.characteristic)
    if old is None:
        return None
    try:
        return with_measured(facts, {old: convert(value, terms.unit, old.unit)})
    except NoConversion:
        return None


def _less_worth(asking: Asking) -> Iterator[Flip]:
    """Yield by what the goods would be worth less, or would deviate more."""
    assert asking.one.clause is not None
    terms = asking.one.clause.terms
    assert isinstance(terms, PriceReduction)
    if terms.method == Method.SCALE:
        yield from (Flip("deviation", row.from_value) for row in terms.scale or () if row.reduction_pct)
        return
    whole, least = asking.setting.facts.value_conforming or Decimal(0), _least(asking.setting)
    for value in (whole - least, whole - 100 * least, Decimal(0)):
        if value >= 0:
            yield Flip("value_delivered", value)


def _more_loss(asking: Asking) -> Iterator[Flip]:
    """Yield what would leave some of the loss: another loss than the agreed sums are for, more of it, a void clause."""
    facts = asking.setting.facts
    if facts.same_loss:
        yield Flip("same_loss", False)
    left, excluded = heads.loss_left(asking.setting)
    if flip := _greater(asking, left, excluded):
        yield flip
    if excluded:
        yield Flip("gross_negligence", True)
    if facts.avoidable and left:
        yield Flip("avoidable", max(Decimal(0), left - _least(asking.setting)))


def _greater(asking: Asking, left: Decimal, excluded: set[str]) -> Flip | None:
    """Return the least loss of a kind that counts of which something is payable; None where no kind counts."""
    facts, terms = asking.setting.facts, asking.one.clause.terms if asking.one.clause else None
    known, least = dict(facts.losses), _least(asking.setting)
    counts = [str(each) for each in terms.heads] if isinstance(terms, Damages) else list(known)
    kind = next((name for name in (*known, *counts) if name in counts and name not in excluded), None)
    if kind is None or not facts.seller_share_pct or list(known) != [name for name, _ in facts.losses]:
        return None
    due = [one for one in asking.agreed if one.verdict == Passed.PASS] if facts.same_loss else []
    agreed = sum((one.sum.amount.amount for one in due if one.sum.amount is not None), Decimal(0))
    needs = Fraction(facts.avoidable) + Fraction(agreed + least) * 100 / Fraction(facts.seller_share_pct)
    more = ceil((needs - Fraction(left)) / Fraction(least)) * least
    return Flip("losses", tuple((known | {kind: known.get(kind, Decimal(0)) + more}).items())) if more > 0 else None


def _least(setting: Setting) -> Decimal:
    """Return the least sum of the currency."""
    return Decimal((0, (1,), int(to_minor(0, setting.facts.currency).amount.as_tuple().exponent)))


EDGES: dict[str, Callable[[Setting, InForce], Lock]] = {
    "LD_DELAY": _on_time,
    "LD_PER_UNIT": _no_unit,
    "LD_PERFORMANCE": _reached,
}
GROUNDS: dict[str, Callable[[Asking], Iterator[Flip]]] = {
    "LD_DELAY": _late,
    "LD_PER_UNIT": _one_unit,
    "LD_PERFORMANCE": _missed,
    "PRICE_REDUCTION": _less_worth,
    "DAMAGES": _more_loss,
}
