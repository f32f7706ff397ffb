"""Any clock, in any zone, on any night, agrees with one that looks at every single minute and second."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.worktime.oracle import Oracle
from tests.worktime.strategies import MINUTE, SECOND, calendars, clocks, examples, nights
from worktime import measure
from worktime.calendars import windows

SPAN = 30 * 60  # minutes


@examples(100)
@given(nights(), st.data())
def test_the_windows_of_a_night_are_the_oracles(night, data):
    zone, midnight = night
    calendar = data.draw(calendars(zone, midnight))
    oracle = Oracle(calendar, midnight - MINUTE * 720, 48 * 60)

    spans = [span for day in range(-3, 5) for span in windows(calendar, midnight.date() + timedelta(days=day))]

    found = {minute for start, end in spans for minute in range(_minute(start), _minute(end))}
    assert found & set(oracle.minutes) == oracle.working & set(oracle.minutes)


def _minute(instant) -> int:
    return int(instant.timestamp()) // 60


@examples(50)
@given(clocks(open_too=True), st.integers(1, 900))
def test_the_due_instant_is_the_oracles(clock, target):
    expected = Oracle(clock.calendar, clock.start, SPAN, clock.pauses).due(clock.start, target * 60)

    answer = measure.due(clock.start, target, **clock.counting)

    assert answer == expected or (expected is None and (answer is None or answer > clock.start + MINUTE * SPAN))


@examples(50)
@given(clocks(open_too=True), st.integers(-600, SPAN * 60))
def test_elapsed_is_the_oracles(clock, span):
    stop = clock.start + SECOND * span
    oracle = Oracle(clock.calendar, clock.start, SPAN, clock.pauses)

    assert measure.elapsed(clock.start, stop, **clock.counting) == oracle.elapsed(clock.start, stop)


@examples(30)
@given(clocks(), st.integers(1, 400), st.integers(0, 900))
def test_an_overrun_is_the_oracles(clock, target, late):
    due = measure.due(clock.start, target, **clock.counting)
    stop = due + MINUTE * late
    oracle = Oracle(clock.calendar, due, late + 1, clock.pauses)

    overrun = measure.overrun(due, stop, **clock.counting)

    assert overrun == (oracle.elapsed(due, stop), late * 60)
    assert measure.met(due, stop) == (late == 0)


@examples(50)
@given(clocks(open_too=True), st.integers(1, 400), st.sampled_from([(10, 50, 75), (33, 90, 100), (1, 99, 120)]))
def test_warnings_are_the_oracles(clock, target, shares):
    oracle = Oracle(clock.calendar, clock.start, SPAN, clock.pauses)

    for warned in measure.warnings(clock.start, target, shares, **clock.counting):
        expected = oracle.due(clock.start, -(-target * 60 * warned.percent // 100))
        assert warned.at == expected or (expected is None and _beyond(warned.at, clock.start))


def _beyond(at, start) -> bool:
    return at is None or at > start + timedelta(minutes=SPAN)
