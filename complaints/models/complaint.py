"""The case itself: its facts, its state and the moves between states (DOMAIN §2)."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import connection, models
from django.db.models import Q
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_fsm import ConcurrentTransitionMixin, FSMField, transition

from complaints import days, gates, policies
from complaints.models.clock import SlaClock
from complaints.models.response import TeamMember
from complaints.models.states import (
    BACKLOG,
    IN_DIAGNOSIS,
    STAGE_OF,
    UNCOUNTED,
    WAITING_FOR_CUSTOMER,
    Channel,
    ClockState,
    FoundWhere,
    Grade,
    Location,
    RejectionReason,
    Safety,
    State,
)
from contracts.exact import ExactDecimalField

if TYPE_CHECKING:
    from accounts.models import User


class Immutable(Exception):
    """Somebody tried to change what must stay as it was given."""


class Complaints(models.QuerySet["Complaint"]):
    """Named questions about cases."""

    def visible_to(self, user: User) -> Complaints:
        """Return the cases that `user` may know of; what is not here does not exist for them."""
        return self.filter(policies.visible(user))

    def with_words(self, words: str) -> Complaints:
        """Return the cases that contain all of `words` in number, title, text, serial or the customer's name."""
        rows = self
        for word in words.replace("\0", " ").split()[:8]:
            rows = rows.filter(
                Q(ref__icontains=word)
                | Q(title__icontains=word)
                | Q(description__icontains=word)
                | Q(serial__icontains=word)
                | Q(customer__name__icontains=word)
                | Q(customer__name_zh__icontains=word)
            )
        return rows

    def backlog(self) -> Complaints:
        """Return the cases that are not ended (KV-13)."""
        return self.filter(state__in=BACKLOG)

    # What the lists and the dashboard count: one source for both, so that a number equals the list behind it.

    def received(self) -> Complaints:
        """Return the cases that have a number: all but drafts."""
        return self.exclude(state=State.DRAFT)

    def drafts_of(self, user: User) -> Complaints:
        """Return what `user` began to log and has not logged yet."""
        return self.filter(state=State.DRAFT, registered_by=user)

    def mine(self, user: User) -> Complaints:
        """Return the cases on the desk of `user`: own, logged but owned by nobody, or with a decision to make."""
        from complaints import desk

        return self.backlog().filter(Q(owner=user) | Q(owner=None, registered_by=user) | desk.asks(user))

    def unassigned(self) -> Complaints:
        """Return the cases that nobody owns yet."""
        return self.backlog().filter(owner=None)

    def waiting_for_customer(self) -> Complaints:
        """Return the cases of which a clock is paused because the customer has to answer first."""
        waits = SlaClock.objects.filter(state=ClockState.PAUSED, waiting_for__in=WAITING_FOR_CUSTOMER)
        return self.backlog().filter(pk__in=waits.values("complaint"))

    def my_diagnoses(self, user: User) -> Complaints:
        """Return the cases in response or diagnosis that `user` owns or sits on the team of."""
        seats = TeamMember.objects.filter(user=user, left_at=None, cycle=models.F("complaint__cycle"))
        return self.filter(Q(owner=user) | Q(pk__in=seats.values("complaint")), state__in=IN_DIAGNOSIS)

    def breached(self, now: datetime) -> Complaints:
        """Return the cases with a clock past due and not stopped, or something of their incident."""
        from complaints import clock_queries

        return self.backlog().filter(clock_queries.breached(now))

    def at_risk(self, now: datetime) -> Complaints:
        """Return the cases with a clock that runs out soon, and nothing past due."""
        from complaints import clock_queries

        return self.backlog().filter(clock_queries.at_risk(now))

    def counted(self) -> Complaints:
        """Return the cases that figures count: all but drafts and what was merged into another (DOMAIN §13)."""
        return self.exclude(state__in=UNCOUNTED)

    def of_customer(self, code: str) -> Complaints:
        """Return the cases of the customer with that code; like its neighbours asked for by the name of a filter."""
        return self.filter(customer__code__iexact=code)

    def of_product(self, code: str) -> Complaints:
        """Return the cases about the product with that code; "none": about goods that nobody could name."""
        return self.filter(product=None) if code == "none" else self.filter(product__code__iexact=code)

    def of_team(self, code: str) -> Complaints:
        """Return the cases on the desk of the department with that code; "none": of no department yet."""
        return self.filter(department=None) if code == "none" else self.filter(department__code__iexact=code)

    def with_defect(self, code: str) -> Complaints:
        """Return the cases with that code of Nonconformity; "none": with none."""
        return self.with_defects_said().filter(says_defect(code))

    def with_defects_said(self) -> Complaints:
        """Add `defects_said`, which says_defect asks."""
        return self.alias(defects_said=Cast("nonconformity", models.TextField()))

    def aged(self, band: str, now: datetime) -> Complaints:
        """Return the cases whose age, in full days since receipt, lies in a band of days.AGES."""
        return self.filter(days.of_age(band, now).holds("received_at"))


def says_defect(code: str) -> Q:
    """Return the condition that a case, taken with_defects_said(), has that code of Nonconformity; "none": has none."""
    return Q(defects_said__contains="[]" if code == "none" else f'"{code}"')


def _move(verb: str, source: Any, target: State):  # type: ignore[no-untyped-def]
    """Declare a transition: allowed to those whom the policy names, once no gap is left."""
    return transition(
        field="state",
        source=source,
        target=target,
        permission=lambda complaint, user: policies.may_move(verb, complaint, user),
        conditions=[gates.no_gaps(verb)],
        custom={"verb": verb},
    )


class Complaint(ConcurrentTransitionMixin, models.Model):
    """A quality complaint. Instants are aware UTC; quantities are exact decimals in `unit`."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    ref = models.CharField(max_length=20, unique=True, null=True, editable=False)
    state = FSMField(max_length=12, choices=State.choices, default=State.DRAFT, protected=True)
    cycle = models.PositiveSmallIntegerField(default=1)
    version = models.PositiveIntegerField(default=0)

    # who and how
    customer = models.ForeignKey("accounts.Organisation", models.PROTECT, null=True, related_name="complaints")
    contact = models.ForeignKey("accounts.Contact", models.PROTECT, null=True, blank=True, related_name="complaints")
    contact_name = models.CharField(max_length=120, blank=True)
    contact_email = models.EmailField(blank=True)
    contact_phone = models.CharField(max_length=40, blank=True)
    channel = models.CharField(max_length=8, choices=Channel.choices, default=Channel.PHONE)
    language = models.CharField(max_length=10, choices=settings.LANGUAGES, default="en")
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="complaints_registered"
    )

    # when
    received_at = models.DateTimeField(null=True)
    registered_at = models.DateTimeField(null=True)
    late_proof = models.CharField(max_length=300, blank=True)  # why registration is more than 7 days late
    found_on = models.DateField(null=True)

    # what
    title = models.CharField(max_length=160)
    description = models.TextField()  # as told; never changed once received
    found_where = models.CharField(max_length=12, choices=FoundWhere.choices, blank=True)
    found_place = models.CharField(max_length=200, blank=True)
    nonconformity = models.JSONField(default=list, blank=True)  # codes of Nonconformity
    remedy_asked = models.JSONField(default=list, blank=True)  # codes of RemedyAsked
    quantity_affected = ExactDecimalField(null=True, blank=True)
    quantity_delivered = ExactDecimalField(null=True, blank=True)
    quantity_confirmed = ExactDecimalField(null=True, blank=True)
    unit = models.CharField(max_length=16, blank=True)
    safety = models.CharField(max_length=8, choices=Safety.choices, blank=True, default="")
    work_stopped = models.BooleanField(default=False)
    milestone_at_risk = models.BooleanField(default=False)

    # which goods, under which promise
    project = models.ForeignKey("contracts.Project", models.PROTECT, null=True, blank=True, related_name="complaints")
    contract = models.ForeignKey("contracts.Contract", models.PROTECT, null=True, blank=True, related_name="complaints")
    contract_version = models.ForeignKey(
        "contracts.ContractVersion", models.PROTECT, null=True, blank=True, related_name="complaints"
    )
    no_contract_because = models.CharField(max_length=300, blank=True)
    product = models.ForeignKey("contracts.Product", models.PROTECT, null=True, blank=True, related_name="complaints")
    delivery = models.ForeignKey("contracts.Delivery", models.PROTECT, null=True, blank=True, related_name="complaints")
    lot = models.ForeignKey("contracts.Lot", models.PROTECT, null=True, blank=True, related_name="complaints")
    serial = models.CharField(max_length=80, blank=True)
    goods_unknown_because = models.CharField(max_length=300, blank=True)

    # grade and people
    grade = models.CharField(max_length=2, choices=Grade.choices, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="complaints_owned"
    )
    department = models.ForeignKey(
        "accounts.Department", models.PROTECT, null=True, blank=True, related_name="complaints"
    )
    duplicate_checked_at = models.DateTimeField(null=True, blank=True)
    master = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="duplicates")

    # flags, DOMAIN §2.1
    escalation_level = models.PositiveSmallIntegerField(default=0)
    legal_hold = models.BooleanField(default=False)
    major_issue = models.BooleanField(default=False)
    reportable = models.BooleanField(default=False)
    lender_material = models.BooleanField(default=False)
    claim_8d = models.BooleanField(default=False)  # the customer asked for an 8D report

    # moments the moves leave behind
    triaged_at = models.DateTimeField(null=True)
    diagnosed_at = models.DateTimeField(null=True)
    resolved_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    state_since = models.DateTimeField(null=True)

    # where an import took it from; the pair is what makes a second run harmless
    source = models.CharField(max_length=80, blank=True)
    source_key = models.CharField(max_length=120, blank=True)

    _told: str | None = None  # the text as it was read, once received

    objects = Complaints.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="complaint_state_known"),
            models.CheckConstraint(
                condition=Q(state=State.DRAFT)
                | Q(ref__isnull=False, customer__isnull=False, received_at__isnull=False, found_on__isnull=False),
                name="complaint_received_whole",
            ),
            models.CheckConstraint(
                condition=Q(received_at__isnull=True) | Q(received_at__lte=models.F("registered_at")),
                name="complaint_received_before_registered",
            ),
            models.UniqueConstraint(
                fields=["source", "source_key"], condition=~Q(source=""), name="complaint_source_once"
            ),
        ]
        indexes = [
            models.Index(fields=["state", "received_at"], name="complaint_state_received"),
            models.Index(fields=["customer", "-received_at"], name="complaint_customer_received"),
            models.Index(fields=["owner", "state"], name="complaint_owner_state"),
            models.Index(fields=["-received_at", "-id"], name="complaint_newest"),
            models.Index(fields=["ended_at"], condition=Q(ended_at__isnull=False), name="complaint_ended"),
        ]

    def __str__(self) -> str:
        return self.ref or f"draft {self.pk}"

    @classmethod
    def from_db(cls, *args: Any, **kwargs: Any) -> Complaint:
        complaint = super().from_db(*args, **kwargs)
        complaint._told = complaint.__dict__.get("description") if complaint.__dict__.get("ref") else None
        return complaint

    def save(self, *args: object, **kwargs: object) -> None:
        """Save and count the version; raise Immutable if the original text was changed."""
        if self._told is not None and self._told != self.description:
            raise Immutable("The text of a received complaint stays as it was told.")
        self.version += 1
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def settled(self) -> Complaint:
        """Return the case as a fresh read would give it, after it was saved: each value in its column's own type."""
        for field in self._meta.concrete_fields:
            value = field.to_python(self.__dict__[field.attname])
            self.__dict__[field.attname] = value
        self._told = self.description if self.ref else None
        return self

    def get_absolute_url(self) -> str:
        return reverse("case", args=[self.ref])

    @property
    def stage(self) -> str | None:
        """Return the step of the seven that this case is in; None for a draft."""
        return STAGE_OF.get(self.state)

    @property
    def urgent(self) -> bool:
        """Tell whether ACK and TRIAGE run as for G1: danger, stoppage, or safety not answered yet (DOMAIN §3.2)."""
        return self.safety != Safety.NO or self.work_stopped

    @property
    def dangerous(self) -> bool:
        """Tell whether safety must be assumed at stake; unanswered counts as yes."""
        return self.safety != Safety.NO

    # The moves, T02–T21. They touch only their own fields; lifecycle.py is their only caller. ------------------------

    @_move("register", State.DRAFT, State.RECEIVED)
    def register(self, *, at: datetime) -> None:
        self.state_since = at

    @_move("triage", State.RECEIVED, State.TRIAGED)
    def triage(self, *, at: datetime) -> None:
        self.triaged_at = self.state_since = at

    @_move("mobilise", State.TRIAGED, State.RESPONDING)
    def mobilise(self, *, at: datetime) -> None:
        self.state_since = at

    @_move("begin_diagnosis", State.RESPONDING, State.DIAGNOSING)
    def begin_diagnosis(self, *, at: datetime) -> None:
        self.state_since = at

    @_move("propose_directly", State.RESPONDING, State.PROPOSING)
    def propose_directly(self, *, at: datetime) -> None:
        self.diagnosed_at = self.state_since = at

    @_move("agree_diagnosis", State.DIAGNOSING, State.PROPOSING)
    def agree_diagnosis(self, *, at: datetime) -> None:
        self.diagnosed_at = self.state_since = at

    @_move("send_proposal", State.PROPOSING, State.NEGOTIATING)
    def send_proposal(self, *, at: datetime) -> None:
        self.state_since = at

    @_move("counter", State.NEGOTIATING, State.PROPOSING)
    def counter(self, *, at: datetime) -> None:
        self.state_since = at

    @_move("accept", State.NEGOTIATING, State.EXECUTING)
    def accept(self, *, at: datetime) -> None:
        self.state_since = at

    @_move("report_done", State.EXECUTING, State.VERIFYING)
    def report_done(self, *, at: datetime) -> None:
        self.state_since = at

    @_move("not_solved", State.VERIFYING, State.EXECUTING)
    def not_solved(self, *, at: datetime) -> None:
        self.state_since = at

    @_move("confirm", State.VERIFYING, State.FOLLOW_UP)
    def confirm(self, *, at: datetime) -> None:
        self.resolved_at = self.state_since = at

    @_move("close", State.FOLLOW_UP, State.CLOSED)
    def close(self, *, at: datetime) -> None:
        self.ended_at = self.state_since = at

    @_move("reopen", [State.FOLLOW_UP, State.CLOSED], State.TRIAGED)
    def reopen(self, *, at: datetime) -> None:
        self._begin_cycle(at)

    @_move("reject", [State.TRIAGED, State.RESPONDING, State.DIAGNOSING], State.REJECTED)
    def reject(self, *, at: datetime) -> None:
        self.ended_at = self.state_since = at

    @_move("object", State.REJECTED, State.TRIAGED)
    def object(self, *, at: datetime) -> None:
        self._begin_cycle(at)

    @_move(
        "withdraw",
        [
            State.RECEIVED,
            State.TRIAGED,
            State.RESPONDING,
            State.DIAGNOSING,
            State.PROPOSING,
            State.NEGOTIATING,
            State.EXECUTING,
            State.VERIFYING,
            State.DISPUTED,
        ],
        State.WITHDRAWN,
    )
    def withdraw(self, *, at: datetime) -> None:
        self.ended_at = self.state_since = at

    @_move("merge", [State.RECEIVED, State.TRIAGED], State.DUPLICATE)
    def merge(self, *, at: datetime) -> None:
        self.ended_at = self.state_since = at

    @_move("dispute", State.NEGOTIATING, State.DISPUTED)
    def dispute(self, *, at: datetime) -> None:
        self.state_since = at

    @_move("settle", State.DISPUTED, State.NEGOTIATING)
    def settle_to_negotiation(self, *, at: datetime) -> None:
        self.state_since = at

    @_move("settle", State.DISPUTED, State.EXECUTING)
    def settle_to_execution(self, *, at: datetime) -> None:
        self.state_since = at

    @_move("settle", State.DISPUTED, State.CLOSED)
    def settle_to_closing(self, *, at: datetime) -> None:
        self.ended_at = self.state_since = at

    def _begin_cycle(self, at: datetime) -> None:
        self.cycle += 1
        self.resolved_at = self.ended_at = None
        self.state_since = at


class CaseNumber(models.Model):
    """The last number given in a year; locked while the next is taken, so numbers never repeat."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"

    @classmethod
    def take(cls, year: int) -> int:
        """Return the next number of the year, in one statement; the year's row stays locked until the commit."""
        with connection.cursor() as cursor:
            cursor.execute(_TAKE, [year])
            return int(cursor.fetchone()[0])


_TAKE = """
    INSERT INTO complaints_casenumber (year, last) VALUES (%s, 1)
    ON CONFLICT (year) DO UPDATE SET last = complaints_casenumber.last + 1
    RETURNING last
"""


class CaseCycle(models.Model):
    """One passage through the lifecycle; reopening and objection begin a new one and freeze the old (DOMAIN §9.4)."""

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="cycles")
    number = models.PositiveSmallIntegerField()
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    opened_because = models.TextField(blank=True)
    frozen_at = models.DateTimeField(null=True)
    frozen = models.JSONField(default=dict)  # state, grade, owner, resolved_at … as the old cycle ended

    class Meta:
        constraints = [models.UniqueConstraint(fields=["complaint", "number"], name="case_cycle_once")]

    def __str__(self) -> str:
        return f"{self.complaint} cycle {self.number}"


class AffectedItem(models.Model):
    """A quantity of suspect goods in one place; total = confirmed + good + unknown (DOMAIN §5.1)."""

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="affected_items")
    location = models.CharField(max_length=16, choices=Location.choices)
    lot = models.ForeignKey("contracts.Lot", models.PROTECT, null=True, blank=True, related_name="affected_items")
    serials = models.TextField(blank=True)
    total = models.PositiveIntegerField()
    confirmed = models.PositiveIntegerField(default=0)
    good = models.PositiveIntegerField(default=0)
    unknown = models.PositiveIntegerField(default=0)
    action = models.CharField(max_length=300, blank=True)
    responsible = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    due_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(total=models.F("confirmed") + models.F("good") + models.F("unknown")),
                name="affected_item_sums",
            )
        ]

    def __str__(self) -> str:
        return f"{self.location} {self.total}"


class SignOff(models.Model):
    """Another person's agreement that a move needs ("+ LEG" in DOMAIN's who-column)."""

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="signoffs")
    cycle = models.PositiveSmallIntegerField()
    move = models.CharField(max_length=20)
    role = models.CharField(max_length=4)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    comment = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["complaint", "cycle", "move", "role"], name="signoff_once")]

    def __str__(self) -> str:
        return f"{self.role} for {self.move}"


class Rejection(models.Model):
    """A proposal not to accept the complaint, made by one person and decided by another (T16)."""

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="rejections")
    cycle = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=20, choices=RejectionReason.choices)
    evidence = models.TextField()
    letter_text = models.TextField()
    clause = models.ForeignKey("contracts.Clause", models.PROTECT, null=True, blank=True, related_name="+")
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField()
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    object_until = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["complaint", "cycle"], name="rejection_once_a_cycle"),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=models.F("prepared_by")),
                name="rejection_two_people",
            ),
        ]

    def __str__(self) -> str:
        return self.reason


class Withdrawal(models.Model):
    """The customer took the complaint back, in writing (T18)."""

    complaint = models.OneToOneField(Complaint, models.PROTECT, related_name="withdrawal")
    statement = models.TextField()
    internal_record = models.CharField(max_length=120, blank=True)  # number of the internal nonconformity record
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"withdrawal of {self.complaint}"


class Dispute(models.Model):
    """A deadlock that Legal took over, and how it ended (T20, T21)."""

    class Ground(models.TextChoices):
        THREE_ROUNDS = "THREE_ROUNDS", _("Three rounds without agreement")
        SIXTY_DAYS = "SIXTY_DAYS", _("Sixty days without agreement")
        FORMAL_NOTICE = "FORMAL_NOTICE", _("Formal notice")

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="disputes")
    cycle = models.PositiveSmallIntegerField()
    ground = models.CharField(max_length=16, choices=Ground.choices)
    notice = models.TextField()
    clause = models.ForeignKey("contracts.Clause", models.PROTECT, null=True, blank=True, related_name="+")
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    outcome = models.TextField(blank=True)  # settlement or award, as attached
    settled_to = models.CharField(max_length=12, blank=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.ground
