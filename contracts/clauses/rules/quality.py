"""Is it what was agreed: a value against limits, a lot by its sample, a concession (CC 510, 615, 616). PURE."""

from dataclasses import dataclass
from decimal import Decimal
from enum import auto
from typing import Any

from contracts.clauses import sampling
from contracts.clauses.asking import Amount, Asked, Fine
from contracts.clauses.choices import Upper
from contracts.clauses.kinds import Bad, Choice, Problem, Text, Whole, YesNo
from contracts.clauses.measures import convert, problems_of_units
from contracts.clauses.quality import Verdict
from contracts.clauses.terms import Terms, TermsError, asked, within
from contracts.clauses.working import Working, step, to_minor


class Conformity(Upper):
    """What a measurement shows."""

    CONFORMING = auto()
    NONCONFORMING = auto()
    INCONCLUSIVE = auto()


@dataclass(frozen=True, kw_only=True)
class Measured(Asked):
    value: Decimal = asked(Fine())
    value_unit: str = asked(Text(20), default="")
    unit: str = asked(Text(20), default="")
    U: Decimal | None = asked(Fine(least=Decimal(0)), default=None)
    lower_limit: Decimal | None = asked(Fine(), default=None)
    upper_limit: Decimal | None = asked(Fine(), default=None)
    limits_excluded: bool = asked(YesNo(), default=False)
    rule: Verdict = asked(Choice(Verdict))

    def problems(self) -> list[Problem]:
        problems = super().problems() + problems_of_units(self.value_unit, self.unit, "value_unit")
        if self.lower_limit is None and self.upper_limit is None:
            problems.append(Problem("lower_limit", "no_limit"))
        elif self.lower_limit is not None and self.upper_limit is not None and self.lower_limit > self.upper_limit:
            problems.append(Problem("lower_limit", "upside_down"))
        if self.rule == Verdict.GUARD_BAND_BOTH and self.U is None:
            problems.append(Problem("U", "required"))
        return problems


def conformity(said: Measured) -> Working:
    """
    Return whether a value keeps its limits by the agreed rule (DOMAIN §5.5). result: verdict, review.

    SIMPLE: the value decides. GUARD_BAND_BOTH: either side must be proven with the expanded uncertainty; a value that
    touches the limit with it counts as proven. Compared at full precision; limits are inclusive unless excluded.
    """
    value = convert(said.value, said.value_unit, said.unit)
    guard = Decimal(0) if said.rule == Verdict.SIMPLE else convert(said.U or Decimal(0), said.value_unit, said.unit)
    verdict = _verdict(said, value, guard)
    facts: dict[str, Any] = {
        "value": value,
        "U": guard,
        "lower": said.lower_limit,
        "upper": said.upper_limit,
        "unit": said.unit,
    }
    uses = ("value", "lower_limit", "upper_limit", "rule") + (("U",) if guard else ())
    code = f"measured.{verdict}" + (".guarded" if guard else "")
    review = verdict == Conformity.INCONCLUSIVE
    return Working({"verdict": verdict, "review": review}, (step(code, *uses, law="CC 615, 616", **facts),))


def _verdict(said: Measured, value: Decimal, guard: Decimal) -> Conformity:
    room = [value - said.lower_limit] if said.lower_limit is not None else []
    room += [said.upper_limit - value] if said.upper_limit is not None else []
    left = min(room)  # how far inside the nearest limit, negative outside
    if left > guard or (left == guard and not (said.limits_excluded and guard == 0)):
        return Conformity.CONFORMING
    return Conformity.NONCONFORMING if left <= -guard else Conformity.INCONCLUSIVE


@dataclass(frozen=True, kw_only=True)
class Sampled(Asked):
    lot: int = asked(Whole(2, 1_000_000_000))
    level: sampling.Level = asked(Choice(sampling.Level))
    aql: Decimal = asked(Fine(above=Decimal(0)))
    severity: sampling.Severity = asked(Choice(sampling.Severity), default=sampling.Severity.NORMAL)
    edition: str = asked(Text(40), default=sampling.NEWEST)
    sample: int | None = asked(Whole(1, 1_000_000_000), default=None)
    found: int = asked(Whole(0, 1_000_000_000))
    unit_price: Decimal | None = asked(Amount(), default=None)

    def problems(self) -> list[Problem]:
        problems = super().problems()
        for name, limit in (("sample", self.lot), ("found", self.sample or self.lot)):
            if (getattr(self, name) or 0) > limit:
                problems.append(Problem(name, "over", (("limit", str(limit)),)))
        try:
            sampling.plan(self.lot, self.level, self.aql, self.severity, self.edition)
        except sampling.NoPlan as missing:
            problems.append(Problem(missing.field, "no_plan", (("known", missing.known),)))
        return problems


def lot_accepted(said: Sampled) -> Working:
    """
    Return what the sample says of the lot (DOMAIN §5.6).

    result: code (letter by lot and level), n, ac, re, lot_accepted, price_of_lot, review: the sample inspected was not
    the one of the plan. A lot smaller than the sample is inspected whole.
    """
    plan = sampling.plan(said.lot, said.level, said.aql, said.severity, said.edition)
    n = min(plan.n, said.lot)
    other = said.sample is not None and said.sample != n
    accepted = said.found <= plan.ac
    facts: dict[str, Any] = {
        "lot": said.lot, "level": said.level, "aql": said.aql, "letter": plan.code, "n": n, "ac": plan.ac,
        "re": plan.re, "edition": said.edition, "severity": said.severity,
    }  # fmt: skip
    steps = [step("lot.plan", "lot", "level", "aql", "severity", **facts)]
    if plan.n >= said.lot:
        steps.append(step("lot.whole", "lot", n=plan.n, lot=said.lot))
    if other:
        steps.append(step("lot.other_sample", "sample", n=n, sample=said.sample))
    code = "lot.accepted" if accepted else "lot.refused"
    steps.append(step(code, "found", law="CC 610, 633", found=said.found, ac=plan.ac, re=plan.re))
    result: dict[str, Any] = {"code": plan.code, "n": n, "ac": plan.ac, "re": plan.re, "lot_accepted": accepted}
    if said.unit_price is not None:
        price = to_minor(said.lot * said.unit_price, said.currency)
        result["price_of_lot"] = price
        steps.append(step("lot.price", "lot", "unit_price", lot=said.lot, each=said.unit_price, price=price))
    return Working({**result, "review": other}, tuple(steps))


@dataclass(frozen=True, kw_only=True)
class Permitted(Terms):
    """What a signed concession covers; an empty part is not limited."""

    characteristic: str = asked(Text())
    accepted_value: str = asked(Text(100), default="")
    lot: str = asked(Text(100), default="")
    quantity: str = asked(Text(100), default="")


@dataclass(frozen=True, kw_only=True)
class Claim(Terms):
    """What is complained of."""

    characteristic: str = asked(Text())
    value: str = asked(Text(100), default="")
    lot: str = asked(Text(100), default="")


@dataclass(frozen=True)
class One:
    """One object of typed terms."""

    row: type[Terms]

    def read(self, raw: Any) -> Terms:
        try:
            return self.row.from_data(raw)
        except TermsError as error:
            raise Bad(problems=tuple(error.problems)) from None

    def write(self, value: Terms) -> dict[str, Any]:
        return value.to_data()


class Claims:
    """Claims by the name of their characteristic, or as objects."""

    def read(self, raw: Any) -> tuple[Claim, ...]:
        if not isinstance(raw, list | tuple):
            raise Bad("not_a_list")
        if len(raw) > 50:
            raise Bad("too_many", limit=50)
        return tuple(self._claim(place, item) for place, item in enumerate(raw))

    def _claim(self, place: int, item: Any) -> Claim:
        try:
            return Claim.from_data(item if isinstance(item, dict) else {"characteristic": item})
        except TermsError as error:
            raise Bad(problems=tuple(within(str(place), problem) for problem in error.problems)) from None

    def write(self, value: tuple[Claim, ...]) -> list[dict[str, Any]]:
        return [claim.to_data() for claim in value]


@dataclass(frozen=True, kw_only=True)
class Conceded(Asked):
    concession: Permitted = asked(One(Permitted))
    claims: tuple[Claim, ...] = asked(Claims())


def concession(said: Conceded) -> Working:
    """Return NOT_ENTITLED for each claim that the concession covers, else OPEN, by the name of the characteristic."""
    result, steps = {}, []
    for claim in said.claims:
        covered = covers(said.concession, claim)
        result[claim.characteristic] = "NOT_ENTITLED" if covered else "OPEN"
        facts: dict[str, Any] = {"characteristic": claim.characteristic, "accepted": said.concession.accepted_value}
        code = "concession.covered" if covered else "concession.open"
        steps.append(step(code, "concession", "claims", law="SPC Sales 24", **facts))
    return Working(result, tuple(steps))


def covers(permitted: Permitted, claim: Claim) -> bool:
    """Return whether the claim is for the named characteristic, and for no other value or lot than the accepted."""
    if _same(permitted.characteristic, claim.characteristic) is False:
        return False
    pairs = ((permitted.accepted_value, claim.value), (permitted.lot, claim.lot))
    return all(_same(one, other) for one, other in pairs if one and other)


def _same(one: str, other: str) -> bool:
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()
