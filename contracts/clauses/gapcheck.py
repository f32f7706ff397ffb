"""
What a contract leaves open, says twice or says against the law, and which rule of law then fills the gap. PURE.

`gaps(clauses, frame)` reads the clauses of one version as entered, checked or not. A gap is a code with the clauses it
is about, how grave it is, on whom it weighs, and the rules of law that fill it, those that count first on top; words
are found at the edge (`contracts.gap_words`). Sources: DOMAIN §6.1, §6.2.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import auto
from typing import Any, TypeVar

from contracts.amounts import Money
from contracts.clauses.choices import Base, Head, Start, Upper, Vat
from contracts.clauses.disputes import Cisg, ForceMajeure, GoverningLaw, LawOf
from contracts.clauses.gaplaw import LAW, RuleSet
from contracts.clauses.liability import CarveOut, Damages, Exclusion, LiabilityCap
from contracts.clauses.limits import Capped
from contracts.clauses.liquidated import LdDelay, LdFixedPct, LdPerformance, LdPerUnit
from contracts.clauses.measures import problems_of_units
from contracts.clauses.payments import EarnestMoney, HeldUntil, Payment, Retention, Trigger
from contracts.clauses.periods import (
    Acceptance,
    GuaranteePeriod,
    InspectionNotice,
    Law,
    LimitationOfAction,
    Replaced,
    Scope,
    Which,
)
from contracts.clauses.quality import QualityStandard
from contracts.clauses.remedies import Ground, PriceReduction, RemedyOrder, Termination
from contracts.clauses.terms import Terms

EARNEST_MOST = Decimal("0.20")  # of the price: CC 586(2)
YEARS = {Law.GENERAL_CIVIL_CODE: 3, Law.INTERNATIONAL_SALE: 4}  # CC 188, 594
NEVER_BY_ITSELF = {Start.INSTALLATION, Start.COMMISSIONING, Start.ACCEPTANCE, Start.FIRST_USE}
MANDATORY = (CarveOut.PERSONAL_INJURY, CarveOut.INTENT, CarveOut.GROSS_NEGLIGENCE)
SEVERAL = {"QUALITY_STANDARD", "SAMPLE", "EXCLUSION", "PREVENTION", "LD_FIXED_PCT"}  # more than one is no contradiction


class Severity(Upper):
    """How much hangs on a gap: the gravest first."""

    SERIOUS = auto()
    NOTABLE = auto()
    MINOR = auto()


class Side(Upper):
    """On whom a gap weighs."""

    SELLER = auto()
    BUYER = auto()
    BOTH = auto()


@dataclass(frozen=True)
class Entered:
    """A clause as entered; without terms only its text stands."""

    number: str
    type: str
    terms: Terms | None
    checked: bool


@dataclass(frozen=True)
class Frame:
    """What stands in the contract outside its clauses."""

    currency: str
    price: Money | None = None
    includes_vat: bool | None = None
    vat_pct: Decimal | None = None
    language: str = ""


@dataclass(frozen=True)
class Rule:
    """A rule of law that fills a gap: of which law, and its citation."""

    law: RuleSet
    cited: str


@dataclass(frozen=True)
class Gap:
    """One thing that is missing, contradictory or void; `law_known` is False while no law has been agreed."""

    code: str
    severity: Severity
    weighs_on: Side
    clauses: tuple[str, ...] = ()
    params: dict[str, Any] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()
    law_known: bool = True


S, N, M = Severity.SERIOUS, Severity.NOTABLE, Severity.MINOR
MISSING: dict[str, tuple[Severity, Side]] = {
    "GOVERNING_LAW": (S, Side.BOTH),
    "QUALITY_STANDARD": (S, Side.BOTH),
    "INSPECTION_NOTICE": (S, Side.SELLER),
    "GUARANTEE_PERIOD": (S, Side.BUYER),
    "LIABILITY_CAP": (S, Side.SELLER),
    "PAYMENT": (S, Side.SELLER),
    "DISPUTE": (S, Side.BOTH),
    "ACCEPTANCE": (N, Side.BOTH),
    "REMEDY_ORDER": (N, Side.SELLER),
    "LD_DELAY": (N, Side.BUYER),
    "FORCE_MAJEURE": (N, Side.BOTH),
    "TERMINATION": (N, Side.BOTH),
    "DAMAGES": (M, Side.BOTH),
    "PRICE_REDUCTION": (M, Side.BOTH),
    "RETENTION": (M, Side.BUYER),
    "LIMITATION_OF_ACTION": (M, Side.BOTH),
    "PREVENTION": (M, Side.BUYER),
}  # a sample, earnest money, an exclusion and the other agreed damages are no gap where they are absent

T = TypeVar("T", bound=Terms)


class _Paper:
    """The clauses by type, as the checks ask for them."""

    def __init__(self, clauses: Sequence[Entered], frame: Frame) -> None:
        self.clauses, self.frame = clauses, frame

    def of(self, shape: type[T]) -> list[tuple[str, T]]:
        """Return (number, terms) of the clauses of that class of terms."""
        return [(each.number, each.terms) for each in self.clauses if isinstance(each.terms, shape)]

    def has(self, kind: str) -> bool:
        return any(each.type == kind for each in self.clauses)

    @property
    def law(self) -> tuple[RuleSet, ...]:
        """Return the rule sets that fill what the clauses leave open, the first one first; none: not agreed."""
        found = self.of(GoverningLaw)
        return _rule_sets(found[0][1]) if found else ()

    @property
    def is_chinese(self) -> bool:
        return RuleSet.PRC in self.law or not self.law


def gaps(clauses: Iterable[Entered], frame: Frame) -> list[Gap]:
    """Return every gap, the gravest first."""
    paper = _Paper(list(clauses), frame)
    found = [gap for check in CHECKS for gap in check(paper)]
    order = list(Severity)
    return sorted((_with_law(gap, paper.law) for gap in found), key=lambda gap: order.index(gap.severity))


def _with_law(gap: Gap, law: tuple[RuleSet, ...]) -> Gap:
    """Return the gap with the rules that fill it; without an agreed law those of Chinese law are shown as its if."""
    cited = LAW.get(gap.code, {})
    known = bool(law)
    sets = (*(law or (RuleSet.PRC,)), RuleSet.ANY)
    rules = tuple(Rule(each, cited[each]) for each in sets if each in cited)
    if not rules and cited:
        rules = (Rule(RuleSet.OTHER, ""),)
    return Gap(gap.code, gap.severity, gap.weighs_on, gap.clauses, gap.params, rules, known)


def _rule_sets(terms: GoverningLaw) -> tuple[RuleSet, ...]:
    own = {LawOf.PRC: RuleSet.PRC, LawOf.NEW_YORK: RuleSet.UCC}.get(terms.law_of, RuleSet.OTHER)
    return (RuleSet.CISG, own) if terms.cisg == Cisg.CISG_APPLIES else (own,)


def _missing(paper: _Paper) -> Iterator[Gap]:
    for kind, (severity, side) in MISSING.items():
        if not paper.has(kind):
            yield Gap(f"missing.{kind}", severity, side)


def _unready(paper: _Paper) -> Iterator[Gap]:
    """Clauses that nothing is computed from yet."""
    bare = tuple(each.number for each in paper.clauses if each.terms is None)
    open_ = tuple(each.number for each in paper.clauses if each.terms is not None and not each.checked)
    if bare:
        yield Gap("clauses.unstructured", N, Side.BOTH, bare)
    if open_:
        yield Gap("clauses.unchecked", N, Side.BOTH, open_)


def _doubled(paper: _Paper) -> Iterator[Gap]:
    """Two clauses for the same thing: said twice, or each saying something else."""
    groups: dict[tuple[Any, ...], list[Entered]] = defaultdict(list)
    for each in paper.clauses:
        if each.terms is not None and each.type not in SEVERAL:
            groups[each.type, _subject(each.terms)].append(each)
    for (kind, _), same in groups.items():
        if len(same) > 1:
            agree = all(each.terms == same[0].terms for each in same)
            code, severity = ("clauses.doubled", M) if agree else ("clauses.contradict", S)
            yield Gap(code, severity, Side.BOTH, tuple(each.number for each in same), {"type": kind})


def _subject(terms: Terms) -> Any:
    """Return what tells two rightful clauses of one type apart."""
    match terms:
        case InspectionNotice() | LiabilityCap():
            return terms.scope
        case LdDelay():
            return terms.late
        case LdPerformance():
            return terms.characteristic.casefold()
        case PriceReduction():
            return (terms.method, terms.characteristic)
    return None


def _law(paper: _Paper) -> Iterator[Gap]:
    for number, terms in paper.of(GoverningLaw):
        if terms.cisg == Cisg.CISG_NOT_MENTIONED:
            yield Gap("law.cisg_open", N, Side.BOTH, (number,))
        if RuleSet.OTHER in _rule_sets(terms):
            yield Gap("law.foreign", N, Side.BOTH, (number,), {"law": terms.other_law or terms.law_of})
    if paper.clauses and not paper.frame.language:
        yield Gap("language.none", M, Side.BOTH)


def _notice(paper: _Paper) -> Iterator[Gap]:
    found = paper.of(InspectionNotice)
    if found and all(terms.scope == Scope.APPARENT_DEFECTS for _number, terms in found):
        severity = M if paper.has("GUARANTEE_PERIOD") else N
        code = "notice.hidden_by_guarantee" if paper.has("GUARANTEE_PERIOD") else "notice.hidden"
        yield Gap(code, severity, Side.SELLER, tuple(number for number, _terms in found))
    short = tuple(number for number, terms in found if terms.too_short)
    if short:
        yield Gap("notice.too_short", N, Side.SELLER, short)


def _guarantee(paper: _Paper) -> Iterator[Gap]:
    for number, terms in paper.of(GuaranteePeriod):
        starts = {span.start for span in terms.periods}
        if Start.ACCEPTANCE in starts and not paper.has("ACCEPTANCE"):
            yield Gap("guarantee.no_acceptance", S, Side.BOTH, (number,))
        sure = starts - NEVER_BY_ITSELF
        if not sure or (terms.which == Which.LATEST_END and starts & NEVER_BY_ITSELF):
            yield Gap("guarantee.may_not_begin", N, Side.SELLER, (number,), {"starts": tuple(sorted(starts - sure))})
        if terms.replaced == Replaced.RESTARTS and terms.max_months is None:
            yield Gap("guarantee.endless", M, Side.SELLER, (number,))


def _remedies(paper: _Paper) -> Iterator[Gap]:
    for number, terms in paper.of(RemedyOrder):
        if terms.max_repairs and terms.days_per_attempt is None:
            yield Gap("remedy.no_days", N, Side.BUYER, (number,))
    for number, ending in paper.of(Termination):
        if Ground.CURE_FAILED in ending.grounds and ending.cure_days is None:
            yield Gap("termination.no_cure", M, Side.BOTH, (number,))


def _agreed_damages(paper: _Paper) -> Iterator[Gap]:
    shapes: tuple[type[Capped], ...] = (LdDelay, LdPerUnit, LdPerformance, LdFixedPct)
    found: list[tuple[str, Any]] = [pair for shape in shapes for pair in paper.of(shape)]
    endless = tuple(number for number, terms in found if terms.cap_pct is None and terms.cap_amount is None)
    sole = tuple(number for number, terms in found if terms.exclusive)
    if endless:
        yield Gap("ld.no_cap", N, Side.SELLER, endless)
    if sole:
        yield Gap("ld.sole_remedy", M, Side.BUYER, sole)
    earnest = paper.of(EarnestMoney)
    if earnest and found:
        numbers = tuple(number for number, _terms in [*earnest, *found])
        yield Gap("earnest.or_damages", M, Side.BOTH, numbers)


def _earnest(paper: _Paper) -> Iterator[Gap]:
    price = paper.frame.price
    for number, terms in paper.of(EarnestMoney):
        if price is None or price.currency != terms.amount.currency:
            continue
        most = Money(price.amount * EARNEST_MOST, price.currency).rounded()
        if most < terms.amount:
            yield Gap("earnest.too_high", N, Side.BUYER, (number,), {"amount": terms.amount, "most": most})


def _liability(paper: _Paper) -> Iterator[Gap]:
    for number, terms in paper.of(LiabilityCap):
        lacks = tuple(each for each in MANDATORY if each not in terms.carve_outs)
        if lacks:
            yield Gap("cap.carve_outs", N, Side.SELLER, (number,), {"heads": lacks})
    for number, out in paper.of(Exclusion):
        if Head.PERSONAL_INJURY in out.heads:
            yield Gap("exclusion.injury", S, Side.SELLER, (number,))
        if out.form_clause:
            code, severity = ("exclusion.form", M) if out.pointed_out else ("exclusion.not_shown", S)
            yield Gap(code, severity, Side.SELLER, (number,))
        for other, covered in paper.of(Damages):
            if both := tuple(head for head in covered.heads if head in out.heads):
                yield Gap("heads.contradict", S, Side.BOTH, (other, number), {"heads": both})


def _payment(paper: _Paper) -> Iterator[Gap]:
    plans, kept = paper.of(Payment), paper.of(Retention)
    for number, plan in plans:
        if plan.late_interest_pct is None:
            yield Gap("payment.no_interest", M, Side.SELLER, (number,))
    for number, held in kept:
        if held.held_until == HeldUntil.GUARANTEE_ENDED and not paper.has("GUARANTEE_PERIOD"):
            yield Gap("retention.no_guarantee", S, Side.BOTH, (number,))
        for other, plan in plans:
            last = sum((part.pct for part in plan.instalments if part.trigger == Trigger.GUARANTEE_ENDED), Decimal(0))
            if held.held_until == HeldUntil.GUARANTEE_ENDED and last and last != held.pct:
                yield Gap("retention.other_sum", S, Side.BOTH, (number, other), {"held": held.pct, "paid": last})


def _bases(paper: _Paper) -> Iterator[Gap]:
    """Percentages of a price that is not there, or whose VAT nobody has entered."""
    frame = paper.frame
    asked = [(each.number, base, vat) for each in paper.clauses for base, vat in _percentages(each.terms)]
    of_price = tuple(dict.fromkeys(number for number, base, _vat in asked if base == Base.CONTRACT_PRICE))
    if of_price and frame.price is None:
        yield Gap("price.missing", S, Side.BOTH, of_price)
    if frame.price is not None:
        unclear = tuple(dict.fromkeys(number for number, base, vat in asked if _vat_unclear(frame, base, vat)))
        if unclear:
            yield Gap("price.vat", N, Side.BOTH, unclear)


def _vat_unclear(frame: Frame, base: Base, vat: Vat | None) -> bool:
    if base != Base.CONTRACT_PRICE or vat is None:
        return False
    if frame.includes_vat is None:
        return True
    return frame.includes_vat != (vat == Vat.VAT_INCLUDED) and frame.vat_pct is None


def _percentages(terms: Terms | None) -> Iterator[tuple[Base, Vat | None]]:
    """Yield each base that the terms take a percentage of, with the VAT that the clause names."""
    names = () if terms is None else terms.asks()
    for base, vat in (("base_kind", "vat"), ("cap_base", "cap_vat")):
        if base in names and getattr(terms, base) is not None:
            yield getattr(terms, base), getattr(terms, vat, None)


def _currencies(paper: _Paper) -> Iterator[Gap]:
    """Limits and sums in another currency than the price."""
    for each in paper.clauses:
        names = () if each.terms is None else each.terms.asks()
        sums = [value for name in names if isinstance(value := getattr(each.terms, name), Money)]
        other = next((money.currency for money in sums if money.currency != paper.frame.currency), None)
        if other:
            params = {"other": other, "own": paper.frame.currency}
            yield Gap("sum.other_currency", N, Side.BOTH, (each.number,), params)


def _force_majeure(paper: _Paper) -> Iterator[Gap]:
    for number, terms in paper.of(ForceMajeure):
        if terms.terminate_after_days is None:
            yield Gap("force_majeure.no_end", M, Side.BOTH, (number,))


def _limitation(paper: _Paper) -> Iterator[Gap]:
    """Chinese law fixes limitation: an agreement on it is void (CC 197)."""
    for number, terms in paper.of(LimitationOfAction) if paper.is_chinese else ():
        if terms.law == Law.AGREED:
            yield Gap("limitation.agreed", S, Side.BOTH, (number,), {"n": terms.years})
        elif terms.years != YEARS[terms.law]:
            yield Gap("limitation.years", S, Side.BOTH, (number,), {"n": terms.years, "law": YEARS[terms.law]})


def _stages(paper: _Paper) -> Iterator[Gap]:
    for number, terms in paper.of(Acceptance):
        if not terms.deemed:
            yield Gap("acceptance.silence", M, Side.SELLER, (number,))


def _units(paper: _Paper) -> Iterator[Gap]:
    """Agreed damages for a characteristic in a unit that its agreed limits cannot be converted into."""
    metrics = [(number, each) for number, terms in paper.of(QualityStandard) for each in terms.metrics]
    for number, terms in paper.of(LdPerformance):
        for other, metric in metrics:
            same = metric.characteristic.casefold() == terms.characteristic.casefold()
            if same and problems_of_units(metric.unit, terms.unit, "unit"):
                params = {"characteristic": metric.characteristic, "given": metric.unit, "wanted": terms.unit}
                yield Gap("units.differ", S, Side.BOTH, (other, number), params)


CHECKS = (
    _missing, _law, _notice, _guarantee, _stages, _remedies, _agreed_damages, _earnest, _liability, _payment, _bases,
    _currencies, _force_majeure, _limitation, _units, _doubled, _unready,
)  # fmt: skip
