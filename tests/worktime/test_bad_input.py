"""What cannot be reckoned with is refused by a stable code; nothing walks for ever."""

from datetime import date, datetime, timedelta

import pytest

from tests.worktime.vectors import moment
from worktime import measure, periods
from worktime.calendars import BadInput, Calendar
from worktime.measure import NoWorkingTime, Pause

NINE = moment("2026-05-12T09:00+08:00")
OFFICE = {"tz": "Asia/Shanghai", "weekly": {"0": [["09:00", "12:00"], ["13:00", "18:00"]]}}
MONDAYS = Calendar.from_data(OFFICE, "MON")
ONCE = Calendar("ONCE", "Asia/Shanghai", {}, exceptions={date(2026, 5, 13): ((540, 600),)})


def code_of(refused: pytest.ExceptionInfo[BadInput]) -> str:
    return refused.value.code


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"tz": "Asia/Atlantis"}, "zone_unknown"),
        ({"tz": "../etc/passwd"}, "zone_unknown"),
        ({"tz": "Asia"}, "zone_unknown"),
        ({"tz": None}, "zone_unknown"),
        ({"tz": "localtime"}, "zone_unknown"),
        ({"tz": "right/Asia/Shanghai"}, "zone_unknown"),
        ({"tz": "Asia/Shanghai\0"}, "zone_unknown"),
        ({"tz": "Asia/" + "x" * 5000}, "zone_unknown"),
        ({"tz": 8}, "calendar_malformed"),
        ({"weekly": {}}, "calendar_without_windows"),
        ({"weekly": {"0": []}, "makeup": {"2026-05-09": []}}, "calendar_without_windows"),
        ({"weekly": {"7": [["09:00", "12:00"]]}}, "weekday_unknown"),
        ({"weekly": {"Mon": [["09:00", "12:00"]]}}, "weekday_unknown"),
        ({"weekly": [["09:00", "12:00"]]}, "calendar_malformed"),
        ({"weekly": {"0": [["18:00", "09:00"]]}}, "window_backwards"),
        ({"weekly": {"0": [["09:00", "09:00"]]}}, "window_backwards"),
        ({"weekly": {"0": [["09:00", "12:00"], ["11:59", "18:00"]]}}, "windows_overlap"),
        ({"weekly": {"0": [["9:00", "12:00"]]}}, "time_malformed"),
        ({"weekly": {"0": [["09:00", "24:01"]]}}, "time_malformed"),
        ({"weekly": {"0": [["０９:００", "12:00"]]}}, "time_malformed"),
        ({"weekly": {"0": [[f"00:{n:02}", f"00:{n + 1:02}"] for n in range(49)]}}, "windows_too_many"),
        ({"weekly": {"0": [["09:60", "12:00"]]}}, "time_malformed"),
        ({"weekly": {"0": [[9, 12]]}}, "time_malformed"),
        ({"weekly": {"0": [["09:00"]]}}, "window_malformed"),
        ({"weekly": {"0": "09:00-12:00"}}, "window_malformed"),
        ({"off": ["2026-02-30"]}, "date_malformed"),
        ({"off": [20260230]}, "date_malformed"),
        ({"off": ["20260501"]}, "date_malformed"),
        ({"off": ["2026-W18-5"]}, "date_malformed"),
        ({"off": ["２０２６-05-01"]}, "date_malformed"),
        ({"makeup": {"soon": [["09:00", "12:00"]]}}, "date_malformed"),
    ],
)
def test_a_calendar_that_cannot_be_is_refused(change, code):
    with pytest.raises(BadInput) as refused:
        Calendar.from_data({**OFFICE, **change})

    assert code_of(refused) == code
    assert isinstance(refused.value, ValueError)


def test_a_calendar_built_by_hand_obeys_the_same_rules():
    with pytest.raises(BadInput) as refused:
        Calendar("X", "UTC", {0: ((600, 500),)})

    assert code_of(refused) == "window_backwards"


def test_touching_windows_are_allowed_in_any_order():
    calendar = Calendar.from_data({**OFFICE, "weekly": {"0": [["12:00", "24:00"], ["09:00", "12:00"]]}})

    assert calendar.wall_windows(date(2026, 5, 11)) == ((540, 720), (720, 1440))


@pytest.mark.parametrize("target", [0, -60, 1.5, "60", True, None])
def test_a_target_must_be_a_positive_whole_number(target):
    with pytest.raises(BadInput) as refused:
        measure.due(NINE, target, calendar=None)

    assert code_of(refused) == "target_not_positive"


def test_a_target_beyond_twenty_years_is_refused():
    with pytest.raises(BadInput) as refused:
        measure.due(NINE, 10**12, calendar=None)

    assert code_of(refused) == "target_too_long"


@pytest.mark.parametrize("calendar", [None, MONDAYS])
def test_an_instant_without_a_zone_is_refused(calendar):
    with pytest.raises(BadInput) as refused:
        measure.due(datetime(2026, 5, 12, 9), 60, calendar=calendar)  # noqa: DTZ001

    assert code_of(refused) == "instant_without_zone"


def test_a_pause_that_ends_before_it_starts_is_refused():
    with pytest.raises(BadInput) as refused:
        measure.elapsed(NINE, NINE, calendar=None, pauses=[Pause(NINE, NINE - timedelta(seconds=1))])

    assert code_of(refused) == "pause_backwards"


@pytest.mark.parametrize("share", [0, -1, 50.5, True])
def test_a_share_must_be_positive_and_whole(share):
    with pytest.raises(BadInput) as refused:
        measure.warnings(NINE, 60, [share], calendar=None)

    assert code_of(refused) == "share_not_positive"


def test_a_calendar_that_runs_dry_is_told_and_not_searched_for_ever():
    assert measure.due(NINE, 60, calendar=ONCE) == moment("2026-05-13T10:00+08:00")

    with pytest.raises(NoWorkingTime):
        measure.due(NINE, 61, calendar=ONCE)
    with pytest.raises(NoWorkingTime):
        periods.last_day(date(2026, 5, 13), 1, "day", calendar=ONCE)


def test_a_span_of_centuries_is_refused():
    with pytest.raises(BadInput) as refused:
        measure.elapsed(moment("0300-01-01T00:00+00:00"), NINE, calendar=MONDAYS)

    assert code_of(refused) == "span_too_long"


@pytest.mark.parametrize("edge", ["0001-01-01T00:00+14:00", "9999-12-31T23:59-12:00"])
def test_the_ends_of_the_calendar_era_are_refused_not_crashed(edge):
    with pytest.raises(BadInput) as refused:
        measure.due(moment(edge), 60 * 24 * 7, calendar=MONDAYS)

    assert code_of(refused) == "instant_out_of_range"


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ((0, "day", MONDAYS), "period_not_positive"),
        ((True, "day", MONDAYS), "period_not_positive"),
        ((3, "fortnight", MONDAYS), "unit_unknown"),
        ((3, "workday", None), "calendar_missing"),
        ((3, "day", None), "calendar_missing"),
        ((10**9, "year", MONDAYS), "period_too_long"),
        ((10**12, "day", MONDAYS), "period_too_long"),
        ((10**9, "workday", MONDAYS), "period_too_long"),
    ],
)
def test_a_period_that_cannot_be_is_refused(asked, code):
    n, unit, calendar = asked

    with pytest.raises(BadInput) as refused:
        periods.last_day(date(2026, 5, 12), n, unit, calendar=calendar)

    assert code_of(refused) == code


def test_a_period_starts_on_a_date_not_at_a_moment():
    with pytest.raises(BadInput) as refused:
        periods.last_day(NINE, 3, "day", calendar=MONDAYS)

    assert code_of(refused) == "date_malformed"


def test_no_working_day_is_sought_beyond_the_last_year():
    with pytest.raises(NoWorkingTime):
        periods.next_workday(date(9990, 5, 13), ONCE)


def test_the_end_of_a_day_needs_a_zone():
    with pytest.raises(BadInput) as refused:
        periods.expires_at(date(2026, 5, 12))

    assert code_of(refused) == "calendar_missing"
