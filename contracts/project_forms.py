"""Forms for a project and each of its parts; the verbs of `projects` judge what is typed."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.fields import DayField
from accounts.models import Organisation
from contracts.amounts import Money, write_number
from contracts.clauses.kinds import Bad, Day
from contracts.currencies import COMMON
from contracts.exact import clean_number
from contracts.fields import ExactDecimalFormField, MoneyFormField
from contracts.models import CashPlan, Covenant, Facility, Milestone, PaymentItem, Project
from contracts.projects import Period, Refused, not_as_seen
from contracts.rows import RowsField

REVISION = re.compile(r"[0-9]{1,9}")
UNSEEN = -1  # the revision of a form that names none: nobody saw it
WHOLE = {"inputmode": "numeric"}
CITED = _("As it is to be cited, for example “§5.2 of HT-ZB-118”.")


def day(label: Any, *, required: bool = True, hint: Any = "") -> DayField:
    """Return a field for a date."""
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return DayField(label=label, required=required, help_text=hint, widget=widget)


def whole(label: Any, *, least: int = 0, most: int = 3650, required: bool = True, hint: Any = "") -> forms.IntegerField:
    """Return a field for a whole number; full-width digits are read."""
    return forms.IntegerField(
        label=label, min_value=least, max_value=most, required=required, help_text=hint, widget=forms.TextInput(WHOLE)
    )


def percent(label: Any, *, hint: Any = "", first: str = "") -> ExactDecimalFormField:
    """Return a field for a percentage."""
    return ExactDecimalFormField(label=label, help_text=hint, initial=first)


class NewProjectForm(forms.ModelForm):
    """A project that is opened."""

    currency = forms.ChoiceField(label=_("Currency"), choices=[(code, code) for code in COMMON])

    class Meta:
        model = Project
        fields = ["code", "name", "name_zh", "customer", "currency"]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **options})
        customers = Organisation.objects.filter(kind=Organisation.Kind.CUSTOMER)
        self.fields["customer"].queryset = customers.order_by("name", "pk")  # type: ignore[attr-defined]
        self.fields["customer"].label = _("Customer")
        self.fields["currency"].initial = settings.COMPANY_CURRENCY
        self.fields["currency"].help_text = _("Every amount of the project is in this currency.")
        self.fields["code"].help_text = _("Short, as people say it: ZB-200. It stands in the address for good.")

    def _post_clean(self) -> None:
        """Leave the rules to the verb."""


def expected_in(data: Any) -> int | None:
    """Return the revision that a form was drawn from; UNSEEN for one that names none in words that are none."""
    said = data.get("expected")
    return None if said is None else int(said) if REVISION.fullmatch(said.strip()) else UNSEEN


class PartForm(forms.ModelForm):
    """A part of a project; `sums` and `spans` are what the verb takes beside the row, `expected` the revision seen."""

    money: dict[str, Any] = {}  # name → label of an amount
    last: tuple[str, ...] = ()  # fields that stand at the end
    names_errors = True
    expected = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, project: Project, instance: Any, initial: Any = None) -> None:
        self.project = project
        super().__init__(data, instance=instance, initial=initial, label_suffix="")
        self.initial["expected"] = instance.revision if instance.pk else None
        for name, label in self.money.items():
            first = getattr(instance, name) if instance.pk else None
            currencies = tuple(dict.fromkeys([project.currency, *COMMON]))
            self.fields[name] = MoneyFormField(label=label, currencies=currencies, negative=True)
            self.initial.setdefault(name, first or ["", project.currency])
        self.prepare()
        self.order_fields([name for name in self.fields if name not in self.last])

    def prepare(self) -> None:
        """Set choices and first values that depend on the project; overridden."""

    def validate_constraints(self) -> None:
        """Leave the rules to the verb."""

    @property
    def sums(self) -> dict[str, Money]:
        return {name: self.cleaned_data[name] for name in self.money}

    @property
    def spans(self) -> list[Period]:
        return []

    def not_as_seen(self) -> Refused | None:
        """Return that somebody changed or removed the row after this form was drawn."""
        return not_as_seen(self.instance, expected_in(self.data)) if self.instance.pk else None

    def show_kept(self) -> None:
        """Say beside each field that differs what is kept now; sent again, the form answers to that revision."""
        row = type(self.instance)._default_manager.get(pk=self.instance.pk)
        kept = type(self)(project=self.project, instance=row)
        for bound in self.visible_fields():
            first = kept.get_initial_for_field(bound.field, bound.name)
            if bound.field.has_changed(first, bound.data):
                said = gettext("Kept now: %(kept)s") % {"kept": _in_words(bound.field, first)}
                self.add_error(bound.name, said)
        data: Any = self.data
        again = data.copy()
        again["expected"] = str(row.revision)
        self.data = again

    def _prefer(self, field: str, rows: Any, empty: Any = None) -> None:
        """Offer these rows in a list; the only one is chosen."""
        wanted: Any = self.fields[field]
        wanted.queryset = rows
        if empty is not None:
            wanted.empty_label = empty
        if len(rows) == 1 and wanted.required:
            self.initial.setdefault(field, rows[0].pk)


class MilestoneForm(PartForm):
    planned_on = day(_("Planned on"))
    forecast_on = day(_("Forecast on"), required=False, hint=_("Where it is expected on another day than planned."))
    float_days = whole(
        _("Total float, days"), hint=_("By how many days its activity may end later without moving the milestone.")
    )

    class Meta:
        model = Milestone
        fields = ["name", "name_zh", "planned_on", "forecast_on", "float_days", "requires_acceptance"]

    def prepare(self) -> None:
        self.fields["requires_acceptance"].label = _("Needs acceptance")


class PaymentForm(PartForm):
    money = {"amount": _("Amount")}
    last = ("paid_on", "clause")
    due_on = day(_("Planned day of cash"))
    paid_on = day(_("Paid on"), required=False, hint=_("Leave empty while it is unpaid."))
    share_pct = percent(
        _("Share at risk, %"), first="100", hint=_("What of it the customer may hold back while the milestone waits.")
    )
    clause = forms.CharField(label=_("Clause"), required=False, max_length=100, help_text=CITED)

    class Meta:
        model = PaymentItem
        fields = ["name", "name_zh", "milestone", "due_on", "share_pct", "paid_on", "clause"]

    def prepare(self) -> None:
        self.fields["milestone"].label = _("Milestone")
        self._prefer("milestone", self.project.milestones.order_by("planned_on", "pk"), empty=_("none"))


class PlanForm(PartForm):
    money = {
        "opening": _("Opening cash"), "monthly_cost": _("Cost a month"), "minimum_cash": _("Minimum cash"),
    }  # fmt: skip
    last = ("funding_rate_pct", "basis")
    starts_on = day(_("First month"), hint=_("Any day of it."))
    months = whole(_("Months"), least=1, most=120)
    funding_rate_pct = percent(_("Cost of funding, % a year"), hint=_("What waiting for a late payment costs."))

    class Meta:
        model = CashPlan
        fields = ["starts_on", "months", "funding_rate_pct", "basis"]


class FacilityForm(PartForm):
    money = {
        "amount": _("Amount of the facility"), "drawn": _("Drawn"), "outstanding": _("Debt outstanding"),
        "reserve": _("Reserve account"),
    }  # fmt: skip
    last = (
        "rate_pct", "basis", "period_rate_pct", "clause", "notice_clause", "notice_workdays", "asks_from_days",
        "asks_from_payments_pct", "asks_from_cap_pct", "rows",
    )  # fmt: skip
    rate_pct = percent(_("Interest, % a year"))
    period_rate_pct = percent(_("Cost of debt, % a period"), hint=_("Discounts the cash of each period (LLCR)."))
    clause = forms.CharField(label=_("Clause"), required=False, max_length=100, help_text=CITED)
    notice_clause = forms.CharField(label=_("Clause on notices"), required=False, max_length=100)
    notice_workdays = whole(
        _("Notice within working days"),
        least=1,
        most=250,
        required=False,
        hint=_("Empty: the target of the clock."),
    )
    asks_from_days = whole(_("The lender asks from days of delay"), least=1)
    asks_from_payments_pct = percent(_("… from payments at risk, % of the contract price"), first="5")
    asks_from_cap_pct = percent(_("… from the damages' limit used, %"), first="50")
    rows = RowsField(
        _("Periods"),
        {
            "ends_on": _("end of the period (2026-12-31)"),
            "cfads": _("cash available for debt service (CFADS)"),
            "debt_service": _("debt service"),
        },
        lines=6, required=False,
    )  # fmt: skip

    class Meta:
        model = Facility
        fields = [
            "name", "name_zh", "lender", "rate_pct", "basis", "period_rate_pct", "clause", "notice_clause",
            "notice_workdays", "asks_from_days", "asks_from_payments_pct", "asks_from_cap_pct",
        ]  # fmt: skip

    def prepare(self) -> None:
        lenders = Organisation.objects.filter(kind=Organisation.Kind.LENDER).order_by("name", "pk")
        self.fields["lender"].label = _("Lender")
        self._prefer("lender", lenders)
        self.initial.setdefault("asks_from_days", 30)
        if self.instance.pk:
            self.initial.setdefault("rows", "\n".join(_written(self.instance)))

    def clean_rows(self) -> list[Period]:
        return [
            _period(cells, place, self.project.currency) for place, cells in enumerate(self.cleaned_data["rows"], 1)
        ]

    @property
    def spans(self) -> list[Period]:
        return self.cleaned_data["rows"]


class CovenantForm(PartForm):
    lock_up = ExactDecimalFormField(label=_("Lock-up level"), help_text=_("Below it nothing is distributed."))
    default = ExactDecimalFormField(label=_("Default level"), help_text=_("Below it an event of default threatens."))
    periods = whole(
        _("Periods looked back on"),
        least=1,
        most=40,
        required=False,
        hint=_("Of a look-back: 2 for a year in halves."),
    )
    test_dates = forms.CharField(
        label=_("Test dates"), required=False, max_length=2000,
        help_text=_("Ends of periods, apart by spaces. Leave empty where every period is tested."),
    )  # fmt: skip
    cure_days = whole(_("Days to cure"), most=365, required=False, hint=_("Leave empty without a right to cure."))
    clause = forms.CharField(label=_("Clause"), required=False, max_length=100, help_text=CITED)

    class Meta:
        model = Covenant
        fields = ["facility", "kind", "lock_up", "default", "periods", "test_dates", "cure_days", "clause"]

    def prepare(self) -> None:
        self.fields["facility"].label = _("Facility")
        self.fields["kind"].label = pgettext_lazy("of a covenant", "Kind")
        self._prefer("facility", self.project.facilities.order_by("name", "pk"))
        self.initial["test_dates"] = " ".join(self.instance.test_dates)

    def clean_test_dates(self) -> list[str]:
        words = self.cleaned_data["test_dates"].replace(",", " ").replace("，", " ").replace("、", " ").split()
        return [_day(word).isoformat() for word in words]


FORMS: dict[str, type[PartForm]] = {
    "milestone": MilestoneForm, "payment": PaymentForm, "plan": PlanForm, "facility": FacilityForm,
    "covenant": CovenantForm,
}  # fmt: skip


def _in_words(field: forms.Field, value: Any) -> str:
    """Return what is kept of a field as a person reads it."""
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if isinstance(field, forms.ModelChoiceField) and value:
        wanted: Any = field.queryset
        return str(wanted.filter(pk=value).first() or "—")
    if isinstance(field, forms.ChoiceField):
        choices: Any = field.choices
        return str(dict(choices).get(value, value or "—"))
    return str(field.prepare_value(value)) if value not in (None, "") else "—"


def _written(facility: Facility) -> Iterator[str]:
    """Yield the periods as rows of text."""
    for period in facility.periods.order_by("ends_on"):
        cells = [period.cfads.rounded().amount, period.debt_service.rounded().amount]
        yield "; ".join([period.ends_on.isoformat(), *map(write_number, cells)])


def _period(cells: list[str], row: int, currency: str) -> Period:
    """Return the period of a row. Raises ValidationError that names row and column."""
    ends_on, cfads, debt_service = cells
    return Period(
        _in_row(row, _("end of the period (2026-12-31)"), _day, ends_on),
        Money(_in_row(row, _("cash available for debt service (CFADS)"), _amount, cfads, currency), currency),
        Money(_in_row(row, _("debt service"), _amount, debt_service, currency), currency),
    )


def _in_row(row: int, column: Any, read: Any, *cell: str) -> Any:
    try:
        return read(*cell)
    except ValidationError as error:
        said = " ".join(error.messages)
        words = gettext("Row {row}, {column}: {said}").format(row=row, column=column, said=said)
        raise ValidationError(words, code="row") from None


def _day(text: str) -> date:
    try:
        found = Day().read(text)
    except Bad:
        words = _("“%(text)s” is not a day. Write it as 2026-12-31.")
        raise ValidationError(words, code="day", params={"text": text}) from None
    return DayField().clean(found)  # type: ignore[no-any-return]


def _amount(text: str, currency: str) -> Decimal:
    found = clean_number(text)
    return MoneyFormField(currencies=(currency,), negative=True).clean([write_number(found), currency]).amount  # type: ignore[no-any-return]
