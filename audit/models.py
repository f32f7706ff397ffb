"""The trail: events, the head of each stream, erasable texts, and the marks of what nobody was told yet."""

import uuid
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q


class EventQuerySet(models.QuerySet["Event"]):
    def of(self, stream_kind: str, stream: uuid.UUID) -> Self:
        """Return the events of one stream, oldest first."""
        return self.filter(stream_kind=stream_kind, stream=stream).order_by("seq")


class Event(models.Model):
    """
    One thing that happened. Written by `audit.record` alone; the database refuses to change or delete it.

    `at` is the business moment (a breach is dated when the time ran out), `recorded_at` the database's clock under
    the stream's lock. `by_id` is the user's id, null for the system. `hash` covers every other column.
    """

    stream_kind = models.CharField(max_length=20)
    stream = models.UUIDField()
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=60)
    by_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    facts = models.JSONField()
    prev = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    objects = EventQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="event_place_once", fields=["stream_kind", "stream", "seq"]),
            models.CheckConstraint(name="event_seq_from_one", condition=Q(seq__gte=1)),
        ]
        indexes = [models.Index(name="event_by_kind", fields=["kind", "at"])]

    def __str__(self) -> str:
        return f"{self.stream_kind} {self.stream} #{self.seq} {self.kind}"

    def text(self, name: str) -> str | None:
        """Return an erasable text of this event; None if it has none of that name or it was erased."""
        return next((private.text for private in self.texts.all() if private.name == name), None)


class StreamHead(models.Model):
    """The last event of a stream; its row is the lock under which the stream grows."""

    stream_kind = models.CharField(max_length=20)
    stream = models.UUIDField()
    seq = models.PositiveIntegerField(default=0)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(name="stream_head_once", fields=["stream_kind", "stream"])]

    def __str__(self) -> str:
        return f"{self.stream_kind} {self.stream} #{self.seq}"


class Private(models.Model):
    """A personal or free text of an event. May be deleted; its salted digest stays in the event's facts."""

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="texts")
    name = models.CharField(max_length=60)
    salt = models.CharField(max_length=32)
    text = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(name="private_name_once", fields=["event", "name"])]

    def __str__(self) -> str:
        return f"{self.name} of {self.event_id}"


class PendingQuerySet(models.QuerySet["Pending"]):
    def due(self, now: datetime) -> Self:
        """Return the marks to look at by now: those never tried first, so that a bad one delays nobody."""
        waiting = self.filter(Q(next_at=None) | Q(next_at__lte=now), dead_at=None)
        return waiting.order_by(F("next_at").asc(nulls_first=True), "pk")


class Pending(models.Model):
    """Nobody was told of this event yet. Deleted in the transaction that writes whom to tell."""

    event = models.OneToOneField(Event, on_delete=models.PROTECT, primary_key=True, related_name="pending")
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)  # null: at once
    dead_at = models.DateTimeField(null=True)  # given up; a person must look
    last_error = models.TextField(blank=True)

    objects = PendingQuerySet.as_manager()

    def __str__(self) -> str:
        return f"pending {self.event_id}"
