"""
Where the time of a clock went, second by second: what counted, and why the rest did not. Pure.

Source: DOMAIN §3.1 (2): a second counts if it is working time and not paused.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from worktime import measure
from worktime.calendars import BadInput, Calendar, at, seconds
from worktime.ledger import HORIZON, HORIZON_YEARS, union
from worktime.measure import Pause
from worktime.zones import DAY_SECONDS, Span, day_span, local_date, zone_named


class Kind(StrEnum):
    """What a second was."""

    WORK = "WORK"  # it counted
    PAUSED = "PAUSED"  # it would have counted
    HOLIDAY = "HOLIDAY"  # on a rest day of the calendar: no time of that date is working time
    OFF = "OFF"  # outside the windows of its date


class Segment(NamedTuple):
    """A stretch [start, end) of one kind; `counted` is its length in seconds if it is WORK, else 0."""

    kind: Kind
    start: datetime
    end: datetime
    counted: int


def timeline(
    calendar: Calendar | None, start: datetime, end: datetime, pauses: Iterable[Pause] = ()
) -> tuple[Segment, ...]:
    """
    Return what [start, end) was, without gaps, each segment of another kind than its neighbours; none if it is empty.

    The sum of `counted` is measure.elapsed, that of the paused ones what the pauses took: time that is no working time
    anyway is not PAUSED. `calendar=None`: all time counts. A clock that may not be paused is asked without pauses.

    Raises BadInput: instant_without_zone, pause_backwards, span_too_long, instant_out_of_range.
    """
    begin, stop = seconds(start), seconds(end)
    if stop - begin > HORIZON:
        raise BadInput("span_too_long", years=HORIZON_YEARS)
    waits = measure.merged(pauses, start, end)
    if stop <= begin:
        return ()
    layers = _Layers(
        work=_Spans([(begin, stop)] if calendar is None else calendar.ledger.spans(begin, stop)),
        waits=_Spans((seconds(pause.start), seconds(pause.end or end)) for pause in waits),
        rest=_Spans([] if calendar is None else _rest(calendar, begin, stop)),
    )
    edges = sorted({begin} | {edge for edge in layers.edges() if begin < edge < stop})
    return tuple(_segments([(layers.kind(edge), edge) for edge in edges], stop))


class _Spans:
    """Spans in order, none overlapping, that can be asked what they hold."""

    def __init__(self, spans: Iterable[Span]) -> None:
        self.all = union(spans)
        self._starts = [start for start, _ in self.all]

    def __contains__(self, instant: int) -> bool:
        index = bisect_right(self._starts, instant) - 1
        return index >= 0 and instant < self.all[index][1]


@dataclass(frozen=True)
class _Layers:
    """What the span is laid over with."""

    work: _Spans
    waits: _Spans
    rest: _Spans

    def edges(self) -> Iterator[int]:
        """Yield each instant at which the kind may change."""
        for spans in (self.work, self.waits, self.rest):
            for span in spans.all:
                yield from span

    def kind(self, instant: int) -> Kind:
        if instant in self.work:
            return Kind.PAUSED if instant in self.waits else Kind.WORK
        return Kind.HOLIDAY if instant in self.rest else Kind.OFF


def _segments(marks: list[tuple[Kind, int]], stop: int) -> Iterator[Segment]:
    """Yield a segment for each run of one kind."""
    runs = [(kind, next(run)[1]) for kind, run in groupby(marks, key=itemgetter(0))]
    for (kind, start), end in zip(runs, [*(start for _, start in runs[1:]), stop], strict=True):
        yield Segment(kind, at(start), at(end), end - start if kind is Kind.WORK else 0)


def _rest(calendar: Calendar, begin: int, stop: int) -> Iterator[Span]:
    """Yield the rest days of the calendar that meet [begin, stop), each from midnight to midnight."""
    zone = zone_named(calendar.zone)
    first, last = (local_date(zone, at(edge)) for edge in (begin - DAY_SECONDS, stop + DAY_SECONDS))
    for day in sorted({*calendar.off, *calendar.exceptions}):
        if first <= day <= last and not calendar.is_workday(day):
            yield day_span(zone, day)
