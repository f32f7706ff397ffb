"""The words for the workings of contracts.finance, and for facts that do not go together. The edge of that package."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from contracts.finance import State, Step, Unreckonable

Words = str | Promise

SENTENCES: dict[str, Words] = {
    "clause": _("By {clause}."),
    # delay and damages
    "delay": _("From {planned} (not counted) to {forecast} (counted): {days} d late."),
    "no_delay": _("The forecast {forecast} is not after the planned {planned}: no delay."),
    "ld": _("{days} d × {rate} % × {base} = {raw}."),
    "cap": _("Limit: {pct} % × {base} = {cap}."),
    "ld_capped": _("More than the limit {cap}: the damages are {ld}."),
    "ld_below_cap": _("Within the limit {cap}: the damages are {ld}."),
    "until_cap": _("The limit {cap} at {daily} a day is reached on day {days} of the delay."),
    "float": _("Delay {days} d − float {spare} d, not below 0: {left} d for the project."),
    "same_activity": _(
        "Both on the same activity: the later finish counts, {days} d, not the sum. Of activities one after the other "
        "the days after float are added."
    ),
    # payments, retention, interest
    "payment_moves": _("“{name}” waits for the case: {old} + {days} d = {new}."),
    "payment_safe": _("“{name}” does not depend on the case: not at risk."),
    "payment_paid": _("“{name}” is paid already: not at risk."),
    "at_risk": _("Sum of what waits: {sum}."),
    "interest": _("{amount} × {rate} % × {days} d / {year} ({basis}) = {sum}."),
    "held": _("Held back: {pct} % × {price} = {held}."),
    "retention_least": _("The smaller of {held} held and {estimate} of open claims is at risk: {risk}."),
    "retention_all": _("An issue raised in time is unsolved and impairs use: all {held} is at risk."),
    "released": _("{held} − {risk} = {release} is expected to be released."),
    "guarantee_ends": _("The guarantee period ends on {day}."),
    # cash table
    "cash_month": _(
        "{month}: {opening} + receipts {receipts} − cost {cost} − debt service {debt} − remedy and damages {remedy} = "
        "{closing}."
    ),
    "cash_difference": _("{month}: {revised} instead of {planned}, difference {difference}."),
    "cash_lowest": _("Lowest closing as revised: {lowest} in {month}."),
    "funding_gap": _("Minimum cash {minimum} − {lowest} = {gap} is missing."),
    "no_funding_gap": _("The minimum cash {minimum} is kept: nothing is missing."),
    "outside_table": _("{what}: {amount} of {month} lies outside the months of the table and is not in it."),
    # cover
    "dscr_ok_of_period": _("Period {period}: {formula} = {ratio}; not below lock-up {level}."),
    "dscr_lock_up_of_period": _("Period {period}: {formula} = {ratio}; below lock-up {level}: no distribution."),
    "dscr_default_of_period": _(
        "Period {period}: {formula} = {ratio}; below default {level}: an event of default threatens."
    ),
    "no_debt_service_of_period": _("Period {period}: no debt service, so there is no ratio."),
    "dscr_ok": _("{formula} = {ratio}; not below lock-up {level}."),
    "dscr_lock_up": _("{formula} = {ratio}; below lock-up {level}: no distribution."),
    "dscr_default": _("{formula} = {ratio}; below default {level}: an event of default threatens."),
    "no_debt_service": _("No debt service, so there is no ratio."),
    "headroom": _("First period: {cash} − {level} × {debt} leaves {sum} above default."),
    "no_headroom": _("First period: {cash} lacks {sum} to {level} × {debt}, which default asks for."),
    "look_back_before": _(
        "Before: sum of cash {cash} / sum of debt service {debt} over {n} periods = {ratio}; not the mean of ratios."
    ),
    "look_back_after": _("After: {cash} / {debt} = {ratio}."),
    "state_ok": _("Not below lock-up {level}: nothing is stopped."),
    "state_lock_up": _("Below lock-up {level}: no distribution."),
    "state_default": _("Below default {level}: an event of default threatens."),
    "no_state": _("Without a ratio there is nothing to test."),
    "cure_to_default": _("To the default level: {level} × {debt} − {cash} = {sum}."),
    "cure_to_lock_up": _("To the lock-up level: {level} × {debt} − {cash} = {sum}."),
    "no_cure": _("{cash} covers {level} × {debt}: nothing to cure."),
    "discounting": _("{n} flows, each at the end of its period, discounted at {rate} % a period."),
    "llcr_before": _("Before: {npv} / {debt} = {ratio}, shown as {shown}."),
    "llcr_after": _("After: {npv} / {debt} = {ratio}, shown as {shown}."),
    "llcr_reserve_before": _("Before: ({npv} + reserve {reserve}) / {debt} = {ratio}, shown as {shown}."),
    "llcr_reserve_after": _("After: ({npv} + reserve {reserve}) / {debt} = {ratio}, shown as {shown}."),
    "no_debt": _("No debt is outstanding, so there is no ratio."),
    "no_loan_periods": _("The facility has no periods yet, so there is no ratio."),
    "no_dscr_covenant": _("The facility asks for no cover of single periods."),
    "look_back_not_testable": _(
        "The look-back over {n} periods cannot be tested: none of its test dates has as many of the facility's {there} "
        "periods behind it. Whether it is kept is not known."
    ),
    # exposure
    "gross": _("Damages {ld} + remedy {remedy} + extra interest {interest} + lost margin {margin} = {sum}."),
    "supplier": _("The supplier bears {pct} % of {remedy}: {sum}."),
    "supplier_perhaps": _("The supplier bears {pct} % of {remedy}, with probability {p} %: {sum}."),
    "insurance": _("The insurer pays “{head}” {amount} − deductible {deductible}: {sum}."),
    "insurance_perhaps": _(
        "The insurer pays “{head}” {amount} − deductible {deductible}, with probability {p} %: {sum}."
    ),
    "insurance_rest": _(
        "The insurer pays “{head}” {amount} − deductible {deductible}, but no more than the supplier leaves: {sum}."
    ),
    "not_insured": _("Nothing is insured."),
    "net": _("{gross} − {supplier} − {insurance} = {net} stays with us."),
    "weighted": _("{p} × {amount} = {part}."),
    "expected": _("Sum: {sum}. Whether it is provided for is the decision of Finance."),
    "most_likely": _("Most likely, with {p}: {amount}."),
    "worst": _("Worst case: {amount}."),
    # the lender's test
    "lender_delay_yes": _("The project ends {found} d later; from {limit} d on the lender is asked about."),
    "lender_delay_no": _("The project ends {found} d later, less than {limit} d."),
    "lender_payments_yes": _("{found} % of the contract price is at risk; {limit} % are enough."),
    "lender_payments_no": _("{found} % of the contract price is at risk, less than {limit} %."),
    "lender_cap_yes": _("{found} % of the damages' limit is used; {limit} % are enough."),
    "lender_cap_no": _("{found} % of the damages' limit is used, less than {limit} %."),
    "lender_covenant_yes": _("Periods forecast below lock-up: {found}."),
    "lender_covenant_no": _("No period is forecast below lock-up."),
    "lender_grade_yes": _("The case is graded {found}."),
    "lender_grade_no": _("The grade {found} is not {limit}."),
}

REFUSALS: dict[str, Words] = {
    "negative": _("Give 0 or more."),
    "not_a_share": _("Give a percentage from 0 to 100."),
    "not_a_probability": _("A probability lies from 0 to 1. Write 0.35 for 35 %."),
    "not_the_whole": _("The probabilities sum to {sum}. Make them exactly 1."),
    "not_the_three": _("Give each of these once: {known}."),
    "best_later": _("The best case delays the project by {best} days, the worst by {worst}. Exchange or correct them."),
    "best_dearer": _(
        "The best case leaves {currency} {best} with us, the worst {currency} {worst}. Exchange or correct them."
    ),
    "no_period": _("Give at least one row."),
    "other_length": _("There are {n} values of {first} and {given} of these. Give one for each period."),
    "levels_out_of_order": _("Lock-up {lock_up} lies below default {default}. Exchange or correct them."),
    "rate_not_a_share": _("Give the rate of one period as a share from 0 to 1: 0.026 for 2.6 %."),
    "reserve_missing": _("Give the balance of the reserve account that is included."),
    "unknown_basis": _("The day basis “{given}” is not known. Use one of: {known}."),
    "unknown_head": _("“{given}” is no head that can be insured. Use one of: {known}."),
    "months_out_of_order": _("{after} does not follow {before}. List every month once, in order."),
    "beyond_calendar": _("“{name}” would be paid after the year 9999. Give fewer days."),
}

NAMES: dict[str, Words] = {
    "LD": pgettext_lazy("head of exposure", "delay damages"),
    "REMEDY": pgettext_lazy("head of exposure", "remedy"),
    "EXTRA_INTEREST": pgettext_lazy("head of exposure", "extra interest"),
    "LOST_MARGIN": pgettext_lazy("head of exposure", "lost margin"),
    "receipts_baseline": _("Receipts as planned"),
    "receipts_revised": _("Receipts as revised"),
    "debt_service": _("Debt service"),
    "remedy_cost": _("Remedy cost"),
    "ld": pgettext_lazy("head of exposure", "delay damages"),
}

STATES: dict[str, Words] = {
    State.OK: pgettext_lazy("covenant", "kept"),
    State.LOCK_UP: pgettext_lazy("covenant", "lock-up"),
    State.DEFAULT: pgettext_lazy("covenant", "default"),
}


def say(step: Step) -> str:
    """Return a step of a working as a sentence in the active language. Raises KeyError for an unknown code."""
    return _filled(SENTENCES[step.code], {**step.params, "formula": _formula(step.params)})


def refusal(error: Unreckonable) -> str:
    """Return the sentence for facts that do not go together; the field is named by who shows it."""
    return _filled(REFUSALS[error.code], error.params)


def state_in_words(state: str | None) -> str:
    """Return what a covenant's state is called; a dash where there is none."""
    return "–" if state is None else str(STATES[state])


def scale_in_words(unit: int, currency: str) -> str:
    """Return in what the scale of a chart is: "million CNY", as contracts.period_chart.unit_of chose it."""
    if unit == 1_000_000:
        return gettext("million {currency}").format(currency=currency)
    return gettext("thousand {currency}").format(currency=currency) if unit == 1_000 else currency


def number(value: Decimal | int) -> str:
    """Return a number with its thousands grouped and every digit kept."""
    text = f"{value:,f}" if isinstance(value, Decimal) else f"{value:,}"
    return text.replace("-", "−")


def _formula(params: Any) -> str:
    """Return the quotient of a cover ratio; what takes nothing away is not shown."""
    if "impact" not in params:
        return ""
    cash, impact, debt = (number(params[name]) for name in ("cash", "impact", "debt"))
    return f"({cash} − {impact}) / {debt}" if params["impact"] else f"{cash} / {debt}"


def _filled(words: Words, params: Any) -> str:
    return str(words).format(**{name: _shown(name, value) for name, value in params.items()})


def _shown(name: str, value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal) or (isinstance(value, int) and not isinstance(value, bool)):
        return number(value)
    if name in ("head", "what"):
        return str(NAMES.get(value, value))
    return str(value)
