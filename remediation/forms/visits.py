"""The forms of the return visits."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from complaints.forms.base import YesNoField, day, line, prose
from remediation.forms.base import RowField, RowForm
from remediation.models import ReturnVisit
from remediation.models.kinds import VisitKind
from remediation.visits import OPEN


class VisitForm(RowForm):
    """An act on one visit; the next that is open unless another is named."""

    visit = RowField(ReturnVisit, label=_("Which visit"))
    row, newest = "visit", True

    def rows(self) -> QuerySet[ReturnVisit]:
        return self.complaint.visits.order_by("-cycle", "number")

    def fits(self, rows: QuerySet[ReturnVisit]) -> Iterable[ReturnVisit]:
        return rows.filter(status__in=OPEN, cycle=self.complaint.cycle)


class RecordVisitForm(VisitForm):
    kind = forms.ChoiceField(label=_("How"), required=False, choices=[("", _("As planned")), *VisitKind.choices])
    contact_met = line(_("Whom we met"), required=False, most=200)
    works = YesNoField(label=_("Does it work?"))
    same_defect = YesNoField(
        label=_("Does the same defect show again?"), initial="0", required=False,
        help_text=_("If so, reopening is decided within one working day."),
    )  # fmt: skip
    satisfaction = forms.TypedChoiceField(
        label=_("Satisfaction"), required=False, coerce=int, empty_value=None, widget=forms.RadioSelect,
        choices=[(n, str(n)) for n in range(1, 6)], help_text=_("1 very unhappy … 5 very happy"),
    )  # fmt: skip
    other_problems = prose(_("Other problems"), rows=2, required=False)
    open_promises = prose(_("Promises still open"), rows=2, required=False, hint=_("Becomes a task."))
    risk_seen = prose(_("Risk seen"), rows=2, required=False, hint=_("Becomes a task."))
    next_step = prose(_("Next step"), rows=2, required=False)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        return {**said, "same_defect": bool(said.get("same_defect"))}


class MoveVisitForm(VisitForm):
    agreed_on = day(_("New date"))
    because = prose(_("What the customer wrote"), rows=2, hint=_("The date moves at the customer’s written request."))


class CancelVisitForm(VisitForm):
    because = prose(_("Why it is not made"), rows=2)
