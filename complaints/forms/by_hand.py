"""The forms of what is assessed by hand: an entitlement without the clauses, an impact without the project's rows."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.forms.base import ActForm, empty_money, prose
from complaints.models import EntitlementAssessment
from contracts.entitlement_words import VERDICTS
from contracts.fields import MoneyFormField
from contracts.models import Clause

MOST = 1_000_000_000  # what a whole number in the database can hold
ZERO = _("Empty counts as 0.")


class EntitlementForm(ActForm):
    status = forms.ChoiceField(
        label=_("Verdict"), choices=[(one, VERDICTS[one]) for one in EntitlementAssessment.Status.values]
    )
    clauses = forms.ModelMultipleChoiceField(
        label=_("Clauses"), queryset=Clause.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    reasoning = prose(_("Reasoning"), rows=4)

    def prepare(self) -> None:
        version = self.complaint.contract_version_id
        self.fields["clauses"].queryset = Clause.objects.filter(version_id=version).order_by("number", "pk")


class FinanceForm(ActForm):
    """The three sums begin in the contract's currency; what is at risk may be left empty and is 0 then."""

    delay_days = forms.IntegerField(label=_("Delay of the project, days"), min_value=0, max_value=MOST)
    payments_at_risk = MoneyFormField(label=_("Payments at risk"), zero_if_empty=True, help_text=ZERO)
    retention_at_risk = MoneyFormField(label=_("Retention at risk"), zero_if_empty=True, help_text=ZERO)
    remedy_cost = MoneyFormField(label=_("Cost of the remedy"))
    reputation = forms.TypedChoiceField(
        label=_("Reputation"), choices=[(n, str(n)) for n in range(1, 6)], coerce=int, widget=forms.RadioSelect,
        help_text=_("1 none … 5 public attention"),
    )  # fmt: skip
    lender_material = forms.BooleanField(label=_("The lender must be told"), required=False)
    note = prose(_("How it was estimated"))

    def prepare(self) -> None:
        for name in ("payments_at_risk", "retention_at_risk", "remedy_cost"):
            self.initial.setdefault(name, empty_money(self.complaint))
