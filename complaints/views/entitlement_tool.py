"""What the entitlement tool shows of an answer: the verdict, its figures, each step with what it rests on."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from complaints.calculators import Answer
from complaints.calculators.words import explained
from complaints.forms.entitlement import EntitlementForm
from contracts import entitlement_words as words
from contracts import law_words
from contracts.amounts import Money
from contracts.words import Words

RESULTS: dict[str, Words] = {
    "entitled": pgettext_lazy("result", "Entitled"),
    "days_late": pgettext_lazy("result", "Days late"),
    "days_counted": pgettext_lazy("result", "Days counted"),
    "new_due": pgettext_lazy("result", "New due day"),
    "weeks": pgettext_lazy("result", "Weeks counted"),
    "before_cap": pgettext_lazy("result", "Before the limit"),
    "amount": pgettext_lazy("result", "Payable"),
    "cap_applied": pgettext_lazy("result", "Cut by the limit"),
    "amount_if_base_incl": pgettext_lazy("result", "Payable if the base includes VAT"),
    "amount_if_base_excl": pgettext_lazy("result", "Payable if the base excludes VAT"),
    "state": pgettext_lazy("result", "State"),
    "shortfall": pgettext_lazy("result", "Shortfall"),
    "remedies": pgettext_lazy("result", "Open"),
    "verdict": pgettext_lazy("result", "Verdict"),
    "code": pgettext_lazy("result", "Code letter"),
    "n": pgettext_lazy("result", "Sample size"),
    "ac": pgettext_lazy("result", "Acceptance number"),
    "re": pgettext_lazy("result", "Rejection number"),
    "lot_accepted": pgettext_lazy("result", "Lot accepted"),
    "price_of_lot": pgettext_lazy("result", "Price of the lot"),
    "last_day": pgettext_lazy("result", "Last day"),
    "in_time": pgettext_lazy("result", "In time"),
    "gate": pgettext_lazy("result", "The claim"),
    "presumption": pgettext_lazy("result", "Presumption"),
    "reduction": pgettext_lazy("result", "Reduction"),
    "reduced_price": pgettext_lazy("result", "Reduced price"),
    "available": pgettext_lazy("result", "Open now"),
    "payable_by_contract": pgettext_lazy("result", "Payable by the contract"),
    "reference_130pct": pgettext_lazy("result", "130 % of the loss"),
    "flag": pgettext_lazy("result", "Flag"),
    "ld": pgettext_lazy("result", "Agreed damages"),
    "extra_damages": pgettext_lazy("result", "Damages beside them"),
    "total": pgettext_lazy("result", "In all"),
    "sum": pgettext_lazy("result", "All heads together"),
    "cap": pgettext_lazy("result", "Limit"),
    "goodwill_possible": pgettext_lazy("result", "Goodwill possible"),
    "held": pgettext_lazy("result", "Held"),
    "deducted": pgettext_lazy("result", "Deducted"),
    "released": pgettext_lazy("result", "Released"),
    "claim_left": pgettext_lazy("result", "Claim left"),
    "earnest_effective": pgettext_lazy("result", "Works as earnest money"),
    "back_by_earnest": pgettext_lazy("result", "Back by earnest money"),
    "back_by_ld": pgettext_lazy("result", "Back by agreed damages"),
    "better": pgettext_lazy("result", "Better for the buyer"),
    "buyer_pays": pgettext_lazy("result", "The buyer pays"),
    "seller_pays": pgettext_lazy("result", "The seller pays"),
    "interest": pgettext_lazy("result", "Interest"),
}
SUMS = {
    "before_cap", "amount", "amount_if_base_incl", "amount_if_base_excl", "price_of_lot", "reduction", "reduced_price",
    "payable_by_contract", "reference_130pct", "ld", "extra_damages", "total", "sum", "cap", "held", "deducted",
    "released", "claim_left", "earnest_effective", "back_by_earnest", "back_by_ld", "buyer_pays", "seller_pays",
    "interest",
}  # fmt: skip
HEADLINES = {
    "LD_ADJUSTMENT": "flag", "QUALITY_STANDARD": "verdict", "ACCEPTANCE": "lot_accepted", "INSPECTION_NOTICE": "gate",
    "GUARANTEE_PERIOD": "last_day", "LIMITATION_OF_ACTION": "last_day", "PRICE_REDUCTION": "reduction",
    "REMEDY_ORDER": "entitled", "RETENTION": "released", "EARNEST_MONEY": "better", "SET_OFF": "buyer_pays",
    "LATE_INTEREST": "interest",
}  # fmt: skip
QUIET = {"review", "currency"}


def shown(form: EntitlementForm, answer: Answer) -> dict[str, Any]:
    """Return the answer as the page prints it."""
    result = answer.result
    currency = result.get("currency") or form.cleaned_data.get("currency") or "CNY"
    head = HEADLINES.get(form.clause, "amount")
    rows = [
        (RESULTS.get(name, name), _value(name, value, currency))
        for name, value in result.items()
        if name not in QUIET and name != head and value is not None
    ]
    return {
        "headline": _headline(form.clause, head, result, currency),
        "rows": rows,
        "lines": [_line(line, form) for line in explained(answer)],
        "review": result.get("review"),
    }


def _headline(clause: str, head: str, result: dict[str, Any], currency: str) -> str:
    """Return the answer in one glance."""
    if clause == "CONCESSION":
        return _("%(n)s open") % {"n": sum(value == "OPEN" for value in result.values())}
    value = result.get(head)
    if head == "lot_accepted":
        return _("The lot is accepted") if value else _("The lot is refused")
    if head == "entitled":
        return words.choice("ENTITLED" if value else "NOT_ENTITLED")
    if value is None and result.get("entitled") is False:
        return words.choice("NOT_ENTITLED")
    if value is None and "state" in result:
        return words.choice(result["state"])
    return _("Not to be said yet") if value is None else _value(head, value, currency)


def _value(name: str, value: Any, currency: str) -> str:
    """Return one figure in words."""
    if name in SUMS:
        return str(Money(Decimal(value), currency))
    if isinstance(value, list):
        return words.in_words(tuple(value)) or "—"
    return words.in_words(value)


def _line(line: dict[str, Any], form: EntitlementForm) -> dict[str, str]:
    """Return a step with the facts and the law that it cites; of the facts those that were given."""
    given = [name for name in line.get("uses", ()) if form.cleaned_data.get(name) not in (None, "", False)]
    cited = [str(words.fact(name)) for name in given] + ([law_words.cited(line["law"])] if line.get("law") else [])
    return {"text": line["sentence"], "cites": " · ".join(cited)}
