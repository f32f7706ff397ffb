"""One figure by period before and after, with the levels it must not fall below: coordinates for an SVG, drawn here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor, log10
from typing import Any

LEFT, RIGHT, TOP, BOTTOM = 52, 560, 18, 204  # of the plot, in a view of 700 × 236
LABELS = 7  # names below the axis, at most
LETTERS = 9  # of a name below the axis
LINE = 15  # between the feet of two words
Value = Fraction | None


@dataclass(frozen=True)
class Level:
    """A line that the figure must not fall below, with its words."""

    value: Fraction
    words: str


@dataclass(frozen=True)
class Series:
    """The values of each period, and the words at the end of their line; None where there is no value."""

    values: Sequence[Value]
    words: str


def draw(
    names: Sequence[str], after: Series, before: Series | None, levels: Sequence[Level], *, unit: str = ""
) -> dict[str, Any]:
    """
    Return the numbers that the template puts into its SVG; a point below the first level is marked as out.

    unit: what the figures of the scale are in, written above it.
    """
    lines = [one for one in (after, before) if one is not None]
    known = [value for one in lines for value in one.values if value is not None] + [one.value for one in levels]
    grid = _grid(float(min(known)), float(max(known)))

    def y(value: float | Fraction) -> float:
        return round(BOTTOM - (BOTTOM - TOP) * (float(value) - grid[0]) / (grid[-1] - grid[0]), 1)

    def x(place: int) -> float:
        return round(LEFT + 8 + (RIGHT - LEFT - 16) * place / max(1, len(names) - 1), 1)

    words = [(y(one.value), one.words, "level") for one in levels]
    words += [(y(last), one.words, kind) for one, kind in zip(lines, ("after", "before"), strict=False)
              if (last := _last(one)) is not None]  # fmt: skip
    feet = _apart([foot for foot, *_rest in words])
    step = -(-len(names) // LABELS)
    limit = levels[0].value if levels else None
    return {
        "grid": [{"y": y(value), "words": _written(value, grid[1] - grid[0])} for value in grid],
        "levels": [y(one.value) for one in levels],
        "after": _runs(after.values, x, y),
        "before": _runs(before.values, x, y) if before else [],
        "dots": [{"x": x(place), "y": y(value), "out": limit is not None and value < limit}
                 for place, value in enumerate(after.values) if value is not None] if len(names) <= 60 else [],
        "names": [{"x": x(place), "words": name[:LETTERS]} for place, name in enumerate(names) if place % step == 0],
        "words": [{"y": foot, "words": text, "kind": kind} for foot, (_, text, kind) in zip(feet, words, strict=True)],
        "unit": unit, "left": LEFT, "right": RIGHT, "end": RIGHT + 10,
    }  # fmt: skip


def unit_of(amounts: Sequence[Fraction]) -> int:
    """Return in how many currency units a chart of these amounts is drawn, so that its scale stays short."""
    most = max((abs(amount) for amount in amounts), default=Fraction(0))
    return 1_000_000 if most >= 10_000_000 else 1_000 if most >= 100_000 else 1


def _last(line: Series) -> Value:
    return next((value for value in reversed(line.values) if value is not None), None)


def _runs(values: Sequence[Value], x: Any, y: Any) -> list[str]:
    """Return the points of each stretch without a gap."""
    runs: list[list[str]] = [[]]
    for place, value in enumerate(values):
        if value is None:
            runs.append([])
        else:
            runs[-1].append(f"{x(place)},{y(value)}")
    return [" ".join(run) for run in runs if len(run) > 1]


def _grid(least: float, most: float) -> list[float]:
    """Return three to six round values that hold all between them."""
    spread = (most - least) or abs(most) or 1.0
    rough = 10 ** floor(log10(spread / 3))
    step = next(rough * times for times in (1, 2, 2.5, 5, 10) if spread / (rough * times) <= 4.5)
    first, last = floor(least / step), ceil(most / step)
    return [step * place for place in range(first, max(last, first + 1) + 1)]


def _written(value: float, step: float) -> str:
    digits = max(0, -floor(log10(step) + 1e-9), 2 if step in (0.25, 0.025) else 0)
    return f"{value + 0.0:,.{digits}f}".replace("-", "−")


def _apart(wanted: list[float]) -> list[float]:
    """Return the heights of words on top of each other, moved as little as keeps a line between any two."""
    order = sorted(range(len(wanted)), key=lambda place: wanted[place])
    found = [foot + 4 for foot in wanted]
    for upper, lower in pairwise(order):
        found[lower] = max(found[lower], found[upper] + LINE)
    last = BOTTOM + 6.0
    for place in reversed(order):
        found[place] = min(found[place], last)
        last = found[place] - LINE
    return [round(foot, 1) for foot in found]
