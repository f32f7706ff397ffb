"""`/settings/clocks/<clock>/change/`: say the targets, see which clocks would differ, put them into force."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.doors import PersonRequest, requires
from complaints import policing
from complaints.days import company_date
from complaints.forms.policies import ScopeForm, TargetsForm
from complaints.lifecycle import Refused
from complaints.policing import GRADES, Plan, Scope, in_force
from complaints.policy_words import (
    change_words,
    foresight_words,
    judged_rows,
    metric_words,
    scope_words,
    standing_words,
)
from complaints.views.frame import reader_of
from complaints.views.policies import address, change_rows
from complaints.words import say

MOST_SHOWN = 50


@requires("policies.manage")
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: PersonRequest, metric: str) -> HttpResponse:
    """Ask for the targets; show what they would change; put them into force."""
    if metric not in policing.managed():
        raise Http404
    scope, today = _scope(request.GET), company_date(timezone.now())
    now = policing.plan(metric, scope, {}, on=today)
    if request.method != "POST":
        return _ask(request, TargetsForm(now))
    what = request.POST.get("what")
    form = TargetsForm(now, _emptied(request.POST) if what == "end" else request.POST)
    if not form.is_valid():
        return _ask(request, form, status=422)
    if what == "edit":
        return _ask(request, form)
    return _publish(request, form) if what == "confirm" else _preview(request, form)


def _scope(said: QueryDict) -> Scope:
    form = ScopeForm(said)
    if not form.is_valid():
        raise Http404
    return form.scope


def _emptied(sent: QueryDict) -> QueryDict:
    """Return what was sent without any target."""
    left = sent.copy()
    for grade in GRADES:
        left[f"amount_{grade}"] = ""
    return left


def _planned(form: TargetsForm) -> Plan:
    return policing.plan(form.plan.metric, form.plan.scope, form.chosen, on=form.cleaned_data["on"])


def _frame(plan: Plan) -> dict[str, Any]:
    return {
        "metric": plan.metric,
        "clock": metric_words(plan.metric),
        "scope": plan.scope,
        "whose": scope_words(plan.scope),
        "url": address(plan.metric, plan.scope),
    }


def _ask(
    request: PersonRequest, form: TargetsForm, *, reasons: tuple[str, ...] = (), since: tuple[Any, ...] = (),
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    plan = form.plan
    shown = {
        **_frame(plan),
        "form": form,
        "rows": [{**row, "now": standing_words(plan, row["grade"])} for row in form.rows()],
        "has_own": not plan.scope.is_default and any(in_force(plan.rows, grade, plan.on) for grade in GRADES),
        "later": [row for row in plan.rows if policing.starts_later(row, plan.on)],
        "reasons": reasons,
        "since": change_rows(since),
    }
    return render(request, "complaints/policy_change.html", shown, status=status)


def _preview(request: PersonRequest, form: TargetsForm) -> HttpResponse:
    """Show each target that changes and each clock that would differ."""
    plan, reader = _planned(form), reader_of(request)
    if reasons := policing.in_the_way(plan, form.chosen, at=reader.now):
        for why in reasons:
            form.add_error(None, say(why))
        return _ask(request, form, status=422)
    found = policing.foreseen(plan, now=reader.now)
    shown = {
        **_frame(plan),
        "form": form,
        "on": plan.on,
        "today": plan.on == company_date(reader.now),
        "changes": [change_words(grade, change, plan.scope) for grade, change in plan.changes.items()],
        "facts": foresight_words(found),
        "changed": found.changed,
        "rows": judged_rows(found.rows[:MOST_SHOWN], reader.zone),
        "more": max(0, found.changed - MOST_SHOWN),
        "seen": plan.seen,
        "seq": _last_seq(),
    }
    return render(request, "complaints/policy_preview.html", shown)


def _publish(request: PersonRequest, form: TargetsForm) -> HttpResponse:
    plan, on, now = form.plan, form.cleaned_data["on"], timezone.now()
    seen = request.POST.get("seen", "")
    try:
        policing.publish(plan.metric, plan.scope, form.chosen, on=on, seen=seen, by=request.user, at=now)
    except Refused as refusal:
        if policing.published_before(plan.metric, plan.scope, form.chosen, on=on, by=request.user):  # pressed twice
            return redirect("policies")
        said = tuple(say(why) for why in refusal.reasons)
        fresh = TargetsForm(policing.plan(plan.metric, plan.scope, {}, on=plan.on), request.POST)
        return _ask(request, fresh, reasons=said, since=tuple(_since(request.POST.get("seq"))), status=409)
    messages.success(request, _done(on, company_date(now), metric_words(plan.metric)))
    return redirect("policies")


def _done(on: date, today: date, clock: str) -> str:
    if on == today:
        return _("{clock}: the new targets are in force. Open clocks keep theirs.").format(clock=clock)
    return _("{clock}: the new targets take force on {day}. Open clocks keep theirs.").format(clock=clock, day=on)


def _last_seq() -> int:
    last = policing.log().first()
    return last.seq if last else 0


def _since(seq: str | None) -> Any:
    """Return the changes that were published after the one a person had seen."""
    return policing.log().filter(seq__gt=int(seq))[:5] if seq and seq.isdecimal() and len(seq) < 10 else ()
