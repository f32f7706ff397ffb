"""One form for each question about the money of a project; kinds as in complaints.calculators.finance."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from complaints.forms.base import day
from complaints.forms.sum_base import MoneyForm, SumForm, number, tick, unit
from complaints.models.states import Grade
from contracts.finance import BASES, HEADS
from contracts.finance_words import NAMES
from contracts.rows import RowsField

YES = {"yes", "y", "1", "true", "是", "√"}
NO = {"no", "n", "0", "false", "否", "", "-"}
LEVELS = {"lock_up": "1.20", "default": "1.05"}
PERIOD = pgettext_lazy("of a loan", "period")
CASH = _("cash (CFADS)")
IMPACT = _("effect of the case")
SERVICE = _("debt service")


def days(label: Any, *, required: bool = True, hint: Any = "") -> forms.CharField:
    """Return a field for whole days."""
    field = number(label, required=required, hint=hint)
    field.widget.attrs["inputmode"] = "numeric"
    return field


def basis() -> forms.ChoiceField:
    """Return the field for the day basis of interest."""
    return forms.ChoiceField(label=_("Day basis"), choices=[(one, one) for one in BASES])


class FinanceForm(MoneyForm):
    calculator = "finance"


class MilestoneDelayForm(FinanceForm):
    kind = "milestone_delay"
    example = {"base": "48,000,000.00", "rate_pct_per_day": "0.05", "cap_pct": "10", "planned": "2026-09-30",
               "forecast": "2026-11-14"}  # fmt: skip

    planned = day(_("Planned day"))
    forecast = day(_("Forecast day"))
    base = number(_("Base of the damages"), hint=_("The sum that the clause takes its percentage of."))
    rate_pct_per_day = number(_("Rate per day, %"))
    cap_pct = number(_("Limit, % of the base"), required=False, hint=_("Leave empty if the clause has none."))

    def question(self) -> dict[str, Any]:
        said = super().question()
        return {**said, "planned": said["planned"].isoformat(), "forecast": said["forecast"].isoformat()}


class FloatForm(SumForm):
    calculator, kind = "finance", "float"
    example = {"quality_delay_days": "20", "total_float_days": "12", "second_case_delay_days": "9"}

    quality_delay_days = days(_("Delay by the case, days"))
    total_float_days = days(_("Total float of the activity, days"))
    second_case_delay_days = days(_("Delay by a second case on the same activity, days"), required=False)


class PaymentsForm(FinanceForm):
    kind, rows = "payments_at_risk", "payments"
    example = {
        "payments": "M2 delivery; 9600000.00; 2026-08-31; no\nM3 commissioning; 14400000.00; 2026-10-30; yes\n"
        "M4 final acceptance; 19200000.00; 2027-01-29; yes",
        "shift_days": "45", "funding_rate_pct": "6.5",
    }  # fmt: skip

    payments = RowsField(
        _("Unpaid payments"),
        {"name": _("name"), "amount": _("amount"), "planned_cash": _("planned day"),
         "depends_on_case": _("waits for the case (yes or no)")},
        lines=5,
    )  # fmt: skip
    shift_days = days(_("Delay, days"))
    funding_rate_pct = number(_("Cost of funding, % a year"))
    basis = basis()

    def from_rows(self) -> dict[str, Any]:
        names = list(self.table.columns)
        rows = [dict(zip(names, row, strict=True)) for row in self.cells]
        return {"payments": [{**row, "depends_on_case": _yes(row["depends_on_case"])} for row in rows]}

    def _placed(self, path: list[str], sentence: str) -> tuple[str | None, str]:
        if path[:1] == ["payments"] and len(path) > 2:
            return "payments", self._in_row(path[2], self.row_of(path[1:]), sentence)
        return super()._placed(path, sentence)


class RetentionForm(FinanceForm):
    kind = "retention_at_risk"
    example = {"contract_price": "48,000,000.00", "retention_pct": "5", "open_claim_estimate": "1850000.50"}

    contract_price = number(_("Contract price"))
    retention_pct = number(_("Retention, %"))
    open_claim_estimate = number(_("Estimate of open claims"))
    guarantee_end = day(_("End of the guarantee period"), required=False)
    open_issue_impairs_use = tick(_("An issue raised in time is unsolved and impairs use"))

    def question(self) -> dict[str, Any]:
        said = super().question()
        return {**said, "guarantee_end": said["guarantee_end"].isoformat()} if "guarantee_end" in said else said


class CashTableForm(FinanceForm):
    kind, rows = "cash_table", "table"
    example = {
        "table": "2026-09; 0; 0; 0; 0\n2026-10; 14400; 0; 0; 1200\n2026-11; 0; 0; 0; 600\n2026-12; 0; 13320; 5500; 0\n"
        "2027-01; 19200; 0; 0; 0\n2027-02; 0; 0; 0; 0\n2027-03; 0; 19200; 0; 0",
        "opening": "12000", "monthly_cost": "3000", "minimum_cash": "1000", "unit": "1000",
    }  # fmt: skip
    MAPS = ("receipts_baseline", "receipts_revised", "debt_service", "remedy_cost")

    opening = number(_("Opening cash"))
    monthly_cost = number(_("Cost a month"))
    minimum_cash = number(_("Minimum cash"))
    unit = unit()
    table = RowsField(
        _("Months"),
        {"months": _("month"), "receipts_baseline": _("receipts as planned"),
         "receipts_revised": _("receipts as revised"), "debt_service": SERVICE, "remedy_cost": _("remedy cost")},
        hint=_("Damages that the customer deducts make a receipt smaller."),
    )  # fmt: skip

    def from_rows(self) -> dict[str, Any]:
        months = self.column("months")
        maps = {name: dict(zip(months, self.column(name), strict=True)) for name in self.MAPS}
        return {"months": months, **maps}

    def row_of(self, inner: list[str]) -> str:
        months = self.column("months")
        return str(months.index(inner[0]) + 1) if inner and inner[0] in months else super().row_of(inner)


class Levels(FinanceForm):
    """The covenant levels of a facility, and the unit of the numbers."""

    lock_up = number(_("Lock-up level"), hint=_("From the loan agreement; below it no distribution."))
    default = number(_("Default level"), hint=_("From the loan agreement; below it an event of default threatens."))
    unit = unit()


class DscrForm(Levels):
    kind, rows = "dscr", "periods"
    COLUMNS = {"cfads": "cfads", "impact": "impact", "debt_service": "debt_service"}
    example = {
        **LEVELS, "unit": "1000000",
        "periods": "2026 H2; 14.2; 1.9; 11.0\n2027 H1; 14.6; 0.3; 11.0\n2027 H2; 15.0; 0; 11.0\n"
        "2028 H1; 15.4; 0; 11.0\n2028 H2; 15.8; 0; 11.0\n2029 H1; 16.0; 0; 11.0",
    }  # fmt: skip

    periods = RowsField(_("Periods"), {"period": PERIOD, "cfads": CASH, "impact": IMPACT, "debt_service": SERVICE})


class LookBackForm(DscrForm):
    kind = "look_back_dscr"
    example = {**DscrForm.example, "periods": "2026 H2; 14.2; 1.9; 11.0\n2027 H1; 14.6; 0.3; 11.0"}


class CureForm(Levels):
    kind = "cure"
    example = {**LEVELS, "cfads": "14.2", "impact": "3.0", "debt_service": "11.0", "unit": "1000000"}

    cfads = number(_("Cash for debt service (CFADS)"))
    impact = number(_("Effect of the case on it"), required=False)
    debt_service = number(_("Debt service"))


class CovenantForm(Levels):
    kind, rows = "covenant", "periods"
    COLUMNS = {"cfads": "cfads", "debt_service": "debt_service"}
    example = {**LEVELS, "periods": "2026 H2; 13.2; 11.0\n2027 H1; 13.199999; 11.0", "unit": "1000000"}

    periods = RowsField(_("Periods"), {"period": PERIOD, "cfads": CASH, "debt_service": SERVICE})


class LlcrForm(FinanceForm):
    kind, rows = "llcr", "periods"
    COLUMNS = {"cfads": "cfads", "impact": "impact"}
    example = {
        "periods": "2026 H2; 14.2; 1.9\n2027 H1; 14.6; 0.3\n2027 H2; 15.0; 0\n2028 H1; 15.4; 0\n2028 H2; 15.8; 0\n"
        "2029 H1; 16.0; 0",
        "rate_per_period": "0.026", "debt": "58.0",
    }  # fmt: skip

    periods = RowsField(
        _("Periods"), {"period": PERIOD, "cfads": CASH, "impact": IMPACT}, hint=_("Up to the end of the loan.")
    )
    rate_per_period = number(_("Rate of one period, as a share"), hint=_("0.026 is 2.6 %."))
    debt = number(_("Debt outstanding"))
    dsra = number(
        _("Balance of the reserve account"), required=False, hint=_("Only where the loan agreement counts it.")
    )

    def question(self) -> dict[str, Any]:
        said = super().question()
        return {**said, "dsra_included": "dsra" in said}


class InterestForm(FinanceForm):
    kind = "extra_interest"
    example = {"drawn": "120,000,000.00", "rate_pct": "5.2", "days": "45"}

    drawn = number(_("Loan drawn"))
    rate_pct = number(_("Rate, % a year"))
    days = days(_("Delay, days"))
    basis = basis()


class ExposureForm(FinanceForm):
    kind = "net_exposure"
    example = {"ld": "1,080,000.00", "remedy_cost": "1,800,000.00", "extra_interest": "780,000.00",
               "insured_head": "LD", "supplier_share_of_remedy_pct": "60", "deductible": "500,000.00"}  # fmt: skip

    ld = number(_("Delay damages"), required=False)
    remedy_cost = number(_("Remedy cost"), required=False)
    extra_interest = number(_("Extra interest"), required=False)
    lost_margin = number(_("Lost margin"), required=False)
    supplier_share_of_remedy_pct = number(_("Supplier's share of the remedy, %"), required=False)
    supplier_probability = number(
        _("Probability of that"), required=False, hint=_("From 0 to 1; leave empty once it is agreed.")
    )
    insured_head = forms.ChoiceField(
        label=_("What is insured"), required=False,
        choices=[("", _("nothing")), *((head, NAMES[head]) for head in HEADS)],
    )  # fmt: skip
    deductible = number(_("Deductible"), required=False)
    insurance_probability = number(
        _("Probability that the insurer pays"), required=False, hint=_("From 0 to 1; leave empty once it is agreed.")
    )


class ExpectedForm(FinanceForm):
    kind, rows = "expected_value", "scenarios"
    example = {"scenarios": "likely; 0.50; 1200000.00\nbad; 0.35; 2000000.00\nworst; 0.15; 5200000.00"}

    scenarios = RowsField(
        _("Scenarios"), {"name": _("name"), "p": _("probability"), "amount": _("amount")},
        hint=_("The probabilities sum to exactly 1."), lines=4,
    )  # fmt: skip

    def from_rows(self) -> dict[str, Any]:
        pairs = zip(self.column("p"), self.column("amount"), strict=True)
        return {"scenarios": [{"p": p, "amount": amount} for p, amount in pairs]}

    def _placed(self, path: list[str], sentence: str) -> tuple[str | None, str]:
        if path[:1] == ["scenarios"] and len(path) > 2:
            return "scenarios", self._in_row(path[2], self.row_of(path[1:]), sentence)
        return super()._placed(path, sentence)


class LenderForm(SumForm):
    calculator, kind = "finance", "lender_material"
    example = {"project_delay_days": "45", "payments_at_risk": "33,600,000.00", "contract_price": "48,000,000.00",
               "cap_used_pct": "22.5", "state": "LOCK_UP"}  # fmt: skip

    project_delay_days = days(_("Delay of the project, days"))
    payments_at_risk = number(_("Payments at risk"), required=False)
    contract_price = number(_("Contract price"), required=False)
    cap_used_pct = number(_("Limit of the damages used, %"), required=False)
    state = forms.ChoiceField(
        label=_("Worst covenant forecast"), required=False,
        choices=[("", _("kept")), ("LOCK_UP", _("below lock-up")), ("DEFAULT", _("below default"))],
    )  # fmt: skip
    grade = forms.ChoiceField(label=_("Grade of the case"), required=False, choices=[("", "–"), *Grade.choices])

    def question(self) -> dict[str, Any]:
        said = super().question()
        return {**said, "states": [said.pop("state")]} if "state" in said else said


KINDS: list[tuple[Any, list[tuple[type[SumForm], Any]]]] = [
    (_("Delay"), [
        (MilestoneDelayForm, _("Damages of a late milestone")), (FloatForm, _("Delay after float")),
        (InterestForm, _("Extra interest")),
    ]),
    (_("Money at risk"), [
        (PaymentsForm, _("Payments at risk")), (RetentionForm, _("Retention at risk")),
        (CashTableForm, _("Cash by month")),
    ]),
    (_("Debt cover"), [
        (DscrForm, _("DSCR by period")), (LookBackForm, _("DSCR looking back")), (CureForm, _("What cures a breach")),
        (CovenantForm, _("Covenants by period")), (LlcrForm, _("Loan life cover (LLCR)")),
    ]),
    (_("What stays"), [
        (ExposureForm, _("Net exposure")), (ExpectedForm, _("Expected value")),
        (LenderForm, _("Must the lender be told?")),
    ]),
]  # fmt: skip


def _yes(text: str) -> Any:
    """Return what yes and no mean; anything else as it is, for the calculator to refuse."""
    said = text.strip().lower()
    return True if said in YES else False if said in NO else text
