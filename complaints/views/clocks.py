"""`/cases/<ref>/clocks/<id>/`: one clock, every second of it accounted for."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from accounts.doors import staff_only
from accounts.models import User
from complaints import clock_drawing, clock_story, clock_words
from complaints import clock_story_words as words
from complaints.models import Complaint, SlaClock
from complaints.models.states import Basis
from complaints.views import frame
from worktime.models import CalendarVersion, WorkCalendar

DAYS = 62  # of a page


@staff_only
@require_GET
def clock(request: HttpRequest, ref: str, pk: int) -> HttpResponse:
    """Say why the clock is due when it is, and where its time went."""
    reader = frame.reader_of(request)
    complaint = frame.find(request, ref)
    found = find(complaint, pk)
    if found is None:
        raise Http404
    events = clock_story.events_of(found)
    story = clock_story.tell(found, events, now=reader.now)
    names = _names(words.people(story) | words.takers(events))
    zone = words.zone_of(found, reader.zone)
    days = Paginator(story.days(zone), DAYS).get_page(request.GET.get("page"))
    shown = {
        **frame.head(request, complaint, "", reader),
        "shown": clock_words.shown(found, reader.now, zone=reader.zone),
        "clock": found,
        "why": clock_words.why(found, reader.now, zone=reader.zone),
        "warnings": clock_words.warnings(found, dated_by=_company(found)),
        "facts": words.head(story, zone, targets_url=reverse("policies") if reader.user.may("case.see") else ""),
        "drawing": clock_drawing.draw(story, zone),
        "legend": words.legend(),
        "marks": words.mark_rows(story, reader.zone),
        "pauses": words.pause_rows(story, reader.zone),
        "aims": words.aim_rows(story, names, reader.zone),
        "steps": words.step_rows(events, names, reader.zone),
        "days": [words.day_row(day, story, zone) for day in days],
        "page": days,
        "zone": zone,
    }
    return render(request, "complaints/clock.html", shown)


def find(complaint: Complaint, pk: int) -> SlaClock | None:
    """Return a clock of the case with what its story reads, or None."""
    rows = SlaClock.objects.filter(complaint=complaint).select_related("calendar_version__calendar", "complaint")
    return rows.prefetch_related("pauses__by").filter(pk=pk).first()


def _company(clock: SlaClock) -> CalendarVersion | None:
    """Return the company's calendar, by which clocks by date are dated; those of working time name theirs."""
    return WorkCalendar.objects.company() if clock.basis == Basis.DATE else None


def _names(ids: set[int]) -> dict[int, str]:
    return dict(User.objects.filter(pk__in=ids).values_list("pk", "name")) if ids else {}
