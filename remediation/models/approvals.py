"""Who must agree before money is promised: the matrix as data, and what was decided (DOMAIN §7.2)."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from contracts.exact import ExactDecimalField
from contracts.money import MoneyField
from remediation.models.kinds import Decision, Level

USER = settings.AUTH_USER_MODEL


class Approval(models.Model):
    """
    One person's decision for one level. The proposer stands in the row so that the database can refuse the same person.

    `amount` is the cumulative value of the case, in the company's currency, that was decided on. A change of amount,
    scope or currency sets `voided_at`: the row stays, but counts no more.
    """

    proposal = models.ForeignKey("remediation.Proposal", models.PROTECT, related_name="approvals")
    level = models.CharField(max_length=4, choices=Level.choices)
    person = models.ForeignKey(USER, models.PROTECT, related_name="approvals")
    proposer = models.ForeignKey(USER, models.PROTECT, related_name="+")
    role_at_time = models.CharField(max_length=40)
    decision = models.CharField(max_length=8, choices=Decision.choices)
    comment = models.TextField(blank=True)
    amount = MoneyField()
    at = models.DateTimeField()
    voided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(person=F("proposer")), name="approval_two_people"),
            models.CheckConstraint(condition=Q(level__in=Level.values), name="approval_level_known"),
            models.UniqueConstraint(
                fields=["proposal", "level"],
                condition=Q(voided_at__isnull=True, decision=Decision.APPROVED),
                name="approval_level_once",
            ),
            models.UniqueConstraint(
                fields=["proposal", "person"], condition=Q(voided_at__isnull=True), name="approval_person_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.level} {self.decision}"


class Limits(models.QuerySet["ApprovalLimit"]):
    """The steps of the matrix."""

    def in_force(self, on: date, *, currency: str) -> Limits:
        """Return the newest steps in a currency that hold on a date, the lowest first; the last has no upper end."""
        ended = Q(effective_to__isnull=True) | Q(effective_to__gte=on)
        held = self.filter(ended, effective_from__lte=on, up_to_currency=currency)
        newest = held.order_by("-effective_from").values("effective_from")[:1]
        return held.filter(effective_from=newest).order_by(F("up_to_minor").asc(nulls_last=True), "pk")


class ApprovalLimit(models.Model):
    """
    One step of the matrix: up to this cumulative value, these levels must agree; no `up_to_minor`: whatever the value.

    The currency stands in every row, and is the company's.
    """

    up_to = MoneyField(null=True)
    levels = models.JSONField()  # codes of Level
    effective_from = models.DateField()
    effective_to = models.DateField(null=True, blank=True)

    objects = Limits.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["effective_from", "up_to_currency", "up_to_minor"],
                condition=Q(up_to_minor__isnull=False),
                name="approval_limit_once",
            ),
            models.UniqueConstraint(
                fields=["effective_from", "up_to_currency"],
                condition=Q(up_to_minor__isnull=True),
                name="approval_limit_one_open",
            ),
        ]

    def __str__(self) -> str:
        return f"up to {self.up_to or '∞'}: {'+'.join(self.levels)}"


class ExchangeRate(models.Model):
    """The fixed rate of a day: one unit of `currency` in the company's currency; holds until a later one."""

    currency = models.CharField(max_length=3)
    on = models.DateField()
    rate = ExactDecimalField()
    source = models.CharField(max_length=120)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["currency", "on"], name="exchange_rate_once")]

    def __str__(self) -> str:
        return f"{self.currency} {self.rate} ({self.on})"
