"""One form for each question about a management figure; kinds as in complaints.calculators.kpi."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from complaints.forms.sum_base import MoneyForm, SumForm, number, tick
from contracts.rows import RowsField

SCORES = ("5", "4", "3", "2", "1")
DIMENSIONS = _("part")


def count(label: Any, *, required: bool = True, hint: Any = "") -> forms.CharField:
    """Return a field for a whole number."""
    field = number(label, required=required, hint=hint)
    field.widget.attrs["inputmode"] = "numeric"
    return field


def values(label: Any, hint: Any = "") -> forms.CharField:
    """Return a field for many numbers."""
    widget = forms.Textarea(attrs={"rows": 4, "spellcheck": "false", "class": "rows"})
    said = hint or _("Spaces, semicolons or new lines between.")
    return forms.CharField(label=label, widget=widget, help_text=said, max_length=100_000, required=False)


class KpiForm(SumForm):
    calculator = "kpi"


class ComplianceForm(KpiForm):
    kind = "sla_compliance"
    example = {"met": "37", "breached": "5", "running_not_due": "6", "cancelled": "2"}

    met = count(_("Clocks met"))
    breached = count(_("Clocks missed"))
    revoked = count(_("Breaches revoked"), required=False, hint=_("They count as met."))
    running_not_due = count(_("Running, not due"), required=False, hint=_("Not counted."))
    cancelled = count(_("Cancelled"), required=False, hint=_("Not counted."))


class ValuesForm(KpiForm):
    """A question about a list of numbers."""

    listed = ""

    def question(self) -> dict[str, Any]:
        text = str(self.cleaned_data[self.listed])
        return {self.listed: [one for one in re.split(r"[\s;；]+|[,，、](?=\s)", text) if one]}

    def _placed(self, path: list[str], sentence: str) -> tuple[str | None, str]:
        place = path[1] if len(path) > 1 else ""
        return self.listed, f"{int(place) + 1}: {sentence}" if place.isdigit() else sentence


class TimesForm(ValuesForm):
    kind, listed = "time_to_resolution", "values"
    example = {"values": "20 26 31 44 52 60 75 90 140 402"}

    values = values(_("Hours to resolution"))


class AgesForm(ValuesForm):
    kind, listed = "backlog_age", "age_days"
    example = {"age_days": "0 1 2 3 7 8 14 15 30 31 60 61"}

    age_days = values(_("Age of each open case, days"))


class CesForm(ValuesForm):
    kind, listed = "ces", "scores"
    example = {"scores": "7 6 6 5 4 7 2 6"}

    scores = values(_("Answers, 1 to 7 (7 is easy)"))


class PpmForm(KpiForm):
    kind = "ppm"
    example = {"confirmed_defective_units": "37", "claimed_units": "41", "shipped_units": "182500"}

    confirmed_defective_units = count(_("Units confirmed as defective"))
    claimed_units = count(_("Units claimed"), required=False, hint=_("Not counted."))
    shipped_units = count(_("Units shipped in the same period"))


class NpsForm(KpiForm):
    kind = "nps"
    example = {"promoters": "24", "passives": "10", "detractors": "6", "invitations_delivered": "64"}

    promoters = count(_("Promoters (9–10)"))
    passives = count(_("Passives (7–8)"))
    detractors = count(_("Detractors (0–6)"))
    invitations_delivered = count(_("Invitations delivered"), required=False)


class CsatForm(KpiForm):
    kind = "csat"
    example = {"score_5": "18", "score_4": "12", "score_3": "6", "score_2": "3", "score_1": "1"}

    score_5 = count(_("Answers 5 (very satisfied)"), required=False)
    score_4 = count(_("Answers 4"), required=False)
    score_3 = count(_("Answers 3"), required=False)
    score_2 = count(_("Answers 2"), required=False)
    score_1 = count(_("Answers 1 (not at all)"), required=False)

    def question(self) -> dict[str, Any]:
        said = super().question()
        return {"scores": {score: said[f"score_{score}"] for score in SCORES if f"score_{score}" in said}}

    def _placed(self, path: list[str], sentence: str) -> tuple[str | None, str]:
        name = f"score_{path[1]}" if len(path) > 1 else ""
        return (name if name in self.fields else None), sentence


class ReopenedForm(KpiForm):
    kind = "reopen_rate"
    example = {"closed_in_cohort": "60", "reopened_within_90_days": "3", "cohort_mature": True}

    closed_in_cohort = count(_("Cases closed in the cohort"))
    reopened_within_90_days = count(_("Reopened within 90 days"))
    cohort_mature = tick(_("Its 90 days have passed"))


class RepeatedForm(KpiForm):
    kind = "repeat_rate"
    example = {"justified_cases": "48", "repeat_cases": "6"}

    justified_cases = count(_("Justified cases"))
    repeat_cases = count(_("Confirmed as repeated"))


class VisitsForm(KpiForm):
    kind = "visits_on_time"
    example = {"due": "30", "done_within_tolerance": "24", "done_late": "4", "missed": "2",
               "moved_at_customer_request": "3", "moved_done_in_time": "3"}  # fmt: skip

    due = count(_("Visits due"))
    done_within_tolerance = count(_("Made in time"))
    done_late = count(_("Made late"), required=False)
    missed = count(_("Missed"), required=False)
    moved_at_customer_request = count(_("Moved at the customer's request"), required=False)
    moved_done_in_time = count(
        _("Of them made in time"), required=False, hint=_("Measured against the new day; part of those in time.")
    )


class ParetoForm(KpiForm):
    kind, rows = "pareto", "causes"
    example = {"causes": "seal leak; 41; 180000\nbearing noise; 23; 310000\nwrong label; 20; 9000\npaint; 11; 21000\n"
                         "cable; 5; 60000"}  # fmt: skip

    causes = RowsField(_("Causes"), {"name": _("name"), "count": _("count"), "cost": _("cost")})

    def from_rows(self) -> dict[str, Any]:
        return {"rows": self.cells}

    def _placed(self, path: list[str], sentence: str) -> tuple[str | None, str]:
        return "causes", self._in_row("", self.row_of(path[1:]), sentence)


class CopqForm(MoneyForm):
    calculator, kind = "kpi", "copq"
    example = {"internal_failure": "420,000.00", "external_failure": "900,000.00", "appraisal": "260,000.00",
               "prevention": "120,000.00", "revenue": "60,000,000.00"}  # fmt: skip

    internal_failure = number(_("Internal failure"))
    external_failure = number(_("External failure"))
    appraisal = number(_("Appraisal"), required=False)
    prevention = number(pgettext_lazy("cost of quality", "Prevention"), required=False)
    revenue = number(_("Revenue of the same period"))


class SupplierForm(KpiForm):
    kind, rows = "supplier_score", "parts"
    COLUMNS = {"scores": "score", "weights": "weight"}
    example = {"parts": "quality; 92.0; 40\ndelivery; 88.0; 25\nservice; 95.0; 20\ncost; 80.0; 15", "least_A": "90",
               "least_B": "75", "least_C": "60"}  # fmt: skip

    parts = RowsField(
        _("Parts"), {"name": DIMENSIONS, "score": _("score 0–100"), "weight": _("weight %")},
        hint=_("A dash for a part that is not rated."), lines=5,
    )  # fmt: skip
    least_A = number(pgettext_lazy("grade of a supplier", "A from"))
    least_B = number(pgettext_lazy("grade of a supplier", "B from"))
    least_C = number(pgettext_lazy("grade of a supplier", "C from"))
    g1_caused = tick(_("The supplier caused a G1 case in the period"))
    qualification_expired = tick(_("The qualification has expired"))

    def question(self) -> dict[str, Any]:
        said = super().question()
        return {**said, "thresholds": {grade: said.pop(f"least_{grade}") for grade in "ABC"}}

    def from_rows(self) -> dict[str, Any]:
        names = self.column("name")
        scores = [None if cell in ("", "-", "–", "—") else cell for cell in self.column("score")]
        return {
            "scores": dict(zip(names, scores, strict=True)),
            "weights": dict(zip(names, self.column("weight"), strict=True)),
        }

    def row_of(self, inner: list[str]) -> str:
        names = self.column("name")
        return str(names.index(inner[0]) + 1) if inner and inner[0] in names else ""

    def _placed(self, path: list[str], sentence: str) -> tuple[str | None, str]:
        if path[:1] == ["thresholds"]:
            return (f"least_{path[1]}" if len(path) > 1 else "least_A"), sentence
        return super()._placed(path, sentence)


KINDS: list[tuple[Any, list[tuple[type[SumForm], Any]]]] = [
    (_("Deadlines"), [
        (ComplianceForm, _("Clocks met")), (TimesForm, _("Time to resolution")), (AgesForm, _("Age of the backlog")),
        (VisitsForm, _("Visits on time")),
    ]),
    (_("Quality"), [
        (PpmForm, _("Complaint PPM")), (RepeatedForm, _("Repeat rate")), (ReopenedForm, _("Reopen rate")),
        (ParetoForm, _("Pareto")),
    ]),
    (_("Satisfaction"), [
        (CsatForm, _("CSAT")), (NpsForm, _("NPS")), (CesForm, _("CES")),
    ]),
    (_("Cost and suppliers"), [
        (CopqForm, _("Cost of poor quality")), (SupplierForm, _("Supplier score")),
    ]),
]  # fmt: skip
