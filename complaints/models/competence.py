"""What people say of themselves that they know: a kind of product, and what of it (DOMAIN R11, R40)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from contracts.models import Product

USER = settings.AUTH_USER_MODEL


class CompetenceQuerySet(models.QuerySet["Competence"]):
    """Competences, by whether they hold and for which goods."""

    def holding(self) -> CompetenceQuerySet:
        """Return those that nobody withdrew, of people who have an account."""
        return self.filter(ended_at=None, user__is_active=True)

    def of_goods(self, product: Product | None) -> CompetenceQuerySet:
        """Return those that hold for the family of the product; none where it has no family."""
        family = product.family if product else ""
        return self.holding().filter(family=family) if family else self.none()


class Competence(models.Model):
    """That somebody knows a family of products, from one day to another. What changed is another row."""

    user = models.ForeignKey(USER, models.CASCADE, related_name="competences")
    family = models.CharField(max_length=100)  # as Product.family has it
    what = models.CharField(max_length=120, blank=True)  # e.g. "bearings and lubrication"
    declared_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    declared_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = CompetenceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "family"], condition=Q(ended_at=None), name="competence_once"),
            models.CheckConstraint(condition=~Q(family=""), name="competence_of_something"),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("declared_at")), name="competence_forward"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.family}: {self.what}" if self.what else self.family
