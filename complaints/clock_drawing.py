"""A clock's line drawn by the server: stretches told apart by height as well as colour, numbered marks, an axis."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from complaints.clock_story import Phase, Story
from complaints.clock_story_words import day_label
from worktime.calendars import day_end, seconds
from worktime.timeline import Kind

WIDTH = 10_000  # units; whole numbers read the same in every language
FOOT = 1_200  # of the stretches
HEIGHT = {Kind.WORK: 520, Kind.PAUSED: 300, Kind.HOLIDAY: 140, Kind.OFF: 40}
ROW, FIRST_ROW, APART, ROWS = 200, 110, 230, 3  # of the numbers above the line
LABELS = 12


def draw(story: Story, zone: ZoneInfo) -> dict[str, Any]:
    """Return the numbers that the template puts into its SVG."""
    start, end = seconds(story.clock.started_at), max(seconds(story.end), seconds(story.clock.started_at) + 1)

    def place(moment: datetime) -> int:
        return round((min(max(seconds(moment), start), end) - start) * WIDTH / (end - start))

    return {
        "rects": [_rect(piece.kind, piece.phase, place(piece.start), place(piece.end)) for piece in story.pieces],
        "marks": _marks(story, place),
        "ticks": [{"x": place(moment), "label": label} for moment, label in _ticks(story, zone)],
        "foot": FOOT,
        "last": WIDTH,
    }


def _rect(kind: Kind, phase: Phase, left: int, right: int) -> dict[str, Any]:
    height = HEIGHT[kind]
    return {
        "x": left, "width": max(right - left, 2), "y": FOOT - height, "height": height,
        "kind": kind.value.lower(), "phase": phase.value,
    }  # fmt: skip


def _marks(story: Story, place: Any) -> list[dict[str, Any]]:
    """Return the marks within the line; a number that would cover another stands a row higher or lower."""
    rows = [-APART] * ROWS
    found: list[dict[str, Any]] = []
    for number, mark in enumerate(story.marks, start=1):
        if mark.at > story.end:
            continue
        x = place(mark.at)
        row = next((row for row in range(ROWS) if x - rows[row] >= APART), min(range(ROWS), key=rows.__getitem__))
        rows[row] = max(x, rows[row])
        found.append({"n": number, "x": x, "y": FIRST_ROW + row * ROW, "code": mark.code, "past": mark.past})
    return found


def _ticks(story: Story, zone: ZoneInfo) -> list[tuple[datetime, str]]:
    """Return midnights, and the label of the day that begins; few enough to be read."""
    days = (story.end - story.clock.started_at).days + 1
    step = -(-days // LABELS)
    moment = day_end(zone, story.clock.started_at.astimezone(zone).date())
    found: list[tuple[datetime, str]] = []
    while moment < story.end and len(found) <= LABELS:
        found.append((moment, day_label(moment.astimezone(zone))))
        moment = day_end(zone, moment.astimezone(zone).date() + timedelta(days=step - 1))
    return found
