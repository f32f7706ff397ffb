"""The rapid response: team, meeting, containment, initial analysis, tasks, who answers for them (DOMAIN §2.2, §4.3)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from complaints.models.states import Location

USER = settings.AUTH_USER_MODEL


class TeamMember(models.Model):
    """A seat in the 8D team, D1."""

    class Seat(models.TextChoices):
        LEADER = "LEADER", _("Team leader")
        CHAMPION = "CHAMPION", _("Champion")
        MEMBER = "MEMBER", _("Member")

    complaint = models.ForeignKey("complaints.Complaint", models.PROTECT, related_name="team")
    cycle = models.PositiveSmallIntegerField()
    user = models.ForeignKey(USER, models.PROTECT, related_name="+")
    seat = models.CharField(max_length=8, choices=Seat.choices)
    competence = models.CharField(max_length=120, blank=True)
    named_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["complaint", "cycle", "seat"],
                condition=Q(left_at__isnull=True) & ~Q(seat="MEMBER"),
                name="team_one_leader_one_champion",
            ),
            models.UniqueConstraint(
                fields=["complaint", "cycle", "user", "seat"],
                condition=Q(left_at__isnull=True),
                name="team_seat_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.seat}"


class ResponseMeeting(models.Model):
    """The meeting that starts the response (R08)."""

    complaint = models.ForeignKey("complaints.Complaint", models.PROTECT, related_name="meetings")
    cycle = models.PositiveSmallIntegerField()
    held_at = models.DateTimeField()
    agenda = models.TextField()
    decisions = models.TextField()
    recorded_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"meeting on {self.complaint}"


class Attendance(models.Model):
    """Who came to a response meeting, for which department."""

    meeting = models.ForeignKey(ResponseMeeting, models.PROTECT, related_name="attendances")
    user = models.ForeignKey(USER, models.PROTECT, related_name="+")
    department = models.ForeignKey("accounts.Department", models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting", "user"], name="attendance_once")]

    def __str__(self) -> str:
        return f"{self.user} ({self.department})"


class ContainmentQuerySet(models.QuerySet["ContainmentAction"]):
    """Containment, by whether it waits and for whom."""

    def waiting(self) -> ContainmentQuerySet:
        """Return the actions whose effect nobody has proven."""
        return self.filter(needed=True, effective_at=None)

    def unassigned(self) -> ContainmentQuerySet:
        """Return those of the waiting ones for which nobody answers who is still here."""
        return self.waiting().filter(~Exists(Assignment.objects.answering().filter(containment=OuterRef("pk"))))


class ContainmentAction(models.Model):
    """What stops the damage in one place, or why nothing is needed there (D3)."""

    complaint = models.ForeignKey("complaints.Complaint", models.PROTECT, related_name="containment")
    cycle = models.PositiveSmallIntegerField()
    location = models.CharField(max_length=16, choices=Location.choices)
    needed = models.BooleanField(default=True)
    because = models.CharField(max_length=300, blank=True)  # why not needed
    action = models.TextField(blank=True)
    lot = models.ForeignKey("contracts.Lot", models.PROTECT, null=True, blank=True, related_name="+")
    owner = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    due_at = models.DateTimeField(null=True, blank=True)
    effective_at = models.DateTimeField(null=True, blank=True)
    effect_percent = models.PositiveSmallIntegerField(null=True, blank=True)  # share of suspect units contained
    effect_evidence = models.TextField(blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)
    recorded_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    objects = ContainmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(Q(needed=True) & ~Q(action="")) | (Q(needed=False) & ~Q(because="")),
                name="containment_action_or_reason",
            ),
            models.CheckConstraint(
                condition=Q(effect_percent__isnull=True) | Q(effect_percent__lte=100), name="containment_percent"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.location}: {self.action or self.because}"


class InitialAnalysis(models.Model):
    """The 48-hour deliverable: initial analysis and preliminary plan in one document, in versions (DOMAIN §3.2)."""

    class Confidence(models.TextChoices):
        UNKNOWN = "UNKNOWN", _("Unknown")
        LOW = "LOW", _("Low")
        MEDIUM = "MEDIUM", _("Medium")
        HIGH = "HIGH", _("High")

    complaint = models.ForeignKey("complaints.Complaint", models.PROTECT, related_name="initial_analyses")
    cycle = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField()
    description = models.TextField(blank=True)  # confirmed description
    extent = models.TextField(blank=True)  # extent so far
    suspected_cause = models.TextField(blank=True)
    confidence = models.CharField(max_length=8, choices=Confidence.choices, blank=True)
    test_plan = models.TextField(blank=True)  # required where the confidence is unknown
    containment = models.TextField(blank=True)  # done and planned
    remedy_direction = models.TextField(blank=True)
    next_dates = models.TextField(blank=True)
    questions = models.TextField(blank=True)  # open questions to the customer
    contact_person = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    written_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    approved_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["complaint", "cycle", "number"], name="initial_analysis_version"),
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True) | Q(approved_by__isnull=False), name="initial_sent_only_approved"
            ),
        ]

    def __str__(self) -> str:
        return f"initial analysis {self.number} of {self.complaint}"


class TaskQuerySet(models.QuerySet["Task"]):
    """Tasks, by whether they wait and for whom."""

    def waiting(self) -> TaskQuerySet:
        """Return those that are not done."""
        return self.filter(status=Task.Status.OPEN)

    def unassigned(self) -> TaskQuerySet:
        """Return those of the waiting ones for which nobody answers who is still here."""
        return self.waiting().filter(~Exists(Assignment.objects.answering().filter(task=OuterRef("pk"))))


class Task(models.Model):
    """Something somebody must do; `blocking` ones stand in the way of closing."""

    class Status(models.TextChoices):
        OPEN = "OPEN", pgettext_lazy("to be done", "Open")
        DONE = "DONE", _("Done")
        CANCELLED = "CANCELLED", _("Cancelled")

    complaint = models.ForeignKey("complaints.Complaint", models.PROTECT, related_name="tasks")
    cycle = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=30)  # e.g. "containment", "call_back", "sending_failed"
    text = models.TextField()
    owner = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="tasks")
    due_at = models.DateTimeField(null=True, blank=True)
    blocking = models.BooleanField(default=True)
    status = models.CharField(max_length=9, choices=Status.choices, default=Status.OPEN)
    created_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    done_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    done_at = models.DateTimeField(null=True)
    result = models.TextField(blank=True)

    objects = TaskQuerySet.as_manager()

    def __str__(self) -> str:
        return self.text[:60]


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    """Assignments, by their letter."""

    def answering(self) -> AssignmentQuerySet:
        """Return those of the people who answer for an action and still have an account."""
        return self.filter(role=Assignment.Role.ACCOUNTABLE, user__is_active=True)


class Assignment(models.Model):
    """
    Who answers for an action, is asked before it or told of it (RACI, DOMAIN §4.3); one person has one letter.

    The R is not here: who does an action is its `owner`, on whose list it stands.  by: None where the rule named them.
    """

    class Role(models.TextChoices):
        ACCOUNTABLE = "A", _("Answers for it")
        CONSULTED = "C", _("Is asked before")
        INFORMED = "I", _("Is told")

    task = models.ForeignKey(Task, models.PROTECT, null=True, related_name="assignments")
    containment = models.ForeignKey(ContainmentAction, models.PROTECT, null=True, related_name="assignments")
    user = models.ForeignKey(USER, models.PROTECT, related_name="+")
    role = models.CharField(max_length=1, choices=Role.choices)
    by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(task__isnull=True, containment__isnull=False)
                | Q(task__isnull=False, containment__isnull=True),
                name="assignment_one_action",
            ),
            models.CheckConstraint(condition=Q(role__in=["A", "C", "I"]), name="assignment_role_known"),
            models.UniqueConstraint(fields=["task"], condition=Q(role="A"), name="assignment_one_a_of_task"),
            models.UniqueConstraint(
                fields=["containment"], condition=Q(role="A"), name="assignment_one_a_of_containment"
            ),
            models.UniqueConstraint(fields=["task", "user"], name="assignment_once_of_task"),
            models.UniqueConstraint(fields=["containment", "user"], name="assignment_once_of_containment"),
        ]

    def __str__(self) -> str:
        return f"{self.role}: {self.user}"
