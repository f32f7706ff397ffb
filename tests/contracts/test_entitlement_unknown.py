"""What is not known in a whole case: sums that rest on other sums, the total, and the parts beside it."""

import pytest

from contracts import entitlement_lines, entitlement_record
from contracts.clauses import read_terms
from contracts.clauses.case import InForce
from contracts.clauses.rulings import Ruling
from contracts.entitlement import Verdict, assess
from contracts.entitlement_words import say
from tests.contracts.paper import SIGNED, clause, facts, paper
from tests.contracts.test_entitlement import HOME, cny, found, gate, verdicts

SOLE = (*paper("LD_DELAY", "LD_PERFORMANCE", "LD_PER_UNIT", "EXCLUSION"), clause("LD_PER_UNIT", exclusive=True))
AFTER_GUARANTEE = {"found_on": "2028-03-23", "notified_on": "2028-03-24", "seller_knew": True}
LIMITED = clause("GUARANTEE_PERIOD", usage_limit="8000", usage_unit="OPERATING_HOURS")
EARNEST = InForce("2.4", "EARNEST_MONEY", read_terms("EARNEST_MONEY", {
    "amount": {"amount": "300000.00", "currency": "CNY"}, "earnest_kind": "PERFORMANCE_EARNEST",
}))  # fmt: skip
RETENTION = InForce("2.5", "RETENTION", read_terms("RETENTION", {
    "pct": "5", "base_kind": "CONTRACT_PRICE", "vat": "VAT_EXCLUDED", "held_until": "GUARANTEE_ENDED",
    "release_days": 30, "may_deduct": True, "guarantee_instead": False,
}))  # fmt: skip
BREACH = {"earnest_paid": "300000.00", "fundamental_breach": True}


def head(assessment, kind):
    return next(each for each in assessment.heads if each.sum.type == kind)


def part(assessment, kind):
    return next(each for each in assessment.parts if each.kind == kind)


def total_line(assessment):
    return next(line for line in entitlement_lines.lines(assessment) if line.code.startswith("total"))


def test_damages_wait_for_the_sole_remedy_whose_sum_is_not_known():
    unknown, known = found(SOLE, units_confirmed=None), found(SOLE)

    assert verdicts(unknown)["DAMAGES"] == "UNDETERMINED"
    assert head(unknown, "DAMAGES").missing == ("units_confirmed",)
    assert unknown.total == cny("0.00")
    assert known.total == cny("9800.00")


def test_damages_wait_for_the_gate_of_an_agreed_sum_and_the_most_is_a_true_limit():
    clauses = tuple(each for each in SOLE if each.type != "GUARANTEE_PERIOD")

    open_ = found((*clauses, LIMITED), usage=None)

    assert head(open_, "DAMAGES").missing == ("usage",)
    assert open_.at_most == cny("384000.00")  # the loss of 440 000 under the common cap, if the goods were used up


def test_agreed_damages_that_a_gate_bars_are_not_taken_off_the_loss():
    late = found(**AFTER_GUARANTEE)

    assert verdicts(late)["LD_PERFORMANCE"] == verdicts(late)["LD_PER_UNIT"] == "NOT_ENTITLED"
    assert head(late, "DAMAGES").amount == cny("342320.00")  # 350 000 − 7 680 for the delay alone


def test_a_sole_remedy_that_the_guarantee_bars_leaves_the_loss_to_a_lawyer():
    late = found(SOLE, **AFTER_GUARANTEE)

    assert head(late, "DAMAGES").amount == cny("440000.00")
    assert head(late, "DAMAGES").review


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [({"losses": {"DIRECT_LOSS": "260000.00"}}, "NOT_ENTITLED"), ({"same_loss": False}, "ENTITLED")],
)
def test_an_agreed_sum_that_cannot_matter_to_the_damages_is_not_waited_for(changes, verdict):
    assert verdicts(found(units_confirmed=None, **changes))["DAMAGES"] == verdict


def test_without_a_sum_there_is_no_most_and_the_total_is_not_called_certain():
    assessment = found(units_confirmed=None, losses=None)

    assert assessment.total == cny("267680.00")
    assert assessment.at_most is None
    assert entitlement_record.to_data(assessment)["found"]["at_most"] is None
    assert total_line(assessment).code == "total.open"
    assert "267,680.00" in say(total_line(assessment)).replace("\u202f", ",")


def test_what_is_undetermined_makes_the_total_uncertain_even_if_the_most_is_the_same():
    capped = (*paper("LIABILITY_CAP"), clause("LIABILITY_CAP", pct="0.1"))

    assessment = found(capped, notified_on="2026-04-20", seller_knew=None)

    assert assessment.total == assessment.at_most == cny("3200.00")
    assert total_line(assessment).code == "total.at_most"


def test_a_cap_that_is_not_known_is_said_beside_the_total():
    assessment = found(paper("LD_DELAY"), contract_price=None)

    assert "total.uncapped" in [line.code for line in entitlement_lines.lines(assessment)]
    assert "contract_price" in assessment.missing
    assert assessment.status == "REVIEW"


@pytest.mark.parametrize("fact", ["earnest_paid", "contract_price", "fundamental_breach", "units_confirmed"])
def test_earnest_money_names_the_fact_that_it_lacks(fact):
    assessment = found((*paper(), EARNEST), **(BREACH | {fact: None}))

    assert fact in part(assessment, "EARNEST_MONEY").result["missing"]
    assert fact in assessment.missing
    assert assessment.status == "REVIEW"


def test_earnest_money_is_compared_with_the_agreed_damages_that_are_due():
    assessment = found((*paper(), EARNEST), **BREACH)

    assert part(assessment, "EARNEST_MONEY").result["back_by_ld"] == cny("577480.00")  # 300 000 + 277 480
    assert assessment.status == "ENTITLED"


@pytest.mark.parametrize(
    ("said", "fact"),
    [
        ({}, "open_issue_impairs_use"),
        ({"open_issue_impairs_use": False, "prices_include_vat": None}, "prices_include_vat"),
        ({"open_issue_impairs_use": False, "third_party_repair": "36480.55"}, "seller_failed_to_repair"),
    ],
)
def test_retention_names_the_fact_that_it_lacks(said, fact):
    assessment = found((*paper(), RETENTION), **said)

    assert part(assessment, "RETENTION").result["missing"] == (fact,)
    assert fact in assessment.missing
    assert assessment.status == "REVIEW"


def test_retention_does_not_ask_what_cannot_matter():
    said = {"open_issue_impairs_use": True, "third_party_repair": "36480.55"}

    kept = part(found((*paper(), RETENTION), **said), "RETENTION")

    assert kept.result["released"] == cny("0.00")


def test_a_limitation_that_cannot_be_dated_asks_for_its_start_and_stops_nothing():
    assessment = found(known_on=None)

    assert part(assessment, "LIMITATION_OF_ACTION").result["missing"] == ("known_on",)
    assert "known_on" in assessment.missing
    assert assessment.review
    assert assessment.status == "ENTITLED"


def test_agreed_damages_are_compared_with_the_loss_only_when_all_are_settled():
    assessment = found(units_confirmed=None, losses={"DIRECT_LOSS": "350000.00"})

    assert part(assessment, "LD_ADJUSTMENT").result["missing"] == ("units_confirmed",)
    assert "INCREASE_MAY_BE_ASKED" not in assessment.flags


def test_the_total_is_set_off_against_the_unpaid_price():
    assessment = found(unpaid_price="400000.00")

    assert part(assessment, "SET_OFF").result["buyer_pays"] == cny("50000.00")
    assert assessment.total == cny("350000.00")


@pytest.mark.parametrize("fact", ["units_confirmed", "contract_price"])
def test_a_total_that_is_not_settled_is_not_set_off(fact):
    assessment = found(unpaid_price="400000.00", **{fact: None})

    assert fact in part(assessment, "SET_OFF").result["missing"]


def test_without_an_unpaid_price_nothing_is_set_off():
    assert "SET_OFF" not in [each.kind for each in found().parts]


def test_nothing_is_nothing_in_the_currency_of_the_case():
    assessment = found(currency="EUR", seller_share_pct="0")

    assert {str(each.amount.currency) for each in assessment.heads} == {"EUR"}
    assert assessment.total.currency == "EUR"


REPLACED = {
    "delivered_on": "2024-03-22", "replaced_on": "2026-05-01", "found_on": "2027-04-10", "notified_on": "2027-04-11",
    "seller_knew": True,
}  # fmt: skip


@pytest.mark.parametrize(("accepted", "verdict"), [("2024-06-03", "PASS"), ("2024-03-25", "FAIL"), (None, "UNKNOWN")])
def test_the_outer_end_of_the_guarantee_runs_from_acceptance(accepted, verdict):
    fixed = (*paper("GUARANTEE_PERIOD"), clause("GUARANTEE_PERIOD", roll=False))

    found_ = gate(assess(facts(**REPLACED, accepted_on=accepted), fixed, as_of=SIGNED, calendar=HOME), "G")

    assert found_.verdict == verdict
    assert found_.missing == (() if accepted else ("accepted_on",))


def test_acceptance_is_not_asked_for_where_the_guarantee_is_over_without_its_outer_end():
    late = gate(found(**AFTER_GUARANTEE, accepted_on=None), "G")

    assert (late.verdict, late.missing) == ("FAIL", ())


def test_a_head_that_was_ruled_without_a_sum_is_unknown_where_nothing_gives_one():
    ruled = (Ruling(what="LD_PER_UNIT 8.2", verdict="ENTITLED", number=1),)
    clauses = paper()

    known = assess(facts(), clauses, as_of=SIGNED, calendar=HOME, ruled=ruled)
    taken_back = assess(facts(affected_price=None), clauses, as_of=SIGNED, calendar=HOME, ruled=ruled)

    head, lost = (next(one for one in each.heads if one.sum.type == "LD_PER_UNIT") for each in (known, taken_back))
    assert (head.verdict, str(head.amount)) == (Verdict.ENTITLED, "CNY 9,800.00")
    assert (lost.verdict, lost.amount, lost.review) == (Verdict.UNDETERMINED, None, True)
    assert "affected_price" in lost.missing
    assert taken_back.at_most is None


def granted(clauses, *, verdict="ENTITLED", amount="900000.00", **changes):
    """Return the assessment in which people granted a sum per unit."""
    ruling = Ruling.from_data({"what": "LD_PER_UNIT 8.2", "verdict": verdict, "number": 1, "amount": amount})
    return assess(facts(**changes), clauses, as_of=SIGNED, calendar=HOME, ruled=(ruling,))


def test_what_a_ruling_grants_is_cut_by_the_common_cap():
    ruled = granted(paper())

    assert head(ruled, "LD_PER_UNIT").amount == cny("900000.00")
    assert ruled.total == cny("384000.00")  # 12 % of 3 200 000
    assert "AGGREGATE_CAP_REACHED" in ruled.flags


@pytest.mark.parametrize("clauses", [paper("LIABILITY_CAP"), paper("LIABILITY_CAP", "LD_PER_UNIT") + SOLE[-1:]])
def test_what_a_ruling_grants_waits_for_a_cap_that_nobody_checked(clauses):
    ruled = granted(clauses, unchecked=["LIABILITY_CAP"])

    assert verdicts(ruled)["LD_PER_UNIT"] == "UNDETERMINED"
    assert (head(ruled, "LD_PER_UNIT").amount, head(ruled, "LD_PER_UNIT").review) == (None, True)
    assert ruled.total == cny("0.00")
    assert ruled.at_most.amount >= 900_000
    assert (ruled.status, ruled.review) == ("REVIEW", True)


@pytest.mark.parametrize("amount", ["900000.00", "100.00"])
def test_what_is_due_at_most_counts_a_ruling_as_what_is_due_does(amount):
    open_too = granted(paper("LIABILITY_CAP"), amount=amount, accepted_on=None)

    assert head(open_too, "LD_PER_UNIT").amount == cny(amount)
    assert open_too.at_most is None or open_too.at_most.amount >= open_too.total.amount


def test_what_a_ruling_refuses_waits_for_no_cap():
    refused = granted(paper("LIABILITY_CAP"), verdict="NOT_ENTITLED", amount=None, unchecked=["LIABILITY_CAP"])

    assert verdicts(refused)["LD_PER_UNIT"] == "NOT_ENTITLED"


def test_a_ruling_under_a_cap_in_another_currency_says_that_the_total_is_uncapped():
    euro = {"amount": {"amount": "1000.00", "currency": "EUR"}, "pct": None, "base_kind": None, "vat": None}

    ruled = granted((*paper("LIABILITY_CAP"), clause("LIABILITY_CAP", **euro)))

    assert "CAP_UNKNOWN" in ruled.flags
    assert ruled.status == "REVIEW"
    assert "total.uncapped" in [line.code for line in entitlement_lines.lines(ruled)]


def test_damages_are_what_exceeds_the_agreed_sum_as_it_was_ruled():
    wide = (*paper("LIABILITY_CAP"), clause("LIABILITY_CAP", pct="90"))

    ruled, plain = granted(wide, amount="49800.00"), found(wide)

    assert head(plain, "DAMAGES").amount.amount - head(ruled, "DAMAGES").amount.amount == 40_000  # ruled 40 000 higher
    assert ruled.total == plain.total


def test_a_penalty_is_set_off_against_the_loss_only_once_they_are_said_to_be_for_the_same_loss():
    unsaid, other = found(same_loss=None), found(same_loss=False)

    assert head(unsaid, "DAMAGES").verdict == Verdict.UNDETERMINED
    assert head(unsaid, "DAMAGES").missing == ("same_loss",)
    assert unsaid.total == cny("277480.00")
    assert unsaid.at_most == cny("384000.00")  # 627 480 under the common cap
    assert head(other, "DAMAGES").amount == cny("350000.00")


def test_agreed_damages_for_another_loss_are_not_compared_with_this_one():
    assert "LD_ADJUSTMENT" not in [each.kind for each in found(same_loss=False).parts]
    assert part(found(same_loss=None), "LD_ADJUSTMENT").result["missing"] == ("same_loss",)


def test_where_no_penalty_is_due_nobody_asks_whether_the_loss_is_the_same():
    alone = found(paper("LD_DELAY", "LD_PER_UNIT", "LD_PERFORMANCE"), same_loss=None)

    assert head(alone, "DAMAGES").amount == cny("350000.00")
    assert "same_loss" not in alone.missing


def noise(limit):
    terms = {"rule": "SIMPLE", "metrics": [{"characteristic": "Noise", "unit": "dB", "upper": limit}]}
    return InForce("3.2", "QUALITY_STANDARD", read_terms("QUALITY_STANDARD", terms))


BOTH = [{"characteristic": "Efficiency", "value": "96.4", "unit": "%", "U": "0.1"},
        {"characteristic": "Noise", "value": "82", "unit": "dB"}]  # fmt: skip


@pytest.mark.parametrize(("limit", "verdict", "number"), [("80", "PASS", "3.2"), ("85", "FAIL", "3.1")])
def test_one_limit_that_is_not_kept_is_enough_whichever_clause_sets_it(limit, verdict, number):
    conform = gate(found((*paper(), noise(limit)), measurements=BOTH), "Q")

    assert (conform.verdict, conform.clause.number) == (verdict, number)


def test_kept_limits_prove_nothing_while_another_clause_on_quality_is_not_checked():
    conform = gate(found(measurements=BOTH[:1], unchecked=["QUALITY_STANDARD"]), "Q")

    assert (conform.verdict, conform.missing) == ("UNKNOWN", ("unchecked",))


def test_the_gate_of_conformity_asks_for_a_measurement_or_a_word_where_a_clause_sets_limits():
    assert gate(found(measurements=None), "Q").missing == ("measurements", "nonconforming")
    assert gate(found(paper("QUALITY_STANDARD"), measurements=None), "Q").missing == ("nonconforming",)


def test_the_gate_of_notice_asks_for_the_notice_and_for_the_day_from_which_its_period_runs():
    asks = gate(found(notified_on=None, delivered_on=None), "N")

    assert asks.missing == ("notified_on", "delivered_on")
    assert asks.clause.number == "5.2"
