"""Clocks and the policies that set them (DOMAIN §3, ARCHITECTURE §5.6). clocks.py is the only writer of SlaClock."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from complaints.models.states import UNDECIDED, Basis, BreachReason, ClockState, DayUnit, Grade, Metric, PauseReason
from worktime.calendars import Calendar


class SlaPolicy(models.Model):
    """
    A target for one clock: default, by grade, by customer or by contract; the closest one wins (DOMAIN §3.2).

    In minutes of the basis, or, where the clock runs by date, in days after the day on which it starts.
    """

    metric = models.CharField(max_length=16, choices=Metric.choices)
    grade = models.CharField(max_length=2, choices=Grade.choices, blank=True)  # blank: not graded yet
    customer = models.ForeignKey("accounts.Organisation", models.PROTECT, null=True, blank=True, related_name="+")
    contract = models.ForeignKey("contracts.Contract", models.PROTECT, null=True, blank=True, related_name="+")
    basis = models.CharField(max_length=8, choices=Basis.choices)
    target_minutes = models.PositiveIntegerField(null=True, blank=True)
    days = models.PositiveSmallIntegerField(null=True, blank=True)
    day_unit = models.CharField(max_length=8, choices=DayUnit.choices, blank=True)
    pausable = models.BooleanField(default=False)
    effective_from = models.DateField()
    effective_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(target_minutes__isnull=True) | Q(target_minutes__gt=0), name="sla_policy_target_positive"
            ),
            models.CheckConstraint(
                condition=(Q(basis=Basis.DATE, target_minutes=None, days__gt=0) & ~Q(day_unit=""))
                | (~Q(basis=Basis.DATE) & Q(target_minutes__isnull=False, days=None, day_unit="")),
                name="sla_policy_minutes_or_days",
            ),
        ]

    def __str__(self) -> str:
        target = f"{self.days} {self.day_unit}" if self.basis == Basis.DATE else f"{self.target_minutes} min"
        return f"{self.metric} {self.grade or '–'} {target}"


class SlaClock(models.Model):
    """
    One running promise of time; a row per (complaint, cycle, metric, subject), changed in place under lock.

    `next_at` is the instant at which something must happen next (warning, breach, escalation): the sweep asks for
    nothing else. A paused clock has at most one step: that its wait grows long. `generation` counts pauses,
    resumptions and retargetings and is part of every dedup key.
    """

    complaint = models.ForeignKey("complaints.Complaint", models.PROTECT, related_name="clocks")
    cycle = models.PositiveSmallIntegerField()
    metric = models.CharField(max_length=16, choices=Metric.choices)
    subject = models.CharField(max_length=40, blank=True)  # which of several: a visit's key, the number of an update
    basis = models.CharField(max_length=8, choices=Basis.choices)
    calendar_version = models.ForeignKey("worktime.CalendarVersion", models.PROTECT, null=True, related_name="+")
    target_minutes = models.PositiveIntegerField(null=True)  # null where the basis is DATE
    days = models.PositiveSmallIntegerField(null=True)  # the target by date, where a policy set it
    day_unit = models.CharField(max_length=8, choices=DayUnit.choices, blank=True)
    grace_minutes = models.PositiveIntegerField(default=0)  # what a tightened target left beyond itself (DOMAIN §3.5)
    pausable = models.BooleanField(default=False)
    policy = models.CharField(max_length=40)  # which rule set the target: "default", "grade G2", "customer", "contract"
    state = models.CharField(max_length=10, choices=ClockState.choices, default=ClockState.RUNNING)
    generation = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)  # null while paused, unless it was missed before
    waiting_for = models.CharField(max_length=28, choices=PauseReason.choices, blank=True)  # of the open pause
    waiting_since = models.DateTimeField(null=True)
    steps = models.JSONField(default=list)  # [[name, ISO instant], …] still ahead, in order
    next_at = models.DateTimeField(null=True)  # when the first of them is to be climbed
    stopped_at = models.DateTimeField(null=True)
    breached_at = models.DateTimeField(null=True)  # the due instant that was missed, not its detection
    level = models.PositiveSmallIntegerField(default=0)  # L0–L5
    attempts = models.PositiveSmallIntegerField(default=0)  # of the sweep on this row, for poison rows
    retry_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["complaint", "cycle", "metric", "subject"], name="sla_clock_once"),
            models.CheckConstraint(
                condition=~Q(state=ClockState.RUNNING) | Q(due_at__isnull=False), name="sla_clock_running_has_due"
            ),
            models.CheckConstraint(
                condition=Q(state__in=UNDECIDED) | Q(next_at__isnull=True), name="sla_clock_ended_asks_nothing"
            ),
        ]
        indexes = [
            models.Index(fields=["next_at", "id"], condition=Q(next_at__isnull=False), name="sla_clock_due"),
            models.Index(fields=["state", "due_at"], name="sla_clock_state_due"),
            models.Index(fields=["stopped_at"], name="sla_clock_stopped"),
            models.Index(fields=["breached_at"], condition=Q(breached_at__isnull=False), name="sla_clock_missed"),
        ]

    def __str__(self) -> str:
        return f"{self.complaint_id} {self.metric}/{self.cycle}"

    @property
    def working_time(self) -> Calendar | None:
        """
        The calendar whose working time the clock counts; None where all time counts.

        A clock by date names a version too: the one that said which days are working days.
        """
        version = self.calendar_version
        return version.as_calendar() if version and self.basis == Basis.BUSINESS else None


class SlaPause(models.Model):
    """A stretch of waiting that a pausable clock does not count; open while `ended_at` is null."""

    clock = models.ForeignKey(SlaClock, models.PROTECT, related_name="pauses")
    reason = models.CharField(max_length=28, choices=PauseReason.choices)
    evidence = models.CharField(max_length=300, blank=True)  # the outgoing request that makes the wait provable
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=models.F("started_at")), name="sla_pause_forward"
            ),
            models.UniqueConstraint(fields=["clock"], condition=Q(ended_at__isnull=True), name="sla_pause_one_open"),
        ]

    def __str__(self) -> str:
        return self.reason


class SlaBreach(models.Model):
    """A missed due instant and what was said about it; never deleted, at most revoked (DOMAIN §3.4)."""

    class Status(models.TextChoices):
        OPEN = "OPEN"
        EXPLAINED = "EXPLAINED"
        REVOKED = "REVOKED"

    clock = models.ForeignKey(SlaClock, models.PROTECT, related_name="breaches")
    generation = models.PositiveIntegerField()
    due_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True)
    overrun_clock_seconds = models.BigIntegerField(null=True)
    overrun_calendar_seconds = models.BigIntegerField(null=True)
    status = models.CharField(max_length=9, choices=Status.choices, default=Status.OPEN)
    reason = models.CharField(max_length=24, choices=BreachReason.choices, blank=True)
    text = models.TextField(blank=True)
    revoked_because = models.TextField(blank=True)
    department = models.ForeignKey("accounts.Department", models.PROTECT, null=True, blank=True, related_name="+")
    excusable = models.BooleanField(null=True)
    excused_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    explained_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    explained_at = models.DateTimeField(null=True)
    customer_told_at = models.DateTimeField(null=True)
    corrective = models.CharField(max_length=300, blank=True)  # number or address of the corrective action

    class Meta:
        constraints = [models.UniqueConstraint(fields=["clock", "due_at"], name="sla_breach_once")]

    def __str__(self) -> str:
        return f"{self.clock} missed {self.due_at:%Y-%m-%d %H:%M}"
