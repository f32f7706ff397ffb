"""A loan of the project and what its covenants make of an impact: DSCR, look-back, LLCR, cure (DOMAIN §12). PURE."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from contracts.finance.cover import (
    Cure,
    Dscr,
    Levels,
    Llcr,
    LoanLife,
    LookBack,
    State,
    cure,
    dscr,
    llcr_of,
    loan_life,
    look_back,
)
from contracts.finance.working import Number, Step, least_zero, step


@dataclass(frozen=True, kw_only=True)
class Covenants:
    """
    What a facility asks for beside the cover of a single period, and where it is tested.

    `tested` and `look_back_tested` are places of periods, None for every one. Without levels nothing is asked for.
    """

    dscr_clause: str = ""
    tested: Sequence[int] | None = None
    look_back: Levels | None = None
    look_back_periods: int = 0
    look_back_tested: Sequence[int] | None = None
    look_back_clause: str = ""
    llcr: Levels | None = None
    llcr_clause: str = ""
    debt: Decimal = Decimal(0)
    rate_pct_per_period: Decimal = Decimal(0)
    reserve: Decimal = Decimal(0)


@dataclass(frozen=True, kw_only=True)
class Loan:
    """The facility: what is drawn at which rate, and its periods, each with its cash, debt service and name."""

    drawn: Decimal
    rate_pct: Decimal
    basis: str
    levels: Levels | None = None
    cfads: Sequence[Number] = ()
    debt_service: Sequence[Number] = ()
    periods: Sequence[str] = ()
    covenants: Covenants = field(default_factory=Covenants)
    clause: str = ""


@dataclass(frozen=True)
class Lending:
    """
    The covers of a loan after an impact.

    look_backs, cures: each with the place of its (last) period; cures only where a tested level is missed.
    working: what is not tested although it is asked for, and why.
    """

    dscr: Dscr | None
    tested: tuple[int, ...]
    look_backs: tuple[tuple[int, LookBack], ...]
    llcr: Llcr | None
    llcr_state: State | None
    cures: tuple[tuple[int, Cure], ...]
    working: tuple[Step, ...] = ()

    @property
    def states(self) -> list[State | None]:
        """Return what every covenant says wherever it is tested."""
        single = [self.dscr.after[place].state for place in self.tested] if self.dscr else []
        return [*single, *(found.state for _place, found in self.look_backs), self.llcr_state]

    @property
    def lowest_look_back(self) -> tuple[int, LookBack] | None:
        """Return the look-back with the least cover, with the place of its last period."""
        known = [one for one in self.look_backs if one[1].cover.ratio is not None]
        return min(known, key=lambda one: (one[1].cover.ratio, one[0])) if known else None


def lend(loan: Loan, impact: Sequence[Number], currency: str = "") -> Lending:
    """
    Return what is left of the loan's cover after `impact` (what the case takes from the cash of each period).

    Raises Unreckonable as the ratios do.
    """
    asks, lost = loan.covenants, tuple(impact) or (0,) * len(loan.cfads)
    if not loan.cfads:
        return Lending(None, (), (), None, None, (), (step("state_after", "no_loan_periods"),))
    cover = (
        dscr(loan.cfads, loan.debt_service, loan.levels, impact=lost, currency=currency,
             clause=asks.dscr_clause or loan.clause)
        if loan.levels else None
    )  # fmt: skip
    tested = _places(asks.tested, len(loan.cfads)) if cover else ()
    life = _life(loan, lost)
    look_backs = _look_backs(loan, lost)
    notes = [] if cover else [step("state_after", "no_dscr_covenant")]
    if asks.look_back is not None and not look_backs:
        notes.append(step("state_after", "look_back_not_testable", n=asks.look_back_periods, there=len(loan.cfads)))
    return Lending(
        cover,
        tested,
        look_backs,
        llcr_of(life, asks.debt, asks.reserve, asks.llcr_clause) if life else None,
        life.state(asks.llcr) if life and asks.llcr else None,
        _cures(loan, lost, cover, currency),
        tuple(notes),
    )


def _places(tested: Sequence[int] | None, count: int) -> tuple[int, ...]:
    return tuple(range(count)) if tested is None else tuple(tested)


def _look_backs(loan: Loan, lost: Sequence[Number]) -> tuple[tuple[int, LookBack], ...]:
    """Return the look-back at the end of each tested period that has enough periods behind it."""
    asks, n = loan.covenants, loan.covenants.look_back_periods
    if asks.look_back is None or n < 1:
        return ()
    ends = [place for place in _places(asks.look_back_tested, len(loan.cfads)) if place + 1 >= n]
    found = []
    for place in ends:
        span = slice(place + 1 - n, place + 1)
        one = look_back(
            loan.cfads[span], loan.debt_service[span], asks.look_back, impact=lost[span], clause=asks.look_back_clause
        )
        found.append((place, one))
    return tuple(found)


def _life(loan: Loan, lost: Sequence[Number]) -> LoanLife | None:
    asks = loan.covenants
    least_zero("debt", asks.debt)
    if not asks.debt:
        return None
    rate = Fraction(asks.rate_pct_per_period) / 100
    return loan_life(loan.cfads, asks.debt, rate, impact=lost, reserve=asks.reserve)


def _cures(loan: Loan, lost: Sequence[Number], cover: Dscr | None, currency: str) -> tuple[tuple[int, Cure], ...]:
    if cover is None or loan.levels is None:
        return ()
    asks = loan.covenants
    missed = [
        place for place in _places(asks.tested, len(loan.cfads))
        if cover.after[place].state in (State.LOCK_UP, State.DEFAULT)
    ]  # fmt: skip
    return tuple(
        (place, cure(loan.cfads[place], loan.debt_service[place], loan.levels, impact=lost[place], currency=currency,
                     clause=asks.dscr_clause or loan.clause))
        for place in missed
    )  # fmt: skip
