"""A kept impact as its page shows it: three scenarios whose figures open their formulas, cash, cover, the verdict."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from complaints.models.assessments import FinanceImpact
from contracts import period_chart
from contracts.finance import Name, Step, record
from contracts.finance.working import money, written
from contracts.finance_words import NAMES as HEADS
from contracts.finance_words import number, say, scale_in_words, state_in_words
from contracts.period_chart import Level, Series
from contracts.shown import Badge, Figure, Table

DASH = "–"
UNTESTED = "look_back_not_testable"  # the step of a look-back that the facility asks for
TONES = {"OK": "ok", "LOCK_UP": "warn", "DEFAULT": "danger", None: ""}
LABELS = {Name.BEST: _("Best case"), Name.LIKELY: _("Most likely case"), Name.WORST: _("Worst case")}
Data = dict[str, Any]


@dataclass(frozen=True)
class Group:
    """Rows of the comparison under one heading: each a label and a figure for each scenario."""

    title: Any
    rows: list[tuple[Any, list[Figure]]]


class Kept:
    """The stored texts of one version, read once."""

    def __init__(self, impact: FinanceImpact) -> None:
        self.impact = impact
        self.inputs: Data = json.loads(impact.inputs)
        self.result: Data = json.loads(impact.result)
        self.about: Data = self.inputs["about"]
        self.project: Data = self.inputs["project"]
        self.currency: str = self.result["currency"]
        self.zh = (get_language() or "").startswith("zh")

    @property
    def scenarios(self) -> list[Data]:
        return [self.result["scenarios"][name] for name in Name]

    @property
    def likely(self) -> Data:
        return self.result["scenarios"][Name.LIKELY]  # type: ignore[no-any-return]

    @property
    def said(self) -> list[Data]:
        """Return the scenarios as they were said, in the order of Name."""
        by_name = {one["name"]: one for one in self.inputs["scenarios"]}
        return [by_name[name] for name in Name]

    def money(self, text: str | None) -> str:
        return DASH if text is None else f"{self.currency} {number(Decimal(text))}"

    def named(self, text: str) -> str:
        """Return a payment's name in the reader's language; of a part, with its share."""
        name, _dot, share = text.partition(" · ")
        known = self.about["names"].get(name) if self.zh else None
        return (f"{known} · {share}" if share else known) if known else text

    def title(self, names: dict[str, str] | None) -> str:
        if names is None:
            return DASH
        return (self.zh and names["name_zh"]) or names["name"]

    def lines(self, working: list[Data], *figures: str) -> list[str]:
        """Return the sentences of a working about these figures, of all where none is named."""
        steps = [one for one in record.steps(working) if not figures or one.figure in figures]
        return [say(self._in_language(one)) for one in steps]

    def _in_language(self, one: Step) -> Step:
        if "name" not in one.params:
            return one
        return Step(one.code, {**one.params, "name": self.named(str(one.params["name"]))}, one.figure)


# The three scenarios --------------------------------------------------------------------------------------------------


def groups(kept: Kept) -> list[Group]:
    """Return every figure of the three scenarios, side by side."""

    def rows(*wanted: tuple[Any, Callable[[Kept, Data, Data], Figure]]) -> list[tuple[Any, list[Figure]]]:
        pairs = list(zip(kept.scenarios, kept.said, strict=True))
        return [(label, [figure(kept, found, said) for found, said in pairs]) for label, figure in wanted]

    time = rows(
        (_("Probability"), _probability), (_("Delay of the activity"), _activity),
        (_("Delay of the project, after float"), _delay), (_("Milestone"), _milestone),
    )  # fmt: skip
    risk = rows(
        (_("Payments at risk"), _at_risk), (_("Cost of waiting"), _waiting), (_("Retention at risk"), _retention),
        (_("Delay damages"), _damages), (_("Cost of the remedy"), _remedy), (_("Extra interest"), _interest),
    )  # fmt: skip
    cash = rows((_("Lowest closing cash"), _lowest), (_("Missing to the minimum cash"), _gap))
    stays = rows((_("Gross exposure"), _gross), (_("Supplier and insurer bear"), _borne), (_("Net exposure"), _net))
    loan = rows(
        (_("Lowest DSCR"), _dscr), (_("Headroom to default"), _headroom), (_("Lowest look-back"), _look_back),
        (_("Loan life cover (LLCR)"), _llcr), (_("Cure to lock-up"), _cure_lock_up),
        (_("Cure to default"), _cure_default),
    ) if kept.likely["loan"] else []  # fmt: skip
    found = [Group(_("Time"), time), Group(_("Money at risk and cost"), risk), Group(_("Cash"), cash)]
    return [*found, *([Group(_("Cover of the loan"), loan)] if loan else []), Group(_("What stays with us"), stays)]


def _figure(value: str, lines: Iterable[str] = (), tone: str = "") -> Figure:
    return Figure("", value, list(lines), tone)


def _days(n: int) -> str:
    return gettext("{n} d").format(n=number(n))


def _probability(kept: Kept, found: Data, said: Data) -> Figure:
    return _figure(f"{number(written(Fraction(said['p']) * 100))} %")


def _activity(kept: Kept, found: Data, said: Data) -> Figure:
    return _figure(_days(said["quality_delay_days"]))


def _delay(kept: Kept, found: Data, said: Data) -> Figure:
    return _figure(_days(found["delay"]["days"]), kept.lines(found["delay"]["working"]))


def _milestone(kept: Kept, found: Data, said: Data) -> Figure:
    late = found["milestone"]
    day = date.fromisoformat(late["planned"]) + timedelta(days=found["delay"]["days"])
    return _figure(day.isoformat(), kept.lines(late["working"], "delay_days"))


def _damages(kept: Kept, found: Data, said: Data) -> Figure:
    late = found["milestone"]
    return _figure(kept.money(late["ld"]), kept.lines(late["working"], "ld", "cap", "days_until_cap"))


def _at_risk(kept: Kept, found: Data, said: Data) -> Figure:
    part = found["payments"]
    return _figure(kept.money(part["at_risk"]), kept.lines(part["working"], "new_dates", "at_risk"))


def _waiting(kept: Kept, found: Data, said: Data) -> Figure:
    part = found["payments"]
    return _figure(kept.money(part["funding_cost"]), kept.lines(part["working"], "funding_cost"))


def _retention(kept: Kept, found: Data, said: Data) -> Figure:
    return _figure(kept.money(found["retention"]["at_risk"]), kept.lines(found["retention"]["working"]))


def _remedy(kept: Kept, found: Data, said: Data) -> Figure:
    months = [f"{month}: {kept.money(amount)}" for month, amount in said["remedy_by_month"].items()]
    return _figure(kept.money(found["exposure"]["heads"]["REMEDY"]), months)


def _interest(kept: Kept, found: Data, said: Data) -> Figure:
    part = found["interest"]
    return _figure(kept.money(part["extra_interest"]), kept.lines(part["working"])) if part else _figure(DASH)


def _lowest(kept: Kept, found: Data, said: Data) -> Figure:
    cash = found["cash"]
    lines = kept.lines(cash["working"], "closing_revised", "difference")
    return _figure(f"{kept.money(cash['lowest'])} · {cash['lowest_month']}", lines)


def _gap(kept: Kept, found: Data, said: Data) -> Figure:
    cash = found["cash"]
    figures = ("funding_gap", "receipts_baseline", "receipts_revised", "debt_service", "remedy_cost", "ld")
    tone = "danger" if Decimal(cash["funding_gap"]) else ""
    return _figure(kept.money(cash["funding_gap"]), kept.lines(cash["working"], *figures), tone)


def _weakest(loan: Data) -> tuple[int, Data] | None:
    """Return the tested period with the least cover, with its place."""
    known = [
        (Fraction(one["after"]["cash"]) / Fraction(one["after"]["debt_service"]), place)
        for place, one in enumerate(loan["periods"])
        if one["tested"] and one["after"]["shown"] is not None
    ]
    return (min(known)[1], loan["periods"][min(known)[1]]) if known else None


def _dscr(kept: Kept, found: Data, said: Data) -> Figure:
    loan = found["loan"]
    weakest = _weakest(loan)
    if weakest is None:
        steps = [step for step in loan["working"] if step["code"] != UNTESTED]
        return _figure(DASH, kept.lines(steps, "state_after"))
    place, one = weakest
    steps = [step for step in loan["working"] if step["params"].get("period") == place + 1 or step["code"] == "clause"]
    value = f"{one['after']['shown']} · {one['name']} · {state_in_words(one['after']['state'])}"
    return _figure(value, kept.lines(steps, "state_after"), TONES[one["after"]["state"]])


def _headroom(kept: Kept, found: Data, said: Data) -> Figure:
    weakest = _weakest(found["loan"])
    if weakest is None:
        return _figure(DASH)
    after, levels = weakest[1]["after"], kept.project["loan"]["levels"]
    words = gettext("{period}: {cash} − {level} × {debt} = {sum}.")
    facts = (number(Decimal(after[name])) for name in ("cash", "debt_service", "headroom"))
    cash, debt, room = facts
    line = words.format(period=weakest[1]["name"], cash=cash, debt=debt, level=levels["default"], sum=room)
    return _figure(kept.money(after["headroom"]), [line])


def _look_back(kept: Kept, found: Data, said: Data) -> Figure:
    one = found["loan"]["look_back"]
    if one is None:
        return _figure(DASH, kept.lines([step for step in found["loan"]["working"] if step["code"] == UNTESTED]))
    value = f"{one['shown']} · {one['period']} · {state_in_words(one['state'])}"
    return _figure(value, kept.lines(one["working"]), TONES[one["state"]])


def _llcr(kept: Kept, found: Data, said: Data) -> Figure:
    one = found["loan"]["llcr"]
    if one is None:
        return _figure(DASH)
    shown = one["shown"][1] or DASH
    words = f"{shown} · {state_in_words(one['state'])}" if one["state"] else shown
    return _figure(words, kept.lines(one["working"]), TONES[one["state"]])


def _cure_lock_up(kept: Kept, found: Data, said: Data) -> Figure:
    return _cure(kept, found["loan"]["cures"], "to_lock_up", "cure_to_lock_up")


def _cure_default(kept: Kept, found: Data, said: Data) -> Figure:
    return _cure(kept, found["loan"]["cures"], "to_default", "cure_to_default")


def _cure(kept: Kept, cures: list[Data], name: str, figure: str) -> Figure:
    """Return the cash that lacks in all tested periods together, each with its own formula."""
    total = money(sum((Fraction(one[name]) for one in cures), Fraction(0)), kept.currency)
    lines = [f"{one['period']}: {line}" for one in cures for line in kept.lines(one["working"], figure)]
    lines = lines or [gettext("Every tested period reaches lock-up: nothing to cure.")]
    return _figure(kept.money(str(total)), lines, "warn" if total else "")


def _gross(kept: Kept, found: Data, said: Data) -> Figure:
    return _figure(kept.money(found["exposure"]["gross"]), kept.lines(found["exposure"]["working"], "gross"))


def _borne(kept: Kept, found: Data, said: Data) -> Figure:
    part = found["exposure"]
    total = money(Fraction(part["supplier"]) + Fraction(part["insurance"]), kept.currency)
    return _figure(kept.money(str(total)), kept.lines(part["working"], "supplier", "insurance"))


def _net(kept: Kept, found: Data, said: Data) -> Figure:
    return _figure(kept.money(found["exposure"]["net"]), kept.lines(found["exposure"]["working"], "net"))


def expected(kept: Kept) -> list[Figure]:
    """Return the expected value, the most likely and the worst amount of the net exposure."""
    part = kept.result["expected"]
    labels = (("expected", _("Expected value")), ("most_likely", _("Most likely")), ("worst", _("Worst case")))
    return [Figure(label, kept.money(part[name]), kept.lines(part["working"], name)) for name, label in labels]


# Payments, cash, cover ------------------------------------------------------------------------------------------------


def payments(kept: Kept) -> Table:
    """Return each payment with its planned day and the day in each scenario."""
    columns = [found["payments"]["rows"] for found in kept.scenarios]
    rows: list[list[Any]] = [
        [kept.named(row["name"]), number(Decimal(row["amount"])), row["planned_cash"],
         *(_new_day(column[place]) for column in columns)]
        for place, row in enumerate(columns[0])
    ]  # fmt: skip
    heads = [_("Payment"), _("Amount"), _("Planned day"), *LABELS.values()]
    return Table(_("Days of cash"), heads, rows)


def _new_day(row: Data) -> Any:
    if row["paid"]:
        return gettext("paid")
    return Badge(row["new"], "warn") if row["new"] != row["planned_cash"] else row["new"]


def cash(kept: Kept) -> dict[str, Any]:
    """Return closing cash by month, as planned and in each scenario, its chart and the finding."""
    tables = [found["cash"] for found in kept.scenarios]
    likely, least = kept.likely["cash"], Decimal(kept.likely["cash"]["minimum_cash"])
    rows: list[list[Any]] = [
        [month, number(Decimal(likely["closing_baseline"][place])),
         *(_above(Decimal(one["closing_revised"][place]), least) for one in tables),
         number(Decimal(likely["difference"][place]))]
        for place, month in enumerate(likely["months"])
    ]  # fmt: skip
    heads = [_("Month"), _("As planned"), *LABELS.values(), _("Likely − planned")]
    new, old = _exact(likely["closing_revised"]), _exact(likely["closing_baseline"])
    unit = period_chart.unit_of([*new, *old])
    chart = period_chart.draw(
        likely["months"], Series([value / unit for value in new], gettext("likely")),
        Series([value / unit for value in old], gettext("as planned")),
        [Level(Fraction(least) / unit, gettext("minimum cash"))], unit=scale_in_words(unit, kept.currency),
    )  # fmt: skip
    finding = gettext("In the likely case lowest in {month}: {lowest}.").format(
        month=likely["lowest_month"], lowest=kept.money(likely["lowest"])
    )
    if Decimal(likely["funding_gap"]):
        gap = kept.money(likely["funding_gap"])
        finding += " " + gettext("{gap} is missing to the minimum cash.").format(gap=gap)
    return {"table": Table(_("Closing cash by month"), heads, rows), "chart": chart, "finding": finding}


def _above(value: Decimal, least: Decimal) -> Any:
    return Badge(number(value), "warn") if value < least else number(value)


def _exact(texts: list[str]) -> list[Fraction]:
    return [Fraction(text) for text in texts]


def cover(kept: Kept) -> dict[str, Any] | None:
    """Return the DSCR by period before and in each scenario, with the levels of the covenant; None without a loan."""
    loan = kept.likely["loan"]
    if loan is None or not loan["periods"]:
        return None
    columns = [found["loan"]["periods"] for found in kept.scenarios]
    rows: list[list[Any]] = [
        [one["name"], number(Decimal(one["after"]["debt_service"])), one["before"]["shown"] or DASH,
         *(_ratio(column[place]) for column in columns)]
        for place, one in enumerate(loan["periods"])
    ]  # fmt: skip
    heads = [_("Period ends"), _("Debt service"), _("Before"), *LABELS.values()]
    levels = kept.project["loan"]["levels"]
    lines = [
        Level(Fraction(levels["lock_up"]), gettext("lock-up {level}").format(level=levels["lock_up"])),
        Level(Fraction(levels["default"]), gettext("default {level}").format(level=levels["default"])),
    ]
    chart = _cover_chart(loan["periods"], lines)
    return {"table": Table(_("Debt service cover by period"), heads, rows), "chart": chart, "finding": _bad(loan)}


def _cover_chart(periods: list[Data], lines: list[Level]) -> dict[str, Any] | None:
    after, before = ([_quotient(one[name]) for one in periods] for name in ("after", "before"))
    if all(value is None for value in after):
        return None
    names = [one["name"] for one in periods]
    return period_chart.draw(names, Series(after, gettext("likely")), Series(before, gettext("before")), lines)


def _quotient(one: Data) -> Fraction | None:
    debt = Fraction(one["debt_service"])
    return Fraction(one["cash"]) / debt if debt else None


def _ratio(one: Data) -> Any:
    shown, state = one["after"]["shown"], one["after"]["state"]
    if shown is None:
        return DASH
    if not one["tested"]:
        return shown
    return Badge(f"{shown} {state_in_words(state)}", TONES[state])


def _bad(loan: Data) -> str:
    tested = [one for one in loan["periods"] if one["tested"]]
    bad = [one["name"] for one in tested if one["after"]["state"] in ("LOCK_UP", "DEFAULT")]
    if not bad:
        return gettext("No period is forecast below lock-up.")
    words = gettext("Below lock-up in {n} of {all} periods: {names}.")
    return words.format(n=len(bad), all=len(tested), names=", ".join(bad[:4]) + ("…" if len(bad) > 4 else ""))


# The verdict, what went in, what changed ------------------------------------------------------------------------------


def verdict(kept: Kept) -> dict[str, Any]:
    """Return what the lender's test says in each scenario, and what Finance decided."""
    return {
        "told": kept.impact.lender_material,
        "test": kept.impact.lender_test,
        "otherwise": kept.impact.lender_material != kept.impact.lender_test,
        "reason": kept.impact.lender_reason,
        "by_scenario": [
            Figure(LABELS[name], gettext("yes") if found["lender"]["material"] else gettext("no"),
                   kept.lines(found["lender"]["working"]), "warn" if found["lender"]["material"] else "ok")
            for name, found in zip(Name, kept.scenarios, strict=True)
        ],
    }  # fmt: skip


def went_in(kept: Kept) -> list[dict[str, Any]]:
    """Return what the version was reckoned with, project as it stood then included."""
    project, loan = kept.project, kept.project["loan"]
    damages, recovery = project["damages"], project["recovery"]
    rows = [
        (_("As of"), kept.about["as_of"]), (_("Project"), kept.about["project"]),
        (_("Contract"), f"{kept.about['contract']} · {kept.money(project['contract_price'])}"),
        (_("Milestone"), f"{kept.title(kept.about['milestone'])} · {project['milestone']}"),
        (_("Total float, days"), str(project["total_float_days"])),
        (_("Delay damages"), _damages_said(kept, damages)),
        (_("Retention"), _with_clause(f"{project['retention_pct']} %", project["retention_clause"])),
        (_("Payments"), project["payments_clause"]),
        (_("Cost of funding"), f"{project['funding_rate_pct']} % · {project['basis']}"),
        (_("Loan facility"), _loan_said(kept, loan) if loan else ""),
        (_("Supplier bears"), _share_said(recovery)), (_("Insured"), _insured_said(kept, recovery)),
        (_("Grade"), kept.inputs["grade"]),
    ]  # fmt: skip
    return [{"name": name, "value": value} for name, value in rows if value]


def _with_clause(text: str, clause: str) -> str:
    return f"{text} · {clause}" if clause else text


def _damages_said(kept: Kept, said: Data) -> str:
    if not Decimal(said["rate_pct_per_day"]):
        return ""
    words = gettext("{rate} % a day of {base}").format(rate=said["rate_pct_per_day"], base=kept.money(said["base"]))
    if said["cap_pct"] is not None:
        words += gettext(", at most {cap} %").format(cap=said["cap_pct"])
    return _with_clause(words, said["clause"])


def _loan_said(kept: Kept, loan: Data) -> str:
    words = gettext("{name}: {drawn} drawn at {rate} %, {basis}").format(
        name=kept.title(kept.about["facility"]), drawn=kept.money(loan["drawn"]), rate=loan["rate_pct"],
        basis=loan["basis"],
    )  # fmt: skip
    return _with_clause(words, loan["clause"])


def _share_said(recovery: Data) -> str:
    share = Decimal(recovery["supplier_share_of_remedy_pct"])
    if not share:
        return ""
    words = gettext("{pct} % of the remedy").format(pct=recovery["supplier_share_of_remedy_pct"])
    return _perhaps(words, recovery["supplier_probability"])


def _insured_said(kept: Kept, recovery: Data) -> str:
    if not recovery["insured_head"]:
        return ""
    words = gettext("{head}, deductible {deductible}").format(
        head=HEADS[recovery["insured_head"]], deductible=kept.money(recovery["deductible"])
    )
    return _perhaps(words, recovery["insurance_probability"])


def _perhaps(words: str, p: str) -> str:
    return (
        words
        if Decimal(p) == 1
        else words + gettext(", with probability {p} %").format(p=number(written(Fraction(p) * 100)))
    )


def changes(kept: Kept, before: Kept) -> list[dict[str, str]]:
    """Return the figures of the likely case, and the expected value, that differ from those of the version before."""
    old, new = _likely_figures(before), _likely_figures(kept)
    return [
        {"label": label, "old": old.get(label, DASH), "new": value}
        for label, value in new.items()
        if old.get(label, DASH) != value
    ]


def _likely_figures(kept: Kept) -> dict[str, str]:
    place = list(Name).index(Name.LIKELY)
    found = {str(label): cells[place].value for group in groups(kept) for label, cells in group.rows}
    return found | {str(one.label): one.value for one in expected(kept)}
