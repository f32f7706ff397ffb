"""`/settings/calendars/`: the work calendars, each year at a glance, and their days as files."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from accounts.doors import PersonRequest, requires
from accounts.models import User
from audit.models import Event
from complaints import calendar_year
from complaints.calendars import newest, open_clocks, stream_of
from complaints.clock_story_words import name_of
from complaints.clock_words import WEEKDAYS
from complaints.days import company_date
from worktime import csv_days, ical_days
from worktime.days import Day, days_of, write_windows
from worktime.explain import warnings_for
from worktime.models import CalendarVersion, WorkCalendar
from worktime.weeks import Run, minutes_of, runs, week_texts, weeks_of
from worktime.words import say, say_instant, say_span

YEARS = range(1970, 2201)
ONE_DAY = timedelta(days=1)


@requires("case.see")
@require_safe
def calendars(request: PersonRequest) -> HttpResponse:
    """List the calendars with what is known of this year and the next."""
    this_year = company_date(timezone.now()).year
    counts = open_clocks()
    rows = [_row(version, this_year, counts) for version in newest()]
    may_manage = request.user.may("calendars.manage")
    return render(request, "complaints/calendars.html", {"rows": rows, "may_manage": may_manage})


@requires("case.see")
@require_safe
def year(request: PersonRequest, code: str, year: int) -> HttpResponse:
    """Show a year: twelve months, each day by shape, letter and colour."""
    version, now = find(code, year), timezone.now()
    calendar = version.as_calendar()
    months = calendar_year.months_of(calendar, year)
    shown = {
        **frame(version, year),
        "warnings": _warnings(version, {year, *_soon(now)}),
        "months": months,
        "stretches": calendar_year.stretches_of(calendar, [day.on for day in own_days(version, year)]),
        "weeks": weeks_shown(version, calendar.local_date(now)),
        "used": used_for(version.calendar, open_clocks().get(version.calendar_id, 0)),
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
    if "\0" in code:  # which PostgreSQL cannot look for
        raise Http404
    try:
        version = WorkCalendar.objects.current(code)
    except CalendarVersion.DoesNotExist as none:
        raise Http404 from none
    if year not in YEARS:
        raise Http404
    return version


def own_days(version: CalendarVersion, year: int) -> tuple[Day, ...]:
    """Return the days of a year that differ from its weeks."""
    return days_of(version.off, version.exceptions, year, version.names)


def frame(version: CalendarVersion, year: int) -> dict[str, Any]:
    """Return what every page of a year shows around its content."""
    return {
        "version": version,
        "named": version.calendar,
        "name": name_of(version.calendar),
        "year": year,
        "previous": year - 1 if year - 1 in YEARS else None,
        "following": year + 1 if year + 1 in YEARS else None,
        "warnings": _warnings(version, {year}),
    }


def used_for(calendar: WorkCalendar, clocks: int) -> str:
    """Return who counts by the calendar; `clocks` is how many open ones do."""
    counted = ngettext("%(n)s open clock counts by it.", "%(n)s open clocks count by it.", clocks) % {"n": clocks}
    if calendar.code == settings.COMPANY_CALENDAR:
        said = _("The company’s calendar: new clocks, return visits and periods of contracts count by it.")
    else:
        said = _("Not the company’s: the calculators under Tools can count by it.")
    return _("{sentence} {more}").format(sentence=said, more=counted) if clocks else said


def weeks_shown(version: CalendarVersion, today: date) -> list[dict[str, Any]]:
    """Return the weekly hours that hold or are planned, each from its date on, as _calendar_weeks.html shows them."""
    weeks = weeks_of(version.as_calendar())
    ends = [since for since, _week in weeks[1:]] + [None]
    return [
        {
            "since": since,
            "until": until - ONE_DAY if until else None,
            "now": (since is None or since <= today) and (until is None or until > today),
            "planned": since is not None and since > today,
            "past": until is not None and until <= today,
            "runs": [_run_words(run) for run in runs(week)],
            "hours": say_span(minutes_of(week) * 60),
            "back": week_texts(weeks[number - 1][1]) if number else [],
        }
        for number, ((since, week), until) in enumerate(zip(weeks, ends, strict=True))
    ]


def _run_words(run: Run) -> dict[str, str]:
    first, last = WEEKDAYS[run.first], WEEKDAYS[run.last]
    days = str(first) if run.first == run.last else _("{first} to {last}").format(first=first, last=last)
    return {"days": days, "hours": write_windows(run.windows)}


def _soon(now: datetime) -> tuple[int, int]:
    """Return the running year and the next."""
    this_year = company_date(now).year
    return this_year, this_year + 1


def _warnings(version: CalendarVersion, years: set[int]) -> list[str]:
    lines = [line for year in sorted(years) for line in warnings_for(version, year)]
    return [say(line, version.calendar.zone) for line in lines]


def _versions(calendar: WorkCalendar) -> list[dict[str, Any]]:
    """Return the versions, the newest first: when each was published and by whom, what it changed, and from when on."""
    events = Event.objects.of("calendar", stream_of(calendar)).filter(kind__in=("calendar.added", "calendar.published"))
    by_version = {event.facts["version"]: event for event in events}
    people = {event.by_id for event in by_version.values()}
    names = dict(User.objects.filter(pk__in=people).values_list("pk", "name")) if people else {}
    rows = calendar.versions.order_by("-version")
    return [_version_row(row, by_version.get(row.version), names) for row in rows]


def _version_row(row: CalendarVersion, event: Event | None, names: Mapping[int, str]) -> dict[str, Any]:
    """Return one version; a first one without event came with the program."""
    zone = timezone.get_current_timezone()
    return {
        "row": row,
        "by": names.get(event.by_id or 0, "") if event else "",
        "published": say_instant(event.at, zone) if event else "",  # type: ignore[arg-type]
        "since": _applies_from(row, event),
        "what": _what_changed(event.facts) if event else _("came with the program"),
    }


def _applies_from(row: CalendarVersion, event: Event | None) -> str:
    """Return the first date whose working time the version changes; nothing if it changes none."""
    if event is None or event.kind == "calendar.added":
        return row.effective_from.isoformat()
    days = event.facts.get("days", [])
    return str(event.facts.get("since") or (days[0][0] if days else ""))


def _what_changed(facts: Mapping[str, Any]) -> str:
    if "since" in facts:
        return _("weekly hours")
    if "year" not in facts:
        return _("new calendar")
    days, year = len(facts["days"]), facts["year"]
    if days:
        return ngettext("%(n)s day of %(year)s", "%(n)s days of %(year)s", days) % {"n": days, "year": year}
    return _("names of days of {year}").format(year=year) if facts.get("names") else (
        _("what is known of {year}").format(year=year)
    )  # fmt: skip


def _row(version: CalendarVersion, this_year: int, counts: Mapping[int, int]) -> dict[str, Any]:
    named = version.calendar
    shown = sorted({this_year, this_year + 1} | {int(year) for year in version.years})
    return {
        "version": version,
        "named": named,
        "name": name_of(named),
        "this_year": this_year,
        "company": named.code == settings.COMPANY_CALENDAR,
        "used": used_for(named, counts.get(named.pk, 0)),
        "years": [{"year": year, "warned": bool(warnings_for(version, year))} for year in shown],
        "warnings": _warnings(version, {this_year, this_year + 1}),
    }
