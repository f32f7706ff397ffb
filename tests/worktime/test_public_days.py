"""Public holidays of a country and year, and what is not known of them."""

from datetime import date

import pytest

from worktime.calendars import BadInput
from worktime.days import with_days
from worktime.public_days import public_days

OFFICE = ((540, 720), (780, 1080))


def office_hours(on):
    return OFFICE


def codes(country: str, year: int) -> list[str]:
    return [line.code for line in public_days(country, year, makeup=office_hours).warnings]


def test_china_has_its_make_up_workdays():
    china = public_days("CN", 2026, makeup=office_hours)

    assert [day.on.isoformat()[5:] for day in china.days if day.windows == OFFICE] == [
        "01-04", "02-14", "02-28", "05-09", "09-20", "10-10",
    ]  # fmt: skip
    assert (china.coverage, china.warnings) == ("decreed", ())


@pytest.mark.parametrize("year", [2001, 2013, 2020, 2026])
def test_make_up_workdays_of_china_are_known_for_each_year_from_2001_to_2026(year):
    assert any(day.windows for day in public_days("CN", year, makeup=office_hours).days)
    assert codes("CN", year) == []


@pytest.mark.parametrize(
    ("country", "year", "code"),
    [
        ("CN", 2000, "year.statutory_only"),
        ("CN", 2027, "year.statutory_only"),
        ("CN", 2101, "year.without_data"),
        ("CN", 1900, "year.without_data"),
        ("HU", 2028, "year.statutory_only"),
        ("US", 9999, "year.without_data"),
        ("LK", 2030, "year.without_data"),
        ("SA", 2030, "year.estimated"),
        ("KZ", 2030, "year.estimated"),
    ],
)
def test_a_year_of_which_less_is_known_is_warned_about(country, year, code):
    assert codes(country, year) == [code]


def test_a_year_without_data_has_no_days():
    assert public_days("LK", 2030, makeup=office_hours).days == ()


def test_a_part_of_a_country_has_days_of_its_own():
    bavaria = public_days("DE", 2026, makeup=office_hours, subdivision="BY", language="de")

    assert date(2026, 1, 6) in [day.on for day in bavaria.days]
    assert "Erster Mai" in [day.name for day in bavaria.days]
    assert date(2026, 1, 6) not in [day.on for day in public_days("DE", 2026, makeup=office_hours).days]


@pytest.mark.parametrize(
    ("country", "part", "code"),
    [("XX", None, "country_unknown"), ("cn", None, "country_unknown"), ("DEU", None, "country_unknown"),
     ("DE", "ZZ", "subdivision_unknown")],
)  # fmt: skip
def test_a_country_that_is_not_known_is_refused(country, part, code):
    with pytest.raises(BadInput) as refused:
        public_days(country, 2026, makeup=office_hours, subdivision=part)

    assert refused.value.code == code


def test_a_loaded_year_fits_into_a_calendar():
    off, exceptions = with_days([], {}, 2026, public_days("CN", 2026, makeup=office_hours).days)

    assert "2026-05-01" in off
    assert exceptions["2026-05-09"] == [["09:00", "12:00"], ["13:00", "18:00"]]


def test_names_come_in_both_languages_where_the_package_has_them():
    china = {day.on: day for day in public_days("CN", 2026, makeup=office_hours).days}
    germany = public_days("DE", 2026, makeup=office_hours).days

    assert (china[date(2026, 10, 1)].name, china[date(2026, 10, 1)].name_zh) == ("National Day", "国庆节")
    assert {day.name_zh for day in germany} == {""}
    assert "Labor Day" in {day.name for day in germany}
