"""What we propose to do, and how the customer answers (DOMAIN §7.1, §2.2 T08–T10)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from complaints.models import Immutable
from contracts.exact import ExactDecimalField
from contracts.money import MoneyField
from remediation.models.kinds import (
    ACTIVE,
    AcceptanceKind,
    EntryKind,
    LineStatus,
    ProposalStatus,
    RemedyKind,
)

USER = settings.AUTH_USER_MODEL
OFFERED = (
    "complaint_id", "cycle", "number", "interim", "valid_until", "conditions", "without_admission", "reservation",
    "drafted_by_id", "drafted_at", "sent_at",
)  # fmt: skip  # what the customer was told: it stays
PROMISED = (
    "proposal_id", "position", "kind", "description", "quantity", "unit", "cost_minor", "cost_currency",
    "amount_minor", "amount_currency", "goodwill", "goodwill_reason", "entitlement_id", "head", "clause_id",
)  # fmt: skip  # of a line, likewise


class Proposals(models.QuerySet["Proposal"]):
    """Proposals, by how they stand."""

    def active(self) -> Proposals:
        """Return the versions that are being drafted, with the customer, or agreed; not the interim remedies."""
        return self.filter(status__in=ACTIVE, interim=False)


class Proposal(models.Model):
    """
    A version of what we offer; one is active per cycle, and once sent it stays as it was sent.

    `interim` marks an urgent remedy ahead of the diagnosis, without prejudice: approved and carried out by itself.
    `submitted_by`, too, counts as proposer. `refusal` is why an approver sent it back. `basis_confirmed`: by
    assessment, what was otherwise when somebody else confirmed that its sums stay.
    """

    complaint = models.ForeignKey("complaints.Complaint", models.PROTECT, related_name="proposals")
    cycle = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField(_("version"))
    status = models.CharField(max_length=11, choices=ProposalStatus.choices, default=ProposalStatus.DRAFT)
    interim = models.BooleanField(_("interim remedy"), default=False)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)  # that day included, customer's zone
    conditions = models.TextField(_("conditions"), blank=True)
    without_admission = models.BooleanField(_("without admission of liability"), default=True)
    reservation = models.TextField(_("reservation"), blank=True)
    drafted_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    submitted_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    submitted_at = models.DateTimeField(null=True)
    refusal = models.TextField(blank=True)
    sent_at = models.DateTimeField(null=True)
    letter = models.ForeignKey("complaints.Letter", models.PROTECT, null=True, related_name="+")
    basis_confirmed = models.JSONField(default=dict)
    basis_confirmed_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    basis_confirmed_at = models.DateTimeField(null=True)
    basis_confirmed_because = models.TextField(blank=True)

    objects = Proposals.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["complaint", "number"], name="proposal_version"),
            models.UniqueConstraint(
                fields=["complaint", "cycle"],
                condition=Q(status__in=[*ACTIVE], interim=False),
                name="proposal_one_active",
            ),
            models.CheckConstraint(condition=Q(status__in=ProposalStatus.values), name="proposal_status_known"),
            models.CheckConstraint(
                condition=Q(basis_confirmed_by__isnull=True)
                | (
                    ~Q(basis_confirmed_by=models.F("drafted_by"))
                    & (Q(submitted_by__isnull=True) | ~Q(basis_confirmed_by=models.F("submitted_by")))
                    & ~Q(basis_confirmed_because="")
                ),
                name="proposal_basis_two_people",
            ),
            models.CheckConstraint(
                condition=~Q(status=ProposalStatus.SENT) | Q(sent_at__isnull=False), name="proposal_sent_has_moment"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.complaint} v{self.number}"

    def save(self, *args: Any, **options: Any) -> None:
        """Save; raise Immutable if what was sent would change."""
        _keep(self, OFFERED, Proposal.objects.filter(pk=self.pk, sent_at__isnull=False))
        super().save(*args, **options)

    def delete(self, *args: Any, **options: Any) -> tuple[int, dict[str, int]]:
        raise Immutable("A proposal is superseded, not deleted.")

    def expired(self, on: date) -> bool:
        """Tell whether the offer no longer stands on the customer's date `on`."""
        return self.valid_until is not None and on > self.valid_until

    def standing_lines(self) -> list[ProposalLine]:
        """Return its lines in order without the cancelled ones; from the prefetch, if there is one."""
        lines = [line for line in self.lines.all() if line.status != LineStatus.CANCELLED]
        return sorted(lines, key=lambda line: line.position)


class ProposalLine(models.Model):
    """
    One remedy of a proposal and its carrying out.

    cost: ours, all told (an amount paid to the customer is part of it).  amount: what the customer gets in money.
    goodwill: beyond what the contract entitles to, with its reason.
    """

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(_("kind"), max_length=20, choices=RemedyKind.choices)
    description = models.TextField(_("description"))
    quantity = ExactDecimalField(_("quantity"), null=True, blank=True)
    unit = models.CharField(_("unit"), max_length=16, blank=True)
    cost = MoneyField(null=True, verbose_name=_("our cost"))
    amount = MoneyField(null=True, verbose_name=_("amount to the customer"))
    goodwill = models.BooleanField(_("goodwill"), default=False)
    goodwill_reason = models.TextField(_("reason of the goodwill"), blank=True)
    entitlement = models.ForeignKey(
        "complaints.EntitlementAssessment", models.PROTECT, null=True, blank=True, related_name="lines"
    )
    head = models.CharField(max_length=60, blank=True)  # of the entitlement's heads, by its key
    clause = models.ForeignKey("contracts.Clause", models.PROTECT, null=True, blank=True, related_name="+")
    owner = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="remedy_lines")
    due_on = models.DateField(_("due on"), null=True, blank=True)
    written_by = models.ForeignKey(USER, models.PROTECT, related_name="+")  # the last to set it; a proposer too
    # the carrying out
    status = models.CharField(max_length=9, choices=LineStatus.choices, default=LineStatus.PLANNED)
    attempts = models.PositiveSmallIntegerField(default=0)
    failures = models.PositiveSmallIntegerField(default=0)
    evidence_text = models.TextField(_("evidence"), blank=True)
    evidence = models.ManyToManyField("complaints.Evidence", related_name="remedy_lines", blank=True)
    reinspection_result = models.TextField(_("result of the re-inspection"), blank=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    failed_because = models.TextField(blank=True)
    cancelled_because = models.TextField(blank=True)
    cancelled_by_customer = models.BooleanField(default=False)  # the customer agreed, too
    cancellation_evidence = models.TextField(blank=True)  # where that can be seen

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["proposal", "position"], name="proposal_line_position"),
            models.CheckConstraint(condition=Q(kind__in=RemedyKind.values), name="proposal_line_kind_known"),
            models.CheckConstraint(condition=Q(status__in=LineStatus.values), name="proposal_line_status_known"),
            models.CheckConstraint(
                condition=Q(cost_minor__isnull=True) | Q(cost_minor__gte=0), name="proposal_line_cost_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(amount_minor__isnull=True) | Q(amount_minor__gte=0),
                name="proposal_line_amount_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(goodwill=False) | ~Q(goodwill_reason=""), name="proposal_line_goodwill_reasoned"
            ),
            models.CheckConstraint(
                condition=~Q(status=LineStatus.DONE) | Q(done_at__isnull=False), name="proposal_line_done_has_moment"
            ),
            models.CheckConstraint(
                condition=~Q(status=LineStatus.CANCELLED) | ~Q(cancelled_because=""),
                name="proposal_line_cancelled_reasoned",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.description[:50]}"

    def save(self, *args: Any, **options: Any) -> None:
        """Save; raise Immutable if the promise of a sent proposal would change or grow."""
        sent = Proposal.objects.filter(pk=self.proposal_id, sent_at__isnull=False)
        if self.pk is None and sent.exists():
            raise Immutable("A sent proposal gets no new lines; make the next version.")
        _keep(self, PROMISED, ProposalLine.objects.filter(pk=self.pk, proposal__sent_at__isnull=False))
        super().save(*args, **options)

    def delete(self, *args: Any, **options: Any) -> tuple[int, dict[str, int]]:
        if Proposal.objects.filter(pk=self.proposal_id, sent_at__isnull=False).exists():
            raise Immutable("The lines of a sent proposal stay.")
        return super().delete(*args, **options)


def _keep(row: models.Model, names: tuple[str, ...], stored: models.QuerySet[Any]) -> None:
    """Raise Immutable if one of `names` differs from the row in `stored` (none there: nothing to keep)."""
    if row.pk is None or (before := stored.first()) is None:
        return
    changed = [name for name in names if getattr(before, name) != getattr(row, name)]
    if changed:
        raise Immutable(f"Already sent: {', '.join(changed)} stays. Make the next version.")


class NegotiationEntry(models.Model):
    """What one side said about a proposal; never edited."""

    complaint = models.ForeignKey("complaints.Complaint", models.PROTECT, related_name="negotiation")
    cycle = models.PositiveSmallIntegerField()
    proposal = models.ForeignKey(Proposal, models.PROTECT, null=True, related_name="negotiation")
    kind = models.CharField(max_length=7, choices=EntryKind.choices)
    text = models.TextField()
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="negotiation_entry_not_empty")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.text[:50]}"


class Agreement(models.Model):
    """The signed agreement under which money flows (DOMAIN §14); never changed, a correction is a new one."""

    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="agreements")
    signed_on = models.DateField(_("signed on"))
    amount = MoneyField(verbose_name=_("amount"))
    payee = models.CharField(_("payee"), max_length=200)
    evidence = models.TextField(_("evidence"))  # where the signed copy is
    file = models.ForeignKey("complaints.Evidence", models.PROTECT, null=True, blank=True, related_name="+")
    recorded_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(amount_minor__gt=0), name="agreement_amount_positive")]

    def __str__(self) -> str:
        return f"agreement on {self.proposal}"


class Acceptance(models.Model):
    """The customer's yes to one version, with its proof; it binds that version only."""

    proposal = models.OneToOneField(Proposal, models.PROTECT, related_name="acceptance")
    kind = models.CharField(max_length=10, choices=AcceptanceKind.choices)
    name = models.CharField(max_length=200, blank=True)  # who accepted, for the customer
    evidence = models.TextField()
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")  # who recorded it; the customer's person by portal
    at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(evidence=""), name="acceptance_has_evidence")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.proposal}"
