"""`/settings/calendars/<code>/<year>/change/`: say the days of a year, see what would change, confirm."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.doors import PersonRequest, requires
from complaints import calendar_year
from complaints import calendars as verbs
from complaints.calendars import Change, Impact, Moved
from complaints.clock_words import WEEKDAYS, spell
from complaints.forms.calendars import FORMS, ConfirmForm, YearForm
from complaints.lifecycle import Refused
from complaints.models.states import Metric
from complaints.views.calendars import find, frame
from complaints.words import say as say_reason
from worktime import csv_days
from worktime.calendars import BadInput, Calendar
from worktime.models import CalendarVersion
from worktime.words import say, say_instant

MOST_SHOWN = 20


@requires("calendars.manage")
def change(request: PersonRequest, code: str, year: int) -> HttpResponse:
    """Ask for the days; show what they would change; put them into force."""
    base = find(code, year)
    if request.method != "POST":
        return _ask(request, base, year)
    if request.POST.get("what") == "confirm":
        return _publish(request, base, year)
    kind = FORMS.get(request.POST.get("what", ""))
    if kind is None:
        return _ask(request, base, year, status=422)
    form = kind(base, year, request.POST, request.FILES)
    return _preview(request, form) if form.is_valid() else _ask(request, base, year, form, status=422)


def _ask(
    request: HttpRequest, base: CalendarVersion, year: int, sent: YearForm | None = None, *,
    reasons: tuple[str, ...] = (), status: int = 200,
) -> HttpResponse:  # fmt: skip
    forms = {name: form(base, year, initial={"country": base.calendar.country}) for name, form in FORMS.items()}
    if sent is not None:
        forms[sent.name] = sent
    shown = {**frame(base, year), "forms": forms, "sent": sent, "reasons": reasons}
    return render(request, "complaints/calendar_change.html", shown, status=status)


def _preview(request: HttpRequest, form: YearForm) -> HttpResponse:
    """Show each day that would change and each open clock that would move."""
    base, year, now = form.base, form.year, timezone.now()
    version = verbs.drafted(base, year, form.days, coverage=form.coverage, source=form.origin, at=now)
    try:
        after = version.as_calendar()
    except BadInput as why:
        form.refuse(why)
        return _ask(request, base, year, form, status=422)
    before = base.as_calendar()
    changes = verbs.changes_of(before, after, year)
    if verbs.same(base, version, changes):
        form.add_error(None, _("Nothing would change: the calendar says the same already."))
        return _ask(request, base, year, form, status=422)
    shown = {
        **frame(base, year),
        "warnings": [],
        "new": version,
        "changes": [_change_row(one, before, after) for one in changes],
        "renamed": verbs.names_changed(base, version),
        "impact": impact_words(verbs.impact(base, after, now=now)),
        "left_out": form.left_out,
        "days": csv_days.write_csv(form.days).decode("utf-8-sig"),
        "coverage": form.coverage,
        "source": form.origin,
    }
    return render(request, "complaints/calendar_preview.html", shown)


def _publish(request: PersonRequest, base: CalendarVersion, year: int) -> HttpResponse:
    form, now = ConfirmForm(year, request.POST), timezone.now()
    if not form.is_valid():
        wrong = tuple(str(line) for lines in form.errors.values() for line in lines)
        return _ask(request, base, year, reasons=wrong, status=422)
    said = form.cleaned_data
    if said["version"] != base.version:
        return _ask(request, base, year, reasons=(changed(),), status=409)
    try:
        version = verbs.publish(
            base, year, said["days"], coverage=said["coverage"], source=said["source"], by=request.user, at=now
        )
    except Refused as refusal:
        return _ask(request, base, year, reasons=tuple(say_reason(why) for why in refusal.reasons), status=409)
    except BadInput as why:
        return _ask(request, base, year, reasons=(say(why, base.calendar.zone),), status=422)
    messages.success(request, _("Version {n} is in force. Open clocks follow in a moment.").format(n=version.version))
    return redirect("calendar-year", code=base.calendar.code, year=year)


def changed() -> str:
    """Return why what was shown cannot be put into force any more."""
    return _("Somebody changed this calendar meanwhile. Look at it and say the days again.")


def _change_row(change: Change, before: Calendar, after: Calendar) -> dict[str, Any]:
    cells = calendar_year.cell_of(before, change.on), calendar_year.cell_of(after, change.on)
    return {"on": change.on, "weekday": WEEKDAYS[change.on.weekday()], "before": cells[0], "after": cells[1]}


def impact_words(impact: Impact) -> dict[str, Any]:
    """Return what _calendar_clocks.html shows."""
    moved = len(impact.moved)
    sentence = ngettext(
        "%(moved)s of the open clocks that count by this calendar would move.",
        "%(moved)s of the open clocks that count by this calendar would move.",
        moved,
    ) % {"moved": moved}
    return {
        "sentence": sentence,
        "open": impact.open,
        "waiting": impact.waiting,
        "rows": [_moved_row(one) for one in impact.moved[:MOST_SHOWN]],
        "more": max(0, moved - MOST_SHOWN),
    }


def _moved_row(moved: Moved) -> dict[str, Any]:
    zone = timezone.get_current_timezone()
    seconds = int((moved.after - moved.before).total_seconds())
    by = _("{time} later") if seconds > 0 else _("{time} earlier")
    return {
        "ref": moved.ref,
        "name": Metric(moved.metric).label,
        "before": say_instant(moved.before, zone),  # type: ignore[arg-type]
        "after": say_instant(moved.after, zone),  # type: ignore[arg-type]
        "by": by.format(time=spell(seconds)),
    }
