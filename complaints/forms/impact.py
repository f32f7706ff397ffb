"""The form of an impact in three scenarios: what Finance says beside what the project's rows and clauses say."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from complaints import impacts
from complaints.forms.base import ActForm, Section, line, prose
from contracts import finance, finance_words
from contracts.amounts import write_number
from contracts.exact import clean_number
from contracts.fields import ExactDecimalFormField
from contracts.finance import HEADS, Damages, Name, Recovery, Scenario, Unreckonable, record
from contracts.models import ClauseType, Facility, Milestone, PaymentItem
from contracts.rows import RowsField

MONTH = re.compile(r"(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])")
MOST = Decimal(10) ** 15
NAMES: dict[str, Any] = {Name.BEST: _("Best case"), Name.LIKELY: _("Most likely case"), Name.WORST: _("Worst case")}
COLUMNS = {name.lower(): label for name, label in NAMES.items()}
AS_THE_TEST = ""
SHARES = ("ld_rate", "ld_cap_pct")  # percentages of which none can be more than the whole


def exact(label: Any, *, required: bool = True, hint: Any = "", first: str | None = None) -> ExactDecimalFormField:
    """Return a field for an exact number."""
    return ExactDecimalFormField(label=label, required=required, help_text=hint, initial=first)


def of_scenario(name: str) -> dict[str, forms.Field]:
    """Return the fields of one scenario, under its name."""
    low = name.lower()
    whole = forms.TextInput(attrs={"inputmode": "numeric"})
    return {
        f"{low}_p": exact(_("Probability"), hint=_("From 0 to 1; the three make 1.")),
        f"{low}_days": forms.IntegerField(
            label=_("Delay of the activity, days"), min_value=0, max_value=36500, widget=whole,
            help_text=_("Before float."),
        ),
        f"{low}_claims": exact(_("Open claims"), required=False, hint=_("Estimate; empty counts as 0.")),
        f"{low}_margin": exact(_("Lost margin"), required=False, hint=_("Empty counts as 0.")),
        f"{low}_impairs": forms.BooleanField(label=_("An issue raised in time stays unsolved and impairs use"),
                                             required=False),
    }  # fmt: skip


def _section(name: str) -> Section:
    return Section(NAMES[name], tuple(of_scenario(name)))


class ImpactForm(ActForm):
    """Amounts are in the project's currency. `said` of the verb comes out of `clean`."""

    milestone = forms.ModelChoiceField(label=_("Milestone that the case delays"), queryset=Milestone.objects.none())
    waiting = forms.ModelMultipleChoiceField(
        label=_("Payments that wait for the case"), queryset=PaymentItem.objects.none(), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    facility = forms.ModelChoiceField(
        label=_("Loan facility"), queryset=Facility.objects.none(), required=False, empty_label=_("none")
    )
    remedy = RowsField(
        _("Cost of the remedy by month"), {"month": _("month (2026-10)"), **COLUMNS}, lines=4, required=False
    )
    cfads = RowsField(
        _("What the case takes from the cash (CFADS) of each period"), {"period": _("period"), **COLUMNS}, lines=6,
        required=False,
    )  # fmt: skip
    ld_rate = exact(_("Damages a day, %"), required=False, hint=_("Empty: no damages are agreed."))
    ld_base = exact(
        _("Base of the damages"), required=False,
        hint=_("What the clause takes its percentage of: the contract price, or only the delayed part."),
    )  # fmt: skip
    ld_cap_pct = exact(_("Limit, % of the base"), required=False, hint=_("Leave empty if the clause has none."))
    ld_clause = line(_("Clause of the damages"), required=False, most=100)
    ld_paid_apart = forms.BooleanField(label=_("Paid by themselves, not deducted from payments"), required=False)
    retention_pct = exact(_("Retention, %"), required=False, hint=_("Empty counts as 0."))
    retention_clause = line(_("Clause of the retention"), required=False, most=100)
    supplier_pct = exact(_("Supplier's share of the remedy, %"), required=False, hint=_("Empty counts as 0."))
    supplier_p = exact(_("Probability of the supplier's share"), required=False, hint=_("Empty: agreed, counts as 1."))
    insured = forms.ChoiceField(
        label=_("Insured head"), required=False,
        choices=[("", _("none")), *((head, finance_words.NAMES[head]) for head in HEADS)],
    )  # fmt: skip
    deductible = exact(_("Deductible"), required=False)
    insurance_p = exact(_("Probability of the insurance"), required=False, hint=_("Empty: agreed, counts as 1."))
    reputation = forms.TypedChoiceField(
        label=_("Reputation"), choices=[(n, str(n)) for n in range(1, 6)], coerce=int, widget=forms.RadioSelect,
        help_text=_("1 none … 5 public attention"),
    )  # fmt: skip
    lender = forms.ChoiceField(
        label=_("Must the lender be told?"), required=False,
        choices=[(AS_THE_TEST, _("as the test says")), ("yes", _("yes")), ("no", _("no"))],
    )  # fmt: skip
    lender_reason = prose(
        _("Why otherwise than the test"), required=False, rows=2, hint=_("Only where you decide otherwise.")
    )
    note = prose(_("How it was estimated"))

    sections = (
        Section(_("What waits"), ("milestone", "waiting", "facility")),
        *(_section(name) for name in Name),
        Section(_("Remedy and loan"), ("remedy", "cfads")),
        Section(_("Damages and retention"), (
            "ld_rate", "ld_base", "ld_cap_pct", "ld_clause", "ld_paid_apart", "retention_pct", "retention_clause",
        )),
        Section(_("Recovery"), ("supplier_pct", "supplier_p", "insured", "deductible", "insurance_p")),
        Section(_("Judgement"), ("reputation", "note", "lender", "lender_reason")),
    )  # fmt: skip

    def prepare(self) -> None:
        for one in Name:
            self.fields.update(of_scenario(one))
        project = self.complaint.project
        if project is None:
            return
        self.above = gettext("All amounts in {currency}, the currency of project {code}.").format(
            currency=project.currency, code=project.code
        )
        fields: dict[str, Any] = self.fields
        fields["milestone"].queryset = project.milestones.order_by("planned_on", "pk")
        fields["waiting"].queryset = project.payments.filter(paid_on=None).order_by("due_on", "pk")
        fields["facility"].queryset = project.facilities.order_by("name", "pk")
        for name, value in (_before(self.complaint) or _from_contract(self.complaint)).items():
            self.initial.setdefault(name, value)

    def clean(self) -> dict[str, Any]:
        """Return the verb's arguments. What does not go together is said at the field that it is about."""
        said = self.cleaned_data
        self._not_negative()
        scenarios = [self._scenario(name) for name in Name] if not self.errors else []
        if self.errors:
            return said
        try:
            asked = self._asked(scenarios)
            if not impacts.gaps(self.complaint, self.user):
                inputs = impacts.facts(self.complaint, asked, at=said.get("at") or self.now)
                self._decided(impacts.reckon(inputs))
        except Unreckonable as error:
            self.add_error(self._field_of(error), finance_words.refusal(error))
        if self.errors:
            return said
        lender = {"yes": True, "no": False}.get(said["lender"])
        return {
            "asked": asked, "reputation": said["reputation"], "note": said["note"], "lender": lender,
            "lender_reason": said["lender_reason"], "at": said.get("at"),
        }  # fmt: skip

    def _not_negative(self) -> None:
        """Refuse what lies below zero at its own scenario, which the rules do not name."""
        for name in Name:
            for part in ("p", "claims", "margin"):
                if (self.cleaned_data.get(f"{name.lower()}_{part}") or 0) < 0:
                    self.add_error(f"{name.lower()}_{part}", finance_words.REFUSALS["negative"])
        for field, value in [*self.cleaned_data.items()]:
            if isinstance(value, Decimal) and abs(value) > MOST:
                self.add_error(field, _too_much())
            elif field in SHARES and value is not None and not 0 <= value <= 100:
                self.add_error(field, finance_words.REFUSALS["not_a_share"])

    def clean_remedy(self) -> list[list[Any]]:
        return self._rows("remedy", _month, _cost)

    def clean_cfads(self) -> list[list[Any]]:
        return self._rows("cfads", str.strip, _amount)

    def _rows(self, name: str, read: Callable[[str], Any], number: Callable[[str], Decimal]) -> list[list[Any]]:
        """Return rows of a name and three numbers. Raises ValidationError that names row and column."""
        columns = list(self.fields[name].columns.values())  # type: ignore[attr-defined]
        rows = self.cleaned_data[name]
        return [
            [_cell(row, columns[place], number if place else read, cell) for place, cell in enumerate(cells)]
            for row, cells in enumerate(rows, 1)
        ]

    def _scenario(self, name: Name) -> Scenario:
        low, place = name.lower(), list(Name).index(name) + 1
        said = self.cleaned_data
        remedy: dict[str, Decimal] = {}
        for row in said["remedy"]:
            remedy[row[0]] = remedy.get(row[0], Decimal(0)) + row[place]
        return Scenario(
            name=name, p=said[f"{low}_p"], quality_delay_days=said[f"{low}_days"],
            remedy_by_month={month: sum_ for month, sum_ in sorted(remedy.items()) if sum_},
            open_claims=said[f"{low}_claims"] or Decimal(0), impairs_use=said[f"{low}_impairs"],
            lost_margin=said[f"{low}_margin"] or Decimal(0), impact=self._impact(place),
        )  # fmt: skip

    def _impact(self, place: int) -> tuple[Decimal, ...]:
        """Return what a scenario takes from each period of the facility; a period that is not named loses nothing."""
        facility = self.cleaned_data["facility"]
        names = [period.name for period in facility.periods.order_by("ends_on")] if facility else []
        lost: dict[str, Decimal] = {}
        for number, row in enumerate(self.cleaned_data.get("cfads") or [], 1):
            if row[0] not in names:
                words = _("Row %(row)s: “%(name)s” is no period of the facility. Choose from: %(known)s.")
                known = ", ".join(names) or "–"
                if place == 1:  # once, not for each scenario
                    self.add_error("cfads", ValidationError(
                        words, code="period", params={"row": number, "name": row[0], "known": known}
                    ))  # fmt: skip
                return ()
            lost[row[0]] = row[place]
        return tuple(lost.get(name, Decimal(0)) for name in names)

    def _asked(self, scenarios: list[Scenario]) -> impacts.Asked:
        said, zero, one = self.cleaned_data, Decimal(0), Decimal(1)
        rate, base = said["ld_rate"], said["ld_base"]
        if rate and base is None:
            self.add_error("ld_base", _("Enter the sum that the percentage is taken of."))
        damages = Damages(
            base=base or zero, rate_pct_per_day=rate or zero, cap_pct=said["ld_cap_pct"] if rate else None,
            deducted=not said["ld_paid_apart"], clause=said["ld_clause"] if rate else "",
        )  # fmt: skip
        recovery = Recovery(
            said["supplier_pct"] or zero, said["insured"], said["deductible"] or zero,
            one if said["supplier_p"] is None else said["supplier_p"],
            one if said["insurance_p"] is None else said["insurance_p"],
        )  # fmt: skip
        return impacts.Asked(
            milestone=said["milestone"], waiting=tuple(said["waiting"]), facility=said["facility"], damages=damages,
            retention_pct=said["retention_pct"] or zero, retention_clause=said["retention_clause"],
            recovery=recovery, scenarios=tuple(scenarios),
        )  # fmt: skip

    def _decided(self, result: dict[str, Any]) -> None:
        """Ask for a reason where Finance decides otherwise than the test."""
        said, test = self.cleaned_data, result["scenarios"][Name.LIKELY]["lender"]["material"]
        if said["lender"] and (said["lender"] == "yes") != test and not said["lender_reason"].strip():
            verdict = gettext("yes") if test else gettext("no")
            words = _("The test says: %(verdict)s. Say why you decide otherwise.")
            self.add_error("lender_reason", ValidationError(words, code="otherwise", params={"verdict": verdict}))

    def _field_of(self, error: Unreckonable) -> str | None:
        """Return the field that a refusal of the rules is about."""
        field = FIELDS.get(error.field, error.field)
        return field if field in self.fields else None


FIELDS = {  # of the rules → of the form
    "scenarios": "worst_p", "rate_pct_per_day": "ld_rate", "base": "ld_base", "cap_pct": "ld_cap_pct",
    "remedy_cost": "remedy", "remedy": "remedy", "impact": "cfads", "open_claim_estimate": "likely_claims",
    "lost_margin": "likely_margin", "quality_delay_days": "worst_days", "shift_days": "worst_days",
    "supplier_share_of_remedy_pct": "supplier_pct", "supplier_probability": "supplier_p",
    "insurance_probability": "insurance_p", "insured_head": "insured", "lock_up": "facility",
    "contract_price": "milestone", "months": "milestone",
}  # fmt: skip


def _cell(row: int, column: Any, read: Callable[[str], Any], cell: str) -> Any:
    try:
        return read(cell)
    except ValidationError as error:
        words = gettext("Row {row}, {column}: {said}")
        said = words.format(row=row, column=column, said=" ".join(error.messages))
        raise ValidationError(said, code="row") from None


def _amount(text: str) -> Decimal:
    found = clean_number(text)
    if abs(found) > MOST:
        raise _too_much()
    return found


def _cost(text: str) -> Decimal:
    found = _amount(text)
    if found < 0:
        raise ValidationError(finance_words.REFUSALS["negative"], code="negative")
    return found


def _too_much() -> ValidationError:
    words = _("Give at most %(most)s.")
    return ValidationError(words, code="over", params={"most": finance_words.number(MOST)})


def _month(text: str) -> str:
    found = unicodedata.normalize("NFKC", text).strip()
    if not MONTH.fullmatch(found):
        words = _("“%(text)s” is not a month. Write it as 2026-10.")
        raise ValidationError(words, code="month", params={"text": text})
    return found


# First values ---------------------------------------------------------------------------------------------------------


def _from_contract(complaint: Any) -> dict[str, Any]:
    """Return what the project and the checked clauses of the contract say, for a first version."""
    project = complaint.project
    unpaid = [row.pk for row in project.payments.filter(paid_on=None)]
    facility = project.facilities.order_by("name", "pk").first()
    open_steps = project.milestones.filter(payments__paid_on=None, payments__isnull=False).order_by("planned_on", "pk")
    step = open_steps.first() or project.milestones.order_by("-planned_on").first()
    first = {"waiting": unpaid, "facility": facility.pk if facility else None, "milestone": step.pk if step else None}
    periods = [period.name for period in facility.periods.order_by("ends_on")] if facility else []
    return first | {"cfads": "\n".join(f"{name}; 0; 0; 0" for name in periods)} | _from_clauses(complaint)


def _from_clauses(complaint: Any) -> dict[str, Any]:
    """
    Return damages and retention as the clauses have them; a rate by week is left to be entered.

    Of two clauses on damages that on late commissioning counts, for a milestone waits.
    """
    if complaint.contract_version_id is None:
        return {}
    kinds = [ClauseType.LD_DELAY, ClauseType.RETENTION]
    rows = list(complaint.contract_version.clauses.checked().filter(type__in=kinds).order_by("pk"))
    rows.sort(key=lambda clause: clause.terms.get("late") != "LATE_COMMISSIONING")
    found: dict[str, Any] = {}
    for clause in rows:
        terms: Any = clause.typed_terms
        cited = f"§{clause.number}"
        if clause.type == ClauseType.RETENTION and "retention_pct" not in found:
            found |= {"retention_pct": terms.pct, "retention_clause": cited}
        elif clause.type == ClauseType.LD_DELAY and "ld_rate" not in found and terms.per == "PER_DAY":
            found |= {"ld_rate": terms.rate_pct, "ld_cap_pct": terms.cap_pct, "ld_clause": cited,
                      "ld_base": _base_of(complaint.contract, terms)}  # fmt: skip
    return found


def _base_of(contract: Any, terms: Any) -> Any:
    """Return the contract's price, if that is what the clause takes its percentage of; else the base is entered."""
    vat = "VAT_INCLUDED" if contract.price_includes_vat else "VAT_EXCLUDED"
    whole = terms.base_kind == "CONTRACT_PRICE" and (terms.vat == vat or contract.vat_pct == 0)
    return contract.price.amount if contract.price and whole else None


def _before(complaint: Any) -> dict[str, Any]:
    """Return what the version before said, for the next one; nothing where there is none of this project."""
    rows = complaint.finance_impacts.exclude(inputs="").filter(project=complaint.project_id)
    last = rows.order_by("-cycle", "-number").first()
    if last is None:
        return {}
    kept = json.loads(last.inputs)
    project, scenarios, _grade = record.question(kept)
    about, damages, recovery = kept["about"], project.damages, project.recovery
    found = {
        "milestone": about["milestone_id"], "waiting": about["waiting"], "facility": about["facility_id"],
        "ld_rate": damages.rate_pct_per_day or None, "ld_base": damages.base or None, "ld_cap_pct": damages.cap_pct,
        "ld_clause": damages.clause, "ld_paid_apart": not damages.deducted, "retention_pct": project.retention_pct,
        "retention_clause": project.retention_clause, "supplier_pct": recovery.supplier_share_of_remedy_pct,
        "supplier_p": recovery.supplier_probability, "insured": recovery.insured_head,
        "deductible": recovery.deductible, "insurance_p": recovery.insurance_probability,
        "remedy": _remedy_rows(scenarios), "cfads": _cfads_rows(scenarios, project.loan),
        "reputation": last.reputation,
    }  # fmt: skip
    for one in scenarios:
        low = one.name.lower()
        found |= {
            f"{low}_p": one.p, f"{low}_days": one.quality_delay_days, f"{low}_claims": one.open_claims,
            f"{low}_margin": one.lost_margin, f"{low}_impairs": one.impairs_use,
        }  # fmt: skip
    return found


def _remedy_rows(scenarios: list[Scenario]) -> str:
    months = sorted({month for one in scenarios for month in one.remedy_by_month})
    return "\n".join(_line(month, [one.remedy_by_month.get(month, 0) for one in scenarios]) for month in months)


def _cfads_rows(scenarios: list[Scenario], loan: finance.Loan | None) -> str:
    names = loan.periods if loan else ()
    return "\n".join(
        _line(name, [one.impact[place] if one.impact else 0 for one in scenarios]) for place, name in enumerate(names)
    )


def _line(name: str, values: list[Any]) -> str:
    return "; ".join([name, *(write_number(Decimal(value)) for value in values)])
