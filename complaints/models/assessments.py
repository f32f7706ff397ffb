"""Judgements on a case: grade, entitlement, finance impact (DOMAIN §4, §6, §12)."""

from __future__ import annotations

import hashlib
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import ExpressionWrapper, Q
from django.utils.translation import pgettext_lazy

from complaints import grading
from complaints.models.complaint import Immutable
from complaints.models.states import Grade
from contracts.money import MoneyField

USER = settings.AUTH_USER_MODEL
APPROVAL = {"approved_by", "approved_at"}  # all of a table of rules that may still change
NOTED = {"differs", "differs_since"}  # all of a kept assessment that may still change


class GradingRules(models.Model):
    """
    A version of the company's table of grading rules (complaints.grading.Rules); until the first, the standard holds.

    A proposal until another person approves it; in force from its first day until a later version begins.
    """

    number = models.PositiveIntegerField(unique=True)
    table = models.JSONField()  # complaints.grading.Rules.plain
    note = models.TextField()  # what is changed, and why
    effective_from = models.DateField()
    proposed_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    approved_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True, approved_at__isnull=True)
                | Q(approved_by__isnull=False, approved_at__isnull=False),
                name="grading_rules_approved_whole",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=models.F("proposed_by")),
                name="grading_rules_two_people",
            ),
        ]

    def __str__(self) -> str:
        return f"grading rules {self.number}"

    def save(self, *args: Any, **options: Any) -> None:
        if not self._state.adding and not set(options.get("update_fields") or ("all",)) <= APPROVAL:
            raise Immutable("A table of grading rules stays as it was proposed; propose another.")
        super().save(*args, **options)

    @property
    def rules(self) -> grading.Rules:
        """Return the table as it is applied."""
        return grading.Rules.read(self.table)


class Grading(models.Model):
    """
    A confirmed grade with the scores it came from; every change is a new row (DOMAIN §4.1).

    rules: the version it was graded by; null for the standard table.  facts: the circumstances that set floors, as
    complaints.grading.Circumstances; empty in rows of before they were kept.
    """

    complaint = models.ForeignKey("complaints.Complaint", models.PROTECT, related_name="gradings")
    cycle = models.PositiveSmallIntegerField()
    consequence = models.PositiveSmallIntegerField()
    extent = models.PositiveSmallIntegerField()
    customer_impact = models.PositiveSmallIntegerField()
    recurrence = models.PositiveSmallIntegerField()
    score = models.PositiveSmallIntegerField()
    computed = models.CharField(max_length=2, choices=Grade.choices)
    floors = models.JSONField(default=list)  # codes of the floors that bind
    facts = models.JSONField(default=dict)
    rules = models.ForeignKey(GradingRules, models.PROTECT, null=True, related_name="gradings")
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


class Assessments(models.QuerySet["EntitlementAssessment"]):
    """Kept assessments; their records are long, so that lists ask them instead of reading them."""

    ASKS = Q(record__contains='"review":true')  # as contracts.entitlement_record.canonical spells it

    def asking_for_a_lawyer(self) -> Assessments:
        """Return those of which the computation says that a lawyer should look, at a clause or at the whole."""
        return self.filter(self.ASKS)

    def saying_whether_they_ask(self) -> Assessments:
        """Add to each `asks`: whether it asks for a lawyer."""
        return self.annotate(asks=ExpressionWrapper(self.ASKS, models.BooleanField()))


class EntitlementAssessment(models.Model):
    """
    What the contract entitles to, as Legal judged it, or as the clauses give it on the facts (DOMAIN §6.3).

    record: the canonical spelling of contracts.entitlement, from which it is derived again byte for byte; empty where
    somebody judged without it.  left_out: the checked clauses that were not asked, [{"number", "type", "why"}].
    differs: what would be otherwise on the facts of now, as contracts.entitlement_lines.differences; since when.
    """

    class Status(models.TextChoices):
        """In the words of the verdicts, as panel, letter and calculator say them."""

        ENTITLED = "ENTITLED", pgettext_lazy("verdict", "Entitled")
        PARTIAL = "PARTIAL", pgettext_lazy("verdict", "Partly entitled")
        NOT_ENTITLED = "NOT_ENTITLED", pgettext_lazy("verdict", "Not entitled")
        REVIEW = "REVIEW", pgettext_lazy("verdict", "Legal must judge it")

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

    objects = Assessments.as_manager()

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

    @property
    def computed(self) -> bool:
        """Tell whether it has a record; without reading it, for it is long and lists defer it."""
        return self.as_of is not None

    @property
    def sha256(self) -> str:
        """What the trail holds of the record: nobody changes it unseen."""
        return hashlib.sha256(self.record.encode()).hexdigest()


class LegalLook(models.Model):
    """Legal looked at a kept assessment that asks for a lawyer, and says of it what it has to say."""

    assessment = models.OneToOneField(EntitlementAssessment, models.PROTECT, related_name="look")
    said = models.TextField()
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(said=""), name="legal_look_says_something")]

    def __str__(self) -> str:
        return f"look at {self.assessment}"


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
