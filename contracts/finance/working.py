"""Exact sums, where they are rounded, and how a figure says what it came from. PURE."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from contracts.amounts import digits_of
from worktime.explain import Line

Number = Decimal | int | Fraction
DIGITS = 2  # of an amount whose currency was not said
FINE = 6  # digits of ratios and present values that others reckon on with


class Unreckonable(ValueError):
    """The facts do not go together: mend `field`, for the reason `code` with `params` (words: finance_words)."""

    def __init__(self, field: str, code: str, **params: Any) -> None:
        super().__init__(field, code, params)
        self.field, self.code, self.params = field, code, params


@dataclass(frozen=True)
class Step(Line):
    """One line of a working: the figure of the result that it explains, a stable code, the numbers of the formula."""

    figure: str = ""


def step(figure: str, code: str, **params: Any) -> Step:
    """Return a step; parameters are numbers, days and plain text."""
    return Step(code, params, figure)


def by_clause(figure: str, clause: str) -> tuple[Step, ...]:
    """Return the step that names the clause a figure rests on; none where no clause is given."""
    return (step(figure, "clause", clause=clause),) if clause else ()


def money(value: Number, currency: str = "") -> Decimal:
    """Return the amount rounded half away from zero to the minor unit; two digits where no currency is said."""
    return rounded(value, minor(currency))


def minor(currency: str) -> int:
    """Return how many digits the amounts of a currency have."""
    return digits_of(currency) if currency else DIGITS


def rounded(value: Number, digits: int) -> Decimal:
    """Return the number with so many digits after the point, rounded half away from zero."""
    return _decimal(_whole(value, digits), digits)


def cut(value: Number, digits: int = 2) -> Decimal:
    """Return the number cut to so many digits, downwards: cover never looks better than it is (FV-09)."""
    return _decimal(Fraction(value) * 10**digits // 1, digits)


def written(value: Number, least: int = 0) -> Decimal:
    """Return a number of a formula as it is shown: every digit up to six, but at least so many."""
    digits, whole = FINE, _whole(value, FINE)
    while digits > least and whole % 10 == 0:
        digits, whole = digits - 1, whole // 10
    return _decimal(whole, digits)


def beside(value: Number, found: Decimal) -> Decimal:
    """Return a number of a formula as it is shown beside its result: with at least as many digits."""
    return written(value, -int(found.as_tuple().exponent))


def percent_of(pct: Number, whole: Number) -> Fraction:
    """Return so many per cent of a sum, exactly."""
    return Fraction(pct) * Fraction(whole) / 100


def total(values: Sequence[Number]) -> Fraction:
    """Return the exact sum."""
    return sum((Fraction(value) for value in values), Fraction(0))


def least_zero(field: str, *values: Number) -> None:
    """Raise Unreckonable if one of the values lies below zero."""
    if any(value < 0 for value in values):
        raise Unreckonable(field, "negative")


def same_length(**series: Sequence[Any]) -> None:
    """Raise Unreckonable unless all series have as many values as the first, and that at least one."""
    (first, leading), *others = series.items()
    if not leading:
        raise Unreckonable(first, "no_period")
    for name, values in others:
        if len(values) != len(leading):
            raise Unreckonable(name, "other_length", first=first, n=len(leading), given=len(values))


def _whole(value: Number, digits: int) -> int:
    """Return how many units of that digit the number has, rounded half away from zero."""
    exact = Fraction(value)
    above, below = abs(exact.numerator) * 10**digits, exact.denominator
    whole = (2 * above + below) // (2 * below)
    return whole if exact >= 0 else -whole


def _decimal(whole: int, digits: int) -> Decimal:
    """Return whole × 10^-digits, exactly, whatever the precision of the context."""
    return Decimal(f"{whole}e-{digits}")
