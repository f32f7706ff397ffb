"""What is named as turning a verdict does turn it: every change is made, and the verdict looked at."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from contracts import entitlement_lines
from contracts.clauses import read_terms, turning
from contracts.clauses.case import CaseFacts, InForce
from contracts.entitlement import assess
from contracts.entitlement_words import say
from tests.contracts.paper import SIGNED, clause, facts, paper
from tests.contracts.test_entitlement import CHANGES, HOME, found

LATE_AND_OVER = {"found_on": "2028-03-23", "notified_on": "2028-04-20"}
REDUCTION = InForce("7.2", "PRICE_REDUCTION", read_terms("PRICE_REDUCTION", {
    "method": "PROPORTIONAL", "base_kind": "AFFECTED_GOODS", "vat": "VAT_EXCLUDED",
}))  # fmt: skip


def head(assessment, kind):
    return next(each for each in assessment.heads if each.sum.type == kind)


def option(assessment, remedy):
    return next(each for each in assessment.remedies if each.remedy == remedy)


def after(assessment, flip):
    """Return the assessment on the facts as the flip would have them, which have to fit together."""
    turned = turning.changed(assessment.facts, flip)
    assert CaseFacts.from_data(turned.to_data()) == turned
    return assess(turned, assessment.clauses, as_of=assessment.as_of, calendar=HOME, ruled=assessment.rulings)


def said(flips):
    return [(flip.fact, flip.to, *((one.fact, one.to) for one in flip.also)) for flip in flips]


def test_a_head_that_one_gate_stops_is_turned_by_one_fact():
    late = found(notified_on="2026-04-20")

    assert said(head(late, "LD_PER_UNIT").flips) == [("notified_on", date(2026, 4, 7)), ("seller_knew", True)]


def test_a_head_that_two_gates_stop_names_what_must_change_with_it():
    both = found(**LATE_AND_OVER)

    assert said(head(both, "LD_PER_UNIT").flips) == [
        ("notified_on", date(2026, 4, 7), ("found_on", date(2026, 4, 7))),
        ("seller_knew", True, ("found_on", date(2028, 3, 22))),
    ]


def test_a_delay_that_was_none_names_the_first_day_of_one_and_a_delay_the_last_day_in_time():
    punctual, late = found(delivered_on="2026-03-08"), found()

    assert said(head(punctual, "LD_DELAY").flips) == [("delivered_on", date(2026, 3, 11))]
    assert ("delivered_on", date(2026, 3, 10)) in said(head(late, "LD_DELAY").flips)


def test_a_delivery_named_after_the_notice_moves_the_notice_too():
    early = found(delivered_on="2026-03-01", found_on="2026-03-02", notified_on="2026-03-03")

    assert said(head(early, "LD_DELAY").flips) == [
        ("delivered_on", date(2026, 3, 11), ("notified_on", date(2026, 3, 11)))
    ]


def test_a_measured_value_within_the_tolerance_names_the_nearest_beyond_it():
    near = found(measurements=[{"characteristic": "Efficiency", "value": "95.6", "unit": "%", "U": "0.1"}])

    (flip,) = head(near, "LD_PERFORMANCE").flips

    assert [str(one.value) for one in flip.to] == ["95.4"]
    line = next(each for each in entitlement_lines.lines(near) if each.params.get("to") == flip.to)
    assert "Efficiency 95.4 % ± 0.1 %" in say(line)


def test_proven_conforming_goods_name_the_value_that_would_not_conform():
    good = found(measurements=[{"characteristic": "Efficiency", "value": "96.40", "unit": "%", "U": "0.10"}])

    (flip,) = next(each for each in good.gates if each.name == "Q").flips

    assert [str(one.value) for one in flip.to] == ["95.90"]


def test_a_loss_that_the_penalty_covers_says_what_would_leave_some_of_it():
    covered = found(losses={"DIRECT_LOSS": "260000.00"})

    assert said(head(covered, "DAMAGES").flips) == [
        ("same_loss", False), ("losses", (("DIRECT_LOSS", Decimal("277480.01")),)),
    ]  # fmt: skip


def test_a_remedy_that_is_not_its_turn_yet_names_what_must_have_failed():
    first = found()

    assert said(option(first, "REPLACEMENT").flips) == [("failed_repairs", 2)]
    assert said(option(first, "PRICE_REDUCTION").flips) == [("failed_repairs", 2, ("failed", ("REPLACEMENT",)))]


@pytest.mark.parametrize("changes", [LATE_AND_OVER, {"seller_share_pct": "0", "notified_on": "2026-04-20"}, {}])
def test_the_change_and_what_goes_with_it_are_said_in_words(changes):
    lines = [say(one) for one in entitlement_lines.lines(found(**changes)) if one.code.startswith("flip")]

    assert lines
    assert all("Would turn a verdict: " in line for line in lines)


MORE = st.fixed_dictionaries(
    {},
    optional={
        "delivered_on": st.sampled_from(["2026-03-01", "2026-03-10", "2026-03-11", "2026-03-22"]),
        "found_on": st.sampled_from([None, "2026-03-23", "2026-06-30", "2028-03-23"]),
        "notified_on": st.sampled_from(["2026-03-31", "2026-04-07", "2026-04-08", "2028-04-20"]),
        "same_loss": st.sampled_from([None, True, False]),
        "losses": st.sampled_from([{"LOST_PROFIT": "9"}, {"DIRECT_LOSS": "260000.00"}, {"DIRECT_LOSS": "5"}]),
        "avoidable": st.sampled_from(["0", "300000.00"]),
        "failed_repairs": st.integers(0, 3),
        "failed": st.sampled_from([[], ["REPLACEMENT"], ["REPAIR"]]),
        "value_conforming": st.just("90.00"),
        "value_delivered": st.sampled_from(["90.00", "60.00", "95.00"]),
        "requested": st.sampled_from([["REPAIR"], ["PRICE_REDUCTION"], ["REPLACEMENT", "TERMINATION"]]),
        "measurements": st.sampled_from([
            [{"characteristic": "Efficiency", "value": value, "unit": "%", "U": "0.1"}]
            for value in ("95.6", "95.95", "96.4", "94.2", "92.0")
        ]),
        "fundamental_breach": st.sampled_from([None, True, False]),
        "repair_reasonable": st.sampled_from([None, True, False]),
    },
)  # fmt: skip
SHAPES = st.fixed_dictionaries(
    {},
    optional={
        "LD_DELAY": st.sampled_from([
            {"grace_kind": "DEDUCTIBLE", "grace_days": 7}, {"grace_kind": "THRESHOLD", "grace_days": 12},
            {"counting": "DUE_DAY_INCLUDED"}, {"per": "PER_WEEK", "part_week": "IGNORE"},
            {"shared_fault_reduces": True}, {"exclusive": True},
        ]),
        "LD_PERFORMANCE": st.sampled_from([
            {"part_step": "IGNORE"}, {"tolerance_use": "FROM_GUARANTEED_VALUE"}, {"exclusive": True},
        ]),
        "REMEDY_ORDER": st.sampled_from([{"chooser": "BUYER_CHOOSES"}, {"max_repairs": 0}]),
        "QUALITY_STANDARD": st.just({"rule": "SIMPLE"}),
        "INSPECTION_NOTICE": st.sampled_from([{"n": 400}, {"scope": "APPARENT_DEFECTS"}]),
        "GOVERNING_LAW": st.sampled_from([{"cisg": "CISG_APPLIES"}, {"law_of": "GERMANY"}]),
    },
)  # fmt: skip
WITHOUT = st.sets(st.sampled_from(["REMEDY_ORDER", "QUALITY_STANDARD", "INSPECTION_NOTICE", "EXCLUSION", "LD_DELAY"]))


def built(changes, more, shapes, without):
    """Return the assessment of a drawn case; None where its facts contradict each other."""
    clauses = [each for each in paper(*without) if each.type not in shapes]
    clauses += [clause(kind, **terms) for kind, terms in shapes.items() if kind not in without]
    raw = {name: value for name, value in (facts().to_data() | changes | more).items() if value is not None}
    if any(raw.get(name, "") > raw.get("notified_on", "3") for name in ("delivered_on", "found_on")):
        return None
    return assess(CaseFacts.from_data(raw), (*clauses, REDUCTION), as_of=SIGNED, calendar=HOME)


def same(one, others):
    """Return the head of the same clause among others; None where nothing asks for it any more."""
    return next((each for each in others if (each.sum.type, each.sum.clause) == (one.sum.type, one.sum.clause)), None)


@settings(max_examples=120, deadline=None)
@given(changes=CHANGES, more=MORE, shapes=SHAPES, without=WITHOUT)
def test_every_change_that_is_named_turns_its_verdict(changes, more, shapes, without):
    assessment = built(changes, more, shapes, without)
    assume(assessment is not None)

    for one in assessment.heads:
        for flip in one.flips:
            now = same(one, after(assessment, flip).heads)
            assert now is None or now.verdict != one.verdict, (one.sum.type, one.verdict, flip)
    for each in assessment.remedies:
        for flip in each.flips:
            assert option(after(assessment, flip), each.remedy).verdict != each.verdict, (each, flip)


@settings(max_examples=80, deadline=None)
@given(changes=CHANGES, more=MORE, shapes=SHAPES, without=WITHOUT)
def test_every_verdict_names_what_would_turn_it_or_what_it_lacks(changes, more, shapes, without):
    assume(shapes.get("REMEDY_ORDER") != {"max_repairs": 0})
    assessment = built(changes, more, shapes, without)
    assume(assessment is not None)

    for one in (*assessment.heads, *assessment.remedies):
        if one.verdict == "UNDETERMINED":
            assert one.missing
        elif one.verdict == "ENTITLED":
            assert one.flips
        elif isinstance(one, type(assessment.remedies[0])):
            assert one.flips, (one.remedy, one.stopped_by)
        else:
            assert one.flips or one.sum.type == "DAMAGES", (one.sum.type, one.stopped_by)
