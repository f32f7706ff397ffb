"""Questions about management figures through their door: worked examples, unseen ones, and what does not fit."""

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

WORKED = json.loads((shared.FILE.parent / "grading_kpi_vectors.json").read_text(encoding="utf-8"))["kpi"]
INPUTS = {vector["kind"]: vector["input"] for vector in reversed(WORKED)}


@pytest.fixture
def ask(ada):
    client = APIClient()
    client.force_authenticate(ada)

    def asks(kind, said, language="en"):
        body = {"kind": kind, "input": said}
        return client.post("/api/v1/calculators/kpi/", body, format="json", headers={"accept-language": language})

    return asks


@pytest.mark.parametrize("vector", WORKED, ids=lambda vector: vector["id"])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_each_worked_example_is_answered_to_the_letter(ask, vector, language):
    answer = ask(vector["kind"], vector["input"], language)

    assert answer.status_code == 200, answer.json()
    assert answer.json()["result"] == vector["expected"]
    assert all(line["sentence"] for line in answer.json()["explanation"])
    assert answer.json()["explanation"]


UNSEEN = [
    ("sla_compliance", {"met": 2, "breached": 1}, {"percent": "66.7"}),
    ("sla_compliance", {"met": 0, "breached": 3, "revoked": 1}, {"percent": "25.0"}),
    ("time_to_resolution", {"values": []}, {"mean": None, "median": None, "p90": None}),
    ("time_to_resolution", {"values": [7]}, {"mean": "7.0", "median": "7.0", "p90": "7"}),
    ("time_to_resolution", {"values": [3.5, "1.25", 2]}, {"mean": "2.3", "median": "2.0", "p90": "3.5"}),
    ("ppm", {"confirmed_defective_units": 3, "shipped_units": 0}, {"ppm": None}),
    ("ppm", {"confirmed_defective_units": 3, "shipped_units": 500}, {"ppm": "6000.0"}),
    ("nps", {"promoters": 0, "passives": 0, "detractors": 3, "invitations_delivered": 0},
     {"nps": "-100.0", "n": 3, "response_rate": None}),
    ("nps", {"promoters": 0, "passives": 0, "detractors": 0, "invitations_delivered": 5},
     {"nps": None, "n": 0, "response_rate": "0.0"}),
    ("csat", {"scores": {"5": 1}}, {"csat_percent": "100.0", "mean": "5.00"}),
    ("csat", {"scores": {}}, {"csat_percent": None, "mean": None}),
    ("ces", {"scores": [1, 2, 5]}, {"mean": "2.67", "easy_percent": "33.3"}),
    ("reopen_rate", {"closed_in_cohort": 60, "reopened_within_90_days": 3, "cohort_mature": False}, {"percent": None}),
    ("repeat_rate", {"justified_cases": 0, "repeat_cases": 0}, {"percent": None}),
    ("visits_on_time", {"due": 3, "done_within_tolerance": 2}, {"percent": "66.7"}),
    ("pareto", {"rows": [["a", 5, "1"], ["b", 20, "1"], ["c", 5, "7.5"]]},
     {"cumulative_percent": ["66.7", "83.3", "100.0"], "vital_few_80": ["b", "a"], "order_by_cost": ["c", "a", "b"]}),
    ("copq", {"internal_failure": "1.5", "external_failure": "2.25", "revenue": "0"},
     {"copq": "3.75", "copq_percent_of_revenue": None, "total_quality_cost": "3.75"}),
    ("backlog_age", {"age_days": []}, {"0-2": 0, "3-7": 0, "8-14": 0, "15-30": 0, "31-60": 0, ">60": 0}),
    ("supplier_score", {"scores": {"q": "89.96"}, "weights": {"q": 100}, "thresholds": {"C": 60, "A": 90, "B": 75}},
     {"total": "90.0", "grade": "B"}),
    ("supplier_score", {"scores": {"q": 99, "d": None}, "weights": {"q": 70, "d": 30}, "thresholds": {"A": 90}},
     {"total": None, "grade": None}),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "said", "expected"), UNSEEN)
def test_other_questions_of_each_kind_are_answered_as_by_hand(ask, kind, said, expected):
    answer = ask(kind, said)

    assert answer.status_code == 200, answer.json()
    assert answer.json()["result"] == expected


def _with(kind: str, **said: Any) -> tuple[str, dict[str, Any]]:
    return kind, {**INPUTS[kind], **said}


@pytest.mark.parametrize(
    ("question", "field"),
    [
        (_with("sla_compliance", met=-1), "input.met"),
        (_with("sla_compliance", met=True), "input.met"),
        (_with("sla_compliance", met="many"), "input.met"),
        (_with("time_to_resolution", values=[1, "x"]), "input.values.1"),
        (_with("time_to_resolution", values=[-1]), "input.values.0"),
        (_with("time_to_resolution", values=[1] * 10_001), "input.values"),
        (_with("ppm", shipped_units=1.5), "input.shipped_units"),
        (_with("csat", scores={"6": 1}), "input.scores"),
        (_with("csat", scores=[5, 4]), "input.scores"),
        (_with("ces", scores=[0]), "input.scores.0"),
        (_with("ces", scores=[8]), "input.scores.0"),
        (_with("reopen_rate", reopened_within_90_days=61), "input.reopened_within_90_days"),
        (_with("repeat_rate", repeat_cases=49), "input.repeat_cases"),
        (_with("visits_on_time", done_late=7), "input.due"),
        (_with("visits_on_time", moved_done_in_time=4), "input.moved_done_in_time"),
        (_with("pareto", rows=[["a", 1]]), "input.rows.0"),
        (_with("pareto", rows=[["a", -1, "2"]]), "input.rows.0"),
        (_with("pareto", rows=[[None, 1, "2"]]), "input.rows.0"),
        (_with("copq", revenue="-1"), "input.revenue"),
        (_with("copq", revenue={"amount": "1", "currency": "EUR"}, appraisal={"amount": "1", "currency": "CNY"}),
         "input.revenue"),
        (_with("backlog_age", age_days=[1.5]), "input.age_days.0"),
        (_with("supplier_score", weights={"quality": 50}), "input.weights"),
        (_with("supplier_score", weights={"quality": 100}), "input.weights"),
        (_with("supplier_score", scores={"quality": 101}), "input.scores"),
        (_with("supplier_score", thresholds={"A": 60, "B": 75}), "input.thresholds"),
        (_with("supplier_score", thresholds={"E": 60}), "input.thresholds"),
        (("csat", {}), "input.scores"),
        (("moon", {}), "kind"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_what_cannot_be_reckoned_with_is_refused_by_field(ask, question, field, language):
    answer = ask(*question, language)

    assert answer.status_code == 400, answer.json()
    assert any(error["field"].startswith(field) and error["message"] for error in answer.json()["errors"])


junk = st.one_of(
    st.none(), st.booleans(), st.integers(-(10**45), 10**45), st.floats(), st.text(max_size=12),
    st.sampled_from(["", "０", "1e400", "NaN", "0" * 41, "\0", {"amount": "1", "currency": "JPY"}, "１２", {"6": 1}]),
    st.lists(st.integers(-5, 9), max_size=3),
    st.dictionaries(st.sampled_from(["5", "quality", "A"]), st.integers(0, 100), max_size=3),
)  # fmt: skip


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_is_asked_is_answered_or_refused_in_words(db, data):
    kind = data.draw(st.sampled_from(sorted(INPUTS)))
    said = copy.deepcopy(INPUTS[kind])
    for _ in range(data.draw(st.integers(1, 3))):
        _spoil(said, data)

    try:
        answer = calculators.ask("kpi", kind, said)
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
    place[name] = copy.deepcopy(data.draw(junk))  # else the next spoiling would change what is drawn from
