"""Clauses through their door: every worked example to the letter, others reckoned by hand, and what does not fit."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rest_framework.test import APIClient

from contracts.clauses import rules
from tests.contracts.paper import facts as paper_facts
from tests.contracts.paper import paper
from tests.contracts.rule_cases import BAD, DAY
from tests.worktime import vectors as shared

WORKED = json.loads((shared.FILE.parent / "entitlement_vectors.json").read_text(encoding="utf-8"))["vectors"]


@pytest.fixture
def ask(ada):
    client = APIClient()
    client.force_authenticate(ada)

    def asks(clause, facts, language="en", **more):
        body = {"kind": "entitlement", "input": {"clause": clause, "facts": facts, **more}}
        return client.post(
            "/api/v1/calculators/entitlement/", body, format="json", headers={"accept-language": language}
        )

    return asks


def test_there_are_sixty_eight():
    assert len(WORKED) == 68


@pytest.mark.parametrize("vector", WORKED, ids=lambda vector: vector["id"])
def test_each_worked_example_is_answered_to_the_letter(ask, vector):
    answer = ask(vector["input"]["clause"], vector["input"]["facts"])

    assert answer.status_code == 200, answer.json()
    result = answer.json()["result"]
    assert {name: result.get(name, "missing") for name in vector["expected"]} == vector["expected"]
    assert not [line for line in answer.json()["explanation"] if line["code"] == "not_used"]


@pytest.mark.parametrize(("clause", "facts", "field", "words"), BAD[::9])
def test_what_cannot_be_reckoned_with_is_refused_in_words(ask, clause, facts, field, words):
    answer = ask(clause, facts)

    assert answer.status_code == 400
    said = {error["field"]: error["message"] for error in answer.json()["errors"]}
    assert words in said[f"input.facts.{field}"]


@pytest.mark.parametrize("body", [{}, {"clause": "MOON", "facts": {}}, {"clause": "FX", "facts": []}, [], None])
def test_a_question_without_a_clause_or_facts_is_refused(ada, body):
    client = APIClient()
    client.force_authenticate(ada)

    answer = client.post("/api/v1/calculators/entitlement/", {"kind": "entitlement", "input": body}, format="json")

    assert answer.status_code == 400


def test_each_step_says_in_both_languages_what_it_rests_on(ask):
    said = {lang: ask("LD_DELAY_DAY", DAY, lang).json()["explanation"] for lang in ("en", "zh-hans")}

    assert said["en"][0] == {
        "code": "delay.late", "uses": ["due", "actual", "inclusive"], "law": "",
        "sentence": "Late by 12 days (due 10 Mar 2026 not counted, 22 Mar 2026 counted).",
    }  # fmt: skip
    assert said["en"][1]["sentence"] == "12 × 0.05 % × CNY 1,280,000.00 = CNY 7,680.00 (rate per day)."
    assert said["en"][-1]["sentence"] == "Computed for review, not legal advice."
    assert said["zh-hans"][0]["sentence"] == "逾期12日（2026年3月10日当日不计，2026年3月22日计入）。"
    assert said["zh-hans"][-1]["sentence"] == "计算结果供人工审核，不构成法律意见。"


def test_facts_that_no_rule_knows_are_named_and_not_used(ask):
    answer = ask("LD_DELAY_DAY", {**DAY, "grace": 7}).json()

    assert answer["result"]["amount"] == "7680.00"
    assert "Not used, for this rule does not know it: grace." in [line["sentence"] for line in answer["explanation"]]


def test_full_width_digits_are_digits(ask):
    facts = {
        **DAY,
        "base": "１２８００００．００",
        "due": "２０２６-０３-１０",
        "grace_days": "７",
        "grace_kind": "DEDUCTIBLE",
    }

    assert ask("LD_DELAY_DAY", facts).json()["result"]["amount"] == "3200.00"


def test_a_calendar_may_be_given_whole(ask):
    off = {"tz": "Asia/Shanghai", "weekly": {str(day): [["09:00", "17:00"]] for day in range(7)}, "off": ["2026-03-17"]}
    facts = {"delivered": "2026-03-02", "period": "15 day", "roll": True, "notice_date": "2026-03-18"}

    assert ask("INSPECTION_NOTICE", {**facts, "calendar": off}).json()["result"]["last_day"] == "2026-03-18"
    assert ask("INSPECTION_NOTICE", facts, calendar=off).json()["result"]["last_day"] == "2026-03-18"


def test_a_period_beyond_the_last_year_is_refused_in_words(ask):
    answer = ask("LIMITATION_OF_ACTION", {"knowledge": "9990-01-01", "years": 20})

    assert answer.status_code == 400
    assert "too long" in answer.json()["errors"][0]["message"]


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8) | st.sampled_from(["0", "100", "2026-03-10", "9999-12-31", "0001-01-01", "15 day", "1" * 40,
                                             "REPAIR", "CNY", "EUR", "0.000000000001", "999999999999999", "PRORATA"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip


@pytest.mark.django_db
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_question_breaks_it(ask, data):
    vector = data.draw(st.sampled_from(WORKED))
    clause = vector["input"]["clause"]
    names = st.sampled_from(sorted(rules.RULES[clause].shape.asks()))
    changed = data.draw(st.dictionaries(names, ANYTHING, min_size=1, max_size=4))

    answer = ask(clause, {**vector["input"]["facts"], **changed})

    assert answer.status_code in {200, 400}, answer.content


CASE = {
    "as_of": "2026-01-15",
    "clauses": [each.to_data() for each in paper()],
    "facts": {name: value for name, value in paper_facts().to_data().items() if name != "currency"},
}


@pytest.fixture
def assess(ada):
    client = APIClient()
    client.force_authenticate(ada)

    def asks(**changes):
        body = {"kind": "assessment", "input": CASE | changes}
        return client.post("/api/v1/calculators/entitlement/", body, format="json")

    return asks


def test_a_whole_case_is_assessed_with_every_step(assess):
    answer = assess()

    assert answer.status_code == 200, answer.json()
    result = answer.json()["result"]
    assert (result["total"], result["status"]) == ("350000.00", "ENTITLED")
    said = [line["sentence"] for line in answer.json()["explanation"]]
    assert "Agreed damages for delay: Entitled, CNY 7,680.00 (clause 8.1)." in said
    assert "Would turn a verdict: Notice given on, 8 Apr 2026." in said


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"as_of": "soon"}, "input.as_of"),
        ({"as_of": "2026-01-14"}, "input.as_of"),
        ({"clauses": [{"number": "1", "type": "MOON", "terms": {}}]}, "input.clauses.0.type"),
        ({"clauses": [{"number": "1", "type": "DAMAGES", "terms": {}}]}, "input.clauses.0.terms.heads"),
        ({"clauses": [7]}, "input.clauses.0"),
        ({"facts": {"notified_on": "never"}}, "input.facts.notified_on"),
        ({"facts": {"colour": "red"}}, "input.facts.colour"),
        ({"facts": []}, "input.facts"),
    ],
)
def test_a_case_that_cannot_be_read_is_refused_by_field(assess, changes, field):
    answer = assess(**changes)

    assert answer.status_code == 400
    assert any(error["field"].startswith(field) and error["message"] for error in answer.json()["errors"])


def test_a_day_on_which_no_version_was_in_force_is_named_with_the_earliest(assess):
    (error,) = assess(as_of="2025-12-31").json()["errors"]

    assert "in force on 2025-12-31; the earliest is from 2026-01-15" in error["message"]
