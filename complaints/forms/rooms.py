"""The forms of the rooms: response, diagnosis, letters, tasks."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import Department, Organisation
from complaints.forms.base import (
    ActForm,
    PeopleField,
    PersonField,
    YesNoField,
    colleagues,
    day,
    line,
    moment,
    prose,
)
from complaints.models import (
    Attribution,
    CauseNode,
    ContainmentAction,
    InitialAnalysis,
    RootCause,
    Task,
)
from complaints.models.states import (
    GRID_ROWS,
    CauseCode,
    FoundWhere,
    Leg,
    Location,
    Metric,
    Party,
    PauseReason,
    RejectionReason,
    RemedyAsked,
    Safety,
)
from complaints.timekeeping import BY_HAND
from contracts.fields import ExactDecimalFormField
from contracts.models import Clause, ContractVersion, Lot, Product

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from complaints.models import Complaint

MOST = 1_000_000_000  # what a whole number in the database can hold, and nobody delivers more
GRID_COLUMNS = {
    "is": _("is"),
    "is_not": _("is not, but could be"),
    "distinction": _("difference"),
    "change": _("change"),
}


class AcknowledgeForm(ActForm):
    dated = False
    contact_person = PersonField(label=_("Contact person named in the letter"))

    def prepare(self) -> None:
        self.fields["contact_person"].queryset = colleagues("case.reply")
        self.initial.setdefault("contact_person", self.user.email)


class FactsForm(ActForm):
    """The facts that may still change; the original text may not. `expected` is the version that the person saw."""

    expected = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    title = line(_("Title"), most=160)
    contact_name = line(_("Contact"), required=False, most=120)
    contact_email = forms.EmailField(label=_("E-mail"), required=False)
    contact_phone = line(_("Phone"), required=False, most=40)
    found_on = day(_("Found on"))
    found_where = forms.ChoiceField(label=_("Found at"), choices=FoundWhere.choices, required=False)
    found_place = line(_("Place"), required=False, most=200)
    product = forms.ModelChoiceField(
        label=_("Product"), queryset=Product.objects.none(), to_field_name="code", required=False
    )
    lot = forms.ModelChoiceField(label=_("Lot"), queryset=Lot.objects.none(), required=False)
    serial = line(_("Serial number"), required=False, most=80)
    goods_unknown_because = line(_("Why the goods are not known"), required=False)
    quantity_affected = ExactDecimalFormField(label=_("Units affected"), required=False)
    quantity_delivered = ExactDecimalFormField(label=_("Units delivered"), required=False)
    unit = line(_("Unit"), required=False, most=16)
    contract_version = forms.ModelChoiceField(
        label=_("Contract version"), queryset=ContractVersion.objects.none(), required=False
    )
    safety = forms.ChoiceField(label=_("Safety"), choices=Safety.choices, required=False)
    work_stopped = forms.BooleanField(label=_("Work has stopped"), required=False)
    milestone_at_risk = forms.BooleanField(label=_("A milestone is at risk"), required=False)
    remedy_asked = forms.MultipleChoiceField(
        label=_("The customer asks for"), choices=RemedyAsked.choices, required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    claim_8d = forms.BooleanField(label=_("The customer asks for an 8D report"), required=False)

    def prepare(self) -> None:
        self.fields["product"].queryset = Product.objects.order_by("code")
        lots = Lot.objects.order_by("number", "pk")
        self.fields["lot"].queryset = (
            lots.filter(product_id=self.complaint.product_id) if self.complaint.product_id else lots
        )
        self._offer_versions()
        for name, value in self._kept(self.complaint).items():
            self.initial.setdefault(name, value)

    def _offer_versions(self) -> None:
        """Offer the versions of the case's contract; without a contract the field is gone."""
        if self.complaint.contract_id is None:
            del self.fields["contract_version"]
            return
        versions = ContractVersion.objects.filter(contract_id=self.complaint.contract_id).select_related("contract")
        self.fields["contract_version"].queryset = versions.order_by("-version")

    def _kept(self, complaint: Complaint) -> dict[str, Any]:
        plain = self.fields.keys() - {"at", "product", "lot", "contract_version", "expected"}
        version = {"contract_version": complaint.contract_version_id} if "contract_version" in self.fields else {}
        return {
            **{name: getattr(complaint, name) for name in plain},
            **version,
            "lot": complaint.lot_id,
            "product": complaint.product.code if complaint.product else "",
            "expected": complaint.version,
        }

    def version_now(self, complaint: Complaint) -> int | None:
        return complaint.version

    def show_kept(self, complaint: Complaint) -> None:
        """Say beside each field that differs what is kept now; sent again, the form answers to that version."""
        kept = self._kept(complaint)
        for name in self.fields.keys() & kept.keys() - {"expected"}:
            if self.fields[name].has_changed(kept[name], self[name].data):
                message = _("Kept now: %(kept)s") % {"kept": self._in_words(name, kept[name])}
                self.add_error(name, message)
        again: Any = self.data.copy()
        again["expected"] = complaint.version
        self.data = again

    def _in_words(self, name: str, value: Any) -> str:
        field = self.fields[name]
        if isinstance(value, bool):
            return str(_("Yes") if value else _("No"))
        if isinstance(field, forms.ChoiceField) and value:
            labels = {str(code): str(label) for code, label in field.choices}
            return ", ".join(
                labels.get(str(code), str(code)) for code in (value if isinstance(value, list) else [value])
            )
        return str(value) if value not in (None, "", []) else "—"


class AssignForm(ActForm):
    owner = PersonField(label=_("New owner"))

    def prepare(self) -> None:
        self.fields["owner"].queryset = colleagues("case.edit")


class MeetingForm(ActForm):
    at = moment(_("Held at"), required=False, hint=_("Leave empty for now."))
    folded = ()
    attendees = PeopleField(label=_("Who came"), help_text=_("Quality and customer service must both be there."))
    agenda = prose(_("Agenda"))
    decisions = prose(_("Decisions"))

    def prepare(self) -> None:
        self.fields["attendees"].queryset = colleagues()

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if "attendees" in said:
            said["attendees"] = [(user, self._department(user)) for user in said["attendees"]]
        return said

    def _department(self, user: Any) -> Department:
        membership = user.memberships.active().filter(department__isnull=False).select_related("department").first()
        if membership is None:
            message = _("%(name)s belongs to no department. Ask an administrator to set it.")
            raise ValidationError({"attendees": ValidationError(message, params={"name": user.name})})
        return membership.department


class ContainForm(ActForm):
    location = forms.ChoiceField(label=_("Where"), choices=Location.choices)
    needed = YesNoField(label=_("Is containment needed there?"), initial="1")
    action = prose(_("What is done"), rows=2, required=False)
    because = line(_("Why it is not needed"), required=False)
    owner = PersonField(label=_("Who does it"), required=False)
    due_at = moment(_("Due"), required=False)

    def prepare(self) -> None:
        self.fields["owner"].queryset = colleagues()

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("needed") and not said.get("action"):
            self.add_error("action", _("Write what is done, or say that nothing is needed."))
        if said.get("needed") is False and not said.get("because"):
            self.add_error("because", _("Write why nothing is needed there."))
        return said


class ProveContainmentForm(ActForm):
    action = forms.ModelChoiceField(label=_("Which containment"), queryset=ContainmentAction.objects.none())
    percent = forms.IntegerField(label=_("Share of suspect units contained, %"), min_value=0, max_value=100)
    evidence = prose(_("How that is known"), rows=2)

    def prepare(self) -> None:
        self.fields["action"].queryset = self.complaint.containment.filter(needed=True, effective_at=None).order_by(
            "pk"
        )


class ExtentForm(ActForm):
    """Goods in one place; of the four numbers one may be left empty and is worked out."""

    above = _("Leave one of the four numbers empty and it is worked out: total = bad + good + not known.")
    NUMBERS = ("total", "confirmed", "good", "unknown")
    location = forms.ChoiceField(label=_("Where"), choices=Location.choices)
    lot = forms.ModelChoiceField(label=_("Lot"), queryset=Lot.objects.none(), required=False)
    serials = line(_("Serial numbers"), required=False, most=2000)
    total = forms.IntegerField(label=_("Total"), required=False, min_value=1, max_value=MOST)
    confirmed = forms.IntegerField(label=_("Confirmed bad"), required=False, min_value=0, max_value=MOST)
    good = forms.IntegerField(label=_("Found good"), required=False, min_value=0, max_value=MOST, initial=0)
    unknown = forms.IntegerField(label=_("Not known yet"), required=False, min_value=0, max_value=MOST)

    def prepare(self) -> None:
        lots = Lot.objects.order_by("number", "pk")
        self.fields["lot"].queryset = (
            lots.filter(product_id=self.complaint.product_id) if self.complaint.product_id else lots
        )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        empty = [name for name in self.NUMBERS if name not in self.errors and said.get(name) is None]
        if len(empty) == 1 and not self.errors:
            said[empty[0]] = self._worked_out(empty[0], said)
        elif len(empty) > 1:
            for name in empty:
                message = _("Fill in three of the four numbers; the fourth is worked out.")
                self.add_error(name, ValidationError(message, code="required"))
        return said

    def _worked_out(self, name: str, said: dict[str, Any]) -> int:
        parts = sum(said[other] for other in self.NUMBERS[1:] if other != name)
        found: int = parts if name == "total" else said["total"] - parts
        if found < (name == "total"):
            message = _("The other numbers leave nothing for this one: they are more than the total.")
            self.add_error(name, ValidationError(message, code="invalid"))
        return found


class InitialForm(ActForm):
    """The 48-hour deliverable; it may be kept incomplete, as a draft that says so, but neither empty nor sent so."""

    above = _("Parts with * are needed before it can be approved. Without some of them it is kept as a draft.")
    wanted = ("description", "extent", "confidence", "containment", "remedy_direction", "next_dates", "contact_person")

    description = prose(_("What is confirmed"), required=False)
    extent = prose(_("Extent so far"), rows=2, required=False)
    suspected_cause = prose(_("Suspected cause"), rows=2, required=False)
    confidence = forms.ChoiceField(
        label=_("Confidence"), required=False, choices=[("", "—"), *InitialAnalysis.Confidence.choices],
        help_text=_("“Unknown” is an answer, with a test plan."),
    )  # fmt: skip
    test_plan = prose(_("Test plan"), rows=2, required=False)
    containment = prose(_("Containment, done and planned"), rows=2, required=False)
    remedy_direction = prose(_("Direction of the remedy"), rows=2, required=False)
    next_dates = prose(_("Next dates"), rows=2, required=False)
    questions = prose(_("Questions to the customer"), rows=2, required=False)
    contact_person = PersonField(label=_("Contact person"), required=False)

    def prepare(self) -> None:
        self.fields["contact_person"].queryset = colleagues("case.reply")
        latest = self.complaint.initial_analyses.filter(cycle=self.complaint.cycle).order_by("-number").first()
        if latest is None:
            self.initial.setdefault("contact_person", self.user.email)
            return
        for name in self.fields.keys() - {"at", "contact_person"}:
            self.initial.setdefault(name, getattr(latest, name))
        if latest.contact_person:
            self.initial.setdefault("contact_person", latest.contact_person.email)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        written = [name for name in self.wanted if name != "contact_person"]
        if not self.errors and not any(said.get(name) for name in written):
            for name in written:
                self.add_error(name, ValidationError(_("Nothing is written yet."), code="required"))
        return said


class ApproveInitialForm(ActForm):
    """The version that the person read; without one the latest is meant."""

    number = forms.IntegerField(label=_("Version"), min_value=1, required=False, widget=forms.HiddenInput)

    def prepare(self) -> None:
        latest = self.complaint.initial_analyses.filter(cycle=self.complaint.cycle).order_by("-number").first()
        self.initial.setdefault("number", latest.number if latest else None)


class RejectionForm(ActForm):
    reason = forms.ChoiceField(label=_("Reason"), choices=RejectionReason.choices)
    evidence = prose(_("Evidence"))
    letter_text = prose(_("What the letter says"), rows=6, hint=_("Reasons, clause or law, and how to object."))
    clause = forms.ModelChoiceField(label=_("Clause"), queryset=Clause.objects.none(), required=False)

    def prepare(self) -> None:
        version = self.complaint.contract_version_id
        self.fields["clause"].queryset = Clause.objects.filter(version_id=version).order_by("number", "pk")


class SignOffForm(ActForm):
    move = forms.ChoiceField(
        label=_("Agree to"),
        choices=[("reject", _("Rejecting the complaint")), ("below_floor", _("A grade below its floor"))],
    )
    comment = prose(_("Comment"), rows=2, required=False)


class TaskForm(ActForm):
    text = prose(_("What is to be done"), rows=2)
    owner = PersonField(label=_("Who"))
    due_at = moment(_("Due"), required=False)
    blocking = forms.BooleanField(label=_("The case cannot close without it"), required=False, initial=True)

    def prepare(self) -> None:
        self.fields["owner"].queryset = colleagues()


class FinishTaskForm(ActForm):
    task = forms.ModelChoiceField(label=_("Task"), queryset=Task.objects.none())
    result = prose(_("Result"), rows=2)
    cancelled = forms.BooleanField(label=_("It is no longer needed"), required=False)

    def prepare(self) -> None:
        self.fields["task"].queryset = self.complaint.tasks.filter(status="OPEN").order_by("pk")


class DefectForm(ActForm):
    """The sentence and the is / is-not grid, one field a cell (`grid_WHAT_OBJECT_is`)."""

    sentence = prose(_("The defect in one sentence"), rows=2, hint=_("Object and deviation, in numbers."))
    conditions = prose(_("Conditions"), rows=2, required=False)
    reproduced = line(_("Reproduced?"), required=False, most=200)

    def prepare(self) -> None:
        known = self.complaint.defect_statements.filter(cycle=self.complaint.cycle).first()
        cells = {row["row"]: row for row in known.grid} if known else {}
        for row, row_label in GRID_ROWS.items():
            for column, column_label in GRID_COLUMNS.items():
                name = f"grid_{row}_{column}"
                self.fields[name] = line(f"{row_label}: {column_label}", required=False, most=500)
                self.fields[name].widget.attrs["class"] = "ctl"
                self.initial.setdefault(name, cells.get(row, {}).get(column, ""))
        for name in ("sentence", "conditions", "reproduced"):
            self.initial.setdefault(name, getattr(known, name, ""))

    def grid_rows(self) -> list[dict[str, Any]]:
        """Return the grid's bound fields, row by row, for the page."""
        return [
            {
                "label": label,
                "cells": [{"column": says, "field": self[f"grid_{row}_{name}"]} for name, says in GRID_COLUMNS.items()],
            }
            for row, label in GRID_ROWS.items()
        ]

    def grid_columns(self) -> list[Any]:
        """Return the heads of the grid's columns."""
        return list(GRID_COLUMNS.values())

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        rows = [
            {"row": row, **{column: said.pop(f"grid_{row}_{column}", "") for column in GRID_COLUMNS}}
            for row in GRID_ROWS
        ]
        said["grid"] = [row for row in rows if any(row[column] for column in GRID_COLUMNS)]
        return said


def answers_of(complaint: Complaint) -> QuerySet[CauseNode]:
    """Return the answers in the trees of this cycle."""
    nodes = complaint.cause_nodes.filter(cycle=complaint.cycle, removed_at=None)
    return nodes.exclude(tool=CauseNode.Tool.ISHIKAWA).order_by("leg", "position", "pk")


class WhyForm(ActForm):
    leg = forms.ChoiceField(label=_("Leg"), choices=Leg.choices)
    parent = forms.ModelChoiceField(
        label=_("Because of"), queryset=CauseNode.objects.none(), required=False, empty_label=_("The problem itself")
    )
    text = prose(_("Why?"), rows=2)
    evidence = prose(_("Evidence"), rows=2, required=False)
    result = forms.ChoiceField(label=_("Result"), choices=CauseNode.Result.choices, initial="OPEN", required=False)

    def prepare(self) -> None:
        self.fields["parent"].queryset = answers_of(self.complaint)

    def clean_result(self) -> str:
        return self.cleaned_data["result"] or "OPEN"


class JudgeWhyForm(ActForm):
    node = forms.ModelChoiceField(label=_("Which answer"), queryset=CauseNode.objects.none())
    result = forms.ChoiceField(label=_("Result"), choices=CauseNode.Result.choices)
    test = prose(_("How it was tested"), rows=2, required=False)
    evidence = prose(_("Evidence"), rows=2, required=False)

    def prepare(self) -> None:
        nodes = self.complaint.cause_nodes.filter(cycle=self.complaint.cycle, removed_at=None)
        self.fields["node"].queryset = nodes.order_by("pk")


class CauseForm(ActForm):
    """A root cause; opened from an answer of the tree it begins with its words."""

    leg = forms.ChoiceField(label=_("Leg"), choices=Leg.choices)
    code = forms.ChoiceField(label=_("Code"), choices=CauseCode.choices)
    node = forms.ModelChoiceField(
        label=_("Stands on the answer"), queryset=CauseNode.objects.none(), required=False,
        help_text=_("The last answer of the chain that leads to it."),
    )  # fmt: skip
    text = prose(_("The cause"), rows=2)

    def prepare(self) -> None:
        answers = answers_of(self.complaint).exclude(result=CauseNode.Result.EXCLUDED)
        self.fields["node"].queryset = answers
        known = str(self.initial.get("node", ""))
        named = answers.filter(pk=int(known)).first() if known.isdigit() and len(known) < 19 else None
        if named:
            self.initial.setdefault("text", named.text)
            self.initial.setdefault("leg", named.leg)


class VerifyCauseForm(ActForm):
    cause = forms.ModelChoiceField(label=_("Cause"), queryset=RootCause.objects.none())
    method = prose(_("How it was tested"), rows=2, hint=_("Switch it on and off, compare, measure, simulate."))
    prediction = prose(_("What was expected"), rows=2, required=False)
    result = prose(_("What came out"), rows=2)

    def prepare(self) -> None:
        self.fields["cause"].queryset = self.complaint.root_causes.filter(
            cycle=self.complaint.cycle, withdrawn_at=None, verified_at=None
        ).order_by("pk")


class WithdrawCauseForm(ActForm):
    cause = forms.ModelChoiceField(label=_("Cause"), queryset=RootCause.objects.none())
    why = prose(_("Why it does not hold"), rows=2)

    def prepare(self) -> None:
        self.fields["cause"].queryset = self.complaint.root_causes.filter(
            cycle=self.complaint.cycle, withdrawn_at=None
        ).order_by("pk")


class ExemptForm(ActForm):
    leg = forms.ChoiceField(label=_("Leg"), choices=Leg.choices)
    because = prose(_("Why no cause is named"), rows=2)


class AttributionForm(ActForm):
    """One share and one reason a party; empty is 0 %. It begins with the newest shares."""

    supplier = forms.ModelChoiceField(
        label=_("Which supplier"), queryset=Organisation.objects.none(), to_field_name="code", required=False
    )

    def prepare(self) -> None:
        self.fields["supplier"].queryset = Organisation.objects.filter(kind="SUPPLIER", is_active=True).order_by("code")
        for party in Party:
            self.fields[f"share_{party}"] = ExactDecimalFormField(label=f"{party.label}, %", required=False)
            self.fields[f"because_{party}"] = line(_("Reason"), required=False, most=1000)
            self.fields[f"share_{party}"].widget.attrs["data-share"] = ""
        latest = self.complaint.attributions.filter(cycle=self.complaint.cycle).order_by("-number").first()
        for share in latest.shares.select_related("supplier") if latest else ():
            self.initial.setdefault(f"share_{share.party}", Decimal(share.basis_points) / 100)
            self.initial.setdefault(f"because_{share.party}", share.because)
            if share.supplier:
                self.initial.setdefault("supplier", share.supplier.code)
        self.order_fields([name for name in self.fields if name != "supplier"])

    def running(self) -> dict[str, str]:
        """Return what the shares that stand in the form add up to, and what is left of 100 %."""
        total = sum((self._share(party) for party in Party), Decimal(0))
        left = Decimal(100) - total
        return {"sum": f"{total.normalize():f}", "left": f"{abs(left).normalize():f}", "over": "1" if left < 0 else ""}

    def _share(self, party: Party) -> Decimal:
        try:
            return Decimal(str(self[f"share_{party}"].value() or 0).strip().rstrip("%"))
        except InvalidOperation:
            return Decimal(0)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        shares = []
        for party in Party:
            share, because = said.pop(f"share_{party}", None), said.pop(f"because_{party}", "")
            if not share:
                continue
            if not because:
                self.add_error(f"because_{party}", _("Give the reason for this share."))
            shares.append(
                (party.value, Decimal(share), because, said.get("supplier") if party == Party.SUPPLIER else None)
            )
        said.pop("supplier", None)
        return {"shares": shares, "at": said.get("at")}


class ApproveAttributionForm(ActForm):
    version = forms.ModelChoiceField(
        label=_("Shares"), queryset=Attribution.objects.none(), empty_label=None, required=False
    )

    def prepare(self) -> None:
        latest = self.complaint.attributions.filter(cycle=self.complaint.cycle).order_by("-number")[:1]
        self.fields["version"].queryset = Attribution.objects.filter(pk__in=[row.pk for row in latest])
        self.initial.setdefault("version", latest[0].pk if latest else None)

    def clean_version(self) -> Attribution:
        """Return the shares named, or the latest."""
        found = self.cleaned_data["version"] or self.fields["version"].queryset.first()
        if found is None:
            raise ValidationError(_("Attribute the cause first."), code="required")
        return found


class MakeLetterForm(ActForm):
    dated = False
    language = forms.ChoiceField(
        label=_("Language"), choices=[("en", "English"), ("zh-hans", "简体中文")], required=False
    )

    def prepare(self) -> None:
        self.initial.setdefault("language", self.complaint.language)

    def clean_language(self) -> str:
        return self.cleaned_data["language"] or self.complaint.language


PAUSABLE = (Metric.ROOT_CAUSE, Metric.PROPOSAL, Metric.RESOLVE)


def pausable() -> forms.ChoiceField:
    """Return the choice of a clock that may wait, or of all."""
    choices = [("", _("All that may wait")), *((metric.value, metric.label) for metric in PAUSABLE)]
    return forms.ChoiceField(label=_("Clock"), choices=choices, required=False)


class WaitForm(ActForm):
    metric = pausable()
    reason = forms.ChoiceField(label=_("Waiting for"), choices=[(code, PauseReason(code).label) for code in BY_HAND])
    evidence = line(_("The request that was sent"), hint=_("Letter, mail or message that asked for it."))
    since = moment(_("Waiting since"), required=False, hint=_("Leave empty for now."))
    until = moment(_("Waited until"), required=False, hint=_("Only for a wait that has ended."))
    folded = ("at", "since", "until")


class EndWaitForm(ActForm):
    metric = pausable()
