"""The customer says "this is not an answer" to the initial analysis (issue 5, part 3)."""

from datetime import UTC, datetime

import pytest

from complaints import conversation, response
from complaints.lifecycle import Refused
from complaints.models import Task
from complaints.words import say
from tests.cast import NOON
from tests.complaints.factories import events_of
from tests.remediation.stories import ANALYSIS, HOUR, People, diagnosing, proposing, responding

AT = NOON + 4 * HOUR


@pytest.fixture
def who(ada, cleo, quinn, lee, fay, lin, sam, max):
    return People(ada, cleo, quinn, lee, fay, lin, sam, max)


def codes(refusal):
    return [why.code for why in refusal.value.reasons]


def test_the_owner_must_answer_by_the_end_of_the_next_working_day(who, carla):
    case = diagnosing(who)

    task = conversation.question_initial(case, by=carla, at=AT, body="Nothing about units 5 to 9.")

    assert (task.owner, task.status, task.blocking) == (case.owner, Task.Status.OPEN, True)
    assert "Nothing about units 5 to 9." in task.text
    assert task.due_at == datetime(2026, 5, 13, 16, 0, tzinfo=UTC)  # midnight in Shanghai at the end of Wednesday
    assert case.messages.filter(body="Nothing about units 5 to 9.").exists()
    assert [event.facts["task"] for event in events_of(case, "response.initial_questioned")] == [task.pk]


def test_the_next_version_that_is_sent_ends_it(who, carla):
    case = responding(who)
    with pytest.raises(Refused) as early:
        conversation.question_initial(case, by=carla, at=AT, body="Well?")
    assert codes(early) == ["initial_not_sent"]
    for _version in range(2):
        analysis = response.write_initial(case, by=who.quinn, at=AT, contact_person=who.quinn, **ANALYSIS)
        response.approve_initial(analysis, by=who.lee, at=AT)
        response.send_initial(case, by=who.quinn, at=AT)
        if analysis.number == 1:
            conversation.question_initial(case, by=carla, at=AT, body="Not enough.")

    task = case.tasks.get(kind=response.NO_ANSWER)
    assert (task.status, task.done_by, task.result) == (Task.Status.DONE, who.quinn, "Version 2 was sent.")


def test_only_its_owner_or_who_sends_analyses_ends_it(who, carla):
    case = diagnosing(who)
    conversation.question_initial(case, by=carla, at=AT, body="Not enough.")
    task = case.tasks.get(kind=response.NO_ANSWER)

    with pytest.raises(Refused) as refusal:
        response.finish_task(task, by=who.ada, at=AT, result="Looks fine to me")
    assert codes(refusal) == ["task_of_another"]
    response.finish_task(task, by=task.owner, at=AT, result="Answered by phone")

    assert case.tasks.get(kind=response.NO_ANSWER).status == Task.Status.DONE


def test_it_is_said_once_until_it_is_answered(who, carla):
    case = diagnosing(who)
    conversation.question_initial(case, by=carla, at=AT, body="Not enough.")

    with pytest.raises(Refused) as again:
        conversation.question_initial(case, by=carla, at=AT, body="Not enough!")

    assert codes(again) == ["initial_questioned"]
    assert case.tasks.filter(kind=response.NO_ANSWER).count() == 1


def test_after_the_diagnosis_it_is_too_late(who, carla):
    with pytest.raises(Refused) as late:
        conversation.question_initial(proposing(who), by=carla, at=NOON + 30 * HOUR, body="Not enough.")

    assert codes(late) == ["state_does_not_allow"]
    assert "Not possible while the case is" in say(late.value.reasons[0])


def test_it_cannot_be_said_before_the_analysis_was_sent(who, carla):
    with pytest.raises(Refused) as early:
        conversation.question_initial(diagnosing(who), by=carla, at=NOON, body="Not enough.")

    assert codes(early) == ["at_before_last_move"]


def test_a_customer_ticks_it_beside_the_message(who, carla, signed_in):
    case = diagnosing(who)
    client = signed_in(carla)
    page = client.get(f"/portal/cases/{case.ref}/").content.decode()
    assert "is not an answer" in page

    said = {"body": "Nothing about units 5 to 9.", "no_answer": "on", "once": "a"}
    answer = client.post(f"/portal/cases/{case.ref}/messages/", said)

    assert answer.status_code == 302
    assert case.tasks.filter(kind=response.NO_ANSWER).count() == 1
    assert "is not an answer" not in client.get(f"/portal/cases/{case.ref}/").content.decode()


def test_nobody_of_another_firm_can(who, mallory, signed_in):
    case = diagnosing(who)

    said = {"body": "Mine", "no_answer": "on", "once": "a"}
    answer = signed_in(mallory).post(f"/portal/cases/{case.ref}/messages/", said)

    assert answer.status_code == 404
    assert not case.tasks.filter(kind=response.NO_ANSWER).exists()


def test_staff_record_it_when_it_was_said_by_phone(who, signed_in):
    case = diagnosing(who)

    said = {"missed": "Nothing about units 5 to 9.", "author": "Carla", "channel": "PHONE", "once": "a"}
    answer = signed_in(who.ada).post(f"/cases/{case.ref}/do/question_initial/", said)

    assert answer.status_code == 302, answer.content.decode()
    assert case.messages.get(body="Nothing about units 5 to 9.").author == "Carla"
