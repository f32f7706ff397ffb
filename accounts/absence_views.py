"""`/me/absence/`: when one is away and who stands in; for those with the right, everybody's."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts import absences
from accounts.doors import PersonRequest, staff_only
from accounts.fields import DayField
from accounts.models import Absence, User
from accounts.people import NotPossible

SHOWN = 100


class Colleague(forms.ModelChoiceField):
    """An active colleague, chosen by name, sent as e-mail address."""

    def __init__(self, **options: Any) -> None:
        super().__init__(queryset=User.objects.none(), to_field_name="email", **options)

    def label_from_instance(self, obj: User) -> str:
        return obj.name


class AbsenceForm(forms.Form):
    """Whole days away, and who stands in; `person` only for whoever may say it of others."""

    person = Colleague(label=gettext_lazy("Who is away"), empty_label=None)
    first_on = DayField(label=gettext_lazy("First day"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    last_on = DayField(label=gettext_lazy("Last day"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    deputy = Colleague(label=gettext_lazy("Who stands in"), empty_label=gettext_lazy("Choose one"))
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200, required=False)

    def __init__(self, data: Any, *, user: User) -> None:
        super().__init__(data, label_suffix="")
        people = User.objects.staff().active().order_by("name", "pk")
        self.fields["deputy"].queryset = people  # type: ignore[attr-defined]
        self.fields["person"].queryset = people  # type: ignore[attr-defined]
        self.fields["person"].initial = user.email
        if not user.may("absence.manage"):
            del self.fields["person"]
            self.fields["deputy"].queryset = people.exclude(pk=user.pk)  # type: ignore[attr-defined]


@staff_only
def own(request: PersonRequest) -> HttpResponse:
    """Show what is to come and note an absence."""
    form = AbsenceForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        try:
            absences.record(said.pop("person", request.user), by=request.user, at=timezone.now(), **said)
        except NotPossible as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("Noted. Meanwhile escalations reach who stands in."))
            return redirect("absence")
    shown = {"form": form, "rows": _to_come(request.user), "may_manage": request.user.may("absence.manage")}
    return render(request, "accounts/absence.html", shown, status=422 if form.errors else 200)


@staff_only
@require_POST
def call_off(request: PersonRequest, pk: int) -> HttpResponse:
    """End an absence now, or have it not begin."""
    absences.call_off(get_object_or_404(_theirs(request.user), pk=pk), by=request.user, at=timezone.now())
    messages.success(request, _("Called off."))
    return redirect("absence")


def _theirs(user: User) -> QuerySet[Absence]:
    rows = Absence.objects.select_related("person", "deputy")
    return rows if user.may("absence.manage") else rows.filter(person=user)


def _to_come(user: User) -> list[dict[str, Any]]:
    now = timezone.now()
    rows = _theirs(user).filter(ends_at__gt=now).order_by("starts_at", "pk")[:SHOWN]
    return [{"row": row, "now": row.starts_at <= now} for row in rows]
