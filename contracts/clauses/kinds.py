"""
What a single term of a clause may be: a number, a choice, a day … PURE.

A kind reads raw data (what a form or a file gives: text, or the JSON that we wrote) and writes JSON. Reading raises
Bad with a code; it never guesses. Empty raw data never reaches a kind: `terms` decides whether that is allowed.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, Protocol

from contracts.amounts import Money, NotExact, digits_of, parse_number, write_number

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
Path = str  # "rate_pct", or "stages.0.days" within rows


@dataclass(frozen=True)
class Problem:
    """What is wrong with one term; words are found at the edge."""

    field: Path
    code: str
    params: tuple[tuple[str, Any], ...] = ()


class Bad(Exception):
    """A raw value is not of its kind. Holds problems, whose field is relative to the value (mostly empty)."""

    def __init__(self, code: str = "", *, problems: tuple[Problem, ...] = (), **params: Any) -> None:
        self.problems = problems or (Problem("", code, tuple((key, str(value)) for key, value in params.items())),)
        super().__init__(code)


class Kind(Protocol):
    """How one term is read and written."""

    def read(self, raw: Any) -> Any: ...

    def write(self, value: Any) -> Any: ...


@dataclass(frozen=True)
class Number:
    """An exact decimal; `above` is exclusive, `least` and `most` are inclusive."""

    above: Decimal | None = None
    least: Decimal | None = None
    most: Decimal | None = None

    def read(self, raw: Any) -> Decimal:
        value = _number(raw)
        if self.above is not None and value <= self.above:
            raise Bad("not_above", limit=self.above)
        if self.least is not None and value < self.least:
            raise Bad("below", limit=self.least)
        if self.most is not None and value > self.most:
            raise Bad("over", limit=self.most)
        return value

    def write(self, value: Decimal) -> str:
        return write_number(value)


def percent() -> Number:
    """Return the kind of a percentage of something: above 0, at most 100."""
    return Number(above=Decimal(0), most=Decimal(100))


@dataclass(frozen=True)
class Whole:
    """A whole number from `least` to `most`."""

    least: int = 0
    most: int = 10_000

    def read(self, raw: Any) -> int:
        value = Number(least=Decimal(self.least), most=Decimal(self.most)).read(raw)
        if value != value.to_integral_value():
            raise Bad("not_whole")
        return int(value)

    def write(self, value: int) -> int:
        return value


@dataclass(frozen=True)
class Choice:
    """One of the members of an enumeration."""

    options: type[StrEnum]

    def read(self, raw: Any) -> StrEnum:
        try:
            return self.options(raw)
        except ValueError:
            raise Bad("unknown_choice", given=raw, options=", ".join(one.value for one in self.options)) from None

    def write(self, value: StrEnum) -> str:
        return value.value


@dataclass(frozen=True)
class Many:
    """Several different members of an enumeration, in the order given."""

    options: type[StrEnum]
    ordered: bool = False

    def read(self, raw: Any) -> tuple[StrEnum, ...]:
        if not isinstance(raw, list | tuple):
            raise Bad("not_a_list")
        chosen = tuple(Choice(self.options).read(item) for item in raw)
        if len(set(chosen)) < len(chosen):
            raise Bad("twice")
        return chosen

    def write(self, value: tuple[StrEnum, ...]) -> list[str]:
        return [member.value for member in value]


class YesNo:
    """Yes or no."""

    WORDS = {"yes": True, "no": False}

    def read(self, raw: Any) -> bool:
        if isinstance(raw, bool):
            return raw
        if not isinstance(raw, str) or raw not in self.WORDS:
            raise Bad("unknown_choice", given=raw, options=", ".join(self.WORDS))
        return self.WORDS[raw]

    def write(self, value: bool) -> bool:
        return value


@dataclass(frozen=True)
class Text:
    """A short text, as it stands in the clause."""

    most: int = 300

    def read(self, raw: Any) -> str:
        if not isinstance(raw, str) or "\0" in raw:
            raise Bad("not_text")
        if len(raw.strip()) > self.most:
            raise Bad("text_too_long", limit=self.most)
        return raw.strip()

    def write(self, value: str) -> str:
        return value


class Day:
    """A calendar day, YYYY-MM-DD; full-width digits are read as plain ones."""

    def read(self, raw: Any) -> date:
        plain = unicodedata.normalize("NFKC", raw).strip() if isinstance(raw, str) else ""
        try:
            if not _DAY.fullmatch(plain):
                raise ValueError
            return date.fromisoformat(plain)
        except ValueError:
            raise Bad("not_a_day", given=raw) from None

    def write(self, value: date) -> str:
        return value.isoformat()


class Sum:
    """An amount of money above zero: {"amount": "350.00", "currency": "CNY"}."""

    def read(self, raw: Any) -> Money:
        if not isinstance(raw, dict) or set(raw) != {"amount", "currency"}:
            raise Bad("not_money")
        money = self._money(raw)
        if money.amount <= 0:
            raise Bad("not_above", limit=0)
        if money.rounded().amount != money.amount:
            raise Bad("minor_digits", currency=money.currency, digits=digits_of(money.currency))
        return money.rounded()

    def write(self, value: Money) -> dict[str, str]:
        return {"amount": write_number(value.amount), "currency": value.currency}

    def _money(self, raw: dict[str, Any]) -> Money:
        try:
            return Money(_number(raw["amount"]), raw["currency"])
        except (TypeError, ValueError):
            raise Bad("unknown_currency", given=raw["currency"]) from None


def _number(raw: Any) -> Decimal:
    """Return the exact number; floats are refused, for they are not what somebody wrote."""
    if isinstance(raw, Decimal) and raw.is_finite():
        return raw
    if isinstance(raw, int) and not isinstance(raw, bool):
        return Decimal(raw)
    if isinstance(raw, float):
        raise Bad("as_text", given=raw)
    if not isinstance(raw, str):
        raise Bad("not_a_number", given=raw)
    try:
        return parse_number(raw)
    except NotExact as error:
        raise Bad(error.code, given=raw) from None
