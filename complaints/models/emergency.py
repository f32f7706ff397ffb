"""Emergency plans in versions, and what happens once one is in force: an incident or a drill (DOMAIN §4.2)."""

from __future__ import annotations

import calendar
import unicodedata
import uuid
from datetime import date, datetime
from typing import NamedTuple

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from complaints.models.states import Grade
from contracts.models.names import in_reader_language

USER = settings.AUTH_USER_MODEL
NAMESPACE = uuid.UUID("5d0c2f52-6b0e-5a3c-9d51-0d2f4bb3a7c1")  # of the streams of plans


class PlanRole(models.TextChoices):
    """Who does what in an incident (DOMAIN §4.2, responsibility split)."""

    COMMANDER = "COMMANDER", _("Commander")
    QUALITY = "QUALITY", _("Quality lead")
    CUSTOMER = "CUSTOMER", _("Customer contact")
    TECHNICAL = "TECHNICAL", _("Technical lead")
    SPOKESPERSON = "SPOKESPERSON", _("Spokesperson")
    LEGAL = "LEGAL", pgettext_lazy("role in an incident", "Legal")
    FINANCE = "FINANCE", pgettext_lazy("role in an incident", "Finance")


class Informed(models.TextChoices):
    """Who is told what goes on."""

    CUSTOMER = "CUSTOMER", _("Customer")
    MANAGEMENT = "MANAGEMENT", _("Management")
    STAFF = "STAFF", _("Our own people")
    LENDER = "LENDER", _("Lender")
    INSURER = "INSURER", _("Insurer")
    AUTHORITY = "AUTHORITY", _("Authority")
    PUBLIC = "PUBLIC", _("Public")


class Action(NamedTuple):
    """One thing to do so many minutes after the activation, and the role that does it."""

    minutes: int
    text: str
    text_zh: str = ""
    role: str = PlanRole.COMMANDER

    @property
    def shown_text(self) -> str:
        return in_reader_language(self.text, self.text_zh)


class Line(NamedTuple):
    """Who is told what, how often, and the role that tells them."""

    audience: str
    minutes: int
    role: str
    text: str = ""
    text_zh: str = ""

    @property
    def shown_text(self) -> str:
        return in_reader_language(self.text, self.text_zh)


class PlanQuerySet(models.QuerySet["EmergencyPlan"]):
    def in_force(self, day: date) -> PlanQuerySet:
        """Return the approved versions that hold on that day of the company."""
        held = self.filter(approved_by__isnull=False, valid_from__lte=day)
        return held.filter(Q(valid_to=None) | Q(valid_to__gte=day))


class EmergencyPlan(models.Model):
    """
    One version of a plan. A draft until another person approves it; from then on only its last day is set.

    first_actions: rows of Action, of which older versions hold minutes and text alone.  lines: rows of Line, one for
    each audience.  resources: budget and help from outside, in words; what can be counted are the rows of `stock`.
    """

    code = models.CharField(max_length=20)
    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=160)
    name_zh = models.CharField(max_length=160, blank=True)
    grade = models.CharField(max_length=2, choices=Grade.choices, default=Grade.G1)
    family = models.CharField(max_length=100, blank=True)  # of products that it is for; blank: of all
    project = models.ForeignKey("contracts.Project", models.PROTECT, null=True, blank=True, related_name="+")
    standard = models.TextField(blank=True)  # what makes an incident of this grade, and who may declare it
    responsibilities = models.TextField(blank=True)
    resources = models.TextField(blank=True)
    first_actions = models.JSONField(default=list)
    lines = models.JSONField(default=list)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    review_on = models.DateField(null=True, blank=True)
    drill_months = models.PositiveSmallIntegerField(default=12)
    written_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    written_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)

    objects = PlanQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "number"], name="emergency_plan_version"),
            models.UniqueConstraint(
                fields=["code"], condition=Q(approved_by__isnull=True), name="emergency_plan_one_draft"
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | Q(written_by__isnull=True) | ~Q(approved_by=F("written_by")),
                name="emergency_plan_approved_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} v{self.number} {self.shown_name}"

    @property
    def shown_name(self) -> str:
        return in_reader_language(self.name, self.name_zh)

    @property
    def is_draft(self) -> bool:
        return self.approved_by_id is None

    def lasts_on(self, day: date) -> bool:
        """Tell whether its last day is not over."""
        return self.valid_to is None or self.valid_to >= day

    def holds_on(self, day: date) -> bool:
        """Tell whether it is in force on that day of the company, as `in_force` asks of many."""
        return not self.is_draft and self.valid_from <= day and self.lasts_on(day)

    @property
    def edition(self) -> str:
        """Return a mark of what a draft says now; another one means that somebody wrote it anew."""
        return self.written_at.isoformat() if self.written_at else ""

    @property
    def stream(self) -> uuid.UUID:
        """Return the stream of events that all versions of the plan share."""
        return uuid.uuid5(NAMESPACE, self.code)

    @property
    def actions(self) -> list[Action]:
        """Return what is to be done, in order."""
        return sorted((Action(*row) for row in self.first_actions), key=lambda action: action.minutes)

    @property
    def informed(self) -> list[Line]:
        """Return who is told what."""
        return [Line(*row) for row in self.lines]

    def drill_due_on(self, last: date | None) -> date:
        """Return by when the next drill is to be held; `last`: the day of the last one."""
        return months_later(last or self.valid_from, self.drill_months)


def months_later(day: date, months: int) -> date:
    """Return the same day so many months later, or the last of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


class EmergencyRole(models.Model):
    """Who holds a role by a plan, and who stands in."""

    plan = models.ForeignKey(EmergencyPlan, models.CASCADE, related_name="roles")
    role = models.CharField(max_length=12, choices=PlanRole.choices)
    person = models.ForeignKey(USER, models.PROTECT, related_name="+")
    phone = models.CharField(max_length=40, blank=True)
    deputy = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    deputy_phone = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "role"], name="emergency_role_once")]

    def __str__(self) -> str:
        return f"{self.role}: {self.person}"


def resource_key(code: str) -> str:
    """Return by what a resource is known: its code, however its letters are written (van-1, ＶＡＮ-1, VAN-1)."""
    return unicodedata.normalize("NFKC", code).casefold().strip()


class EmergencyResource(models.Model):
    """Something a plan reckons with. The same code in two plans, however it is written, is the same thing."""

    class Kind(models.TextChoices):
        PEOPLE = "PEOPLE", _("People")
        SPARE = "SPARE", _("Spare parts")
        INSTRUMENT = "INSTRUMENT", _("Instrument")
        VEHICLE = "VEHICLE", _("Vehicle")
        LAB = "LAB", _("Test laboratory")
        OTHER = "OTHER", _("Other")

    plan = models.ForeignKey(EmergencyPlan, models.CASCADE, related_name="stock")
    code = models.CharField(max_length=40)
    key = models.CharField(max_length=720, db_index=True, default="")  # resource_key of the code, which may lengthen it
    name = models.CharField(max_length=160)
    name_zh = models.CharField(max_length=160, blank=True)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.OTHER)
    quantity = models.PositiveIntegerField()
    place = models.CharField(max_length=160, blank=True)
    keeper = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "key"], name="emergency_resource_by_key"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="emergency_resource_some"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.shown_name}"

    @property
    def shown_name(self) -> str:
        return in_reader_language(self.name, self.name_zh)


class EmergencyActivation(models.Model):
    """A plan put into force: for a case, or as a drill, which touches no case."""

    complaint = models.ForeignKey("complaints.Complaint", models.PROTECT, null=True, related_name="activations")
    cycle = models.PositiveSmallIntegerField(default=1)
    plan = models.ForeignKey(EmergencyPlan, models.PROTECT, related_name="activations")
    drill = models.BooleanField(default=False)
    scenario = models.TextField(blank=True)  # of a drill
    grade = models.CharField(max_length=2, choices=Grade.choices, blank=True)
    commander = models.ForeignKey(USER, models.PROTECT, related_name="+")
    activated_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    activated_at = models.DateTimeField()
    because = models.TextField(blank=True)
    stood_down_at = models.DateTimeField(null=True)
    stood_down_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    stand_down_reason = models.TextField(blank=True)
    went_well = models.TextField(blank=True)
    shortcomings = models.TextField(blank=True)
    improvements = models.TextField(blank=True)  # one a line; those of a case are tasks as well

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["complaint", "cycle"], condition=Q(stood_down_at__isnull=True), name="emergency_one_active"
            ),
            models.CheckConstraint(
                condition=Q(drill=True, complaint__isnull=True) | Q(drill=False, complaint__isnull=False),
                name="emergency_drill_or_case",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan} on {self.complaint or 'a drill'}"

    @property
    def is_active(self) -> bool:
        return self.stood_down_at is None


class EmergencySeat(models.Model):
    """Who holds a role in an activation, and in whose stead."""

    activation = models.ForeignKey(EmergencyActivation, models.CASCADE, related_name="seats")
    role = models.CharField(max_length=12, choices=PlanRole.choices)
    user = models.ForeignKey(USER, models.PROTECT, related_name="+")
    phone = models.CharField(max_length=40, blank=True)
    instead_of = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["activation", "role"], condition=Q(until__isnull=True), name="emergency_seat_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.role}: {self.user}"


class EmergencyStep(models.Model):
    """A line of the timed checklist; on a case it is a task of its owner, and both end together."""

    class Status(models.TextChoices):
        OPEN = "OPEN", pgettext_lazy("to be done", "Open")
        DONE = "DONE", _("Done")
        CANCELLED = "CANCELLED", _("Cancelled")

    activation = models.ForeignKey(EmergencyActivation, models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    minutes = models.PositiveIntegerField()
    text = models.TextField()
    text_zh = models.TextField(blank=True)
    role = models.CharField(max_length=12, choices=PlanRole.choices)
    owner = models.ForeignKey(USER, models.PROTECT, related_name="+")
    due_at = models.DateTimeField()
    task = models.OneToOneField("complaints.Task", models.PROTECT, null=True, related_name="step")
    status = models.CharField(max_length=9, choices=Status.choices, default=Status.OPEN)
    done_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    done_at = models.DateTimeField(null=True)
    result = models.TextField(blank=True)
    left_because = models.TextField(blank=True)  # why it was handed on at the stand-down, not done

    def __str__(self) -> str:
        return f"{self.position} {self.text[:60]}"

    @property
    def shown_text(self) -> str:
        return in_reader_language(self.text, self.text_zh)

    @property
    def in_time(self) -> bool:
        return self.status == self.Status.DONE and self.done_at is not None and self.done_at <= self.due_at


class EmergencyDecision(models.Model):
    """A decision taken in an incident, and why. Nothing changes one."""

    activation = models.ForeignKey(EmergencyActivation, models.PROTECT, related_name="decisions")
    what = models.TextField()
    because = models.TextField()
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.what[:60]


class EmergencyUpdate(models.Model):
    """That an audience was told how things stand, and what."""

    activation = models.ForeignKey(EmergencyActivation, models.PROTECT, related_name="updates")
    audience = models.CharField(max_length=10, choices=Informed.choices)
    text = models.TextField()
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.audience}: {self.text[:60]}"


class EmergencyPromise(models.Model):
    """
    When an audience of an incident is to be told next.

    step: to how many levels it was said that this time has passed (complaints.promises).  next_at: when something is
    to be said next; None once there is nothing more to say. A drill promises nothing.
    """

    activation = models.ForeignKey(EmergencyActivation, models.CASCADE, related_name="promises")
    audience = models.CharField(max_length=10, choices=Informed.choices)
    due_at = models.DateTimeField()
    step = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["activation", "audience"], name="emergency_promise_once")]
        indexes = [
            models.Index(fields=["next_at", "id"], condition=Q(next_at__isnull=False), name="emergency_promise_next")
        ]

    def __str__(self) -> str:
        return f"{self.audience} by {self.due_at}"


class EmergencyReservation(models.Model):
    """So many of a resource kept for a case from one moment to another, unless given back before."""

    activation = models.ForeignKey(EmergencyActivation, models.PROTECT, related_name="reservations")
    resource = models.ForeignKey(EmergencyResource, models.PROTECT, related_name="reservations")
    code = models.CharField(max_length=40)  # as the resource's
    key = models.CharField(max_length=720, db_index=True, default="")  # by it they are the same thing
    quantity = models.PositiveIntegerField()
    from_at = models.DateTimeField()
    until_at = models.DateTimeField()
    because = models.TextField(blank=True)  # why it was taken although there are not enough
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(until_at__gte=F("from_at")), name="emergency_reservation_span"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="emergency_reservation_some"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} {self.code}"

    def overlaps(self, since: datetime, until: datetime) -> bool:
        """Tell whether it holds at some moment of that span."""
        return self.from_at < until and since < self.until_at
