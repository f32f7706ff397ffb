"""What a rule answers: values under stable names, and the steps that led to them. PURE; words are found at the edge."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

from contracts.amounts import Money, digits_of, write_number
from worktime.explain import Line

Exact = Decimal | Fraction | int
WIDE = Context(prec=120)  # more digits than any product of facts has
UNITS = {digits: Decimal(1).scaleb(-digits) for digits in range(5)}


@dataclass(frozen=True)
class Step(Line):
    """
    A line of a working: its code and parameters, the facts that it rests on by name, and the law that it applies.

    `law` is the citation as lawyers write it ("CC 585(1)"), empty where only the clause decides.
    """

    uses: tuple[str, ...] = ()
    law: str = ""


@dataclass(frozen=True)
class Working:
    """The answer of one rule. `result` holds typed values; `written` gives them as JSON."""

    result: Mapping[str, Any]
    steps: tuple[Step, ...] = field(default=())

    def __getitem__(self, name: str) -> Any:
        return self.result[name]


def step(code: str, /, *uses: str, law: str = "", **params: Any) -> Step:
    """Return a step of a working; parameters are typed values."""
    return Step(code, params, uses, law)


def to_minor(value: Exact, currency: str) -> Money:
    """Return the exact value as money, rounded half away from zero to the minor unit: once per head, at its end."""
    digits = digits_of(currency)
    if isinstance(value, Fraction):  # floor(|value| × 10^digits + ½), in whole numbers
        above, below = abs(value.numerator) * 10**digits, value.denominator
        whole = (2 * above + below) // (2 * below)
        return Money(Decimal(f"{'-' if value < 0 else ''}{whole}E-{digits}"), currency)
    return Money(Decimal(value).quantize(UNITS[digits], ROUND_HALF_UP, WIDE), currency)


def share(value: Exact, pct: Exact) -> Fraction:
    """Return so many per cent of the value, exactly."""
    above, below = value.as_integer_ratio()
    over, under = pct.as_integer_ratio()
    return Fraction(above * over, below * under * 100)


def written(value: Any) -> Any:
    """Return a value of a result as JSON holds it: sums and decimals as text with every digit, days as 2026-05-14."""
    match value:
        case Money():
            return write_number(value.amount)
        case Decimal():
            return write_number(value)
        case Fraction():
            return int(value) if value.denominator == 1 else str(value)
        case StrEnum():
            return value.value
        case date():
            return value.isoformat()
        case Mapping():
            return {str(name): written(item) for name, item in value.items()}
        case list() | tuple():
            return [written(item) for item in value]
    return value
