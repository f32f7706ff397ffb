"""The forms of the proposal, its approval, its negotiation and its carrying out."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from complaints.entitling_words import what_in_words
from complaints.forms.base import (
    ActForm,
    PersonField,
    YesNoField,
    colleagues,
    currency_of,
    day,
    empty_money,
    line,
    prose,
)
from complaints.lifecycle import Refused
from complaints.models import EntitlementAssessment, Evidence
from complaints.models.states import State
from contracts.fields import ExactDecimalFormField, MoneyFormField
from contracts.models import Clause
from contracts.money import Money
from remediation import approvals, proposals
from remediation.execution import CANCELLABLE, FINISHABLE, STARTABLE, agreed_lines
from remediation.forms.base import ChangeForm, RowField, RowForm
from remediation.models import Proposal, ProposalLine
from remediation.models.kinds import UNSENT, EntryKind, Level, LineStatus, ProposalStatus, RemedyKind

VERSION = _("Which version")
REMEDY = _("Which remedy")


class TermsFields(ActForm):
    """The terms of an offer."""

    valid_until = day(_("Valid until"), required=False, hint=_("That day included, where the customer is."))
    conditions = prose(_("Conditions"), rows=2, required=False)
    reservation = prose(_("Reservation"), rows=2, required=False, hint=_("Rights that we keep."))
    admission = YesNoField(
        label=_("Does it admit liability?"), required=False, help_text=_("An offer that does needs Legal.")
    )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        admission = said.pop("admission", None)
        return said if admission is None else {**said, "without_admission": not admission}


class DraftForm(TermsFields):
    interim = forms.BooleanField(
        label=_("Interim remedy"), required=False,
        help_text=_("Urgent, ahead of the diagnosis and without prejudice; approved and carried out by itself."),
    )  # fmt: skip
    copy = forms.BooleanField(label=_("Take over the lines of the version before"), required=False)

    def prepare(self) -> None:
        self.initial.setdefault("interim", self.complaint.state != State.PROPOSING)
        before = self.complaint.proposals.filter(interim=False).order_by("-number").first()
        if before is None:
            del self.fields["copy"]
            return
        self.initial.setdefault("copy", True)
        for name in ("conditions", "reservation"):
            self.initial.setdefault(name, getattr(before, name))


class ProposalForm(RowForm):
    """An act on a version; the newest that fits unless another is named."""

    proposal = RowField(Proposal, label=VERSION)
    row, newest = "proposal", True
    statuses: tuple[str, ...] = ()

    def rows(self) -> QuerySet[Proposal]:
        return self.complaint.proposals.order_by("interim", "-number")

    def fits(self, rows: QuerySet[Proposal]) -> Iterable[Proposal]:
        return rows.filter(status__in=self.statuses)


class SetTermsForm(ChangeForm, ProposalForm, TermsFields):
    statuses = UNSENT

    def prepare(self) -> None:
        super().prepare()
        proposal = self.opened_for()
        if proposal is None:
            return
        for name in ("valid_until", "conditions", "reservation"):
            self.initial.setdefault(name, getattr(proposal, name))
        self.initial.setdefault("admission", "0" if proposal.without_admission else "1")

    def was_sent(self, name: str) -> bool:
        return super().was_sent("admission" if name == "without_admission" else name)


class LineFields(ActForm):
    """One remedy: what, what it costs us, what the customer gets, on which ground."""

    kind = forms.ChoiceField(label=_("Kind"), choices=RemedyKind.choices)
    description = prose(_("What is done"), rows=2)
    quantity = ExactDecimalFormField(label=_("Quantity"), required=False)
    unit = line(_("Unit"), required=False, most=16)
    cost = MoneyFormField(label=_("Our cost"), required=False, help_text=_("All told; the customer does not see it."))
    amount = MoneyFormField(
        label=_("Amount to the customer"), required=False, help_text=_("Only where money flows to the customer.")
    )
    grant = forms.ChoiceField(
        label=_("Sum of the contract"), required=False,
        help_text=_("Of a kept assessment; an amount left empty is taken from it."),
    )  # fmt: skip
    entitlement = forms.ModelChoiceField(
        label=_("Entitlement"), queryset=EntitlementAssessment.objects.none(), required=False, empty_label="—"
    )
    clause = forms.ModelChoiceField(label=_("Clause"), queryset=Clause.objects.none(), required=False, empty_label="—")
    goodwill_reason = line(
        _("If it is goodwill: why"), required=False, most=1000,
        hint=_("More than the contract grants; needs the approval of one level more."),
    )  # fmt: skip
    owner = PersonField(label=_("Who does it"), required=False)
    due_on = day(_("Due"), required=False)

    def prepare(self) -> None:
        super().prepare()
        self.fields["owner"].queryset = colleagues()
        entitlements = self.complaint.entitlements.filter(cycle=self.complaint.cycle).order_by("-number")
        self.fields["entitlement"].queryset = entitlements
        self.fields["grant"].choices = [("", "—"), *_grants(entitlements)]
        self.fields["entitlement"].label_from_instance = _entitlement_words
        version = self.complaint.contract_version
        clauses = version.clauses.checked() if version else Clause.objects.none()
        self.fields["clause"].queryset = clauses.order_by("number", "pk")
        for name in ("cost", "amount"):
            self.initial.setdefault(name, empty_money(self.complaint))

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        grant = said.pop("grant", None)
        if grant is not None:
            pk, _sep, head = grant.partition("|")
            said["head"] = head
            if head:
                said["entitlement"] = self.fields["entitlement"].queryset.get(pk=pk)
        return {**said, "goodwill": bool(said["goodwill_reason"])} if "goodwill_reason" in said else said


def _entitlement_words(row: EntitlementAssessment) -> str:
    return f"{row.get_status_display()} ({row.number})"


def _grants(rows: Iterable[EntitlementAssessment]) -> list[tuple[str, str]]:
    """Return every sum of the kept assessments, the newest first."""
    return [
        (f"{row.pk}|{head['key']}",
         f"{row.number} · {what_in_words(head['key'])} · {Money(Decimal(head['amount']), head['currency'])}")
        for row in rows for head in row.heads if "key" in head
    ]  # fmt: skip


class AddLineForm(ProposalForm, LineFields):
    statuses = UNSENT


class LineForm(RowForm):
    """An act on one remedy."""

    line = RowField(ProposalLine, label=REMEDY)
    row = "line"
    statuses: tuple[str, ...] = ()

    def rows(self) -> QuerySet[ProposalLine]:
        rows = ProposalLine.objects.filter(proposal__complaint=self.complaint)
        return rows.order_by("proposal__interim", "-proposal__number", "position")

    def fits(self, rows: QuerySet[ProposalLine]) -> Iterable[ProposalLine]:
        return rows.filter(pk__in=agreed_lines(self.complaint), status__in=self.statuses)


class UnsentLineForm(LineForm):
    def fits(self, rows: QuerySet[ProposalLine]) -> Iterable[ProposalLine]:
        return rows.filter(proposal__status__in=UNSENT)


class ChangeLineForm(ChangeForm, UnsentLineForm, LineFields):
    def prepare(self) -> None:
        super().prepare()
        row = self.opened_for()
        if row is None:
            return
        for name in ("kind", "description", "quantity", "unit", "entitlement", "clause", "goodwill_reason", "due_on"):
            self.initial[name] = getattr(row, name)
        self.initial["grant"] = f"{row.entitlement_id}|{row.head}" if row.head else ""
        self.initial["cost"] = row.cost or empty_money(self.complaint)
        self.initial["amount"] = row.amount or empty_money(self.complaint)
        self.initial["owner"] = row.owner and row.owner.email

    def was_sent(self, name: str) -> bool:
        if name == "entitlement" and super().was_sent("grant"):
            return True
        return super().was_sent({"goodwill": "goodwill_reason", "head": "grant"}.get(name, name))


class ConfirmBasisForm(ProposalForm):
    statuses = UNSENT
    because = prose(_("Why the sums stay"), rows=2)


class SubmitForm(ProposalForm):
    statuses = (ProposalStatus.DRAFT,)


class DecideForm(ProposalForm):
    statuses = (ProposalStatus.IN_APPROVAL,)
    level = forms.ChoiceField(label=_("Level"), required=False, choices=[("", "—"), *Level.choices])

    def prepare(self) -> None:
        super().prepare()
        mine = self._pending_levels()
        if len(mine) > 1:
            self.fields["level"].widget.choices = [(level, Level(level).label) for level in mine]
        else:
            self.fields["level"].widget = forms.HiddenInput()
        self.initial.setdefault("level", mine[0] if mine else "")

    def _pending_levels(self) -> list[str]:
        """Return the levels whose agreement is missing and that this person may give."""
        proposal = self.opened_for()
        try:
            needed = approvals.approvers_needed(proposal) if proposal else []
        except Refused:
            return []
        return [entry.level for entry in needed if entry.pending and self.user in entry.who]


class ApproveForm(DecideForm):
    comment = prose(_("Comment"), rows=2, required=False)


class RefuseForm(DecideForm):
    comment = prose(_("Why it goes back"), rows=2)


class OfferForm(ActForm):
    kind = forms.ChoiceField(label=_("What it is"), choices=EntryKind.choices, initial=EntryKind.OFFER, required=False)
    text = prose(_("What was said"))

    def prepare(self) -> None:
        self.initial.setdefault("kind", EntryKind.OFFER)

    def clean_kind(self) -> str:
        return self.cleaned_data["kind"] or EntryKind.OFFER


class AgreementForm(ProposalForm):
    statuses = (ProposalStatus.SENT, ProposalStatus.ACCEPTED)
    signed_on = day(_("Signed on"))
    amount = MoneyFormField(label=_("Amount"), help_text=_("Exactly what the version grants."))
    payee = line(_("Payee"), most=200)
    evidence = prose(_("Where the signed copy is"), rows=2)
    file = forms.ModelChoiceField(
        label=_("File of the case"), queryset=Evidence.objects.none(), required=False, to_field_name="uuid"
    )

    def prepare(self) -> None:
        super().prepare()
        self.fields["file"].queryset = self.complaint.evidence.order_by("-at", "-pk")
        if self.complaint.customer:
            self.initial.setdefault("payee", self.complaint.customer.name)
        proposal = self.opened_for()
        unagreed = proposals.unagreed(proposal) if proposal else []
        self.initial.setdefault("amount", unagreed[0] if unagreed else ["", currency_of(self.complaint)])


class StartLineForm(LineForm):
    statuses = STARTABLE


class FinishLineForm(LineForm):
    statuses = FINISHABLE
    evidence_text = prose(_("Evidence that it is done"), rows=2, required=False, hint=_("Report, photo, signed by."))
    evidence = forms.ModelMultipleChoiceField(
        label=_("Files of the case"), queryset=Evidence.objects.none(), required=False, to_field_name="uuid",
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    reinspection_result = prose(
        _("Result of the re-inspection"), rows=2, required=False, hint=_("For rework, replaced parts and sorting.")
    )

    def prepare(self) -> None:
        super().prepare()
        files = self.complaint.evidence.order_by("-at", "-pk")
        self.fields["evidence"].queryset = files
        if not files:
            self.fields["evidence"].widget = forms.MultipleHiddenInput()


class FailLineForm(LineForm):
    statuses = FINISHABLE
    because = prose(_("Why it failed"), rows=2)


class CancelLineForm(LineForm):
    statuses = CANCELLABLE
    because = prose(_("Why it is cancelled"), rows=2)
    customer_agreement = line(
        _("Where the customer’s agreement can be seen"), required=False, most=1000,
        hint=_("It counts once the customer agrees, too; that may be recorded later."),
    )  # fmt: skip


class AgreeCancellationForm(LineForm):
    statuses = (LineStatus.CANCELLED,)
    evidence = prose(_("Where the customer’s agreement can be seen"), rows=2)

    def fits(self, rows: QuerySet[ProposalLine]) -> Iterable[ProposalLine]:
        return super().fits(rows).filter(cancelled_by_customer=False)


class ReleaseForm(ProposalForm):
    statuses = (ProposalStatus.APPROVED,)

    def fits(self, rows: QuerySet[Proposal]) -> Iterable[Proposal]:
        return super().fits(rows).filter(interim=True)
