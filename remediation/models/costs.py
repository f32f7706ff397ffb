"""What poor quality cost, and who else bears it (DOMAIN §7.3, §10)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from contracts.money import MoneyField
from remediation.models.kinds import ChargebackStatus, CostCategory, CostItem, Recoverable

USER = settings.AUTH_USER_MODEL


class CostEntry(models.Model):
    """One cost of the case. A wrong entry is corrected by another one with the opposite sign."""

    complaint = models.ForeignKey("complaints.Complaint", models.PROTECT, related_name="costs")
    cycle = models.PositiveSmallIntegerField()
    category = models.CharField(_("category"), max_length=16, choices=CostCategory.choices)
    item = models.CharField(_("item"), max_length=20, choices=CostItem.choices)
    amount = MoneyField(verbose_name=_("amount"))
    on = models.DateField(_("date"))
    document = models.CharField(_("source document"), max_length=200)
    recoverable_from = models.CharField(max_length=8, choices=Recoverable.choices, blank=True, default="")
    recovered = MoneyField(null=True, verbose_name=_("recovered"))
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(category__in=CostCategory.values), name="cost_category_known"),
            models.CheckConstraint(condition=~Q(document=""), name="cost_has_document"),
        ]

    def __str__(self) -> str:
        return f"{self.item} {self.amount}"


class CostsPosted(models.Model):
    """Finance says that all costs of the cycle are posted; a cost added later withdraws it."""

    complaint = models.ForeignKey("complaints.Complaint", models.PROTECT, related_name="costs_posted")
    cycle = models.PositiveSmallIntegerField()
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["complaint", "cycle"], condition=Q(withdrawn_at__isnull=True), name="costs_posted_once"
            )
        ]

    def __str__(self) -> str:
        return f"costs of {self.complaint}"


class Chargeback(models.Model):
    """What a supplier is to bear, by its share of the cause; its notice and how it stands."""

    complaint = models.ForeignKey("complaints.Complaint", models.PROTECT, related_name="chargebacks")
    cycle = models.PositiveSmallIntegerField()
    supplier = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="chargebacks")
    amount = MoneyField(verbose_name=_("amount"))
    status = models.CharField(max_length=9, choices=ChargebackStatus.choices, default=ChargebackStatus.OPENED)
    notice = models.TextField(_("notice"))
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["complaint", "cycle", "supplier"], name="chargeback_once"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="chargeback_amount_positive"),
            models.CheckConstraint(condition=Q(status__in=ChargebackStatus.values), name="chargeback_status_known"),
        ]

    def __str__(self) -> str:
        return f"{self.supplier} {self.amount}"


class ChargebackWaiver(models.Model):
    """Why a supplier is not charged; without a supplier: none of this case's."""

    complaint = models.ForeignKey("complaints.Complaint", models.PROTECT, related_name="chargeback_waivers")
    cycle = models.PositiveSmallIntegerField()
    supplier = models.ForeignKey("accounts.Organisation", models.PROTECT, null=True, blank=True, related_name="+")
    because = models.TextField()
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(because=""), name="chargeback_waiver_reasoned")]

    def __str__(self) -> str:
        return self.because[:60]
