"""`/settings/calendars/<code>/hours/`: say the weekly hours from a date on, see what would change, confirm."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from accounts.doors import PersonRequest, requires
from complaints import calendars as verbs
from complaints.forms.calendar_hours import HoursForm
from complaints.lifecycle import Refused
from complaints.views.calendar_change import changed, impact_words
from complaints.views.calendars import find, frame, weeks_shown
from complaints.words import say as say_reason
from worktime.calendars import BadInput, Calendar, Weekly
from worktime.days import write_windows
from worktime.models import CalendarVersion
from worktime.weeks import WEEK, minutes_of, week_texts
from worktime.words import say, say_span

ON_THEIR_OWN = 12  # days with their own hours that the preview lists


@requires("calendars.manage")
def hours(request: PersonRequest, code: str) -> HttpResponse:
    """Ask for the hours of the week; show what they would change; put them into force."""
    now = timezone.now()
    base = find(code, now.year)
    calendar = base.as_calendar()
    today = calendar.local_date(now)
    if request.method != "POST":
        return _ask(request, base, HoursForm(base, today, initial=_begin(calendar, today, request.GET.get("since"))))
    form = HoursForm(base, today, request.POST)
    if not form.is_valid():
        return _ask(request, base, form, status=422)
    if request.POST.get("what") == "confirm":
        return _publish(request, base, form)
    return _preview(request, base, form)


def _begin(calendar: Calendar, today: date, asked: str | None) -> dict[str, Any]:
    """Return what the form shows at first: the hours in force on the date that was asked for, or today."""
    try:
        since = max(today, date.fromisoformat(asked or ""))
    except ValueError:
        since = today
    texts = week_texts(calendar.week_of(since))
    return {"since": since, **{f"day{weekday}": texts[weekday] for weekday in WEEK}}


def _ask(
    request: HttpRequest, base: CalendarVersion, form: HoursForm, *, reasons: tuple[str, ...] = (), status: int = 200
) -> HttpResponse:
    year = form.today.year
    shown = {**frame(base, year), "form": form, "reasons": reasons, "weeks": weeks_shown(base, form.today)}
    return render(request, "complaints/calendar_hours.html", shown, status=status)


def _preview(request: HttpRequest, base: CalendarVersion, form: HoursForm) -> HttpResponse:
    """Show each weekday whose hours would change and each open clock that would move."""
    said, now = form.cleaned_data, timezone.now()
    since = said["since"]
    version = verbs.drafted_hours(base, form.week, since=since, source=said["source"], at=now)
    try:
        before, after = base.as_calendar(), version.as_calendar()
    except BadInput as why:
        return _ask(request, base, form, reasons=(say(why, base.calendar.zone),), status=422)
    if verbs.same(base, version, ()):
        form.add_error(None, _("Nothing would change: the calendar says the same already."))
        return _ask(request, base, form, status=422)
    own = [on for on in sorted(after.exceptions) if on >= since and after.exceptions[on]]
    shown = {
        **frame(base, form.today.year),
        "warnings": [],
        "new": version,
        "since": since,
        "rows": _rows(before.week_of(since), form.week),
        "until": min((on for on in after.weekly_from if on > since), default=None),
        "hours_before": say_span(minutes_of(before.week_of(since)) * 60),
        "hours_after": say_span(minutes_of(form.week) * 60),
        "own": [{"on": on, "hours": write_windows(after.exceptions[on])} for on in own[:ON_THEIR_OWN]],
        "own_more": max(0, len(own) - ON_THEIR_OWN),
        "impact": impact_words(verbs.impact(base, after, now=now)),
        "texts": week_texts(form.week),
        "source": said["source"],
    }
    return render(request, "complaints/calendar_hours_preview.html", shown)


def _rows(before: Weekly, after: Weekly) -> list[dict[str, Any]]:
    """Return the seven weekdays with their hours before and after."""
    texts = zip(week_texts(before), week_texts(after), strict=True)
    return [
        {"name": WEEKDAYS[weekday], "before": old, "after": new, "changes": old != new}
        for weekday, (old, new) in enumerate(texts)
    ]


def _publish(request: PersonRequest, base: CalendarVersion, form: HoursForm) -> HttpResponse:
    said, now = form.cleaned_data, timezone.now()
    if said["version"] != base.version:
        return _ask(request, base, form, reasons=(changed(),), status=409)
    try:
        version = verbs.publish_hours(
            base, form.week, since=said["since"], source=said["source"], by=request.user, at=now
        )
    except Refused as refusal:
        return _ask(request, base, form, reasons=tuple(say_reason(why) for why in refusal.reasons), status=409)
    except BadInput as why:
        return _ask(request, base, form, reasons=(say(why, base.calendar.zone),), status=422)
    messages.success(request, _("Version {n} is in force. Open clocks follow in a moment.").format(n=version.version))
    return redirect("calendar-year", code=base.calendar.code, year=said["since"].year)
