"""An incident by programs: through the one list of acts, with the ids that its own door gives."""

import pytest

from tests.complaints.factories import triaged
from tests.complaints.test_api import Program
from tests.emergency.test_activate import AT
from tests.remediation.stories import HOUR


@pytest.fixture
def case(who):
    return triaged(who.quinn, registered_by=who.ada, grade="G3")


@pytest.fixture
def later(at_noon):
    at_noon(AT + HOUR)


def url(case, *parts: str) -> str:
    return "/".join([f"/api/v1/complaints/{case.ref}", *parts, ""])


def test_a_whole_incident(who, plan, case, later):
    lee = Program(who.lee)
    assert lee.get(url(case, "incident")).status_code == 404

    answer = lee.post(url(case, "transitions", "activate_plan"), {"plan": plan.pk, "because": "Smoke"})
    assert answer.status_code == 200
    first, *others = lee.get(url(case, "incident")).json()["steps"]
    done = {"step": first["step"], "result": "Gate closed"}
    assert lee.post(url(case, "transitions", "finish_step"), done).status_code == 200
    said = {"what": "Replace", "because": "Safer"}
    assert lee.post(url(case, "transitions", "decide_incident"), said).status_code == 200
    told = {"audience": "CUSTOMER", "text": "We are coming"}
    assert lee.post(url(case, "transitions", "give_update"), told).status_code == 200
    end = {"reason": "Over", "went_well": "Quick", "shortcomings": "Van"}
    refused = lee.post(url(case, "transitions", "stand_down"), end)
    assert refused.status_code == 409
    assert {why["code"] for why in refused.json()["reasons"]} == {"incident_step_open"}
    for step in others:
        end |= {f"step_{step['step']}": "CANCEL", f"step_{step['step']}_why": "Over"}
    assert lee.post(url(case, "transitions", "stand_down"), end).status_code == 200

    body = lee.get(url(case, "incident")).json()
    assert [step["status"] for step in body["steps"]] == ["DONE", "CANCELLED", "CANCELLED"]
    assert [row["what"] for row in body["decisions"]] == ["Replace"]
    assert body["stand_down_reason"] == "Over"


def test_who_may_not_and_what_does_not_fit(who, plan, carla, case, later):
    assert Program(who.fay).post(url(case, "transitions", "activate_plan"), {"plan": plan.pk}).status_code == 403
    assert Program(carla).get(url(case, "incident")).status_code == 404
    assert Program(carla).post(url(case, "transitions", "activate_plan"), {"plan": plan.pk}).status_code == 404
    lee = Program(who.lee)
    unfit = lee.post(url(case, "transitions", "activate_plan"), {"plan": "x"})
    assert unfit.status_code == 400
    assert "because" in str(unfit.json())
    none = lee.post(url(case, "transitions", "decide_incident"), {"what": "a", "because": "b"})
    assert none.status_code == 409
    assert [why["code"] for why in none.json()["reasons"]] == ["incident_none"]
