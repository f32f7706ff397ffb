"""That it does not happen again: corrective and preventive action, lessons (DOMAIN §8)."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from complaints.models.states import Grade
from remediation.models.kinds import ActionKind, CapaSource, CapaStatus, CapaType, Strength

if TYPE_CHECKING:
    from accounts.models import User

USER = settings.AUTH_USER_MODEL


class CapaNumber(models.Model):
    """The last CAPA number given in a year; locked while the next is taken."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"


class Capa(models.Model):
    """
    A plan that removes a cause, and the proof that it did.

    The criterion (metric, baseline, target, window) is set before implementation; the checker is not the owner.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField(max_length=20, unique=True)  # CAPA-2026-0007
    complaint = models.ForeignKey("complaints.Complaint", models.PROTECT, related_name="capas")
    cycle = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=9, choices=CapaSource.choices, default=CapaSource.CASE)
    type = models.CharField(max_length=10, choices=CapaType.choices, default=CapaType.CORRECTIVE)
    problem = models.TextField(_("problem"))
    owner = models.ForeignKey(USER, models.PROTECT, related_name="capas")
    sponsor = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    due_on = models.DateField(_("due on"))
    status = models.CharField(max_length=19, choices=CapaStatus.choices, default=CapaStatus.OPEN)
    opened_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    # the check of its effect, agreed before implementation
    metric = models.TextField(blank=True)
    baseline = models.CharField(max_length=120, blank=True)
    target = models.CharField(max_length=120, blank=True)
    window_days = models.PositiveSmallIntegerField(default=90)
    criterion_set_at = models.DateTimeField(null=True)
    weak_because = models.TextField(blank=True)  # why only checks and instructions, by the quality manager
    implemented_at = models.DateTimeField(null=True)
    window_until = models.DateField(null=True)
    checked_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    checked_at = models.DateTimeField(null=True)
    result = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(status__in=CapaStatus.values), name="capa_status_known"),
            models.CheckConstraint(
                condition=Q(checked_by__isnull=True) | ~Q(checked_by=models.F("owner")), name="capa_checker_is_another"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["CLOSED_EFFECTIVE", "CLOSED_INEFFECTIVE"])
                | (Q(checked_by__isnull=False) & ~Q(result="")),
                name="capa_closed_only_checked",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class CapaAction(models.Model):
    """
    One way to act against one cause; one that was not `chosen` stays as the option that it was.

    verification: how it was tried before it was decided on.  documents: [{"document", "old", "new",
    "not_applicable"}], their revisions or why they stay.
    """

    capa = models.ForeignKey(Capa, models.PROTECT, related_name="actions")
    root_cause = models.ForeignKey(
        "complaints.RootCause", models.PROTECT, null=True, blank=True, related_name="capa_actions"
    )
    kind = models.CharField(max_length=10, choices=ActionKind.choices, default=ActionKind.CORRECTIVE)
    description = models.TextField(_("description"))
    strength = models.PositiveSmallIntegerField(_("strength"), choices=Strength.choices)
    verification = models.TextField(_("verification"), blank=True)
    chosen = models.BooleanField(_("chosen"), default=True)
    chosen_because = models.TextField(_("why chosen or not"), blank=True)
    owner = models.ForeignKey(USER, models.PROTECT, related_name="capa_actions")
    due_on = models.DateField(_("due on"))
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    evidence = models.TextField(_("evidence"), blank=True)
    documents = models.JSONField(default=list, blank=True)
    added_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(strength__in=Strength.values), name="capa_action_strength_known"),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | ~Q(evidence=""), name="capa_action_done_has_evidence"
            ),
        ]

    def __str__(self) -> str:
        return self.description[:60]


class CapaDeployment(models.Model):
    """A similar product, line, plant or supplier, and whether the actions apply there (horizontal deployment)."""

    capa = models.ForeignKey(Capa, models.PROTECT, related_name="deployments")
    text = models.TextField(_("similar product, line, plant or supplier"))
    applies = models.BooleanField(_("applies"), null=True)  # null: not decided yet, which keeps the CAPA open
    because = models.TextField(_("why"), blank=True)
    done_on = models.DateField(_("done on"), null=True, blank=True)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(applies__isnull=True) | ~Q(because=""), name="capa_deployment_reasoned")
        ]

    def __str__(self) -> str:
        return self.text[:60]


class CapaWaiver(models.Model):
    """Why a G3 or G4 case needs no CAPA; the grade stands in the row so that the database can hold to it."""

    complaint = models.ForeignKey("complaints.Complaint", models.PROTECT, related_name="capa_waivers")
    cycle = models.PositiveSmallIntegerField()
    grade = models.CharField(max_length=2, choices=Grade.choices)
    because = models.TextField()
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["complaint", "cycle"], name="capa_waiver_once"),
            models.CheckConstraint(condition=Q(grade__in=["G3", "G4"]), name="capa_waiver_only_minor"),
            models.CheckConstraint(condition=~Q(because=""), name="capa_waiver_reasoned"),
        ]

    def __str__(self) -> str:
        return self.because[:60]


class Lessons(models.QuerySet["Lesson"]):
    """Lessons, by who may read them."""

    def offered(self, reader: User) -> Lessons:
        """Return those that are offered at similar cases: released, the confidential ones to who may release."""
        rows = self.filter(approved_at__isnull=False).order_by("-approved_at", "-pk")
        return rows if reader.may("lesson.approve") else rows.filter(confidential=False)


class Lesson(models.Model):
    """What the case taught, to be offered at the intake of similar ones."""

    complaint = models.ForeignKey("complaints.Complaint", models.PROTECT, related_name="lessons")
    cycle = models.PositiveSmallIntegerField()
    situation = models.TextField(_("situation"))
    worked = models.TextField(_("what worked"), blank=True)
    did_not = models.TextField(_("what did not"), blank=True)
    rule = models.TextField(_("rule for the future"))
    tags = models.JSONField(default=list, blank=True)
    confidential = models.BooleanField(_("confidential"), default=False)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    approved_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)

    objects = Lessons.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(situation="") & ~Q(rule=""), name="lesson_whole"),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=models.F("by")), name="lesson_two_people"
            ),
        ]

    def __str__(self) -> str:
        return self.rule[:60]
