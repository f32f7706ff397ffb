"""`/settings/grading/`: the grading rules that hold, their versions, and a proposal with what it would change."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.doors import PersonRequest, refuse, requires
from complaints import grade_page, grade_rules
from complaints.days import company_date
from complaints.forms.grading import RulesForm
from complaints.gates import Reason
from complaints.lifecycle import Refused
from complaints.models import GradingRules
from complaints.views.once import once, token_of
from complaints.words import say


@requires("case.see")
@require_GET
def rules(request: PersonRequest) -> HttpResponse:
    """Show the table that holds, the proposal that waits, and every version."""
    return _page(request)


def _page(request: PersonRequest, reasons: Any = (), status: int = 200) -> HttpResponse:
    at, may = timezone.now(), request.user.may
    now, waits = grade_rules.in_force(company_date(at)), grade_rules.waiting()
    approves = waits is not None and may("grading.approve")
    against = list(grade_rules.before_approving(waits, by=request.user, at=at)) if waits and approves else []
    words = {
        "title": grade_page.rules_words(now), "now": now, "table": grade_page.table(grade_rules.table_of(now)),
        "waits": waits, "proposed": grade_page.table(waits.rules, grade_rules.table_of(now)) if waits else None,
        "otherwise": grade_rules.foresee(waits.rules, request.user) if waits else [],
        "versions": grade_rules.approved().select_related("proposed_by", "approved_by").order_by("-number"),
        "may_keep": may("grading.keep"), "once": token_of(request), "reasons": [say(why) for why in reasons],
        "may_approve": approves and not against, "against": [say(why) for why in against],
    }  # fmt: skip
    return render(request, "complaints/grade_rules.html", words, status=status)


@requires("grading.keep")
@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: PersonRequest) -> HttpResponse:
    """Ask for another table; show which open cases it would grade otherwise; propose it."""
    before = grade_rules.newest()
    held, first = grade_rules.table_of(before), grade_rules.earliest(before, at=timezone.now())
    if request.method != "POST":
        return _form(request, RulesForm(rules=held, on=first))
    preview = request.POST.get("op") == "preview"
    form = RulesForm(request.POST, rules=held, on=first, trial=preview)
    if not form.is_valid():
        return _form(request, form, status=422)
    if preview:
        return _form(request, form, otherwise=grade_rules.foresee(form.rules, request.user))

    def send() -> HttpResponse:
        said = form.cleaned_data
        try:
            made = grade_rules.propose(
                form.rules, by=request.user, at=timezone.now(), effective_from=said["effective_from"], note=said["note"]
            )
        except Refused as refused:
            return _form(request, form, refused.reasons, status=409)
        messages.success(
            request, _("Version {number} is proposed; another person approves it.").format(number=made.number)
        )
        return redirect("grade-rules")

    return once(request, "grading-rules", send, lambda why, status: _form(request, form, [why], status=status))


def _form(
    request: PersonRequest, form: RulesForm, reasons: Any = (), *, otherwise: Any = None, status: int = 200
) -> HttpResponse:
    matrix = grade_page.matrix(form.rules, None) if form.is_bound and form.is_valid() else None
    words = {
        "form": form, "reasons": [say(why) for why in reasons], "once": token_of(request), "matrix": matrix,
        "otherwise": otherwise, "previewed": otherwise is not None,
    }  # fmt: skip
    return render(request, "complaints/grade_rules_form.html", words, status=status)


@requires("grading.approve")
@require_POST
def approve(request: PersonRequest, number: int) -> HttpResponse:
    """Approve the proposal of that number."""
    return _do(request, number, grade_rules.approve, "grading.approve", _("Approved."))


@requires("grading.keep")
@require_POST
def let_fall(request: PersonRequest, number: int) -> HttpResponse:
    """Take the proposal of that number back."""
    return _do(request, number, grade_rules.let_fall, "grading.keep", _("Taken back."))


def _do(request: PersonRequest, number: int, verb: Any, permission: str, said: str) -> HttpResponse:
    version = GradingRules.objects.filter(number=number).first()
    if version is None:
        raise Http404

    def run() -> HttpResponse:
        try:
            verb(version, by=request.user, at=timezone.now())
        except Refused as refused:
            return _page(request, refused.reasons, status=409)
        except PermissionDenied:
            return refuse(request, permission)
        messages.success(request, said)
        return redirect("grade-rules")

    def again(why: Reason, status: int) -> HttpResponse:
        return _page(request, [why], status=status)

    return once(request, f"{verb.__name__}:{number}", run, again)
