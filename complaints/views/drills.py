"""Drills of an emergency plan: begin one, tick its steps off, end it with its review."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.doors import PersonRequest, refuse, requires
from complaints import drills
from complaints.days import company_date
from complaints.forms.emergency import DrillEndForm, DrillForm, DrillStepForm
from complaints.gates import Reason
from complaints.lifecycle import Refused
from complaints.models import EmergencyActivation, EmergencyPlan
from complaints.views.frame import reader_of
from complaints.views.incident import page_of
from complaints.views.once import once, token_of
from complaints.words import say

Row = dict[str, Any]


@requires("emergency.keep")
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: PersonRequest, code: str) -> HttpResponse:
    """Ask for the scenario; begin a drill of the version in force."""
    today = company_date(timezone.now())
    plan = EmergencyPlan.objects.in_force(today).filter(code=code).order_by("-number").first()
    if plan is None:
        raise Http404
    form = DrillForm(request.POST if request.method == "POST" else None)

    def show(reasons: Any = (), status: int = 200) -> HttpResponse:
        shown = {"plan": plan, "form": form, "reasons": [say(why) for why in reasons], "once": token_of(request)}
        return render(request, "complaints/drill_begin.html", shown, status=status)

    def act() -> HttpResponse:
        if not form.is_valid():
            return show(status=422)
        try:
            made = drills.begin_drill(plan, by=request.user, at=timezone.now(), **form.cleaned_data)
        except Refused as refused:
            return show(refused.reasons, 409)
        return redirect("drill", made.pk)

    if not form.is_bound:
        return show()
    return once(request, f"drill-begin:{code}", act, lambda why, status: show([why], status))


@requires("case.see")
@require_http_methods(["GET", "HEAD", "POST"])
def drill(request: PersonRequest, pk: int) -> HttpResponse:
    """Show a drill; tick a step off or end it."""
    one = _find(pk)
    if request.method != "POST":
        return _show(request, one)

    def again(why: Reason, status: int) -> HttpResponse:
        return _show(request, one, _form(request), [say(why)], status)

    return once(request, f"drill:{pk}", lambda: _act(request, one), again)


def _find(pk: int) -> EmergencyActivation:
    rows = EmergencyActivation.objects.filter(drill=True)
    return get_object_or_404(rows.select_related("plan", "commander", "activated_by", "stood_down_by"), pk=pk)


def _form(request: PersonRequest) -> DrillEndForm | DrillStepForm:
    return DrillEndForm(request.POST) if request.POST.get("do") == "finish_drill" else DrillStepForm(request.POST)


def _act(request: PersonRequest, one: EmergencyActivation) -> HttpResponse:
    form = _form(request)
    ending = isinstance(form, DrillEndForm)
    if not form.is_valid():
        return _show(request, one, form, () if ending else form.errors.get("result", ()), status=422)
    verb = _ending(request, one, form) if ending else _tick(request, one, form)
    try:
        verb()
    except Refused as refused:
        return _show(request, _find(one.pk), form, [say(why) for why in refused.reasons], 409)
    except PermissionDenied:
        return refuse(request, drills.RIGHT)
    messages.success(request, _("Kept."))
    return redirect("drill", one.pk)


def _ending(request: PersonRequest, one: EmergencyActivation, form: Any) -> Callable[[], Any]:
    return lambda: drills.finish_drill(one, by=request.user, at=timezone.now(), review=form.review)


def _tick(request: PersonRequest, one: EmergencyActivation, form: Any) -> Callable[[], Any]:
    wanted = request.POST.get("step", "")
    step = one.steps.filter(pk=wanted).first() if wanted.isdecimal() and len(wanted) < 19 else None
    if step is None:
        raise Http404
    return lambda: drills.finish_drill_step(step, by=request.user, at=timezone.now(), **form.cleaned_data)


def _show(
    request: PersonRequest, one: EmergencyActivation, form: Any = None, reasons: Any = (), status: int = 200
) -> HttpResponse:
    """Show the drill; form: what was typed and not kept, which stands in its fields again or, without them, as text."""
    reader, url = reader_of(request), reverse("drill", args=[one.pk])
    may_keep, ending = request.user.may(drills.RIGHT), isinstance(form, DrillEndForm)
    words: Row = {
        "one": one, "plan": one.plan, "form": form if ending else DrillEndForm(), "once": token_of(request),
        "may_keep": may_keep, "reasons": reasons, "score": drills.score(one),
        "do": {"finish_step": url} if drills.may_tick(one, request.user) else {}, **page_of(one, reader),
    }  # fmt: skip
    there = one.is_active and may_keep if ending else _put_back(words["steps"], request.POST)
    words["typed"] = [] if form is None or there else [{"name": each.label, "value": each.value()} for each in form]
    return render(request, "complaints/drill.html", words, status=status)


def _put_back(steps: list[Row], said: Any) -> bool:
    """Put what was typed for a step into its field again; False where the step waits no more."""
    for row in steps:
        if row["waits"] and str(row["one"].pk) == said.get("step"):
            row["typed"] = said.get("result", "")
            return True
    return False
