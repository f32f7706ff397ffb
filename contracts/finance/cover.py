"""How far cash covers the debt: DSCR, its look-back, LLCR, and what the covenants make of them (DOMAIN §12). PURE."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from contracts.finance.working import (
    FINE,
    Number,
    Step,
    Unreckonable,
    by_clause,
    cut,
    least_zero,
    minor,
    money,
    rounded,
    same_length,
    step,
    total,
    written,
)


class State(StrEnum):
    """What a ratio means under the covenants; equality with a level is still on the good side."""

    OK = "OK"
    LOCK_UP = "LOCK_UP"
    DEFAULT = "DEFAULT"


@dataclass(frozen=True)
class Levels:
    """The covenant levels of a facility; never assumed, always from its text. Raises Unreckonable if out of order."""

    lock_up: Decimal
    default: Decimal

    def __post_init__(self) -> None:
        least_zero("default", self.default)
        if self.lock_up < self.default:
            raise Unreckonable("lock_up", "levels_out_of_order", lock_up=self.lock_up, default=self.default)


@dataclass(frozen=True)
class Cover:
    """Cash available for debt service (CFADS) against the debt service of one period, in the unit of the question."""

    cash: Fraction
    debt_service: Fraction
    levels: Levels

    @property
    def ratio(self) -> Fraction | None:
        """Return the exact ratio; None where no debt is served."""
        return self.cash / self.debt_service if self.debt_service else None

    @property
    def shown(self) -> Decimal | None:
        """Return the ratio cut to two digits: a breached 1.1999 never shows as 1.20 (FV-09)."""
        return None if self.ratio is None else cut(self.ratio)

    @property
    def state(self) -> State | None:
        """Return what the unrounded ratio means; None where no debt is served."""
        if self.ratio is None:
            return None
        if self.headroom(self.levels.default) < 0:
            return State.DEFAULT
        return State.LOCK_UP if self.headroom(self.levels.lock_up) < 0 else State.OK

    def headroom(self, level: Decimal) -> Fraction:
        """Return by how much the cash lies above what the level asks; below zero it lacks as much."""
        return self.cash - Fraction(level) * self.debt_service

    def cure(self, level: Decimal) -> Fraction:
        """Return the cash that lacks to reach the level; 0 where none does."""
        return max(Fraction(0), -self.headroom(level))


@dataclass(frozen=True)
class Dscr:
    """The cover of each period before and after the impact; headroom to default of the first in currency units."""

    before: tuple[Cover, ...]
    after: tuple[Cover, ...]
    headroom_p1: Decimal
    working: tuple[Step, ...]


def dscr(
    cfads: Sequence[Number], debt_service: Sequence[Number], levels: Levels, *, impact: Sequence[Number] = (),
    unit: Number = 1, currency: str = "", clause: str = "",
) -> Dscr:  # fmt: skip
    """
    Return the debt service cover ratio by period, before and after the impact of the case.

    unit: how many currency units the numbers are in; headroom_p1 is in currency units. Raises Unreckonable unless the
    series are of one length and debt service is not negative.
    """
    before, after = _covers(cfads, debt_service, levels, impact)
    first = after[0]
    room = first.headroom(levels.default)
    last = _level_step("headroom_p1", "headroom" if room >= 0 else "no_headroom", first, levels.default, room,
                       unit, currency)  # fmt: skip
    pairs = zip(before, after, strict=True)
    steps = [_ratio_step("state_after", old, new, period) for period, (old, new) in enumerate(pairs, 1)]
    return Dscr(
        before, after, money(room * Fraction(unit), currency), (*steps, last, *by_clause("state_after", clause))
    )


@dataclass(frozen=True)
class LookBack:
    """The cover over several periods together, before and after; ratios with six digits, None without debt service."""

    before: Decimal | None
    after: Decimal | None
    cover: Cover
    working: tuple[Step, ...]

    @property
    def state(self) -> State | None:
        return self.cover.state


def look_back(
    cfads: Sequence[Number], debt_service: Sequence[Number], levels: Levels, *, impact: Sequence[Number] = (),
    clause: str = "",
) -> LookBack:  # fmt: skip
    """
    Return the look-back ratio: the sum of CFADS over the sum of debt service, not the mean of the ratios.

    Raises Unreckonable as `dscr` does.
    """
    before, after = (
        Cover(total([one.cash for one in covers]), total([one.debt_service for one in covers]), levels)
        for covers in _covers(cfads, debt_service, levels, impact)
    )
    steps = [
        step("before", "look_back_before", n=len(cfads), **_facts(before)),
        step("after", "look_back_after", n=len(cfads), **_facts(after)),
    ]
    if after.ratio is None:
        steps = [step("after", "no_debt_service")]
    steps.append(_state_step("state", after))
    return LookBack(_fine(before.ratio), _fine(after.ratio), after, (*steps, *by_clause("state", clause)))


@dataclass(frozen=True)
class Cure:
    """The cover of one period after the impact, and the cash that would cure each covenant, in currency units."""

    dscr: Decimal | None
    cover: Cover
    cure_to_default: Decimal
    cure_to_lock_up: Decimal
    working: tuple[Step, ...]

    @property
    def state(self) -> State | None:
        return self.cover.state


def cure(
    cfads: Number, debt_service: Number, levels: Levels, *, impact: Number = 0, unit: Number = 1, currency: str = "",
    clause: str = "",
) -> Cure:  # fmt: skip
    """Return what must be paid in so that the cover reaches each level: max(0, level × debt service − CFADS)."""
    before, after = (row[0] for row in _covers([cfads], [debt_service], levels, [impact]))
    sums = {level: money(after.cure(level) * Fraction(unit), currency) for level in (levels.default, levels.lock_up)}
    steps = [_ratio_step("dscr", before, after, None)] + [
        _level_step(figure, figure if sums[level] else "no_cure", after, level, after.cure(level), unit, currency)
        for figure, level in (("cure_to_default", levels.default), ("cure_to_lock_up", levels.lock_up))
    ]  # fmt: skip
    return Cure(
        _fine(after.ratio), after, sums[levels.default], sums[levels.lock_up], (*steps, *by_clause("state", clause))
    )


@dataclass(frozen=True)
class Covenant:
    """The cover of each period and what it means."""

    covers: tuple[Cover, ...]
    working: tuple[Step, ...]


def covenant(cfads: Sequence[Number], debt_service: Sequence[Number], levels: Levels, *, clause: str = "") -> Covenant:
    """Return the state of each period. Raises Unreckonable as `dscr` does."""
    covers, _same = _covers(cfads, debt_service, levels, ())
    steps = [_ratio_step("state", one, one, period) for period, one in enumerate(covers, 1)]
    return Covenant(covers, (*steps, *by_clause("state", clause)))


@dataclass(frozen=True)
class Llcr:
    """Present values and loan life cover before and after, with six digits; ratios None without debt."""

    npv_before: Decimal
    npv_after: Decimal
    before: Decimal | None
    after: Decimal | None
    shown: tuple[Decimal | None, Decimal | None]
    working: tuple[Step, ...]


@dataclass(frozen=True)
class LoanLife:
    """Exact present values of the cash over the life of a loan, before and after, and what they stand against."""

    before: Fraction
    after: Fraction
    debt: Fraction
    reserve: Fraction
    rate: Fraction
    periods: int

    def state(self, levels: Levels) -> State | None:
        """Return what the unrounded ratio after the impact means; None without debt."""
        return Cover(self.after + self.reserve, self.debt, levels).state


def loan_life(
    cfads: Sequence[Number], debt: Number, rate_per_period: Number, *, impact: Sequence[Number] = (),
    reserve: Number = 0,
) -> LoanLife:  # fmt: skip
    """Return the present values of `llcr`, exactly. Raises Unreckonable as it does."""
    lost = impact or [0] * len(cfads)
    same_length(cfads=cfads, impact=lost)
    least_zero("debt", debt)
    least_zero("reserve", reserve)
    if not 0 <= rate_per_period <= 1:
        raise Unreckonable("rate_per_period", "rate_not_a_share")
    rate = Fraction(rate_per_period)
    left = [Fraction(cash) - Fraction(less) for cash, less in zip(cfads, lost, strict=True)]
    return LoanLife(
        present_value(cfads, rate), present_value(left, rate), Fraction(debt), Fraction(reserve), rate, len(cfads)
    )


def llcr(
    cfads: Sequence[Number], debt: Number, rate_per_period: Number, *, impact: Sequence[Number] = (),
    reserve: Number = 0, clause: str = "",
) -> Llcr:  # fmt: skip
    """
    Return the loan life cover ratio: present value of CFADS over the life of the loan / debt outstanding.

    rate_per_period is a share (0.026 for 2.6 %); each flow comes at the end of its period, so that the first is
    discounted by one period. reserve: the balance of the debt service reserve account, where the facility counts it.

    Raises Unreckonable unless debt and reserve are not negative and the rate lies from 0 to 1.
    """
    return llcr_of(loan_life(cfads, debt, rate_per_period, impact=impact, reserve=reserve), debt, reserve, clause)


def llcr_of(life: LoanLife, debt: Number, reserve: Number = 0, clause: str = "") -> Llcr:
    """Return the ratio of present values that are known, with its working; debt and reserve as they were given."""
    values = {"before": life.before, "after": life.after}
    ratios = [(value + life.reserve) / life.debt if life.debt else None for value in values.values()]
    before, after = ratios
    steps = [step("npv_before", "discounting", n=life.periods, rate=written(life.rate * 100))]
    for figure, value in values.items():
        code = "llcr_reserve" if reserve else "llcr"
        facts = {"npv": rounded(value, FINE), "debt": debt, "reserve": reserve}
        ratio = before if figure == "before" else after
        steps.append(step(figure, "no_debt", **facts) if ratio is None else
                     step(figure, f"{code}_{figure}", ratio=_fine(ratio), shown=cut(ratio), **facts))  # fmt: skip
    return Llcr(
        rounded(values["before"], FINE), rounded(values["after"], FINE), _fine(before), _fine(after),
        (None if before is None else cut(before), None if after is None else cut(after)),
        (*steps, *by_clause("after", clause)),
    )  # fmt: skip


def _covers(
    cfads: Sequence[Number], debt_service: Sequence[Number], levels: Levels, impact: Sequence[Number]
) -> tuple[tuple[Cover, ...], tuple[Cover, ...]]:
    """Return the covers before and after the impact, period by period."""
    lost = impact or [0] * len(cfads)
    same_length(cfads=cfads, impact=lost, debt_service=debt_service)
    least_zero("debt_service", *debt_service)
    rows = list(zip(cfads, lost, debt_service, strict=True))
    before = tuple(Cover(Fraction(cash), Fraction(debt), levels) for cash, _, debt in rows)
    after = tuple(Cover(Fraction(cash) - Fraction(less), Fraction(debt), levels) for cash, less, debt in rows)
    return before, after


def present_value(flows: Sequence[Number], rate: Fraction) -> Fraction:
    """Return the present value of flows at the ends of periods, exactly; from the last to the first."""
    value = Fraction(0)
    for flow in reversed(flows):
        value = (value + Fraction(flow)) / (1 + rate)
    return value


def _fine(ratio: Fraction | None) -> Decimal | None:
    return None if ratio is None else rounded(ratio, FINE)


def _facts(cover: Cover) -> dict[str, object]:
    ratio = _fine(cover.ratio)
    return {"cash": written(cover.cash), "debt": written(cover.debt_service), "ratio": ratio}


def _ratio_step(figure: str, before: Cover, after: Cover, period: int | None) -> Step:
    """Return the formula of one period with its numbers and what it means."""
    which = "" if period is None else "_of_period"
    facts = {"period": period, "cash": written(before.cash), "impact": written(before.cash - after.cash),
             "debt": written(after.debt_service), "ratio": _openly(after.ratio)}  # fmt: skip
    if after.state is None:
        return step(figure, f"no_debt_service{which}", **facts)
    level = {State.OK: after.levels.lock_up, State.LOCK_UP: after.levels.lock_up, State.DEFAULT: after.levels.default}
    return step(figure, f"dscr_{after.state.lower()}{which}", level=level[after.state], **facts)


def _openly(ratio: Fraction | None) -> str:
    """Return a ratio that shows when it is not exact: 1.20, but 1.1999… for one that only looks like it."""
    if ratio is None:
        return ""
    short = cut(ratio)
    return str(short) if Fraction(short) == ratio else f"{cut(ratio, 4)}…"


def _level_step(
    figure: str, code: str, cover: Cover, level: Decimal, found: Fraction, unit: Number, currency: str
) -> Step:
    """Return the formula of an amount above or below a level, in currency units."""
    cash, debt, amount = (
        written(value * Fraction(unit), minor(currency)) for value in (cover.cash, cover.debt_service, abs(found))
    )
    return step(figure, code, cash=cash, level=level, debt=debt, sum=amount)


def _state_step(figure: str, cover: Cover) -> Step:
    if cover.state is None:
        return step(figure, "no_state")
    level = cover.levels.default if cover.state == State.DEFAULT else cover.levels.lock_up
    return step(figure, f"state_{cover.state.lower()}", level=level)
