"""Letters: every fact frozen when the letter is sent, the PDF rendered later from that row alone (ARCHITECTURE §2)."""

import secrets
import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from complaints.models.states import LetterKind


def new_token() -> str:
    """Return 32 characters that nobody can guess (192 bit)."""
    return secrets.token_urlsafe(24)


class Letter(models.Model):
    """A document with its facts as they were; a correction is a new letter that supersedes this one."""

    class Status(models.TextChoices):
        OWED = "OWED"
        RENDERED = "RENDERED"
        FAILED = "FAILED"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    complaint = models.ForeignKey("complaints.Complaint", models.PROTECT, related_name="letters")
    cycle = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=16, choices=LetterKind.choices)
    number = models.CharField(max_length=40, unique=True)  # e.g. QC-2026-00123-8D-1
    language = models.CharField(max_length=10, choices=settings.LANGUAGES)
    facts = models.JSONField()
    facts_hash = models.CharField(max_length=64)
    frozen_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    frozen_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)  # null: made for the file, not put before the customer
    supersedes = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="superseded_by")
    # the rendering owed (a lease that the sweep claims, ARCHITECTURE §5.11)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.OWED)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    lease_owner = models.CharField(max_length=64, blank=True)
    error = models.TextField(blank=True)
    pdf = models.ForeignKey("complaints.Blob", models.PROTECT, null=True, related_name="+")
    rendered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["next_at", "id"], condition=Q(status="OWED"), name="letter_owed"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="RENDERED") | Q(pdf__isnull=False), name="letter_rendered_has_pdf"
            )
        ]

    def __str__(self) -> str:
        return self.number


class TrackerLink(models.Model):
    """A mailed link to the read-only tracker of one case; ends 90 days after closing (UX §3.12)."""

    complaint = models.OneToOneField("complaints.Complaint", models.PROTECT, related_name="tracker_link")
    token = models.CharField(max_length=48, unique=True, default=new_token)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"tracker of {self.complaint}"
