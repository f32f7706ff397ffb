"""Calendars as kept in the database: versions, CN-STD, and what is not known of a year."""

from datetime import date, timedelta

import holidays
import pytest

from tests.worktime import vectors as shared
from worktime import warnings_for
from worktime.calendars import BadInput
from worktime.explain import Line
from worktime.models import CalendarVersion, Frozen, WorkCalendar

WEEKDAYS = {str(day): [["09:00", "17:00"]] for day in range(5)}
DECREED = (date(2024, 1, 1), date(2026, 12, 31))

pytestmark = pytest.mark.django_db


@pytest.fixture
def berlin():
    return WorkCalendar.objects.create(code="DE-BER", name="Berlin", country="DE", zone="Europe/Berlin")


def version_of(calendar, number, since="2026-01-01", **parts):
    values = {"weekly": WEEKDAYS, "version": number, "effective_from": date.fromisoformat(since), **parts}
    return CalendarVersion.objects.create(calendar=calendar, **values)


def days(first, last):
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def test_the_company_calendar_is_there_from_the_start():
    assert WorkCalendar.objects.company().as_calendar().code == "CN-STD"


def test_cn_std_has_the_working_days_of_the_worked_examples():
    kept = WorkCalendar.objects.current("CN-STD").as_calendar()

    given = shared.calendars(shared.load())["CN-STD"]

    assert all(kept.wall_windows(day) == given.wall_windows(day) for day in days(*DECREED))


def test_cn_std_has_the_working_days_of_the_holidays_package():
    kept = WorkCalendar.objects.current("CN-STD").as_calendar()
    china = holidays.country_holidays("CN", years=range(2024, 2027))

    assert [day for day in days(*DECREED) if kept.is_workday(day) != china.is_working_day(day)] == []


def test_the_newest_version_is_current(berlin):
    version_of(berlin, 1)
    newest = version_of(berlin, 2, "2026-06-01")

    assert WorkCalendar.objects.current("DE-BER") == newest


def test_the_version_in_force_on_a_date_can_be_asked_for(berlin):
    first = version_of(berlin, 1)
    version_of(berlin, 2, "2026-06-01")

    assert WorkCalendar.objects.current("DE-BER", on=date(2026, 5, 31)) == first


def test_a_calendar_that_is_not_there_is_told():
    with pytest.raises(CalendarVersion.DoesNotExist):
        WorkCalendar.objects.current("XX")


def test_a_saved_version_never_changes(berlin):
    version = version_of(berlin, 1)
    version.off = ["2026-05-01"]

    with pytest.raises(Frozen):
        version.save()

    assert CalendarVersion.objects.get(pk=version.pk).off == []


@pytest.mark.parametrize("change", [{"zone": "UTC"}, {"code": "DE-2"}])
def test_code_and_zone_of_a_calendar_never_change(berlin, change):
    for name, value in change.items():
        setattr(berlin, name, value)

    with pytest.raises(Frozen):
        berlin.save()


def test_a_calendar_may_be_renamed(berlin):
    berlin.name = "Berlin works"

    berlin.save()

    assert WorkCalendar.objects.get(code="DE-BER").name == "Berlin works"


def test_what_is_no_calendar_is_not_saved(berlin):
    with pytest.raises(BadInput):
        version_of(berlin, 1, weekly={"0": [["17:00", "09:00"]]})

    assert not berlin.versions.exists()


def test_a_version_is_read_once(berlin):
    version = version_of(berlin, 1)

    assert version.as_calendar() is CalendarVersion.objects.get(pk=version.pk).as_calendar()


def test_a_decreed_year_needs_no_warning():
    assert warnings_for(WorkCalendar.objects.current("CN-STD"), 2026) == ()


def test_a_year_with_only_statutory_days_is_told():
    expected = Line("year.statutory_only", {"calendar": "CN-STD", "year": 2027})

    assert warnings_for(WorkCalendar.objects.current("CN-STD"), 2027) == (expected,)


def test_a_year_without_data_is_told(berlin):
    expected = Line("year.without_data", {"calendar": "DE-BER", "year": 2026})

    assert warnings_for(version_of(berlin, 1), 2026) == (expected,)


def test_a_calendar_known_to_have_no_days_off_needs_no_warning(berlin):
    assert warnings_for(version_of(berlin, 1, years={"2026": "none"}), 2026) == ()
