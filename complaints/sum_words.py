"""Answers about sums as a page shows them: the figure asked for, others that open their formula, a chart, a table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from complaints.calculators import Answer
from complaints.calculators.words import explained
from complaints.forms.sum_base import SumForm
from contracts import period_chart
from contracts.finance import Cover, State, Step, rounded
from contracts.finance.working import written
from contracts.finance_words import number, say, state_in_words
from contracts.period_chart import Level, Series
from contracts.shown import Badge, Figure, Label, Table

DASH = "–"
TONES = {State.OK: "ok", State.LOCK_UP: "warn", State.DEFAULT: "danger", None: ""}


@dataclass(frozen=True)
class Shown:
    """All that the page shows of an answer. The first figure is the one asked for."""

    figures: list[Figure]
    lines: list[str] = field(default_factory=list)
    table: Table | None = None
    chart: dict[str, Any] | None = None
    finding: str = ""

    @property
    def headline(self) -> Figure:
        return self.figures[0]


def show(form: SumForm, answer: Answer) -> Shown:
    """Return what the page shows of the answer to the question in a form."""
    if form.kind in SHOWN:
        return SHOWN[form.kind](form, answer)
    figures = [_figure(form, answer, *one) for one in FIGURES[form.kind] if one[0] in answer.result]
    lines = [line["sentence"] for line in explained(answer)] if form.calculator == "kpi" else []
    return Shown(figures, lines)


# Plain figures -------------------------------------------------------------------------------------------------------

Write = Callable[[SumForm, Any], str]


def _money(form: SumForm, value: Any) -> str:
    return f"{form.cleaned_data['currency']} {number(Decimal(value))}"


def _days(form: SumForm, value: Any) -> str:
    return gettext("{n} d").format(n=number(value))


def _plain(form: SumForm, value: Any) -> str:
    return number(Decimal(value)) if isinstance(value, int | str) and not isinstance(value, bool) else str(value)


def _percent(form: SumForm, value: Any) -> str:
    return f"{value} %"


def _as_it_is(form: SumForm, value: Any) -> str:
    return str(value)


FIGURES: dict[str, list[tuple[str, Label, Write]]] = {
    "milestone_delay": [
        ("ld", _("Delay damages"), _money), ("delay_days", _("Delay"), _days), ("cap", _("Limit"), _money),
        ("days_until_cap", _("The limit is reached on day"), _plain),
    ],
    "float": [
        ("project_delay_days", _("Delay of the project"), _days),
        ("second_case_project_delay_days", _("By the second case"), _days),
    ],
    "retention_at_risk": [
        ("at_risk", _("Retention at risk"), _money), ("held", pgettext_lazy("money", "Held back"), _money),
        ("expected_release", _("Expected to be released"), _money),
    ],
    "extra_interest": [("extra_interest", _("Extra interest"), _money)],
    "net_exposure": [
        ("net", _("Net exposure"), _money), ("gross", _("Gross"), _money), ("supplier", _("Supplier bears"), _money),
        ("insurance", _("Insurer bears"), _money),
    ],
    "expected_value": [
        ("expected", _("Expected value"), _money), ("most_likely", _("Most likely"), _money),
        ("worst", _("Worst case"), _money),
    ],
    "llcr": [
        ("after", _("Loan life cover after"), _as_it_is), ("before", _("Before"), _as_it_is),
        ("npv_after", _("Present value after"), _plain), ("npv_before", _("Present value before"), _plain),
    ],
    "sla_compliance": [("percent", _("Clocks met"), _percent)],
    "time_to_resolution": [("median", _("Median, h"), _plain), ("mean", _("Mean, h"), _plain),
                           ("p90", _("P90, h"), _plain)],
    "ppm": [("ppm", _("Complaint PPM"), _plain)],
    "nps": [("nps", _("NPS"), _plain), ("n", _("Answers"), _plain), ("response_rate", _("Response rate"), _percent)],
    "csat": [("csat_percent", _("Satisfied (4 or 5)"), _percent), ("mean", _("Mean"), _plain)],
    "ces": [("easy_percent", _("Easy (5 to 7)"), _percent), ("mean", _("Mean"), _plain)],
    "reopen_rate": [("percent", _("Reopen rate"), _percent)],
    "repeat_rate": [("percent", _("Repeat rate"), _percent)],
    "visits_on_time": [("percent", _("Visits on time"), _percent)],
    "copq": [
        ("copq", _("Cost of poor quality"), _money), ("copq_percent_of_revenue", _("Of revenue"), _percent),
        ("total_quality_cost", _("Whole cost of quality"), _money),
    ],
    "supplier_score": [("grade", pgettext_lazy("of a supplier", "Grade"), _as_it_is), ("total", _("Total"), _plain)],
}  # fmt: skip


def _figure(form: SumForm, answer: Answer, name: str, label: Label, write: Write) -> Figure:
    value = answer.result[name]
    return Figure(label, DASH if value is None else write(form, value), _lines(answer, name))


def _lines(answer: Answer, *names: str) -> list[str]:
    """Return the formulas of a figure."""
    return [say(line) for line in answer.explanation if isinstance(line, Step) and line.figure in names]


# Figures by period ---------------------------------------------------------------------------------------------------


def _names(form: SumForm, column: str) -> list[str]:
    return [cell or str(place) for place, cell in enumerate(form.column(column), 1)]


def _cover_table(form: SumForm, names: list[str], before: Sequence[Cover], after: Sequence[Cover]) -> Table:
    moved = any(old.cash != new.cash for old, new in zip(before, after, strict=True))
    heads = [
        pgettext_lazy("of a loan", "Period"),
        _("Covenant"),
        _("Ratio"),
        *([_("Before")] if moved else []),
        _("Cash"),
        _("Debt service"),
    ]
    rows = [
        [name, Badge(state_in_words(new.state), TONES[new.state]), _ratio(new), *([_ratio(old)] if moved else []),
         number(written(new.cash)), number(written(new.debt_service))]
        for name, old, new in zip(names, before, after, strict=True)
    ]  # fmt: skip
    return Table(_("Debt service cover by period"), heads, rows)


def _in_units(form: SumForm) -> str:
    """Return the sentence that says what the numbers of formulas and table are in, where it is not the currency."""
    unit, currency = int(form.cleaned_data["unit"]), form.cleaned_data["currency"]
    if unit == 1:
        return ""
    return " " + gettext("Table and formulas are in {unit} {currency}.").format(unit=number(unit), currency=currency)


def _ratio(cover: Cover) -> str:
    return DASH if cover.shown is None else str(cover.shown)


def _cover_chart(names: list[str], before: Sequence[Cover], after: Sequence[Cover]) -> dict[str, Any] | None:
    if all(cover.ratio is None for cover in after):
        return None
    levels = after[0].levels
    lines = [
        Level(Fraction(levels.lock_up), gettext("lock-up {level}").format(level=levels.lock_up)),
        Level(Fraction(levels.default), gettext("default {level}").format(level=levels.default)),
    ]
    moved = [cover.ratio for cover in before] != [cover.ratio for cover in after]
    return period_chart.draw(
        names, Series([cover.ratio for cover in after], gettext("after") if moved else gettext("ratio")),
        Series([cover.ratio for cover in before], gettext("before")) if moved else None, lines,
    )  # fmt: skip


def _covers(form: SumForm, answer: Answer, before: Sequence[Cover], after: Sequence[Cover], figure: str) -> Shown:
    names = _names(form, "period")
    known = [(cover.ratio, place) for place, cover in enumerate(after) if cover.ratio is not None]
    lowest = after[min(known)[1]] if known else after[0]
    bad = [name for name, cover in zip(names, after, strict=True) if cover.state in (State.LOCK_UP, State.DEFAULT)]
    finding = (
        gettext("Below lock-up in {n} of {all} periods: {names}.").format(
            n=len(bad), all=len(names), names=", ".join(bad[:4]) + ("…" if len(bad) > 4 else "")
        )
        if bad
        else gettext("No period is forecast below lock-up.")
    )
    finding += _in_units(form)
    first = Figure(_("Lowest ratio"), _ratio(lowest), _lines(answer, figure), TONES[lowest.state])
    figures = [first, Figure(_("Covenant there"), state_in_words(lowest.state), [], TONES[lowest.state])]
    return Shown(figures, [], _cover_table(form, names, before, after), _cover_chart(names, before, after), finding)


def _dscr(form: SumForm, answer: Answer) -> Shown:
    found = answer.found
    shown = _covers(form, answer, found.before, found.after, "state_after")
    room = Figure(
        _("Headroom to default, first period"), _money(form, found.headroom_p1), _lines(answer, "headroom_p1")
    )
    return Shown([*shown.figures, room], [], shown.table, shown.chart, shown.finding)


def _covenant(form: SumForm, answer: Answer) -> Shown:
    return _covers(form, answer, answer.found.covers, answer.found.covers, "state")


def _look_back(form: SumForm, answer: Answer) -> Shown:
    state, result = answer.found.state, answer.result
    return Shown([
        Figure(_("Look-back ratio after"), result["after"] or DASH, _lines(answer, "after"), TONES[state]),
        Figure(_("Covenant"), state_in_words(state), _lines(answer, "state"), TONES[state]),
        Figure(_("Before"), result["before"] or DASH, _lines(answer, "before")),
    ])  # fmt: skip


def _cure(form: SumForm, answer: Answer) -> Shown:
    found, result = answer.found, answer.result
    return Shown([
        Figure(_("Needed to reach lock-up"), _money(form, found.cure_to_lock_up), _lines(answer, "cure_to_lock_up")),
        Figure(_("Needed to reach default"), _money(form, found.cure_to_default), _lines(answer, "cure_to_default")),
        Figure(_("Ratio after"), result["dscr"] or DASH, _lines(answer, "dscr"), TONES[found.state]),
        Figure(_("Covenant"), state_in_words(found.state), _lines(answer, "state"), TONES[found.state]),
    ])  # fmt: skip


def _cash(form: SumForm, answer: Answer) -> Shown:
    found, unit = answer.found, int(form.cleaned_data["unit"])
    gap = Figure(
        _("Missing to the minimum cash"),
        _money(form, rounded(found.funding_gap * unit, 2)),
        _lines(answer, "funding_gap"),
        "danger" if found.funding_gap else "",
    )
    lowest = Figure(
        _("Lowest closing"), _money(form, rounded(found.lowest * unit, 2)), _lines(answer, "closing_revised")
    )
    month = Figure(_("Month of it"), found.lowest_month, _lines(answer, "difference"))
    rows = [
        [name, *(number(written(value)) for value in values)]
        for name, *values in zip(
            found.months, found.closing_baseline, found.closing_revised, found.difference, strict=True
        )
    ]
    heads = [_("Month"), _("As planned"), _("As revised"), _("Difference")]
    chart = period_chart.draw(
        list(found.months), Series(found.closing_revised, gettext("as revised")),
        Series(found.closing_baseline, gettext("as planned")), [Level(found.minimum_cash, gettext("minimum cash"))],
    )  # fmt: skip
    finding = gettext("Lowest in {month}: {lowest}.").format(month=found.lowest_month, lowest=lowest.value)
    finding += _in_units(form)
    return Shown([gap, lowest, month], [], Table(_("Closing cash by month"), heads, rows), chart, finding)


def _payments(form: SumForm, answer: Answer) -> Shown:
    figures = [
        Figure(_("Payments at risk"), _money(form, answer.result["at_risk"]), _lines(answer, "at_risk")),
        Figure(_("Cost of waiting"), _money(form, answer.result["funding_cost"]), _lines(answer, "funding_cost")),
    ]
    rows = [
        [name, amount, old, Badge(new, "warn") if new != old else new]
        for name, amount, old, new in zip(
            form.column("name"), form.column("amount"), form.column("planned_cash"), answer.result["new_dates"],
            strict=True,
        )
    ]  # fmt: skip
    heads = [_("Payment"), _("Amount"), _("Planned day"), _("Expected day")]
    return Shown(figures, [], Table(_("Days of cash"), heads, rows))


def _lender(form: SumForm, answer: Answer) -> Shown:
    material = answer.result["material"]
    words = gettext("Yes: Finance decides and says why") if material else gettext("No")
    lines = [line["sentence"] for line in explained(answer)]
    return Shown([Figure(_("Must the lender be told?"), words, [], "warn" if material else "ok")], lines)


def _pareto(form: SumForm, answer: Answer) -> Shown:
    result = answer.result
    few = set(result["vital_few_80"])
    rows = [
        [name, number(n), DASH if share is None else f"{share} %", number(cost), gettext("yes") if name in few else ""]
        for (name, n, cost), share in zip(answer.found, result["cumulative_percent"], strict=True)
    ]
    heads = [_("Cause"), _("Count"), _("Cumulated"), _("Cost"), _("Vital few")]
    figures = [
        Figure(_("Vital few"), ", ".join(result["vital_few_80"]) or DASH),
        Figure(_("By cost"), ", ".join(result["order_by_cost"]) or DASH),
    ]
    return Shown(figures, [line["sentence"] for line in explained(answer)], Table(_("Causes by count"), heads, rows))


def _ages(form: SumForm, answer: Answer) -> Shown:
    n = sum(answer.result.values())
    rows = [[band, number(count)] for band, count in answer.result.items()]
    table = Table(_("Open cases by age"), [_("Age, days"), _("Cases")], rows)
    return Shown([Figure(_("Open cases"), number(n))], [line["sentence"] for line in explained(answer)], table)


SHOWN: dict[str, Callable[[SumForm, Answer], Shown]] = {
    "dscr": _dscr, "covenant": _covenant, "look_back_dscr": _look_back, "cure": _cure, "cash_table": _cash,
    "payments_at_risk": _payments, "lender_material": _lender, "pareto": _pareto, "backlog_age": _ages,
}  # fmt: skip
