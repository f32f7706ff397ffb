"""Any clock, on any night, agrees with a stepper that looks at every single minute."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.worktime import oracle
from worktime import measure
from worktime.calendars import Calendar
from worktime.measure import Pause

NIGHTS = [  # zone, and a UTC midnight near which its wall clock jumps (or an ordinary or leap one)
    ("Asia/Shanghai", datetime(2026, 5, 12, tzinfo=UTC)),
    ("Asia/Shanghai", datetime(2024, 2, 29, tzinfo=UTC)),
    ("America/New_York", datetime(2026, 3, 8, tzinfo=UTC)),
    ("America/New_York", datetime(2026, 11, 1, tzinfo=UTC)),
    ("Europe/Berlin", datetime(2026, 3, 29, tzinfo=UTC)),
    ("Europe/Berlin", datetime(2026, 10, 25, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2026, 4, 5, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2026, 10, 4, tzinfo=UTC)),
    ("America/Havana", datetime(2026, 11, 1, tzinfo=UTC)),  # 01:00 falls back to 00:00
    ("America/Santiago", datetime(2026, 9, 6, tzinfo=UTC)),  # 00:00 does not exist
    ("Pacific/Apia", datetime(2011, 12, 30, tzinfo=UTC)),  # the whole date does not exist
]
MINUTE, SPAN = timedelta(minutes=1), 36 * 60
EXAMPLES = settings(max_examples=40, deadline=None, derandomize=True)


@st.composite
def day_windows(draw):
    edges = sorted(draw(st.sets(st.integers(0, 48), max_size=6)))  # half hours
    return tuple((start * 30, end * 30) for start, end in zip(edges[::2], edges[1::2], strict=False))


@st.composite
def clocks(draw):
    zone, night = draw(st.sampled_from(NIGHTS))
    weekly = {day: draw(day_windows()) for day in range(7)}
    weekly[draw(st.integers(0, 6))] = ((0, 1440),)
    near = [night.date() + timedelta(days=days) for days in range(-2, 4)]
    exceptions: dict[date, tuple] = draw(st.dictionaries(st.sampled_from(near), day_windows(), max_size=2))
    calendar = Calendar("ANY", zone, weekly, frozenset(draw(st.sets(st.sampled_from(near), max_size=2))), exceptions)
    start = night + MINUTE * draw(st.integers(-36 * 60, 24 * 60))
    return draw(st.sampled_from([calendar, calendar, calendar, None])), start, draw(pauses(start))


@st.composite
def pauses(draw, start):
    spans = draw(st.lists(st.tuples(st.integers(-300, 1500), st.integers(0, 900)), max_size=3))
    return [Pause(start + MINUTE * begin, start + MINUTE * (begin + length)) for begin, length in spans]


@EXAMPLES
@given(clocks(), st.integers(1, 900))
def test_the_due_instant_is_the_steppers(clock, target):
    calendar, start, waits = clock

    expected = oracle.due(start, target, calendar, waits, SPAN)

    answer = measure.due(start, target, calendar=calendar, pauses=waits)
    assert answer == expected or (expected is None and answer > start + MINUTE * SPAN)


@EXAMPLES
@given(clocks(), st.integers(-10, 1500))
def test_elapsed_is_the_steppers(clock, span):
    calendar, start, waits = clock
    stop = start + MINUTE * span

    assert measure.elapsed(start, stop, calendar=calendar, pauses=waits) == 60 * oracle.elapsed(
        start, stop, calendar, waits
    )


@settings(EXAMPLES, max_examples=100)
@given(clocks(), st.integers(1, 5000), st.data())
def test_another_pause_never_brings_the_due_instant_forward(clock, target, data):
    calendar, start, waits = clock
    more = data.draw(pauses(start))

    earlier = measure.due(start, target, calendar=calendar, pauses=waits)

    assert measure.due(start, target, calendar=calendar, pauses=waits + more) >= earlier


@settings(EXAMPLES, max_examples=100)
@given(clocks(), st.integers(1, 20000))
def test_the_target_is_used_up_at_the_due_instant_and_not_a_second_before(clock, target):
    calendar, start, waits = clock

    due = measure.due(start, target, calendar=calendar, pauses=waits)

    assert measure.remaining(start, target, due, calendar=calendar, pauses=waits) == 0
    assert measure.remaining(start, target, due - timedelta(seconds=1), calendar=calendar, pauses=waits) == 1
