"""After the remedy: the customer's confirmation, return visits, surveys (DOMAIN §9, §2.2 T13)."""

import secrets
import uuid
from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from remediation.models.kinds import Solved, VisitKind, VisitStatus

USER = settings.AUTH_USER_MODEL


def survey_token() -> str:
    """Return 32 characters that nobody can guess (192 bit)."""
    return secrets.token_urlsafe(24)


class Confirmation(models.Model):
    """The customer says that it is solved, or is deemed to by silence."""

    complaint = models.ForeignKey("complaints.Complaint", models.PROTECT, related_name="confirmations")
    cycle = models.PositiveSmallIntegerField()
    person = models.CharField(max_length=200, blank=True)  # who confirmed, for the customer
    how = models.TextField(blank=True)
    deemed = models.BooleanField(default=False)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["complaint", "cycle"], name="confirmation_once_a_cycle"),
            models.CheckConstraint(condition=Q(deemed=True) | ~Q(person=""), name="confirmation_by_somebody"),
        ]

    def __str__(self) -> str:
        return self.person or "deemed"


class ConfirmationReminder(models.Model):
    """The customer was asked to check the result; two of them and silence may count as yes."""

    complaint = models.ForeignKey("complaints.Complaint", models.PROTECT, related_name="confirmation_reminders")
    cycle = models.PositiveSmallIntegerField()
    sent_at = models.DateTimeField()
    sent_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return f"{self.complaint} {self.sent_at:%Y-%m-%d}"


class ReturnVisit(models.Model):
    """
    A visit that was promised at a date; dates are the customer's local ones.

    `agreed_on` is the date it was moved to at the customer's wish; `planned_on` stays. It counts as missed after
    `tolerance_until`.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    complaint = models.ForeignKey("complaints.Complaint", models.PROTECT, related_name="visits")
    cycle = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField()  # the first visit after resolution is 1
    after_days = models.PositiveSmallIntegerField()  # after resolution, as the plan says
    kind = models.CharField(_("kind"), max_length=7, choices=VisitKind.choices)
    planned_on = models.DateField(_("planned on"))
    agreed_on = models.DateField(_("agreed on"), null=True, blank=True)
    moved_because = models.TextField(blank=True)  # the customer's request, in writing
    tolerance_until = models.DateField()
    calendar_version = models.ForeignKey(  # that dated it; a newer one dates it anew while it is planned
        "worktime.CalendarVersion", models.PROTECT, null=True, related_name="+"
    )  # fmt: skip
    status = models.CharField(max_length=9, choices=VisitStatus.choices, default=VisitStatus.PLANNED)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    contact_met = models.CharField(_("contact met"), max_length=200, blank=True)
    works = models.BooleanField(_("works"), null=True)
    same_defect = models.BooleanField(_("same defect"), null=True)
    other_problems = models.TextField(_("other problems"), blank=True)
    open_promises = models.TextField(_("open promises"), blank=True)
    satisfaction = models.PositiveSmallIntegerField(_("satisfaction"), null=True, blank=True)
    risk_seen = models.TextField(_("risk seen"), blank=True)
    next_step = models.TextField(_("next step"), blank=True)
    cancelled_because = models.TextField(blank=True)
    reminded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["complaint", "cycle", "number"], name="return_visit_once"),
            models.CheckConstraint(condition=Q(status__in=VisitStatus.values), name="return_visit_status_known"),
            models.CheckConstraint(
                condition=Q(satisfaction__isnull=True) | Q(satisfaction__gte=1, satisfaction__lte=5),
                name="return_visit_satisfaction_1_to_5",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["DONE", "DONE_LATE"]) | Q(done_at__isnull=False, works__isnull=False),
                name="return_visit_done_has_result",
            ),
        ]
        indexes = [
            models.Index(fields=["tolerance_until"], condition=Q(status="PLANNED"), name="return_visit_open"),
        ]

    def __str__(self) -> str:
        return f"{self.complaint} +{self.after_days} {self.kind}"

    @property
    def due_on(self) -> date:
        """Return the date that holds: the agreed one, else the planned one."""
        return self.agreed_on or self.planned_on


class SurveyInvitation(models.Model):
    """A link to the questions: no sign-in, one answer, for a limited time."""

    token = models.CharField(max_length=48, unique=True, default=survey_token)
    complaint = models.ForeignKey("complaints.Complaint", models.PROTECT, related_name="surveys")
    cycle = models.PositiveSmallIntegerField()
    contact = models.ForeignKey("accounts.Contact", models.PROTECT, null=True, related_name="+")
    email = models.EmailField()
    language = models.CharField(max_length=10, choices=settings.LANGUAGES)
    process_only = models.BooleanField(default=False)  # after a rejection: nothing was remedied to ask about
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=models.F("sent_at")), name="survey_invitation_forward")
        ]
        indexes = [models.Index(fields=["email", "sent_at"], name="survey_invitation_email")]

    def __str__(self) -> str:
        return f"survey of {self.complaint}"


def _scale(name: str, least: int, most: int) -> models.CheckConstraint:
    inside = Q(**{f"{name}__gte": least, f"{name}__lte": most})
    return models.CheckConstraint(condition=Q(**{f"{name}__isnull": True}) | inside, name=f"survey_{name}_range")


class SurveyResponse(models.Model):
    """The answers; a question that was not asked or not answered is null. csat 1–5, nps 0–10, ces 1–7 (7 is easy)."""

    invitation = models.OneToOneField(SurveyInvitation, models.PROTECT, related_name="response")
    solved = models.CharField(max_length=6, choices=Solved.choices, blank=True)
    csat_result = models.PositiveSmallIntegerField(null=True)
    csat_speed = models.PositiveSmallIntegerField(null=True)
    csat_communication = models.PositiveSmallIntegerField(null=True)
    csat_competence = models.PositiveSmallIntegerField(null=True)
    nps = models.PositiveSmallIntegerField(null=True)
    ces = models.PositiveSmallIntegerField(null=True)
    text = models.TextField(blank=True)
    may_publish = models.BooleanField(default=False)
    call_me = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            _scale("csat_result", 1, 5),
            _scale("csat_speed", 1, 5),
            _scale("csat_communication", 1, 5),
            _scale("csat_competence", 1, 5),
            _scale("nps", 0, 10),
            _scale("ces", 1, 7),
        ]

    def __str__(self) -> str:
        return f"answer to {self.invitation}"
