"""Clocks beyond the worked examples: seconds, open pauses, orders of things."""

from datetime import UTC, timedelta
from time import perf_counter

from tests.worktime.vectors import moment
from worktime import measure
from worktime.calendars import Calendar
from worktime.measure import Pause

NINE = moment("2026-05-12T09:00+08:00")
HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
OFFICE = Calendar("OFFICE", "Asia/Shanghai", dict.fromkeys(range(5), ((540, 720), (780, 1080))))


def test_an_instant_is_reckoned_to_the_second():
    assert measure.due(NINE + SECOND * 30, 60, calendar=OFFICE) == NINE + HOUR + SECOND * 30
    assert measure.elapsed(NINE, NINE + SECOND * 59, calendar=OFFICE) == 59


def test_parts_of_a_second_are_cut_from_start_and_stop_alike():
    due = measure.due(NINE + timedelta(milliseconds=700), 60, calendar=None)

    assert due == NINE + HOUR
    assert measure.met(due, NINE + HOUR + timedelta(milliseconds=900))
    assert not measure.met(due, NINE + HOUR + SECOND)


def test_a_share_that_ends_inside_a_second_counts_from_the_next():
    (warned,) = measure.warnings(NINE, 1, [33], calendar=None)

    assert warned == (33, (NINE + SECOND * 20).astimezone(UTC))


def test_a_warning_before_an_open_pause_is_known_and_one_behind_it_is_not():
    early, late, _ = measure.warnings(NINE, 120, calendar=None, pauses=[Pause(NINE + HOUR)])

    assert (early.at, late.at) == (NINE + HOUR, None)


def test_nothing_is_elapsed_before_the_start():
    assert measure.elapsed(NINE, NINE - HOUR, calendar=OFFICE, pauses=[Pause(NINE - HOUR * 2)]) == 0


def test_an_open_pause_freezes_what_is_elapsed():
    waits = [Pause(NINE + HOUR)]

    assert measure.elapsed(NINE, NINE + HOUR * 48, calendar=None, pauses=waits) == 3600
    assert measure.paused(waits, NINE + HOUR)
    assert not measure.paused(waits, NINE + HOUR - SECOND)


def test_an_open_pause_swallows_every_later_one():
    waits = [Pause(NINE + HOUR), Pause(NINE + HOUR * 2, NINE + HOUR * 3)]

    assert measure.merged(waits, NINE) == (Pause(NINE + HOUR, None),)


def test_a_pause_that_opens_after_the_due_instant_does_not_take_it_back():
    assert measure.due(NINE, 60, calendar=None, pauses=[Pause(NINE + HOUR)]) == NINE + HOUR


def test_pauses_are_clipped_to_the_clock():
    waits = [Pause(NINE - HOUR, NINE + HOUR), Pause(NINE + HOUR * 2)]

    assert measure.merged(waits, NINE, NINE + HOUR * 3) == (
        Pause(NINE, NINE + HOUR),
        Pause(NINE + HOUR * 2, NINE + HOUR * 3),
    )


def test_a_change_of_grade_during_an_open_pause_has_no_due_instant_yet():
    assert measure.regraded(None, NINE, NINE, upgrade=True) == (None, False)


def test_a_change_at_the_due_instant_itself_finds_no_breach():
    assert measure.regraded(NINE, NINE + HOUR, NINE, upgrade=False) == (NINE + HOUR, False)


def test_messages_of_a_heartbeat_may_come_in_any_order():
    sent = [NINE + HOUR * 3, NINE + HOUR]

    beats = measure.beats(NINE, 120, sent, calendar=None)

    assert [beat.met for beat in beats] == [True, True, None]
    assert beats[-1].due == NINE + HOUR * 5


def test_what_was_sent_before_a_heartbeat_began_is_no_part_of_it():
    (beat,) = measure.beats(NINE, 120, [NINE - HOUR], calendar=None)

    assert (beat.start, beat.sent) == (NINE, None)


def test_a_clock_of_three_years_is_answered_at_once():
    due = measure.due(NINE, 60 * 8 * 250 * 3, calendar=OFFICE)
    began = perf_counter()

    again = measure.due(NINE, 60 * 8 * 250 * 3, calendar=OFFICE)

    assert again == due
    assert perf_counter() - began < 0.02  # some 50 µs once the years are known
