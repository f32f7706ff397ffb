"""`/settings/emergency-plans/`: the plans, one plan in its versions, and its draft."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.doors import PersonRequest, refuse, requires
from complaints import drills
from complaints import emergency_plans as plans
from complaints.clock_words import spell
from complaints.days import company_date
from complaints.forms.emergency_plans import BeginForm, PlanForm
from complaints.gates import Reason
from complaints.lifecycle import Refused
from complaints.models import EmergencyActivation, EmergencyPlan
from complaints.models.emergency import Informed, PlanRole
from complaints.views.once import once, token_of
from complaints.words import say

Row = dict[str, Any]


@requires("case.see")
@require_http_methods(["GET", "HEAD", "POST"])
def emergency_plans(request: PersonRequest) -> HttpResponse:
    """List the plans with what is due of each; begin one."""
    if request.method != "POST":
        return _list(request, BeginForm())
    if not request.user.may("emergency.keep"):
        return refuse(request, "emergency.keep")
    form = BeginForm(request.POST)

    def begin() -> HttpResponse:
        if not form.is_valid():
            return _list(request, form, status=422)
        try:
            plan = plans.begin_plan(by=request.user, at=timezone.now(), **form.cleaned_data)
        except Refused as refused:
            return _list(request, form, refused.reasons, status=409)
        return redirect("emergency-plan-edit", plan.code)

    return once(request, "plan-begin", begin, lambda why, status: _list(request, form, [why], status=status))


def _list(request: PersonRequest, form: Any, reasons: Any = (), status: int = 200) -> HttpResponse:
    shown = {
        "rows": plan_rows(), "incidents": running(), "form": form, "reasons": [say(why) for why in reasons],
        "once": token_of(request), "may_keep": request.user.may("emergency.keep"), "open": bool(form.is_bound),
    }  # fmt: skip
    return render(request, "complaints/emergency_plans.html", shown, status=status)


def plan_rows() -> list[Row]:
    """Return a row for each plan: what is in force, what is being written, what is due."""
    today = company_date(timezone.now())
    versions: dict[str, list[EmergencyPlan]] = {}
    for plan in EmergencyPlan.objects.select_related("project").order_by("code", "number"):
        versions.setdefault(plan.code, []).append(plan)
    held = plans.last_drills(versions)
    gone = plans.people_gone(plan for known in versions.values() for plan in known if plan.holds_on(today))
    rows = []
    for code, known in versions.items():
        approved = [plan for plan in known if not plan.is_draft]
        now = next((plan for plan in reversed(approved) if plan.holds_on(today)), None)
        last = company_date(held[code]) if code in held else None
        rows.append(
            {"code": code, "plan": now or known[-1], "now": now, "draft": known[-1].is_draft, "last": last,
             "scope": scope_words(now or known[-1]), "gone": bool(now and now.pk in gone),
             "review": due(now.review_on, today) if now else None,
             "drill": due(now.drill_due_on(last), today) if now else None}
        )  # fmt: skip
    return rows


def due(on: Any, today: Any) -> Row | None:
    """Return a day that something is due on, and how late it is."""
    if on is None:
        return None
    late = (today - on).days
    said = ngettext("overdue since {n} day", "overdue since {n} days", late).format(n=late) if late > 0 else ""
    return {"on": on, "late": said}


def scope_words(plan: EmergencyPlan) -> str:
    """Return which goods and projects a plan is for."""
    parts = [plan.family, plan.project.code if plan.project else ""]
    return " · ".join(filter(None, parts)) or _("all products and projects")


def running() -> list[Row]:
    """Return every incident that runs now, for the page of the plans."""
    rows = EmergencyActivation.objects.filter(stood_down_at=None, drill=False)
    rows = rows.select_related("plan", "commander", "complaint").order_by("activated_at", "pk")
    return [
        {"url": reverse("case-incident", args=[row.complaint.ref]), "ref": row.complaint.ref,
         "title": row.complaint.title, "plan": row.plan.code, "since": row.activated_at,
         "commander": row.commander.name}
        for row in rows if row.complaint
    ]  # fmt: skip


# One plan -------------------------------------------------------------------------------------------------------------


@requires("case.see")
@require_GET
def plan(request: PersonRequest, code: str) -> HttpResponse:
    """Show a version of a plan: the one asked for, else the newest."""
    return _plan(request, _version(request, code))


def _version(request: PersonRequest, code: str) -> EmergencyPlan:
    versions = EmergencyPlan.objects.filter(code=code).select_related("project", "written_by", "approved_by")
    wanted = request.GET.get("version", "")
    found = versions.filter(number=wanted) if wanted.isdecimal() and len(wanted) < 5 else versions
    one = found.order_by("-number").first()
    if one is None:
        raise Http404
    return one


def _plan(request: PersonRequest, one: EmergencyPlan, reasons: Any = None, status: int = 200) -> HttpResponse:
    today = company_date(timezone.now())
    versions = list(EmergencyPlan.objects.filter(code=one.code).order_by("-number"))
    may = request.user.may
    shown = {
        "plan": one, "scope": scope_words(one), "versions": versions, "once": token_of(request),
        "state": state_of(one, today), "lacks": [say(why) for why in plans.lacking(one)] if one.is_draft else [],
        "gone": [] if one.is_draft else [say(why) for why in plans.people_gone([one]).get(one.pk, ())],
        "reasons": [say(why) for why in reasons or ()], "may_keep": may("emergency.keep"),
        "may_approve": may("emergency.approve") and one.is_draft,
        "has_draft": versions[0].is_draft, "review": due(one.review_on, today),
        "drill_due": _drill_due(one, today), "drills": drill_rows(one.code),
        "drill_url": reverse("drill-begin", args=[one.code]) if any(each.holds_on(today) for each in versions) else "",
        **content_of(one),
    }  # fmt: skip
    return render(request, "complaints/emergency_plan.html", shown, status=status)


def _drill_due(one: EmergencyPlan, today: Any) -> Row | None:
    """Return by when the next drill is to be held of a version in force."""
    if not one.holds_on(today):
        return None
    held = plans.last_drills([one.code]).get(one.code)
    return due(one.drill_due_on(company_date(held) if held else None), today)


def drill_rows(code: str) -> list[Row]:
    """Return every drill of a plan, the newest first, each with its score."""
    held = EmergencyActivation.objects.filter(drill=True, plan__code=code).select_related("plan", "commander")
    rows = []
    for one in held.prefetch_related("steps").order_by("-activated_at", "-pk"):
        end = one.stood_down_at
        took = spell(int((end - one.activated_at).total_seconds())) if end else ""
        rows.append({"one": one, "score": drills.score(one), "took": took})
    return rows


def content_of(one: EmergencyPlan) -> Row:
    """Return what a version says, as its page and the order of activation show it."""
    held = {row.role: row for row in one.roles.select_related("person", "deputy")}
    return {
        "roles": [{"label": PlanRole(role).label, "row": held[role]} for role in PlanRole if role in held],
        "actions": [{"one": each, "after": minutes_words(each.minutes), "role": PlanRole(each.role).label}
                    for each in one.actions],
        "lines": [{"one": each, "who": Informed(each.audience).label, "every": minutes_words(each.minutes),
                   "role": PlanRole(each.role).label} for each in one.informed],
        "stock": one.stock.select_related("keeper").order_by("pk"),
    }  # fmt: skip


def minutes_words(minutes: int) -> str:
    """Return a span in the largest whole unit: 90 min, 4 h, 2 d."""
    for size, words in ((1440, _("{n} d")), (60, _("{n} h"))):
        if minutes and minutes % size == 0:
            return words.format(n=minutes // size)
    return _("{n} min").format(n=minutes)


def state_of(one: EmergencyPlan, today: Any) -> tuple[str, str, str]:
    """Return tone, icon and word of a version."""
    if one.is_draft:
        return "", "dashed", _("Draft")
    if one.valid_from > today:
        return "info", "clock", _("approved, in force later")
    return ("ok", "ok", _("in force")) if one.lasts_on(today) else ("", "no", _("replaced"))


@requires("emergency.keep")
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: PersonRequest, code: str) -> HttpResponse:
    """Write the draft of a plan; where there is none, the button begins one."""
    one = _version(request, code)
    if not one.is_draft:
        return redirect("emergency-plan", code)
    form = PlanForm(one, request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _edit(request, one, form)

    def write() -> HttpResponse:
        seen, unfit = request.POST.get("seen", ""), not form.is_valid()
        try:
            if unfit and (changed := plans.changed_since(one, seen, request.user)):
                raise Refused(changed)
            if unfit:
                return _edit(request, one, form, status=422)
            plans.write_plan(one, by=request.user, at=timezone.now(), content=form.content, seen=seen)
        except Refused as refused:
            return _refused(request, code, refused.reasons)
        messages.success(request, _("Kept."))
        return redirect("emergency-plan-edit" if request.POST.get("op") == "rows" else "emergency-plan", code)

    return once(request, f"plan-write:{one.pk}", write, lambda why, status: _edit(request, one, form, [why], status))


def _refused(request: PersonRequest, code: str, reasons: list[Reason]) -> HttpResponse:
    """Show what was typed beside what is kept now; sent again, it answers to that."""
    fresh = _version(request, code)
    form = PlanForm(fresh, request.POST)
    kept = None
    if any(why.code in {"plan_changed", "plan_changed_by_you"} for why in reasons):
        form.head.show_kept()
        kept = {"name": fresh.written_by.name if fresh.written_by else "", **content_of(fresh)}
    return _edit(request, fresh, form, reasons, 409, kept)


def _edit(
    request: PersonRequest, one: EmergencyPlan, form: PlanForm, reasons: Any = (), status: int = 200,
    kept: Row | None = None,
) -> HttpResponse:  # fmt: skip
    shown = {
        "plan": one, "form": form, "reasons": [say(why) for why in reasons], "once": token_of(request), "kept": kept,
    }  # fmt: skip
    return render(request, "complaints/emergency_plan_edit.html", shown, status=status)


@requires("case.see")
@require_POST
def begin_version(request: PersonRequest, code: str) -> HttpResponse:
    """Begin the next version with all that the newest says."""
    one = _version(request, code)
    return _do(request, one, "emergency.keep", lambda: plans.begin_version(one, by=request.user, at=timezone.now()),
               "emergency-plan-edit")  # fmt: skip


@requires("case.see")
@require_POST
def approve(request: PersonRequest, code: str) -> HttpResponse:
    """Approve the draft that the person looked at."""
    one = _version(request, code)
    return _do(request, one, "emergency.approve",
               lambda: plans.approve_plan(one, by=request.user, at=timezone.now(), seen=request.POST.get("seen", "")),
               "emergency-plan")  # fmt: skip


def _do(
    request: PersonRequest, one: EmergencyPlan, permission: str, verb: Callable[[], Any], then: str
) -> HttpResponse:
    def act() -> HttpResponse:
        try:
            verb()
        except Refused as refused:
            return _plan(request, one, refused.reasons, status=409)
        except PermissionDenied:
            return refuse(request, permission)
        messages.success(request, _("Kept."))
        return redirect(then, one.code)

    def again(why: Reason, status: int) -> HttpResponse:
        return _plan(request, one, [why], status=status)

    return once(request, f"{then}:{one.pk}", act, again)
