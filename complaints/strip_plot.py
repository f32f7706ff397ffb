"""Readings drawn against their limits: the band that is allowed, each value on the line, its mean. Pure drawing."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from complaints.letter_charts import Inks, tokens

WIDE, HIGH, MIDDLE, ROOM = 200.0, 30.0, 15.0, 6.0
RISES = (0.0, -4.5, 4.5, -9.0, 9.0)  # where values would hide each other


def strip(
    values: Sequence[Decimal], verdicts: Sequence[str], lower: Decimal | None, upper: Decimal | None, *,
    label: str, inks: Inks | None = None,
) -> SafeString:  # fmt: skip
    """
    Return the drawing. A dot is a value within, a cross one outside, a ring one in doubt; the tick is the mean.

    label: what a reader hears instead.  inks: letter_charts.OnScreen() for a page, else for print.
    """
    inks = inks if inks is not None else tokens()
    ends = [float(one) for one in (*values, lower, upper) if one is not None]
    low, high = min(ends), max(ends)
    spread = (high - low) or abs(high) or 1.0
    low, high = low - spread * 0.06, high + spread * 0.06

    def at(value: Decimal | float) -> float:
        return ROOM + (float(value) - low) / (high - low) * (WIDE - 2 * ROOM)

    parts = [_band(at(lower) if lower is not None else 0.0, at(upper) if upper is not None else WIDE, inks)]
    parts += [_line(at(limit), 3, HIGH - 3, "ink-2", inks) for limit in (lower, upper) if limit is not None]
    parts += _marks([at(value) for value in values], verdicts, inks)
    parts.append(_line(at(sum(values) / len(values)), MIDDLE - 7, MIDDLE + 7, "ink", inks))
    box = f'viewBox="0 0 {WIDE:.0f} {HIGH:.0f}" role="img" aria-label="{escape(label)}"'
    return mark_safe(f'<svg class="strip" {box}>{"".join(parts)}</svg>')  # noqa: S308


def _band(left: float, right: float, inks: Inks) -> str:
    return (
        f'<path d="M0 {MIDDLE}H{WIDE}" stroke="{inks["line"]}" stroke-width="1"/>'
        f'<rect x="{left:.1f}" y="5" width="{right - left:.1f}" height="{HIGH - 10}" fill="{inks["ok-soft"]}"/>'
    )


def _line(x: float, top: float, foot: float, ink: str, inks: Inks) -> str:
    return f'<path d="M{x:.1f} {top}V{foot}" stroke="{inks[ink]}" stroke-width="1.5"/>'


def _marks(places: list[float], verdicts: Sequence[str], inks: Inks) -> list[str]:
    drawn: list[str] = []
    near: list[float] = []
    for x, verdict in zip(places, verdicts, strict=True):
        crowd = sum(abs(x - other) < 5 for other in near)
        near.append(x)
        drawn.append(_mark(x, MIDDLE + RISES[crowd % len(RISES)], verdict, inks))
    return drawn


def _mark(x: float, y: float, verdict: str, inks: Inks) -> str:
    if verdict == "NONCONFORMING":
        cross = f"M{x - 2.6:.1f} {y - 2.6:.1f}l5.2 5.2M{x + 2.6:.1f} {y - 2.6:.1f}l-5.2 5.2"
        return f'<path d="{cross}" stroke="{inks["danger"]}" stroke-width="1.7"/>'
    if verdict == "INCONCLUSIVE":
        ring = f'fill="none" stroke="{inks["warn"]}" stroke-width="1.5"'
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.4" {ring}/>'
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.4" fill="{inks["ink-2"]}"/>'
