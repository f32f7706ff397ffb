"""A customer's call for a manager jumps to L3 and is answered within one working day (DOMAIN §3.4)."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from accounts import tokens
from complaints import escalations, lifecycle
from complaints.models import Complaint, Escalation
from tests.complaints.factories import events_of, received, shanghai, triaged

TUESDAY = shanghai("2026-05-12 10:15")
ANSWER_BY = shanghai("2026-05-14 00:00")  # the end of Wednesday

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(ada, acme):
    return received(ada, at=TUESDAY, customer=acme)


def call(case, by, **more):
    return escalations.escalate(case, **({"by": by, "at": TUESDAY, "reason": "Nobody calls back."} | more))


def why(refusal) -> list[str]:
    return [found.code for found in refusal.value.reasons]


def test_a_customer_calls_and_the_case_is_at_l3(case, carla):
    row = call(case, carla)

    assert (row.level, row.due_at, row.person, row.channel) == (3, ANSWER_BY, "Carla", "PORTAL")
    assert Complaint.objects.get(pk=case.pk).escalation_level == 3
    [event] = events_of(case, "case.escalated")
    assert (event.facts["told"], event.facts["level"]) == (["QM", "SAL", "OWNER"], "L3")
    assert event.text("reason") == "Nobody calls back."


def test_one_of_ours_takes_it_down_for_the_customer(case, ada):
    row = call(case, ada, person="Mr Chen", channel="PHONE")

    assert (row.raised_by, row.person, row.channel) == (ada, "Mr Chen", "PHONE")


def test_a_higher_level_stays(case, carla):
    Complaint.objects.filter(pk=case.pk).update(escalation_level=5)

    call(case, carla)

    assert Complaint.objects.get(pk=case.pk).escalation_level == 5


def test_one_call_is_open_at_a_time(case, carla):
    call(case, carla)

    with pytest.raises(lifecycle.Refused) as refusal:
        call(case, carla)

    assert why(refusal) == ["call_open"]
    assert Escalation.objects.filter(step="call").count() == 1


def test_without_words_it_is_refused(case, carla):
    with pytest.raises(lifecycle.Refused) as refusal:
        call(case, carla, reason=" ")

    assert why(refusal) == ["reason_missing"]


def test_another_firm_may_not(case, mallory):
    with pytest.raises(PermissionDenied):
        call(case, mallory)


def test_the_quality_manager_answers_and_the_next_call_is_free(case, carla, lee):
    call(case, carla)

    row = escalations.answer(case, by=lee, at=TUESDAY + timedelta(hours=2), decision="Quinn drives there today.")

    assert (row.taken_by, row.text) == (lee, "Quinn drives there today.")
    [event] = events_of(case, "case.escalation_answered")
    assert (event.facts["late"], event.text("decision")) == (False, "Quinn drives there today.")
    call(case, carla, at=TUESDAY + timedelta(hours=3))


@pytest.mark.parametrize(("decision", "code"), [("Yes.", "call_not_yours"), (" ", "call_not_yours")])
def test_nobody_else_answers(case, carla, quinn, decision, code):
    call(case, carla)

    with pytest.raises(lifecycle.Refused) as refusal:
        escalations.answer(case, by=quinn, at=TUESDAY, decision=decision)

    assert why(refusal) == [code]


def test_without_a_call_there_is_nothing_to_answer(case, lee):
    with pytest.raises(lifecycle.Refused) as refusal:
        escalations.answer(case, by=lee, at=TUESDAY, decision="Yes.")

    assert why(refusal) == ["call_none"]


def test_an_answer_needs_its_decision(case, carla, lee):
    call(case, carla)

    with pytest.raises(lifecycle.Refused) as refusal:
        escalations.answer(case, by=lee, at=TUESDAY, decision=" ")

    assert why(refusal) == ["decision_missing"]


def test_it_lies_on_the_desk_of_the_quality_manager(case, carla, lee, max):
    call(case, carla)

    assert case in Complaint.objects.mine(lee)
    assert case not in Complaint.objects.mine(max)


def test_the_case_and_its_actions_show_it(case, carla, lee, ada, signed_in):
    call(case, carla)

    page, hers = (signed_in(who).get(f"/cases/{case.ref}/").content.decode() for who in (lee, ada))
    actions = signed_in(lee).get(f"/cases/{case.ref}/actions/").content.decode()

    assert "Carla asked for a manager" in page
    assert "Nobody calls back." in page
    assert f'href="/cases/{case.ref}/do/answer_call/"' in page
    assert f'href="/cases/{case.ref}/do/answer_call/"' not in hers
    assert "Carla asked for a manager" in actions


def api(user) -> tuple[Client, dict]:
    return Client(), {"HTTP_AUTHORIZATION": f"Bearer {tokens.issue(user, name='t', at=TUESDAY)}"}


def send(user, case, verb, body):
    client, bearer = api(user)
    return client.post(f"/api/v1/complaints/{case.ref}/transitions/{verb}/", body, "application/json", **bearer)


def test_over_the_api_a_customer_calls_once_and_the_manager_answers(case, carla, lee):
    first = send(carla, case, "escalate", {"reason": "Nobody calls back."})
    again = send(carla, case, "escalate", {"reason": "Still nobody."})
    empty = send(lee, case, "answer_call", {})
    answered = send(lee, case, "answer_call", {"decision": "Quinn drives there today."})

    assert [answer.status_code for answer in (first, again, empty, answered)] == [200, 409, 400, 200]
    assert "is not answered yet" in again.content.decode()


def test_a_case_does_not_close_on_an_unanswered_call(quinn, ada, carla):
    from complaints import gates

    case = triaged(quinn, registered_by=ada)
    assert "call_unanswered" not in {gap.code for gap in gates.gaps("close", case)}

    call(case, carla, at=case.state_since)

    assert "call_unanswered" in {gap.code for gap in gates.gaps("close", case)}
