"""Where the goods of suspect lots went: each delivery to somebody else is affected, or excluded with a reason."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class TracedDelivery(models.Model):
    """What was decided about the goods of one lot in one delivery (DOMAIN §5.1); `item` lists those affected."""

    complaint = models.ForeignKey("complaints.Complaint", models.PROTECT, related_name="traced")
    lot = models.ForeignKey("contracts.Lot", models.PROTECT, related_name="+")
    delivery = models.ForeignKey("contracts.Delivery", models.PROTECT, related_name="+")
    item = models.ForeignKey("complaints.AffectedItem", models.PROTECT, null=True, related_name="traced")
    excluded_because = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "traced deliveries"
        constraints = [
            models.UniqueConstraint(fields=["complaint", "lot", "delivery"], name="traced_delivery_once"),
            models.CheckConstraint(
                condition=Q(item__isnull=False, excluded_because="") | Q(item__isnull=True) & ~Q(excluded_because=""),
                name="traced_delivery_decided",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lot} in {self.delivery}"
