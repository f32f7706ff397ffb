"""QUALITY_STANDARD and SAMPLE: what the goods shall be. PURE."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import auto

from contracts.clauses.choices import Party, Upper
from contracts.clauses.kinds import Choice, Day, Number, Problem, Text, YesNo
from contracts.clauses.terms import Rows, Terms, asked


class ToleranceKind(Upper):
    """How the tolerance around the nominal value is given."""

    ABSOLUTE = auto()
    PERCENT_OF_NOMINAL = auto()


class Verdict(Upper):
    """How uncertainty counts (DOMAIN §5.5)."""

    SIMPLE = auto()
    GUARD_BAND_BOTH = auto()


class Precedence(Upper):
    """What prevails if sample and description differ; by statute: SPC Sales 29."""

    SAMPLE_PREVAILS = auto()
    TEXT_PREVAILS = auto()
    AS_THE_LAW_SAYS = auto()


@dataclass(frozen=True, kw_only=True)
class Metric(Terms):
    """One agreed characteristic. Limits are inclusive unless said otherwise."""

    characteristic: str = asked(Text())
    unit: str = asked(Text(20))
    nominal: Decimal | None = asked(Number(), default=None)
    lower: Decimal | None = asked(Number(), default=None)
    upper: Decimal | None = asked(Number(), default=None)
    tolerance: Decimal | None = asked(Number(above=Decimal(0)), default=None)
    tolerance_kind: ToleranceKind | None = asked(Choice(ToleranceKind), default=None)
    limits_excluded: bool = asked(YesNo(), default=False)
    method: str = asked(Text(), default="")

    def problems(self) -> list[Problem]:
        return [*self._limit_problems(), *self._tolerance_problems()]

    def _limit_problems(self) -> list[Problem]:
        if self.lower is not None and self.upper is not None and self.lower > self.upper:
            return [Problem("lower", "upside_down")]
        if self.nominal is not None and not self._holds_nominal():
            return [Problem("nominal", "outside_limits")]
        if self.lower is None and self.upper is None and self.tolerance is None:
            return [Problem("lower", "no_limit")]
        return []

    def _tolerance_problems(self) -> list[Problem]:
        if self.tolerance is None:
            return [Problem("tolerance_kind", "not_applicable")] if self.tolerance_kind else []
        missing = [name for name in ("nominal", "tolerance_kind") if getattr(self, name) is None]
        return [Problem(name, "required") for name in missing]

    def _holds_nominal(self) -> bool:
        assert self.nominal is not None
        low, high = self.lower is None or self.nominal >= self.lower, self.upper is None or self.nominal <= self.upper
        return low and high


@dataclass(frozen=True, kw_only=True)
class QualityStandard(Terms):
    """The agreed quality: metrics with limits, a named standard, or both."""

    rule: Verdict = asked(Choice(Verdict))
    standard: str = asked(Text(), default="")
    edition: str = asked(Text(60), default="")
    conditions: str = asked(Text(), default="")
    sample_seal: str = asked(Text(60), default="")
    metrics: tuple[Metric, ...] = asked(Rows(Metric), default=())

    def problems(self) -> list[Problem]:
        return [] if self.standard or self.metrics else [Problem("standard", "standard_or_metric")]


@dataclass(frozen=True, kw_only=True)
class Sample(Terms):
    """Sale by a sealed sample."""

    seal_no: str = asked(Text(60))
    sealed_on: date | None = asked(Day(), default=None)
    keeper: Party = asked(Choice(Party))
    description: str = asked(Text(1000), default="")
    precedence: Precedence = asked(Choice(Precedence))
