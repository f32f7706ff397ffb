"""What holds of every clock and every period, whatever the zone, the calendar and the pauses."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from dateutil.relativedelta import relativedelta
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.worktime.strategies import MINUTE, SECOND, calendars, clocks, examples, pauses
from worktime import measure, periods
from worktime.calendars import windows
from worktime.measure import Pause

MANY = examples(75)
TARGETS = st.integers(1, 20000)
NEVER = datetime.max.replace(tzinfo=UTC)


@MANY
@given(clocks(open_too=True), TARGETS, st.data())
def test_another_pause_never_brings_the_due_instant_forward(clock, target, data):
    more = data.draw(pauses(clock.start, open_too=True))

    earlier = measure.due(clock.start, target, **clock.counting)
    later = measure.due(clock.start, target, calendar=clock.calendar, pauses=clock.pauses + more)

    assert (later or NEVER) >= (earlier or NEVER)


@MANY
@given(clocks(), TARGETS)
def test_the_target_is_used_up_at_the_due_instant_and_not_a_second_before(clock, target):
    due = measure.due(clock.start, target, **clock.counting)

    assert measure.elapsed(clock.start, due, **clock.counting) == target * 60
    assert measure.remaining(clock.start, target, due, **clock.counting) == 0
    assert measure.remaining(clock.start, target, due - SECOND, **clock.counting) == 1


@MANY
@given(clocks(step=MINUTE), st.integers(0, 3))
def test_a_target_used_up_at_closing_time_is_due_then_and_not_at_the_next_opening(clock, days):
    assume(clock.calendar is not None)
    day = clock.calendar.local_date(clock.start) + timedelta(days=days)

    for _, closing in windows(clock.calendar, day):
        target = measure.elapsed(clock.start, closing, **clock.counting) // 60
        if target:
            assert measure.due(clock.start, target, **clock.counting) <= closing


@MANY
@given(clocks(open_too=True), st.lists(st.integers(0, 200_000), min_size=1, max_size=5))
def test_a_span_is_the_sum_of_its_parts(clock, cuts):
    moments = [clock.start, *(clock.start + SECOND * cut for cut in sorted(cuts))]

    parts = [measure.elapsed(begin, stop, **clock.counting) for begin, stop in pairwise(moments)]

    assert sum(parts) == measure.elapsed(moments[0], moments[-1], **clock.counting)


@MANY
@given(clocks(step=MINUTE, open_too=True), TARGETS)
def test_a_clock_kept_from_pause_to_pause_is_the_same_clock_reckoned_at_once(clock, target):
    assert _kept(clock, target) == measure.due(clock.start, target, **clock.counting)


def _kept(clock, target):
    """Return the due instant as a row would hold it that knows only what is left at the last change."""
    begin, left = clock.start, target
    for pause in measure.merged(clock.pauses, clock.start):
        due = measure.due(begin, left, calendar=clock.calendar)
        if due <= pause.start:
            return due
        if pause.end is None:
            return None
        left = measure.remaining(begin, left, pause.start, calendar=clock.calendar) // 60
        begin = pause.end
    return measure.due(begin, left, calendar=clock.calendar)


@MANY
@given(clocks(), TARGETS, st.randoms(use_true_random=False))
def test_pauses_may_come_in_any_order_and_in_pieces(clock, target, chance):
    pieces = [piece for pause in clock.pauses for piece in _halves(pause)]
    chance.shuffle(pieces)

    assert measure.due(clock.start, target, calendar=clock.calendar, pauses=pieces) == (
        measure.due(clock.start, target, **clock.counting)
    )


def _halves(pause: Pause) -> list[Pause]:
    middle = pause.start + (pause.end - pause.start) // 2
    return [Pause(pause.start, middle), Pause(middle, pause.end), Pause(middle, middle)]


@MANY
@given(clocks(open_too=True), TARGETS, st.integers(0, 400_000))
def test_a_projection_is_the_due_instant_of_the_clock_resumed_then(clock, target, later):
    now = clock.start + SECOND * later
    resumed = [Pause(pause.start, pause.end or max(pause.start, now)) for pause in clock.pauses]

    assert measure.projected(clock.start, target, now, **clock.counting) == (
        measure.due(clock.start, target, calendar=clock.calendar, pauses=resumed)
    )


@MANY
@given(clocks(), st.integers(1, 5000), st.integers(1, 5000), st.integers(-10_000, 10_000), st.booleans())
def test_a_change_of_grade_never_loosens_an_upgrade_and_keeps_a_breach(clock, old, new, later, upgrade):
    due_old, due_new = (measure.due(clock.start, target, **clock.counting) for target in (old, new))
    changed_at = due_new + SECOND * later

    effective = measure.regraded(due_old, due_new, changed_at, upgrade=upgrade)

    assert effective.breach_kept == (due_old < changed_at)
    if effective.breach_kept or upgrade:
        assert effective.due <= due_old
    if upgrade and not effective.breach_kept:
        assert effective.due >= min(due_old, changed_at + measure.GRACE)
    if not upgrade and not effective.breach_kept:
        assert effective.due == due_new


@MANY
@given(
    st.dates(date(1980, 1, 1), date(2080, 12, 31)), st.integers(1, 60), st.sampled_from(periods.UNITS), st.booleans(),
    st.data(),
)  # fmt: skip
def test_a_period_ends_where_walking_ends(start, n, unit, roll, data):
    calendar = data.draw(calendars("Asia/Shanghai", datetime(start.year, start.month, start.day, tzinfo=UTC)))

    assert periods.last_day(start, n, unit, calendar=calendar, roll=roll) == _walked(start, n, unit, roll, calendar)


def _walked(start, n, unit, roll, calendar) -> date:
    day = start if unit == "workday" else start + relativedelta(**{unit + "s": n})
    while unit == "workday" and n:
        day += timedelta(days=1)
        n -= calendar.is_workday(day)
    while roll and unit != "workday" and not calendar.is_workday(day):
        day += timedelta(days=1)
    return day
