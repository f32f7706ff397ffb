"""PAYMENT, RETENTION and EARNEST_MONEY: what is paid when, and what is held. PURE."""

from dataclasses import dataclass
from decimal import Decimal
from enum import auto

from contracts.amounts import Money
from contracts.clauses.choices import Base, Upper, Vat
from contracts.clauses.kinds import Choice, Many, Number, Problem, Sum, Text, Whole, YesNo, percent
from contracts.clauses.terms import Rows, Terms, asked


class Trigger(Upper):
    """What makes an instalment due."""

    SIGNING = auto()
    PRODUCTION_START = auto()
    SHIPMENT_DOCUMENTS = auto()
    GOODS_ARRIVED = auto()
    COMMISSIONED = auto()
    FINALLY_ACCEPTED = auto()
    GUARANTEE_ENDED = auto()
    INVOICE = auto()


class InterestPer(Upper):
    """What a rate of interest is for."""

    A_DAY = auto()
    A_YEAR = auto()


class HeldUntil(Upper):
    """Until when retention money is held."""

    GUARANTEE_ENDED = auto()
    FINALLY_ACCEPTED = auto()


class ReleaseCondition(Upper):
    """What must be so before retention money is released."""

    NO_OPEN_DEFECT = auto()
    FINAL_CERTIFICATE = auto()
    INVOICE_RECEIVED = auto()


class EarnestKind(Upper):
    """What earnest money secures."""

    PERFORMANCE_EARNEST = auto()
    CONCLUSION_EARNEST = auto()
    WITHDRAWAL_EARNEST = auto()


@dataclass(frozen=True, kw_only=True)
class Instalment(Terms):
    """A part of the price, due so many days after its trigger."""

    name: str = asked(Text(100))
    pct: Decimal = asked(percent())
    trigger: Trigger = asked(Choice(Trigger))
    document: str = asked(Text(), default="")
    days: int = asked(Whole(0, 1000))


@dataclass(frozen=True, kw_only=True)
class Payment(Terms):
    """The plan of payment; the parts make the whole price."""

    instalments: tuple[Instalment, ...] = asked(Rows(Instalment))
    late_interest_pct: Decimal | None = asked(percent(), default=None)
    late_interest_per: InterestPer | None = asked(Choice(InterestPer), default=None)

    def problems(self) -> list[Problem]:
        problems = []
        total = sum((part.pct for part in self.instalments), Decimal(0))
        if total != 100:
            problems.append(Problem("instalments", "not_the_whole", (("total", f"{total:f}"),)))
        if (self.late_interest_pct is None) != (self.late_interest_per is None):
            wrong = "required" if self.late_interest_pct is not None else "not_applicable"
            problems.append(Problem("late_interest_per", wrong))
        return problems


@dataclass(frozen=True, kw_only=True)
class Retention(Terms):
    """The part of the price that the buyer holds back."""

    pct: Decimal = asked(percent())
    base_kind: Base = asked(Choice(Base))
    vat: Vat = asked(Choice(Vat))
    held_until: HeldUntil = asked(Choice(HeldUntil))
    release_days: int = asked(Whole(0, 1000))
    conditions: tuple[ReleaseCondition, ...] = asked(Many(ReleaseCondition), default=())
    interest_pct: Decimal | None = asked(Number(above=Decimal(0), most=Decimal(100)), default=None)
    may_deduct: bool = asked(YesNo())
    guarantee_instead: bool = asked(YesNo())


@dataclass(frozen=True, kw_only=True)
class EarnestMoney(Terms):
    """Earnest money (定金); what exceeds 20 % of the price counts as prepayment (CC 586)."""

    amount: Money = asked(Sum())
    earnest_kind: EarnestKind = asked(Choice(EarnestKind))
