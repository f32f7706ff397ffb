"""The chain of gates: what a whole contract gives in a case, what is not known, and what would turn it."""

import json
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts import entitlement_lines, entitlement_record
from contracts.amounts import Money
from contracts.clauses.case import CaseFacts
from contracts.entitlement import Verdict, assess, what_if
from contracts.entitlement_record import canonical, rederive
from contracts.entitlement_words import say
from tests.contracts.paper import SIGNED, clause, facts, home, paper

HOME = home()


def found(clauses=None, **changes):
    return assess(facts(**changes), paper() if clauses is None else clauses, as_of=SIGNED, calendar=HOME)


def verdicts(assessment):
    return {head.sum.type: head.verdict.value for head in assessment.heads}


def gate(assessment, name):
    return next(each for each in assessment.gates if each.name == name)


def cny(amount):
    return Money(Decimal(amount), "CNY")


def test_every_head_is_reckoned_and_the_loss_is_not_paid_twice():
    assessment = found()

    amounts = {head.sum.type: head.amount for head in assessment.heads}
    assert amounts == {
        "LD_DELAY": cny("7680.00"),  # 12 × 0.05 % × 1 280 000
        "LD_PER_UNIT": cny("9800.00"),  # 37 × 350 = 12 950, at most 10 % of 98 000
        "LD_PERFORMANCE": cny("260000.00"),  # 13 steps below 95.5
        "DAMAGES": cny("72520.00"),  # 350 000 proven, lost profit excluded, 277 480 agreed already
    }
    assert assessment.total == cny("350000.00")
    assert assessment.status == "ENTITLED"


def test_the_common_cap_cuts_the_total():
    assessment = found((*paper("LIABILITY_CAP"), clause("LIABILITY_CAP", pct="10")))

    assert assessment.total == cny("320000.00")
    assert "AGGREGATE_CAP_REACHED" in assessment.flags


def test_late_notice_bars_what_is_wrong_with_the_goods_but_not_the_delay():
    assessment = found(notified_on="2026-04-20")

    assert gate(assessment, "N").verdict == "FAIL"
    assert verdicts(assessment) == {
        "LD_DELAY": "ENTITLED", "LD_PER_UNIT": "NOT_ENTITLED", "LD_PERFORMANCE": "NOT_ENTITLED",
        "DAMAGES": "NOT_ENTITLED",
    }  # fmt: skip
    assert assessment.total == cny("7680.00")
    assert assessment.status == "PARTIAL"
    assert {option.verdict.value for option in assessment.remedies} == {"NOT_ENTITLED"}


@pytest.mark.parametrize(
    "fact",
    ["notified_on", "seller_share_pct", "units_confirmed", "contract_price", "prices_include_vat", "delivered_on"],
)
def test_what_is_not_known_is_named_and_never_a_no(fact):
    assessment = found(**{fact: None})

    assert fact in assessment.missing
    assert Verdict.UNDETERMINED in {each.verdict for each in (*assessment.heads, *assessment.remedies)}
    assert assessment.status == "REVIEW"


def test_a_fact_that_cannot_matter_is_not_asked_for():
    in_time = found(defect=None, seller_knew=None)

    assert gate(in_time, "N").verdict == "PASS"
    assert "seller_knew" not in in_time.missing


def test_a_fact_that_could_save_a_late_notice_is_asked_for():
    late = found(notified_on="2026-04-20", seller_knew=None)

    assert gate(late, "N").verdict == "UNKNOWN"
    assert gate(late, "N").missing == ("seller_knew",)
    assert verdicts(late)["LD_PERFORMANCE"] == "UNDETERMINED"


def test_a_measurement_that_proves_neither_side_leaves_it_open_for_a_lawyer():
    near = found(measurements=[{"characteristic": "efficiency", "value": "95.95", "unit": "%", "U": "0.1"}])

    assert gate(near, "Q").verdict == "UNKNOWN"
    assert gate(near, "Q").review
    assert near.review


def test_proven_conforming_goods_give_no_claim():
    good = found(measurements=[{"characteristic": "Efficiency", "value": "96.4", "unit": "%", "U": "0.1"}])

    assert gate(good, "Q").verdict == "FAIL"
    assert verdicts(good)["LD_PER_UNIT"] == "NOT_ENTITLED"


def test_found_after_the_guarantee_is_too_late():
    late = found(found_on="2028-03-23", notified_on="2028-03-24", delivered_on="2026-03-22", seller_knew=True)

    assert gate(late, "G").verdict == "FAIL"
    assert gate(late, "N").verdict == "PASS"


def test_use_beyond_its_limit_ends_the_guarantee():
    limited = clause("GUARANTEE_PERIOD", usage_limit="8000", usage_unit="OPERATING_HOURS")

    used = found((*paper("GUARANTEE_PERIOD"), limited), usage="8000.5")

    assert gate(used, "G").verdict == "FAIL"
    assert any(flip.fact == "usage" for flip in gate(used, "G").flips)


def test_remedies_open_in_the_order_of_the_clause():
    first, second = found(), found(failed_repairs=2)

    assert [each.remedy for each in first.remedies if each.verdict == "ENTITLED"] == ["REPAIR"]
    assert [each.remedy for each in second.remedies if each.verdict == "ENTITLED"] == ["REPLACEMENT"]


def test_under_the_convention_substitute_goods_wait_for_a_judgement_of_the_breach():
    law = clause("GOVERNING_LAW", cisg="CISG_APPLIES")

    assessment = found((law, *paper("GOVERNING_LAW", "REMEDY_ORDER")))

    assert {each.remedy.value: each.verdict.value for each in assessment.remedies} == {
        "REPAIR": "ENTITLED", "REPLACEMENT": "UNDETERMINED", "PRICE_REDUCTION": "ENTITLED", "DAMAGES": "ENTITLED",
        "TERMINATION": "UNDETERMINED",
    }  # fmt: skip
    assert "fundamental_breach" in assessment.missing


def test_gross_negligence_voids_the_exclusion_and_the_cap():
    grave = found(gross_negligence=True)

    damages = next(head for head in grave.heads if head.sum.type == "DAMAGES")
    assert damages.amount == cny("162520.00")  # 440 000 − 277 480
    assert grave.total == cny("440000.00")  # above the cap of 384 000
    assert grave.review


def test_a_clause_in_another_currency_is_never_mixed():
    assessment = found(
        (*paper("LD_PER_UNIT"), clause("LD_PER_UNIT", amount_per_unit={"amount": "50.00", "currency": "EUR"}))
    )

    assert verdicts(assessment)["LD_PER_UNIT"] == "UNDETERMINED"
    assert "currency" in assessment.missing


def test_the_buyer_s_share_lowers_damages_but_not_agreed_sums():
    shared = found(seller_share_pct="60", same_loss=False)

    amounts = {head.sum.type: head.amount for head in shared.heads}
    assert amounts["LD_DELAY"] == cny("7680.00")
    assert amounts["DAMAGES"] == cny("210000.00")


def test_the_share_lowers_them_where_the_clause_says_so():
    shared = found((*paper("LD_DELAY"), clause("LD_DELAY", shared_fault_reduces=True)), seller_share_pct="60")

    assert next(head.amount for head in shared.heads if head.sum.type == "LD_DELAY") == cny("4608.00")


def test_an_amendment_changes_what_holds_from_its_day_on_and_the_difference_names_the_clause():
    old = tuple(replace(each, effective_to=date(2026, 5, 31)) for each in paper())
    new = tuple(clause(kind.type, version=2, since=date(2026, 6, 1)) for kind in paper("LD_DELAY"))
    both = (*old, *new, clause("LD_DELAY", version=2, since=date(2026, 6, 1), rate_pct="0.1"))

    before = assess(facts(), old, as_of=SIGNED, calendar=HOME)
    then = assess(facts(), both, as_of=SIGNED, calendar=HOME)
    after = what_if(then, HOME, as_of=date(2026, 6, 1))

    assert entitlement_record.to_data(then)["found"] == entitlement_record.to_data(before)["found"]
    changed = {row["what"]: row["after"] for row in entitlement_lines.differences(then, after)}
    assert changed["LD_DELAY 8.1"] == ["8.1 v2", "ENTITLED", "15360.00"]


def test_what_if_the_notice_had_come_in_time():
    late = found(notified_on="2026-04-20")

    early = what_if(late, HOME, notified_on=date(2026, 4, 7))

    assert verdicts(early)["LD_PER_UNIT"] == "ENTITLED"
    assert late.facts.notified_on == date(2026, 4, 20)


CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "notified_on": st.none() | st.dates(date(2026, 3, 30), date(2029, 1, 1)).map(str),
        "defect": st.sampled_from([None, "APPARENT", "LATENT"]),
        "seller_knew": st.sampled_from([None, True, False]),
        "seller_share_pct": st.sampled_from([None, "0", "35.5", "100"]),
        "units_confirmed": st.sampled_from([None, 0, 5]),
        "measurements": st.sampled_from([None, [{"characteristic": "Efficiency", "value": "96.05", "U": "0.1"}]]),
        "contract_price": st.sampled_from([None, "100.00"]),
        "gross_negligence": st.sampled_from([None, True, False]),
        "failed_repairs": st.integers(0, 3),
        "losses": st.sampled_from([None, {"DIRECT_LOSS": "10.01", "LOST_PROFIT": "3.33", "DOWNTIME": "7"}]),
    },
)
WITHOUT = st.sets(st.sampled_from([each.type for each in paper()]), max_size=5)


@settings(max_examples=150, deadline=None)
@given(changes=CHANGES, without=WITHOUT)
def test_a_stored_assessment_is_made_again_byte_for_byte(changes, without):
    assessment = found(paper(*without), **changes)

    stored = canonical(assessment)

    assert canonical(rederive(json.loads(stored)["asked"], HOME)) == stored
    assert all(say(line) for line in entitlement_lines.lines(assessment))


@settings(max_examples=150, deadline=None)
@given(
    changes=CHANGES,
    without=WITHOUT,
    heads=st.sets(st.sampled_from(["DIRECT_LOSS", "LOST_PROFIT", "DOWNTIME"]), min_size=1),
)
def test_an_added_exclusion_never_widens(changes, without, heads):
    clauses = paper(*without)
    more = replace(clause("EXCLUSION", heads=sorted(heads)), number="9.9")

    before, after = found(clauses, **changes), found((*clauses, more), **changes)

    assert after.total <= before.total
    assert before.at_most is None or (after.at_most is not None and after.at_most <= before.at_most)


@settings(max_examples=150, deadline=None)
@given(changes=CHANGES, n=st.integers(1, 400), more=st.integers(0, 400))
def test_a_later_deadline_never_removes_what_was_given(changes, n, more):
    def total(days):
        period = clause("INSPECTION_NOTICE", n=days)
        return found((*paper("INSPECTION_NOTICE"), period), **changes).total

    assert total(n) <= total(n + more)


@settings(max_examples=200, deadline=None)
@given(
    changes=CHANGES,
    fact=st.sampled_from(["seller_share_pct", "seller_knew", "defect", "units_confirmed", "accepted_on"]),
    exclusive=st.booleans(),
)
def test_forgetting_a_fact_never_turns_a_yes_into_a_no_or_back(changes, fact, exclusive):
    clauses = (*paper("LD_PER_UNIT"), clause("LD_PER_UNIT", exclusive=exclusive))
    whole = found(clauses, **changes)
    less = found(clauses, **(changes | {fact: None}))

    assert less.total <= whole.total
    assert less.at_most is None or whole.at_most is None or less.at_most >= whole.at_most

    for one, other in zip(whole.heads, less.heads, strict=True):
        assert other.verdict in (one.verdict, Verdict.UNDETERMINED) or one.verdict == Verdict.UNDETERMINED


@settings(max_examples=150, deadline=None)
@given(changes=CHANGES, without=WITHOUT)
def test_each_flip_turns_the_gate_that_names_it(changes, without):
    assessment = found(paper(*without), **changes)

    for each in assessment.gates:
        for flip in each.flips:
            other = what_if(assessment, HOME, **{one.fact: one.to for one in (flip, *flip.also)})
            assert gate(other, each.name).verdict != each.verdict, flip


def test_limitation_warns_and_never_stops():
    near = found(known_on="2026-03-30", assessed_on=str(date(2029, 3, 30) - timedelta(20)))

    assert "LIMITATION_NEAR" in near.flags
    assert near.status == "ENTITLED"


def test_a_case_of_which_nothing_is_known_has_no_verdict():
    empty = assess(CaseFacts(), paper(), as_of=SIGNED, calendar=HOME)

    assert empty.status == "REVIEW"
    assert Verdict.NOT_ENTITLED not in {head.verdict for head in empty.heads}
    assert {"notified_on", "seller_share_pct", "nonconforming"} <= set(empty.missing)
