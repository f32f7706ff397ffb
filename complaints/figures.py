"""
The formulas of the management figures on plain numbers (DOMAIN §13). Pure.

An empty denominator gives None, never 0 or 100; every figure is rounded once, half away from zero. Dashboard and
calculator reckon by these.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import accumulate

from contracts.finance import rounded

Number = int | Decimal | Fraction
FEW_UNITS = 1000  # below it a rate per million says nothing: show the fraction (K08)
MARK = 80  # per cent that the vital few of a Pareto make up
BANDS: dict[str, tuple[int, int | None]] = {
    "0-2": (0, 2), "3-7": (3, 7), "8-14": (8, 14), "15-30": (15, 30), "31-60": (31, 60), ">60": (61, None),
}  # full calendar days since first receipt, both ends included (K06)  # fmt: skip


def ratio(part: Number, whole: Number, *, times: int = 1, digits: int = 1) -> Decimal | None:
    """Return part / whole × times; None of nothing."""
    return rounded(Fraction(part) * times / Fraction(whole), digits) if whole else None


def percent(part: Number, whole: Number) -> Decimal | None:
    """Return the share in per cent with one decimal; None of nothing (KV-01, KV-02)."""
    return ratio(part, whole, times=100)


def ppm(confirmed: Number, shipped: Number) -> Decimal | None:
    """Return confirmed defective units per million shipped (K08); None where nothing was shipped."""
    return ratio(confirmed, shipped, times=1_000_000)


def nps(promoters: int, passives: int, detractors: int) -> Decimal | None:
    """Return the net promoter score, −100 to 100: passives count in the denominator only."""
    return percent(promoters - detractors, promoters + passives + detractors)


def total(values: Iterable[Number]) -> Fraction:
    """Return the exact sum."""
    return sum((Fraction(value) for value in values), Fraction(0))


def mean(values: Sequence[Number], digits: int = 1) -> Decimal | None:
    """Return the arithmetic mean; None of nothing."""
    return ratio(total(values), len(values), digits=digits)


def median(values: Sequence[Number]) -> Decimal | None:
    """Return the middle value, or the mean of the two in the middle, with one decimal; None of nothing."""
    order, half = sorted(values), len(values) // 2
    return mean(order[half : half + 1] if len(order) % 2 else order[half - 1 : half + 1])


def percentile(values: Sequence[Number], share: int) -> Number | None:
    """Return the value at the nearest rank: the smallest that at least so many per cent do not exceed (KV-03)."""
    return sorted(values)[-(-share * len(values) // 100) - 1] if values else None


def top_two(counts: Mapping[int, int]) -> Decimal | None:
    """Return which share answered 4 or 5 of 1–5 (CSAT as top-two box), in per cent."""
    return percent(counts.get(4, 0) + counts.get(5, 0), sum(counts.values()))


def mean_of_counts(counts: Mapping[int, int], digits: int = 2) -> Decimal | None:
    """Return the mean of answers that are given as counts by score; None of nothing."""
    return ratio(sum(score * n for score, n in counts.items()), sum(counts.values()), digits=digits)


def cumulated(counts: Sequence[Number]) -> list[Decimal | None]:
    """Return for each count which share it and all before it make up, in per cent."""
    whole = total(counts)
    return [percent(done, whole) for done in accumulate(Fraction(n) for n in counts)]


def vital_few(counts: Sequence[Number]) -> int:
    """Return how many of the counts, the largest first, make up 80 %, the one that crosses it included (KV-11)."""
    whole, done = total(counts), Fraction(0)
    for place, n in enumerate(counts):
        if done * 100 >= MARK * whole:
            return place
        done += Fraction(n)
    return len(counts)


def by_band(ages: Iterable[int]) -> dict[str, int]:
    """Return how many ages, in full days, lie in each band of BANDS."""
    found = dict.fromkeys(BANDS, 0)
    for age in ages:
        found[next(band for band, (_, last) in BANDS.items() if last is None or age <= last)] += 1
    return found


@dataclass(frozen=True)
class Score:
    """A supplier's weighted total, exact, and its grade; both None where a part is not rated."""

    total: Fraction | None
    grade: str | None

    @property
    def shown(self) -> Decimal | None:
        return None if self.total is None else rounded(self.total, 1)


def supplier_score(
    scores: Mapping[str, Number | None], weights: Mapping[str, Number], thresholds: Mapping[str, Number], *,
    lowest: str = "D", knocked_to: str = "",
) -> Score:  # fmt: skip
    """
    Return the total of a supplier and its grade, judged on the unrounded total (KV-14).

    weights make 100, thresholds are the least totals of the better grades, the best first; below all of them is
    `lowest`. knocked_to: the best grade that a knock-out leaves.
    """
    if any(score is None for score in scores.values()):
        return Score(None, None)
    points = total(Fraction(score or 0) * Fraction(weights[name]) for name, score in scores.items()) / 100
    grade = next((name for name, least in thresholds.items() if points >= least), lowest)
    order = [*thresholds, lowest]
    return Score(points, max(grade, knocked_to or grade, key=order.index))
