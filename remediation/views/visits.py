"""`/cases/<ref>/visits/`: the visits of one case and what the survey said; `/visits/`: those of all cases."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.doors import requires, staff_only
from accounts.models import User
from complaints.days import customer_date
from complaints.models import Complaint
from complaints.timeline import Reader, joined
from complaints.views import frame
from complaints.words import way
from remediation.followup import SCALES, silence_ends_on
from remediation.models import ReturnVisit, SurveyInvitation, SurveyResponse
from remediation.models.kinds import Question, Solved, VisitStatus
from remediation.views.parts import Acts, Words, badge, day, next_card, pair, when, why_ended
from remediation.visits import OPEN, company_version
from worktime.explain import warnings_for
from worktime.words import say

PAGE = 50
WEEK = timedelta(days=7)
VIEWS = ("open", "mine", "week", "late")
VISIT_TONES = {
    VisitStatus.PLANNED: ("", "st1"),
    VisitStatus.DONE: ("ok", "check"),
    VisitStatus.DONE_LATE: ("warn", "late"),
    VisitStatus.MISSED: ("danger", "over"),
    VisitStatus.CANCELLED: ("", "ban"),
}
ACTS_OF_VISIT = ("record_visit", "move_visit", "cancel_visit")


@staff_only
@require_GET
def of_case(request: HttpRequest, ref: str) -> HttpResponse:
    """The visits with their dates and tolerance, the confirmation, and what the customer answered."""
    reader = frame.reader_of(request)
    complaint = frame.find(request, ref)
    acts = Acts(complaint, reader.user, "visits", "remedy")
    rows = complaint.visits.select_related("done_by").order_by("-cycle", "number")
    surveys = complaint.surveys.select_related("response").order_by("-sent_at", "-pk")
    words = {
        **frame.head(request, complaint, "case-visits", reader),
        **next_card(acts, "visits"),
        "visits": [_visit(row, acts, reader) for row in rows],
        "warnings": _warnings(row for row in rows if row.status in OPEN),
        "confirmation": _confirmation(complaint, reader),
        "confirmation_acts": acts.heads("remind_confirmation"),
        "surveys": [_survey(row, reader) for row in surveys],
    }
    return render(request, "remediation/visits.html", words)


def _warnings(rows: Iterable[ReturnVisit]) -> list[str]:
    """Return what a reader must know about the years in which these visits and their tolerance fall."""
    years = {on.year for row in rows for on in (row.due_on, row.tolerance_until)}
    version = company_version() if years else None
    lines = [line for year in sorted(years) for line in warnings_for(version, year)] if version else []
    return [say(line, settings.TIME_ZONE) for line in lines]


def _visit(row: ReturnVisit, acts: Acts, reader: Reader) -> Words:
    is_open = row.status in OPEN and row.cycle == acts.complaint.cycle
    return {
        "row": row,
        "badge": badge(row.status, row.get_status_display(), VISIT_TONES),
        "after": ngettext("{n} day after", "{n} days after", row.after_days).format(n=row.after_days),
        "due": day(row.due_on),
        "planned": day(row.planned_on) if row.agreed_on else "",
        "until": day(row.tolerance_until) if is_open else "",
        "late": is_open and row.due_on < customer_date(acts.complaint, reader.now),
        "done": when(row.done_at, reader) if row.done_at else "",
        "facts": list(_found(row)) if row.done_at else [],
        "why_cancelled": why_ended(row.cancelled_because),
        "acts": acts.links(row, *ACTS_OF_VISIT, field="visit") if is_open else [],
    }


def _found(row: ReturnVisit) -> Iterator[Words]:
    yield pair(_("Works?"), _("Yes") if row.works else _("No"))
    yield pair(_("Same defect?"), _("Yes") if row.same_defect else _("No"))
    if row.satisfaction:
        yield pair(_("Satisfaction"), f"{row.satisfaction} / 5")
    texts = (
        (_("Other problems"), row.other_problems), (_("Promises still open"), row.open_promises),
        (_("Risk seen"), row.risk_seen), (_("Next step"), row.next_step),
    )  # fmt: skip
    yield from (pair(name, text) for name, text in texts if text)


def _confirmation(complaint: Complaint, reader: Reader) -> list[Words]:
    """Return how often the customer was asked to confirm, what came of it, and until when silence may count as yes."""
    asked = complaint.confirmation_reminders.filter(cycle=complaint.cycle).order_by("sent_at")
    rows = [pair(_("Asked to confirm"), when(row.sent_at, reader)) for row in asked]
    confirmed = complaint.confirmations.filter(cycle=complaint.cycle).first()
    if confirmed:
        name = _("by silence") if confirmed.deemed else confirmed.person
        return [*rows, pair(_("Confirmed"), joined(name, when(confirmed.at, reader)), note=way(confirmed.how))]
    until = silence_ends_on(complaint) if rows else None
    return [*rows, pair(_("Silence counts as yes"), _("after {date}").format(date=day(until)))] if until else rows


def _survey(row: SurveyInvitation, reader: Reader) -> Words:
    answer: SurveyResponse | None = getattr(row, "response", None)
    over = row.revoked_at or reader.now > row.expires_at
    state = ("ok", "check", _("Answered")) if answer else ("", "ban", _("Over")) if over else ("", "st1", _("Open"))
    reminded = _("reminded {when}").format(when=when(row.reminded_at, reader)) if row.reminded_at else ""
    sent = _("sent {when} to {mail}").format(when=when(row.sent_at, reader), mail=row.email)
    return {
        "badge": {"tone": state[0], "icon": state[1], "label": state[2]},
        "note": joined(sent, reminded),
        "facts": list(_answers(answer)) if answer else [],
        "text": answer.text if answer else "",
        "call_me": bool(answer and answer.call_me),
    }


def _answers(answer: SurveyResponse) -> Iterator[Words]:
    if answer.solved:
        yield pair(Question.SOLVED.label, Solved(answer.solved).label)
    for name, (_least, most) in SCALES.items():
        score = getattr(answer, name)
        if score is not None:
            yield pair(Question(name).label, f"{score} / {most}", num=True)


# All cases ------------------------------------------------------------------------------------------------------------


@requires("case.see")
@require_GET
def of_all(request: HttpRequest) -> HttpResponse:
    """The visits that are still to be made, the next first: all, mine, within a week, or late."""
    view = request.GET.get("view", "open")
    view = view if view in VIEWS else "open"
    today = timezone.localdate()
    user = frame.reader_of(request).user
    rows = _open_visits(user)
    page = Paginator(_narrowed(rows, view, user, today), PAGE).get_page(request.GET.get("page"))
    labels = {"open": _("Open"), "mine": _("Mine"), "week": _("Within a week"), "late": _("Late")}
    words = {
        "view": view,
        "choices": [{"key": key, "label": labels[key], "current": key == view} for key in VIEWS],
        "page": page,
        "rows": [_of_list(row, today) for row in page],
        "warnings": _warnings(page),
        "may_record": user.may("visit.record"),
    }
    return render(request, "remediation/all_visits.html", words)


def _open_visits(user: User) -> QuerySet[ReturnVisit]:
    """Return the visits to be made of cases that the person may know, in their present cycle."""
    cases = Complaint.objects.visible_to(user)
    rows = ReturnVisit.objects.filter(status__in=OPEN, complaint__in=cases, cycle=F("complaint__cycle"))
    rows = rows.annotate(on=Coalesce("agreed_on", "planned_on"))
    return rows.select_related("complaint__customer", "complaint__owner").order_by("on", "pk")


def _narrowed(rows: QuerySet[ReturnVisit], view: str, user: User, today: date) -> QuerySet[ReturnVisit]:
    if view == "mine":
        return rows.filter(complaint__owner=user)
    if view == "week":
        return rows.filter(on__gte=today, on__lte=today + WEEK)
    return rows.filter(on__lt=today) if view == "late" else rows


def _of_list(row: ReturnVisit, today: date) -> dict[str, Any]:
    case = row.complaint
    late = row.due_on < today
    missed = row.status == VisitStatus.MISSED or today > row.tolerance_until
    tone = ("danger", "over") if missed else ("warn", "risk") if late else ("", "")
    return {
        "row": row,
        "case": case,
        "customer": case.customer.shown_name(get_language() or "en") if case.customer else "",
        "badge": {"tone": tone[0], "icon": tone[1], "label": day(row.due_on)} if late else None,
        "due": day(row.due_on),
        "until": day(row.tolerance_until),
        "after": ngettext("{n} day after", "{n} days after", row.after_days).format(n=row.after_days),
    }
