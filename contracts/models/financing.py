"""The money of a project: what the customer pays when, the loan that it carries, its covenants, its cash plan."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from contracts.exact import ExactDecimalField
from contracts.finance import BASES
from contracts.models.agreements import Milestone, Project
from contracts.models.names import in_reader_language
from contracts.money import MoneyField

DAY_BASES = [(basis, basis) for basis in BASES]


class PaymentItem(models.Model):
    """A payment that the customer makes once its milestone is reached; `share_pct` of it waits while it is not."""

    part = "payment"

    project = models.ForeignKey(Project, models.CASCADE, related_name="payments")
    milestone = models.ForeignKey(Milestone, models.PROTECT, null=True, blank=True, related_name="payments")
    name = models.CharField(_("name"), max_length=200)
    name_zh = models.CharField(_("Chinese name"), max_length=200, blank=True)
    currency = models.CharField(_("currency"), max_length=3)
    amount = MoneyField(currency="currency", verbose_name=_("amount"))
    due_on = models.DateField(_("planned day of cash"))
    share_pct = ExactDecimalField(_("share at risk, %"))
    paid_on = models.DateField(_("paid on"), null=True, blank=True)
    clause = models.CharField(_("clause"), max_length=100, blank=True)
    revision = models.PositiveIntegerField(default=1)  # counts each change, so that a stale form is seen

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "name"], name="payment_once_per_project"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0) & ~Q(currency=""), name="payment_above_zero"),
        ]

    def __str__(self) -> str:
        return self.shown_name

    @property
    def shown_name(self) -> str:
        return in_reader_language(self.name, self.name_zh)


class CashPlan(models.Model):
    """The cash of a project month by month without any problem; receipts and debt service come from their own rows."""

    part = "plan"

    project = models.OneToOneField(Project, models.CASCADE, related_name="cash_plan")
    currency = models.CharField(_("currency"), max_length=3)
    starts_on = models.DateField(_("first month"))  # its first day
    months = models.PositiveSmallIntegerField(_("months"))
    opening = MoneyField(currency="currency", verbose_name=_("opening cash"))
    monthly_cost = MoneyField(currency="currency", verbose_name=_("cost a month"))
    minimum_cash = MoneyField(currency="currency", verbose_name=_("minimum cash"))
    funding_rate_pct = ExactDecimalField(_("cost of funding, % a year"))
    basis = models.CharField(_("day basis"), max_length=10, choices=DAY_BASES)
    revision = models.PositiveIntegerField(default=1)  # counts each change, so that a stale form is seen

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(opening_minor__gte=0) & Q(monthly_cost_minor__gte=0) & Q(minimum_cash_minor__gte=0),
                name="cash_plan_not_negative",
            ),
            models.CheckConstraint(condition=Q(months__gte=1) & Q(months__lte=120), name="cash_plan_months_known"),
        ]

    def __str__(self) -> str:
        return f"{self.project} {self.starts_on:%Y-%m}"

    @property
    def month_names(self) -> list[str]:
        """Return the months of the plan: 2026-09, 2026-10 …"""
        first = self.starts_on.year * 12 + self.starts_on.month - 1
        return [f"{number // 12:04d}-{number % 12 + 1:02d}" for number in range(first, first + self.months)]


class Facility(models.Model):
    """A loan for the project, and from where on its lender wants to be asked about a problem."""

    part = "facility"

    project = models.ForeignKey(Project, models.CASCADE, related_name="facilities")
    lender = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="facilities")
    name = models.CharField(_("name"), max_length=200)
    name_zh = models.CharField(_("Chinese name"), max_length=200, blank=True)
    currency = models.CharField(_("currency"), max_length=3)
    amount = MoneyField(currency="currency", verbose_name=_("amount of the facility"))
    drawn = MoneyField(currency="currency", verbose_name=_("drawn"))
    outstanding = MoneyField(currency="currency", verbose_name=_("debt outstanding"))
    reserve = MoneyField(currency="currency", verbose_name=_("reserve account"))
    rate_pct = ExactDecimalField(_("interest, % a year"))
    basis = models.CharField(_("day basis"), max_length=10, choices=DAY_BASES)
    period_rate_pct = ExactDecimalField(_("cost of debt, % a period"))
    clause = models.CharField(_("clause"), max_length=100, blank=True)  # of the facility agreement
    notice_clause = models.CharField(_("clause on notices"), max_length=100, blank=True)
    notice_workdays = models.PositiveSmallIntegerField(_("notice within working days"), null=True, blank=True)
    asks_from_days = models.PositiveSmallIntegerField(_("asked from days of delay"), default=30)
    asks_from_payments_pct = ExactDecimalField(_("asked from payments at risk, % of the price"))
    asks_from_cap_pct = ExactDecimalField(_("asked from the damages' limit used, %"))
    revision = models.PositiveIntegerField(default=1)  # counts each change, so that a stale form is seen

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "name"], name="facility_once_per_project"),
            models.CheckConstraint(
                condition=Q(drawn_minor__gte=0) & Q(outstanding_minor__gte=0) & Q(reserve_minor__gte=0),
                name="facility_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(amount_minor__gte=F("drawn_minor")), name="facility_drawn_within_its_amount"
            ),
        ]

    def __str__(self) -> str:
        return self.shown_name

    @property
    def shown_name(self) -> str:
        return in_reader_language(self.name, self.name_zh)


class LoanPeriod(models.Model):
    """One period of a facility as planned: cash available for debt service (CFADS) and the debt service at its end."""

    facility = models.ForeignKey(Facility, models.CASCADE, related_name="periods")
    ends_on = models.DateField(_("ends on"))
    currency = models.CharField(_("currency"), max_length=3)
    cfads = MoneyField(currency="currency", verbose_name=_("cash (CFADS)"))
    debt_service = MoneyField(currency="currency", verbose_name=_("debt service"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["facility", "ends_on"], name="loan_period_once_per_facility"),
            models.CheckConstraint(condition=Q(debt_service_minor__gte=0), name="loan_period_debt_not_negative"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return self.ends_on.isoformat()[:7]


class Covenant(models.Model):
    """A ratio that the facility asks for; its levels are those of the agreement, there are no defaults."""

    part = "covenant"

    class Kind(models.TextChoices):
        DSCR = "DSCR", _("Debt service cover (DSCR)")
        LOOK_BACK = "LOOK_BACK", _("Look-back DSCR")
        LLCR = "LLCR", _("Loan life cover (LLCR)")

    facility = models.ForeignKey(Facility, models.CASCADE, related_name="covenants")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    lock_up = ExactDecimalField(_("lock-up level"))
    default = ExactDecimalField(_("default level"))
    periods = models.PositiveSmallIntegerField(_("periods looked back on"), null=True, blank=True)
    test_dates = models.JSONField(_("test dates"), default=list, blank=True)  # ISO days; empty: the end of every period
    cure_days = models.PositiveSmallIntegerField(_("days to cure"), null=True, blank=True)  # none: no right to cure
    clause = models.CharField(_("clause"), max_length=100, blank=True)
    revision = models.PositiveIntegerField(default=1)  # counts each change, so that a stale form is seen

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["facility", "kind"], name="covenant_once_per_kind"),
            models.CheckConstraint(condition=Q(kind__in=["DSCR", "LOOK_BACK", "LLCR"]), name="covenant_kind_known"),
            models.CheckConstraint(
                condition=Q(periods__gte=2) | ~Q(kind="LOOK_BACK"), name="covenant_looks_back_on_periods"
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())

    def tests(self, day: date) -> bool:
        """Tell whether the covenant is tested at the period that ends on this day."""
        return not self.test_dates or day.isoformat() in self.test_dates


Part = Milestone | PaymentItem | CashPlan | Facility | Covenant  # what a project is kept of, each a row with its form
