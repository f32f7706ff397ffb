"""LD_DELAY, LD_PER_UNIT, LD_PERFORMANCE and LD_FIXED_PCT: agreed damages. PURE. No base kind has a default."""

from dataclasses import dataclass
from decimal import Decimal
from enum import auto

from contracts.amounts import Money
from contracts.clauses.choices import Base, Mode, PartUnit, Upper, Vat
from contracts.clauses.kinds import Choice, Number, Problem, Sum, Text, Whole, YesNo, percent
from contracts.clauses.limits import Capped, pct_or_amount, same_currency
from contracts.clauses.terms import Rows, Terms, asked


class Late(Upper):
    """What is late."""

    LATE_DELIVERY = auto()
    LATE_COMMISSIONING = auto()
    LATE_REPAIR = auto()


class Per(Upper):
    """What the rate is for."""

    PER_DAY = auto()
    PER_WEEK = auto()


class Counting(Upper):
    """Whether the due day itself counts as late."""

    DUE_DAY_EXCLUDED = auto()
    DUE_DAY_INCLUDED = auto()


class Grace(Upper):
    """Whether grace days are free always, or only until exceeded."""

    NO_GRACE = auto()
    DEDUCTIBLE = auto()
    THRESHOLD = auto()


class ToleranceUse(Upper):
    """Where the shortfall is measured from, once outside the tolerance (EV-16, EV-17)."""

    FROM_TOLERANCE_EDGE = auto()
    FROM_GUARANTEED_VALUE = auto()


class Direction(Upper):
    """Which way a guaranteed value is better."""

    HIGHER_IS_BETTER = auto()
    LOWER_IS_BETTER = auto()


class Breach(Upper):
    """A breach with a fixed percentage."""

    NONCONFORMING_GOODS = auto()
    REPEATED_DEFECT = auto()
    MISSING_DOCUMENTS = auto()
    UNAPPROVED_CHANGE = auto()
    NON_PERFORMANCE = auto()


class CountRule(Upper):
    """How often a fixed percentage is due."""

    ONCE = auto()
    PER_EVENT = auto()
    PER_LOT = auto()


@dataclass(frozen=True, kw_only=True)
class LdDelay(Capped):
    """A rate of a base per day or week of delay."""

    late: Late = asked(Choice(Late))
    per: Per = asked(Choice(Per))
    rate_pct: Decimal = asked(percent())
    base_kind: Base = asked(Choice(Base))
    vat: Vat = asked(Choice(Vat))
    counting: Counting = asked(Choice(Counting))
    grace_kind: Grace = asked(Choice(Grace))
    grace_days: int = asked(Whole(0, 365), default=0)
    part_week: PartUnit | None = asked(Choice(PartUnit), when=("per", Per.PER_WEEK))
    fm_mode: Mode = asked(Choice(Mode))
    exclusive: bool = asked(YesNo())
    shared_fault_reduces: bool = asked(YesNo(), default=False)

    def problems(self) -> list[Problem]:
        problems = super().problems()
        if (self.grace_kind == Grace.NO_GRACE) != (self.grace_days == 0):
            wrong = "not_applicable" if self.grace_days else "required"
            problems.append(Problem("grace_days", wrong))
        if self.cap_pct is not None and self.cap_pct < self.rate_pct:
            problems.append(Problem("cap_pct", "cap_below_rate"))
        return problems


@dataclass(frozen=True, kw_only=True)
class LdPerUnit(Capped):
    """An amount, or a percentage of the unit price, for each unit that is confirmed as defective."""

    amount_per_unit: Money | None = asked(Sum(), default=None)
    unit_price_pct: Decimal | None = asked(percent(), default=None)
    vat: Vat | None = asked(Choice(Vat), default=None)
    exclusive: bool = asked(YesNo())

    def problems(self) -> list[Problem]:
        problems = super().problems() + pct_or_amount(self, "unit_price_pct", "amount_per_unit")
        if self.amount_per_unit is None and self.unit_price_pct is None:
            problems.append(Problem("amount_per_unit", "one_of_two_needed"))
        if (self.unit_price_pct is None) != (self.vat is None):
            problems.append(Problem("vat", "required" if self.vat is None else "not_applicable"))
        return problems + same_currency(("amount_per_unit", self.amount_per_unit), ("cap_amount", self.cap_amount))


@dataclass(frozen=True, kw_only=True)
class LdPerformance(Capped):
    """An amount for each step by which a guaranteed value is missed, down to a limit of rejection."""

    characteristic: str = asked(Text())
    unit: str = asked(Text(20))
    guaranteed: Decimal = asked(Number())
    direction: Direction = asked(Choice(Direction))
    tolerance: Decimal = asked(Number(least=Decimal(0)))
    tolerance_use: ToleranceUse = asked(Choice(ToleranceUse))
    step: Decimal = asked(Number(above=Decimal(0)))
    amount_per_step: Money = asked(Sum())
    part_step: PartUnit = asked(Choice(PartUnit))
    reject_limit: Decimal | None = asked(Number(), default=None)
    exclusive: bool = asked(YesNo())

    def problems(self) -> list[Problem]:
        problems = super().problems()
        if self.reject_limit is not None and not self._beyond_tolerance(self.reject_limit):
            problems.append(Problem("reject_limit", "upside_down"))
        return problems + same_currency(("amount_per_step", self.amount_per_step), ("cap_amount", self.cap_amount))

    def _beyond_tolerance(self, value: Decimal) -> bool:
        """Return whether a value is worse than the guaranteed value with its tolerance."""
        if self.direction == Direction.HIGHER_IS_BETTER:
            return value < self.guaranteed - self.tolerance
        return value > self.guaranteed + self.tolerance


@dataclass(frozen=True, kw_only=True)
class BreachRate(Terms):
    """The percentage for one kind of breach."""

    breach: Breach = asked(Choice(Breach))
    pct: Decimal = asked(percent())


@dataclass(frozen=True, kw_only=True)
class LdFixedPct(Capped):
    """A fixed percentage of a base for each kind of breach."""

    breaches: tuple[BreachRate, ...] = asked(Rows(BreachRate))
    base_kind: Base = asked(Choice(Base))
    vat: Vat = asked(Choice(Vat))
    count_rule: CountRule = asked(Choice(CountRule))
    exclusive: bool = asked(YesNo())
