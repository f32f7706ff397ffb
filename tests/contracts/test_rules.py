"""The rules of the clauses: questions reckoned by hand, what does not fit, and what holds for all of them."""

import json
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts import entitlement_words
from contracts.amounts import Money
from contracts.clauses import TermsError, rules, sampling
from contracts.clauses.working import to_minor, written
from tests.contracts.rule_cases import BAD, DAY, UNSEEN
from tests.worktime import vectors as shared
from worktime.calendars import Calendar

CALENDAR = Calendar.from_data(shared.load()["calendars"]["CN-STD"], "CN-STD")
WORKED = json.loads((shared.FILE.parent / "entitlement_vectors.json").read_text(encoding="utf-8"))["vectors"]


def answer(clause, facts):
    return written(rules.answer(clause, facts, CALENDAR).result)


@pytest.mark.parametrize("vector", WORKED, ids=lambda vector: vector["id"])
def test_each_worked_example(vector):
    result = answer(vector["input"]["clause"], vector["input"]["facts"])

    assert {name: result.get(name, "missing") for name in vector["expected"]} == vector["expected"]


@pytest.mark.parametrize(
    ("clause", "facts", "expected"), [pytest.param(*case[1:], id=case[0].replace(" ", "-")) for case in UNSEEN]
)
def test_other_questions_are_answered_as_by_hand(clause, facts, expected):
    result = answer(clause, facts)

    assert {name: result.get(name, "missing") for name in expected} == expected


def test_every_kind_of_clause_has_a_question_reckoned_by_hand():
    assert {clause for _, clause, *_ in UNSEEN} == set(rules.RULES)


@pytest.mark.parametrize(("clause", "facts", "field", "words"), [case for case in BAD if "calendar" not in case[1]])
def test_what_cannot_be_reckoned_with_is_said_in_words(clause, facts, field, words):
    with pytest.raises(TermsError) as refusal:
        rules.answer(clause, facts, CALENDAR)

    said = {problem.field: entitlement_words.say_problem(problem) for problem in refusal.value.problems}
    assert words in said[field]


@pytest.mark.parametrize(
    "case", UNSEEN + [(one["id"], *one["input"].values()) for one in WORKED], ids=lambda case: case[0]
)
def test_every_step_has_its_words_and_rests_on_facts_that_the_rule_knows(case):
    _, clause, facts = case[:3]

    steps = rules.answer(clause, facts, CALENDAR).steps

    assert steps
    assert all(entitlement_words.say(step) for step in steps)
    assert {name for step in steps for name in step.uses} <= set(rules.RULES[clause].shape.asks())


@pytest.mark.parametrize(
    ("value", "currency", "rounded"),
    [("12.505", "CNY", "12.51"), ("-12.505", "CNY", "-12.51"), ("0.5", "JPY", "1"), ("1.0005", "KWD", "1.001")],
)
def test_sums_are_rounded_half_away_from_zero_to_the_minor_unit(value, currency, rounded):
    assert to_minor(Decimal(value), currency) == Money(Decimal(rounded), currency)


def test_the_table_of_plans_is_whole():
    plans = [
        sampling.plan(lot, level, Decimal(aql))
        for lot in (2, 9, 16, 26, 51, 91, 151, 281, 501, 1201, 3201, 10_001, 35_001, 150_001, 500_001)
        for level in sampling.Level
        for aql in ("0.10", "0.25", "0.4", "0.65", "1.0", "1.5", "2.5", "4", "6.5")
    ]

    assert len(plans) == 15 * 7 * 9
    assert all(plan.re == plan.ac + 1 and plan.n > plan.ac for plan in plans)


SUMS = st.decimals(min_value=0, max_value=10**9, places=2).map(lambda value: f"{value:f}")


@settings(max_examples=200, deadline=None)
@given(late=st.integers(0, 500), longer=st.integers(0, 500), base=SUMS, grace=st.integers(0, 20))
def test_a_longer_delay_never_pays_less(late, longer, base, grace):
    day = date(2026, 3, 10)

    def amount(days):
        facts = {**DAY, "actual": (day + timedelta(days)).isoformat(), "base": base, "cap": "500000.00",
                 "grace_days": grace, "grace_kind": "THRESHOLD"}  # fmt: skip
        return Decimal(answer("LD_DELAY_DAY", facts)["amount"])

    assert amount(late) <= amount(late + longer) <= Decimal("500000.00")


@settings(max_examples=200, deadline=None)
@given(
    items=st.dictionaries(st.sampled_from("ABCDE"), SUMS, min_size=1),
    excluded=st.sets(st.sampled_from("ABCDE")),
    more=st.sampled_from("ABCDE"),
)
def test_an_added_exclusion_never_widens(items, excluded, more):
    def left(names):
        return Decimal(answer("EXCLUSION", {"items": items, "excluded": sorted(names)})["amount"])

    assert left(excluded | {more}) <= left(excluded)


@settings(max_examples=150, deadline=None)
@given(n=st.integers(1, 900), more=st.integers(0, 90), told=st.integers(0, 1200))
def test_a_later_deadline_never_removes_the_claim(n, more, told):
    def gate(days):
        facts = {"delivered": "2026-03-02", "period": f"{days} day", "roll": True, "defect": "APPARENT",
                 "notice_date": (date(2026, 3, 2) + timedelta(told)).isoformat()}  # fmt: skip
        return answer("INSPECTION_NOTICE", facts)["gate"]

    assert gate(n) == "BARRED" or gate(n + more) == "OPEN"


@settings(max_examples=200, deadline=None)
@given(
    heads=st.lists(st.tuples(st.sampled_from("ABC"), SUMS), min_size=1, max_size=6),
    cap=SUMS,
    carved=st.sets(st.sampled_from("ABC")),
)
def test_a_cap_never_raises_and_carve_outs_never_cut(heads, cap, carved):
    facts = {"heads": [list(head) for head in heads], "aggregate_cap": cap}

    plain = answer("LIABILITY_CAP", facts)
    free = answer("LIABILITY_CAP", {**facts, "carve_outs": sorted(carved)})

    assert Decimal(plain["amount"]) <= Decimal(plain["sum"])
    assert Decimal(plain["amount"]) <= Decimal(free["amount"]) <= Decimal(free["sum"])


@settings(max_examples=200, deadline=None)
@given(
    value=st.decimals(min_value=-50, max_value=50, places=2),
    U=st.decimals(min_value=0, max_value=5, places=2),
    low=st.decimals(min_value=-20, max_value=0, places=2),
    high=st.decimals(min_value=0, max_value=20, places=2),
)
def test_what_is_proven_with_uncertainty_also_shows_without(value, U, low, high):
    facts = {"value": str(value), "U": str(U), "lower_limit": str(low), "upper_limit": str(high)}

    plain = answer("QUALITY_STANDARD", {**facts, "rule": "SIMPLE"})["verdict"]
    proven = answer("QUALITY_STANDARD", {**facts, "rule": "GUARD_BAND_BOTH"})["verdict"]

    touches = value in (low - U, high + U)
    assert proven in {plain, "INCONCLUSIVE"} or touches
