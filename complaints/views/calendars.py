"""`/settings/calendars/`: the work calendars, each year at a glance, and their days as files."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.doors import PersonRequest, requires
from accounts.models import User
from audit.models import Event
from complaints import calendar_year
from complaints.calendars import newest, stream_of
from complaints.clock_story_words import name_of
from complaints.clock_words import WEEKDAYS
from complaints.days import company_date
from worktime import csv_days, ical_days
from worktime.days import Day, days_of
from worktime.explain import warnings_for
from worktime.models import CalendarVersion, WorkCalendar
from worktime.words import say

YEARS = range(1970, 2201)


@requires("case.see")
@require_safe
def calendars(request: HttpRequest) -> HttpResponse:
    """List the calendars with what is known of this year and the next."""
    this_year = company_date(timezone.now()).year
    rows = [_row(version, this_year) for version in newest()]
    return render(request, "complaints/calendars.html", {"rows": rows})


@requires("case.see")
@require_safe
def year(request: PersonRequest, code: str, year: int) -> HttpResponse:
    """Show a year: twelve months, each day by shape, letter and colour."""
    version = find(code, year)
    months = calendar_year.months_of(version.as_calendar(), year)
    shown = {
        **frame(version, year),
        "months": months,
        "weekdays": WEEKDAYS,
        "workdays": sum(month.workdays for month in months),
        "legend": [(kind, calendar_year.LETTERS[kind], words) for kind, words in calendar_year.WORDS.items()],
        "versions": _versions(version.calendar),
        "may_manage": request.user.may("calendars.manage"),
    }
    return render(request, "complaints/calendar_year.html", shown)


@requires("case.see")
@require_safe
def export_year(request: HttpRequest, code: str, year: str, form: str) -> HttpResponse:
    """Return the days of a year that differ from its weeks, as a table or as a calendar file."""
    days = own_days(find(code, int(year)), int(year))
    if form == "csv":
        content, kind = csv_days.write_csv(days), "text/csv; charset=utf-8"
    else:
        content, kind = ical_days.write_ical(days, code=code, at=timezone.now()), "text/calendar; charset=utf-8"
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{code}-{year}.{form}"'
    return answer


def find(code: str, year: int) -> CalendarVersion:
    """Return the newest version of a calendar. Raises Http404 for an unknown one, or a year out of reach."""
    try:
        version = WorkCalendar.objects.current(code)
    except CalendarVersion.DoesNotExist as none:
        raise Http404 from none
    if year not in YEARS:
        raise Http404
    return version


def own_days(version: CalendarVersion, year: int) -> tuple[Day, ...]:
    """Return the days of a year that differ from its weeks."""
    return days_of(version.off, version.exceptions, year)


def frame(version: CalendarVersion, year: int) -> dict[str, Any]:
    """Return what every page of a year shows around its content."""
    return {
        "version": version,
        "named": version.calendar,
        "name": name_of(version.calendar),
        "year": year,
        "previous": year - 1 if year - 1 in YEARS else None,
        "following": year + 1 if year + 1 in YEARS else None,
        "warnings": [say(line, version.calendar.zone) for line in warnings_for(version, year)],
    }


def _versions(calendar: WorkCalendar) -> list[dict[str, Any]]:
    """Return the versions, the newest first, with who published each; the first came with the program."""
    events = Event.objects.of("calendar", stream_of(calendar)).filter(kind="calendar.published")
    by = {event.facts["version"]: event.by_id for event in events}
    names = dict(User.objects.filter(pk__in=set(by.values())).values_list("pk", "name")) if by else {}
    rows = calendar.versions.order_by("-version")
    return [{"row": one, "by": names.get(by.get(one.version) or 0, "")} for one in rows]


def _row(version: CalendarVersion, this_year: int) -> dict[str, Any]:
    shown = sorted({this_year, this_year + 1} | {int(year) for year in version.years})
    years = [{"year": year, "warned": bool(warnings_for(version, year))} for year in shown]
    soon = [line for year in (this_year, this_year + 1) for line in warnings_for(version, year)]
    warnings = [say(line, version.calendar.zone) for line in soon]
    named = version.calendar
    words = {"version": version, "named": named, "name": name_of(named), "this_year": this_year}
    return {**words, "years": years, "warnings": warnings}
