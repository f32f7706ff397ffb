"""The form of a new complaint: three fields are asked, the rest is taken if it is known."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from django.urls import reverse_lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import Contact, Organisation
from complaints.forms.base import day, line, moment, prose
from complaints.gates import Reason, reason
from complaints.models import Complaint
from complaints.models.states import Channel, FoundWhere, RemedyAsked, Safety
from complaints.words import SENTENCES, say
from contracts.fields import ExactDecimalFormField
from contracts.models import Contract, Product

FEW = 15  # options that a plain select may have; more are looked up while typing
CAME_BY = (Channel.PHONE, Channel.EMAIL, Channel.VISIT, Channel.LETTER)
# which field a rule of registration speaks of
FIELD_OF = {
    "customer_missing": "customer",
    "description_missing": "description",
    "found_on_missing": "found_on",
    "found_on_in_future": "found_on",
    "found_on_long_ago": "found_on",
    "received_in_future": "received_at",
    "received_long_ago": "received_at",
    "quantity_above_delivered": "quantity_affected",
    "received_too_early": "late_proof",
}
# what the live help is asked with
HELPED = (
    "goods", "contact", "contract", "found_on", "received_at", "quantity_affected", "quantity_delivered", "safety",
    "work_stopped", "milestone_at_risk", "channel",
)  # fmt: skip
COPIED = (
    "contact", "contact_name", "contact_email", "contact_phone", "channel", "title", "description", "found_on",
    "found_where", "received_at", "late_proof", "product", "quantity_affected", "quantity_delivered", "safety",
    "work_stopped", "milestone_at_risk", "remedy_asked", "contract",
)  # fmt: skip


class PickField(forms.CharField):
    """One of many rows, by its code: a select while there are few, else a field with suggestions as one types."""

    def __init__(self, *, rows: Any, lookup: str, unknown: Any, **options: Any) -> None:
        self.rows, self.lookup, self.unknown = rows, lookup, unknown
        super().__init__(max_length=200, **options)

    def offer(self, name: str) -> None:
        """Choose the widget by how many rows there are."""
        few = list(self.rows().order_by("code")[: FEW + 1])
        if len(few) <= FEW:
            choices = [("", _("Choose one"))] + [(row.code, _named(row)) for row in few]
            self.widget = forms.Select(choices=choices, attrs={"data-help": True})
        else:
            self.widget = forms.TextInput(attrs=self._looked_up(name))
        self.widget.is_required = self.required

    def _looked_up(self, name: str) -> dict[str, Any]:
        return {
            "list": f"{name}_found", "data-lookup": "250", "autocomplete": "off", "hx-get": self.lookup,
            "hx-trigger": "typed", "hx-include": "this", "hx-target": f"#{name}_found", "hx-sync": "this:replace",
            "data-help": True,
        }  # fmt: skip

    def clean(self, value: Any) -> Any:
        words = super().clean(value)
        if not words:
            return None
        named = Q(code__iexact=words) | Q(name__iexact=words) | Q(name_zh=words)
        found = list(self.rows().filter(named)[:2])
        exact = [row for row in found if row.code.lower() == words.lower()] or found
        if len(exact) != 1:
            raise ValidationError(self.unknown, code="unknown")
        return exact[0]


class ContactChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Model) -> str:
        assert isinstance(obj, Contact)
        return f"{obj.name}, {masked(obj.phone)}" if obj.phone else obj.name


class ContractChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Model) -> str:
        assert isinstance(obj, Contract)
        return f"{obj.number} {obj.shown_title}"


def masked(phone: str) -> str:
    """Return a phone number for a list: 138****1402."""
    return f"{phone[:-8]}****{phone[-4:]}" if len(phone) > 8 else phone


def customers() -> QuerySet[Organisation]:
    return Organisation.objects.filter(kind=Organisation.Kind.CUSTOMER, is_active=True)


class IntakeForm(forms.Form):
    """What is known when a complaint comes in. As `draft`, nothing is required."""

    customer = PickField(
        label=_("Customer"), rows=customers, lookup=reverse_lazy("lookup_customers"),
        unknown=_("This customer is not known. Choose one from the list."),
        error_messages={"required": SENTENCES["customer_missing"]},
    )  # fmt: skip
    contact = ContactChoice(label=_("Contact"), queryset=Contact.objects.none(), required=False)
    contact_name = line(_("Name"), required=False, most=120)
    contact_email = forms.EmailField(label=_("E-mail"), required=False)
    contact_phone = line(_("Telephone"), required=False, most=40)
    channel = forms.ChoiceField(
        label=_("Came by"), widget=forms.RadioSelect, choices=[(way.value, way.label) for way in CAME_BY],
        initial=Channel.PHONE.value, required=False,
    )  # fmt: skip
    description = prose(_("In their words"), rows=5, error_messages={"required": SENTENCES["description_missing"]})
    title = line(_("Title"), required=False, most=160, hint=_("Left empty: the first line of what happened."))
    found_on = day(_("Found on"))
    found_where = forms.ChoiceField(
        label=_("Found at"), choices=FoundWhere.choices[1:], widget=forms.RadioSelect, required=False
    )
    received_at = moment(
        _("When it came in"), required=False, hint=_("Leave empty for now. Deadlines count from here.")
    )
    late_proof = line(
        _("Proof of receipt"), required=False,
        hint=_("Letter, mail or call record; needed if it came in more than 7 days ago."),
    )  # fmt: skip
    goods = line(_("Serial or lot"), required=False, most=80)
    product = PickField(
        label=_("Product"), rows=Product.objects.all, lookup=reverse_lazy("lookup_goods"), required=False,
        unknown=_("This product is not known. Choose one from the list."),
    )  # fmt: skip
    contract = ContractChoice(label=_("Contract"), queryset=Contract.objects.none(), required=False)
    quantity_affected = ExactDecimalFormField(label=_("Units affected"), required=False)
    quantity_delivered = ExactDecimalFormField(label=_("of units delivered"), required=False)
    safety = forms.ChoiceField(
        label=_("Danger"), choices=Safety.choices, widget=forms.RadioSelect, required=False, initial="",
        help_text=_("Not answered counts as danger."),
    )  # fmt: skip
    work_stopped = forms.BooleanField(label=_("Work stopped"), required=False)
    milestone_at_risk = forms.BooleanField(label=_("Milestone at risk"), required=False)
    remedy_asked = forms.MultipleChoiceField(
        label=_("Customer wants"), choices=RemedyAsked.choices, widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(self, *args: Any, draft: bool = False, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.fields["found_on"].error_messages["required"] = say(reason("found_on_missing"))
        self._offer_theirs()
        if draft:
            for field in self.fields.values():
                field.required = False

    def dress(self) -> IntakeForm:
        """Choose the controls, which a form that is only read does not need."""
        for name in ("customer", "product"):
            self.fields[name].offer(name)
        for name in HELPED:
            self.fields[name].widget.attrs["data-help"] = True
        for name in ("goods", "description"):
            self.fields[name].widget.attrs["data-lookup"] = "400"
        if not self.is_bound and not self.initial.get("customer"):
            self.fields["customer"].widget.attrs["autofocus"] = True
        return self

    def _offer_theirs(self) -> None:
        """Offer the contacts and contracts of the customer, if one is named."""
        said = self["customer"].value()
        code = said if isinstance(said, str) else ""
        offers_of(self.fields, code.strip())

    def refuse(self, reasons: list[Reason]) -> None:
        """Put the reasons of a refusal beside the fields that they speak of."""
        for why in reasons:
            self.add_error(FIELD_OF.get(why.code), say(why))

    def fill(self, complaint: Complaint) -> Complaint:
        """Set what was said on a complaint that is not kept yet; `find_goods` and `find_contract` do the rest."""
        said = self.cleaned_data
        complaint.customer = said.get("customer")
        for name in COPIED:
            value = said.get(name)
            setattr(complaint, name, _blank(complaint, name) if value in (None, "") else value)
        return complaint


def offers_of(fields: Any, customer: str) -> None:
    """Limit contact and contract to those of the customer with that code."""
    whose = {"organisation__code__iexact": customer, "is_active": True}
    fields["contact"].queryset = Contact.objects.filter(**whose).order_by("name", "pk")
    contracts = Contract.objects.filter(customer__code__iexact=customer, status=Contract.Status.IN_FORCE)
    fields["contract"].queryset = contracts.order_by("-signed_on", "pk")
    fields["contact"].empty_label = _("Not named") if customer else _("Choose the customer first")
    fields["contract"].empty_label = _("The only one, or not known yet")


def initial_of(complaint: Complaint) -> dict[str, Any]:
    """Return what a kept draft says, for the form."""
    said = {name: getattr(complaint, name) for name in COPIED if name not in {"product", "contact", "contract"}}
    said |= {"contact": complaint.contact_id, "contract": complaint.contract_id}
    said["customer"] = complaint.customer.code if complaint.customer else ""
    said["product"] = complaint.product.code if complaint.product else ""
    said["goods"] = complaint.serial or (complaint.lot.number if complaint.lot else "")
    return said


def _blank(complaint: Complaint, name: str) -> Any:
    field = complaint._meta.get_field(name)
    return field.get_default()


def _named(row: Any) -> str:
    """Return what a select says of a firm or a product, in the reader's language."""
    shown = row.shown_name(get_language() or "en") if isinstance(row, Organisation) else row.shown_name
    return f"{shown} ({row.code})"
