"""The forms of the twenty moves (T02–T21); most ask little or nothing, since the rooms have gathered it before."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Department
from complaints import emergencies, guards
from complaints.facts import Triage
from complaints.forms.base import ActForm, PeopleField, PersonField, Section, colleagues, line, prose
from complaints.forms.emergency import PlanField
from complaints.forms.grading import ASKED, GradeFields, proposal_for
from complaints.models import Complaint, Dispute
from complaints.models.states import Channel, FoundWhere, Grade, Nonconformity, RemedyAsked, Safety, State
from contracts.fields import ExactDecimalFormField
from contracts.models import ContractVersion, Product


class PlainForm(ActForm):
    """Nothing to say but yes."""


class SendForm(PlainForm):
    """Nothing to say, and sent at this moment."""

    dated = False


class ReasonForm(ActForm):
    reason = prose(_("Reason"))


class TriageForm(GradeFields):
    """T03, with the facts that intake left open."""

    owner = PersonField(label=_("Owner"))
    department = forms.ModelChoiceField(
        label=_("Department in charge"), queryset=Department.objects.none(), to_field_name="code"
    )
    nonconformity = forms.MultipleChoiceField(
        label=_("Kind of nonconformity"), choices=Nonconformity.choices, widget=forms.CheckboxSelectMultiple
    )
    safety = forms.ChoiceField(
        label=_("Safety"), choices=Safety.choices[1:], widget=forms.RadioSelect(attrs=dict(ASKED))
    )
    found_where = forms.ChoiceField(label=_("Found at"), choices=FoundWhere.choices[1:])
    product = forms.ModelChoiceField(
        label=_("Product"), queryset=Product.objects.none(), to_field_name="code", required=False
    )
    goods_unknown_because = line(_("Why the goods are not known"), required=False)
    quantity_affected = ExactDecimalFormField(label=_("Units affected"))
    quantity_delivered = ExactDecimalFormField(label=_("Units delivered"))
    unit = line(_("Unit"), required=False, most=16)
    remedy_asked = forms.MultipleChoiceField(
        label=_("The customer asks for"), choices=RemedyAsked.choices, widget=forms.CheckboxSelectMultiple
    )
    contract_version = forms.ModelChoiceField(
        label=_("Contract version"), queryset=ContractVersion.objects.none(), required=False
    )
    no_contract_because = line(_("Why there is no contract"), required=False)
    duplicate_checked = forms.BooleanField(
        label=_("I have looked for duplicates"), help_text=_("Similar cases stand beside this form.")
    )
    sections = (
        GradeFields.graded,
        Section(
            _("Goods and quantities"),
            ("nonconformity", "safety", "found_where", "product", "goods_unknown_because", "quantity_affected",
             "quantity_delivered", "unit", "remedy_asked"),
            _("Known already"),
        ),
        Section(
            _("Owner and contract"),
            ("owner", "department", "contract_version", "no_contract_because", "duplicate_checked"),
        ),
    )  # fmt: skip
    FACTS = (
        "safety", "found_where", "product", "goods_unknown_because", "quantity_affected", "quantity_delivered", "unit",
        "remedy_asked",
    )  # fmt: skip

    def prepare(self) -> None:
        complaint = self.complaint
        self.fields["owner"].queryset = colleagues("case.edit")
        self.initial.setdefault("owner", complaint.owner.email if complaint.owner else self.user.email)
        self.fields["department"].queryset = Department.objects.order_by("code")
        self.fields["product"].queryset = Product.objects.order_by("code")
        self.fields["contract_version"].queryset = (
            ContractVersion.objects.filter(contract__customer_id=complaint.customer_id)
            .select_related("contract")
            .order_by("contract__number", "-version")
        )
        for name in (*self.FACTS, "nonconformity", "no_contract_because"):
            self.initial.setdefault(name, getattr(complaint, name))
        if complaint.product_id:
            self.initial["product"] = complaint.product.code
        self.initial.setdefault("contract_version", complaint.contract_version_id)
        if guards.goods_named(complaint):
            self.fields["goods_unknown_because"].widget = forms.HiddenInput()
        self.open_with(proposal_for(complaint, self.now))

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if self.errors:
            return said
        keys = ("owner", "department", "contract_version", "no_contract_because", "duplicate_checked", "grade")
        triage = Triage(
            **self.scores(),
            **{name: said[name] for name in keys},
            nonconformity=tuple(said["nonconformity"]),
            repeat_after_capa=said["repeat_after_capa"],
            override_reason=said["override_reason"],
            facts={name: said[name] for name in self.FACTS},
        )
        return {"triage": triage, "at": said.get("at")}


class MobiliseForm(ActForm):
    leader = PersonField(label=_("Team leader"))
    champion = PersonField(label=_("Champion"), help_text=_("The manager who clears the way."))
    members = PeopleField(label=_("Members"))
    plan = PlanField(required=False)
    commander = PersonField(label=_("Commander"), required=False)

    def prepare(self) -> None:
        for name in ("leader", "champion", "members", "commander"):
            self.fields[name].queryset = colleagues()
        if self.complaint.grade == Grade.G1 and not emergencies.of(self.complaint):
            self.fields["plan"].choose(self.complaint, now=self.now, grade=Grade.G1)
            self.fields["plan"].required = True
        else:
            del self.fields["plan"], self.fields["commander"]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if "members" in said:
            said["members"] = tuple(said["members"])
        return said


class CounterForm(ActForm):
    reason = prose(_("What the customer says"))
    refusal = forms.BooleanField(label=_("The customer refuses outright"), required=False)


class AcceptForm(ActForm):
    kind = forms.ChoiceField(
        label=_("How it was accepted"),
        choices=[
            ("SIGNATURE", _("Signature")),
            ("EMAIL", pgettext_lazy("a channel", "E-mail")),
            ("PORTAL", _("Portal")),
        ],
    )
    name = line(_("Who signed for the customer"), required=False, most=200)
    evidence = prose(_("Who accepted, and where it can be seen"), rows=2)
    proposal = forms.IntegerField(label=_("Version accepted"), required=False, min_value=1)


class ConfirmForm(ActForm):
    person = line(_("Who confirmed for the customer"), required=False, most=120)
    how = prose(_("How, and what was said"), rows=2, required=False)
    deemed = forms.BooleanField(
        label=_("By silence, after two reminders"), required=False,
        help_text=_("Only where the agreed terms allow it."),
    )  # fmt: skip


class ReopenForm(ActForm):
    ground = forms.ChoiceField(
        label=_("Why it comes back"),
        choices=[
            ("SAME_DEFECT", _("The same defect shows again")),
            ("PROMISE_BROKEN", _("A promise was not kept")),
            ("SURVEY", _("The survey says it is not solved")),
        ],
    )
    reason = prose(_("What happened"))


class ObjectForm(ActForm):
    reason = prose(_("What the customer objects"))
    new_evidence = forms.BooleanField(label=_("It brings new evidence"), required=False)


class WithdrawForm(ActForm):
    statement = prose(_("The customer’s written statement"), hint=_("Word for word."))
    internal_record = line(_("Number of the internal nonconformity record"), required=False, most=120)


class MergeForm(ActForm):
    master = forms.ModelChoiceField(
        label=_("Merge into"), queryset=Complaint.objects.none(), to_field_name="ref",
        help_text=_("The same customer, the same goods, the same defect."),
    )  # fmt: skip

    def prepare(self) -> None:
        same = Complaint.objects.visible_to(self.user).backlog().filter(customer_id=self.complaint.customer_id)
        self.fields["master"].queryset = same.exclude(pk=self.complaint.pk).order_by("-received_at", "-pk")
        self.fields["master"].label_from_instance = lambda case: f"{case.ref} · {case.title}"


class DisputeForm(ActForm):
    ground = forms.ChoiceField(label=_("Why the talks are stuck"), choices=Dispute.Ground.choices)
    notice = prose(_("The notice, or what was said last"))


class SettleForm(ActForm):
    to = forms.ChoiceField(
        label=_("Where the case goes"),
        choices=[
            (State.NEGOTIATING, _("Back to negotiation")),
            (State.EXECUTING, _("To execution")),
            (State.CLOSED, _("Closed")),
        ],
    )
    outcome = prose(_("Settlement or award, in words"))


class NoAnswerForm(ActForm):
    """What a customer misses in the initial analysis, told to us by phone or mail."""

    missed = prose(_("What the customer says is missing"))
    author = line(_("Who said it"), required=False, most=120)
    channel = forms.ChoiceField(
        label=_("How"), initial=Channel.PHONE,
        choices=[(way, Channel(way).label) for way in (Channel.PHONE, Channel.EMAIL, Channel.LETTER, Channel.VISIT)],
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if "missed" in said:
            said["body"] = said.pop("missed")
        return said
