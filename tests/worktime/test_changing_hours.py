"""Weekly hours that change at dates, and days with names."""

from datetime import date, timedelta

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from tests.worktime.strategies import calendars, examples, nights, weeks
from tests.worktime.vectors import moment, written
from worktime import measure
from worktime.calendars import BadInput, Calendar, DayName, windows
from worktime.explain import Line, explain_due, explain_period, explain_rest
from worktime.periods import last_day
from worktime.timeline import Kind, timeline
from worktime.weeks import Run, minutes_of, runs, week_data, week_texts, with_week
from worktime.words import say

OFFICE = dict.fromkeys(range(5), ((540, 720), (780, 1080)))
SUMMER = {**dict.fromkeys(range(4), ((480, 720), (780, 1020))), 5: ((480, 720),)}  # Mon to Thu 08-12 13-17, Sat 08-12
JUNE, SEPTEMBER = date(2026, 6, 1), date(2026, 9, 1)
PLANT = Calendar("PLANT", "Asia/Shanghai", OFFICE, weekly_from={JUNE: SUMMER, SEPTEMBER: OFFICE})
DATA = {
    "tz": "Asia/Shanghai",
    "weekly": {str(day): [["09:00", "12:00"], ["13:00", "18:00"]] for day in range(5)},
    "weekly_from": {"2026-06-01": week_data(SUMMER), "2026-09-01": week_data(OFFICE)},
}


def test_a_day_has_the_hours_of_the_week_in_force_on_it():
    days = (date(2026, 5, 29), date(2026, 5, 30), JUNE, date(2026, 6, 5), date(2026, 6, 6), date(2026, 9, 4))

    assert [PLANT.wall_windows(day) for day in days] == [
        OFFICE[4], (), SUMMER[0], (), SUMMER[5], OFFICE[4],
    ]  # fmt: skip


def test_the_same_is_read_from_data():
    assert Calendar.from_data(DATA, "PLANT") == PLANT
    assert Calendar.from_data(DATA, "PLANT").ledger is Calendar.from_data(DATA, "OTHER").ledger


def test_a_clock_runs_over_the_change():
    start = moment("2026-05-29T17:00+08:00")  # Friday: an hour left, then Monday from eight

    due = measure.due(start, 120, calendar=PLANT)

    assert written(due) == "2026-06-01T09:00+08:00"
    assert measure.elapsed(start, moment("2026-06-01T09:00+08:00"), calendar=PLANT) == 7200


def test_before_the_change_nothing_is_other_than_without_it():
    before = Calendar("PLANT", "Asia/Shanghai", OFFICE)
    start = moment("2026-05-11T10:00+08:00")

    assert measure.due(start, 60 * 100, calendar=PLANT) == measure.due(start, 60 * 100, calendar=before)


def test_days_of_their_own_and_days_off_come_before_the_week_in_force():
    own, off = date(2026, 6, 2), date(2026, 6, 3)
    calendar = Calendar("P", "UTC", OFFICE, frozenset({off}), {own: ((0, 60),)}, {JUNE: SUMMER})

    assert (calendar.wall_windows(own), calendar.wall_windows(off)) == (((0, 60),), ())


def test_a_night_shift_goes_on_over_the_midnight_of_the_change():
    nights_on = dict.fromkeys(range(7), ((0, 360), (1320, 1440)))
    calendar = Calendar("N", "Asia/Shanghai", OFFICE, weekly_from={JUNE: nights_on})

    start = moment("2026-06-01T23:00+08:00")

    assert written(measure.due(start, 240, calendar=calendar)) == "2026-06-02T03:00+08:00"


def test_a_period_rolls_by_the_week_in_force_on_its_last_day():
    saturday = last_day(date(2026, 5, 30), 7, "day", calendar=PLANT)

    assert saturday == date(2026, 6, 6)
    assert last_day(date(2026, 5, 23), 7, "day", calendar=PLANT) == date(2026, 6, 1)


def test_the_line_of_a_clock_is_cut_by_the_hours_in_force():
    segments = timeline(PLANT, moment("2026-05-31T12:00+08:00"), moment("2026-06-01T13:30+08:00"))

    assert [(one.kind, written(one.end)[5:16]) for one in segments] == [
        (Kind.OFF, "06-01T08:00"), (Kind.WORK, "06-01T12:00"), (Kind.OFF, "06-01T13:00"), (Kind.WORK, "06-01T13:30"),
    ]  # fmt: skip


@examples(60)
@given(nights(), weeks(), st.integers(0, 3), st.data())
def test_a_change_leaves_every_day_before_it_and_every_one_from_the_next_on(night, week, later, data):
    zone, midnight = night
    base = data.draw(calendars(zone, midnight))
    since = midnight.date() + timedelta(days=later)

    planned = with_week(_written(base.weekly), _planned(base), since, week)
    changed = Calendar.from_data({**_data(base), "weekly_from": planned})

    until = min((on for on in base.weekly_from if on > since), default=date.max)
    for number in range(-3, 9):
        day = midnight.date() + timedelta(days=number)
        expected = week.get(day.weekday(), ()) if since <= day < until else base.usual_windows(day)
        assert changed.usual_windows(day) == tuple(expected)
        assert windows(changed, day) == windows(base, day) or since <= day < until


def _written(weekly):
    return week_data(weekly)


def _planned(calendar):
    return {since.isoformat(): week_data(week) for since, week in calendar.weekly_from.items()}


def _data(calendar):
    return {
        "tz": calendar.zone,
        "weekly": week_data(calendar.weekly),
        "off": [day.isoformat() for day in calendar.off],
        "makeup": {day.isoformat(): week_data({0: own}).get("0", []) for day, own in calendar.exceptions.items()},
    }


def test_a_planned_change_is_taken_back_by_the_hours_before_it():
    planned = with_week(week_data(OFFICE), {}, JUNE, SUMMER)

    assert with_week(week_data(OFFICE), planned, JUNE, OFFICE) == {}
    assert with_week(week_data(OFFICE), planned, SEPTEMBER, SUMMER) == planned


def test_a_week_is_written_and_told_in_short():
    assert week_texts(SUMMER)[4:] == ["", "08:00-12:00", ""]
    assert runs(SUMMER) == [Run(0, 3, SUMMER[0]), Run(5, 5, SUMMER[5])]
    assert minutes_of(SUMMER) == 4 * 480 + 240


def test_a_make_up_workday_has_the_hours_of_its_time():
    assert PLANT.makeup_windows(date(2026, 5, 30)) == OFFICE[0]
    assert PLANT.makeup_windows(date(2026, 6, 7)) == SUMMER[0]


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ({"weekly_from": {"soon": {}}}, "date_malformed"),
        ({"weekly_from": ["2026-06-01"]}, "calendar_malformed"),
        ({"weekly_from": {"2026-06-01": []}}, "calendar_malformed"),
        ({"weekly_from": {"2026-06-01": {"7": []}}}, "weekday_unknown"),
        ({"weekly_from": {"2026-06-01": {"0": [["18:00", "09:00"]]}}}, "window_backwards"),
        ({"names": {"2026-06-01": ["a", "b", "c"]}}, "name_malformed"),
        ({"names": {"2026-06-01": "x" * 121}}, "name_malformed"),
        ({"names": {"2026-06-01": 3}}, "name_malformed"),
        ({"names": {"June": "x"}}, "date_malformed"),
    ],
)
def test_what_cannot_be_read_is_refused(parts, code):
    with pytest.raises(BadInput) as refused:
        Calendar.from_data({**DATA, **parts})

    assert refused.value.code == code


def test_a_calendar_that_only_begins_later_has_working_time():
    assert Calendar("L", "UTC", {}, weekly_from={JUNE: SUMMER}).is_workday(JUNE)


# Names ----------------------------------------------------------------------------------------------------------------

NATIONAL = DayName("National Day", "国庆节")
GOLDEN = {date(2026, 10, day): NATIONAL for day in range(1, 8)}
NAMED = Calendar("PUB", "Asia/Shanghai", OFFICE, frozenset(GOLDEN), names={**GOLDEN, date(2026, 9, 30): DayName("Eve")})
EVENING = moment("2026-09-30T16:00+08:00")


def test_names_change_no_working_time():
    nameless, named = (Calendar("PUB", "UTC", OFFICE, frozenset(GOLDEN), names=names) for names in ({}, GOLDEN))

    assert named.ledger is nameless.ledger


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "Not counted on the way: Thu 1 Oct 2026 to Wed 7 Oct 2026 (National Day)."),
        ("zh-hans", "其间不计：2026-10-01 星期四 至 2026-10-07 星期三（国庆节）。"),
    ],
)
def test_a_clock_names_the_rest_days_on_its_way(language, sentence):
    why = explain_due(EVENING, 480, calendar=NAMED)

    [line] = explain_rest(why, NAMED)

    with translation.override(language):
        assert say(line, "Asia/Shanghai") == sentence


def test_nothing_is_told_where_no_name_is_known_or_none_lies_on_the_way():
    nameless = Calendar("PUB", "Asia/Shanghai", OFFICE, frozenset(GOLDEN))
    early = moment("2026-05-12T09:00+08:00")

    assert explain_rest(explain_due(EVENING, 480, calendar=nameless), nameless) == ()
    assert explain_rest(explain_due(early, 480, calendar=NAMED), NAMED) == ()
    assert explain_rest(explain_due(early, 480, calendar=None), None) == ()


def test_a_named_weekend_takes_no_time_and_is_not_told():
    calendar = Calendar(
        "W", "UTC", OFFICE, names={date(2026, 5, 16): DayName("Fair")}, off=frozenset({date(2026, 5, 16)})
    )

    assert explain_rest(explain_due(moment("2026-05-15T17:00+00:00"), 480, calendar=calendar), calendar) == ()


def test_a_period_names_the_day_on_which_it_does_not_end():
    lines = explain_period(date(2026, 9, 17), 14, "day", calendar=NAMED)

    with translation.override("en"):
        assert say(lines[-1], "UTC") == (
            "Thu 1 Oct 2026 (National Day) is a rest day (PUB), so the last day is the next working day, 2026-10-08."
        )


def test_many_names_are_cut():
    days = {date(2026, 5, day): DayName(f"Day {day}") for day in range(4, 16)}
    calendar = Calendar("M", "UTC", dict.fromkeys(range(7), ((0, 1440),)), frozenset(days), names=days)
    [line] = explain_rest(explain_due(moment("2026-05-03T00:00+00:00"), 2880, calendar=calendar), calendar)

    with translation.override("en"):
        assert say(line, "UTC").endswith("Sat 9 May 2026 (Day 9) and 6 more.")


def test_a_calendar_written_into_the_question_is_called_so():
    inline = Calendar.from_data(DATA)

    with translation.override("en"):
        assert "of working time (the calendar given) from" in say(explain_due(EVENING, 60, calendar=inline), "UTC")
        assert say(BadInput("no_working_time", calendar="", years=20), "UTC") == (
            "The calendar given has not enough working time in the next 20 years."
        )
    assert say(Line("due.clock", {"start": EVENING, "target_minutes": 60, "calendar": None, "due": EVENING}), "UTC")
