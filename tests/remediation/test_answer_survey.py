"""The survey: one invitation in thirty days, one answer, and a call where it hurts (DOMAIN §9.2, §9.3)."""

from datetime import UTC, datetime

import pytest

from complaints import lifecycle, response
from complaints.lifecycle import Refused
from remediation import followup
from remediation.models import SurveyInvitation
from tests.complaints.factories import events_of, triaged
from tests.remediation.stories import DAY, HOUR, RESOLVED, codes, following_up

HAPPY = {"solved": "YES", "csat_result": 5, "csat_speed": 4, "nps": 9, "ces": 6}


def invitation(complaint) -> SurveyInvitation:
    return complaint.surveys.get()


def test_the_contact_is_invited_when_the_case_is_resolved(who):
    complaint = following_up(who)

    row = invitation(complaint)
    assert (row.email, row.process_only, row.expires_at) == ("carla@acme.test", False, RESOLVED + 21 * DAY)
    assert len(row.token) == 32
    assert row.token not in str(events_of(complaint, "survey.invited")[0].facts)


def test_one_survey_per_contact_in_thirty_days(who):
    first = following_up(who)
    again = {"by": who.ada, "process_only": False}

    assert followup.invite(first, at=RESOLVED + 29 * DAY, **again) is None
    assert followup.invite(first, at=RESOLVED + 30 * DAY, **again) is not None


def test_a_withdrawn_case_asks_nobody_any_more(who):
    complaint = lifecycle.reopen(following_up(who), by=who.lee, at=RESOLVED + DAY, reason="It hums again")

    lifecycle.withdraw(complaint, by=who.cleo, at=RESOLVED + 2 * DAY, statement="We take it back")

    row = invitation(complaint)
    assert row.revoked_at == RESOLVED + 2 * DAY
    assert [event.facts for event in events_of(complaint, "survey.revoked")] == [{"invitation": row.pk}]


def test_after_a_rejection_only_the_process_is_asked_about(who):
    complaint = triaged(who.quinn, registered_by=who.ada)
    at = complaint.state_since + HOUR
    response.prepare_rejection(
        complaint, by=who.quinn, at=at, reason="MISUSE", evidence="Log", letter_text="We regret."
    )
    lifecycle.reject(complaint, by=who.lee, at=at)

    row = invitation(complaint)
    assert row.process_only
    assert followup.answer_survey(row.token, at=at + DAY, csat_speed=4).solved == ""


def test_an_answer_is_kept_once(who):
    complaint = following_up(who)
    followup.answer_survey(invitation(complaint).token, at=RESOLVED + DAY, **HAPPY)

    with pytest.raises(Refused) as refusal:
        followup.answer_survey(invitation(complaint).token, at=RESOLVED + DAY, **HAPPY)

    assert codes(refusal) == ["survey_answered"]
    assert not complaint.tasks.exists()


@pytest.mark.parametrize(
    "answer", [{"csat_speed": 2}, {"nps": 3}, {"solved": "NO"}, {"csat_result": 1}, {"call_me": True}]
)
def test_a_low_score_becomes_a_call_within_one_working_day(who, answer):
    complaint = following_up(who)

    followup.answer_survey(invitation(complaint).token, at=RESOLVED + DAY, **{**HAPPY, **answer})

    task = complaint.tasks.get()
    assert (task.kind, task.owner) == ("call_back", who.cleo)
    assert task.due_at == datetime(2026, 5, 22, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize("answer", [{"csat_speed": 3}, {"nps": 4}, {"solved": "PARTLY"}])
def test_a_middling_score_does_not(who, answer):
    complaint = following_up(who)

    followup.answer_survey(invitation(complaint).token, at=RESOLVED + DAY, **{**HAPPY, **answer})

    assert not complaint.tasks.exists()


def test_it_ends_after_21_days(who):
    complaint = following_up(who)
    token = invitation(complaint).token
    with pytest.raises(Refused) as refusal:
        followup.answer_survey(token, at=RESOLVED + 21 * DAY + HOUR, **HAPPY)
    assert codes(refusal) == ["survey_over"]

    assert followup.answer_survey(token, at=RESOLVED + 21 * DAY, **HAPPY)


def test_open_questions_and_impossible_answers_are_named(who):
    with pytest.raises(Refused) as refusal:
        followup.answer_survey(invitation(following_up(who)).token, at=RESOLVED, nps=11)

    assert [(why.code, why.params["question"]) for why in refusal.value.reasons] == [
        ("survey_question_open", "solved"), ("survey_question_open", "csat_result"), ("survey_answer_range", "nps"),
    ]  # fmt: skip


def test_a_strange_token_is_nothing(db):
    with pytest.raises(SurveyInvitation.DoesNotExist):
        followup.answer_survey("guess", at=RESOLVED, **HAPPY)


def test_one_reminder_after_seven_days(who):
    complaint = following_up(who)

    assert followup.sweep(now=RESOLVED + 7 * DAY - HOUR)["reminded"] == 0
    assert followup.sweep(now=RESOLVED + 7 * DAY)["reminded"] == 1
    assert followup.sweep(now=RESOLVED + 8 * DAY)["reminded"] == 0

    assert len(events_of(complaint, "survey.reminded")) == 1
