"""Questions about the money of a project through their door: worked examples, unseen ones, and what does not fit."""

import copy
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rest_framework.test import APIClient

from complaints import calculators
from complaints.calculators.words import explained
from tests.worktime import vectors as shared

WORKED = json.loads((shared.FILE.parent / "finance_vectors.json").read_text(encoding="utf-8"))["vectors"]
INPUTS = {vector["kind"]: vector["input"] for vector in WORKED}
LEVELS = {"lock_up": "1.20", "default": "1.05"}


@pytest.fixture
def ask(ada):
    client = APIClient()
    client.force_authenticate(ada)

    def asks(kind, said, language="en"):
        body = {"kind": kind, "input": said}
        return client.post("/api/v1/calculators/finance/", body, format="json", headers={"accept-language": language})

    return asks


@pytest.mark.parametrize("vector", WORKED, ids=lambda vector: vector["id"])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_each_worked_example_is_answered_to_the_letter(ask, vector, language):
    answer = ask(vector["kind"], vector["input"], language)

    assert answer.status_code == 200, answer.json()
    assert answer.json()["result"] == vector["expected"]
    assert all(line["code"] and line["sentence"] for line in answer.json()["explanation"])
    assert answer.json()["explanation"]


UNSEEN = [
    ("milestone_delay",
     {"planned": "2027-02-26", "forecast": "2027-03-05", "base": "1234567.89", "rate_pct_per_day": "0.075",
      "cap_pct": "5"},
     {"delay_days": 7, "ld": "6481.48", "cap": "61728.39", "days_until_cap": 67}),
    ("milestone_delay",
     {"planned": "2026-01-01", "forecast": "2026-12-31", "base": 1000000, "rate_pct_per_day": 0.1, "cap_pct": 8},
     {"delay_days": 364, "ld": "80000.00", "cap": "80000.00", "days_until_cap": 80}),
    ("milestone_delay",
     {"planned": "2026-05-10", "forecast": "2026-05-01", "base": "10", "rate_pct_per_day": "1"},
     {"delay_days": 0, "ld": "0.00", "cap": None, "days_until_cap": None}),
    ("float", {"quality_delay_days": 30, "total_float_days": 10}, {"project_delay_days": 20}),
    ("float", {"quality_delay_days": 3, "total_float_days": 10, "second_case_delay_days": 14},
     {"project_delay_days": 0, "second_case_project_delay_days": 4}),
    ("payments_at_risk",
     {"payments": [
         {"name": "a", "amount": "1000000.00", "planned_cash": "2028-02-28", "depends_on_case": True},
         {"name": "b", "amount": "500000.00", "planned_cash": "2026-01-01", "depends_on_case": True, "paid": True}],
      "shift_days": 30, "funding_rate_pct": "7.3", "basis": "ACT/365"},
     {"at_risk": "1000000.00", "new_dates": ["2028-03-29", "2026-01-01"], "funding_cost": "6000.00"}),
    ("retention_at_risk", {"contract_price": "2000000.00", "retention_pct": "5", "open_claim_estimate": "1.00",
                           "open_issue_impairs_use": True},
     {"held": "100000.00", "at_risk": "100000.00", "expected_release": "0.00"}),
    ("cash_table",
     {"months": ["2026-12", "2027-01"], "opening": "100.50", "monthly_cost": "50", "minimum_cash": "0",
      "receipts_baseline": {"2026-12": "10"}, "receipts_revised": {"2027-01": "10"}},
     {"closing_baseline": ["60.50", "10.50"], "closing_revised": ["50.50", "10.50"], "difference": ["-10.00", "0.00"],
      "lowest": "10.50", "lowest_month": "2027-01", "funding_gap": "0.00"}),
    ("dscr", {"cfads": ["10", "9"], "debt_service": ["0", "10"], "impact": ["1", "0.5"], **LEVELS, "unit": "1000"},
     {"before": [None, "0.90"], "after": [None, "0.85"], "state_after": [None, "DEFAULT"], "headroom_p1": "9000.00"}),
    ("dscr", {"cfads": ["11"], "debt_service": ["10"], "lock_up": "1.30", "default": "1.15"},
     {"before": ["1.10"], "after": ["1.10"], "state_after": ["DEFAULT"], "headroom_p1": "-0.50"}),
    ("look_back_dscr", {"cfads": ["12", "14"], "impact": ["0", "2"], "debt_service": ["10", "10"], **LEVELS},
     {"before": "1.300000", "after": "1.200000", "state": "OK"}),
    ("look_back_dscr", {"cfads": ["12"], "debt_service": ["0"], **LEVELS},
     {"before": None, "after": None, "state": None}),
    ("cure", {"cfads": "13.5", "debt_service": "11.0", **LEVELS, "unit": "1000000"},
     {"dscr": "1.227273", "state": "OK", "cure_to_default": "0.00", "cure_to_lock_up": "0.00"}),
    ("covenant", {"cfads": ["11.55", "11.549999"], "debt_service": ["11", "11"], **LEVELS},
     {"dscr": ["1.05", "1.04"], "state": ["LOCK_UP", "DEFAULT"]}),
    ("llcr", {"cfads": ["110", "121"], "rate_per_period": "0.1", "debt": "160", "dsra_included": True, "dsra": "8"},
     {"npv_before": "200.000000", "npv_after": "200.000000", "before": "1.300000", "after": "1.300000",
      "shown": ["1.30", "1.30"]}),
    ("extra_interest", {"drawn": "1000000.00", "rate_pct": "5.5", "basis": "ACT/365", "days": 31},
     {"extra_interest": "4671.23"}),
    ("net_exposure", {"ld": "100.00", "remedy_cost": "1000.00", "extra_interest": "0", "lost_margin": "50.00",
                      "supplier_share_of_remedy_pct": "33.333", "insured_head": None, "deductible": "0"},
     {"gross": "1150.00", "supplier": "333.33", "insurance": "0.00", "net": "816.67"}),
    ("net_exposure", {"ld": "100.00", "insured_head": "LD", "deductible": "500.00"},
     {"gross": "100.00", "supplier": "0.00", "insurance": "0.00", "net": "100.00"}),
    ("expected_value", {"scenarios": [{"p": "0.333", "amount": "1"}, {"p": "0.667", "amount": "2"}]},
     {"expected": "1.67", "most_likely": "2.00", "worst": "2.00"}),
    ("lender_material", {"project_delay_days": 30, "payments_at_risk": "4", "contract_price": "100"},
     {"material": True, "hits": ["delay"]}),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "said", "expected"), UNSEEN)
def test_other_questions_of_each_kind_are_answered_as_by_hand(ask, kind, said, expected):
    answer = ask(kind, said)

    assert answer.status_code == 200, answer.json()
    assert answer.json()["result"] == expected


def test_full_width_digits_are_read_as_digits(ask):
    said = {"drawn": "１２０，０００，０００．００", "rate_pct": "５.２", "basis": "ACT/360", "days": "４５"}

    assert ask("extra_interest", said).json()["result"] == {"extra_interest": "780000.00"}


def test_amounts_may_carry_their_currency_and_set_the_digits(ask):
    said = {**INPUTS["milestone_delay"], "base": {"amount": "123456", "currency": "JPY"}}

    assert ask("milestone_delay", said).json()["result"]["ld"] == "2778"  # 45 × 61.728 = 2 777.76


def test_the_clause_is_cited(ask):
    lines = ask("milestone_delay", {**INPUTS["milestone_delay"], "clause": "§9.1"}).json()["explanation"]

    assert {"code": "clause", "sentence": "By §9.1."} in lines


def _with(kind: str, **said: Any) -> tuple[str, dict[str, Any]]:
    return kind, {**INPUTS[kind], **said}


CNY = {"amount": "1", "currency": "CNY"}
EUR = {"amount": "1", "currency": "EUR"}


@pytest.mark.parametrize(
    ("question", "field"),
    [
        (_with("milestone_delay", base="a lot"), "input.base"),
        (_with("milestone_delay", base="1,234"), "input.base"),
        (_with("milestone_delay", base=True), "input.base"),
        (_with("milestone_delay", base="-1"), "input.base"),
        (_with("milestone_delay", base=None), "input.base"),
        (_with("milestone_delay", base=0.1234567890123456), "input.base"),
        (_with("milestone_delay", base=10**50), "input.base"),
        (_with("milestone_delay", base={"amount": "1"}), "input.base"),
        (_with("milestone_delay", base={"amount": "1", "currency": "XYZ"}), "input.base"),
        (_with("milestone_delay", currency="CNY", base=EUR), "input.base"),
        (_with("milestone_delay", currency="Taler"), "input.currency"),
        (_with("milestone_delay", planned="2026-02-30"), "input.planned"),
        (_with("milestone_delay", rate_pct_per_day="-0.05"), "input.rate_pct_per_day"),
        (_with("milestone_delay", cap_pct="-1"), "input.cap_pct"),
        (_with("float", total_float_days=-1), "input.total_float_days"),
        (_with("float", total_float_days=1.5), "input.total_float_days"),
        (_with("float", total_float_days=10**9), "input.total_float_days"),
        (_with("payments_at_risk", basis="ACT/ACT"), "input.basis"),
        (_with("payments_at_risk", shift_days=9_000_000), "input.shift_days"),
        (_with("payments_at_risk", payments=[]), "input.payments"),
        (_with("payments_at_risk", payments=[{"amount": "-5", "planned_cash": "2026-01-01", "depends_on_case": True}]),
         "input.payments.0.amount"),
        (_with("payments_at_risk", payments=[{"amount": CNY, "planned_cash": "2026-01-01", "depends_on_case": True},
                                             {"amount": EUR, "planned_cash": "2026-01-01", "depends_on_case": True}]),
         "input.payments.1.amount"),
        (_with("retention_at_risk", retention_pct="101"), "input.retention_pct"),
        (_with("retention_at_risk", open_claim_estimate="-1"), "input.open_claim_estimate"),
        (_with("cash_table", months=["2026-10", "2026-09"]), "input.months"),
        (_with("cash_table", months=["2026-13"]), "input.months.0"),
        (_with("cash_table", months=["2026-09"] * 500), "input.months"),
        (_with("cash_table", debt_service={"2026-9": 1}), "input.debt_service"),
        (_with("cash_table", debt_service={"2026-12": -1}), "input.debt_service"),
        (_with("cash_table", receipts_revised={"2026-12": "soon"}), "input.receipts_revised.2026-12"),
        (_with("dscr", impact=["1.9"]), "input.impact"),
        (_with("dscr", debt_service=["-11.0"] * 6), "input.debt_service"),
        (_with("dscr", cfads=["14.2"] * 481), "input.cfads"),
        (_with("dscr", cfads=["14.2", "x"]), "input.cfads.1"),
        (_with("dscr", cfads=[]), "input.cfads"),
        (_with("dscr", lock_up="1.00"), "input.lock_up"),
        (_with("dscr", unit="0"), "input.unit"),
        (_with("cure", debt_service="-1"), "input.debt_service"),
        (_with("llcr", rate_per_period="2.6"), "input.rate_per_period"),
        (_with("llcr", dsra_included=True), "input.dsra"),
        (_with("llcr", debt="-58"), "input.debt"),
        (_with("extra_interest", days="many"), "input.days"),
        (_with("net_exposure", insured_head="ROOF"), "input.insured_head"),
        (_with("net_exposure", supplier_share_of_remedy_pct="120"), "input.supplier_share_of_remedy_pct"),
        (_with("net_exposure", ld="-1"), "input.ld"),
        (_with("expected_value", scenarios=[{"p": "0.5", "amount": "1"}]), "input.scenarios"),
        (_with("expected_value", scenarios=[{"p": "half", "amount": "1"}]), "input.scenarios.0.p"),
        (("lender_material", {"project_delay_days": 1, "grade": "G9"}), "input.grade"),
        (("dscr", {"cfads": ["1"], "debt_service": ["1"]}), "input.lock_up"),
        (("moon", {}), "kind"),
        (("dscr", None), "input"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_what_cannot_be_reckoned_with_is_refused_by_field(ask, question, field, language):
    answer = ask(*question, language)

    assert answer.status_code == 400, answer.json()
    assert answer["content-type"] == "application/problem+json"
    assert any(error["field"].startswith(field) and error["message"] for error in answer.json()["errors"])


junk = st.one_of(
    st.none(), st.booleans(), st.integers(-(10**45), 10**45), st.floats(), st.text(max_size=12),
    st.sampled_from(["", "０", "1e400", "-0", "１２．５", "1,234", "9999-12-31", "0001-01-01", "2026-09", "ACT/360",
                     "NaN", "Infinity", "0" * 41, "\0", {"amount": "1", "currency": "JPY"}]),
    st.lists(st.integers(-5, 5), max_size=3),
    st.dictionaries(st.sampled_from(["2026-09", "amount", "currency"]), st.integers(0, 3), max_size=3),
)  # fmt: skip


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_is_asked_is_answered_or_refused_in_words(db, data):
    kind = data.draw(st.sampled_from(sorted(INPUTS)))
    said = copy.deepcopy(INPUTS[kind])
    for _ in range(data.draw(st.integers(1, 3))):
        _spoil(said, data)

    try:
        answer = calculators.ask("finance", kind, said)
    except calculators.Unfit as unfit:
        said_back = [unfit.errors["input"]]
    else:
        said_back = [answer.result, *(line["sentence"] for line in explained(answer))]

    assert all(said_back)
    assert json.dumps(said_back)


def _spoil(said: Any, data: st.DataObject) -> None:
    """Put junk somewhere into a question."""
    place = said
    while True:
        name = data.draw(st.sampled_from(sorted(place) if isinstance(place, dict) else range(len(place))))
        if not isinstance(place[name], dict | list) or not place[name] or data.draw(st.booleans()):
            break
        place = place[name]
    place[name] = data.draw(junk)
