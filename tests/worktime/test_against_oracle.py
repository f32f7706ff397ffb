"""Any clock, in any zone, on any night, agrees with one that looks at every single minute and second."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.worktime.oracle import Oracle
from tests.worktime.strategies import MINUTE, SECOND, clocks, examples
from worktime import measure

SPAN = 30 * 60  # minutes


@examples(40)
@given(clocks(open_too=True), st.integers(1, 900))
def test_the_due_instant_is_the_oracles(clock, target):
    expected = Oracle(clock.calendar, clock.start, SPAN, clock.pauses).due(clock.start, target * 60)

    answer = measure.due(clock.start, target, **clock.counting)

    assert answer == expected or (expected is None and (answer is None or answer > clock.start + MINUTE * SPAN))


@examples(40)
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


@examples(30)
@given(clocks(open_too=True), st.integers(1, 400), st.sampled_from([(10, 50, 75), (33, 90, 100), (1, 99, 120)]))
def test_warnings_are_the_oracles(clock, target, shares):
    oracle = Oracle(clock.calendar, clock.start, SPAN, clock.pauses)

    for warned in measure.warnings(clock.start, target, shares, **clock.counting):
        expected = oracle.due(clock.start, -(-target * 60 * warned.percent // 100))
        assert warned.at == expected or (expected is None and _beyond(warned.at, clock.start))


def _beyond(at, start) -> bool:
    return at is None or at > start + timedelta(minutes=SPAN)
