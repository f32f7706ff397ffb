"""What was worked out before is shared and bounded, and never changes an answer."""

import pickle
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from time import perf_counter
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.worktime.strategies import examples
from tests.worktime.vectors import moment, written
from worktime import ledger, measure
from worktime.calendars import BadInput, Calendar, day_end, windows
from worktime.ledger import Ledger, ledger_of
from worktime.measure import NoWorkingTime

NINE = moment("2026-05-12T09:00+08:00")
OFFICE = dict.fromkeys(range(5), ((540, 720), (780, 1080)))


def office(code: str = "OFFICE", **parts) -> Calendar:
    return Calendar(code, "Asia/Shanghai", {**OFFICE}, **parts)


def fresh(calendar: Calendar) -> Calendar:
    """Return the same calendar as if nothing had ever been asked of it."""
    ledger_of.cache_clear()
    return Calendar(
        calendar.code, calendar.zone, calendar.weekly, calendar.off, calendar.exceptions, calendar.weekly_from
    )


def test_calendars_of_the_same_content_share_what_was_worked_out():
    assert office("A").ledger is office("B").ledger
    assert office("A") != office("B")
    assert office().ledger is not office(off=frozenset({date(2026, 5, 12)})).ledger


@examples(12)
@given(st.lists(st.tuples(st.integers(-60, 60), st.integers(1, 40)), min_size=2, max_size=6))
def test_an_answer_does_not_depend_on_what_was_asked_before(asked):
    starts = [(NINE + timedelta(days=365 * years), months * 173 * 60) for years, months in asked]
    alone = [measure.due(start, target, calendar=fresh(office())) for start, target in starts]
    together = fresh(office())

    assert [measure.due(start, target, calendar=together) for start, target in starts] == alone


def test_what_lies_beyond_the_horizon_is_refused_even_if_those_years_are_known():
    calendar = fresh(Calendar("FAR", "UTC", {}, exceptions={date(2050, 1, 3): ((0, 60),)}))
    measure.elapsed(NINE, NINE + timedelta(days=365 * 40), calendar=calendar)

    with pytest.raises(NoWorkingTime):
        measure.due(NINE, 60, calendar=calendar)


def test_a_span_of_many_windows_is_answered_but_not_kept(monkeypatch):
    monkeypatch.setattr(ledger, "KEPT_SPANS", 100)
    calendar = fresh(office())

    worked = measure.elapsed(NINE, NINE + timedelta(days=7), calendar=calendar)

    assert worked == 5 * 8 * 3600
    assert calendar.ledger._known is None


def test_years_far_apart_are_not_bridged():
    calendar = fresh(office())
    measure.due(moment("1850-01-02T09:00+08:00"), 60, calendar=calendar)

    assert written(measure.due(moment("2100-01-04T09:00+08:00"), 60, calendar=calendar)) == "2100-01-04T10:00+08:00"
    assert calendar.ledger._known.first >= 2099


def test_new_year_is_laid_out_when_it_is_asked_for():
    calendar = fresh(office())
    spans = (("2026-12-14T09", "2026-12-14T10"), ("2027-01-01T08", "2027-01-01T10"), ("2025-12-31T17", "2026-01-01T10"))

    hours = [
        measure.elapsed(moment(f"{start}:00+08:00"), moment(f"{end}:00+08:00"), calendar=calendar) // 3600
        for start, end in spans
    ]

    assert hours == [1, 1, 2]


def test_threads_that_ask_at_once_get_the_same_answers():
    calendar = fresh(office())
    starts = [NINE + timedelta(days=97 * number) for number in range(-40, 40)]
    expected = [measure.due(start, 9600, calendar=fresh(office())) for start in starts]

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda start: measure.due(start, 9600, calendar=calendar), starts))

    assert answers == expected


@pytest.mark.parametrize(
    ("zone", "night"),
    [
        ("America/Sao_Paulo", date(2018, 2, 17)),
        ("America/St_Johns", date(2010, 11, 6)),
        ("Asia/Beirut", date(2026, 10, 24)),
    ],
)
def test_a_clock_that_goes_back_over_midnight_counts_each_second_once(zone, night):
    calendar = Calendar("ALL", zone, dict.fromkeys(range(7), ((0, 1440),)))
    noon = datetime(night.year, night.month, night.day, 12, tzinfo=ZoneInfo(zone))

    assert measure.elapsed(noon, noon + timedelta(days=1), calendar=calendar) == (
        (noon + timedelta(days=1)).timestamp() - noon.timestamp()
    )
    assert windows(calendar, night)[-1][1] == day_end(ZoneInfo(zone), night)


def test_the_year_that_phoenix_began_twice_is_whole():
    """1944-01-01 00:01 went back to 1943-12-31 23:01: its first minute lies within the old one."""
    alone = Calendar("EVE", "America/Phoenix", {}, exceptions={date(1943, 12, 31): ((0, 1440),)})
    start, stop = datetime.fromisoformat("1944-01-01T06:00Z"), datetime.fromisoformat("1944-01-01T08:00Z")

    assert measure.elapsed(start, stop, calendar=fresh(alone)) == 3600


def test_a_sparse_calendar_is_searched_once_and_quickly():
    calendar = fresh(Calendar("RARE", "UTC", {}, exceptions={date(2045, 1, 2): ((0, 1),)}))
    measure.due(NINE, 1, calendar=calendar)
    began = perf_counter()

    for _ in range(100):
        measure.due(NINE, 1, calendar=calendar)

    assert perf_counter() - began < 0.1


def test_half_hours_are_the_most_windows_of_a_day():
    with pytest.raises(BadInput) as refused:
        Calendar("X", "UTC", {0: tuple((minute, minute + 1) for minute in range(0, 98, 2))})

    assert refused.value.code == "windows_too_many"


def test_a_moment_is_no_rest_day():
    with pytest.raises(BadInput) as refused:
        office(off=frozenset({NINE}))

    assert refused.value.code == "date_malformed"


def test_a_refusal_and_a_ledger_travel_between_processes():
    refused = pickle.loads(pickle.dumps(BadInput("zone_unknown", zone="X")))
    calendar = pickle.loads(pickle.dumps(office()))

    assert (refused.code, refused.params) == ("zone_unknown", {"zone": "X"})
    assert isinstance(calendar.ledger, Ledger)
    assert calendar == office()
    with pytest.raises(NoWorkingTime):
        raise pickle.loads(pickle.dumps(NoWorkingTime(office())))
