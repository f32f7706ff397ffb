"""Date periods beyond the worked examples: weeks, close of business, days without business."""

from datetime import date

from tests.worktime.vectors import moment, written
from worktime import periods
from worktime.calendars import Calendar

OFFICE = Calendar(
    "OFFICE",
    "Asia/Shanghai",
    dict.fromkeys(range(5), ((540, 720), (780, 1080))),
    off=frozenset({date(2026, 5, 1)}),
    exceptions={date(2026, 5, 9): ((540, 720),)},
)
THURSDAY = date(2026, 4, 30)


def test_a_week_is_seven_days():
    assert periods.last_day(THURSDAY, 2, "week", calendar=OFFICE) == date(2026, 5, 14)


def test_a_last_day_off_rolls_over_the_weekend():
    assert periods.last_day(THURSDAY, 1, "day", calendar=OFFICE) == date(2026, 5, 4)


def test_nothing_rolls_without_a_calendar_if_the_clause_excludes_it():
    assert periods.last_day(THURSDAY, 1, "day", calendar=None, roll=False) == date(2026, 5, 1)


def test_a_half_day_is_a_working_day():
    assert periods.last_day(THURSDAY, 9, "day", calendar=OFFICE) == date(2026, 5, 9)
    assert periods.last_day(date(2026, 5, 8), 1, "workday", calendar=OFFICE) == date(2026, 5, 9)


def test_a_leap_day_a_year_later_is_the_end_of_february():
    assert periods.last_day(date(2024, 2, 29), 1, "year", calendar=None, roll=False) == date(2025, 2, 28)


def test_a_period_is_over_at_midnight_of_the_zone_asked_for():
    assert periods.expires_at(THURSDAY, zone="Europe/Berlin") == moment("2026-05-01T00:00+02:00")


def test_a_period_can_be_over_at_close_of_business():
    assert written(periods.expires_at(THURSDAY, calendar=OFFICE, at_close=True)) == "2026-04-30T18:00+08:00"


def test_a_day_without_business_is_over_at_midnight():
    assert written(periods.expires_at(date(2026, 5, 1), calendar=OFFICE, at_close=True)) == "2026-05-02T00:00+08:00"
