"""Evidence files: the bytes once, by their hash; a row for each time somebody gave them."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q


class Blob(models.Model):
    """Bytes on disk under their SHA-256; never overwritten."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    size = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=100)  # media type found in the bytes, not the one claimed
    stored_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(size__gt=0), name="blob_not_empty")]

    def __str__(self) -> str:
        return self.sha256[:12]


class Evidence(models.Model):
    """A file that belongs to a case, under the name it came with."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    complaint = models.ForeignKey("complaints.Complaint", models.PROTECT, related_name="evidence")
    blob = models.ForeignKey(Blob, models.PROTECT, related_name="evidence")
    name = models.CharField(max_length=255)
    caption = models.CharField(max_length=200, blank=True)
    shown_to_customer = models.BooleanField(default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
