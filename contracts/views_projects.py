"""`/projects/`: what a project earns when, what it owes, and the forms in which its parts are kept."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Min, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.doors import PersonRequest, requires
from accounts.frame import address_of
from contracts import project_words, projects
from contracts.models import CashPlan, Covenant, Facility, Milestone, PaymentItem, Project
from contracts.models.financing import Part
from contracts.project_forms import FORMS, NewProjectForm, PartForm, expected_in
from contracts.project_page import page_of
from contracts.views import for_staff

PAGE = 50
MODELS: dict[str, Any] = {
    "milestone": Milestone, "payment": PaymentItem, "plan": CashPlan, "facility": Facility, "covenant": Covenant,
}  # fmt: skip
NEW = {
    "milestone": gettext_lazy("Add a milestone"), "payment": gettext_lazy("Add a payment"),
    "plan": gettext_lazy("Enter the cash plan"), "facility": gettext_lazy("Add a loan facility"),
    "covenant": gettext_lazy("Add a covenant"),
}  # fmt: skip
TITLES = {
    "milestone": gettext_lazy("Milestone"), "payment": gettext_lazy("Payment"), "plan": gettext_lazy("Cash plan"),
    "facility": gettext_lazy("Loan facility"), "covenant": gettext_lazy("Covenant"),
}  # fmt: skip


@require_GET
@for_staff
def projects_list(request: PersonRequest) -> HttpResponse:
    """All projects, searched by `q`."""
    query = request.GET.get("q", "").strip()
    rows = Project.objects.visible_to(request.user)
    rows = rows.matching(query) if query else rows
    rows = rows.select_related("customer").annotate(
        next_on=Min("milestones__planned_on", filter=Q(milestones__planned_on__gte=timezone.localdate())),
        n_contracts=Count("contracts", distinct=True),
    )
    context = {
        "page": Paginator(rows.order_by("code", "pk"), PAGE).get_page(request.GET.get("page")),
        "query": query,
        "may_keep": request.user.may(projects.RIGHT),
    }
    return render(request, "contracts/projects.html", context)


@require_http_methods(["GET", "POST"])
@for_staff
@requires(projects.RIGHT)
def new(request: PersonRequest) -> HttpResponse:
    """Open a project."""
    form, status = NewProjectForm(request.POST or None), 0
    if request.method == "POST" and form.is_valid():
        try:
            found = projects.open_project(**form.cleaned_data, by=request.user, at=timezone.now())
            return redirect(found)
        except projects.Refused as refusal:
            form.add_error(refusal.field or None, project_words.say(refusal))
            status = 409
    return _form(request, form, _("Open a project"), reverse("contracts:projects"), status=status)


@require_GET
@for_staff
def project(request: PersonRequest, code: str) -> HttpResponse:
    """One project: milestones, payments, cash as planned, loans with their cover and covenants, open cases."""
    found = _project(request, code)
    may_keep = request.user.may(projects.RIGHT)
    cases = list(found.complaints.visible_to(request.user).order_by("-received_at", "pk")[:PAGE])
    impacts = _newest_impacts(found, [case.pk for case in cases])
    context = {
        "project": found,
        "may_keep": may_keep,
        "add": {part: reverse("contracts:new_part", args=[code, part]) for part in NEW} if may_keep else {},
        "contracts": found.contracts.order_by("-signed_on", "pk"),
        "cases": [
            {
                "case": case,
                "url": address_of("case", case.ref),
                "impact": impacts.get(case.pk),
                "impact_url": address_of("case-impact", case.ref),
            }
            for case in cases
        ],
        **page_of(found),
    }
    return render(request, "contracts/project.html", context)


def _newest_impacts(found: Project, cases: list[int]) -> dict[int, Any]:
    """Return the newest reckoned impact of each case, by the id of the case."""
    rows = found.impacts.filter(complaint__in=cases).defer("inputs", "result").order_by("cycle", "number")
    return {row.complaint_id: row for row in rows}


@require_http_methods(["GET", "POST"])
@for_staff
@requires(projects.RIGHT)
def new_part(request: PersonRequest, code: str, part: str) -> HttpResponse:
    """Add a part to a project."""
    found = _project(request, code)
    if part not in MODELS:
        raise Http404
    if part == "plan" and CashPlan.objects.filter(project=found).exists():
        return redirect(reverse("contracts:part", args=[code, part, found.cash_plan.pk]))
    row = Covenant() if part == "covenant" else MODELS[part](project=found)
    return _entry(request, found, part, row, NEW[part])


@require_http_methods(["GET", "POST"])
@for_staff
@requires(projects.RIGHT)
def part(request: PersonRequest, code: str, part: str, pk: int) -> HttpResponse:
    """Change a part of a project; what somebody removed meanwhile is offered as a new one, with what was typed."""
    found = _project(request, code)
    if request.method == "POST" and part in MODELS and projects.was_dropped(found, part, pk):
        return _removed(request, found, part)
    row = _row(found, part, pk)
    return _entry(request, found, part, row, f"{TITLES[part]}: {row}")


@require_POST
@for_staff
@requires(projects.RIGHT)
def remove(request: PersonRequest, code: str, part: str, pk: int) -> HttpResponse:
    """Take a part out of a project."""
    found = _project(request, code)
    if projects.was_dropped(found, part, pk):
        return redirect(found)  # it is as was asked for
    row = _row(found, part, pk)
    expected = expected_in(request.POST)
    try:
        projects.drop(row, by=request.user, at=timezone.now(), expected=expected)
    except projects.Refused as refusal:
        if refusal.code == "removed_meanwhile":
            return redirect(found)
        form = FORMS[part](project=found, instance=_row(found, part, pk))
        said = [project_words.say(refusal)]
        title = f"{TITLES[part]}: {row}"
        return _form(request, form, title, found.get_absolute_url(), reasons=said, remove=request.path, status=409)
    messages.success(request, _("Removed."))
    return redirect(found)


def _project(request: PersonRequest, code: str) -> Project:
    if "\0" in code:  # which PostgreSQL cannot look for
        raise Http404
    return get_object_or_404(Project.objects.visible_to(request.user).select_related("customer"), code=code)


def _row(found: Project, part: str, pk: int) -> Part:
    if part not in MODELS:
        raise Http404
    where = {"facility__project": found} if part == "covenant" else {"project": found}
    return get_object_or_404(MODELS[part], pk=pk, **where)  # type: ignore[no-any-return]


def _entry(request: PersonRequest, found: Project, part: str, row: Part, title: Any) -> HttpResponse:
    """Show the form of a part, or keep what was sent."""
    sent = request.POST if request.method == "POST" else None
    form = FORMS[part](sent, project=found, instance=row, initial=_first(request, part))
    away = reverse("contracts:remove_part", args=[found.code, part, row.pk]) if row.pk else ""
    back, status, reasons = found.get_absolute_url(), 0, []
    if sent is not None:
        refusal = _keep(request, form) if form.is_valid() else form.not_as_seen()
        if refusal is None and not form.errors:
            messages.success(request, _("Saved."))
            return redirect(found)
        if refusal is not None and refusal.code == "removed_meanwhile":
            return _removed(request, found, part)
        if refusal is not None:
            status, reasons = 409, _show_refusal(form, refusal)
    return _form(request, form, title, back, remove=away, status=status, reasons=reasons)


def _removed(request: PersonRequest, found: Project, part: str) -> HttpResponse:
    """Answer who changed a part that somebody removed: what was typed stands in the form for a new one."""
    row = Covenant() if part == "covenant" else MODELS[part](project=found)
    form = FORMS[part](request.POST, project=found, instance=row)
    action = reverse("contracts:new_part", args=[found.code, part])
    said = [project_words.say(projects.Refused("", "removed_meanwhile"))]
    return _form(request, form, NEW[part], found.get_absolute_url(), action=action, reasons=said, status=409)


def _first(request: PersonRequest, part: str) -> dict[str, Any]:
    """Return which facility a new covenant is of, where the link says so."""
    named = request.GET.get("facility", "")
    return {"facility": named} if part == "covenant" and named.isdecimal() else {}


def _keep(request: PersonRequest, form: PartForm) -> projects.Refused | None:
    """Keep the part; return why the verb refuses it."""
    try:
        projects.keep(form.instance, sums=form.sums, periods=form.spans, by=request.user, at=timezone.now(),
                      expected=expected_in(form.data))  # fmt: skip
    except projects.Refused as refusal:
        return refusal
    return None


def _show_refusal(form: PartForm, refusal: projects.Refused) -> list[str]:
    """Put a refusal beside its field, or return it for the head of the page; beside what is kept if that changed."""
    if refusal.code == "changed_meanwhile":
        form.show_kept()
        return [project_words.say(refusal)]
    field = {"periods": "rows"}.get(refusal.field, refusal.field) if "rows" in form.fields else refusal.field
    form.add_error(field if field in form.fields else None, project_words.say(refusal))
    return []


def _form(request: PersonRequest, form: Any, title: Any, back: str, *, status: int = 0, **more: Any) -> HttpResponse:
    context = {"form": form, "title": title, "back": back, **more}
    return render(request, "contracts/project_form.html", context, status=status or (422 if form.errors else 200))
