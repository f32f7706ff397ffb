"""
What the contract gives in a case: clauses in force and facts, through the chain of gates, to an Assessment. PURE.

Three values throughout: what is not known is UNDETERMINED, with the facts that are missing, and never a no. Each gate
says which single fact would turn it. The same facts, clauses and calendar give the same bytes (`entitlement_record`).
Source: DOMAIN §6.3; worked numbers in docs/entitlement.md.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import auto
from typing import Any

from contracts.amounts import Money
from contracts.clauses import citing, heads, rulings, turning
from contracts.clauses import gates as at
from contracts.clauses.case import CaseFacts, InForce, in_force
from contracts.clauses.choices import Base, Upper
from contracts.clauses.gaplaw import RuleSet
from contracts.clauses.gates import Flip, Gate, Passed, Setting
from contracts.clauses.heads import Sum
from contracts.clauses.lastdays import limitation
from contracts.clauses.liability import CarveOut, LiabilityCap
from contracts.clauses.payments import Retention
from contracts.clauses.periods import LimitationOfAction
from contracts.clauses.remedies import Remedy, RemedyOrder
from contracts.clauses.rules import exactly, liability, liquidated, money, remedies
from contracts.clauses.rules.remedies import BUYER_MAY, LawSet
from contracts.clauses.rulings import Ruling
from contracts.clauses.working import Step, Working, step, to_minor
from worktime.calendars import Calendar
from worktime.periods import last_day

RULE_VERSION = "2026.13"
NEAR_MONTHS = 6  # limitation: less than this left is a flag


class Verdict(Upper):
    """What the contract says to one remedy or head."""

    ENTITLED = auto()
    NOT_ENTITLED = auto()
    UNDETERMINED = auto()


AFTER_GATES = {
    Verdict.ENTITLED: Passed.PASS,
    Verdict.NOT_ENTITLED: Passed.FAIL,
    Verdict.UNDETERMINED: Passed.UNKNOWN,
}


class Status(Upper):
    """The whole in one word; REVIEW while anything but a warning is undetermined."""

    ENTITLED = auto()
    PARTIAL = auto()
    NOT_ENTITLED = auto()
    REVIEW = auto()


@dataclass(frozen=True)
class Head:
    """One head of money. `amount` is what is payable: 0 if not entitled, None while undetermined or not money."""

    sum: Sum
    verdict: Verdict
    amount: Money | None
    stopped_by: tuple[str, ...]  # gates that fail
    missing: tuple[str, ...]
    review: bool
    flips: tuple[Flip, ...] = ()


@dataclass(frozen=True)
class Option:
    """One remedy, whether it is open now, and why."""

    remedy: Remedy
    verdict: Verdict
    stopped_by: tuple[str, ...]
    missing: tuple[str, ...]
    flips: tuple[Flip, ...] = ()


@dataclass(frozen=True)
class Part:
    """
    What else the contract or the law makes of the total: cap, agreed damages against the loss, earnest money, set-off,
    retention, limitation. While facts are lacking, `result` has their names in `missing`.
    """

    kind: str
    clause: InForce | None
    result: dict[str, Any]
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Assessment:
    """The answer for one case on one day of the contract, with all that it was made from."""

    as_of: date
    calendar: str
    facts: CaseFacts
    clauses: tuple[InForce, ...]  # all that were given; those in force on `as_of` were used
    gates: tuple[Gate, ...]
    remedies: tuple[Option, ...]
    remedy_clause: InForce | None
    heads: tuple[Head, ...]
    parts: tuple[Part, ...]
    total: Money
    at_most: Money | None  # if all that is undetermined went the buyer's way; None while a sum of it is not known
    flags: tuple[str, ...]
    missing: tuple[str, ...]
    flips: tuple[Flip, ...]
    status: Status
    review: bool
    rulings: tuple[Ruling, ...] = ()


def assess(
    facts: CaseFacts, clauses: Iterable[InForce], *, as_of: date, calendar: Calendar | None, calendar_name: str = "",
    ruled: Iterable[Ruling] = (),
) -> Assessment:  # fmt: skip
    """
    Return what the contract gives.

    clauses: checked clauses of the contract, of all its versions.  as_of: the contract's date for the case, which
    chooses the version.  calendar: for last days that move; its name with version goes into the record.
    ruled: what people decided over a gate or head.

    Raises BadInput where a clause needs working days and no calendar is given, or a period ends beyond the calendar.
    """
    given, ruled = tuple(clauses), tuple(ruled)
    setting = Setting(facts, in_force(given, as_of), calendar)
    with exactly():
        gates, law = _gates(setting, ruled)
        options, order_clause, order_steps = _remedies(setting, law, gates)
        found = _heads(setting, law, gates, options, ruled)
        options = tuple(replace(each, flips=_turning(setting, law, gates, each, order_clause)) for each in options)
        found = _turned(setting, law, gates, found, ruled)
        parts, total, at_most = _together(setting, found)
        parts += _after(setting, found, total, _missing(found, (), parts))
        flags = _flags(setting, found, parts)
    if order_steps:
        verdict = Passed.UNKNOWN if any(one.verdict == Verdict.UNDETERMINED for one in options) else Passed.PASS
        gates = (*gates, Gate("O", verdict, order_clause, order_steps, review=order_clause is None))
    missing = _missing(found, options, parts)
    review = _review(gates, found, flags, missing)
    if (sets := citing.rule_sets(setting.clauses)) != (RuleSet.PRC,):
        gates, found, parts = _cited(sets, gates, found, parts)
    return Assessment(
        as_of, calendar_name or (calendar.code if calendar else ""), facts, given, gates, options, order_clause,
        tuple(found), tuple(parts), total, at_most, flags, missing, _flips(facts, found, options),
        _status(found, options, parts, total), review, ruled,
    )  # fmt: skip


def _cited(
    sets: tuple[RuleSet, ...], gates: tuple[Gate, ...], found: list[Head], parts: list[Part]
) -> tuple[tuple[Gate, ...], list[Head], list[Part]]:
    """Return all with the citations of the contract's law."""
    return (
        tuple(replace(gate, steps=citing.cite(sets, gate.steps)) for gate in gates),
        [replace(head, sum=replace(head.sum, steps=citing.cite(sets, head.sum.steps))) for head in found],
        [replace(part, steps=citing.cite(sets, part.steps)) for part in parts],
    )


def _gates(setting: Setting, ruled: tuple[Ruling, ...]) -> tuple[tuple[Gate, ...], LawSet | None]:
    """Return the gates as they were ruled or as they are, and the law that fills what the clauses leave open."""
    law_gate, law = at.law(setting)
    return (law_gate, *(rulings.on_gate(gate(setting), ruled) for gate in at.CHAIN)), law


def what_if(
    assessment: Assessment, calendar: Calendar | None, *, as_of: date | None = None, **changes: Any
) -> Assessment:
    """Return the assessment as it would be with other facts, or as of another day; nothing else changes."""
    facts = replace(assessment.facts, **changes)
    return assess(facts, assessment.clauses, as_of=as_of or assessment.as_of, calendar=calendar,
                  calendar_name=assessment.calendar, ruled=assessment.rulings)  # fmt: skip


def _remedies(
    setting: Setting, law: LawSet | None, gates: tuple[Gate, ...]
) -> tuple[tuple[Option, ...], InForce | None, tuple[Step, ...]]:
    """Return each remedy with its verdict, the clause that orders them, and the steps (gate O)."""
    clause = next(iter(setting.of("REMEDY_ORDER")), None)
    facts = setting.facts
    said: dict[str, Any] = {"failed_repairs": facts.failed_repairs, "failed": facts.failed}
    names: tuple[Remedy, ...] = BUYER_MAY
    missing: tuple[str, ...] = ()
    if clause is not None and isinstance(terms := clause.terms, RemedyOrder):
        names = terms.order
        said |= {"order": terms.order, "chooser": terms.chooser, "max_repairs": terms.max_repairs}
    elif law == LawSet.CISG:
        names = (Remedy.REPAIR, Remedy.REPLACEMENT, Remedy.PRICE_REDUCTION, Remedy.DAMAGES, Remedy.TERMINATION)
        missing = ("fundamental_breach",) if facts.fundamental_breach is None else ()
        said |= {"governing_law": LawSet.CISG, "fundamental_breach": facts.fundamental_breach,
                 "repair_reasonable": facts.repair_reasonable is not False}  # fmt: skip
    else:
        said["governing_law"] = LawSet.PRC
    asked = facts.requested[0] if facts.requested else names[0]
    found = remedies.order(remedies.Order(requested=asked, **said))
    stopped, unknown = _stops(gates, heads.DEFECT_GATES)
    if clause is None and not _is_read(setting):
        unknown = (*unknown, "review")  # which remedies its law gives, Legal must say
    options = tuple(_option(name, found, stopped, unknown, missing) for name in names)
    return options, clause, found.steps


def _turning(
    setting: Setting, law: LawSet | None, gates: tuple[Gate, ...], one: Option, clause: InForce | None
) -> tuple[Flip, ...]:
    """Return what would turn the verdict on a remedy."""
    mine = tuple(gate for gate in gates if gate.name in heads.DEFECT_GATES)
    stand = turning.Stand(mine, AFTER_GATES[one.verdict], one.stopped_by, one.missing)
    return turning.of_remedy(setting, law, stand, one.remedy, clause)


def _is_read(setting: Setting) -> bool:
    """Tell whether the remedies of the contract's law are known here; as if it were Chinese, where none is agreed."""
    sets = citing.rule_sets(setting.clauses)
    return not sets or RuleSet.PRC in sets or RuleSet.CISG in sets


def _option(
    remedy: Remedy, order: Working, stopped: tuple[str, ...], unknown: tuple[str, ...], missing: tuple[str, ...]
) -> Option:
    """Return the verdict on one remedy: the gates first, then its place in the order."""
    shut = () if remedy in order["available"] else ("O",)
    grave = remedy in (Remedy.REPLACEMENT, Remedy.TERMINATION) and bool(missing)  # depends on a fact not known
    lacks = (*unknown, *(missing if grave else ()))
    if stopped or (shut and not grave):
        return Option(remedy, Verdict.NOT_ENTITLED, (*stopped, *(() if grave else shut)), ())
    return Option(remedy, Verdict.UNDETERMINED if lacks else Verdict.ENTITLED, (), lacks)


def _stops(gates: Iterable[Gate], names: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return which of the named gates fail, and the facts that the unknown ones lack."""
    mine = [gate for gate in gates if gate.name in names]
    failing = tuple(gate.name for gate in mine if gate.verdict == Passed.FAIL)
    lacking = [name for gate in mine if gate.verdict == Passed.UNKNOWN for name in gate.missing or ("review",)]
    return failing, tuple(dict.fromkeys(lacking))


def _heads(
    setting: Setting, law: LawSet | None, gates: tuple[Gate, ...], options: tuple[Option, ...],
    ruled: tuple[Ruling, ...],
) -> list[Head]:  # fmt: skip
    """Return every head with its verdict; damages last, for they are what exceeds the agreed sums that are due."""
    found = [_head(setting, one, gates, options, ruled) for one in heads.sums(setting, law)]
    if setting.facts.losses:
        found.append(_head(setting, heads.damages(setting, _agreed_sums(found)), gates, options, ruled))
    return found


def _agreed_sums(found: list[Head]) -> tuple[heads.Agreed, ...]:
    return tuple(
        heads.Agreed(_granted(one), AFTER_GATES[one.verdict], one.stopped_by, one.missing) for one in _agreed(found)
    )


def _turned(
    setting: Setting, law: LawSet | None, gates: tuple[Gate, ...], found: list[Head], ruled: tuple[Ruling, ...]
) -> list[Head]:
    """Return the heads with what would turn each of them; nothing does where people ruled."""
    agreed = _agreed_sums(found)
    order = next(iter(setting.of("REMEDY_ORDER")), None)

    def flips(one: Head) -> tuple[Flip, ...]:
        mine = tuple(gate for gate in gates if gate.name in one.sum.gates)
        stand = turning.Stand(mine, AFTER_GATES[one.verdict], one.stopped_by, one.missing)
        place = turning.opening(setting.facts, Remedy.PRICE_REDUCTION, order) if "O" in one.stopped_by else ()
        asking = turning.Asking(setting, law, one.sum)
        if one.sum.type == "DAMAGES":
            asking = replace(asking, agreed=agreed, afresh=lambda other: _no_damages(other, ruled))
        return turning.of_head(asking, stand, place)

    return [one if rulings.on_head(one.sum, ruled) else replace(one, flips=flips(one)) for one in found]


def _no_damages(setting: Setting, ruled: tuple[Ruling, ...]) -> bool:
    """Tell whether there is no right to damages on other facts."""
    gates, law = _gates(setting, ruled)
    found = _heads(setting, law, gates, _remedies(setting, law, gates)[0], ruled)
    return all(one.verdict == Verdict.NOT_ENTITLED for one in found if one.sum.type == "DAMAGES")


def _granted(head: Head) -> Sum:
    """Return the sum of a head with what is payable, which people may have ruled to be other than the clause gives."""
    return replace(head.sum, amount=head.amount) if head.verdict == Verdict.ENTITLED else head.sum


def _agreed(found: list[Head]) -> list[Head]:
    return [head for head in found if head.sum.type.startswith("LD_")]


def _head(
    setting: Setting, one: Sum, gates: tuple[Gate, ...], options: tuple[Option, ...], ruled: tuple[Ruling, ...]
) -> Head:
    if ruling := rulings.on_head(one, ruled):
        return _ruled(setting, one, ruling)
    stopped, unknown = _stops(gates, one.gates)
    if "O" in one.gates:
        place = next((option for option in options if option.remedy == Remedy.PRICE_REDUCTION), None)
        if place is not None and "O" in place.stopped_by:
            stopped = (*stopped, "O")
    nothing = to_minor(0, setting.facts.currency)
    none_due = one.amount is not None and one.amount.amount == 0
    review = one.review or any(gate.review for gate in gates if gate.name in one.gates)
    if stopped or (none_due and not one.missing):
        return Head(one, Verdict.NOT_ENTITLED, nothing, stopped, (), review)
    lacks = tuple(dict.fromkeys((*unknown, *one.missing)))
    if lacks:
        return Head(one, Verdict.UNDETERMINED, None, (), lacks, review)
    return Head(one, Verdict.ENTITLED, one.amount, (), (), review)


def _ruled(setting: Setting, one: Sum, ruling: Ruling) -> Head:
    """
    Return a head as it was ruled; the sum is that of the ruling, or else what the clause gives.

    Where neither is known the head is undetermined, for an unknown sum is not nothing; so it is under a common cap
    that nobody checked, of which the ruling says nothing.
    """
    verdict, currency = Verdict(ruling.verdict), setting.facts.currency
    said = replace(one, steps=(*one.steps, step("ruled", verdict=verdict, number=ruling.number)), missing=())
    if verdict != Verdict.ENTITLED:
        return Head(said, verdict, to_minor(0, currency), (), (), False)
    amount = one.amount if ruling.amount is None else to_minor(ruling.amount, currency)
    lacks = (one.missing or ("review",)) if amount is None else ()
    if amount is not None and amount.amount and setting.waits_for("LIABILITY_CAP"):
        lacks = ("unchecked",)
    if lacks:
        return Head(replace(said, amount=amount, missing=lacks), Verdict.UNDETERMINED, None, (), lacks, True)
    return Head(said, verdict, amount, (), (), False)


def _together(setting: Setting, found: list[Head]) -> tuple[list[Part], Money, Money | None]:
    """Return the parts that caps make, the total of what is due, and of what is due at most, None if not known."""
    due = [head for head in found if head.verdict == Verdict.ENTITLED and head.amount is not None]
    open_ = [head for head in found if head.verdict == Verdict.UNDETERMINED]
    clause = next(iter(setting.of("LIABILITY_CAP")), None)
    total, part = _capped(setting, clause, [(head.sum.type, head.amount) for head in due])
    at_most: Money | None = total
    if any(head.sum.amount is None and head.sum.missing for head in open_):
        at_most = None
    elif open_:
        possible = [(head.sum.type, head.sum.amount) for head in open_]
        at_most, _unused = _capped(setting, clause, [*((head.sum.type, head.amount) for head in due), *possible])
    return ([part] if part else []), total, at_most


def _capped(
    setting: Setting, clause: InForce | None, sums: list[tuple[str, Money | None]]
) -> tuple[Money, Part | None]:
    """Return the sum under the liability cap, and the working; without such a clause the plain sum."""
    facts = setting.facts
    items = tuple((name, amount.amount) for name, amount in sums if amount is not None)
    plain = to_minor(sum((value for _, value in items), Decimal(0)), facts.currency)
    if clause is None or not isinstance(terms := clause.terms, LiabilityCap):
        return plain, None
    said: dict[str, Any] = {"aggregate_cap": terms.amount.amount if terms.amount else None}
    if terms.amount is not None and terms.amount.currency != facts.currency:
        why = step("head.currency", "currency", clause=terms.amount.currency, case=facts.currency)
        lacking = {"amount": None, "review": True, "missing": ("currency",)}
        return plain, Part("LIABILITY_CAP", clause, lacking, (why,))
    if terms.pct is not None and terms.base_kind is not None and terms.vat is not None:
        base, missing = facts.base_of(terms.base_kind, terms.vat)
        if missing:
            return plain, _lacking("LIABILITY_CAP", clause, missing, amount=None)
        said = {"contract_price": base, "aggregate_cap_pct": terms.pct}
    question = liability.AggregateCap(
        currency=facts.currency, heads=items, carve_outs=_outside(terms, items), already_paid=facts.already_paid,
        gross_negligence=bool(facts.gross_negligence), intent=bool(facts.intent), **said,
    )  # fmt: skip
    result = liability.aggregate(question)
    steps = (*heads.vat_steps(facts, terms), *result.steps)
    return result["amount"], Part("LIABILITY_CAP", clause, dict(result.result), steps)


def _outside(terms: LiabilityCap, items: tuple[tuple[str, Decimal], ...]) -> tuple[str, ...]:
    """Return the heads that stand outside the cap."""
    names = [str(each) for each in terms.carve_outs]
    if CarveOut.LIQUIDATED_DAMAGES in terms.carve_outs:
        names += [name for name, _ in items if name.startswith("LD_")]
    return tuple(dict.fromkeys(names))


def _after(setting: Setting, found: list[Head], total: Money, open_: tuple[str, ...]) -> list[Part]:
    """Return what stands beside the heads and their cap; `open_` are the facts that the total lacks."""
    facts, parts = setting.facts, []
    agreed = _agreed(found)
    due = [head.amount.amount for head in agreed if head.verdict == Verdict.ENTITLED and head.amount is not None]
    ld = sum(due, Decimal(0))
    unsettled = tuple(dict.fromkeys(name for head in agreed for name in head.missing))
    if facts.losses and facts.same_loss is not False and (unsettled or due):
        asks = ("same_loss",) if facts.same_loss is None else ()
        parts.append(_adjustment(facts, ld, (*asks, *unsettled)))
    parts += [_earnest(facts, clause, ld, unsettled) for clause in setting.of("EARNEST_MONEY")]
    if facts.unpaid_price is not None:
        parts.append(_set_off(facts, facts.unpaid_price, total, open_))
    parts += [_retention(facts, clause) for clause in setting.of("RETENTION")]
    return [*parts, *(_limitation(facts, clause) for clause in setting.of("LIMITATION_OF_ACTION"))]


def _adjustment(facts: CaseFacts, ld: Decimal, unsettled: tuple[str, ...]) -> Part:
    """Return the agreed damages against the proven loss, which waits until all are settled, and for the same loss."""
    if unsettled:
        return _lacking("LD_ADJUSTMENT", None, unsettled)
    loss = sum((value for _, value in facts.losses), Decimal(0))
    said = liquidated.Adjustment(currency=facts.currency, liquidated=ld, proven_loss=loss)
    return _part("LD_ADJUSTMENT", None, liquidated.adjustment(said))


def _earnest(facts: CaseFacts, clause: InForce, ld: Decimal, unsettled: tuple[str, ...]) -> Part:
    """Return earnest money or agreed damages; without a fundamental breach the agreed damages do not matter."""
    needed = ("contract_price", "earnest_paid", "fundamental_breach")
    missing = [name for name in needed if getattr(facts, name) is None]
    missing += unsettled if facts.fundamental_breach is not False else ()
    if missing:
        return _lacking("EARNEST_MONEY", clause, missing)
    question: dict[str, Any] = {
        "currency": facts.currency, "contract_price": facts.contract_price, "earnest_paid": facts.earnest_paid,
        "liquidated": ld or None, "seller_fundamental_breach": facts.fundamental_breach,
    }  # fmt: skip
    return _part("EARNEST_MONEY", clause, money.earnest(money.Earnest(**question)))


def _retention(facts: CaseFacts, clause: InForce) -> Part:
    """Return what is held and released; who failed to repair matters only where a repair could be deducted."""
    terms = clause.terms
    assert isinstance(terms, Retention)
    base, lacks = facts.base_of(Base(terms.base_kind), terms.vat)
    cost = facts.third_party_repair if terms.may_deduct else Decimal(0)
    missing = [*lacks, *(["open_issue_impairs_use"] if facts.open_issue_impairs_use is None else [])]
    if cost and facts.seller_failed_to_repair is None and not facts.open_issue_impairs_use:
        missing.append("seller_failed_to_repair")
    if missing:
        return _lacking("RETENTION", clause, missing)
    question: dict[str, Any] = {
        "currency": facts.currency, "contract_price": base, "retention_pct": terms.pct, "third_party_repair": cost,
        "seller_failed_to_repair": bool(facts.seller_failed_to_repair),
        "open_issue_impairs_use": facts.open_issue_impairs_use,
    }  # fmt: skip
    found = money.retention(money.Retention(**question))
    return _part("RETENTION", clause, Working(found.result, (*heads.vat_steps(facts, terms), *found.steps)))


def _limitation(facts: CaseFacts, clause: InForce) -> Part:
    """Return the last day for an action; a warning, never a stop (gate L)."""
    terms = clause.terms
    assert isinstance(terms, LimitationOfAction)
    fact, found = limitation(terms, facts)
    return _part(clause.type, clause, found) if found else _lacking(clause.type, clause, (fact,))


def _set_off(facts: CaseFacts, unpaid: Decimal, total: Money, unsettled: tuple[str, ...]) -> Part:
    """Return who pays whom if the buyer sets the total off, once it is settled (CC 568)."""
    if unsettled:
        return _lacking("SET_OFF", None, unsettled)
    said = money.SetOff(currency=facts.currency, unpaid_price=unpaid, compensation=total.amount)
    return _part("SET_OFF", None, money.set_off(said))


def _lacking(kind: str, clause: InForce | None, names: Iterable[str], **result: Any) -> Part:
    """Return a part that cannot be reckoned until the named facts are known."""
    missing = tuple(dict.fromkeys(names))
    named = tuple(name for name in missing if name != "review")
    why = step("head.missing", names=named) if named else step("head.judge")
    return Part(kind, clause, {**result, "review": True, "missing": missing}, (why,))


def _part(kind: str, clause: InForce | None, found: Working) -> Part:
    return Part(kind, clause, dict(found.result), found.steps)


def _flags(setting: Setting, found: list[Head], parts: list[Part]) -> tuple[str, ...]:
    """Return what a reader must be told beside the sums (gate F)."""
    facts, flags = setting.facts, []
    if any(head.sum.cap_reached and head.verdict == Verdict.ENTITLED for head in found):
        flags.append("CAP_REACHED")
    results = {part.kind: part.result for part in parts}
    cap = results.get("LIABILITY_CAP", {"amount": facts})
    if cap.get("cap_applied"):
        flags.append("AGGREGATE_CAP_REACHED")
    if cap["amount"] is None:
        flags.append("CAP_UNKNOWN")
    if results.get("LD_ADJUSTMENT", {}).get("flag", "NONE") != "NONE":
        flags.append(results["LD_ADJUSTMENT"]["flag"])
    excluding = setting.of("EXCLUSION") and facts.losses
    if excluding and None in (facts.gross_negligence, facts.intent, facts.seller_silent):
        flags.append("EXCLUSION_MAY_BE_VOID")
    if (last := results.get("LIMITATION_OF_ACTION", {}).get("last_day")) and facts.assessed_on:
        soon = last_day(facts.assessed_on, NEAR_MONTHS, "month", calendar=None, roll=False)
        flags += ["LIMITATION_OVER"] if last < facts.assessed_on else ["LIMITATION_NEAR"] if last < soon else []
    return tuple(flags)


def _missing(found: list[Head], options: tuple[Option, ...], parts: list[Part]) -> tuple[str, ...]:
    """Return the facts that would settle what is undetermined."""
    names = [name for head in found for name in head.missing] + [name for each in options for name in each.missing]
    names += [name for part in parts for name in part.result.get("missing", ())]
    return tuple(name for name in dict.fromkeys(names) if name != "review")


def _review(gates: tuple[Gate, ...], found: list[Head], flags: tuple[str, ...], missing: tuple[str, ...]) -> bool:
    return bool(missing or flags) or any(gate.review for gate in gates) or any(head.review for head in found)


def _flips(facts: CaseFacts, found: list[Head], options: tuple[Option, ...]) -> tuple[Flip, ...]:
    """Return what would turn a verdict: of each head, and of the remedies asked for, or all where there is no head."""
    asked = [each for each in options if each.remedy in facts.requested or not found]
    turned = [*(each.flips for each in found), *(each.flips for each in asked)]
    return tuple(dict.fromkeys(flip for flips in turned for flip in flips))


def _verdicts(found: list[Head], options: tuple[Option, ...]) -> list[tuple[Verdict, tuple[str, ...]]]:
    """Return each verdict with the gates that stop it."""
    return [(head.verdict, head.stopped_by) for head in found] + [(each.verdict, each.stopped_by) for each in options]


def _status(found: list[Head], options: tuple[Option, ...], parts: list[Part], total: Money) -> Status:
    verdicts = {verdict for verdict, _ in _verdicts(found, options)}
    idle = {"LIMITATION_OF_ACTION", *(() if total.amount else ("LIABILITY_CAP",))}  # a warning; a cap on nothing
    if Verdict.UNDETERMINED in verdicts or any(part.result.get("missing") for part in parts if part.kind not in idle):
        return Status.REVIEW
    if Verdict.ENTITLED not in verdicts:
        return Status.NOT_ENTITLED
    money_verdicts = {head.verdict for head in found}
    return Status.PARTIAL if Verdict.NOT_ENTITLED in money_verdicts else Status.ENTITLED
