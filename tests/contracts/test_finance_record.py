"""What is kept of an impact works out again, byte for byte, and says its workings in words."""

import json
from dataclasses import replace
from decimal import Decimal

from contracts import finance_words
from contracts.finance import Covenants, Levels, compare, record
from tests.contracts.test_finance_impact import BEST, LIKELY, WORST, project
from tests.contracts.test_finance_lending import COVENANTS

SCENARIOS = (BEST, LIKELY, WORST)


def asked():
    plain = project()
    asks = replace(COVENANTS, look_back=Levels(Decimal("1.21"), Decimal("1.10")))
    return replace(plain, loan=replace(plain.loan, covenants=asks, periods=("2026-12", "2027-06")))


def test_stored_inputs_give_the_same_result_byte_for_byte():
    stored = record.canonical(record.inputs(asked(), SCENARIOS, "G2"))
    first = record.canonical(record.result(asked(), compare(asked(), SCENARIOS, grade="G2")))

    again = record.canonical(record.reckon(json.loads(stored)))

    assert again == first
    assert record.canonical(record.inputs(*record.question(json.loads(stored)))) == stored


def test_the_figures_stand_under_their_scenario():
    found = record.reckon(record.inputs(asked(), SCENARIOS, "G2"))

    likely = found["scenarios"]["LIKELY"]
    assert likely["delay"]["days"] == 45
    assert (likely["payments"]["at_risk"], likely["retention"]["at_risk"]) == ("33600000.00", "1850000.50")
    assert [row["new"] for row in likely["payments"]["rows"]] == ["2026-08-31", "2026-12-14", "2027-03-15"]
    assert (likely["cash"]["funding_gap"], likely["cash"]["lowest_month"]) == ("980000.00", "2027-02")
    assert [one["after"]["shown"] for one in likely["loan"]["periods"]] == ["1.11", "1.30"]
    assert likely["loan"]["look_back"]["state"] == "LOCK_UP"  # 1.209 is below 1.21
    assert [(one["period"], one["to_lock_up"]) for one in likely["loan"]["cures"]] == [("2026-12", "900000.00")]
    assert likely["exposure"]["heads"]["REMEDY"] == "1800000.00"
    assert (likely["exposure"]["net"], likely["lender"]["hits"]) == ("2000000.00", ["delay", "payments", "covenant"])
    assert found["scenarios"]["WORST"]["retention"]["at_risk"] == "2400000.00"


def test_every_stored_step_reads_as_it_did():
    found = compare(asked(), SCENARIOS, grade="G2")
    told = [finance_words.say(one) for one in found.impacts["LIKELY"].milestone.working]

    kept = record.result(asked(), found)["scenarios"]["LIKELY"]["milestone"]["working"]

    assert [finance_words.say(one) for one in record.steps(kept)] == told
    assert "45 d × 0.05 % × 48,000,000.00 = 1,080,000.00." in told


def test_a_project_without_a_loan_has_no_cover():
    bare = replace(project(), loan=None)

    assert record.reckon(record.inputs(bare, SCENARIOS, ""))["scenarios"]["BEST"]["loan"] is None


def test_a_loan_without_covenants_says_so():
    plain = project()
    bare = replace(plain, loan=replace(plain.loan, levels=None, covenants=Covenants()))

    loan = record.reckon(record.inputs(bare, SCENARIOS, ""))["scenarios"]["LIKELY"]["loan"]

    assert (loan["periods"], loan["llcr"], loan["look_back"], loan["cures"]) == ([], None, None, [])
    assert [step["code"] for step in loan["working"]] == ["no_dscr_covenant"]


def test_canonical_text_has_one_spelling():
    assert record.canonical({"b": [1, "张"], "a": None}) == '{"a":null,"b":[1,"张"]}'
