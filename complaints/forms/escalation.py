"""The forms of escalation: explain and judge a breach, take up a step, call for a manager and answer."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import Department
from complaints import timekeeping
from complaints.escalations import LEVELS, unsaid
from complaints.forms.base import ActForm, YesNoField, line, moment, prose
from complaints.models import Complaint, SlaBreach, SlaClock
from complaints.models.states import BreachReason, Channel, Metric
from complaints.words import say

MUST = {  # what a level asks, DOMAIN §3.4
    1: _("L1: confirm the plan"),
    2: _("L2: help, or hand the case to somebody else"),
    3: _("L3: decide what is needed, inform Sales"),
    5: _("L5: decide, and write it down"),
}


class BreachField(forms.ModelChoiceField):
    """A missed deadline of the case, by what was due and when."""

    def __init__(self, **options: Any) -> None:
        super().__init__(label=_("Missed deadline"), queryset=SlaBreach.objects.none(), **options)

    def label_from_instance(self, obj: SlaBreach) -> str:
        due = date_format(timezone.localtime(obj.due_at), "SHORT_DATETIME_FORMAT")
        return f"{Metric(obj.clock.metric).label}, {due}"


class DepartmentField(forms.ModelChoiceField):
    """A department, by its name in the reader's language, sent as its code."""

    def __init__(self, **options: Any) -> None:
        super().__init__(queryset=Department.objects.order_by("code"), to_field_name="code", **options)

    def label_from_instance(self, obj: Department) -> str:
        return obj.shown_name(get_language() or "en")


class ExplainBreachForm(ActForm):
    breach = BreachField()
    reason = forms.ChoiceField(label=_("Reason"), choices=BreachReason.choices)
    text = prose(_("What happened"), rows=2)
    department = DepartmentField(label=_("In which department"), required=False)
    customer_told_at = moment(_("When the customer heard the new date"), required=False)
    corrective = line(
        _("Corrective action"), required=False, hint=_("Its number or address, if one comes out of this.")
    )

    def prepare(self) -> None:
        self.fields["breach"].queryset = breaches(self.complaint, status="OPEN")

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if later := timekeeping.told_later(said.get("customer_told_at"), said.get("at") or self.now):
            self.add_error("customer_told_at", say(later))
        return said


class ExcuseBreachForm(ActForm):
    breach = BreachField()
    excusable = YesNoField(label=_("Is it excusable?"))

    def prepare(self) -> None:
        self.fields["breach"].queryset = breaches(self.complaint, status="EXPLAINED", excusable=None)


def breaches(complaint: Complaint, **which: Any) -> QuerySet[SlaBreach]:
    """Return the missed deadlines of a case that a form offers."""
    return SlaBreach.objects.filter(clock__complaint=complaint, **which).select_related("clock").order_by("pk")


class AcknowledgeStepForm(ActForm):
    """Which step is taken up; the page of the case opens it with both chosen."""

    metric = forms.ChoiceField(label=_("Clock"), choices=Metric.choices)
    level = forms.TypedChoiceField(label=_("Step"), choices=[(n, MUST[n]) for n in LEVELS], coerce=int)
    text = prose(_("What is decided or planned"), rows=3, required=False, hint=_("Needed for L3 and L5."))
    sales_informed = YesNoField(label=_("Was Sales informed? (L3)"), required=False)
    clock = forms.ModelChoiceField(
        label=_("Clock"), queryset=SlaClock.objects.none(), required=False, widget=forms.HiddenInput
    )  # which of several of that metric

    def prepare(self) -> None:
        self.fields["clock"].queryset = self.complaint.clocks.order_by("pk")

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        for name, why in unsaid(said.get("level"), said.get("text", ""), said.get("sales_informed")).items():
            self.add_error(name, say(why))
        if (clock := said.get("clock")) and clock.metric != said.get("metric"):
            said["clock"] = None  # another metric was chosen than that of the button
        return said


class EscalateForm(ActForm):
    """A customer's call for a manager, by themselves or taken down by one of us."""

    dated = False
    reason = prose(_("Why a manager is asked for"), rows=3)
    person = line(_("Who at the customer asked"), most=120)
    channel = forms.ChoiceField(
        label=_("How"), choices=[pair for pair in Channel.choices if pair[0] != Channel.IMPORT],
        initial=Channel.PHONE,
    )  # fmt: skip

    def prepare(self) -> None:
        if not self.user.is_staff_member:
            del self.fields["person"], self.fields["channel"]
            return
        contact = self.complaint.contact_name or (self.complaint.contact.name if self.complaint.contact else "")
        self.initial.setdefault("person", contact)


class AnswerCallForm(ActForm):
    dated = False
    decision = prose(_("What was decided"), rows=3, hint=_("The customer sees that it was answered, not these words."))
