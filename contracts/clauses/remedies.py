"""REMEDY_ORDER, PRICE_REDUCTION and TERMINATION: what the buyer may ask for, and in which order. PURE."""

from dataclasses import dataclass
from decimal import Decimal
from enum import auto
from itertools import pairwise

from contracts.clauses.choices import Base, Form, Party, Upper, Vat
from contracts.clauses.kinds import Choice, Many, Number, Problem, Text, Whole, YesNo, percent
from contracts.clauses.terms import Rows, Terms, asked


class Remedy(Upper):
    """A remedy of sales law."""

    REPAIR = auto()
    REMAKE = auto()
    REPLACEMENT = auto()
    RETURN = auto()
    PRICE_REDUCTION = auto()
    DAMAGES = auto()
    TERMINATION = auto()


class Chooser(Upper):
    """Who chooses among the remedies."""

    IN_ORDER = auto()
    BUYER_CHOOSES = auto()
    SELLER_CHOOSES = auto()


class Method(Upper):
    """How a price is reduced (EV-37 to EV-39)."""

    MARKET_DIFFERENCE = auto()
    PROPORTIONAL = auto()
    SCALE = auto()


class Ground(Upper):
    """Why a party may terminate."""

    PURPOSE_DEFEATED = auto()
    CURE_FAILED = auto()
    REJECT_LIMIT = auto()
    LD_CAP_REACHED = auto()
    LONG_DELAY = auto()
    FORCE_MAJEURE_LASTS = auto()
    INSOLVENCY = auto()


@dataclass(frozen=True, kw_only=True)
class RemedyOrder(Terms):
    """The remedies, first to last, and who bears what."""

    order: tuple[Remedy, ...] = asked(Many(Remedy, ordered=True))
    chooser: Chooser = asked(Choice(Chooser))
    max_repairs: int = asked(Whole(0, 20))
    days_per_attempt: int | None = asked(Whole(1, 1000), default=None)
    transport_by: Party = asked(Choice(Party))
    dismantling_by: Party = asked(Choice(Party))
    travel_by: Party = asked(Choice(Party))
    self_repair: bool = asked(YesNo())
    cure_days: int | None = asked(Whole(1, 1000), when=("self_repair", True))


@dataclass(frozen=True, kw_only=True)
class Step(Terms):
    """A step of a scale: from (included) to (not included) the price falls by so many per cent."""

    from_value: Decimal = asked(Number())
    to_value: Decimal | None = asked(Number(), default=None)
    reduction_pct: Decimal = asked(percent())

    def problems(self) -> list[Problem]:
        if self.to_value is not None and self.to_value <= self.from_value:
            return [Problem("to_value", "upside_down")]
        return []


@dataclass(frozen=True, kw_only=True)
class PriceReduction(Terms):
    """How the price is reduced for goods that are kept."""

    method: Method = asked(Choice(Method))
    base_kind: Base = asked(Choice(Base))
    vat: Vat = asked(Choice(Vat))
    characteristic: str | None = asked(Text(), when=("method", Method.SCALE))
    scale_unit: str | None = asked(Text(20), when=("method", Method.SCALE))
    scale: tuple[Step, ...] | None = asked(Rows(Step), when=("method", Method.SCALE))

    def problems(self) -> list[Problem]:
        steps = self.scale or ()
        return [
            Problem(f"scale.{place}.from_value", "steps_overlap")
            for place, (before, step) in enumerate(pairwise(steps), start=1)
            if before.to_value is None or step.from_value < before.to_value
        ]


@dataclass(frozen=True, kw_only=True)
class Termination(Terms):
    """When and how the contract can be ended. Never done by itself."""

    grounds: tuple[Ground, ...] = asked(Many(Ground))
    notice_form: Form = asked(Choice(Form))
    cure_days: int | None = asked(Whole(1, 1000), default=None)
    delay_days: int | None = asked(Whole(1, 1000), when=("grounds", Ground.LONG_DELAY))
