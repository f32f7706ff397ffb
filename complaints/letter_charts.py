"""
Drawings of letters as inline SVG, from frozen facts.

Page CSS, var() and currentColor do not reach inline SVG in the PDF renderer: the values of the print tokens are written
into the attributes by name. Lengths are in user units of each drawing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from itertools import zip_longest
from typing import Any

import qrcode
from django.conf import settings
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

FONT = "Redress SC"
TWIG = 10.6  # type size


@lru_cache(maxsize=1)
def tokens() -> dict[str, str]:
    """Return the print tokens by name, without their dashes in front."""
    text = (settings.BASE_DIR / "static" / "css" / "tokens-print.css").read_text(encoding="utf-8")
    return dict(re.findall(r"--([\w-]+):\s*([^;]+);", text))


def width(text: str, size: float, *, bold: bool = False) -> float:
    """Return about how wide the text runs: Chinese one em a character, Latin a little more than half."""
    ems = sum(1.0 if unicodedata.east_asian_width(char) in "WFA" else 0.59 if bold else 0.55 for char in text)
    return ems * size


def wrapped(text: str, room: float, size: float, *, lines: int, bold: bool = False) -> list[str]:
    """Return the text in at most `lines` lines that fit `room`; what does not fit ends in an ellipsis."""
    rows: list[str] = []
    rest = " ".join(re.split(r"[ \n]+", text.strip()))
    while rest and len(rows) < lines:
        row, rest = _first_line(rest, room, size, bold)
        rows.append(row)
    if rest and rows:
        rows[-1] = rows[-1][: max(1, len(rows[-1]) - 1)].rstrip() + "…"
    return rows


def _first_line(text: str, room: float, size: float, bold: bool) -> tuple[str, str]:
    end = len(text)
    while end > 1 and width(text[:end], size, bold=bold) > room:
        end -= 1
    if end < len(text) and (gap := text.rfind(" ", 0, end + 1)) > end // 4:
        end = gap
    return text[:end].rstrip(), text[end:].lstrip()


Inks = Mapping[str, str]  # colours by the name of their token


class OnScreen(dict[str, str]):
    """Colours for a page, where the tokens of its theme are known by name."""

    def __missing__(self, name: str) -> str:
        return f"var(--{name})"


def _text(
    x: float, y: float, words: str, inks: Inks, *, size: float, ink: str, bold: bool = False, anchor: str = "start"
) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" font-weight="{700 if bold else 400}" text-anchor="{anchor}" '
        f'fill="{inks[ink]}" font-family="{FONT}">{escape(words)}</text>'
    )


# The fishbone ---------------------------------------------------------------------------------------------------------

LINE, APART, LEAN = 12.5, 10.0, 46.0  # of a twig: height of its lines, space to the next; how far a bone leans


def fishbone(
    bones: list[dict[str, Any]], head: str, *, confirmed: str, excluded: str, inks: Inks | None = None
) -> SafeString:
    """
    Return the Ishikawa diagram: a dot marks what is confirmed, a cross what is ruled out; bold: what went into a tree.

    bones: {"text", "twigs": [{"text", "result", "promoted"?}]}.  inks: OnScreen() for a page, else for print.
    """
    inks = inks if inks is not None else tokens()
    columns = max(1, -(-len(bones) // 2))
    step = 588 / columns
    drawn = [_laid_out(bone, step - 48) for bone in bones]
    above, below = (_reach(part) for part in (drawn[:columns], drawn[columns:]))
    spine = above + 26
    parts = [_spine(spine, head, inks)]
    for column, pair in enumerate(zip_longest(drawn[:columns], drawn[columns:])):
        x = step * (column + 1) + 10
        parts += [_bone(bone, x, spine, reach, step, inks)
                  for bone, reach in zip(pair, (-above, below), strict=True) if bone]  # fmt: skip
    foot = spine + below + 32
    parts.append(_legend(foot, confirmed, excluded, inks))
    said = f'role="img" aria-label="{escape(head)}"'
    return mark_safe(f'<svg viewBox="0 0 760 {foot + 12:.0f}" {said}>{"".join(parts)}</svg>')  # noqa: S308


def _laid_out(bone: dict[str, Any], room: float) -> dict[str, Any]:
    """Return the bone with its twigs' lines."""
    twigs = []
    for twig in bone["twigs"]:
        sure = _is_sure(twig)
        twigs.append({**twig, "rows": wrapped(twig["text"], room - 14, TWIG, lines=4, bold=sure)})
    return {**bone, "twigs": twigs}


def _is_sure(twig: dict[str, Any]) -> bool:
    return twig["result"] == "CONFIRMED" or bool(twig.get("promoted"))


def _slot(twig: dict[str, Any]) -> float:
    return len(twig["rows"]) * LINE + APART


def _reach(bones: list[dict[str, Any]]) -> float:
    """Return how far bones on one side reach from the spine."""
    return max([112.0, *(34 + sum(_slot(twig) for twig in bone["twigs"]) for bone in bones)])


def _spine(y: float, head: str, inks: Inks) -> str:
    rows = wrapped(head, 98, 12, lines=6, bold=True)
    top = y - (len(rows) * 16 + 28) / 2
    words = [
        _text(697, top + 26 + 16 * row, line, inks, size=12, ink="bg-card", bold=True, anchor="middle")
        for row, line in enumerate(rows)
    ]
    return (
        f'<path d="M14 {y}H626" stroke="{inks["ink"]}" stroke-width="2.6"/>'
        f'<path d="M640 {y}l-16-8v16z" fill="{inks["ink"]}"/>'
        f'<rect x="640" y="{top:.1f}" width="114" height="{len(rows) * 16 + 28}" rx="6" fill="{inks["ink"]}"/>'
        f"{''.join(words)}"
    )


def _bone(bone: dict[str, Any], x: float, spine: float, reach: float, step: float, inks: Inks) -> str:
    """Return a bone that leaves the spine at x and reaches up (negative) or down."""
    tip = spine + reach
    name = wrapped(bone["text"], step - 20, 11.5, lines=1, bold=True)[0]
    wide = width(name, 11.5, bold=True) + 16
    base = tip - 11 if reach < 0 else tip - 9
    parts = [
        f'<path d="M{x - LEAN:.1f} {tip:.1f}L{x:.1f} {spine}" stroke="{inks["ink-2"]}" stroke-width="1.6"/>',
        f'<rect x="{x - LEAN - wide / 2:.1f}" y="{base:.1f}" width="{wide:.1f}" height="20" rx="4" '
        f'fill="{inks["bg-selected"]}"/>',
        _text(x - LEAN, base + 14.4, name, inks, size=11.5, ink="link", bold=True, anchor="middle"),
    ]
    y = tip + 14 if reach < 0 else spine + 4
    for twig in bone["twigs"]:
        y += _slot(twig)
        parts.append(_twig(twig, x - LEAN * abs(y - spine) / abs(reach), y, inks))
    return "".join(parts)


def _twig(twig: dict[str, Any], x: float, y: float, inks: Inks) -> str:
    """Return a cause on its line, which ends at the bone in x."""
    sure, out = _is_sure(twig), twig["result"] == "EXCLUDED"
    rows = twig["rows"]
    start = x - max(84.0, *(width(row, TWIG, bold=sure) + 18 for row in rows))
    first = y - 4 - LINE * (len(rows) - 1)
    line = f'<path d="M{start:.1f} {y:.1f}H{x:.1f}" stroke="{inks["line-strong"]}" stroke-width="1"/>'
    confirmed = twig["result"] == "CONFIRMED"
    sign = _dot(start + 5, first - 3.6, inks) if confirmed else _cross(start + 1.6, first - 7, inks) if out else ""
    ink = "ink" if sure else "ink-3" if out else "ink-2"
    words = [
        _text(start + 13, first + LINE * row, text, inks, size=TWIG, ink=ink, bold=sure)
        for row, text in enumerate(rows)
    ]
    return line + sign + "".join(words)


def _dot(x: float, y: float, inks: Inks) -> str:
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4.2" fill="{inks["accent"]}"/>'


def _cross(x: float, y: float, inks: Inks) -> str:
    strokes = f"M{x:.1f} {y:.1f}l6.8 6.8M{x + 6.8:.1f} {y:.1f}l-6.8 6.8"
    return f'<path d="{strokes}" stroke="{inks["ink-3"]}" stroke-width="1.4"/>'


def _legend(y: float, confirmed: str, excluded: str, inks: Inks) -> str:
    return (
        _dot(19, y - 3.5, inks)
        + _text(29, y, confirmed, inks, size=TWIG, ink="ink-2")
        + _cross(125.6, y - 6.9, inks)
        + _text(139, y, excluded, inks, size=TWIG, ink="ink-2")
    )


def qr(text: str) -> SafeString:
    """Return a QR code of the text, one unit a module, drawn row by row."""
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=0)
    code.add_data(text)
    code.make(fit=True)
    rows = code.get_matrix()
    path = "".join(_runs(row, y) for y, row in enumerate(rows))
    return mark_safe(  # noqa: S308
        f'<svg class="verify__qr" viewBox="0 0 {len(rows)} {len(rows)}" role="img">'
        f'<path fill="{tokens()["ink"]}" d="{path}"/></svg>'
    )


def _runs(row: list[bool], y: int) -> str:
    found = re.finditer("1+", "".join("1" if dark else "0" for dark in row))
    return "".join(f"M{run.start()} {y}h{len(run[0])}v1h-{len(run[0])}z" for run in found)


def mark() -> SafeString:
    """Return the product's mark in its accent."""
    return mark_safe(  # noqa: S308
        '<svg class="head__mark" viewBox="0 0 28 28" aria-hidden="true"><g fill="none" '
        f'stroke="{tokens()["accent"]}" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round">'
        '<rect x="1" y="1" width="26" height="26" rx="7"/>'
        '<path d="M6 19c2.6-6.6 5.3-9.4 8-9.4s5.4 2.8 8 9.4M6 19h16M11 11.2V19M17 11.2V19"/></g></svg>'
    )
