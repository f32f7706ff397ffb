"""Years of a calendar from and to files: whatever spreadsheets, editors and strangers make of them."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.worktime.strategies import day_windows, examples
from worktime import days
from worktime.calendars import BadInput
from worktime.csv_days import read_csv, write_csv
from worktime.days import Day, days_of, read_windows, with_days, with_names
from worktime.explain import Line
from worktime.ical_days import read_ical, write_ical
from worktime.words import SENTENCES, say

OFFICE = ((540, 720), (780, 1080))
LABOUR_DAY, SATURDAY = date(2026, 5, 1), date(2026, 5, 9)
NOON = datetime(2026, 5, 12, 12, tzinfo=UTC)
EVENT = "BEGIN:VEVENT\r\nUID:1\r\nDTSTART;VALUE=DATE:20260501\r\n{}END:VEVENT\r\n"


LINES = [
    "BEGIN:VEVENT", "END:VEVENT", "BEGIN:VALARM", "DTSTART;VALUE=DATE:20260501", "DTSTART:20260501T090000Z", "DTSTART",
    "DTEND;VALUE=DATE:20260503", "DTEND;VALUE=DATE:99991231", "DURATION:P3D", "DURATION:-P1D", "RRULE:FREQ=SECONDLY",
    "SUMMARY:休", "STATUS:CANCELLED", "DTSTART;VALUE=DATE:99991231", "X-REDRESS-WINDOWS:9-5", " folded", "nonsense",
    ":", "DTSTART;TZID=Nowhere:20260501T090000", "DTSTART;VALUE=PERIOD:19960403T020000Z/P1D",
    "DTSTART;VALUE=DATE:2026050１",
]  # fmt: skip


def office_hours(on):
    return OFFICE


def refusals(read) -> list[tuple[int, str]]:
    """Return the line and the code of each error; one of the whole file is that of its first line."""
    return [
        (error.params["line"], error.params["why"].code) if error.code == "line_refused" else (1, error.code)
        for error in read.errors
    ]


def ical(*events: str) -> bytes:
    return ("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n" + "".join(events) + "END:VCALENDAR\r\n").encode()


def from_ical(*events: str):
    return read_ical(ical(*events), makeup=office_hours)


names = st.text(st.characters(exclude_categories=["C", "Z"]), max_size=60).filter(lambda name: not name.startswith("'"))
years_of_days = st.lists(
    st.builds(
        Day,
        st.dates(date(2026, 1, 1), date(2026, 12, 31)),
        day_windows(1),
        names,
        names,
    ),
    unique_by=lambda day: day.on,
    max_size=8,
).map(lambda found: sorted(found, key=lambda day: day.on))


@examples(60)
@given(years_of_days)
def test_a_table_is_read_as_it_was_written(year):
    assert read_csv(write_csv(year)) == days.Read(tuple(year))


@examples(40)
@given(years_of_days)
def test_a_calendar_file_is_read_as_it_was_written(year):
    assert read_ical(write_ical(year, code="CN-STD", at=NOON), makeup=office_hours) == days.Read(tuple(year))


@examples(150)
@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_nothing_that_a_file_may_hold_is_more_than_an_error(content):
    for read in (
        read_csv(content),
        read_ical(content, makeup=office_hours),
        read_ical(ical(EVENT) + content, makeup=office_hours),
    ):
        assert all(error.code in SENTENCES for error in read.errors)
        assert all(say(error, "UTC") for error in read.errors)


@examples(100)
@given(st.lists(st.sampled_from(LINES), max_size=9))
def test_no_event_is_more_than_an_error(lines):
    read = from_ical("BEGIN:VEVENT\r\n", *(line + "\r\n" for line in lines))

    assert all(error.code in SENTENCES for error in read.errors)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("2026-05-01", Day(LABOUR_DAY)),
        ("2026-05-01,,Labour Day", Day(LABOUR_DAY, (), "Labour Day")),
        ("2026/5/1,off,", Day(LABOUR_DAY)),
        ("２０２６－０５－０１，休，劳动节", Day(LABOUR_DAY, (), "劳动节")),
        ("2026年5月1日,休息,劳动节", Day(LABOUR_DAY, (), "劳动节")),
        ("2026-05-09,09:00-12:00 13:00-18:00,", Day(SATURDAY, OFFICE)),
        ("2026-05-09,９：００－１２：００、１３：００～１８：００,补班", Day(SATURDAY, OFFICE, "补班")),
        ("2026-05-09,9:00 – 12:00; 13:00 to 18:00,", Day(SATURDAY, OFFICE)),
        ("2026-05-09,22:00-24:00,", Day(SATURDAY, ((1320, 1440),))),
        ('2026-05-01,,"Labour Day, ""May Day"""', Day(LABOUR_DAY, (), 'Labour Day, "May Day"')),
    ],
)
def test_a_row_is_read_as_people_write_it(row, expected):
    assert read_csv(row.encode()) == days.Read((expected,))


@pytest.mark.parametrize(
    "header", ["date,windows,name", "日期,时段,名称", " Date , Windows ,Name", "date;windows;name"]
)
def test_a_header_may_be_in_either_language_and_stand_in_any_order(header):
    mark = ";" if ";" in header else ","
    rows = f"{header}\r\n2026-05-01{mark}{mark}May Day\r\n"

    assert read_csv(rows.encode()).days == (Day(LABOUR_DAY, (), "May Day"),)
    assert read_csv(b"name,date\nMay Day,2026-05-01\n").days == (Day(LABOUR_DAY, (), "May Day"),)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_marks_and_line_ends_do_not_matter(encoding, end):
    content = end.join(["日期,时段,名称", "", "2026-05-01,,劳动节", ""]).encode(encoding)

    assert read_csv(content) == days.Read((Day(LABOUR_DAY, (), "劳动节"),))


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("2026-02-30", [(1, "date_malformed")]),
        ("1/5/2026", [(1, "columns_unknown")]),
        ("date\n1/5/2026\n2026-05-01\n5月1日", [(2, "date_malformed"), (4, "date_malformed")]),
        ("2026-05-01,9-12", [(1, "time_malformed")]),
        ("2026-05-01,morning", [(1, "window_malformed")]),
        ("2026-05-01,18:00-09:00", [(1, "window_backwards")]),
        ("2026-05-01,09:00-12:00 11:00-13:00", [(1, "windows_overlap")]),
        ("2026-05-01\n\n2026-05-01,09:00-12:00", [(3, "day_twice")]),
        ('2026-05-01,,"two\nlines"\n2026-13-01', [(3, "date_malformed")]),
        ('2026-05-01,,"open\n2026-05-02', [(1, "row_malformed")]),
    ],
)
def test_what_cannot_be_read_is_named_by_its_line(rows, expected):
    read = read_csv(rows.encode())

    assert refusals(read) == expected


def test_a_bad_row_does_not_stop_the_others():
    read = read_csv(b"2026-05-01\nsoon\n2026-05-09,09:00-12:00")

    assert [day.on for day in read.days] == [LABOUR_DAY, SATURDAY]
    assert say(read.errors[0], "UTC") == "Line 2: “soon” is not a date. Write it as 2026-05-12."


def test_a_day_given_twice_alike_is_one_day():
    assert read_csv(b"2026-05-01\n2026-05-01,off,May Day").days == (Day(LABOUR_DAY),)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("2026-05-01,,a\n2026-05-02,,劳动节".encode("gb18030"), Line("file_not_utf8", {"line": 2})),
        ("2026-05-01,,Fête".encode("latin-1"), Line("file_not_utf8", {"line": 1})),
        (b"\xff\xfe\x00", Line("file_not_utf8", {"line": 1})),
        (b"2026-05-01\n\x00\x00", Line("file_not_utf8", {"line": 2})),
        (b"", Line("file_empty")),
        ("\ufeff \r\n".encode(), Line("file_empty")),
        (b"x" * 1_000_001, Line("file_too_large", {"most": 1})),
    ],
)
@pytest.mark.parametrize("read", [read_csv, lambda content: read_ical(content, makeup=office_hours)])
def test_a_file_that_is_no_text_is_refused_whole(read, content, expected):
    assert read(content) == days.Read((), (expected,))


def test_a_file_full_of_errors_is_not_read_to_its_end():
    read = read_csv(b"date\n" + b"soon\n" * 1000)

    assert len(read.errors) == days.MOST_ERRORS + 1
    assert read.errors[-1] == Line("errors_too_many", {"most": days.MOST_ERRORS})


def test_a_file_of_ages_is_refused():
    every_day = "\n".join(date.fromordinal(739_000 + number).isoformat() for number in range(days.MOST_DAYS + 2))

    assert read_csv(every_day.encode()).errors == (Line("days_too_many", {"most": days.MOST_DAYS}),)


def test_a_name_is_no_formula_to_a_spreadsheet():
    year = (Day(LABOUR_DAY, (), '=HYPERLINK("x")'),)

    assert b"'=HYPERLINK" in write_csv(year)
    assert read_csv(write_csv(year)).days == year


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("SUMMARY:劳动节\r\n", [Day(LABOUR_DAY, (), "劳动节")]),
        ("DTEND;VALUE=DATE:20260503\r\n", [Day(LABOUR_DAY), Day(date(2026, 5, 2))]),
        ("DURATION:P2D\r\n", [Day(LABOUR_DAY), Day(date(2026, 5, 2))]),
        ("SUMMARY:劳动节（班）\r\n", [Day(LABOUR_DAY, OFFICE, "劳动节（班）")]),
        ("SUMMARY:劳动节 补班 第1天/共1天\r\n", [Day(LABOUR_DAY, OFFICE, "劳动节 补班 第1天/共1天")]),
        ("SUMMARY:Make-up workday\r\n", [Day(LABOUR_DAY, OFFICE, "Make-up workday")]),
        ("SUMMARY:今日不上班\r\n", [Day(LABOUR_DAY, (), "今日不上班")]),
        ("X-APPLE-SPECIAL-DAY:ALTERNATE-WORKDAY\r\n", [Day(LABOUR_DAY, OFFICE)]),
        ("X-APPLE-SPECIAL-DAY:WORK-HOLIDAY\r\nSUMMARY:休\r\n", [Day(LABOUR_DAY, (), "休")]),
        ("X-REDRESS-WINDOWS:09:00-12:00\r\n", [Day(LABOUR_DAY, ((540, 720),))]),
        ("SUMMARY:Labour\r\n  Day\\, May\r\n \u2028\r\n", [Day(LABOUR_DAY, (), "Labour Day, May")]),
        ("DESCRIPTION:a\r\n BEGIN:VEVENT\r\n", [Day(LABOUR_DAY)]),
        ("STATUS:CANCELLED\r\n", []),
    ],
)
def test_an_event_is_read_as_feeds_write_it(said, expected):
    assert from_ical(EVENT.format(said)) == days.Read(tuple(expected))


def test_bare_line_feeds_and_a_mark_at_the_start_do_not_matter():
    content = b"\xef\xbb\xbf" + ical(EVENT.format("SUMMARY:May\r\n Day\r\n")).replace(b"\r\n", b"\n")

    assert read_ical(content, makeup=office_hours).days == (Day(LABOUR_DAY, (), "MayDay"),)


@pytest.mark.parametrize(
    ("event", "code"),
    [
        (EVENT.format("RRULE:FREQ=YEARLY\r\n"), "ical_repeats"),
        (EVENT.format("RRULE:FREQ=SECONDLY\r\n"), "ical_repeats"),
        (EVENT.format("DTEND;VALUE=DATE:20260501\r\n"), "ical_backwards"),
        (EVENT.format("DTEND;VALUE=DATE:20300501\r\n"), "ical_backwards"),
        (EVENT.replace("20260501", "99991231").format("DURATION:P3D\r\n"), "ical_backwards"),
        (EVENT.format("DTEND:20260501T170000Z\r\n"), "ical_timed"),
        (EVENT.format("DTSTART;VALUE=DATE:20260502\r\n"), "ical_event_malformed"),
        (EVENT.format("nonsense\r\n"), "ical_event_malformed"),
        (EVENT.format("X-REDRESS-WINDOWS:18:00-09:00\r\n"), "window_backwards"),
        ("BEGIN:VEVENT\r\nUID:1\r\nEND:VEVENT\r\n", "ical_without_date"),
        ("BEGIN:VEVENT\r\nDTSTART:20260501T090000Z\r\nEND:VEVENT\r\n", "ical_timed"),
        ("BEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20260230\r\nEND:VEVENT\r\n", "ical_event_malformed"),
        ("BEGIN:VEVENT\r\nDTSTART;VALUE=DATE:２０２６０５０１\r\nEND:VEVENT\r\n", "ical_event_malformed"),
        ("BEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20260501\r\n", "ical_event_without_end"),
    ],
)
def test_an_event_that_cannot_be_read_is_named_by_its_line(event, code):
    good = EVENT.replace("0501", "0701").format("")

    read = from_ical(good, event)

    assert refusals(read) == [(8, code)]
    assert [day.on for day in read.days] == [date(2026, 7, 1)]


def test_a_file_that_is_no_calendar_is_refused():
    assert read_ical(b"<html>", makeup=office_hours).errors == (Line("ical_malformed"),)


def test_windows_beyond_measure_are_refused():
    with pytest.raises(BadInput) as refused:
        read_windows(" ".join(["09:00-10:00"] * 49))

    assert refused.value.code == "windows_too_many"


def test_a_year_takes_the_place_of_what_a_calendar_had_for_it():
    off, exceptions = ["2025-05-01", "2026-01-01"], {"2026-01-04": [["09:00", "12:00"]], "2027-01-02": []}

    new_off, new = with_days(off, exceptions, 2026, [Day(LABOUR_DAY), Day(SATURDAY, OFFICE), Day(date(2031, 1, 1))])

    assert new_off == ["2025-05-01", "2026-05-01"]
    assert new == {"2026-05-09": [["09:00", "12:00"], ["13:00", "18:00"]], "2027-01-02": []}
    assert days_of(new_off, new, 2026) == (Day(LABOUR_DAY), Day(SATURDAY, OFFICE))
    assert days_of(new_off, new, 2027) == (Day(date(2027, 1, 2)),)


def test_names_are_kept_with_the_days_of_their_year():
    names = {"2025-05-01": "May Day", "2026-01-01": "New Year"}
    year = [Day(LABOUR_DAY, (), "Labour Day", "劳动节"), Day(SATURDAY, OFFICE, "Make-up"), Day(date(2026, 6, 1))]

    kept = with_names(names, 2026, year)

    assert kept == {"2025-05-01": "May Day", "2026-05-01": ["Labour Day", "劳动节"], "2026-05-09": "Make-up"}
    assert days_of(*with_days([], {}, 2026, year), 2026, kept) == tuple(year)


def test_a_table_has_a_column_for_chinese_names_only_if_there_is_one():
    assert write_csv([Day(LABOUR_DAY, (), "Labour Day")]).decode("utf-8-sig").splitlines()[0] == "date,windows,name"
    assert read_csv("日期,名称,中文名称\n2026-05-01,Labour Day,劳动节\n".encode()).days == (
        Day(LABOUR_DAY, (), "Labour Day", "劳动节"),
    )


def test_a_name_beyond_measure_is_named_by_its_line():
    assert refusals(read_csv(b"date,name\n2026-05-01," + b"x" * 121)) == [(2, "name_too_long")]
