"""What is owed to whom: one row per event, recipient and channel."""

import uuid
from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Language, company_zone


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    """Deliveries, by what is to be done with them."""

    def due(self, now: datetime) -> Self:
        """Return those to send by now: waiting, or left by a worker whose lease has run out."""
        waiting = Q(state__in=[Delivery.State.READY, Delivery.State.RETRY], next_at__lte=now)
        left = Q(state=Delivery.State.LEASED, lease_until__lt=now)
        return self.filter(waiting | left).order_by("next_at", "pk")

    def dead(self) -> Self:
        """Return those that were given up, latest first."""
        return self.filter(state=Delivery.State.DEAD).order_by("-next_at", "-pk")


class Delivery(models.Model):
    """
    One message to one person. The row is the truth; Celery only says when to look.

    `dedup_key` says what the message means, so that the same meaning is never told twice; `message_id` is fixed here
    and the same on every attempt. Subject and body are rendered at the first attempt and kept.
    """

    class State(models.TextChoices):
        READY = "READY", _("Waiting")
        LEASED = "LEASED", _("Being sent")
        SENT = "SENT", _("Sent")
        RETRY = "RETRY", _("Waiting for another try")
        DEAD = "DEAD", _("Given up")
        STALE = "STALE", _("Too old to send")
        HELD = "HELD", _("Held back")

    class Channel(models.TextChoices):
        MAIL = "MAIL", pgettext_lazy("a channel", "E-mail")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    event = models.ForeignKey("audit.Event", models.PROTECT, related_name="deliveries")
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="deliveries")
    address = models.CharField(max_length=254)
    channel = models.CharField(max_length=8, choices=Channel.choices, default=Channel.MAIL)
    dedup_key = models.CharField(max_length=255, unique=True)
    language = models.CharField(max_length=10, choices=Language.choices)
    zone = models.CharField(max_length=60, default=company_zone)
    template = models.CharField(max_length=60)
    params = models.JSONField(default=dict)
    letter = models.CharField(max_length=40, blank=True)  # number of the customer letter that this mail carries
    state = models.CharField(max_length=6, choices=State.choices, default=State.READY)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    owner = models.CharField(max_length=36, blank=True)
    message_id = models.CharField(max_length=255, unique=True)
    subject = models.CharField(max_length=255, blank=True)
    body = models.TextField(blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="delivery_state_known",
                condition=Q(state__in=["READY", "LEASED", "SENT", "RETRY", "DEAD", "STALE", "HELD"]),
            ),
            models.CheckConstraint(
                name="delivery_lease_whole",
                condition=~Q(state="LEASED") | (Q(lease_until__isnull=False) & ~Q(owner="")),
            ),
            models.CheckConstraint(name="delivery_sent_when", condition=~Q(state="SENT") | Q(sent_at__isnull=False)),
        ]
        indexes = [
            models.Index(
                name="delivery_due", fields=["next_at", "id"], condition=Q(state__in=["READY", "RETRY", "LEASED"])
            ),
            models.Index(name="delivery_dead", fields=["-next_at"], condition=Q(state="DEAD")),
        ]

    def __str__(self) -> str:
        return self.dedup_key
