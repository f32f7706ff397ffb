"""
Is / is-not from data: what the complaining units have in common that the clean ones do not (DOMAIN §5.1). Pure.

Each factor (lot, line, day, supplier's lot, carrier …) is asked one question: which of its values, or which stretch of
its days, holds more complaining units than chance would put there? Chance is Fisher's exact test, one-sided. A factor
that was asked m questions has its smallest p multiplied by m (Bonferroni), and over the factors Holm's procedure
decides, so that the risk of flagging anything at all where nothing is to be found stays at ALPHA or below. Which
questions are asked depends on the sizes alone, never on who complains: else that risk would not hold.

Probabilities are floats: they rank and are shown to three digits; no money and no time hangs on them.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from math import exp, lgamma
from typing import NamedTuple

ALPHA = 0.05  # the risk of flagging anything where nothing is to be found
LEAST = 2  # units of a value, or it is not asked about: one unit alone proves nothing
STRETCHES = 24  # days are put into at most so many groups of like size
SAME = 0.9  # of the units two contrasts hold in common: the data cannot tell them apart

Value = str | date | None


class NoContrast(Exception):
    """Nothing can be compared. `code` says why: no_units, none_complains, all_complain."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Unit:
    """One unit, whether it complains, and what is known of it: factor → value, absent or None where unknown."""

    name: str
    complains: bool
    facts: Mapping[str, Value]


class Holds(NamedTuple):
    """What a contrast is about: one value, or the days from `first` to `last`, both included."""

    value: str = ""
    first: date | None = None
    last: date | None = None

    def covers(self, value: Value) -> bool:
        if isinstance(value, date):
            return self.first is not None and self.last is not None and self.first <= value <= self.last
        return value is not None and not self.first and value == self.value


class Table(NamedTuple):
    """Counts of units: complaining and clean, inside what the contrast is about and outside of it."""

    bad_in: int
    clean_in: int
    bad_out: int
    clean_out: int

    @property
    def share_in(self) -> float:
        return self.bad_in / (self.bad_in + self.clean_in)

    @property
    def share_out(self) -> float:
        total = self.bad_out + self.clean_out
        return self.bad_out / total if total else 0.0


@dataclass(frozen=True)
class Contrast:
    """
    The strongest difference of one factor. `asked` questions were asked of it; `unknown` units have no value.

    p: chance of a difference like this or stronger where there is none; adjusted: after both corrections.
    twins: the other factors whose strongest difference is nearly the same units.
    """

    factor: str
    holds: Holds
    table: Table
    asked: int
    unknown: int
    p: float
    adjusted: float
    flagged: bool
    twins: tuple[str, ...] = ()


class Compared(NamedTuple):
    """Every factor's strongest difference, strongest first, and the factors that nothing could be asked of."""

    contrasts: tuple[Contrast, ...]
    mute: tuple[str, ...]
    units: int
    complaining: int

    @property
    def flagged(self) -> tuple[Contrast, ...]:
        return tuple(one for one in self.contrasts if one.flagged)


def compare(units: Sequence[Unit], *, alpha: float = ALPHA) -> Compared:
    """Return the contrasts of every factor that the units name. Raises NoContrast."""
    bad = sum(unit.complains for unit in units)
    if not units:
        raise NoContrast("no_units")
    if bad in (0, len(units)):
        raise NoContrast("none_complains" if not bad else "all_complain")
    names = list(dict.fromkeys(name for unit in units for name in unit.facts))
    found = {name: _strongest(name, units) for name in names}
    ranked = sorted((one for one in found.values() if one), key=_rank)
    judged = _holm(ranked, alpha)
    mute = tuple(name for name, one in found.items() if one is None)
    return Compared(tuple(_with_twins(judged, units)), mute, len(units), bad)


def suspects(units: Sequence[Unit], contrast: Contrast) -> list[Unit]:
    """Return the units that share what the complaining ones have in common and do not complain (yet)."""
    return [unit for unit in units if not unit.complains and contrast.holds.covers(unit.facts.get(contrast.factor))]


# One factor -----------------------------------------------------------------------------------------------------------


def _strongest(name: str, units: Sequence[Unit]) -> Contrast | None:
    """Return the factor's difference with the smallest p, or None where there is nothing to ask."""
    known = [(value, unit.complains) for unit in units if (value := unit.facts.get(name)) is not None]
    tables = _tables(known)
    if not tables:
        return None
    p, least = min((_chance(table), at) for at, (_holds, table) in enumerate(tables))
    holds, table = tables[least]
    adjusted = min(1.0, p * len(tables))
    return Contrast(name, holds, table, len(tables), len(units) - len(known), p, adjusted, flagged=False)


def _tables(known: Sequence[tuple[Value, bool]]) -> list[tuple[Holds, Table]]:
    """Return every question that is asked of the values, each with its counts."""
    days = [(value, bad) for value, bad in known if isinstance(value, date)]
    if days:
        return _stretches(days)
    sizes, bad_by = Counter(value for value, _bad in known), Counter(value for value, bad in known if bad)
    if len(sizes) < 2:
        return []
    all_bad = bad_by.total()
    asked = sorted(str(value) for value, size in sizes.items() if size >= LEAST)
    return [(Holds(value), _table(bad_by[value], sizes[value], all_bad, len(known))) for value in asked]


def _stretches(known: Sequence[tuple[date, bool]]) -> list[tuple[Holds, Table]]:
    """Return every stretch of neighbouring groups of days, the whole span excepted."""
    groups = _groups(sorted(day for day, _bad in known))
    firsts = [first for first, _last in groups]
    sizes, bad_by = [0] * len(groups), [0] * len(groups)
    for day, bad in known:
        at = bisect_right(firsts, day) - 1
        sizes[at] += 1
        bad_by[at] += bad
    all_bad, found = sum(bad_by), []
    for start in range(len(groups)):
        size = bad_in = 0
        for end in range(start, len(groups)):
            size, bad_in = size + sizes[end], bad_in + bad_by[end]
            if LEAST <= size < len(known):
                stretch = Holds("", groups[start][0], groups[end][1])
                found.append((stretch, _table(bad_in, size, all_bad, len(known))))
    return found


def _groups(days: Sequence[date]) -> list[tuple[date, date]]:
    """Return first and last day of groups of like size; a day is never cut in two."""
    wanted = max(1.0, len(days) / STRETCHES)
    groups: list[tuple[date, date]] = []
    held = 0
    for day, count in sorted(Counter(days).items()):
        if groups and held < wanted:
            groups[-1] = (groups[-1][0], day)
        else:
            groups.append((day, day))
            held = 0
        held += count
    return groups


def _table(bad_in: int, size: int, all_bad: int, total: int) -> Table:
    return Table(bad_in, size - bad_in, all_bad - bad_in, total - size - (all_bad - bad_in))


def _chance(table: Table) -> float:
    """Return Fisher's one-sided p: the chance of `bad_in` or more complaining units inside, the margins given."""
    inside, outside = table.bad_in + table.clean_in, table.bad_out + table.clean_out
    bad = table.bad_in + table.bad_out
    whole = _ways(inside + outside, bad)
    top = min(inside, bad)
    tail = sum(exp(_ways(inside, k) + _ways(outside, bad - k) - whole) for k in range(table.bad_in, top + 1))
    return min(1.0, tail)


def _ways(of: int, choose: int) -> float:
    """Return the natural logarithm of the number of ways to choose; impossible choices have none."""
    if not 0 <= choose <= of:
        return float("-inf")
    return _log_factorial(of) - _log_factorial(choose) - _log_factorial(of - choose)


@lru_cache(maxsize=65536)
def _log_factorial(n: int) -> float:
    return lgamma(n + 1)


# All factors ----------------------------------------------------------------------------------------------------------


def _rank(contrast: Contrast) -> tuple[float, float, float, str]:
    """Order by adjusted p, then by p, then by how far the shares lie apart."""
    apart = contrast.table.share_in - contrast.table.share_out
    return contrast.adjusted, contrast.p, -apart, contrast.factor


def _holm(ranked: Sequence[Contrast], alpha: float) -> list[Contrast]:
    """Adjust for the number of factors, step by step, never below the one before; flag what stays within alpha."""
    judged, held = [], 0.0
    for place, one in enumerate(ranked):
        held = max(held, min(1.0, one.adjusted * (len(ranked) - place)))
        judged.append(replace(one, adjusted=held, flagged=held <= alpha))
    return judged


def _with_twins(contrasts: Sequence[Contrast], units: Sequence[Unit]) -> list[Contrast]:
    """Name for each flagged contrast the other flagged ones that hold nearly the same units."""
    inside = {
        one.factor: {at for at, unit in enumerate(units) if one.holds.covers(unit.facts.get(one.factor))}
        for one in contrasts if one.flagged
    }  # fmt: skip
    return [replace(one, twins=_twins(one.factor, inside)) if one.flagged else one for one in contrasts]


def _twins(factor: str, inside: Mapping[str, set[int]]) -> tuple[str, ...]:
    own = inside[factor]
    return tuple(
        name for name, units in inside.items() if name != factor and len(own & units) >= SAME * len(own | units)
    )
