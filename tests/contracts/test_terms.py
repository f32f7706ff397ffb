"""Each family of terms reads what is whole, and names the field of what is not; it never guesses."""

import subprocess
import sys
from decimal import Decimal

import pytest

from contracts.clauses import TERMS, TermsError, read_terms
from contracts.models import ClauseType

CNY = "CNY"
WHOLE: dict[str, dict] = {
    "QUALITY_STANDARD": {
        "rule": "GUARD_BAND_BOTH",
        "standard": "GB/T 19073",
        "metrics": [
            {"characteristic": "Efficiency", "unit": "%", "lower": "96.0", "method": "IEC 61400-4"},
            {
                "characteristic": "Bore",
                "unit": "mm",
                "nominal": "80",
                "tolerance": "0.02",
                "tolerance_kind": "ABSOLUTE",
            },
        ],
    },
    "SAMPLE": {"seal_no": "S-17", "sealed_on": "2026-01-10", "keeper": "JOINTLY", "precedence": "SAMPLE_PREVAILS"},
    "ACCEPTANCE": {
        "stages": [
            {"stage": "ARRIVAL_CHECK", "party": "JOINTLY", "days": 7, "unit": "DAY", "start": "ARRIVAL"},
            {"stage": "FINAL_ACCEPTANCE", "party": "BUYER", "days": "30", "unit": "DAY", "start": "COMMISSIONING"},
        ],
        "deemed": "yes",
        "deemed_after_days": 30,
        "repeat_tests": 2,
    },
    "INSPECTION_NOTICE": {
        "scope": "APPARENT_DEFECTS",
        "n": "15",
        "unit": "DAY",
        "start": "DELIVERY",
        "roll": True,
        "form": "WRITTEN",
    },
    "GUARANTEE_PERIOD": {
        "periods": [
            {"n": 24, "unit": "MONTH", "start": "COMMISSIONING"},
            {"n": 30, "unit": "MONTH", "start": "DELIVERY"},
        ],
        "which": "EARLIEST_END",
        "roll": True,
        "replaced": "RESTARTS",
        "restart_months": 12,
        "max_months": 36,
    },
    "REMEDY_ORDER": {
        "order": ["REPAIR", "REPLACEMENT", "PRICE_REDUCTION", "TERMINATION"],
        "chooser": "IN_ORDER",
        "max_repairs": 2,
        "transport_by": "SELLER",
        "dismantling_by": "SELLER",
        "travel_by": "SELLER",
        "self_repair": True,
        "cure_days": 10,
    },
    "LD_DELAY": {
        "late": "LATE_DELIVERY",
        "per": "PER_DAY",
        "rate_pct": "0.05",
        "base_kind": "DELAYED_PART",
        "vat": "VAT_EXCLUDED",
        "counting": "DUE_DAY_EXCLUDED",
        "grace_kind": "NO_GRACE",
        "fm_mode": "EXCUSE_DAYS",
        "exclusive": False,
        "cap_pct": "5",
        "cap_base": "CONTRACT_PRICE",
        "cap_vat": "VAT_EXCLUDED",
    },
    "LD_PER_UNIT": {
        "amount_per_unit": {"amount": "350.00", "currency": CNY},
        "exclusive": False,
        "cap_amount": {"amount": "9800.00", "currency": CNY},
    },
    "LD_PERFORMANCE": {
        "characteristic": "Efficiency",
        "unit": "%",
        "guaranteed": "96.0",
        "direction": "HIGHER_IS_BETTER",
        "tolerance": "0.5",
        "tolerance_use": "FROM_TOLERANCE_EDGE",
        "step": "0.1",
        "amount_per_step": {"amount": "20000.00", "currency": CNY},
        "part_step": "COUNT_FULL",
        "reject_limit": "93.0",
        "exclusive": True,
    },
    "LD_FIXED_PCT": {
        "breaches": [{"breach": "REPEATED_DEFECT", "pct": "3"}],
        "base_kind": "AFFECTED_GOODS",
        "vat": "VAT_INCLUDED",
        "count_rule": "PER_LOT",
        "exclusive": False,
    },
    "DAMAGES": {"heads": ["DIRECT_LOSS", "DOWNTIME"], "proof_required": True},
    "PRICE_REDUCTION": {
        "method": "SCALE",
        "base_kind": "UNIT_PRICE",
        "vat": "VAT_EXCLUDED",
        "characteristic": "Zinc",
        "scale_unit": "g/m²",
        "scale": [
            {"from_value": "0", "to_value": "5", "reduction_pct": "2"},
            {"from_value": "5", "reduction_pct": "10"},
        ],
    },
    "LIABILITY_CAP": {
        "pct": "12",
        "base_kind": "CONTRACT_PRICE",
        "vat": "VAT_EXCLUDED",
        "scope": "ALL_CLAIMS_TOGETHER",
        "carve_outs": ["PERSONAL_INJURY", "INTENT"],
    },
    "EXCLUSION": {"heads": ["LOST_PROFIT"], "form_clause": True, "pointed_out": False},
    "RETENTION": {
        "pct": "5",
        "base_kind": "CONTRACT_PRICE",
        "vat": "VAT_INCLUDED",
        "held_until": "GUARANTEE_ENDED",
        "release_days": 30,
        "may_deduct": True,
        "guarantee_instead": False,
    },
    "EARNEST_MONEY": {"amount": {"amount": "300000", "currency": CNY}, "earnest_kind": "PERFORMANCE_EARNEST"},
    "PAYMENT": {
        "instalments": [
            {"name": "Down payment", "pct": "30", "trigger": "SIGNING", "days": 10},
            {"name": "Delivery", "pct": "70", "trigger": "GOODS_ARRIVED", "days": 30},
        ],
        "late_interest_pct": "0.05",
        "late_interest_per": "A_DAY",
    },
    "FORCE_MAJEURE": {"events": ["WAR"], "notice_days": 14, "proof": "Chamber of commerce", "effect": "EXTEND_DUE"},
    "DISPUTE": {
        "steps": [{"kind": "NEGOTIATION", "days": 30}],
        "forum": "ARBITRATION",
        "institution": "CIETAC",
        "seat": "Beijing",
        "proceedings_language": "Chinese",
    },
    "GOVERNING_LAW": {"law_of": "PRC", "cisg": "CISG_EXCLUDED"},
    "PREVENTION": {"duties": [{"duty": "CHANGE_NOTICE", "days": 90}]},
    "TERMINATION": {"grounds": ["LONG_DELAY"], "notice_form": "WRITTEN", "delay_days": 60},
    "LIMITATION_OF_ACTION": {"law": "INTERNATIONAL_SALE", "years": 4, "start": "KNOWLEDGE_OF_CLAIM"},
}


def faults(clause_type, **changes):
    """Return the (field, code) pairs that the whole terms show after the changes; None takes a field away."""
    with pytest.raises(TermsError) as refusal:
        read_terms(clause_type, WHOLE[clause_type] | changes)
    return [(problem.field, problem.code) for problem in refusal.value.problems]


def test_every_clause_type_has_its_terms():
    assert list(TERMS) == ClauseType.values == list(WHOLE)


@pytest.mark.parametrize("clause_type", WHOLE)
def test_what_is_written_reads_back_the_same(clause_type):
    terms = read_terms(clause_type, WHOLE[clause_type])

    assert read_terms(clause_type, terms.to_data()) == terms


@pytest.mark.parametrize("clause_type", WHOLE)
def test_no_type_is_whole_with_nothing_given(clause_type):
    with pytest.raises(TermsError) as refusal:
        read_terms(clause_type, {})

    assert all(problem.code in {"required", "one_of_two_needed"} for problem in refusal.value.problems)


@pytest.mark.parametrize("data", [None, [], "text", 3])
def test_terms_are_an_object(data):
    with pytest.raises(TermsError, match="not_an_object"):
        read_terms("SAMPLE", data)


def test_a_field_that_the_type_does_not_know_is_refused():
    assert faults("SAMPLE", colour="red") == [("colour", "unknown_field")]


@pytest.mark.parametrize("field", ["base_kind", "vat", "counting", "grace_kind", "fm_mode", "exclusive", "late", "per"])
def test_a_mandatory_choice_of_delay_damages_has_no_default(field):
    assert (field, "required") in faults("LD_DELAY", **{field: None})


@pytest.mark.parametrize(
    ("clause_type", "field"),
    [
        ("LD_FIXED_PCT", "base_kind"),
        ("LD_FIXED_PCT", "count_rule"),
        ("LD_PERFORMANCE", "tolerance_use"),
        ("LD_PERFORMANCE", "part_step"),
        ("LD_PERFORMANCE", "direction"),
        ("LIABILITY_CAP", "base_kind"),
        ("LIABILITY_CAP", "vat"),
        ("LIABILITY_CAP", "scope"),
        ("PRICE_REDUCTION", "method"),
        ("PRICE_REDUCTION", "scale"),
        ("RETENTION", "base_kind"),
        ("RETENTION", "vat"),
        ("INSPECTION_NOTICE", "scope"),
        ("INSPECTION_NOTICE", "start"),
        ("INSPECTION_NOTICE", "roll"),
        ("GUARANTEE_PERIOD", "which"),
        ("GUARANTEE_PERIOD", "restart_months"),
        ("ACCEPTANCE", "deemed"),
        ("ACCEPTANCE", "deemed_after_days"),
        ("REMEDY_ORDER", "chooser"),
        ("REMEDY_ORDER", "cure_days"),
        ("QUALITY_STANDARD", "rule"),
        ("EXCLUSION", "pointed_out"),
        ("FORCE_MAJEURE", "effect"),
        ("DISPUTE", "institution"),
        ("GOVERNING_LAW", "cisg"),
        ("TERMINATION", "delay_days"),
        ("PAYMENT", "late_interest_per"),
    ],
)
def test_what_must_be_said_is_asked_for(clause_type, field):
    assert (field, "required") in faults(clause_type, **{field: None})


@pytest.mark.parametrize(
    ("clause_type", "field"),
    [("LD_DELAY", "rate_pct"), ("LD_DELAY", "cap_pct"), ("LIABILITY_CAP", "pct"), ("RETENTION", "pct")],
)
def test_a_percentage_is_above_zero_and_at_most_a_hundred(clause_type, field):
    assert (field, "over") in faults(clause_type, **{field: "100.01"})
    assert (field, "not_above") in faults(clause_type, **{field: "0"})


def test_weekly_damages_say_how_part_weeks_count():
    assert faults("LD_DELAY", per="PER_WEEK") == [("part_week", "required")]
    assert faults("LD_DELAY", part_week="IGNORE") == [("part_week", "not_applicable")]


def test_grace_days_and_their_kind_go_together():
    assert faults("LD_DELAY", grace_days=7) == [("grace_days", "not_applicable")]
    assert faults("LD_DELAY", grace_kind="THRESHOLD") == [("grace_days", "required")]


def test_a_percentage_of_a_cap_names_its_base_and_vat():
    assert faults("LD_DELAY", cap_base=None, cap_vat=None) == [("cap_base", "required"), ("cap_vat", "required")]
    assert faults("LD_DELAY", cap_pct=None) == [("cap_base", "not_applicable"), ("cap_vat", "not_applicable")]


def test_a_cap_is_an_amount_or_a_percentage():
    assert faults("LIABILITY_CAP", amount={"amount": "1", "currency": CNY}) == [("amount", "one_of_two")]
    assert faults("LIABILITY_CAP", pct=None, base_kind=None, vat=None) == [("amount", "one_of_two_needed")]


def test_head_and_cap_are_in_one_currency():
    euros = {"amount": "9800.00", "currency": "EUR"}

    assert faults("LD_PER_UNIT", cap_amount=euros) == [("cap_amount", "currency_mismatch")]


@pytest.mark.parametrize(
    ("metric", "field", "code"),
    [
        ({"characteristic": "Bore", "unit": "mm", "lower": "2", "upper": "1"}, "lower", "upside_down"),
        ({"characteristic": "Bore", "unit": "mm", "nominal": "3", "upper": "1"}, "nominal", "outside_limits"),
        ({"characteristic": "Bore", "unit": "mm"}, "lower", "no_limit"),
        ({"characteristic": "Bore", "upper": "1"}, "unit", "required"),
        ({"characteristic": "Bore", "unit": "mm", "nominal": "3", "tolerance": "1"}, "tolerance_kind", "required"),
        ({"characteristic": "Bore", "unit": "mm", "upper": 0.5}, "upper", "as_text"),
    ],
)
def test_limits_are_whole_and_the_right_way_round(metric, field, code):
    assert faults("QUALITY_STANDARD", metrics=[metric]) == [(f"metrics.0.{field}", code)]


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"reject_limit": "95.5"}, "upside_down"), ({"direction": "LOWER_IS_BETTER"}, "upside_down")],
)
def test_the_limit_of_rejection_lies_beyond_the_tolerance(changes, code):
    assert faults("LD_PERFORMANCE", **changes) == [("reject_limit", code)]


def test_the_instalments_make_the_whole_price():
    parts = [{"name": "All", "pct": "99.9", "trigger": "SIGNING", "days": 0}]

    assert faults("PAYMENT", instalments=parts) == [("instalments", "not_the_whole")]


def test_steps_of_a_scale_neither_overlap_nor_run_backwards():
    steps = [{"from_value": "5", "to_value": "9", "reduction_pct": "2"}, {"from_value": "8", "reduction_pct": "3"}]

    assert faults("PRICE_REDUCTION", scale=steps) == [("scale.1.from_value", "steps_overlap")]
    backwards = [{"from_value": "5", "to_value": "4", "reduction_pct": "2"}]
    assert faults("PRICE_REDUCTION", scale=backwards) == [("scale.0.to_value", "upside_down")]


@pytest.mark.parametrize(
    ("clause_type", "changes", "fault"),
    [
        ("INSPECTION_NOTICE", {"n": "fifteen"}, ("n", "not_a_number")),
        ("INSPECTION_NOTICE", {"n": "1.5"}, ("n", "not_whole")),
        ("INSPECTION_NOTICE", {"n": "0"}, ("n", "below")),
        ("INSPECTION_NOTICE", {"unit": "FORTNIGHT"}, ("unit", "unknown_choice")),
        ("INSPECTION_NOTICE", {"roll": "perhaps"}, ("roll", "unknown_choice")),
        ("INSPECTION_NOTICE", {"address": "x" * 301}, ("address", "text_too_long")),
        ("INSPECTION_NOTICE", {"address": 3}, ("address", "not_text")),
        ("SAMPLE", {"sealed_on": "10.01.2026"}, ("sealed_on", "not_a_day")),
        ("DAMAGES", {"heads": "DIRECT_LOSS"}, ("heads", "not_a_list")),
        ("DAMAGES", {"heads": ["DOWNTIME", "DOWNTIME"]}, ("heads", "twice")),
        ("EARNEST_MONEY", {"amount": "300000"}, ("amount", "not_money")),
        ("EARNEST_MONEY", {"amount": {"amount": "1", "currency": "RMB"}}, ("amount", "unknown_currency")),
        ("EARNEST_MONEY", {"amount": {"amount": "1.005", "currency": "CNY"}}, ("amount", "minor_digits")),
        ("EARNEST_MONEY", {"amount": {"amount": "-1", "currency": "CNY"}}, ("amount", "not_above")),
        ("EARNEST_MONEY", {"amount": {"amount": "1,000", "currency": "CNY"}}, ("amount", "ambiguous")),
        ("EARNEST_MONEY", {"amount": {"amount": "1", "currency": []}}, ("amount", "unknown_currency")),
        ("INSPECTION_NOTICE", {"roll": ["yes"]}, ("roll", "unknown_choice")),
        ("INSPECTION_NOTICE", {"unit": ["DAY"]}, ("unit", "unknown_choice")),
        ("PREVENTION", {"duties": {"duty": "AUDIT"}}, ("duties", "not_a_list")),
        ("PREVENTION", {"duties": ["AUDIT"]}, ("duties.0", "not_an_object")),
    ],
)
def test_a_value_of_another_kind_is_refused_by_field(clause_type, changes, fault):
    assert faults(clause_type, **changes) == [fault]


def test_full_width_digits_are_read_as_digits():
    terms = read_terms("LD_DELAY", WHOLE["LD_DELAY"] | {"rate_pct": "０．０５"})

    assert terms.rate_pct == Decimal("0.05")


def test_the_terms_need_no_framework():
    script = "import sys, contracts.clauses; sys.exit('django' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
