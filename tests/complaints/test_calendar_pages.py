"""The pages of work calendars: the list, a year at a glance, its days as files."""

from datetime import date

import pytest

from complaints import calendar_year
from complaints.calendar_year import DayKind
from worktime import csv_days, ical_days
from worktime.calendars import Calendar
from worktime.models import WorkCalendar

OFFICE = Calendar(
    "OFFICE",
    "Asia/Shanghai",
    dict.fromkeys(range(5), ((540, 720), (780, 1080))),
    off=frozenset({date(2026, 5, 1)}),
    exceptions={date(2026, 5, 9): ((540, 720),), date(2026, 5, 14): (), date(2026, 5, 15): ((540, 720),)},
)


@pytest.mark.parametrize(
    ("day", "kind", "hours"),
    [
        (1, DayKind.HOLIDAY, ""),
        (2, DayKind.WEEKEND, ""),
        (4, DayKind.WORK, "09:00-12:00 13:00-18:00"),
        (9, DayKind.MAKEUP, "09:00-12:00"),
        (14, DayKind.HOLIDAY, ""),
        (15, DayKind.OWN, "09:00-12:00"),
    ],
)
def test_each_day_is_of_its_kind(day, kind, hours):
    cell = calendar_year.cell_of(OFFICE, date(2026, 5, day))

    assert (cell.kind, cell.hours) == (kind, hours)


def test_a_month_counts_its_working_days():
    may = calendar_year.months_of(OFFICE, 2026)[4]

    assert may.workdays == 21 - 2 + 1
    assert sum(cell is not None for week in may.weeks for cell in week) == 31


def test_every_kind_has_words_and_marks_that_differ():
    marked = [kind for kind in DayKind if str(calendar_year.LETTERS[kind])]

    assert set(calendar_year.WORDS) == set(DayKind)
    assert len({str(calendar_year.LETTERS[kind]) for kind in marked}) == len(marked) == 3


# The pages ------------------------------------------------------------------------------------------------------------

pytestmark = pytest.mark.django_db


def test_the_list_names_each_calendar_and_its_years(signed_in, ada):
    answer = signed_in(ada).get("/settings/calendars/")

    assert "CN-STD" in answer.text
    assert "/settings/calendars/CN-STD/2026/" in answer.text


def test_a_year_is_shown_with_its_working_days(signed_in, ada):
    answer = signed_in(ada).get("/settings/calendars/CN-STD/2026/")

    months = calendar_year.months_of(WorkCalendar.objects.current("CN-STD").as_calendar(), 2026)
    assert f"{sum(month.workdays for month in months)} working days" in answer.text
    assert "is-holiday" in answer.text
    assert "make-up workday" in answer.text


def test_a_year_without_data_warns(signed_in, ada):
    answer = signed_in(ada).get("/settings/calendars/CN-STD/2031/")

    assert "has no public holidays for 2031" in answer.text


@pytest.mark.parametrize("address", ["NONE/2026/", "CN-STD/1800/", "CN-STD/9999/", "CN-STD/1800/days.csv"])
def test_what_is_not_there_is_not_found(signed_in, ada, address):
    assert signed_in(ada).get(f"/settings/calendars/{address}").status_code == 404


@pytest.mark.parametrize("address", ["", "CN-STD/2026/", "CN-STD/2026/days.csv"])
def test_customers_have_no_calendars(signed_in, carla, address):
    assert signed_in(carla).get(f"/settings/calendars/{address}").status_code == 403


def test_the_days_go_out_as_a_table_and_come_back(signed_in, ada):
    answer = signed_in(ada).get("/settings/calendars/CN-STD/2026/days.csv")

    read = csv_days.read_csv(answer.content)
    version = WorkCalendar.objects.current("CN-STD")
    assert read.errors == ()
    assert {day.on.isoformat() for day in read.days if not day.windows} == {
        on for on in version.off if on.startswith("2026")
    }
    assert 'filename="CN-STD-2026.csv"' in answer["Content-Disposition"]


def test_the_days_go_out_as_a_calendar_file_and_come_back(signed_in, ada):
    table = csv_days.read_csv(signed_in(ada).get("/settings/calendars/CN-STD/2026/days.csv").content)

    answer = signed_in(ada).get("/settings/calendars/CN-STD/2026/days.ics")

    read = ical_days.read_ical(answer.content, makeup=lambda on: ((540, 720),))
    assert read.errors == ()
    assert [(day.on, day.windows) for day in read.days] == [(day.on, day.windows) for day in table.days]


def test_the_pages_ask_little_of_the_database(signed_in, ada, django_assert_max_num_queries):
    client = signed_in(ada)
    for address in ("", "CN-STD/2026/"):
        with django_assert_max_num_queries(8):
            client.get(f"/settings/calendars/{address}")
