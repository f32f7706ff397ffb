"""`/settings/duty/`: the duty rota, its gaps in the next two weeks, and its shifts."""

from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts import duty
from accounts.absence_views import Colleague
from accounts.doors import PersonRequest, requires
from accounts.fields import MomentField
from accounts.models import DutyShift, User
from accounts.people import NotPossible
from worktime.models import WorkCalendar

WIDGET = {"type": "datetime-local"}


class ShiftForm(forms.Form):
    """One shift; its instants are typed in the company's zone."""

    person = Colleague(label=gettext_lazy("Who"), empty_label=gettext_lazy("Choose one"))
    starts_at = MomentField(
        label=gettext_lazy("From"), widget=forms.DateTimeInput(WIDGET, "%Y-%m-%dT%H:%M")
    )  # fmt: skip
    ends_at = MomentField(
        label=gettext_lazy("Until"), widget=forms.DateTimeInput(WIDGET, "%Y-%m-%dT%H:%M")
    )  # fmt: skip

    def __init__(self, data: Any) -> None:
        super().__init__(data, label_suffix="")
        self.fields["person"].queryset = User.objects.staff().active().order_by("name", "pk")  # type: ignore[attr-defined]


@requires("duty.manage")
def rota(request: PersonRequest) -> HttpResponse:
    """Show the rota and add a shift, all in the company's zone."""
    with timezone.override(settings.TIME_ZONE):
        form = ShiftForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                duty.add(**form.cleaned_data, by=request.user, at=timezone.now())
            except NotPossible as refusal:
                form.add_error(None, refusal)
            else:
                messages.success(request, _("The shift is on the rota."))
                return redirect("duty")
        shown = {"form": form, **_rota(), "zone": settings.TIME_ZONE}
        return render(request, "accounts/duty.html", shown, status=422 if form.errors else 200)


@requires("duty.manage")
@require_POST
def remove(request: PersonRequest, pk: int) -> HttpResponse:
    """Take a shift off the rota."""
    try:
        duty.remove(get_object_or_404(DutyShift, pk=pk), by=request.user, at=timezone.now())
    except NotPossible as refusal:
        messages.error(request, refusal.messages[0])
    else:
        messages.success(request, _("The shift is off the rota."))
    return redirect("duty")


def _rota() -> dict[str, Any]:
    now = timezone.now()
    shifts = list(DutyShift.objects.filter(ends_at__gt=now).select_related("person").order_by("starts_at", "pk"))
    calendar = WorkCalendar.objects.company().as_calendar()
    today = now.astimezone(duty.company_zone()).date()
    near = [shift for shift in shifts if shift.starts_at < duty.midnight(today + timedelta(days=duty.DAYS_SHOWN))]
    days = [(day, [part for part in parts if part.end > now]) for day, parts in duty.days(today, near, calendar)]
    return {"shifts": shifts, "days": days, "gaps": any(not part.people for _day, parts in days for part in parts)}
