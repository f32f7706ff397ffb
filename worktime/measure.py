"""
What a clock shows: due instant, elapsed and remaining working time, overrun, warnings. Pure.

Intervals are half-open and exact to the second; instants go in as aware datetimes and come out in UTC.
`calendar=None` means that all time counts (basis CALENDAR), else only that calendar's windows (basis BUSINESS).
`pauses` may overlap, touch or lie outside the clock; a clock that may not be paused is asked without them.
Every function raises BadInput (a ValueError) for: instant_without_zone, pause_backwards, target_not_positive,
target_too_long, span_too_long; and NoWorkingTime where a calendar runs dry. Source: DOMAIN §3.1, §3.5.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from worktime.calendars import BadInput, Calendar, at, seconds
from worktime.ledger import HORIZON_YEARS

LONGEST_TARGET = HORIZON_YEARS * 366 * 24 * 60
WARNING_SHARES = (50, 75, 90)
GRACE = timedelta(hours=2)

Span = tuple[int, int | None]  # seconds since 1970; an open pause has no end


class NoWorkingTime(BadInput):
    """The calendar has not enough working time within 20 years."""

    def __init__(self, calendar: Calendar) -> None:
        super().__init__("no_working_time", calendar=calendar.code, years=HORIZON_YEARS)


class Pause(NamedTuple):
    """Time that does not count: [start, end), open while `end` is None."""

    start: datetime
    end: datetime | None = None


class Overrun(NamedTuple):
    """Seconds past the due instant, in the clock's own measure and in plain time."""

    clock: int
    calendar: int


class Warned(NamedTuple):
    """The instant at which a share (percent) of the target is used up; None while an open pause is in the way."""

    percent: int
    at: datetime | None


class Regraded(NamedTuple):
    """The due instant that holds after a change of target, and whether the breach before it stays."""

    due: datetime | None
    breach_kept: bool


class Beat(NamedTuple):
    """One window of a heartbeat; `sent` and `met` are None for the one that is running."""

    start: datetime
    due: datetime | None
    sent: datetime | None
    met: bool | None


def due(
    start: datetime, target_minutes: int, *, calendar: Calendar | None, pauses: Iterable[Pause] = ()
) -> datetime | None:
    """Return the first instant at which the target is used up, or None while a pause is open before it."""
    begin = seconds(start)
    return _reached(begin, _target(target_minutes), calendar, _merged(begin, None, pauses))


def elapsed(start: datetime, at: datetime, *, calendar: Calendar | None, pauses: Iterable[Pause] = ()) -> int:
    """Return the seconds that count in [start, at); 0 if `at` is not after `start`."""
    begin, stop = seconds(start), seconds(at)
    waits = _merged(begin, stop, pauses)
    waited = sum(_worked(calendar, pause, stop if resume is None else resume) for pause, resume in waits)
    return _worked(calendar, begin, stop) - waited


def remaining(
    start: datetime, target_minutes: int, at: datetime, *, calendar: Calendar | None, pauses: Iterable[Pause] = ()
) -> int:
    """Return the seconds of the target not yet used at `at`; negative once it is overdrawn."""
    return _target(target_minutes) - elapsed(start, at, calendar=calendar, pauses=pauses)


def met(due: datetime | None, stop: datetime) -> bool:
    """Tell whether a clock stopped at `stop` was in time: instants decide, to the second (DOMAIN §3.1 (3))."""
    return due is None or seconds(stop) <= seconds(due)


def overrun(due: datetime, stop: datetime, *, calendar: Calendar | None, pauses: Iterable[Pause] = ()) -> Overrun:
    """Return how far `stop` lies past `due`; both figures 0 if it does not."""
    late = max(0, seconds(stop) - seconds(due))
    return Overrun(clock=elapsed(due, stop, calendar=calendar, pauses=pauses), calendar=late)


def warnings(
    start: datetime,
    target_minutes: int,
    shares: Sequence[int] = WARNING_SHARES,
    *,
    calendar: Calendar | None,
    pauses: Iterable[Pause] = (),
) -> tuple[Warned, ...]:
    """
    Return when each share (percent, above 0) of the target is used up, in the clock's own measure.

    A share that ends inside a second counts from the next. Raises BadInput share_not_positive as well.
    """
    begin, target = seconds(start), _target(target_minutes)
    waits = _merged(begin, None, pauses)
    return tuple(Warned(share, _reached(begin, _share(target, share), calendar, waits)) for share in shares)


def paused(pauses: Iterable[Pause], at: datetime) -> bool:
    """Tell whether a pause covers the instant."""
    moment = seconds(at)
    return any(begin <= moment and (end is None or moment < end) for begin, end in _spans(pauses))


def projected(
    start: datetime, target_minutes: int, now: datetime, *, calendar: Calendar | None, pauses: Iterable[Pause] = ()
) -> datetime:
    """Return the due instant if the open pauses ended at `now` (SV-46)."""
    closed = [Pause(pause.start, pause.end or max(pause.start, now)) for pause in pauses]
    instant = due(start, target_minutes, calendar=calendar, pauses=closed)
    assert instant is not None  # no pause is open any more
    return instant


def regraded(
    due_old: datetime | None, due_new: datetime | None, changed_at: datetime, *, upgrade: bool, grace: timedelta = GRACE
) -> Regraded:
    """
    Return the due instant after a change of grade; both given ones reckon from the original start, same pauses.

    A breach before the change stays. An upgrade leaves at least `grace` from the change, but never loosens the old
    due instant; a downgrade takes the new one. While a pause is open there is none. Source: DOMAIN §3.5.
    """
    if due_old is None or due_new is None:
        return Regraded(None, breach_kept=False)
    if seconds(due_old) < seconds(changed_at):
        return Regraded(at(seconds(due_old)), breach_kept=True)
    effective = min(due_old, max(due_new, changed_at + grace)) if upgrade else due_new
    return Regraded(at(seconds(effective)), breach_kept=False)


def beats(
    start: datetime,
    every_minutes: int,
    sent: Iterable[datetime],
    *,
    calendar: Calendar | None,
    pauses: Iterable[Pause] = (),
) -> tuple[Beat, ...]:
    """
    Return the windows of a heartbeat that each message sent, at any order given, starts anew (SV-53).

    What was sent before the start is no part of it.
    """
    known = tuple(pauses)
    starts = [start, *sorted(message for message in sent if seconds(message) >= seconds(start))]
    return tuple(
        _beat(begin, end, due(begin, every_minutes, calendar=calendar, pauses=known))
        for begin, end in zip(starts, [*starts[1:], None], strict=True)
    )


def merged(pauses: Iterable[Pause], start: datetime, stop: datetime | None = None) -> tuple[Pause, ...]:
    """Return the pauses clipped to [start, stop), in order, joined where they meet, without empty ones."""
    spans = _merged(seconds(start), seconds(stop) if stop else None, pauses)
    return tuple(Pause(at(begin), None if end is None else at(end)) for begin, end in spans)


def _beat(begin: datetime, end: datetime | None, due_at: datetime | None) -> Beat:
    if end is None:
        return Beat(at(seconds(begin)), due_at, None, None)
    return Beat(at(seconds(begin)), due_at, at(seconds(end)), met(due_at, end))


def _target(minutes: int) -> int:
    """Return the target in seconds. Raises BadInput unless it is a positive whole number of minutes."""
    if not isinstance(minutes, int) or isinstance(minutes, bool) or minutes <= 0:
        raise BadInput("target_not_positive", target=str(minutes))
    if minutes > LONGEST_TARGET:
        raise BadInput("target_too_long", target=minutes, years=HORIZON_YEARS)
    return minutes * 60


def _share(target: int, percent: int) -> int:
    if not isinstance(percent, int) or isinstance(percent, bool) or percent <= 0:
        raise BadInput("share_not_positive", share=str(percent))
    return -(-target * percent // 100)


def _reached(begin: int, target: int, calendar: Calendar | None, waits: Iterable[Span]) -> datetime | None:
    """Return when `target` seconds are used up: run from pause to pause until one stretch holds the rest."""
    for pause, resume in waits:
        used = _worked(calendar, begin, pause)
        if used >= target:
            break
        if resume is None:
            return None
        begin, target = resume, target - used
    return at(_after(calendar, begin, target))


def _merged(start: int, stop: int | None, pauses: Iterable[Pause]) -> list[Span]:
    if not pauses:
        return []
    joined: list[Span] = []
    for begin, end in sorted(_spans(pauses), key=lambda span: span[0]):
        begin, end = max(begin, start), _earlier(end, stop)
        if end is not None and end <= begin:
            continue
        if joined and (joined[-1][1] is None or begin <= joined[-1][1]):
            joined[-1] = (joined[-1][0], _later(joined[-1][1], end))
        else:
            joined.append((begin, end))
    return joined


def _spans(pauses: Iterable[Pause]) -> Iterable[Span]:
    for start, end in pauses:
        begin, finish = seconds(start), None if end is None else seconds(end)
        if finish is not None and finish < begin:
            raise BadInput("pause_backwards", start=at(begin), end=at(finish))
        yield begin, finish


def _earlier(end: int | None, stop: int | None) -> int | None:
    """Return the earlier of two ends, where None is never."""
    return min((edge for edge in (end, stop) if edge is not None), default=None)


def _later(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else max(one, other)


def _worked(calendar: Calendar | None, begin: int, stop: int) -> int:
    """Return the seconds of working time in [begin, stop)."""
    if stop <= begin:
        return 0
    if calendar is None:
        return stop - begin
    return calendar.ledger.worked(begin, stop)


def _after(calendar: Calendar | None, begin: int, target: int) -> int:
    """Return the first instant at which `target` seconds are worked since `begin`."""
    if calendar is None:
        return begin + target
    reached = calendar.ledger.reached(begin, target)
    if reached is None:
        raise NoWorkingTime(calendar)
    return reached
