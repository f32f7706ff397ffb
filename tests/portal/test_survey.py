"""The survey by link: no sign-in, once, until it ends; it works without a script."""

from datetime import timedelta

import pytest
from django.urls import reverse

from complaints.models.response import Task
from remediation.models import SurveyInvitation, SurveyResponse
from tests.portal.stories import seen
from tests.remediation.stories import RESOLVED, following_up

DAY = timedelta(days=1)


@pytest.fixture
def invitation(who, at_noon):
    following_up(who)
    at_noon(RESOLVED + DAY)
    return SurveyInvitation.objects.get()


def address(invitation):
    return reverse("survey", args=[invitation.token])


def test_it_asks_without_sign_in_and_is_kept_by_nobody(client, invitation):
    response = client.get(address(invitation))

    assert response.status_code == 200
    assert "no-store" in response.headers["Cache-Control"]
    assert "Is the problem solved?" in seen(response)
    assert "checked" not in response.content.decode()


def test_two_answers_are_enough_and_the_thanks_name_the_case(client, invitation):
    response = client.post(address(invitation), {"solved": "YES", "csat_result": "5"}, follow=True)

    row = SurveyResponse.objects.get()
    assert (row.solved, row.csat_result, row.nps, row.ces) == ("YES", 5, None, None)
    assert "Thank you." in seen(response)
    assert invitation.complaint.ref in seen(response)


def test_all_answers_are_kept(client, invitation):
    said = {
        "solved": "PARTLY", "csat_result": "4", "csat_speed": "3", "csat_communication": "4", "csat_competence": "5",
        "nps": "0", "ces": "7", "text": "Call earlier", "call_me": "on", "may_publish": "on",
    }  # fmt: skip

    client.post(address(invitation), said)

    row = SurveyResponse.objects.get()
    assert (row.nps, row.ces, row.csat_competence, row.text, row.call_me, row.may_publish) == (
        0, 7, 5, "Call earlier", True, True,
    )  # fmt: skip
    assert Task.objects.filter(kind="call_back").count() == 1


def test_the_second_answer_changes_nothing_and_is_thanked(client, invitation):
    client.post(address(invitation), {"solved": "YES", "csat_result": "5"})

    response = client.post(address(invitation), {"solved": "NO", "csat_result": "1"}, follow=True)

    assert SurveyResponse.objects.get().solved == "YES"
    assert "Thank you." in seen(response)


def test_what_is_missing_is_named(client, invitation):
    response = client.post(address(invitation), {"csat_result": "9", "text": "Fine"})

    assert response.status_code == 422
    assert 'href="#id_solved' in response.content.decode()
    assert "Fine" in response.content.decode()
    assert not SurveyResponse.objects.exists()


def test_after_its_end_it_says_so_and_takes_nothing(client, invitation, at_noon):
    at_noon(invitation.expires_at + timedelta(seconds=1))

    response = client.post(address(invitation), {"solved": "YES", "csat_result": "5"})

    assert response.status_code == 410
    assert "This survey ended on" in seen(response)
    assert not SurveyResponse.objects.exists()


def test_an_unknown_or_revoked_link_is_nothing(client, invitation):
    assert client.get("/s/unknown/").status_code == 404
    invitation.revoked_at = RESOLVED
    invitation.save()

    assert client.get(address(invitation)).status_code == 404


def test_after_a_rejection_it_asks_only_how_it_was_to_deal_with_us(client, invitation):
    invitation.process_only = True
    invitation.save()
    page = client.get(address(invitation)).content.decode()
    assert 'name="solved"' not in page
    assert 'name="csat_result"' not in page

    client.post(address(invitation), {"csat_speed": "4"})

    assert SurveyResponse.objects.get().csat_speed == 4


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_it_speaks_both_languages(client, invitation, language):
    response = client.get(address(invitation) + f"?lang={language}")

    assert response.headers["Content-Language"] == language
