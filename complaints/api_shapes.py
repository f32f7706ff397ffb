"""The shapes of the API: what a case looks like from outside, and what an intake may say."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from accounts.models import Contact, Organisation, User
from complaints.models import Complaint, FinanceImpact, SlaClock
from complaints.models.states import Channel, ClockState, FoundWhere, Nonconformity, RemedyAsked, Safety
from contracts.amounts import write_number
from contracts.models import Contract, Lot, Product
from contracts.money import Money
from contracts.questions import version_in_force

ONE_LINE = frozenset(
    {"title", "contact_name", "contact_phone", "found_place", "unit", "serial", "goods_unknown_because",
     "no_contract_because", "late_proof"}
)  # fmt: skip
OUR_MOMENTS = frozenset({"at", "received_at", "late_proof"})  # a customer's own report came in when it came in


class StrictMixin:
    """Refuse fields that the shape does not know, so that a misspelling is not lost in silence."""

    def to_internal_value(self, data: Any) -> Any:
        unknown = set(data) - set(self.fields) if isinstance(data, dict) else set()  # type: ignore[attr-defined]
        if unknown:
            raise serializers.ValidationError({name: [_("There is no such field.")] for name in sorted(unknown)})
        return super().to_internal_value(data)  # type: ignore[misc]


class ClockShape(serializers.ModelSerializer):
    """A clock as it stands; `met` is null while it is undecided."""

    met = serializers.SerializerMethodField()

    class Meta:
        model = SlaClock
        fields = (
            "metric", "cycle", "subject", "basis", "target_minutes", "pausable", "policy", "state", "generation",
            "started_at", "due_at", "stopped_at", "breached_at", "level", "met",
        )  # fmt: skip

    def get_met(self, clock: SlaClock) -> bool | None:
        if clock.breached_at:
            return False
        return True if clock.state == ClockState.STOPPED else None


class ImpactShape(serializers.ModelSerializer):
    """A version of the project impact; `inputs` and `result` are null where it was entered by hand."""

    by = serializers.CharField(source="by.name", read_only=True)
    project = serializers.CharField(source="project.code", default=None, read_only=True)
    payments_at_risk = serializers.SerializerMethodField()
    retention_at_risk = serializers.SerializerMethodField()
    remedy_cost = serializers.SerializerMethodField()
    inputs = serializers.SerializerMethodField()
    result = serializers.SerializerMethodField()

    class Meta:
        model = FinanceImpact
        fields = [
            "cycle", "number", "at", "by", "project", "currency", "delay_days", "payments_at_risk",
            "retention_at_risk", "remedy_cost", "reputation", "lender_material", "lender_test", "lender_reason",
            "note", "inputs", "result",
        ]  # fmt: skip

    def get_payments_at_risk(self, impact: FinanceImpact) -> str:
        return _exact(impact.payments_at_risk)

    def get_retention_at_risk(self, impact: FinanceImpact) -> str:
        return _exact(impact.retention_at_risk)

    def get_remedy_cost(self, impact: FinanceImpact) -> str:
        return _exact(impact.remedy_cost)

    def get_inputs(self, impact: FinanceImpact) -> dict[str, Any] | None:
        return json.loads(impact.inputs) if impact.is_reckoned else None

    def get_result(self, impact: FinanceImpact) -> dict[str, Any] | None:
        return json.loads(impact.result) if impact.is_reckoned else None


def _exact(money: Money) -> str:
    """Return an amount with all digits of its currency."""
    return write_number(money.rounded().amount)


class RowShape(serializers.ModelSerializer):
    """A case in a list."""

    customer = serializers.CharField(source="customer.code")
    owner = serializers.EmailField(source="owner.email", default=None)
    clocks = ClockShape(many=True, source="open_clocks")

    class Meta:
        model = Complaint
        fields = ("ref", "title", "state", "stage", "grade", "customer", "owner", "received_at", "clocks")


class CaseShape(RowShape):
    """A case whole, for staff."""

    product = serializers.CharField(source="product.code", default=None)
    contract = serializers.CharField(source="contract.number", default=None)
    department = serializers.CharField(source="department.code", default=None)
    lot = serializers.CharField(source="lot.number", default=None)
    master = serializers.CharField(source="master.ref", default=None)

    class Meta(RowShape.Meta):
        fields = (  # type: ignore[assignment]
            *RowShape.Meta.fields, "version", "cycle", "channel", "language", "description", "contact_name",
            "contact_email", "contact_phone", "registered_at", "late_proof", "found_on", "found_where", "found_place",
            "nonconformity", "remedy_asked", "quantity_affected", "quantity_delivered", "quantity_confirmed", "unit",
            "safety", "work_stopped", "milestone_at_risk", "product", "lot", "serial", "goods_unknown_because",
            "contract", "no_contract_because", "department", "master", "escalation_level", "major_issue", "reportable",
            "lender_material", "claim_8d", "triaged_at", "diagnosed_at", "resolved_at", "ended_at",
        )  # fmt: skip


class CustomerShape(serializers.ModelSerializer):
    """A case as its customer sees it: no grade, clocks, owner or analysis (DOMAIN §2.2, invariant 6)."""

    customer = serializers.CharField(source="customer.code")

    class Meta:
        model = Complaint
        fields = (
            "ref", "title", "stage", "customer", "received_at", "description", "found_on", "language", "version",
            "contact_name", "contact_email", "contact_phone", "remedy_asked", "resolved_at",
        )  # fmt: skip


class FactsShape(StrictMixin, serializers.ModelSerializer):
    """The facts that an edit may change."""

    product = serializers.SlugRelatedField("code", queryset=Product.objects.all(), required=False, allow_null=True)
    contract = serializers.CharField(required=False, allow_null=True, max_length=80)
    lot = serializers.CharField(required=False, allow_null=True, max_length=80)
    contact = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=2**63 - 1)
    found_where = serializers.ChoiceField(FoundWhere.choices, required=False, allow_blank=True)
    safety = serializers.ChoiceField(Safety.choices, required=False, allow_blank=True)
    nonconformity = serializers.ListField(child=serializers.ChoiceField(Nonconformity.choices), required=False)
    remedy_asked = serializers.ListField(child=serializers.ChoiceField(RemedyAsked.choices), required=False)
    quantity_affected = serializers.DecimalField(20, 6, required=False, allow_null=True, min_value=0)
    quantity_delivered = serializers.DecimalField(20, 6, required=False, allow_null=True, min_value=0)
    language = serializers.ChoiceField(settings.LANGUAGES, required=False)

    class Meta:
        model = Complaint
        fields = (
            "title", "contact", "contact_name", "contact_email", "contact_phone", "language", "found_on",
            "found_where", "found_place", "nonconformity", "remedy_asked", "quantity_affected", "quantity_delivered",
            "unit", "safety", "work_stopped", "milestone_at_risk", "product", "contract", "lot", "serial",
            "goods_unknown_because", "no_contract_because", "claim_8d",
        )  # fmt: skip
        extra_kwargs = {"title": {"required": False, "allow_blank": True}, "found_on": {"required": False}}

    def validate(self, said: dict[str, Any]) -> dict[str, Any]:
        said |= {name: " ".join(said[name].split()) for name in ONE_LINE & said.keys() if said[name]}
        customer = said.get("customer") or (self.instance and self.instance.customer)
        if said.get("contract"):
            theirs = Contract.objects.filter(customer=customer)
            said["contract"] = _one(
                "contract", theirs, _("No such contract of this customer."), number=said["contract"]
            )
        if said.get("contact"):
            people = Contact.objects.filter(organisation=customer)
            said["contact"] = _one("contact", people, _("No such contact of this customer."), pk=said["contact"])
        if said.get("lot"):
            said["lot"] = self._lot(said["lot"], said.get("product") or (self.instance and self.instance.product))
        return said

    def _lot(self, number: str, product: Product | None) -> Lot:
        user: User = self.context["request"].user
        lots = Lot.objects.filter(number=number, **({"product": product} if product else {}))
        if not user.is_staff_member:  # another firm's lot is none
            lots = lots.filter(deliveries__customer=user.organisation).distinct()
        found = list(lots[:2])
        if len(found) == 1:
            return found[0]
        words = _("Several products have a lot of this number. Name the product.") if found else _("No such lot.")
        raise serializers.ValidationError({"lot": words})


def _one(name: str, rows: QuerySet[Any], missing: Any, **key: Any) -> Any:
    """Return the one row; what belongs to others is missing too."""
    found = list(rows.filter(**key)[:2])
    if len(found) != 1:
        raise serializers.ValidationError({name: missing})
    return found[0]


class IntakeShape(FactsShape):
    """What a new complaint says: customer, description and found_on, the rest when it is known."""

    customer = serializers.SlugRelatedField(
        "code", queryset=Organisation.objects.filter(kind="CUSTOMER", is_active=True), required=False
    )
    description = serializers.CharField(max_length=100_000)
    found_on = serializers.DateField()
    received_at = serializers.DateTimeField(required=False)
    late_proof = serializers.CharField(max_length=300, required=False, allow_blank=True)
    channel = serializers.ChoiceField(Channel.choices, required=False)
    draft = serializers.BooleanField(required=False)
    at = serializers.DateTimeField(required=False)

    class Meta(FactsShape.Meta):
        fields = (  # type: ignore[assignment]
            *FactsShape.Meta.fields, "customer", "description", "received_at", "late_proof", "channel", "draft", "at",
        )  # fmt: skip

    def validate(self, said: dict[str, Any]) -> dict[str, Any]:
        user: User = self.context["request"].user
        if not user.is_staff_member:
            if ours := OUR_MOMENTS & said.keys():
                raise serializers.ValidationError({name: _("There is no such field.") for name in sorted(ours)})
            said["customer"], said["channel"] = user.organisation, Channel.PORTAL
        if "customer" not in said:
            raise serializers.ValidationError({"customer": _("Name the customer.")})
        return super().validate(said)

    def new_case(self) -> Complaint:
        """Return the unsaved case that the verb registers."""
        said = {name: value for name, value in self.validated_data.items() if name not in {"draft", "at"}}
        said.setdefault("channel", Channel.API)
        said.setdefault("language", said["customer"].language)
        contract = said.get("contract")
        if contract:
            said["contract_version"] = version_in_force(contract, said["found_on"])
        return Complaint(**said)
