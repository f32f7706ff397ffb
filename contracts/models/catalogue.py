"""The goods: products with their characteristics, and the deliveries, lots and units that can be traced."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from contracts.exact import ExactDecimalField
from contracts.models.names import in_reader_language, searchable


class ProductQuerySet(models.QuerySet["Product"]):
    def matching(self, text: str) -> "ProductQuerySet":
        """Return the products whose code, name or family contains the text."""
        text = searchable(text)
        return self.filter(
            Q(code__icontains=text) | Q(name__icontains=text) | Q(name_zh__icontains=text) | Q(family__icontains=text)
        )


class Product(models.Model):
    """A product as sold. `unit` is what quantities of it count: pcs, t, m."""

    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=200)
    name_zh = models.CharField(_("Chinese name"), max_length=200, blank=True)
    family = models.CharField(_("product family"), max_length=100, blank=True)
    unit = models.CharField(_("unit"), max_length=20, default="pcs")

    objects = ProductQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.code} {self.shown_name}"

    def get_absolute_url(self) -> str:
        return reverse("contracts:product", args=[self.pk])

    @property
    def shown_name(self) -> str:
        return in_reader_language(self.name, self.name_zh)


class Characteristic(models.Model):
    """A technical metric of a product, with exact limits (inclusive) in `unit`. At least one limit or the nominal."""

    product = models.ForeignKey(Product, models.CASCADE, related_name="characteristics")
    name = models.CharField(_("name"), max_length=200)
    name_zh = models.CharField(_("Chinese name"), max_length=200, blank=True)
    unit = models.CharField(_("unit"), max_length=20)
    nominal = ExactDecimalField(_("nominal value"), null=True, blank=True)
    lower = ExactDecimalField(_("lower limit"), null=True, blank=True)
    upper = ExactDecimalField(_("upper limit"), null=True, blank=True)
    method = models.CharField(_("test method"), max_length=200, blank=True)
    standard = models.CharField(_("standard"), max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["product", "name"], name="characteristic_once_per_product"),
            models.CheckConstraint(
                condition=Q(nominal__isnull=False) | Q(lower__isnull=False) | Q(upper__isnull=False),
                name="characteristic_has_a_value",
                violation_error_message=_("Enter a lower limit, an upper limit or a nominal value."),
            ),
            models.CheckConstraint(condition=~Q(unit=""), name="characteristic_has_a_unit"),
        ]

    def __str__(self) -> str:
        return self.shown_name

    @property
    def shown_name(self) -> str:
        return in_reader_language(self.name, self.name_zh)

    def clean(self) -> None:
        if self.lower is not None and self.upper is not None and self.lower > self.upper:
            raise ValidationError({"lower": _("The lower limit is above the upper limit. Exchange them.")})

    def allows(self, value: Decimal) -> bool:
        """Return whether a value lies within the limits, which are inclusive."""
        return (self.lower is None or value >= self.lower) and (self.upper is None or value <= self.upper)


class Delivery(models.Model):
    """Goods handed over to a customer on a day, under a contract where one is known. `quantity` is in product units."""

    contract = models.ForeignKey("contracts.Contract", models.PROTECT, null=True, blank=True, related_name="deliveries")
    customer = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="deliveries")
    product = models.ForeignKey(Product, models.PROTECT, related_name="deliveries")
    number = models.CharField(_("delivery note"), max_length=60)
    delivered_on = models.DateField(_("delivered on"))
    quantity = ExactDecimalField(_("quantity"))

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [
            models.UniqueConstraint(fields=["customer", "number", "product"], name="delivery_line_once_per_customer"),
        ]
        indexes = [models.Index(fields=["product", "delivered_on"], name="delivery_by_product_and_day")]

    def __str__(self) -> str:
        return self.number


class LotQuerySet(models.QuerySet["Lot"]):
    def matching(self, text: str) -> "LotQuerySet":
        """Return the lots whose number contains the text."""
        return self.filter(number__icontains=searchable(text))


class Lot(models.Model):
    """What was made together: the unit of tracing. A lot may have gone out with several deliveries."""

    product = models.ForeignKey(Product, models.PROTECT, related_name="lots")
    number = models.CharField(_("lot"), max_length=60, db_index=True)
    produced_on = models.DateField(_("produced on"), null=True, blank=True)
    quantity = ExactDecimalField(_("quantity"), null=True, blank=True)
    supplier = models.ForeignKey(
        "accounts.Organisation", models.PROTECT, null=True, blank=True, related_name="supplied_lots"
    )
    deliveries = models.ManyToManyField(Delivery, related_name="lots", blank=True)

    objects = LotQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["product", "number"], name="lot_once_per_product")]

    def __str__(self) -> str:
        return self.number


class SerialUnit(models.Model):
    """One unit with its own serial number."""

    product = models.ForeignKey(Product, models.PROTECT, related_name="serial_units")
    lot = models.ForeignKey(Lot, models.PROTECT, null=True, blank=True, related_name="serial_units")
    delivery = models.ForeignKey(Delivery, models.PROTECT, null=True, blank=True, related_name="serial_units")
    number = models.CharField(_("serial number"), max_length=60, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["product", "number"], name="serial_once_per_product")]

    def __str__(self) -> str:
        return self.number
