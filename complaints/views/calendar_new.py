"""`/settings/calendars/new/`: a calendar that is not there yet; `…/<code>/about/`: what one is called and for."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.doors import PersonRequest, requires
from complaints import calendars as verbs
from complaints.days import company_date
from complaints.forms.calendar_hours import DescribeForm, NewCalendarForm, zones
from complaints.lifecycle import Refused
from complaints.views.calendars import find, frame
from complaints.words import say as say_reason
from worktime.calendars import BadInput
from worktime.words import say


@requires("calendars.manage")
def new(request: PersonRequest) -> HttpResponse:
    """Ask what the calendar is; add it."""
    now = timezone.now()
    this_year = company_date(now).year
    if request.method != "POST":
        return _ask(request, NewCalendarForm(this_year))
    form = NewCalendarForm(this_year, request.POST)
    if not form.is_valid():
        return _ask(request, form, status=422)
    said = form.cleaned_data
    about = {name: said[name] for name in ("name", "zone", "country", "description")}
    source = f"holidays: {said['country']} {said['subdivision'].upper()}".strip() if form.years else ""
    try:
        version = verbs.add(
            said["code"], **about, week=form.week, years=form.years, source=source, by=request.user, at=now
        )
    except Refused as refusal:
        return _ask(request, form, reasons=tuple(say_reason(why) for why in refusal.reasons), status=409)
    except BadInput as why:
        return _ask(request, form, reasons=(say(why, "UTC"),), status=422)
    messages.success(request, _("The calendar {code} is there.").format(code=version.code))
    return redirect("calendar-year", code=version.code, year=this_year)


def _ask(
    request: PersonRequest, form: NewCalendarForm, *, reasons: tuple[str, ...] = (), status: int = 200
) -> HttpResponse:
    shown = {"form": form, "reasons": reasons, "zones": zones(), "company": settings.COMPANY_CALENDAR}
    return render(request, "complaints/calendar_new.html", shown, status=status)


@requires("calendars.manage")
def about(request: PersonRequest, code: str) -> HttpResponse:
    """Ask what the calendar is called; keep it."""
    now = timezone.now()
    version = find(code, now.year)
    named = version.calendar
    known = {name: getattr(named, name) for name in ("name", "country", "description")}
    form = DescribeForm(request.POST if request.method == "POST" else None, initial=known)
    reasons: tuple[str, ...] = ()
    status = 200 if request.method != "POST" else 422
    if form.is_valid():
        try:
            verbs.describe(named, **form.cleaned_data, by=request.user, at=now)
        except Refused as refusal:
            reasons, status = tuple(say_reason(why) for why in refusal.reasons), 409
        else:
            messages.success(request, _("Kept."))
            return redirect("calendar-year", code=code, year=company_date(now).year)
    shown = {**frame(version, company_date(now).year), "form": form, "reasons": reasons}
    return render(request, "complaints/calendar_about.html", shown, status=status)
