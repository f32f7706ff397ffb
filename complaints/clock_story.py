"""
The story of one clock: every second of it accounted for, what was to happen when, and who moved it. Reads only.

Source: DOMAIN §3.1; the seconds are worktime.timeline's. Words for it are in clock_story_words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import groupby, pairwise
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from audit.models import Event
from complaints import told_words
from complaints.ladder import BREACHED, MISSED
from complaints.models import SlaClock, SlaPause
from complaints.models.states import UNDECIDED, ClockState
from worktime import measure
from worktime.calendars import at, day_end, seconds
from worktime.measure import Pause
from worktime.timeline import Kind, timeline

LONGEST = timedelta(days=20 * 365)  # a line is cut off there
CLIMBED = (
    "sla.warned", "sla.breached", "sla.escalated", "clock.wait_long", "visit.reminder_due", "visit.reminder_expired",
    "visit.missed",
)  # fmt: skip
ACTS = {
    "clock.retargeted": "retargeted", "clock.reopened": "reopened", "sla.breach_revoked": "revoked",
}  # fmt: skip


class Phase(StrEnum):
    """Where a stretch lies."""

    RUN = "run"  # before the due instant
    OVER = "over"  # past it, while the clock was not stopped
    AHEAD = "ahead"  # still to come
    SPARE = "spare"  # not needed: the clock was decided before


class Piece(NamedTuple):
    """A stretch [start, end) of one kind; `counted` in seconds; `pause` is the wait that it belongs to."""

    kind: Kind
    phase: Phase
    start: datetime
    end: datetime
    counted: int
    pause: SlaPause | None


class Mark(NamedTuple):
    """An instant at which something happened or is to happen: a step of the ladder, or a word of MARKS."""

    code: str
    at: datetime
    past: bool


class Aim(NamedTuple):
    """A change of target: the due instants and targets (minutes) before and after it."""

    at: datetime
    by_id: int | None
    old_due: datetime | None
    due: datetime | None
    old_target: int | None
    target: int | None
    old_policy: str
    policy: str
    old_calendar: str
    calendar: str
    breach_kept: bool


class Day(NamedTuple):
    """A local date of the line: its pieces, what counted on it, and what had counted by its end (seconds)."""

    on: date
    pieces: tuple[Piece, ...]
    counted: int
    total: int
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class Story:
    """One clock as it stands at `now`. `due` is its due instant, or while it waits the one it would have if resumed."""

    clock: SlaClock
    now: datetime
    due: datetime
    pieces: tuple[Piece, ...]
    marks: tuple[Mark, ...]
    aims: tuple[Aim, ...]

    @property
    def waits(self) -> bool:
        """Tell whether the due instant is a projection only."""
        return self.clock.due_at is None

    @property
    def end(self) -> datetime:
        return self.pieces[-1].end if self.pieces else self.clock.started_at

    @property
    def counted(self) -> int:
        """Return the seconds that have counted by now, or by the decision."""
        return sum(piece.counted for piece in self.pieces if piece.phase in (Phase.RUN, Phase.OVER))

    def waited(self, pause: SlaPause) -> int:
        """Return the seconds of counting time that a wait has taken."""
        mine = [piece for piece in self.pieces if piece.pause is pause and piece.kind is Kind.PAUSED]
        return sum(seconds(piece.end) - seconds(piece.start) for piece in mine)

    def days(self, zone: ZoneInfo) -> list[Day]:
        """Return the line day by day, in that zone."""
        total, found = 0, []
        parts = [part for piece in self.pieces for part in _by_day(piece, zone)]
        for on, mine in groupby(parts, key=lambda piece: piece.start.astimezone(zone).date()):
            pieces = tuple(mine)
            counted = sum(piece.counted for piece in pieces)
            total += counted
            marks = tuple(mark for mark in self.marks if mark.at.astimezone(zone).date() == on)
            found.append(Day(on, pieces, counted, total, marks))
        return found


def events_of(clock: SlaClock) -> list[Event]:
    """Return the events of that clock in order, in one statement."""
    kinds = ("clock.", "sla.", "visit.")
    which = {"facts__metric": clock.metric, "facts__cycle": clock.cycle, "facts__subject": clock.subject}
    rows = told_words.with_deliveries(Event.objects.of("case", clock.complaint.uuid).filter(**which))
    return [event for event in rows if event.kind.startswith(kinds)]


def tell(clock: SlaClock, events: Iterable[Event], *, now: datetime) -> Story:
    """Return the story of a clock, whose pauses are read if they are not prefetched."""
    now = at(seconds(now))
    pauses = list(clock.pauses.all())
    due = clock.due_at or _projected(clock, pauses, now)
    pieces = tuple(_pieces(clock, pauses, due, now))
    events = list(events)
    marks = sorted(_marks(clock, pauses, events, due, now), key=lambda mark: mark.at)
    return Story(clock, now, due, pieces, tuple(marks), tuple(_aims(events)))


def whole(moment: datetime) -> datetime:
    """Return the second of a moment, in UTC: clocks are exact to the second."""
    return at(seconds(moment))


def _projected(clock: SlaClock, pauses: Iterable[SlaPause], now: datetime) -> datetime:
    assert clock.target_minutes is not None  # only a clock with a target can wait
    waits = [Pause(pause.started_at, pause.ended_at) for pause in pauses]
    minutes = clock.target_minutes + clock.grace_minutes
    return measure.projected(clock.started_at, minutes, now, calendar=clock.working_time, pauses=waits)


# The seconds ----------------------------------------------------------------------------------------------------------


def _pieces(clock: SlaClock, pauses: list[SlaPause], due: datetime, now: datetime) -> Iterator[Piece]:
    """Yield the stretches of the line in order, neighbours of one sort as one."""
    start, until, due = whole(clock.started_at), whole(clock.stopped_at or now), whole(due)
    end = min(max(until, due), start + LONGEST)
    spans = [(one, whole(one.started_at), whole(max(one.started_at, one.ended_at or now))) for one in pauses]
    spans = spans if clock.pausable else []
    edges = {due, until, *(edge for _, first, last in spans for edge in (first, last))}
    cuts = [start, *sorted(edge for edge in edges if start < edge < end), end]
    found = [piece for first, last in pairwise(cuts) for piece in _between(clock, spans, first, last, due, until)]
    for (kind, phase, pause), same in groupby(found, key=lambda piece: (piece.kind, piece.phase, piece.pause)):
        run = list(same)
        yield Piece(kind, phase, run[0].start, run[-1].end, sum(piece.counted for piece in run), pause)


def _between(
    clock: SlaClock, spans: list[tuple[SlaPause, datetime, datetime]], first: datetime, last: datetime,
    due: datetime, until: datetime,
) -> Iterator[Piece]:  # fmt: skip
    """Yield the pieces of [first, last), in which no pause begins or ends."""
    waits = [Pause(start, end) for _, start, end in spans]
    waiting = next((pause for pause, start, end in reversed(spans) if start <= first < end), None)
    if first >= until:
        phase = Phase.AHEAD if clock.state in UNDECIDED else Phase.SPARE
    else:
        phase = Phase.OVER if first >= due else Phase.RUN
    for kind, start, end, counted in timeline(clock.working_time, first, last, waits):
        yield Piece(kind, phase, start, end, counted, waiting if kind is Kind.PAUSED else None)


def _by_day(piece: Piece, zone: ZoneInfo) -> Iterator[Piece]:
    """Yield the parts of a piece, split at the zone's midnights."""
    start = piece.start
    while start < piece.end:
        end = min(piece.end, day_end(zone, start.astimezone(zone).date()))
        counted = seconds(end) - seconds(start) if piece.kind is Kind.WORK else 0
        yield piece._replace(start=start, end=end, counted=counted)
        start = end


# The instants ---------------------------------------------------------------------------------------------------------


def _marks(
    clock: SlaClock, pauses: Iterable[SlaPause], events: Iterable[Event], due: datetime, now: datetime
) -> Iterator[Mark]:
    """Yield what happened and what is to come; the due instant only where it was not missed."""
    yield Mark("started", clock.started_at, past=True)
    for event in events:
        if event.kind == "sla.acknowledged":
            yield Mark(f"acknowledged_{event.facts['level']}", event.at, past=True)
        elif event.kind in CLIMBED:
            yield Mark(event.facts["step"], event.at, past=True)
        elif event.kind in ACTS:
            yield Mark(ACTS[event.kind], event.at, past=True)
    for pause in pauses:
        yield Mark("paused", pause.started_at, past=True)
        if pause.ended_at and pause.ended_at != clock.stopped_at:
            yield Mark("resumed", pause.ended_at, past=True)
    for name, instant in clock.steps:
        if name not in (BREACHED, MISSED):
            yield Mark(name, datetime.fromisoformat(instant), past=False)
    if clock.breached_at is None:
        yield Mark("due_if_resumed" if clock.due_at is None else "due", due, past=due < now)
    if clock.stopped_at:
        yield Mark("stopped" if clock.state == ClockState.STOPPED else "cancelled", clock.stopped_at, past=True)
    else:
        yield Mark("now", now, past=True)


def _aims(events: Iterable[Event]) -> Iterator[Aim]:
    for event in events:
        if event.kind == "clock.retargeted":
            new, old = event.facts, event.facts["before"]
            yield Aim(
                event.at, event.by_id, _moment(old["due_at"]), _moment(new["due_at"]), old["target_minutes"],
                new["target_minutes"], old["policy"], new["policy"], old["calendar"] or "", new["calendar"] or "",
                new["breach_kept"],
            )  # fmt: skip


def _moment(text: Any) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
