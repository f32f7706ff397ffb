"""Windows on the nights when a wall clock skips or repeats an hour (DOMAIN §3.1 (5))."""

from datetime import date

import pytest

from tests.worktime.vectors import written
from worktime.calendars import Calendar, day_end, windows, zone_named

SPRING, AUTUMN = date(2026, 3, 8), date(2026, 11, 1)  # New York, both Sundays


def shown(day: date, *spans: tuple[str, str], zone: str = "America/New_York") -> list[str]:
    data = {"tz": zone, "weekly": {str(day.weekday()): [list(span) for span in spans]}}
    intervals = windows(Calendar.from_data(data), day)
    return [f"{written(start, zone)[11:]} {written(end, zone)[11:]}" for start, end in intervals]


@pytest.mark.parametrize(
    ("day", "span", "expected"),
    [
        (SPRING, ("02:30", "06:30"), ["03:00-04:00 06:30-04:00"]),
        (SPRING, ("01:00", "02:30"), ["01:00-05:00 03:00-04:00"]),
        (SPRING, ("02:10", "02:50"), []),
        (SPRING, ("02:00", "03:00"), []),
        (SPRING, ("00:00", "24:00"), ["00:00-05:00 00:00-04:00"]),
        (AUTUMN, ("01:30", "05:30"), ["01:30-04:00 05:30-05:00"]),
        (AUTUMN, ("00:00", "01:30"), ["00:00-04:00 01:30-05:00"]),
        (AUTUMN, ("00:00", "01:00"), ["00:00-04:00 01:00-04:00"]),
        (AUTUMN, ("00:00", "02:00"), ["00:00-04:00 02:00-05:00"]),
    ],
)
def test_a_window_moves_to_the_end_of_a_gap_and_spans_a_repeated_hour(day, span, expected):
    assert shown(day, span) == expected


def test_windows_that_a_repeated_hour_makes_overlap_count_once():
    assert shown(AUTUMN, ("00:30", "01:15"), ("01:45", "03:00")) == [
        "00:30-04:00 01:15-05:00",
        "01:15-05:00 03:00-05:00",
    ]


def test_a_date_that_a_zone_left_out_has_no_windows():
    assert shown(date(2011, 12, 30), ("00:00", "24:00"), zone="Pacific/Apia") == []


def test_a_day_whose_midnight_is_skipped_begins_at_one():
    assert shown(date(2026, 9, 6), ("00:00", "09:00"), zone="America/Santiago") == ["01:00-03:00 09:00-03:00"]


def test_a_day_ends_after_its_repeated_hour():
    zone = zone_named("America/Santiago")  # 24:00 falls back to 23:00

    assert written(day_end(zone, date(2026, 4, 4)), "America/Santiago") == "2026-04-05T00:00-04:00"
