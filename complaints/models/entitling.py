"""What only the contract asks of a case, and what people say against its answer (DOMAIN §6.3)."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import pgettext_lazy

from complaints.models.complaint import Immutable
from contracts.money import MoneyField

USER = settings.AUTH_USER_MODEL


class FactSheet(models.Model):
    """
    The facts stated for the contract, whole after each statement: the newest sheet counts, older ones stay.

    facts: name of contracts.clauses.case.CaseFacts → {"value": as JSON holds it, "source": where it stands, "by": who,
    "at": ISO instant}. A fact that was taken back is not in it.
    """

    complaint = models.ForeignKey("complaints.Complaint", models.PROTECT, related_name="fact_sheets")
    number = models.PositiveSmallIntegerField()
    facts = models.JSONField(default=dict)
    source = models.CharField(max_length=300)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["complaint", "number"], name="fact_sheet_number"),
            models.CheckConstraint(condition=~Q(source=""), name="fact_sheet_has_a_source"),
        ]

    def __str__(self) -> str:
        return f"facts {self.number} of {self.complaint}"

    @property
    def sha256(self) -> str:
        """What the trail holds of the sheet: nobody changes it unseen."""
        said = json.dumps(self.facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(said.encode()).hexdigest()

    def save(self, *args: Any, **options: Any) -> None:
        if self.pk is not None:
            raise Immutable("A sheet of facts stays as it was stated; state the facts anew.")
        super().save(*args, **options)


class VerdictDispute(models.Model):
    """
    Somebody does not agree with a verdict, and says why; another person decides whether it is set otherwise.

    what: the gate or head, as contracts.clauses.rulings names it.  found: its verdict when it was disputed.  wanted:
    the verdict that it should have, of a head with the sum.  clause: the one that it rests on, if any.
    """

    class Side(models.TextChoices):
        OURS = "OURS", pgettext_lazy("whose view", "Our own")
        CUSTOMER = "CUSTOMER", pgettext_lazy("whose view", "The customer’s")

    class Decision(models.TextChoices):
        UPHELD = "UPHELD", pgettext_lazy("of a dispute", "Set otherwise")
        DISMISSED = "DISMISSED", pgettext_lazy("of a dispute", "Stays as computed")

    complaint = models.ForeignKey("complaints.Complaint", models.PROTECT, related_name="verdict_disputes")
    cycle = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField()  # within the case
    what = models.CharField(max_length=60)
    clause = models.ForeignKey("contracts.Clause", models.PROTECT, null=True, related_name="+")
    found = models.CharField(max_length=20)
    wanted = models.CharField(max_length=20)
    amount = MoneyField(null=True)
    side = models.CharField(max_length=8, choices=Side.choices)
    because = models.TextField()
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    decision = models.CharField(max_length=9, choices=Decision.choices, blank=True)
    answer = models.TextField(blank=True)
    decided_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["complaint", "number"], name="verdict_dispute_number"),
            models.UniqueConstraint(
                fields=["complaint", "cycle", "what"], condition=Q(decision=""), name="verdict_dispute_one_open"
            ),
            models.CheckConstraint(condition=~Q(because=""), name="verdict_dispute_reasoned"),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("by")), name="verdict_dispute_two_people"
            ),
            models.CheckConstraint(
                condition=Q(decision="", decided_by__isnull=True, decided_at__isnull=True)
                | (~Q(decision="") & ~Q(answer="") & Q(decided_by__isnull=False, decided_at__isnull=False)),
                name="verdict_dispute_decided_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"dispute {self.number} of {self.complaint}: {self.what}"
