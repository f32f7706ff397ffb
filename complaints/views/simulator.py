"""`/settings/clocks/simulator/`: when would each clock be due; nothing is kept, the address holds the question."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.doors import requires
from complaints import simulation_words as words
from complaints.days import customer_zone
from complaints.forms.policies import SimulatorForm, first_values
from complaints.gates import reason
from complaints.simulating import Supposed, simulate
from complaints.words import say as say_reason
from worktime.calendars import BadInput
from worktime.words import say


@requires("case.see")
@require_safe
def simulator(request: HttpRequest) -> HttpResponse:
    """Ask what is supposed; with that in the address, show every clock."""
    asked, now = bool(request.GET), timezone.now()
    first = first_values(now)
    form = SimulatorForm({**first, **request.GET.dict()}, now=now) if asked else SimulatorForm(now=now, initial=first)
    answer = _answer(form) if asked and form.is_valid() else None
    status = 422 if asked and answer is None else 200
    return render(request, "complaints/simulator.html", {"form": form, "answer": answer}, status=status)


def _answer(form: SimulatorForm) -> dict[str, Any] | None:
    """Return the clocks in words, or None with the form's errors set."""
    said = form.cleaned_data
    supposed = Supposed(form.received, said["grade"], said["urgent"], said["customer"], said["contract"])
    try:
        found = simulate(supposed)
    except BadInput as why:
        missing = why.code == "calendar_missing"
        form.add_error(None, say_reason(reason("policy_calendar_missing")) if missing else say(why, said["zone"]))
        return None
    company, theirs = ZoneInfo(settings.TIME_ZONE), customer_zone(supposed.case().customer)
    zones = [company] if theirs.key == company.key else [company, theirs]
    return words.answer(found, supposed, zones, ZoneInfo(said["zone"]))
