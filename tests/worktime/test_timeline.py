"""Every second of a clock is accounted for, once."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.worktime.oracle import Oracle
from tests.worktime.strategies import SECOND, clocks, examples
from tests.worktime.vectors import moment, written
from worktime import measure
from worktime.calendars import BadInput, Calendar
from worktime.measure import Pause
from worktime.timeline import Kind, timeline

OFFICE = Calendar(
    "OFFICE",
    "Asia/Shanghai",
    dict.fromkeys(range(5), ((540, 720), (780, 1080))),
    off=frozenset({date(2026, 5, 1), date(2026, 5, 4), date(2026, 5, 5)}),
    exceptions={date(2026, 5, 9): ((540, 720),), date(2026, 5, 14): ()},
)
HOUR = timedelta(hours=1)


def shown(segments) -> list[str]:
    return [f"{segment.kind} {written(segment.end)[5:16]} {segment.counted // 60}" for segment in segments]


@examples(100)
@given(clocks(open_too=True), st.integers(-1000, 300_000))
def test_the_segments_tile_the_span_and_count_what_elapsed(clock, span):
    end = clock.start + SECOND * span

    segments = timeline(clock.calendar, clock.start, end, clock.pauses)

    assert sum(segment.counted for segment in segments) == measure.elapsed(clock.start, end, **clock.counting)
    assert [one.end for one in segments[:-1]] == [other.start for other in segments[1:]]
    assert all(one.kind != other.kind for one, other in pairwise(segments))
    assert all(segment.start < segment.end for segment in segments)
    assert [segments[0].start, segments[-1].end] == [clock.start, end] if segments else span <= 0


@examples(100)
@given(clocks(open_too=True), st.integers(1, 300_000))
def test_only_work_counts_and_pauses_take_only_working_time(clock, span):
    end = clock.start + SECOND * span
    worked = measure.elapsed(clock.start, end, calendar=clock.calendar)

    segments = timeline(clock.calendar, clock.start, end, clock.pauses)

    lengths = dict.fromkeys(Kind, 0)
    for segment in segments:
        lengths[segment.kind] += (segment.end - segment.start) // SECOND
        assert segment.counted == ((segment.end - segment.start) // SECOND if segment.kind is Kind.WORK else 0)
    assert lengths[Kind.WORK] + lengths[Kind.PAUSED] == worked


@examples(25)
@given(clocks(open_too=True), st.integers(1, 100_000))
def test_each_segment_is_what_the_oracle_sees_at_its_edges(clock, span):
    end = clock.start + SECOND * span
    oracle = Oracle(clock.calendar, clock.start, span // 60 + 2, clock.pauses)

    for segment in timeline(clock.calendar, clock.start, end, clock.pauses):
        edges = int(segment.start.timestamp()), int(segment.end.timestamp()) - 1
        assert [oracle.counts(edge) for edge in edges] == [segment.kind is Kind.WORK] * 2


def test_a_holiday_is_told_from_a_night_and_a_weekend():
    segments = timeline(OFFICE, moment("2026-04-30T17:00+08:00"), moment("2026-05-06T10:00+08:00"))

    assert shown(segments) == [
        "WORK 04-30T18:00 60", "OFF 05-01T00:00 0", "HOLIDAY 05-02T00:00 0", "OFF 05-04T00:00 0",
        "HOLIDAY 05-06T00:00 0", "OFF 05-06T09:00 0", "WORK 05-06T10:00 60",
    ]  # fmt: skip


def test_a_make_up_day_is_work_and_a_date_without_windows_of_its_own_a_holiday():
    segments = timeline(OFFICE, moment("2026-05-09T08:00+08:00"), moment("2026-05-09T13:00+08:00"))

    assert [segment.kind for segment in segments] == [Kind.OFF, Kind.WORK, Kind.OFF]
    (own,) = timeline(OFFICE, moment("2026-05-14T08:00+08:00"), moment("2026-05-14T18:00+08:00"))
    assert own.kind is Kind.HOLIDAY


def test_a_pause_over_lunch_takes_no_lunch():
    nine = moment("2026-05-12T09:00+08:00")
    waits = [Pause(nine + HOUR * 2, nine + HOUR * 5)]

    assert shown(timeline(OFFICE, nine, nine + HOUR * 6, waits)) == [
        "WORK 05-12T11:00 120", "PAUSED 05-12T12:00 0", "OFF 05-12T13:00 0", "PAUSED 05-12T14:00 0",
        "WORK 05-12T15:00 60",
    ]  # fmt: skip


def test_an_open_pause_lasts_to_the_end():
    nine = moment("2026-05-12T09:00+08:00")

    assert shown(timeline(None, nine, nine + HOUR * 50, [Pause(nine + HOUR)])) == [
        "WORK 05-12T10:00 60",
        "PAUSED 05-14T11:00 0",
    ]


def test_a_span_beyond_all_clocks_is_refused():
    nine = moment("2026-05-12T09:00+08:00")

    with pytest.raises(BadInput) as refused:
        timeline(OFFICE, nine, nine + timedelta(days=366 * 21))

    assert refused.value.code == "span_too_long"
