"""The measurements on the diagnosis page, and the register of instruments."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.doors import PersonRequest, refuse, requires
from complaints import letter_charts, measuring, strip_plot
from complaints.days import company_date
from complaints.forms.measurements import CalibrationForm, InstrumentForm
from complaints.lifecycle import Refused
from complaints.models import Instrument, Measurement
from complaints.previewing import verdict_words
from complaints.timeline import date_words
from complaints.words import say

if TYPE_CHECKING:
    from complaints.views.diagnosis import Desk

TONES = {
    "CONFORMING": ("ok", "ok"),
    "NONCONFORMING": ("danger", "no"),
    "INCONCLUSIVE": ("warn", "risk"),
    "": ("", "dashed"),
}
SOON = 30  # days before a calibration ends from which on it is said


def measurements(desk: Desk) -> dict[str, Any]:
    """Return the part of the page: each series with its figures and drawing, and the lots judged by a sample."""
    rows = desk.complaint.measurements.filter(cycle=desk.cycle, withdrawn_at=None)
    series = list(rows.select_related("instrument", "by").prefetch_related("readings").order_by("number"))
    samples = desk.rows("sample_inspections", "by")
    paste = {**desk.do("measure", label=_("Paste from sheet"))}
    if paste.get("url"):
        paste["key"] = "m"
    return {
        "id": "measurements", "title": _("Measurements"), "done": bool(series),
        "rows": [_series(desk, one) for one in series], "samples": samples,
        "do": [each for each in (paste, desk.do("inspect_sample")) if each],
    }  # fmt: skip


def _series(desk: Desk, one: Measurement) -> dict[str, Any]:
    readings = sorted(one.readings.all(), key=lambda each: each.position)
    values = [each.value for each in readings]
    tone, icon = TONES[one.verdict]
    return {
        "row": one, "n": len(values), "min": f"{min(values):f}", "max": f"{max(values):f}",
        "mean": measuring.mean_words(values),
        "lower": _plain(one.lower), "upper": _plain(one.upper), "tone": tone, "icon": icon,
        "verdict": verdict_words(one.verdict), "over": over_words(one, values), "warning": calibration_words(one),
        "until": date_words(one.calibrated_until) if one.calibrated_until else "",
        "strip": strip_plot.strip(
            values, [each.verdict for each in readings], one.lower, one.upper, inks=letter_charts.OnScreen(),
            label=heard(one, values),
        ),
        "withdraw": desk.do("withdraw_measurement", f"?series={one.pk}").get("url", ""),
    }  # fmt: skip


def _plain(value: Decimal | None) -> str:
    return "–" if value is None else f"{value:f}"


def over_words(one: Measurement, values: list[Decimal]) -> str:
    """Return how far the worst value lies beyond its limit; nothing of values within."""
    beyond = [value - one.upper for value in values if one.upper is not None and value > one.upper]
    below = [one.lower - value for value in values if one.lower is not None and value < one.lower]
    if beyond and max(beyond) >= max(below, default=Decimal(0)):
        return _("{by} above the limit").format(by=f"{max(beyond):f}")
    return _("{by} below the limit").format(by=f"{max(below):f}") if below else ""


def calibration_words(one: Measurement) -> str:
    """Return why the result is to be doubted: its instrument was not calibrated on the day."""
    if one.calibrated is not False:
        return ""
    if one.calibrated_until and one.calibrated_until < one.measured_on:
        return _("Measured after the calibration ended on {day}.").format(day=date_words(one.calibrated_until))
    return _("No calibration of the instrument covers {day}.").format(day=date_words(one.measured_on))


def heard(one: Measurement, values: list[Decimal]) -> str:
    """Return the drawing in words."""
    words = ngettext("{n} reading from {low} to {high} {unit}", "{n} readings from {low} to {high} {unit}", len(values))
    return words.format(n=len(values), low=f"{min(values):f}", high=f"{max(values):f}", unit=one.unit)


# The register ---------------------------------------------------------------------------------------------------------


@requires("case.see")
@require_http_methods(["GET", "POST"])
def instruments(request: PersonRequest) -> HttpResponse:
    """Show the instruments; add one, or record a calibration."""
    adding = request.POST.get("do") == "add"
    may = request.user.may("instruments.manage")
    if request.method == "POST" and not may:
        return refuse(request, "instruments.manage")
    add = InstrumentForm(request.POST if adding else None, auto_id="add_%s")
    dated = CalibrationForm(None if adding or request.method == "GET" else request.POST, auto_id="cal_%s",
                            initial=request.GET.dict(), today=company_date(timezone.now()))  # fmt: skip
    reasons: tuple[str, ...] = ()
    status = 200
    if request.method == "POST":
        form, status = add if adding else dated, 422
        if form.is_valid():
            try:
                _keep(request, adding, form.cleaned_data)
                return redirect("instruments")
            except Refused as refusal:
                reasons, status = tuple(say(why) for why in refusal.reasons), 409
    shown = {"rows": _register(), "add": add, "dated": dated, "may_manage": may, "adding": adding, "reasons": reasons}
    return render(request, "complaints/instruments.html", shown, status=status)


def _keep(request: PersonRequest, adding: bool, said: dict[str, Any]) -> None:
    now = timezone.now()
    if adding:
        measuring.add_instrument(by=request.user, at=now, **said)
    else:
        measuring.calibrate(said.pop("instrument"), by=request.user, at=now, **said)
    messages.success(request, _("Kept."))


def _register() -> list[dict[str, Any]]:
    today = company_date(timezone.now())
    rows = []
    for one in Instrument.objects.prefetch_related("calibrations").order_by("code"):
        latest = max(one.calibrations.all(), key=lambda each: each.due_on, default=None)
        left = (latest.due_on - today).days if latest else None
        if left is None:
            state = ("warn", "risk", _("never calibrated"))
        elif left < 0:
            state = ("danger", "no", _("expired"))
        elif left <= SOON:
            state = ("warn", "risk", ngettext("{n} day left", "{n} days left", left).format(n=left))
        else:
            state = ("ok", "ok", _("calibrated"))
        rows.append({"one": one, "latest": latest, "tone": state[0], "icon": state[1], "label": state[2]})
    return rows
