"""The limit of a sum, as many clauses carry it. PURE."""

from dataclasses import dataclass
from decimal import Decimal

from contracts.amounts import Money
from contracts.clauses.choices import Base, Vat
from contracts.clauses.kinds import Choice, Problem, Sum, percent
from contracts.clauses.terms import Terms, asked, is_empty


@dataclass(frozen=True, kw_only=True)
class Capped(Terms):
    """Terms with a limit: an amount, or a percentage of a named base with or without VAT, or none."""

    cap_amount: Money | None = asked(Sum(), default=None)
    cap_pct: Decimal | None = asked(percent(), default=None)
    cap_base: Base | None = asked(Choice(Base), default=None)
    cap_vat: Vat | None = asked(Choice(Vat), default=None)

    def problems(self) -> list[Problem]:
        return super().problems() + pct_or_amount(self, "cap_pct", "cap_amount") + self._base_problems()

    def _base_problems(self) -> list[Problem]:
        """A percentage needs its base and VAT; without a percentage they mean nothing."""
        wrong = "required" if self.cap_pct is not None else "not_applicable"
        return [
            Problem(name, wrong)
            for name in ("cap_base", "cap_vat")
            if is_empty(getattr(self, name)) == (self.cap_pct is not None)
        ]


def pct_or_amount(terms: Terms, pct: str, amount: str) -> list[Problem]:
    """Return a problem if both the percentage and the amount are given."""
    if is_empty(getattr(terms, pct)) or is_empty(getattr(terms, amount)):
        return []
    return [Problem(amount, "one_of_two")]


def same_currency(*sums: tuple[str, Money | None]) -> list[Problem]:
    """Return a problem for each named sum whose currency differs from that of the first one given."""
    given = [(name, money) for name, money in sums if money is not None]
    return [
        Problem(name, "currency_mismatch", (("first", given[0][1].currency), ("other", money.currency)))
        for name, money in given[1:]
        if money.currency != given[0][1].currency
    ]
