"""
What a rule must be told: facts of one question, typed and checked like the terms of a clause. PURE.

A sum is a bare number in the `currency` of the question, or {"amount", "currency"}; one question has one currency.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from contracts.amounts import digits_of
from contracts.clauses.choices import Unit
from contracts.clauses.kinds import Bad, Choice, Day, Number, Problem, Text
from contracts.clauses.terms import Terms, TermsError, asked, is_empty, within

MOST_MONEY = Decimal(10) ** 15
MOST_DECIMALS = 12


class Currency:
    """An ISO 4217 code."""

    def read(self, raw: Any) -> str:
        try:
            digits_of(raw)
        except (TypeError, ValueError):
            raise Bad("unknown_currency", given=raw) from None
        return str(raw)

    def write(self, value: str) -> str:
        return value


@dataclass(frozen=True)
class Fine(Number):
    """A number that somebody could have measured or counted: not above 10^15, not finer than twelve decimals."""

    def read(self, raw: Any) -> Decimal:
        value = super().read(raw)
        if abs(value) > MOST_MONEY:
            raise Bad("over", limit=f"{MOST_MONEY:f}")
        if -int(value.as_tuple().exponent) > MOST_DECIMALS:
            raise Bad("too_fine", limit=MOST_DECIMALS)
        return value


@dataclass(frozen=True)
class Amount(Fine):
    """A sum in the currency of the question, 0 or more."""

    least: Decimal | None = Decimal(0)


def positive() -> Fine:
    """Return the kind of a number above 0."""
    return Fine(above=Decimal(0))


def part() -> Fine:
    """Return the kind of a share in per cent: 0 to 100."""
    return Fine(least=Decimal(0), most=Decimal(100))


@dataclass(frozen=True)
class Period:
    """A length such as “15 day”, “24 month”, “2 year”; also “10 workday” and “2 week”."""

    def read(self, raw: Any) -> tuple[int, Unit]:
        words = raw.split() if isinstance(raw, str) else []
        if len(words) != 2:
            raise Bad("not_a_period", given=raw)
        number = Number(above=Decimal(0), most=Decimal(1000)).read(words[0])
        unit = words[1].upper().removesuffix("S")
        if number != int(number) or unit not in list(Unit):
            raise Bad("not_a_period", given=raw)
        return int(number), Unit(unit)

    def write(self, value: tuple[int, Unit]) -> str:
        return f"{value[0]} {value[1].value.lower()}"


@dataclass(frozen=True)
class Spans:
    """Stretches of days, [first, last] each, both included."""

    most: int = 50

    def read(self, raw: Any) -> tuple[tuple[date, date], ...]:
        if not isinstance(raw, list | tuple):
            raise Bad("not_a_list")
        if len(raw) > self.most:
            raise Bad("too_many", limit=self.most)
        return tuple(_located(place, self._span, item) for place, item in enumerate(raw))

    def _span(self, raw: Any) -> tuple[date, date]:
        if not isinstance(raw, list | tuple) or len(raw) != 2:
            raise Bad("not_a_span", given=raw)
        first, last = (Day().read(end) for end in raw)
        if last < first:
            raise Bad("span_backwards", first=first, last=last)
        return first, last

    def write(self, value: tuple[tuple[date, date], ...]) -> list[list[str]]:
        return [[first.isoformat(), last.isoformat()] for first, last in value]


class Spells:
    """Periods with the day that begins each: [["2026-03-02", "24 month"], …]."""

    def read(self, raw: Any) -> tuple[tuple[date, tuple[int, Unit]], ...]:
        if not isinstance(raw, list | tuple):
            raise Bad("not_a_list")
        if len(raw) > 5:
            raise Bad("too_many", limit=5)
        return tuple(_located(place, self._spell, item) for place, item in enumerate(raw))

    def _spell(self, raw: Any) -> tuple[date, tuple[int, Unit]]:
        if not isinstance(raw, list | tuple) or len(raw) != 2:
            raise Bad("not_a_pair")
        return Day().read(raw[0]), Period().read(raw[1])

    def write(self, value: tuple[tuple[date, tuple[int, Unit]], ...]) -> list[list[str]]:
        return [[start.isoformat(), Period().write(length)] for start, length in value]


@dataclass(frozen=True)
class Named:
    """Sums by name: {"DIRECT": "35600.00"} or [["DIRECT", "35600.00"]]; a list may name one thing twice."""

    kind: Number = Amount()
    most: int = 50

    def read(self, raw: Any) -> tuple[tuple[str, Decimal], ...]:
        pairs = list(raw.items()) if isinstance(raw, dict) else raw
        if not isinstance(pairs, list | tuple):
            raise Bad("not_a_list")
        if len(pairs) > self.most:
            raise Bad("too_many", limit=self.most)
        return tuple(_located(place, self._pair, item) for place, item in enumerate(pairs))

    def _pair(self, raw: Any) -> tuple[str, Decimal]:
        if not isinstance(raw, list | tuple) or len(raw) != 2 or is_empty(raw[1]):
            raise Bad("not_a_pair")
        return Text(100).read(raw[0]), self.kind.read(raw[1])

    def write(self, value: tuple[tuple[str, Decimal], ...]) -> list[list[str]]:
        return [[name, self.kind.write(number)] for name, number in value]


@dataclass(frozen=True)
class Names:
    """Several short texts."""

    most: int = 50

    def read(self, raw: Any) -> tuple[str, ...]:
        if not isinstance(raw, list | tuple):
            raise Bad("not_a_list")
        if len(raw) > self.most:
            raise Bad("too_many", limit=self.most)
        return tuple(_located(place, Text(100).read, item) for place, item in enumerate(raw))

    def write(self, value: tuple[str, ...]) -> list[str]:
        return list(value)


@dataclass(frozen=True)
class Coded(Choice):
    """A choice that may also be written by another word that people use for it."""

    also: tuple[tuple[str, str], ...] = ()

    def read(self, raw: Any) -> Any:
        return super().read(dict(self.also).get(raw, raw) if isinstance(raw, str) else raw)


@dataclass(frozen=True, kw_only=True)
class Asked(Terms):
    """The facts of one question. Sums are exact decimals in `currency`."""

    currency: str = asked(Currency(), default="CNY")

    @classmethod
    def from_data(cls, data: Any) -> Any:
        """Return the facts that the raw data give. Raises TermsError, also for sums in different currencies."""
        plain, problems = _in_one_currency(cls, data) if isinstance(data, dict) else (data, [])
        if problems:
            raise TermsError(problems)
        return super().from_data(plain)


def unknown(shape: type[Terms], data: Any) -> list[str]:
    """Return the names in the data that the shape does not know."""
    return [str(name) for name in data if name not in shape.asks()] if isinstance(data, dict) else []


def _located(place: int, read: Any, raw: Any) -> Any:
    """Return what `read` makes of an item, its problems named by their place."""
    try:
        return read(raw)
    except Bad as bad:
        raise Bad(problems=tuple(within(str(place), problem) for problem in bad.problems)) from None


def _in_one_currency(shape: type[Terms], data: dict[Any, Any]) -> tuple[dict[Any, Any], list[Problem]]:
    """Return the data with bare sums and the one currency, and a problem for each sum in another."""
    bare: dict[Any, Any] = dict(data)
    seen: dict[str, str] = {} if is_empty(data.get("currency")) else {"currency": str(data["currency"])}
    for name, item in shape.asks().items():
        kind, raw = item.metadata["kind"], data.get(name)
        if isinstance(kind, Amount):
            bare[name] = _bare(raw, name, seen)
        elif isinstance(kind, Named):
            bare[name] = _bare_pairs(raw, name, seen)
    first = next(iter(seen.values()), None)
    problems = [
        Problem(name, "currency_mismatch", (("first", str(first)), ("other", code)))
        for name, code in seen.items()
        if code != first
    ]
    return {**bare, "currency": first} if first else bare, problems


def _bare(raw: Any, name: str, seen: dict[str, str]) -> Any:
    """Return the amount of a sum that was given with its currency, noting that; other data as they are."""
    if not isinstance(raw, dict) or set(raw) != {"amount", "currency"}:
        return raw
    seen[name] = str(raw["currency"])
    return raw["amount"]


def _bare_pairs(raw: Any, name: str, seen: dict[str, str]) -> Any:
    pairs = list(raw.items()) if isinstance(raw, dict) else raw
    if not isinstance(pairs, list | tuple):
        return raw
    return [
        [pair[0], _bare(pair[1], f"{name}.{place}", seen)]
        if isinstance(pair, list | tuple) and len(pair) == 2
        else pair
        for place, pair in enumerate(pairs)
    ]
