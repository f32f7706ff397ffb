"""The agreements: projects with milestones, contracts with effective-dated versions, and their clauses."""

import re
import uuid
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Language, User
from contracts.clauses import Terms, TermsError, read_terms
from contracts.exact import ExactDecimalField
from contracts.models.names import in_reader_language, searchable
from contracts.money import MoneyField

RESERVED = {"import"}  # what an address under /contracts/ means already


class ClauseType(models.TextChoices):
    """What a clause regulates: DOMAIN §6.1."""

    QUALITY_STANDARD = "QUALITY_STANDARD", _("Quality standard")
    SAMPLE = "SAMPLE", _("Sample")
    ACCEPTANCE = "ACCEPTANCE", _("Acceptance procedure")
    INSPECTION_NOTICE = "INSPECTION_NOTICE", _("Inspection and notice period")
    GUARANTEE_PERIOD = "GUARANTEE_PERIOD", _("Guarantee period")
    REMEDY_ORDER = "REMEDY_ORDER", _("Remedies and their order")
    LD_DELAY = "LD_DELAY", _("Liquidated damages for delay")
    LD_PER_UNIT = "LD_PER_UNIT", _("Liquidated damages per unit")
    LD_PERFORMANCE = "LD_PERFORMANCE", _("Liquidated damages for performance")
    LD_FIXED_PCT = "LD_FIXED_PCT", _("Fixed-percentage liquidated damages")
    DAMAGES = "DAMAGES", _("Damages")
    PRICE_REDUCTION = "PRICE_REDUCTION", _("Price reduction")
    LIABILITY_CAP = "LIABILITY_CAP", _("Liability cap")
    EXCLUSION = "EXCLUSION", _("Exclusion of liability")
    RETENTION = "RETENTION", _("Retention money")
    EARNEST_MONEY = "EARNEST_MONEY", _("Earnest money")
    PAYMENT = "PAYMENT", _("Payment")
    FORCE_MAJEURE = "FORCE_MAJEURE", _("Force majeure")
    DISPUTE = "DISPUTE", _("Dispute resolution")
    GOVERNING_LAW = "GOVERNING_LAW", _("Governing law")
    PREVENTION = "PREVENTION", _("Prevention duties")
    TERMINATION = "TERMINATION", _("Termination")
    LIMITATION_OF_ACTION = "LIMITATION_OF_ACTION", _("Limitation of action")


class ProjectQuerySet(models.QuerySet["Project"]):
    def visible_to(self, user: User) -> "ProjectQuerySet":
        """Return the projects that the person may see: all to those who may see contracts, none to others."""
        return self if user.is_authenticated and user.may("contracts.see") else self.none()

    def matching(self, text: str) -> "ProjectQuerySet":
        """Return the projects whose code, name or customer contains the text."""
        text = searchable(text)
        found = Q(code__icontains=text) | Q(name__icontains=text) | Q(name_zh__icontains=text)
        return self.filter(found | Q(customer__name__icontains=text) | Q(customer__name_zh__icontains=text))


class Project(models.Model):
    """A customer's project that our goods go into, counted in one currency."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=200)
    name_zh = models.CharField(_("Chinese name"), max_length=200, blank=True)
    customer = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="projects")
    currency = models.CharField(_("currency"), max_length=3)

    objects = ProjectQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.code} {self.shown_name}"

    def get_absolute_url(self) -> str:
        return reverse("contracts:project", args=[self.code])

    @property
    def shown_name(self) -> str:
        return in_reader_language(self.name, self.name_zh)


class Milestone(models.Model):
    """A dated step of a project, and the payment that it releases, if any."""

    part = "milestone"

    project = models.ForeignKey(Project, models.CASCADE, related_name="milestones")
    name = models.CharField(_("name"), max_length=200)
    name_zh = models.CharField(_("Chinese name"), max_length=200, blank=True)
    planned_on = models.DateField(_("planned on"))
    forecast_on = models.DateField(_("forecast on"), null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    payment = MoneyField(currency="currency", null=True, verbose_name=_("payment"))
    requires_acceptance = models.BooleanField(_("needs acceptance"), default=False)
    float_days = models.PositiveSmallIntegerField(_("total float, days"), default=0)
    revision = models.PositiveIntegerField(default=1)  # counts each change, so that a stale form is seen

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "name"], name="milestone_once_per_project"),
            models.CheckConstraint(
                condition=Q(payment_minor__isnull=True) | (Q(payment_minor__gte=0) & ~Q(currency="")),
                name="milestone_payment_has_currency",
            ),
        ]

    def __str__(self) -> str:
        return self.shown_name

    @property
    def shown_name(self) -> str:
        return in_reader_language(self.name, self.name_zh)


class ContractQuerySet(models.QuerySet["Contract"]):
    def visible_to(self, user: User) -> "ContractQuerySet":
        """Return the contracts that the person may see: all to those who may see contracts, none to others."""
        return self if user.is_authenticated and user.may("contracts.see") else self.none()

    def matching(self, text: str) -> "ContractQuerySet":
        """Return the contracts whose number, title or customer contains the text."""
        text = searchable(text)
        return self.filter(
            Q(number__icontains=text)
            | Q(title__icontains=text)
            | Q(title_zh__icontains=text)
            | Q(customer__name__icontains=text)
        )


class Contract(models.Model):
    """A contract of sale with a customer. Prices and percentages of it are counted in `currency`."""

    class Status(models.TextChoices):
        DRAFT = "DRAFT", _("Draft")
        IN_FORCE = "IN_FORCE", _("In force")
        FULFILLED = "FULFILLED", _("Fulfilled")
        TERMINATED = "TERMINATED", _("Terminated")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField(_("contract number"), max_length=60, unique=True)
    title = models.CharField(_("title"), max_length=200)
    title_zh = models.CharField(_("Chinese title"), max_length=200, blank=True)
    customer = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="contracts")
    project = models.ForeignKey(Project, models.PROTECT, null=True, blank=True, related_name="contracts")
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3)
    price = MoneyField(currency="currency", null=True, verbose_name=_("price"))
    price_includes_vat = models.BooleanField(_("price includes VAT"), null=True, blank=True)
    vat_pct = ExactDecimalField(_("VAT rate, %"), null=True, blank=True)
    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.IN_FORCE)

    objects = ContractQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(currency=""), name="contract_has_a_currency"),
            models.CheckConstraint(
                condition=Q(price_minor__isnull=True) | Q(price_minor__gte=0),
                name="contract_price_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["DRAFT", "IN_FORCE", "FULFILLED", "TERMINATED"]), name="contract_status_known"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("contracts:contract", args=[self.ref])

    @property
    def ref(self) -> str:
        """What stands for the contract in an address: its number, or its uuid where the number does not fit."""
        fits = re.fullmatch(r"[.-]*\w[\w.-]*", self.number) and self.number not in RESERVED
        return self.number if fits else str(self.uuid)

    @property
    def shown_title(self) -> str:
        return in_reader_language(self.title, self.title_zh)


class ContractVersion(models.Model):
    """The contract as it stood from `effective_from` to `effective_to`, both days included; no end: still in force."""

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="versions")
    version = models.PositiveSmallIntegerField(_("version"))
    effective_from = models.DateField(_("effective from"))
    effective_to = models.DateField(_("effective to"), null=True, blank=True)
    governing_language = models.CharField(_("governing language"), max_length=10, choices=Language, blank=True)
    note = models.TextField(_("note"), blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contract", "version"], name="version_once_per_contract"),
            models.CheckConstraint(
                condition=Q(effective_to__isnull=True) | Q(effective_to__gte=F("effective_from")),
                name="version_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contract} v{self.version}"


class CheckedClauseIsFixed(Exception):
    """A clause checked by Legal was about to be changed or removed. Make a new version of the contract instead."""


class ClauseQuerySet(models.QuerySet["Clause"]):
    def checked(self) -> "ClauseQuerySet":
        """Return the clauses that Legal has checked: only these may be computed with."""
        return self.filter(checked_at__isnull=False)

    def update(self, **values: Any) -> int:
        self._refuse_checked()
        return super().update(**values)

    def delete(self) -> tuple[int, dict[str, int]]:
        self._refuse_checked()
        return super().delete()

    def _refuse_checked(self) -> None:
        if self.filter(checked_at__isnull=False).exists():
            raise CheckedClauseIsFixed


class Clause(models.Model):
    """
    One clause: the original text as signed, and beside it the same as structured terms (`contracts.clauses`).

    Terms are {} until somebody structures them. Once Legal has checked a clause, it can no longer be changed.
    """

    version = models.ForeignKey(ContractVersion, models.PROTECT, related_name="clauses")
    number = models.CharField(_("clause number"), max_length=20)
    heading = models.CharField(_("heading"), max_length=200)
    heading_zh = models.CharField(_("Chinese heading"), max_length=200, blank=True)
    type = models.CharField(_("type"), max_length=30, choices=ClauseType)
    text = models.TextField(_("original text"))
    language = models.CharField(_("language of the text"), max_length=10, choices=Language)
    page = models.PositiveSmallIntegerField(_("page"), null=True, blank=True)
    terms = models.JSONField(_("structured terms"), default=dict, blank=True)
    structured_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="structured_clauses"
    )
    structured_at = models.DateTimeField(_("structured at"), null=True, blank=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="checked_clauses"
    )
    checked_at = models.DateTimeField(_("checked at"), null=True, blank=True)

    objects = ClauseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "number", "type"], name="clause_once_per_version_and_type"),
            models.CheckConstraint(
                condition=Q(checked_at__isnull=True, checked_by__isnull=True)
                | Q(checked_at__isnull=False, checked_by__isnull=False, structured_by__isnull=False),
                name="clause_checked_after_structured",
            ),
            models.CheckConstraint(
                condition=Q(checked_by__isnull=True) | ~Q(checked_by=F("structured_by")),
                name="clause_checker_is_another",
            ),
        ]

    def __str__(self) -> str:
        return f"§{self.number} {self.shown_heading}"

    def save(self, *args: Any, **options: Any) -> None:
        if self._stands_checked():
            raise CheckedClauseIsFixed(str(self))
        super().save(*args, **options)

    def clean(self) -> None:
        if self._stands_checked():
            raise ValidationError(_("Legal has checked this clause. Make a new version of the contract to change it."))
        if self.terms:
            self._clean_terms()

    def delete(self, *args: Any, **options: Any) -> tuple[int, dict[str, int]]:
        if self._stands_checked():
            raise CheckedClauseIsFixed(str(self))
        return super().delete(*args, **options)

    @property
    def shown_heading(self) -> str:
        return in_reader_language(self.heading, self.heading_zh)

    @property
    def typed_terms(self) -> Terms | None:
        """The structured terms, or None as long as there are none. Raises TermsError for terms that are not whole."""
        return read_terms(self.type, self.terms) if self.terms else None

    @property
    def is_checked(self) -> bool:
        return self.checked_at is not None

    def _clean_terms(self) -> None:
        """Bring the terms into their one spelling, or raise ValidationError with a sentence for each problem."""
        from contracts.words import say

        try:
            self.terms = read_terms(self.type, self.terms).to_data()
        except TermsError as error:
            raise ValidationError({"terms": [say(problem) for problem in error.problems]}) from None

    def _stands_checked(self) -> bool:
        """Return whether the stored row is checked, whatever this copy says."""
        return self.pk is not None and Clause.objects.checked().filter(pk=self.pk).exists()
