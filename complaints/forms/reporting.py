"""The forms of duties to report."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from complaints.forms.base import ActForm, line, moment, prose
from complaints.models import SlaClock
from complaints.models.states import UNDECIDED, Metric, ReportingDuty
from complaints.reporting import duty_of


class ReportableForm(ActForm):
    duty = forms.ChoiceField(label=_("Duty to report"), choices=ReportingDuty.choices)
    why = prose(_("Why it must be reported"), rows=2)
    due_at = moment(
        _("Due"), required=False, hint=_("Needed where the duty names no limit; else only for an earlier moment.")
    )


class OwedField(forms.ModelChoiceField):
    """A report or notice that is still owed, by what it is and when it is due."""

    def __init__(self, **options: Any) -> None:
        super().__init__(queryset=SlaClock.objects.none(), **options)

    def label_from_instance(self, obj: SlaClock) -> str:
        due = date_format(timezone.localtime(obj.due_at), "SHORT_DATETIME_FORMAT")
        duty = duty_of(obj)
        return f"{ReportingDuty(duty).label if duty in ReportingDuty.values else Metric(obj.metric).label}, {due}"


class ReportForm(ActForm):
    clock = OwedField(label=_("Report"))
    reference = line(_("Reference"), hint=_("Number or link under which it can be found again."))

    def prepare(self) -> None:
        self.fields["clock"].queryset = owed(self.complaint, Metric.REG_REPORT)


class LenderNoticeForm(ActForm):
    clock = OwedField(label=_("Notice"))
    reference = line(_("Reference"), hint=_("Number or link under which it can be found again."))

    def prepare(self) -> None:
        self.fields["clock"].queryset = owed(self.complaint, Metric.LENDER_NOTICE)


def owed(complaint: Any, metric: Metric) -> Any:
    """Return the clocks of reports or notices that are still to be sent."""
    return SlaClock.objects.filter(complaint=complaint, metric=metric, state__in=UNDECIDED).order_by("due_at", "pk")
