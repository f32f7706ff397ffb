"""Where the marks of a chart stand: plain coordinates for SVG templates, one decimal, origin at the top left."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from insights.queries import Kept, Share, Week

AIM = 95  # per cent of clocks that a house should keep
SHOWN = 8  # bars of a Pareto


@dataclass(frozen=True)
class Mark:
    """A point, or the end of a bar, with what it stands for; width and height are those of a bar."""

    x: float
    y: float
    row: object = None
    width: float = 0
    height: float = 0
    on: bool = False

    @property
    def middle(self) -> float:
        return round(self.x + self.width / 2, 1)

    @property
    def above(self) -> float:
        return round(self.y - 10, 1)

    @property
    def base(self) -> float:
        return round(self.y + 9, 1)

    @property
    def top(self) -> float:
        return round(self.y - 4, 1)

    @property
    def bottom(self) -> float:
        return round(self.y + 14, 1)


BASELINE = 6  # weeks from which the usual range is known well enough to judge another
LINE = 14  # between the feet of two labels

# Trend ---------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Limits:
    """The natural limits of new cases per week: mean ± 2.66 × mean moving range (individuals chart), not below 0."""

    mean: float
    lower: float
    upper: float

    def broken_by(self, week: Week) -> bool:
        return not self.lower <= week.new <= self.upper

    def alarms(self, rows: list[Week]) -> list[Week]:
        """Return the full weeks outside the limits; the first ones make the baseline and are not judged by it."""
        return [week for week in rows[BASELINE:-1] if self.broken_by(week)]


def limits(rows: list[Week]) -> Limits | None:
    """Return the limits of the full weeks; None before there are five with a case."""
    values = [week.new for week in rows[:-1]]
    if sum(map(bool, values)) < 5:
        return None
    mean = sum(values) / len(values)
    spread = 2.66 * sum(abs(b - a) for a, b in pairwise(values)) / (len(values) - 1)
    return Limits(round(mean, 1), round(max(0.0, mean - spread), 1), round(mean + spread, 1))


@dataclass(frozen=True)
class Trend:
    """The chart of new and closed cases: 650 × 236, the plot from (24, 22) to (572, 204)."""

    rows: list[Week]
    limits: Limits | None
    left: int = 24
    right: int = 572
    top: int = 22
    bottom: int = 204

    @property
    def highest(self) -> int:
        values = [n for week in self.rows for n in (week.new, week.closed)]
        return _rounded(max([*values, self.limits.upper if self.limits else 0, 4]))

    def y(self, n: float) -> float:
        return round(self.bottom - (self.bottom - self.top) * n / self.highest, 1)

    def x(self, place: int) -> float:
        return round(self.left + (self.right - self.left) * place / max(1, len(self.rows) - 1), 1)

    @property
    def grid(self) -> list[Mark]:
        return [Mark(16, self.y(n), n) for n in (0, self.highest // 2, self.highest)]

    @property
    def new(self) -> list[Mark]:
        out = self.limits.alarms(self.rows) if self.limits else []
        return [Mark(self.x(i), self.y(week.new), week, on=week in out) for i, week in enumerate(self.rows)]

    @property
    def closed(self) -> list[Mark]:
        return [Mark(self.x(i), self.y(week.closed), week) for i, week in enumerate(self.rows)]

    @property
    def new_line(self) -> str:
        return _line(self.new)

    @property
    def closed_line(self) -> str:
        return _line(self.closed)

    @property
    def band(self) -> Mark | None:
        if not self.limits:
            return None
        top, bottom = self.y(self.limits.upper), self.y(self.limits.lower)
        return Mark(self.left, top, width=self.right - self.left, height=round(bottom - top, 1))

    @property
    def limit_lines(self) -> list[Mark]:
        """Return the lines of the upper and the lower limit and of the mean, each with its class."""
        assert self.limits is not None
        upper, lower, mean = (self.y(n) for n in (self.limits.upper, self.limits.lower, self.limits.mean))
        return [Mark(self.left, upper, "limit"), Mark(self.left, lower, "limit"), Mark(self.left, mean, "mean")]

    @property
    def ends(self) -> tuple[float, float]:
        """Return where the words for the last new and the last closed stand: at the line's end, apart."""
        new, closed = self._labels[:2]
        return new, closed

    @property
    def limit_words(self) -> tuple[float, float]:
        """Return where the words for the upper and the lower limit stand: by their lines, out of the way of `ends`."""
        upper, lower = self._labels[2:]
        return upper, lower

    @property
    def _labels(self) -> list[float]:
        wanted = [self.new[-1].y, self.closed[-1].y]
        if self.limits:
            wanted += [self.y(self.limits.upper), self.y(self.limits.lower)]
        return _apart([y + 4 for y in wanted], most=self.bottom + 4)


def _apart(wanted: list[float], *, most: float) -> list[float]:
    """Return the heights of words on top of each other, moved as little as keeps a line between any two."""
    order = sorted(range(len(wanted)), key=lambda place: wanted[place])
    found = list(wanted)
    for before, after in pairwise(order):
        found[after] = max(found[after], found[before] + LINE)
    last = most
    for place in reversed(order):
        found[place] = min(found[place], last)
        last = found[place] - LINE
    return [round(y, 1) for y in found]


def _line(marks: list[Mark]) -> str:
    return " ".join(f"{mark.x},{mark.y}" for mark in marks)


def _rounded(most: float) -> int:
    """Return the next even 2, 4, 6, 8 or 10 times a power of ten."""
    power = 1
    while most > 10 * power:
        power *= 10
    return next(step * power for step in (2, 4, 6, 8, 10) if most <= step * power)


# SLA by clock --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Bars:
    """The chart of clocks met: bars from x = 132 to 390, one every 29; the axis begins at 0 or 50 per cent."""

    rows: list[Kept]
    left: int = 132
    right: int = 390

    @property
    def least(self) -> int:
        shown = [row.percent for row in self.rows if row.percent is not None]
        return 0 if any(share < 50 for share in shown) else 50

    def x(self, share: float) -> float:
        return round(self.left + (self.right - self.left) * (share - self.least) / (100 - self.least), 1)

    @property
    def aim(self) -> float:
        return self.x(AIM)

    @property
    def foot(self) -> int:
        return len(self.rows) * 29 + 16

    @property
    def height(self) -> int:
        return self.foot + 8

    @property
    def marks(self) -> list[Mark]:
        return [
            Mark(self.left, 10 + 29 * i, row, self._width(row), on=row.percent is not None and row.percent < AIM)
            for i, row in enumerate(self.rows)
        ]

    def _width(self, row: Kept) -> float:
        return 0 if row.percent is None else round(self.x(float(row.percent)) - self.left, 1)


# Pareto --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Pareto:
    """The most frequent as bars with the cumulated share: 650 × 262, the plot from (4, 22) to (588, 218)."""

    rows: list[Share]
    few: int  # how many make up 80 %
    left: int = 4
    right: int = 588
    top: int = 22
    bottom: int = 218

    @property
    def bars(self) -> list[Mark]:
        whole = sum(share.n for share in self.rows) or 1
        step = (self.right - self.left) / SHOWN
        return [
            Mark(round(self.left + 8 + i * step, 1), self.y(100 * share.n / whole), share, round(step - 16, 1),
                 round(self.bottom - self.y(100 * share.n / whole), 1), on=i < self.few)
            for i, share in enumerate(self.rows[:SHOWN])
        ]  # fmt: skip

    @property
    def dots(self) -> list[Mark]:
        return [Mark(bar.middle, self.y(float(share.upto)), share) for bar, share in self._pairs()]

    @property
    def line(self) -> str:
        return _line(self.dots)

    @property
    def mark80(self) -> float:
        return self.y(80)

    def y(self, share: float) -> float:
        return round(self.bottom - (self.bottom - self.top) * share / 100, 1)

    def _pairs(self) -> Iterator[tuple[Mark, Share]]:
        return zip(self.bars, self.rows, strict=False)
