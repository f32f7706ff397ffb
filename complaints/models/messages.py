"""What is said about a case: among ourselves, to the customer, by the customer. Two kinds never share a form."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from complaints.models.states import Audience, Channel


class Message(models.Model):
    """A note, a reply or a customer's message; never edited."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    complaint = models.ForeignKey("complaints.Complaint", models.PROTECT, related_name="messages")
    audience = models.CharField(max_length=8, choices=Audience.choices)
    channel = models.CharField(max_length=8, choices=Channel.choices, default=Channel.PORTAL)
    body = models.TextField()
    language = models.CharField(max_length=10, choices=settings.LANGUAGES, default="en")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    author = models.CharField(max_length=120, blank=True)  # a customer without an account
    at = models.DateTimeField()
    evidence = models.ManyToManyField("complaints.Evidence", related_name="messages", blank=True)

    class Meta:
        indexes = [models.Index(fields=["complaint", "at"], name="message_complaint_at")]
        constraints = [models.CheckConstraint(condition=~Q(body=""), name="message_not_empty")]

    def __str__(self) -> str:
        return self.body[:60]
