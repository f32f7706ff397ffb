"""DAMAGES, LIABILITY_CAP and EXCLUSION: how far the seller is liable. PURE."""

from dataclasses import dataclass
from decimal import Decimal
from enum import auto

from contracts.amounts import Money
from contracts.clauses.choices import Base, Head, Upper, Vat
from contracts.clauses.kinds import Choice, Many, Problem, Sum, Text, YesNo, percent
from contracts.clauses.limits import pct_or_amount
from contracts.clauses.terms import Terms, asked


class CapScope(Upper):
    """What one cap is for."""

    EACH_EVENT = auto()
    ALL_CLAIMS_TOGETHER = auto()


class CarveOut(Upper):
    """What stands outside a cap."""

    PERSONAL_INJURY = auto()
    INTENT = auto()
    GROSS_NEGLIGENCE = auto()
    LIQUIDATED_DAMAGES = auto()
    INTELLECTUAL_PROPERTY = auto()
    INTEREST = auto()


@dataclass(frozen=True, kw_only=True)
class Damages(Terms):
    """Which loss is made good."""

    heads: tuple[Head, ...] = asked(Many(Head))
    proof_required: bool = asked(YesNo())
    foreseeability: str = asked(Text(), default="")


@dataclass(frozen=True, kw_only=True)
class LiabilityCap(Terms):
    """The most that the seller pays: an amount, or a percentage of a base."""

    amount: Money | None = asked(Sum(), default=None)
    pct: Decimal | None = asked(percent(), default=None)
    base_kind: Base | None = asked(Choice(Base), default=None)
    vat: Vat | None = asked(Choice(Vat), default=None)
    scope: CapScope = asked(Choice(CapScope))
    carve_outs: tuple[CarveOut, ...] = asked(Many(CarveOut), default=())

    def problems(self) -> list[Problem]:
        return [*pct_or_amount(self, "pct", "amount"), *pct_needs_base(self)]


@dataclass(frozen=True, kw_only=True)
class Exclusion(Terms):
    """Loss for which the seller is not liable, unless the law says otherwise (CC 496, 497, 506, 618)."""

    heads: tuple[Head, ...] = asked(Many(Head))
    form_clause: bool = asked(YesNo())
    pointed_out: bool | None = asked(YesNo(), when=("form_clause", True))


def pct_needs_base(terms: LiabilityCap) -> list[Problem]:
    """Return what is missing: one of percentage and amount, and the base and VAT of a percentage."""
    if terms.pct is None and terms.amount is None:
        return [Problem("amount", "one_of_two_needed")]
    wrong = "required" if terms.pct is not None else "not_applicable"
    return [
        Problem(name, wrong)
        for name in ("base_kind", "vat")
        if (getattr(terms, name) is None) == (terms.pct is not None)
    ]
