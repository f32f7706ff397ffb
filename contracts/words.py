"""The words for clause terms: labels of fields, names of choices, sentences for problems. The edge of `clauses`."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from contracts.amounts import write_number
from contracts.clauses import Problem, Terms
from contracts.clauses.terms import is_empty

Words = str | Promise

LABELS: dict[str, Words] = {
    "rule": pgettext_lazy("clause term", "How uncertainty counts"),
    "standard": pgettext_lazy("clause term", "Standard"),
    "edition": pgettext_lazy("clause term", "Edition"),
    "conditions": pgettext_lazy("clause term", "Test conditions"),
    "sample_seal": pgettext_lazy("clause term", "Seal of the sample"),
    "metrics": pgettext_lazy("clause term", "Technical metrics"),
    "characteristic": pgettext_lazy("clause term", "Characteristic"),
    "unit": pgettext_lazy("clause term", "Unit"),
    "nominal": pgettext_lazy("clause term", "Nominal value"),
    "lower": pgettext_lazy("clause term", "Lower limit"),
    "upper": pgettext_lazy("clause term", "Upper limit"),
    "tolerance": pgettext_lazy("clause term", "Tolerance"),
    "tolerance_kind": pgettext_lazy("clause term", "Kind of tolerance"),
    "limits_excluded": pgettext_lazy("clause term", "The limit itself fails"),
    "method": pgettext_lazy("clause term", "Method"),
    "seal_no": pgettext_lazy("clause term", "Seal number"),
    "sealed_on": pgettext_lazy("clause term", "Sealed on"),
    "keeper": pgettext_lazy("clause term", "Kept by"),
    "description": pgettext_lazy("clause term", "Description of the sample"),
    "precedence": pgettext_lazy("clause term", "If sample and text differ"),
    "stages": pgettext_lazy("clause term", "Stages of acceptance"),
    "stage": pgettext_lazy("clause term", "Stage"),
    "party": pgettext_lazy("clause term", "Party"),
    "criteria": pgettext_lazy("clause term", "Criteria"),
    "days": pgettext_lazy("clause term", "Days"),
    "start": pgettext_lazy("clause term", "Runs from"),
    "deemed": pgettext_lazy("clause term", "Accepted if the buyer stays silent"),
    "deemed_after_days": pgettext_lazy("clause term", "Deemed accepted after (days)"),
    "repeat_tests": pgettext_lazy("clause term", "Repeat tests allowed"),
    "protocol": pgettext_lazy("clause term", "Form of the protocol"),
    "scope": pgettext_lazy("clause term", "Scope"),
    "n": pgettext_lazy("clause term", "Number of units"),
    "roll": pgettext_lazy("clause term", "A rest day moves the last day"),
    "form": pgettext_lazy("clause term", "Form of the notice"),
    "address": pgettext_lazy("clause term", "Address for notices"),
    "too_short": pgettext_lazy("clause term", "Too short for a full inspection (CC 622)"),
    "periods": pgettext_lazy("clause term", "Guarantee periods"),
    "which": pgettext_lazy("clause term", "Which end counts"),
    "usage_limit": pgettext_lazy("clause term", "Limit of use"),
    "usage_unit": pgettext_lazy("clause term", "Use counted in"),
    "replaced": pgettext_lazy("clause term", "Guarantee of replaced parts"),
    "restart_months": pgettext_lazy("clause term", "New guarantee of replaced parts (months)"),
    "max_months": pgettext_lazy("clause term", "At most, in all (months)"),
    "law": pgettext_lazy("clause term", "Rests on"),
    "years": pgettext_lazy("clause term", "Years"),
    "interruptions": pgettext_lazy("clause term", "Interrupted by"),
    "order": pgettext_lazy("clause term", "Remedies in their order"),
    "chooser": pgettext_lazy("clause term", "Who chooses"),
    "max_repairs": pgettext_lazy("clause term", "Repair attempts at most"),
    "days_per_attempt": pgettext_lazy("clause term", "Days for each attempt"),
    "transport_by": pgettext_lazy("clause term", "Transport paid by"),
    "dismantling_by": pgettext_lazy("clause term", "Dismantling paid by"),
    "travel_by": pgettext_lazy("clause term", "Travel paid by"),
    "self_repair": pgettext_lazy("clause term", "Buyer may repair at the seller’s cost"),
    "cure_days": pgettext_lazy("clause term", "Days to cure first"),
    "base_kind": pgettext_lazy("clause term", "Base of the percentage"),
    "vat": pgettext_lazy("clause term", "VAT in the base"),
    "scale_unit": pgettext_lazy("clause term", "Unit of the scale"),
    "scale": pgettext_lazy("clause term", "Scale"),
    "from_value": pgettext_lazy("clause term", "From"),
    "to_value": pgettext_lazy("clause term", "To (not included)"),
    "reduction_pct": pgettext_lazy("clause term", "Reduction, %"),
    "grounds": pgettext_lazy("clause term", "Grounds"),
    "notice_form": pgettext_lazy("clause term", "Form of the notice of termination"),
    "delay_days": pgettext_lazy("clause term", "Delay in days that allows it"),
    "late": pgettext_lazy("clause term", "What is late"),
    "per": pgettext_lazy("clause term", "Rate per"),
    "rate_pct": pgettext_lazy("clause term", "Rate, %"),
    "counting": pgettext_lazy("clause term", "Due day"),
    "grace_kind": pgettext_lazy("clause term", "Kind of grace"),
    "grace_days": pgettext_lazy("clause term", "Grace days"),
    "part_week": pgettext_lazy("clause term", "A part of a week"),
    "fm_mode": pgettext_lazy("clause term", "Effect of force majeure"),
    "exclusive": pgettext_lazy("clause term", "Sole remedy for this breach"),
    "shared_fault_reduces": pgettext_lazy("clause term", "Reduced by the buyer’s share of fault"),
    "cap_amount": pgettext_lazy("clause term", "Limit, amount"),
    "cap_pct": pgettext_lazy("clause term", "Limit, %"),
    "cap_base": pgettext_lazy("clause term", "Base of the limit"),
    "cap_vat": pgettext_lazy("clause term", "VAT in the base of the limit"),
    "amount_per_unit": pgettext_lazy("clause term", "Amount per unit"),
    "unit_price_pct": pgettext_lazy("clause term", "Percentage of the unit price"),
    "guaranteed": pgettext_lazy("clause term", "Guaranteed value"),
    "direction": pgettext_lazy("clause term", "Which way is better"),
    "tolerance_use": pgettext_lazy("clause term", "Shortfall measured from"),
    "step": pgettext_lazy("clause term", "Step"),
    "amount_per_step": pgettext_lazy("clause term", "Amount per step"),
    "part_step": pgettext_lazy("clause term", "A part of a step"),
    "reject_limit": pgettext_lazy("clause term", "Limit of rejection"),
    "breaches": pgettext_lazy("clause term", "Breaches and their percentages"),
    "breach": pgettext_lazy("clause term", "Breach"),
    "pct": pgettext_lazy("clause term", "Percentage"),
    "count_rule": pgettext_lazy("clause term", "Due how often"),
    "heads": pgettext_lazy("clause term", "Heads of loss"),
    "proof_required": pgettext_lazy("clause term", "Loss must be proven"),
    "foreseeability": pgettext_lazy("clause term", "Note on foreseeability"),
    "amount": pgettext_lazy("clause term", "Amount"),
    "carve_outs": pgettext_lazy("clause term", "Outside the limit"),
    "form_clause": pgettext_lazy("clause term", "Form clause (CC 496)"),
    "pointed_out": pgettext_lazy("clause term", "Pointed out to the other side"),
    "held_until": pgettext_lazy("clause term", "Held until"),
    "release_days": pgettext_lazy("clause term", "Released after (days)"),
    "interest_pct": pgettext_lazy("clause term", "Interest a year, %"),
    "may_deduct": pgettext_lazy("clause term", "Buyer may deduct repair costs"),
    "guarantee_instead": pgettext_lazy("clause term", "Bank guarantee instead of cash"),
    "earnest_kind": pgettext_lazy("clause term", "Kind of earnest money"),
    "instalments": pgettext_lazy("clause term", "Instalments"),
    "name": pgettext_lazy("clause term", "Name"),
    "trigger": pgettext_lazy("clause term", "Due after"),
    "document": pgettext_lazy("clause term", "Document"),
    "late_interest_pct": pgettext_lazy("clause term", "Late interest, %"),
    "late_interest_per": pgettext_lazy("clause term", "Late interest per"),
    "events": pgettext_lazy("clause term", "Events"),
    "notice_days": pgettext_lazy("clause term", "Days to give notice"),
    "proof": pgettext_lazy("clause term", "Proof"),
    "effect": pgettext_lazy("clause term", "Effect"),
    "terminate_after_days": pgettext_lazy("clause term", "May terminate after (days)"),
    "steps": pgettext_lazy("clause term", "Steps before"),
    "kind": pgettext_lazy("clause term", "Step of the procedure"),
    "forum": pgettext_lazy("clause term", "Decided by"),
    "institution": pgettext_lazy("clause term", "Arbitration institution"),
    "seat": pgettext_lazy("clause term", "Seat"),
    "proceedings_language": pgettext_lazy("clause term", "Language of the proceedings"),
    "court": pgettext_lazy("clause term", "Court"),
    "expert_institute": pgettext_lazy("clause term", "Institute for expert opinions"),
    "law_of": pgettext_lazy("clause term", "Law"),
    "other_law": pgettext_lazy("clause term", "Which other law"),
    "cisg": pgettext_lazy("clause term", "UN Sales Convention (CISG)"),
    "duties": pgettext_lazy("clause term", "Duties"),
    "duty": pgettext_lazy("clause term", "Duty"),
    "details": pgettext_lazy("clause term", "Details"),
    "buyer_may_witness": pgettext_lazy("clause term", "Buyer may witness"),
}
CHOICES: dict[str, Words] = {
    "DAY": pgettext_lazy("clause choice", "days"),
    "WORKDAY": pgettext_lazy("clause choice", "working days"),
    "WEEK": pgettext_lazy("clause choice", "weeks"),
    "MONTH": pgettext_lazy("clause choice", "months"),
    "YEAR": pgettext_lazy("clause choice", "years"),
    "DELIVERY": pgettext_lazy("clause choice", "delivery"),
    "ARRIVAL": pgettext_lazy("clause choice", "arrival of the goods"),
    "INSTALLATION": pgettext_lazy("clause choice", "installation"),
    "COMMISSIONING": pgettext_lazy("clause choice", "commissioning"),
    "ACCEPTANCE": pgettext_lazy("clause choice", "acceptance"),
    "FIRST_USE": pgettext_lazy("clause choice", "first use"),
    "DISCOVERY": pgettext_lazy("clause choice", "discovery of the defect"),
    "CONTRACT_PRICE": pgettext_lazy("clause choice", "contract price"),
    "DELAYED_PART": pgettext_lazy("clause choice", "price of the delayed part"),
    "AFFECTED_GOODS": pgettext_lazy("clause choice", "price of the affected goods"),
    "UNIT_PRICE": pgettext_lazy("clause choice", "unit price"),
    "VAT_INCLUDED": pgettext_lazy("clause choice", "with VAT"),
    "VAT_EXCLUDED": pgettext_lazy("clause choice", "without VAT"),
    "BUYER": pgettext_lazy("clause choice", "buyer"),
    "SELLER": pgettext_lazy("clause choice", "seller"),
    "JOINTLY": pgettext_lazy("clause choice", "both together"),
    "THIRD_PARTY": pgettext_lazy("clause choice", "a third party"),
    "COUNT_FULL": pgettext_lazy("clause choice", "counts in full"),
    "IGNORE": pgettext_lazy("clause choice", "does not count"),
    "PRORATA": pgettext_lazy("clause choice", "counts in proportion"),
    "DIRECT_LOSS": pgettext_lazy("clause choice", "direct loss"),
    "REPAIR_COST": pgettext_lazy("clause choice", "repair cost"),
    "TRANSPORT_COST": pgettext_lazy("clause choice", "transport cost"),
    "DISMANTLING_COST": pgettext_lazy("clause choice", "dismantling cost"),
    "DOWNTIME": pgettext_lazy("clause choice", "downtime"),
    "LOST_PROFIT": pgettext_lazy("clause choice", "lost profit"),
    "THIRD_PARTY_CLAIMS": pgettext_lazy("clause choice", "claims of third parties"),
    "CONSEQUENTIAL_LOSS": pgettext_lazy("clause choice", "consequential loss"),
    "PROPERTY_DAMAGE": pgettext_lazy("clause choice", "damage to property"),
    "PERSONAL_INJURY": pgettext_lazy("clause choice", "personal injury"),
    "WRITTEN": pgettext_lazy("clause choice", "in writing"),
    "WRITTEN_OR_EMAIL": pgettext_lazy("clause choice", "in writing or by e-mail"),
    "ANY_FORM": pgettext_lazy("clause choice", "in any form"),
    "EXCUSE_DAYS": pgettext_lazy("clause choice", "its days are not counted"),
    "EXTEND_DUE": pgettext_lazy("clause choice", "the due date moves"),
    "ABSOLUTE": pgettext_lazy("clause choice", "in the unit itself"),
    "PERCENT_OF_NOMINAL": pgettext_lazy("clause choice", "per cent of the nominal value"),
    "SIMPLE": pgettext_lazy("clause choice", "value within limits, uncertainty left out"),
    "GUARD_BAND_BOTH": pgettext_lazy("clause choice", "who must prove bears the uncertainty"),
    "SAMPLE_PREVAILS": pgettext_lazy("clause choice", "the sample prevails"),
    "TEXT_PREVAILS": pgettext_lazy("clause choice", "the text prevails"),
    "AS_THE_LAW_SAYS": pgettext_lazy("clause choice", "as the law says"),
    "PRE_SHIPMENT": pgettext_lazy("clause choice", "before shipment"),
    "ARRIVAL_CHECK": pgettext_lazy("clause choice", "on arrival"),
    "INSTALLATION_CHECK": pgettext_lazy("clause choice", "after installation"),
    "PERFORMANCE_TEST": pgettext_lazy("clause choice", "performance test"),
    "FINAL_ACCEPTANCE": pgettext_lazy("clause choice", "final acceptance"),
    "APPARENT_DEFECTS": pgettext_lazy("clause choice", "apparent defects and quantity"),
    "ALL_DEFECTS": pgettext_lazy("clause choice", "all defects"),
    "EARLIEST_END": pgettext_lazy("clause choice", "the earliest"),
    "LATEST_END": pgettext_lazy("clause choice", "the latest"),
    "OPERATING_HOURS": pgettext_lazy("clause choice", "operating hours"),
    "CYCLES": pgettext_lazy("clause choice", "cycles"),
    "KILOMETRES": pgettext_lazy("clause choice", "kilometres"),
    "NO_NEW_PERIOD": pgettext_lazy("clause choice", "no new period"),
    "RESTARTS": pgettext_lazy("clause choice", "begins anew"),
    "EXTENDED_BY_DOWNTIME": pgettext_lazy("clause choice", "extended by the downtime"),
    "KNOWLEDGE_OF_CLAIM": pgettext_lazy("clause choice", "knowledge of the claim"),
    "DELIVERY_OF_GOODS": pgettext_lazy("clause choice", "delivery of the goods"),
    "DEMAND": pgettext_lazy("clause choice", "written demand"),
    "ADMISSION": pgettext_lazy("clause choice", "admission by the debtor"),
    "ACTION_OR_ARBITRATION": pgettext_lazy("clause choice", "action or arbitration"),
    "GENERAL_CIVIL_CODE": pgettext_lazy("clause choice", "Civil Code, general (CC 188)"),
    "INTERNATIONAL_SALE": pgettext_lazy("clause choice", "international sale (CC 594)"),
    "AGREED": pgettext_lazy("clause choice", "agreement"),
    "REPAIR": pgettext_lazy("clause choice", "repair"),
    "REMAKE": pgettext_lazy("clause choice", "remake"),
    "REPLACEMENT": pgettext_lazy("clause choice", "replacement"),
    "RETURN": pgettext_lazy("clause choice", "return"),
    "PRICE_REDUCTION": pgettext_lazy("clause choice", "price reduction"),
    "DAMAGES": pgettext_lazy("clause choice", "damages"),
    "TERMINATION": pgettext_lazy("clause choice", "termination"),
    "IN_ORDER": pgettext_lazy("clause choice", "nobody: in this order"),
    "BUYER_CHOOSES": pgettext_lazy("clause choice", "the buyer"),
    "SELLER_CHOOSES": pgettext_lazy("clause choice", "the seller"),
    "MARKET_DIFFERENCE": pgettext_lazy("clause choice", "difference of market values"),
    "PROPORTIONAL": pgettext_lazy("clause choice", "in proportion of values"),
    "SCALE": pgettext_lazy("clause choice", "by a scale"),
    "PURPOSE_DEFEATED": pgettext_lazy("clause choice", "the purpose is defeated"),
    "CURE_FAILED": pgettext_lazy("clause choice", "cure failed"),
    "REJECT_LIMIT": pgettext_lazy("clause choice", "limit of rejection passed"),
    "LD_CAP_REACHED": pgettext_lazy("clause choice", "limit of liquidated damages reached"),
    "LONG_DELAY": pgettext_lazy("clause choice", "long delay"),
    "FORCE_MAJEURE_LASTS": pgettext_lazy("clause choice", "lasting force majeure"),
    "INSOLVENCY": pgettext_lazy("clause choice", "insolvency"),
    "LATE_DELIVERY": pgettext_lazy("clause choice", "delivery"),
    "LATE_COMMISSIONING": pgettext_lazy("clause choice", "commissioning"),
    "LATE_REPAIR": pgettext_lazy("clause choice", "repair"),
    "PER_DAY": pgettext_lazy("clause choice", "day"),
    "PER_WEEK": pgettext_lazy("clause choice", "week"),
    "DUE_DAY_EXCLUDED": pgettext_lazy("clause choice", "is not counted"),
    "DUE_DAY_INCLUDED": pgettext_lazy("clause choice", "is counted"),
    "NO_GRACE": pgettext_lazy("clause choice", "no grace"),
    "DEDUCTIBLE": pgettext_lazy("clause choice", "grace days are always free"),
    "THRESHOLD": pgettext_lazy("clause choice", "free unless exceeded"),
    "FROM_TOLERANCE_EDGE": pgettext_lazy("clause choice", "edge of the tolerance"),
    "FROM_GUARANTEED_VALUE": pgettext_lazy("clause choice", "guaranteed value"),
    "HIGHER_IS_BETTER": pgettext_lazy("clause choice", "higher is better"),
    "LOWER_IS_BETTER": pgettext_lazy("clause choice", "lower is better"),
    "NONCONFORMING_GOODS": pgettext_lazy("clause choice", "nonconforming goods"),
    "REPEATED_DEFECT": pgettext_lazy("clause choice", "repeated defect"),
    "MISSING_DOCUMENTS": pgettext_lazy("clause choice", "missing documents"),
    "UNAPPROVED_CHANGE": pgettext_lazy("clause choice", "change without approval"),
    "NON_PERFORMANCE": pgettext_lazy("clause choice", "no performance"),
    "ONCE": pgettext_lazy("clause choice", "once"),
    "PER_EVENT": pgettext_lazy("clause choice", "for each event"),
    "PER_LOT": pgettext_lazy("clause choice", "for each lot"),
    "EACH_EVENT": pgettext_lazy("clause choice", "each event"),
    "ALL_CLAIMS_TOGETHER": pgettext_lazy("clause choice", "all claims together"),
    "INTENT": pgettext_lazy("clause choice", "intent"),
    "GROSS_NEGLIGENCE": pgettext_lazy("clause choice", "gross negligence"),
    "LIQUIDATED_DAMAGES": pgettext_lazy("clause choice", "liquidated damages"),
    "INTELLECTUAL_PROPERTY": pgettext_lazy("clause choice", "intellectual property"),
    "INTEREST": pgettext_lazy("clause choice", "interest"),
    "SIGNING": pgettext_lazy("clause choice", "signing"),
    "PRODUCTION_START": pgettext_lazy("clause choice", "start of production"),
    "SHIPMENT_DOCUMENTS": pgettext_lazy("clause choice", "shipping documents"),
    "GOODS_ARRIVED": pgettext_lazy("clause choice", "arrival of the goods"),
    "COMMISSIONED": pgettext_lazy("clause choice", "commissioning"),
    "FINALLY_ACCEPTED": pgettext_lazy("clause choice", "final acceptance"),
    "GUARANTEE_ENDED": pgettext_lazy("clause choice", "end of the guarantee"),
    "INVOICE": pgettext_lazy("clause choice", "invoice"),
    "A_DAY": pgettext_lazy("clause choice", "day"),
    "A_YEAR": pgettext_lazy("clause choice", "year"),
    "NO_OPEN_DEFECT": pgettext_lazy("clause choice", "no open defect"),
    "FINAL_CERTIFICATE": pgettext_lazy("clause choice", "final certificate"),
    "INVOICE_RECEIVED": pgettext_lazy("clause choice", "invoice received"),
    "PERFORMANCE_EARNEST": pgettext_lazy("clause choice", "secures performance"),
    "CONCLUSION_EARNEST": pgettext_lazy("clause choice", "concludes the contract"),
    "WITHDRAWAL_EARNEST": pgettext_lazy("clause choice", "price of withdrawal"),
    "NATURAL_DISASTER": pgettext_lazy("clause choice", "natural disaster"),
    "WAR": pgettext_lazy("clause choice", "war"),
    "ACT_OF_STATE": pgettext_lazy("clause choice", "act of state"),
    "EPIDEMIC": pgettext_lazy("clause choice", "epidemic"),
    "STRIKE": pgettext_lazy("clause choice", "strike"),
    "EMBARGO": pgettext_lazy("clause choice", "embargo"),
    "ARBITRATION": pgettext_lazy("clause choice", "arbitration"),
    "COURT": pgettext_lazy("clause choice", "court"),
    "NEGOTIATION": pgettext_lazy("clause choice", "negotiation"),
    "SENIOR_MANAGEMENT": pgettext_lazy("clause choice", "senior management"),
    "EXPERT_DETERMINATION": pgettext_lazy("clause choice", "expert determination"),
    "MEDIATION": pgettext_lazy("clause choice", "mediation"),
    "PRC": pgettext_lazy("clause choice", "China (PRC)"),
    "HONG_KONG": pgettext_lazy("clause choice", "Hong Kong"),
    "GERMANY": pgettext_lazy("clause choice", "Germany"),
    "SWITZERLAND": pgettext_lazy("clause choice", "Switzerland"),
    "ENGLAND": pgettext_lazy("clause choice", "England and Wales"),
    "NEW_YORK": pgettext_lazy("clause choice", "New York"),
    "OTHER_LAW": pgettext_lazy("clause choice", "another law"),
    "CISG_APPLIES": pgettext_lazy("clause choice", "applies"),
    "CISG_EXCLUDED": pgettext_lazy("clause choice", "excluded"),
    "CISG_NOT_MENTIONED": pgettext_lazy("clause choice", "not mentioned"),
    "AUDIT": pgettext_lazy("clause choice", "audit"),
    "SOURCE_INSPECTION": pgettext_lazy("clause choice", "source inspection"),
    "PPAP": pgettext_lazy("clause choice", "production part approval (PPAP)"),
    "FIRST_ARTICLE": pgettext_lazy("clause choice", "first article"),
    "CHANGE_NOTICE": pgettext_lazy("clause choice", "notice of changes"),
    "SPARE_PARTS": pgettext_lazy("clause choice", "spare parts"),
}
PROBLEMS: dict[str, Words] = {
    "required": _("“%(field)s” is missing. Enter it: it has no default."),
    "not_applicable": _("“%(field)s” does not apply here. Leave it empty, or change the choice that it belongs to."),
    "unknown_field": _("“%(field)s” is no term of this clause type. Take it out."),
    "not_an_object": _("“%(field)s” cannot be read. Give its parts by name."),
    "not_a_list": _("“%(field)s” takes a list. Give its items one by one."),
    "not_above": _("“%(field)s” must be more than %(limit)s."),
    "below": _("“%(field)s” must be at least %(limit)s."),
    "over": _("“%(field)s” must be at most %(limit)s."),
    "not_whole": _("“%(field)s” must be a whole number."),
    "unknown_choice": _("“%(given)s” is no choice for “%(field)s”. Choose from the list."),
    "twice": _("“%(field)s” names the same thing twice. Name it once."),
    "not_text": _("“%(field)s” takes a text."),
    "text_too_long": _("“%(field)s” is too long. Write at most %(limit)s characters."),
    "not_a_day": _("“%(given)s” is no day for “%(field)s”. Write it as 2026-05-14."),
    "not_money": _("“%(field)s” takes an amount and its currency."),
    "unknown_currency": _("“%(given)s” is no currency for “%(field)s”. Choose one of the list."),
    "minor_digits": _("“%(field)s”: %(currency)s has %(digits)s decimal places. Round the amount to that."),
    "empty": _("“%(field)s” is empty. Enter a number."),
    "ambiguous": _(
        "“%(given)s” can be read in two ways: the comma may stand for decimals or for thousands. "
        "Write “%(field)s” with a point for the decimals and without commas, as 12.5 or 12500."
    ),
    "not_a_number": _("“%(given)s” is no number for “%(field)s”. Write digits, with a point for the decimals."),
    "as_text": _("“%(field)s” came as a number that keeps no exact decimals. Write it in quotation marks."),
    "too_long": _("“%(field)s” is too long. Write at most 40 characters."),
    "too_many": _("“%(field)s” has too many rows. Give at most %(limit)s."),
    "upside_down": _("“%(field)s” lies on the wrong side of the value that it limits. Exchange or correct them."),
    "outside_limits": _("“%(field)s” lies outside the limits. Correct it or the limits."),
    "no_limit": _(
        "A metric needs a limit. Enter a lower limit, an upper limit, or a nominal value with its tolerance."
    ),
    "standard_or_metric": _("Name a standard or enter at least one metric."),
    "one_of_two": _("A limit is a percentage or an amount. Leave one of the two empty."),
    "one_of_two_needed": _("Enter either the percentage or the amount."),
    "currency_mismatch": _("“%(field)s” is in %(other)s, the sum that it limits is in %(first)s. Use one currency."),
    "cap_below_rate": _("The limit is below the rate for one day or week. Check both."),
    "steps_overlap": _("“%(field)s” lies within the step before. Begin where that one ends."),
    "not_the_whole": _("The instalments make %(total)s %%. Make them 100 %%."),
    "not_a_guarantee_start": _("A guarantee does not run from the discovery of a defect. Choose another event."),
}


def label(path: str) -> Words:
    """Return the label of a term; of one within rows ("stages.0.days") that of its last part."""
    name = path.rpartition(".")[2]
    return LABELS.get(name, name)


def say(problem: Problem) -> str:
    """Return the problem as a sentence in the active language; a field within rows is named with its row."""
    params = dict(problem.params) | {"field": _place(problem.field)}
    return str(PROBLEMS[problem.code]) % params


def _place(path: str) -> str:
    """Return "Days, row 2" for stages.1.days, the bare label for a field outside rows."""
    parts = path.split(".")
    if len(parts) == 1:
        return str(label(path) or gettext("Terms"))
    name = LABELS.get(parts[2], parts[2]) if len(parts) > 2 else LABELS.get(parts[0], parts[0])
    return gettext("%(field)s, row %(row)s") % {"field": name, "row": int(parts[1]) + 1}


@dataclass(frozen=True)
class Shown:
    """Terms in words: facts as (label, value), and tables as (label, heads, rows)."""

    facts: list[tuple[Words, str]] = field(default_factory=list)
    tables: list[tuple[Words, list[Words], list[list[str]]]] = field(default_factory=list)

    @property
    def labelled(self) -> list[tuple[Words, list[Words], list[list[tuple[Words, str]]]]]:
        """Return the tables with each cell beside its head, as phones show them."""
        return [
            (name, heads, [list(zip(heads, row, strict=True)) for row in rows]) for name, heads, rows in self.tables
        ]


def show(terms: Terms) -> Shown:
    """Return the given terms in words of the active language, in the order of their declaration."""
    shown = Shown()
    for name, value in _given(terms):
        if isinstance(value, tuple) and isinstance(value[0], Terms):
            shown.tables.append((label(name), *_table(value)))
        else:
            shown.facts.append((label(name), value_in_words(value)))
    return shown


def _given(terms: Terms) -> Iterable[tuple[str, Any]]:
    return ((name, getattr(terms, name)) for name in terms.asks() if not is_empty(getattr(terms, name)))


def _table(rows: tuple[Terms, ...]) -> tuple[list[Words], list[list[str]]]:
    """Return heads and cells of the columns that some row fills."""
    names = [name for name in rows[0].asks() if any(_says(getattr(row, name)) for row in rows)]
    cells = [[value_in_words(getattr(row, name)) for name in names] for row in rows]
    return [label(name) for name in names], cells


def _says(value: Any) -> bool:
    return not is_empty(value) and value is not False


def value_in_words(value: Any) -> str:
    """Return one value in words: choices by name, decimals with every digit, "–" for none."""
    match value:
        case None | "":
            return "–"
        case bool():
            return gettext("yes") if value else gettext("no")
        case StrEnum():
            return str(CHOICES[value.value])
        case Decimal():
            return write_number(value)
        case date():
            return day_in_words(value)
        case tuple():
            return _joined([value_in_words(item) for item in value])
    return str(value)


def day_in_words(day: date) -> str:
    """Return a date as running text has it: "20 Nov 2026"."""
    return date_format(day, "Y年n月j日" if get_language() == "zh-hans" else "j M Y")


def _joined(parts: list[str]) -> str:
    return gettext(", ").join(parts)


REFUSALS: dict[str, Words] = {
    "checked": _("Legal has checked this clause. Make a new version of the contract to change it."),
    "not_structured": _("The clause has no structured terms yet. Enter them, then it can be checked."),
    "own_structure": _("You structured this clause. Somebody else from Legal must check it."),
    "not_the_newest_version": _("A newer version of the contract exists. Change that one."),
    "too_early": _("The new version must begin after the present one. Choose a later day."),
    "outside_the_version": _("The contract ends before that day. Choose an earlier day."),
}


def refusal(code_or_error: str | Exception) -> str:
    """Return the sentence for a refused step of `drafting`."""
    code = code_or_error if isinstance(code_or_error, str) else getattr(code_or_error, "code", "checked")
    return str(REFUSALS[code])
