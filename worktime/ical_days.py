"""The days of a year as an iCalendar file of whole-day events. Pure; the format itself is the package icalendar's."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

from worktime.calendars import BadInput, Window
from worktime.days import Day, Hours, Read, Reading, read_windows, text_of, write_windows
from worktime.explain import Line

OURS = "X-REDRESS-WINDOWS"  # the windows of a day, written as in a table
NAME_ZH = "X-REDRESS-NAME-ZH"  # its name in Chinese beside that in SUMMARY, of which an event has only one
APPLES = "X-APPLE-SPECIAL-DAY"  # how Chinese feeds mark 休 and 班
REST, WORK = "WORK-HOLIDAY", "ALTERNATE-WORKDAY"
WORK_IN_NAME = re.compile(r"补班|(?<!不)(?<!不用)上班|[（(]班[）)]|\bmake-?up work", re.IGNORECASE)
LINE_END = re.compile(r"\r\n|\n|\r")
ONE_DAY = timedelta(days=1)
LONGEST_EVENT = 366  # days
NOT_ONCE = ("rrule", "rdate", "exrule")

Event = tuple[int, str]  # the number of its first line, its text


def read_ical(content: bytes, *, makeup: Hours) -> Read:
    """
    Return the days of a calendar file. An event that says to be a make-up workday has the hours `makeup` of its date,
    one of ours has its own, any other is a rest day; an event over several days counts for each of them.

    What cannot be read is named by the line at which its event begins and does not stop the rest.
    """
    reading = Reading()
    try:
        for line, text in _events(text_of(content), reading):
            _read_event(line, text, makeup, reading)
    except BadInput as why:
        reading.errors.append(Line(why.code, why.params))
    return reading.over()


def write_ical(days: Iterable[Day], *, code: str, at: datetime) -> bytes:
    """Return the days as a calendar file. code: of the calendar, part of each event's id.  at: when it is written."""
    import icalendar  # half a second: only who writes or reads such a file waits for it

    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Redress//Work calendar//")
    calendar.add("version", "2.0")
    for day in days:
        event = icalendar.Event()
        event.add("uid", f"{day.on.isoformat()}.{code}@redress")
        event.add("dtstamp", at)
        event.add("dtstart", day.on)
        event.add("dtend", day.on + ONE_DAY)
        event.add("summary", day.name)
        event.add(APPLES, WORK if day.windows else REST)
        event.add(OURS, write_windows(day.windows))
        if day.name_zh:
            event.add(NAME_ZH, day.name_zh)
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _events(text: str, reading: Reading) -> Iterator[Event]:
    """Yield the events of the file with their place in it; one without an end is an error."""
    lines = LINE_END.split(text)
    if not any(line.rstrip().upper() == "BEGIN:VCALENDAR" for line in lines):
        raise BadInput("ical_malformed")
    begun: int | None = None
    for number, line in enumerate(lines, start=1):
        mark = line.rstrip().upper()  # a continued line begins with a blank
        if mark == "BEGIN:VEVENT":
            if begun is not None:
                reading.refuse(begun, BadInput("ical_event_without_end"))
            begun = number
        elif mark == "END:VEVENT" and begun is not None:
            yield begun, "\r\n".join(lines[begun - 1 : number]) + "\r\n"
            begun = None
    if begun is not None:
        reading.refuse(begun, BadInput("ical_event_without_end"))


def _read_event(line: int, text: str, makeup: Hours, reading: Reading) -> None:
    try:
        event = _parsed(text)
        dates = [] if _said(event, "status").upper() == "CANCELLED" else _dates(event)
        hours = _hours(event, makeup)
    except BadInput as why:
        reading.refuse(line, why)
        return
    for on in dates:
        reading.take(line, Day(on, hours(on), _said(event, "summary"), _said(event, NAME_ZH)))


def _parsed(text: str) -> Any:
    import icalendar

    try:
        event = icalendar.Event.from_ical(text)
    except (ValueError, KeyError, IndexError, AttributeError, TypeError) as error:  # what it is known to raise
        raise BadInput("ical_event_malformed") from error
    if event.errors:
        raise BadInput("ical_event_malformed")
    return event


def _hours(event: Any, makeup: Hours) -> Hours:
    if event.get(OURS) is not None:
        own = read_windows(_said(event, OURS))
        return lambda on: own
    works = _said(event, APPLES).upper() == WORK or WORK_IN_NAME.search(_said(event, "summary"))
    return makeup if works else _rest


def _rest(on: date) -> tuple[Window, ...]:
    return ()


def _dates(event: Any) -> list[date]:
    """Return the dates of a whole-day event; its end is the day after the last. Raises BadInput."""
    if any(event.get(name) is not None for name in NOT_ONCE):
        raise BadInput("ical_repeats")
    start = _value(event, "dtstart")
    if start is None:
        raise BadInput("ical_without_date")
    if type(start) is not date:
        raise BadInput("ical_timed")
    length = _length(event, start)
    if not 0 < length <= LONGEST_EVENT:
        raise BadInput("ical_backwards", start=start)
    if length > (date.max - start).days:
        raise BadInput("ical_backwards", start=start)
    return [start + ONE_DAY * number for number in range(length)]


def _length(event: Any, start: date) -> int:
    end, duration = _value(event, "dtend"), _value(event, "duration")
    if end is not None and type(end) is not date:
        raise BadInput("ical_timed")
    if end is not None:
        return (end - start).days
    return duration.days if isinstance(duration, timedelta) else 1


def _value(event: Any, name: str) -> Any:
    """Return what icalendar made of a property, None if there is none. Raises BadInput if it is broken or double."""
    found = event.get(name)
    if found is None:
        return None
    try:
        return found.dt
    except (AttributeError, ValueError) as error:
        raise BadInput("ical_event_malformed") from error


def _said(event: Any, name: str) -> str:
    found = event.get(name)
    return str(found[0] if isinstance(found, list) else found).strip() if found else ""
