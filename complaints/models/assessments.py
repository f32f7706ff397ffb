"""Judgements on a case: grade, entitlement, finance impact (DOMAIN §4, §6, §12)."""

import hashlib
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from complaints.models.complaint import Immutable
from complaints.models.states import Grade
from contracts.entitlement_words.gates import VERDICTS
from contracts.money import MoneyField

USER = settings.AUTH_USER_MODEL
NOTED = {"differs", "differs_since"}  # all of a kept assessment that may still change


class Grading(models.Model):
    """A confirmed grade with the scores it came from; every change is a new row (DOMAIN §4.1)."""

    complaint = models.ForeignKey("complaints.Complaint", models.PROTECT, related_name="gradings")
    cycle = models.PositiveSmallIntegerField()
    consequence = models.PositiveSmallIntegerField()
    extent = models.PositiveSmallIntegerField()
    customer_impact = models.PositiveSmallIntegerField()
    recurrence = models.PositiveSmallIntegerField()
    score = models.PositiveSmallIntegerField()
    computed = models.CharField(max_length=2, choices=Grade.choices)
    floors = models.JSONField(default=list)  # codes of the floors that bind
    grade = models.CharField(max_length=2, choices=Grade.choices)
    override_reason = models.TextField(blank=True)
    reason = models.TextField(blank=True)  # of a later re-grading
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(grade=models.F("computed")) | ~Q(override_reason=""), name="grading_override_reasoned"
            ),
            *[
                models.CheckConstraint(
                    condition=Q(**{f"{name}__gte": 1, f"{name}__lte": 5}), name=f"grading_{name}_1_to_5"
                )
                for name in ("consequence", "extent", "customer_impact", "recurrence")
            ],
        ]

    def __str__(self) -> str:
        return f"{self.grade} ({self.score})"


class EntitlementAssessment(models.Model):
    """
    What the contract entitles to, as Legal judged it, or as the clauses give it on the facts (DOMAIN §6.3).

    record: the canonical spelling of contracts.entitlement, from which it is derived again byte for byte; empty where
    somebody judged without it.  left_out: the checked clauses that were not asked, [{"number", "type", "why"}].
    differs: what would be otherwise on the facts of now, as contracts.entitlement_lines.differences; since when.
    """

    class Status(models.TextChoices):
        ENTITLED = "ENTITLED", _("Entitled")
        PARTIAL = "PARTIAL", _("Partly entitled")
        NOT_ENTITLED = "NOT_ENTITLED", _("Not entitled")
        REVIEW = "REVIEW", _("Needs a lawyer's review")

    complaint = models.ForeignKey("complaints.Complaint", models.PROTECT, related_name="entitlements")
    cycle = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField()
    contract_version = models.ForeignKey("contracts.ContractVersion", models.PROTECT, null=True, related_name="+")
    status = models.CharField(max_length=12, choices=Status.choices)
    clauses = models.ManyToManyField("contracts.Clause", related_name="+", blank=True)
    heads = models.JSONField(default=list)  # [{"head", "clause", "formula", "amount", "currency"}], amounts as text
    reasoning = models.TextField(blank=True)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    record = models.TextField(blank=True)
    as_of = models.DateField(null=True)
    total = MoneyField(null=True)
    left_out = models.JSONField(default=list)
    differs = models.JSONField(default=list)
    differs_since = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["complaint", "cycle", "number"], name="entitlement_version"),
            models.CheckConstraint(
                condition=Q(record="", total_minor__isnull=True, as_of__isnull=True)
                | (~Q(record="") & Q(total_minor__isnull=False, as_of__isnull=False)),
                name="entitlement_computed_whole",
            ),
            models.CheckConstraint(condition=~Q(record="") | ~Q(reasoning=""), name="entitlement_has_a_ground"),
        ]

    def __str__(self) -> str:
        return f"{self.status} ({self.number})"

    def save(self, *args: Any, **options: Any) -> None:
        if not self._state.adding and not set(options.get("update_fields") or ("all",)) <= NOTED:
            raise Immutable("An assessment stays as it was kept; assess anew.")
        super().save(*args, **options)

    def get_status_display(self) -> str:  # type: ignore[no-redef]
        """Return the status in the words of the verdicts, as panel, letter and calculator say it."""
        return str(VERDICTS[self.status])

    @property
    def computed(self) -> bool:
        """Tell whether it has a record; without reading it, for it is long and lists defer it."""
        return self.as_of is not None

    @property
    def sha256(self) -> str:
        """What the trail holds of the record: nobody changes it unseen."""
        return hashlib.sha256(self.record.encode()).hexdigest()


class FinanceImpact(models.Model):
    """
    A version of what the problem does to the project's dates and cash (DOMAIN §12); amounts in minor units.

    The columns hold the likely scenario. Of a version that was reckoned in three scenarios, `inputs` and `result` are
    canonical JSON (contracts.finance.record), project data as used included; of one entered by hand both are empty.
    """

    complaint = models.ForeignKey("complaints.Complaint", models.PROTECT, related_name="finance_impacts")
    cycle = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField()
    currency = models.CharField(max_length=3)
    delay_days = models.PositiveIntegerField()
    payments_at_risk = MoneyField(currency="currency")
    retention_at_risk = MoneyField(currency="currency")
    remedy_cost = MoneyField(currency="currency")
    reputation = models.PositiveSmallIntegerField()  # 1–5
    lender_material = models.BooleanField()
    lender_test = models.BooleanField(null=True)  # what the test said; None by hand
    lender_reason = models.TextField(blank=True)  # where Finance decided otherwise than the test
    note = models.TextField()
    project = models.ForeignKey("contracts.Project", models.PROTECT, null=True, related_name="impacts")
    inputs = models.TextField(blank=True)
    result = models.TextField(blank=True)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["complaint", "cycle", "number"], name="finance_impact_version"),
            models.CheckConstraint(
                condition=Q(payments_at_risk_minor__gte=0)
                & Q(retention_at_risk_minor__gte=0)
                & Q(remedy_cost_minor__gte=0),
                name="finance_impact_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(reputation__gte=1) & Q(reputation__lte=5), name="finance_impact_reputation_1_to_5"
            ),
            models.CheckConstraint(
                condition=Q(inputs="", result="", project__isnull=True, lender_test__isnull=True)
                | (~Q(inputs="") & ~Q(result="") & Q(project__isnull=False, lender_test__isnull=False)),
                name="finance_impact_reckoned_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"finance impact {self.number} of {self.complaint}"

    @property
    def is_reckoned(self) -> bool:
        """Tell whether it was reckoned in three scenarios, not entered by hand."""
        return bool(self.result)
