"""Sentences for the codes of this package, in the reader's language and zone."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import formats, translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from worktime.calendars import BadInput, DayName
from worktime.explain import Line, NamedDays
from worktime.timeline import Kind

CALENDARS = {"CN-STD": _("Chinese working days")}  # those that come with the program, by code
NAMES = {"China, State Council days": _("Chinese working days")}  # and by the name they have until they are renamed
MOST_NAMED = 6  # of the rest days that a sentence lists
SENTENCES = {
    "due.clock": _("%(target)s from %(start)s: due %(due)s."),
    "due.clock.fixed": _("%(target)s from %(start)s, not pausable: due %(due)s."),
    "due.clock.waited": _("%(target)s from %(start)s, moved by %(waited)s of pauses: due %(due)s."),
    "due.clock.paused": _(
        "%(target)s from %(start)s, paused since %(since)s with %(left)s left: due %(due)s if resumed now."
    ),
    "due.clock.waiting": _(
        "%(target)s from %(start)s, paused since %(since)s with %(left)s left: no due instant until it resumes."
    ),
    "due.business": _("%(target)s of working time (%(calendar)s) from %(start)s: due %(due)s."),
    "due.business.fixed": _("%(target)s of working time (%(calendar)s) from %(start)s, not pausable: due %(due)s."),
    "due.business.waited": _(
        "%(target)s of working time (%(calendar)s) from %(start)s, moved by %(waited)s of pauses in working time: "
        "due %(due)s."
    ),
    "due.business.paused": _(
        "%(target)s of working time (%(calendar)s) from %(start)s, paused since %(since)s with %(left)s left: "
        "due %(due)s if resumed now."
    ),
    "due.business.waiting": _(
        "%(target)s of working time (%(calendar)s) from %(start)s, paused since %(since)s with %(left)s left: "
        "no due instant until it resumes."
    ),
    "period.counted": _("%(period)s from %(start)s, that day not counted: %(last)s."),
    "period.workdays": _("%(period)s (%(calendar)s) after %(start)s: %(last)s."),
    "period.month_end": _("That month has no day %(day)s, so the period ends with its last, %(last)s."),
    "period.rolled": _("%(counted)s is a rest day (%(calendar)s), so the last day is the next working day, %(last)s."),
    "period.not_rolled": _("%(counted)s is a rest day (%(calendar)s); the clause leaves the last day there."),
    "period.makeup": _("%(counted)s is a make-up workday (%(calendar)s), so it stays."),
    "year.without_data": _(
        "The calendar %(calendar)s has no public holidays for %(year)s. Load them; until then its weekdays count as "
        "working days."
    ),
    "year.statutory_only": _(
        "The calendar %(calendar)s has only the statutory holidays of %(year)s. Load the make-up workdays when they "
        "are published."
    ),
    "year.estimated": _(
        "Some holidays of %(year)s in the calendar %(calendar)s are estimates, since they follow the moon. "
        "Correct them when they are proclaimed."
    ),
    "calendar_malformed": _("The calendar's part “%(part)s” cannot be read. Write it as the examples show."),
    "calendar_missing": _("Working days need a calendar. Choose one."),
    "calendar_without_windows": _("The calendar has no working time. Add at least one window."),
    "columns_unknown": _("The first line names no date column. Name the columns date, windows and name."),
    "country_unknown": _("There are no holidays for the country “%(country)s”. Use two letters, such as CN."),
    "date_malformed": _("“%(date)s” is not a date. Write it as 2026-05-12."),
    "day_twice": _("%(date)s is given other times in line %(first)s. Keep one of the two."),
    "days_too_many": _("The file has more than %(most)s days. Import one year at a time."),
    "errors_too_many": _("More than %(most)s lines cannot be read. Correct these first."),
    "file_empty": _("The file is empty. Choose another."),
    "file_not_utf8": _("From line %(line)s on the file is not UTF-8 text. Save it again as UTF-8."),
    "file_too_large": _("The file is larger than %(most)s MB. Import one year at a time."),
    "ical_backwards": _(
        "The event from %(start)s ends before it begins, or lasts longer than a year. Correct its end."
    ),
    "ical_event_malformed": _("The event cannot be read. Export it again, or write it as a row of a table."),
    "ical_event_without_end": _("The event has no END:VEVENT. The file is cut short; export it again."),
    "ical_malformed": _("The file is no calendar: BEGIN:VCALENDAR is missing. Choose an .ics file."),
    "ical_repeats": _("The event repeats. Write each of its dates as an event of its own."),
    "ical_timed": _("The event begins or ends at a time of day. Make it a whole-day event."),
    "ical_without_date": _("The event has no date. Add DTSTART;VALUE=DATE."),
    "instant_out_of_range": _("The moment lies outside the years that can be reckoned with."),
    "instant_without_zone": _("The moment %(at)s has no time zone. Add its offset, such as +08:00."),
    "line_refused": _("Line %(line)s: %(why)s"),
    "name_malformed": _("The name “%(name)s” cannot be read. Write a short text, or one and its Chinese."),
    "name_too_long": _("The name is longer than %(most)s characters. Shorten it."),
    "no_working_time": _("The calendar %(calendar)s has not enough working time in the next %(years)s years."),
    "pause_backwards": _("The pause ends at %(end)s, before it starts at %(start)s. Correct one of them."),
    "period_not_positive": _("The period “%(n)s” is not a whole number above 0."),
    "period_too_long": _("The period is too long to be reckoned."),
    "rest.named": _("Not counted on the way: %(days)s."),
    "row_malformed": _("A quotation mark is not closed, or something follows it. Close it, or leave all of them out."),
    "share_not_positive": _("The warning at “%(share)s” percent must be a whole number above 0."),
    "span_too_long": _("The span is longer than %(years)s years."),
    "subdivision_unknown": _("There is no part “%(subdivision)s” of %(country)s. Use its ISO 3166-2 code."),
    "target_not_positive": _("The target “%(target)s” is not a whole number of minutes above 0."),
    "target_too_long": _("The target is longer than %(years)s years."),
    "time_malformed": _("“%(time)s” is not a time of day. Write it as 09:00; 24:00 is the end of the day."),
    "unit_unknown": _("The unit “%(unit)s” is not known. Use day, week, month, year or workday."),
    "weekday_unknown": _("The weekday “%(weekday)s” is not known. Use 0 (Monday) to 6 (Sunday)."),
    "window_backwards": _("The window from %(start)s ends at %(end)s. End it later, or split a night shift at 24:00."),
    "window_malformed": _("The window “%(window)s” cannot be read. Write it as two times, such as 09:00 and 12:00."),
    "windows_overlap": _("The window from %(start)s to %(end)s overlaps the one from %(other)s. Join or shorten them."),
    "windows_too_many": _("The day has %(count)s windows; %(most)s are the most. Join them."),
    "zone_unknown": _("The time zone “%(zone)s” is not known. Use an IANA name, such as Asia/Shanghai."),
}
WITHOUT_NAME = {  # of sentences about a calendar that was written into the question
    "no_working_time": _("The calendar given has not enough working time in the next %(years)s years."),
}
PERIODS = {
    "day": ngettext_lazy("%(n)s day", "%(n)s days", "n"),
    "week": ngettext_lazy("%(n)s week", "%(n)s weeks", "n"),
    "month": ngettext_lazy("%(n)s month", "%(n)s months", "n"),
    "year": ngettext_lazy("%(n)s year", "%(n)s years", "n"),
    "workday": ngettext_lazy("%(n)s working day", "%(n)s working days", "n"),
}
KINDS = {  # of a time line's segments
    Kind.WORK: _("working time"),
    Kind.PAUSED: _("paused"),
    Kind.HOLIDAY: _("rest day"),
    Kind.OFF: _("outside working time"),
}
HOURS_MINUTES = _("%(hours)s h %(minutes)s min")
HOURS = _("%(hours)s h")
MINUTES = _("%(minutes)s min")
TO = _("%(first)s to %(last)s")
CALLED = _("%(days)s (%(name)s)")
AND_MORE = _("%(days)s and %(n)s more")
BETWEEN = pgettext_lazy("between dates in a list", ", ")
DATE_FORMATS = {"en": "D j M Y", "zh-hans": "Y-m-d D"}
INSTANT_FORMATS = {"en": "D j M Y H:i", "zh-hans": "Y-m-d D H:i"}


def say(line: Line | BadInput, zone: str | ZoneInfo) -> str:
    """
    Return the sentence of a line, or of a refused input, in the active language.

    Instants are shown in `zone` (IANA name or ZoneInfo) with their offset, never bare (DOMAIN §3.1 (16)).
    """
    return say_with(SENTENCES, line, zone)


def say_with(sentences: Mapping[str, Any], line: Line | BadInput, zone: str | ZoneInfo) -> str:
    """Return the sentence of a line whose words stand in `sentences`, shown as `say` does."""
    zone = ZoneInfo(zone) if isinstance(zone, str) else zone
    if line.params.get("calendar") == "":
        sentences = {**sentences, **WITHOUT_NAME}
    shown = {name: _shown(name, value, zone) for name, value in line.params.items()}
    return str(sentences[line.code]) % {_word(name): value for name, value in shown.items()}


def say_instant(instant: datetime, zone: ZoneInfo) -> str:
    """Return an instant as “Tue 12 May 2026 10:15 GMT+8”, in the active language's order."""
    local = instant.astimezone(zone)
    language = translation.get_language() or "en"
    form = INSTANT_FORMATS.get(language, INSTANT_FORMATS["en"])
    return f"{formats.date_format(local, form)} {_offset(local)}"


def say_name(name: DayName) -> str:
    """Return what a day is called, in the active language where both are known."""
    chinese = (translation.get_language() or "").startswith("zh")
    return (name.name_zh or name.name) if chinese else (name.name or name.name_zh)


def say_days(days: NamedDays) -> str:
    """Return named days as “Thu 1 Oct 2026 to Wed 7 Oct 2026 (National Day)”."""
    said = _say_date(days.first)
    if days.last != days.first:
        said = str(TO) % {"first": said, "last": _say_date(days.last)}
    return str(CALLED) % {"days": said, "name": say_name(days.name)}


def say_span(seconds: int) -> str:
    """Return a span as hours and minutes; a begun minute counts, so that nothing left reads as none only when it is."""
    hours, minutes = divmod(-(-seconds // 60), 60)
    form = HOURS_MINUTES if hours and minutes else HOURS if hours else MINUTES
    return str(form) % {"hours": hours, "minutes": minutes}


def _say_date(on: date) -> str:
    return formats.date_format(on, DATE_FORMATS.get(translation.get_language() or "en", DATE_FORMATS["en"]))


def _say_all(runs: tuple[NamedDays, ...]) -> str:
    said = str(BETWEEN).join(say_days(run) for run in runs[:MOST_NAMED])
    more = len(runs) - MOST_NAMED
    return str(AND_MORE) % {"days": said, "n": more} if more > 0 else said


def _word(name: str) -> str:
    """Return a parameter's name in the sentence: without its unit."""
    return name.removesuffix("_minutes").removesuffix("_seconds")


def _shown(name: str, value: Any, zone: ZoneInfo) -> str:
    if name == "calendar" and isinstance(value, str):
        return str(CALENDARS.get(value, value)) or str(_("the calendar given"))
    if name == "days" and isinstance(value, tuple):
        return _say_all(value)
    if name == "period":
        number, unit = value
        return str(PERIODS[unit] % {"n": number})
    if isinstance(value, NamedDays):
        return say_days(value)
    if isinstance(value, Line):
        return say(value, zone)
    if isinstance(value, datetime):
        return say_instant(value, zone)
    if isinstance(value, date):
        return value.isoformat()
    if name.endswith("_seconds"):
        return say_span(value)
    if name.endswith("_minutes"):
        return say_span(value * 60)
    return "" if value is None else str(value)


def _offset(local: datetime) -> str:
    """Return the offset of a local time as GMT+8 or GMT-3:30."""
    text = local.strftime("%z")
    hours, minutes = str(int(text[1:3])), text[3:5]
    return "GMT" if not int(text[1:5]) else f"GMT{text[0]}{hours}" + ("" if minutes == "00" else f":{minutes}")
