"""`/settings/competences/`: who knows which products; everybody keeps their own, some those of others."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.doors import PersonRequest, refuse, requires
from accounts.models import User
from complaints import competences
from complaints.forms.competences import CompetenceForm
from complaints.lifecycle import Refused
from complaints.models import Competence
from complaints.words import say


@requires("case.see")
@require_http_methods(["GET", "POST"])
def register(request: PersonRequest) -> HttpResponse:
    """Show who knows what; declare it, or withdraw it."""
    if request.method == "POST" and not request.user.may("case.note"):
        return refuse(request, "case.note")
    if request.method == "POST" and "withdraw" in request.POST:
        return _withdraw(request)
    form, status, reasons = CompetenceForm(request.POST or None, user=request.user), 200, []
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                return _declare(request, dict(form.cleaned_data))
            except Refused as refusal:
                status, reasons = 409, [say(why) for why in refusal.reasons]
    shown = {"groups": _groups(request.user), "form": form, "reasons": reasons, "may": request.user.may("case.note")}
    return render(request, "complaints/competences.html", shown, status=status)


def _declare(request: PersonRequest, said: dict[str, Any]) -> HttpResponse:
    competences.declare(said.pop("person", request.user), by=request.user, at=timezone.now(), **said)
    messages.success(request, _("Kept."))
    return redirect("competences")


def _withdraw(request: PersonRequest) -> HttpResponse:
    key = request.POST["withdraw"]
    wanted = int(key) if key.isascii() and key.isdecimal() and len(key) < 19 else 0
    row = get_object_or_404(competences.theirs(request.user), pk=wanted)
    competences.withdraw(row, by=request.user, at=timezone.now())
    messages.success(request, _("Withdrawn."))
    return redirect("competences")


def _groups(user: User) -> list[dict[str, Any]]:
    """Return the people of each family, in order."""
    mine = set(competences.theirs(user).filter(ended_at=None).values_list("pk", flat=True))
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in Competence.objects.holding().select_related("user").order_by("family", "user__name", "pk"):
        groups.setdefault(row.family, []).append({"row": row, "may": row.pk in mine})
    return [{"family": family, "rows": rows} for family, rows in groups.items()]
