"""What-if questions through their door: every worked example, and what is said to questions that do not fit."""

import copy
import json

import pytest
from rest_framework.test import APIClient

from tests.worktime import vectors as shared

TIME = shared.load()
OTHERS = json.loads((shared.FILE.parent / "grading_kpi_vectors.json").read_text(encoding="utf-8"))
WORKED = [*TIME["vectors"], *TIME["date_vectors"], *OTHERS["grading"]]
DUE = {"start": "2026-05-12T10:15+08:00", "tz": "Asia/Shanghai", "target_minutes": 2880}


@pytest.fixture
def ask(ada):
    client = APIClient()
    client.force_authenticate(ada)

    def asks(name, kind, said, language="en"):
        return client.post(
            f"/api/v1/calculators/{name}/",
            {"kind": kind, "input": said},
            format="json",
            headers={"accept-language": language},
        )

    return asks


@pytest.mark.parametrize("vector", WORKED, ids=lambda vector: vector["id"])
def test_each_worked_example_is_answered_whole(ask, vector):
    answer = ask(
        vector["kind"] if vector["kind"] in ("period", "grade") else "deadline", vector["kind"], vector["input"]
    )

    assert answer.status_code == 200, answer.json()
    result = answer.json()["result"]
    assert {name: result.get(name) for name in vector["expected"]} == vector["expected"]
    assert all(line["sentence"] for line in answer.json()["explanation"])
    assert answer.json()["explanation"]


def test_a_calendar_may_be_given_whole(ask):
    vector = copy.deepcopy(next(one for one in TIME["vectors"] if one["id"] == "SV-20"))
    vector["input"]["calendar"] = TIME["calendars"][vector["input"]["calendar"]]

    assert ask("deadline", "due", vector["input"]).json()["result"]["due"] == vector["expected"]["due"]


def test_the_answer_says_why_in_the_reader_s_language(ask):
    said = {lang: ask("deadline", "due", DUE, lang).json()["explanation"][0] for lang in ("en", "zh-hans")}

    assert said["en"] == {"code": "due.clock", "sentence": "48 h from Tue 12 May 2026 10:15 GMT+8: due Thu 14 May 2026 "
                          "10:15 GMT+8."}  # fmt: skip
    assert "到期" in said["zh-hans"]["sentence"]


@pytest.mark.parametrize(
    ("name", "kind", "said", "field"),
    [
        ("deadline", "due", {**DUE, "target_minutes": 0}, "input.target_minutes"),
        ("deadline", "due", {**DUE, "target_minutes": True}, "input.target_minutes"),
        ("deadline", "due", {**DUE, "target_minutes": 1.5}, "input.target_minutes"),
        ("deadline", "due", {**DUE, "target_minutes": 10**12}, "input"),
        ("deadline", "due", {**DUE, "tz": "Mars/Base"}, "input.tz"),
        ("deadline", "due", {**DUE, "start": "2026-05-12T10:15"}, "input.start"),
        ("deadline", "due", {**DUE, "start": ["x"]}, "input.start"),
        ("deadline", "due", {**DUE, "basis": "BUSINESS"}, "input.calendar"),
        ("deadline", "due", {**DUE, "calendar": "NOWHERE"}, "input.calendar"),
        ("deadline", "due", {**DUE, "calendar": "CN\0STD"}, "input.calendar"),
        ("deadline", "due", {**DUE, "calendar": {"tz": "Asia/Shanghai", "weekly": {}}}, "input.calendar"),
        ("deadline", "due", {**DUE, "calendar": 7}, "input.calendar"),
        ("deadline", "due", {**DUE, "pauses": [["2026-05-12T12:00+08:00"]]}, "input.pauses.0"),
        ("deadline", "due", {**DUE, "pauses": [["2026-05-13T12:00+08:00", "2026-05-12T12:00+08:00"]]}, "input"),
        ("deadline", "due", {**DUE, "at": [3.4, None]}, "input.at.1"),
        ("deadline", "due", [DUE], "input"),
        ("deadline", "due", None, "input"),
        ("deadline", "nonsense", DUE, "kind"),
        ("deadline", ["due"], DUE, "kind"),
        ("period", "period", {"start_date": "2026-02-30", "n": 1, "unit": "day"}, "input.start_date"),
        ("period", "period", {"start_date": "2026-02-03", "n": 1, "unit": "workday"}, "input"),
        ("period", "period", {"start_date": "2026-02-03", "n": 10**9, "unit": "year", "roll": False}, "input"),
        ("grade", "grade", {"S": 6, "E": 1, "C": 1, "R": 1}, "input.S"),
        ("grade", "grade", {"S": 1}, "input.E"),
    ],
)
def test_what_cannot_be_reckoned_with_is_refused_by_field(ask, name, kind, said, field):
    answer = ask(name, kind, said)

    assert answer.status_code == 400
    assert answer["content-type"] == "application/problem+json"
    assert any(error["field"].startswith(field) and error["message"] for error in answer.json()["errors"])


def test_an_unknown_calculator_is_not_found(ask):
    assert ask("moon", "due", DUE).status_code == 404


def test_nobody_asks_without_signing_in(db):
    assert APIClient().post("/api/v1/calculators/deadline/", {"kind": "due"}, format="json").status_code == 401


def test_an_answer_beyond_the_calendar_of_its_zone_is_refused(ask):
    said = {**DUE, "start": "9999-12-31T10:00+00:00", "tz": "Pacific/Kiritimati", "target_minutes": 600}

    assert ask("deadline", "due", said).status_code == 400


@pytest.mark.parametrize("end", [0, False, "", []])
def test_only_null_leaves_a_pause_open(ask, end):
    answer = ask("deadline", "due", {**DUE, "pauses": [["2026-05-12T12:00+08:00", end]]})

    assert answer.status_code == 400


def test_half_a_character_in_the_body_is_the_caller_s_mistake(ada):
    client = APIClient()
    client.force_authenticate(ada)
    body = '{"kind": "due", "input": {"start": "\\ud800"}}'

    answer = client.post("/api/v1/calculators/deadline/", body, content_type="application/json")

    assert answer.status_code == 400
    assert "half a character" in answer.json()["detail"]
